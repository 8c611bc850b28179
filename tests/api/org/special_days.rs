//! Closures, and days with hours of their own.

use serde_json::json;

use crate::support::{
    Operator, eventually,
    operator::{complaint, frontdesk, object, printed},
};

async fn stored(operator: &Operator) -> Vec<String> {
    operator
        .database
        .column(
            "select format('%s %s %s', special_date, hours, coalesce(reason, '-'))
             from special_days order by special_date",
        )
        .await
}

/// Appointments on these days, each of its own state.
async fn appointments(operator: &Operator, appointments: &[(&str, &str)]) {
    for (nth, (day, status)) in appointments.iter().enumerate() {
        operator
            .database
            .run(&format!(
                "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                                           scheduled_date, scheduled_time, status)
                 values ('{}', 'Maria', '+13035550142', 'repair', '{day}', '{}:00', '{status}')",
                operator.id,
                8 + nth
            ))
            .await;
    }
}

#[tokio::test]
async fn a_day_is_closed_and_the_appointments_that_stand_on_it_are_counted() {
    let operator = Operator::new().await;
    appointments(
        &operator,
        &[
            ("2026-12-24", "confirmed"),
            ("2026-12-25", "confirmed"),
            ("2026-12-25", "cancelled"),
            ("2026-12-25", "completed"),
            ("2026-12-26", "pending"),
            ("2026-12-27", "confirmed"),
        ],
    )
    .await;

    assert_eq!(
        operator.hears("close", &["2026-12-25", "--reason", "Christmas"]),
        "Closed 2026-12-25. 1 visit stands on that day and is not cancelled by this."
    );
    assert_eq!(
        operator.hears("close", &["2026-12-25", "--until", "2026-12-26"]),
        "Closed 2026-12-25 to 2026-12-26. 2 visits stand on those days and are not cancelled by this."
    );
    assert_eq!(
        operator.hears("close", &["2026-12-29"]),
        "Closed 2026-12-29. No visit stands on that day."
    );
    assert_eq!(
        operator.reads(
            "close",
            &[
                "2026-12-24",
                "--until",
                "2026-12-27",
                "--reason",
                "Holidays"
            ]
        ),
        json!({
            "id": operator.id,
            "from": "2026-12-24",
            "until": "2026-12-27",
            "days": 4,
            "visits": 4,
            "reason": "Holidays",
        })
    );
    assert_eq!(
        stored(&operator).await,
        [
            "2026-12-24 [] Holidays",
            "2026-12-25 [] Holidays",
            "2026-12-26 [] Holidays",
            "2026-12-27 [] Holidays",
            "2026-12-29 [] -",
        ]
    );
    let live: i64 = operator
        .database
        .value("select count(*) from appointments where status in ('pending', 'confirmed')")
        .await;
    assert_eq!(live, 4, "closing cancels nothing");
}

#[tokio::test]
async fn an_appointment_that_is_being_booked_is_waited_for_and_counted() {
    let operator = Operator::new().await;
    let booking = operator.database.connect().await;
    booking
        .batch_execute(&format!(
            "begin;
             insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                                       scheduled_date, scheduled_time)
             values ('{}', 'Maria', '+13035550142', 'repair', '2099-12-25', '09:00')",
            operator.id
        ))
        .await
        .unwrap();

    let (url, id) = (operator.database.url(), operator.id.clone());
    let closing =
        std::thread::spawn(move || frontdesk(&url, &["org", "close", &id, "2099-12-25", "--json"]));
    eventually("the closure to wait for the booking", async || {
        let waiting: i64 = operator
            .database
            .value(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'",
            )
            .await;
        (waiting == 1).then_some(())
    })
    .await;
    booking.batch_execute("commit").await.unwrap();

    assert_eq!(object(&closing.join().unwrap())["visits"], 1);
}

#[tokio::test]
async fn a_day_has_hours_of_its_own_until_they_are_forgotten() {
    let operator = Operator::new().await;
    assert_eq!(
        operator.hears("special-days", &[]),
        "There is no special day from today on."
    );
    assert_eq!(operator.reads("special-days", &[]), json!([]));

    assert_eq!(
        operator.hears(
            "open",
            &[
                "2026-12-24",
                "08:00-12:00,13:00-15:00",
                "--reason",
                "Christmas Eve"
            ]
        ),
        "Open 2026-12-24 from 08:00-12:00, 13:00-15:00."
    );
    assert_eq!(
        operator.reads("open", &["2026-12-26", "20:00-03:00"]),
        json!({
            "id": operator.id,
            "date": "2026-12-26",
            "hours": [{ "open": "20:00", "close": "03:00" }],
            "reason": null,
        })
    );
    operator.hears("close", &["2026-12-25"]);

    assert_eq!(
        operator.hears("special-days", &[]),
        "3 special days from today on.\n\
         date            hours                     reason\n\
         2026-12-24 Thu  08:00-12:00, 13:00-15:00  Christmas Eve\n\
         2026-12-25 Fri  closed\n\
         2026-12-26 Sat  20:00-03:00"
    );
    assert_eq!(
        operator.reads("special-days", &[])[1],
        json!({ "date": "2026-12-25", "hours": [], "reason": null })
    );

    assert_eq!(
        operator.hears("forget-day", &["2026-12-25"]),
        "2026-12-25 has the hours of its weekday again."
    );
    assert_eq!(
        operator.reads("forget-day", &["2026-12-24"]),
        json!({ "id": operator.id, "forgot": "2026-12-24" })
    );
    assert_eq!(
        stored(&operator).await,
        [r#"2026-12-26 [{"open": "20:00", "close": "03:00"}] -"#]
    );
}

#[tokio::test]
async fn today_is_the_organizations_and_what_is_past_is_not_listed() {
    let operator = Operator::new().await;
    // In Denver it is still the 23rd, in London the 24th.
    let late = "2026-11-24T05:00:00Z";
    let closed = operator.org_at(late, "close", &[&operator.id, "2026-11-23"]);
    assert!(printed(&closed).starts_with("Closed 2026-11-23."));
    let past = operator.org_at(late, "close", &[&operator.id, "2026-11-22"]);
    assert!(complaint(&past).contains("2026-11-22 is past"));
    assert!(complaint(&past).contains("2026-11-23"));

    let list = |now| object(&operator.org_at(now, "special-days", &[&operator.id, "--json"]));
    assert_eq!(list(late).as_array().unwrap().len(), 1);
    let midnight_in_denver = "2026-11-24T07:00:00Z";
    assert_eq!(list(midnight_in_denver), json!([]));
}

#[tokio::test]
async fn at_most_a_year_is_closed_at_once() {
    let operator = Operator::new().await;
    operator.is_refused(
        "close",
        &["2027-01-01", "--until", "2028-01-02"],
        &["2027-01-01 to 2028-01-02 are 367 days", "366"],
    );
    assert!(stored(&operator).await.is_empty());

    assert_eq!(
        operator.reads("close", &["2027-01-01", "--until", "2028-01-01"])["days"],
        366
    );
    assert_eq!(stored(&operator).await.len(), 366);
}

#[tokio::test]
async fn days_and_hours_that_cannot_be_meant_are_refused_and_nothing_is_written() {
    let operator = Operator::new().await;

    for (command, arguments, parts) in [
        (
            "close",
            vec!["2026-02-30"],
            vec!["2026-02-30 is not a date that exists", "2026-12-25"],
        ),
        (
            "close",
            vec!["25.12.2026"],
            vec!["25.12.2026 is not a date"],
        ),
        ("close", vec!["2026-12-5"], vec!["2026-12-5 is not a date"]),
        (
            "close",
            vec!["2026-11-22"],
            vec!["2026-11-22 is past", "2026-11-23"],
        ),
        (
            "close",
            vec!["2026-12-25", "--until", "2026-12-24"],
            vec!["--until is 2026-12-24", "before 2026-12-25"],
        ),
        (
            "close",
            vec!["2026-12-25", "--until", "2026-12-32"],
            vec!["2026-12-32 is not a date"],
        ),
        (
            "open",
            vec!["2026-11-22", "08:00-12:00"],
            vec!["2026-11-22 is past"],
        ),
        (
            "open",
            vec!["2027-02-29", "08:00-12:00"],
            vec!["2027-02-29 is not a date"],
        ),
        (
            "open",
            vec!["2026-12-24", "noon"],
            vec!["noon", "08:00-18:00"],
        ),
        (
            "open",
            vec!["2026-12-24", "08:00-25:00"],
            vec!["08:00-25:00 is not a time window", "08:00-18:00"],
        ),
        (
            "open",
            vec!["2026-12-24", "closed"],
            vec!["frontdesk org close"],
        ),
        (
            "open",
            vec!["2026-12-24", "08:00-12:00,11:00-13:00"],
            vec!["2026-12-24", "overlap"],
        ),
        (
            "forget-day",
            vec!["2026-12-24"],
            vec!["2026-12-24 is not a special day", "special-days"],
        ),
        ("forget-day", vec!["2026-11-22"], vec!["2026-11-22 is past"]),
        ("forget-day", vec!["soon"], vec!["soon is not a date"]),
    ] {
        operator.is_refused(command, &arguments, &parts);
    }
    assert!(stored(&operator).await.is_empty());
}
