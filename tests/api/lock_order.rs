//! Callers and the office who change one calendar at once wait for each other, and never in a circle. Monday, 23 November 2026, 08:00 in
//! Denver.

use serde_json::json;
use tokio_postgres::{Client, Error, NoTls};

use crate::support::{
    Caller, TestApp, Twilio,
    app::ORGANIZATION_ID,
    appointments::{books, live},
    eventually,
};

/// A session that holds what this statement locks, and its process.
async fn holds(app: &TestApp, sql: &str) -> (Client, i32) {
    let holder = app.database.connect().await;
    let begun = format!("begin; {sql}");
    holder
        .batch_execute(&app.database.own(&begun))
        .await
        .unwrap();
    let row = holder.query_one("select pg_backend_pid()", &[]).await;
    (holder, row.unwrap().get(0))
}

/// Waits until so many wait for this process, or for one that does.
async fn are_waiting(app: &TestApp, process: i32, expected: i64) {
    eventually(&format!("{expected} wait"), async || {
        let waiting: i64 = app
            .database
            .value(&format!(
                "with recursive waiting as (
                     select {process} as pid
                     union
                     select a.pid from waiting as w, pg_stat_activity as a where w.pid = any (pg_blocking_pids(a.pid))
                 )
                 select count(*) - 1 from waiting"
            ))
            .await;
        (waiting == expected).then_some(())
    })
    .await;
}

/// A dashboard of the organization's office, signed in as a member of it.
async fn office(app: &TestApp) -> Client {
    let (office, connection) = tokio_postgres::connect(&app.database.url(), NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let user = uuid::Uuid::new_v4();
    let signs_in = format!(
        "insert into auth.users (id, email) values ('{user}', '{user}@example.com');
         insert into organization_members (organization_id, user_id, role) values ('{ORGANIZATION_ID}', '{user}', 'member');
         select set_config('request.jwt.claims', json_build_object('sub', '{user}')::text, false);
         set role authenticated"
    );
    let signed_in = office.batch_execute(&app.database.own(&signs_in)).await;
    signed_in.unwrap();
    office
}

/// What two did who wait for this session in this order, once it ends.
async fn in_turn<A, B>(
    app: &TestApp,
    (holder, process): (Client, i32),
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let second = async {
        are_waiting(app, process, 1).await;
        second.await
    };
    let releasing = async {
        are_waiting(app, process, 2).await;
        holder.batch_execute("commit").await.unwrap();
    };
    let (first, second, ()) = tokio::join!(first, second, releasing);
    (first, second)
}

#[tokio::test]
async fn the_office_moves_the_appointment_that_its_caller_moves() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    let office = office(&app).await;
    let locked = format!("select private.lock_organization('{ORGANIZATION_ID}')");

    let (heard, moved) = in_turn(
        &app,
        holds(&app, &locked).await,
        caller.asks(
            "reschedule_appointment",
            json!({ "date": "2026-12-01T10:00" }),
        ),
        office.batch_execute("update appointments set scheduled_time = '11:00'"),
    )
    .await;

    moved.unwrap();
    assert!(heard.says("moved"), "{}", heard.words);
    assert_eq!(live(&app).await, ["2026-12-01 11:00"]);
}

#[tokio::test]
async fn two_of_the_office_call_off_appointments_of_one_customer() {
    let app = TestApp::shared().await;
    let (maria, other) = (app.caller(), app.caller());
    books(&other, "2026-12-01T09:00").await;
    for hour in ["11:00", "14:00"] {
        books(&maria, &format!("2026-12-01T{hour}")).await;
    }
    let (first, second) = tokio::join!(office(&app), office(&app));
    let days = "select from private.busy_days where day = '2026-12-01' for update";
    let cancel = "update appointments set status = 'cancelled' where scheduled_time";

    let (two, one): (Result<(), Error>, _) = in_turn(
        &app,
        holds(&app, days).await,
        first.batch_execute(&format!("{cancel} < '12:00'")),
        second.batch_execute(&format!("{cancel} > '12:00'")),
    )
    .await;

    two.unwrap();
    one.unwrap();
    assert_eq!(live(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slot_is_held_while_the_office_changes_what_lies_between_appointments() {
    let app = TestApp::shared().await;
    let locked = format!("select private.lock_organization('{ORGANIZATION_ID}')");
    let caller = app.caller();
    let (heard, changed) = in_turn(
        &app,
        holds(&app, &locked).await,
        caller.asks("hold_slot", json!({ "date": "2026-12-01T09:00" })),
        app.database.try_run(
            r#"update organizations set settings = settings || '{"buffer_after_minutes": 30}'"#,
        ),
    )
    .await;
    assert_eq!(changed, Ok(()));
    assert!(heard.says("I am holding"), "{}", heard.words);
}

#[tokio::test]
async fn a_customer_books_while_the_office_calls_off_another_appointment_of_theirs_that_day() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    let days = "select from private.busy_days where day = '2026-12-01' for update";
    let (heard, cancelled) = in_turn(
        &app,
        holds(&app, days).await,
        books(&caller, "2026-12-01T14:00"),
        app.database
            .try_run("update appointments set status = 'cancelled' where scheduled_time = '09:00'"),
    )
    .await;
    assert_eq!(cancelled, Ok(()));
    assert!(heard.says("You're booked"), "{}", heard.words);
    assert_eq!(live(&app).await, ["2026-12-01 14:00"]);
}

#[tokio::test]
async fn emergencies_beyond_the_days_limit_do_not_wait_for_each_others_contacts() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let builder = TestApp::builder().await;
    // Whoever waits in a circle gives up after the service's time for a lock, instead of being tried again.
    let alter = "do $$ begin
         execute format('alter database %I set deadlock_timeout = %L', current_database(), '1h');
     end $$";
    builder.database().run(alter).await;
    let app = builder.twilio(&twilio).start().await;
    app.database
        .run(&format!(
            "insert into emergency_contacts (organization_id, name, phone, priority, escalation_timeout)
             values ('{ORGANIZATION_ID}', 'Dana Ruiz', '+13035550103', 1, 300),
                    ('{ORGANIZATION_ID}', 'Sam Lee', '+13035550104', 2, 300)"
        ))
        .await;
    app.rules(&json!({ "limits": { "pages_per_day": 2 } }))
        .await;
    let reports = async |house: u32| {
        let args =
            json!({ "description": "No power", "service_address": format!("{house} Elm Street") });
        app.caller().asks("flag_emergency", args).await
    };
    assert!(reports(10).await.says("alerting Dana Ruiz now"));
    app.settles().await;
    let (holder, process) = holds(&app, "select from private.daily_usage for update").await;
    // Sam's turn, and then Dana's again.
    app.at("2026-11-23T15:05:00Z");
    are_waiting(&app, process, 1).await;
    let releasing = async {
        are_waiting(&app, process, 2).await;
        holder.batch_execute("commit").await.unwrap();
    };
    // Dana's turn, and then Sam's.
    let (heard, ()) = tokio::join!(reports(20), releasing);
    assert!(heard.says("could not alert anyone"), "{}", heard.words);
}

#[tokio::test]
async fn a_dashboard_of_many_organizations_waits_for_none_that_it_does_not_change() {
    let app = TestApp::start().await;
    books(&app.caller(), "2026-12-01T09:00").await;
    let office = office(&app).await;
    app.database
        .run(
            "insert into organizations (name, industry) select 'Another ' || n, 'plumbing' from generate_series(1, 10) as n;
             insert into organization_members (organization_id, user_id, role)
             select o.id, m.user_id, 'admin' from organizations as o, organization_members as m where o.name like 'Another %'",
        )
        .await;
    let others =
        "select private.lock_organization(id) from organizations where name like 'Another %'";
    let (holder, _) = holds(&app, others).await;
    let moves = "set statement_timeout = '5s'; update appointments set scheduled_time = '11:00'";
    office.batch_execute(moves).await.unwrap();
    holder.batch_execute("commit").await.unwrap();
    assert_eq!(live(&app).await, ["2026-12-01 11:00"]);
}

#[tokio::test]
async fn an_emergency_does_not_wait_for_another_whose_call_somebody_holds() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "15000")
        .start()
        .await;
    let (held, other) = (app.caller(), app.caller());
    let reports = async |house: u32, caller: &Caller<'_>| {
        let args =
            json!({ "description": "No power", "service_address": format!("{house} Elm Street") });
        caller.asks("flag_emergency", args).await
    };
    reports(10, &held).await;
    let (holder, process) = holds(&app, "select from call_logs for update").await;
    let answered = async {
        are_waiting(&app, process, 1).await;
        let heard = reports(30, &other).await;
        holder.batch_execute("commit").await.unwrap();
        heard
    };
    for heard in <[_; 2]>::from(tokio::join!(answered, reports(20, &held))) {
        assert!(heard.says("I have written this down"), "{}", heard.words);
    }
}

#[tokio::test]
async fn the_office_deletes_a_customer_whose_appointment_the_caller_calls_off() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    let office = office(&app).await;

    let (heard, deleted) = in_turn(
        &app,
        holds(&app, "select from appointments for update").await,
        caller.asks("cancel_appointment", json!({})),
        office.batch_execute("delete from customers"),
    )
    .await;

    deleted.unwrap();
    assert!(heard.says("cancelled"), "{}", heard.words);
    assert_eq!(live(&app).await, Vec::<String>::new());
}
