//! Rows of several organizations, and of several writers.

use super::*;

#[tokio::test]
async fn a_row_cannot_point_into_another_organization() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into customers (id, organization_id, name, phone_number)
             values ('0f0f0f0f-0000-4000-8000-00000000000c', '0f0f0f0f-0000-4000-8000-000000000002', 'Theirs', '+13035550177')",
        )
        .await;

    let (code, _) = refused(
        &database,
        &appointment(
            "2026-12-01",
            "09:00",
            60,
            ", customer_id",
            ", '0f0f0f0f-0000-4000-8000-00000000000c'",
        ),
    )
    .await;

    assert_eq!(code, "23503");
}

#[tokio::test]
async fn a_number_or_an_id_of_vapis_belongs_to_one_organization() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into phone_number_assignments (organization_id, phone_number, vapi_phone_number_id, phone_provider)
             values ('{ID}', '+13035550100', 'number-1', 'vapi')"
        ))
        .await;
    let assign = |number: &str, id: &str, active: bool| {
        format!(
            "insert into phone_number_assignments
                 (organization_id, phone_number, vapi_phone_number_id, phone_provider, is_active)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '{number}', {id}, 'vapi', {active})"
        )
    };

    assert_eq!(
        refused(&database, &assign("+13035550100", "null", true))
            .await
            .0,
        "23505"
    );
    assert_eq!(
        refused(&database, &assign("+13035550101", "'number-1'", true))
            .await
            .0,
        "23505"
    );
    database.run(&assign("+13035550100", "null", false)).await;
}

#[tokio::test]
async fn a_customers_counters_are_true_under_fifty_writers() {
    let database = TestDatabase::shared("America/Denver", r#"{"capacity": 100}"#).await;
    let customer = |number: usize| format!("0f0f0f0f-0000-4000-8000-00000000000{number}");
    database
        .run(&format!(
            "insert into customers (id, organization_id, name, phone_number) values
                 ('{}', '{ID}', 'Maria', '+13035550177'), ('{}', '{ID}', 'Luis', '+13035550178')",
            customer(0),
            customer(1)
        ))
        .await;
    // Each books, and then cancels, deletes, moves or hands over what it booked, while the others do the same.
    let writing = (0..50).map(|number| {
        let booked = appointment(
            &format!("2026-12-{:02}", number % 20 + 1),
            "09:00",
            60,
            ", vapi_call_id, customer_id",
            &format!(", 'call-{number}', '{}'", customer(number % 2)),
        );
        let then = match number % 5 {
            0 => "update appointments set status = 'cancelled' where".to_owned(),
            1 => "delete from appointments where".to_owned(),
            2 => "update appointments set scheduled_date = scheduled_date + 7 where".to_owned(),
            3 => format!(
                "update appointments set customer_id = '{}' where",
                customer((number + 1) % 2)
            ),
            _ => "update appointments set status = 'confirmed' where".to_owned(),
        };
        let database = &database;
        async move {
            database.run(&booked).await;
            database
                .run(&format!("{then} vapi_call_id = 'call-{number}'"))
                .await;
        }
    });
    join_all(writing).await;

    let wrong: Vec<String> = database
        .column(
            "select format('%s: %s and %s instead of %s and %s', c.name, c.total_appointments, c.last_appointment_date,
                 t.total, t.latest)
             from customers as c
             cross join lateral (
                 select count(*) as total, max(a.scheduled_date) as latest from appointments as a
                 where a.customer_id = c.id and a.status <> 'cancelled'
             ) as t
             where (c.total_appointments, c.last_appointment_date) is distinct from (t.total, t.latest)",
        )
        .await;
    assert_eq!(wrong, Vec::<String>::new());
    let counted: i64 = database
        .value("select sum(total_appointments) from customers")
        .await;
    assert_eq!(
        counted, 30,
        "fifty less ten that were cancelled and ten that were deleted"
    );
}

#[tokio::test]
async fn whoever_signs_up_has_a_profile_that_follows_their_address() {
    let database = TestDatabase::new().await;
    database
        .run(
            "insert into auth.users (id, email, raw_user_meta_data)
             values ('0f0f0f0f-0000-4000-8000-0000000000aa', 'dana@example.com', '{\"full_name\": \"Dana Ruiz\"}');
             update auth.users set email = 'ruiz@example.com'",
        )
        .await;

    let profile = database
        .object("select full_name, email from user_profiles")
        .await;
    assert_eq!(
        profile,
        json!({ "full_name": "Dana Ruiz", "email": "ruiz@example.com" })
    );

    // A profile that cannot be written stops no sign-up.
    database
        .run(
            "alter table user_profiles add constraint nobody_else check (full_name = 'Dana Ruiz');
             insert into auth.users (email) values ('sam@example.com')",
        )
        .await;
    let users: i64 = database.value("select count(*) from auth.users").await;
    assert_eq!(users, 2);
}

#[tokio::test]
async fn an_organization_that_moves_to_another_zone_keeps_its_hours() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    database
        .run(&appointment("2030-12-03", "09:00", 60, "", ""))
        .await;

    database
        .run("update organizations set timezone = 'America/New_York'")
        .await;

    let row = database
        .object("select scheduled_time, busy from appointments")
        .await;
    assert_eq!(row["scheduled_time"], "09:00:00");
    assert_eq!(
        row["busy"],
        "[\"2030-12-03 09:00:00\",\"2030-12-03 10:00:00\")"
    );
}

#[tokio::test]
async fn a_dashboards_own_server_may_write_settings_and_special_days() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;

    database
        .run(&format!(
            "set role service_role;
             update organizations set settings = '{{\"capacity\": 2}}', timezone = 'America/New_York';
             insert into special_days (organization_id, special_date) values ('{ID}', '2026-12-25');
             {}",
            appointment("2026-12-01", "09:00", 60, "", "")
        ))
        .await;
    let (code, _) = refused(
        &database,
        "set role service_role; update organizations set settings = '{\"capacity\": 0}'",
    )
    .await;

    assert_eq!(code, "23514");
}

#[tokio::test]
async fn one_call_that_books_many_times_at_once_is_booked_once_and_never_told_taken() {
    let database = TestDatabase::shared("America/Denver", "{\"horizon_days\": 730}").await;
    let booking = (0..30).map(|_| {
        database.value::<String>(
            "select b.outcome
             from (select set_config('frontdesk.now', '2026-11-23T15:00:00Z', false)) as clock,
                  lateral private.book_appointment('0f0f0f0f-0000-4000-8000-000000000001', 'a-call', 'Maria',
                      '+13035550199', '2026-12-01', '09:00', 60, 'repair', null, null, 'en', null, null) as b",
        )
    });

    let mut outcomes = join_all(booking).await;

    outcomes.sort_unstable();
    assert_eq!(outcomes.pop().as_deref(), Some("booked"));
    assert!(
        outcomes.iter().all(|outcome| outcome == "already_booked"),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn an_appointment_of_a_crew_that_is_no_more_comes_back_only_if_another_is_free() {
    let database = TestDatabase::shared("America/Denver", r#"{"capacity": 2}"#).await;
    database
        .run(&appointment("2026-12-01", "09:00", 60, "", ""))
        .await;
    database
        .run(&appointment("2026-12-01", "09:00", 60, "", ""))
        .await;
    database
        .run("update appointments set status = 'cancelled' where crew = 2")
        .await;
    database
        .run(r#"update organizations set settings = '{"capacity": 1}'"#)
        .await;

    let (code, _) = refused(
        &database,
        "update appointments set status = 'confirmed' where crew = 2",
    )
    .await;
    assert_eq!(code, "23P01");

    database
        .run(
            "update appointments set scheduled_time = '11:00', status = 'confirmed' where crew = 2",
        )
        .await;
    let crews: Vec<i32> = database
        .column("select crew from appointments order by scheduled_time")
        .await;
    assert_eq!(crews, [1, 1]);
}
