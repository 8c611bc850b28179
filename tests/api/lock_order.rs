//! Callers and the office who change one calendar at once wait for each other, and never in a circle. Monday, 23 November 2026, 08:00 in
//! Denver.

use serde_json::json;
use tokio_postgres::Client;

use crate::support::{
    TestApp, Twilio,
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

#[tokio::test]
async fn a_slot_is_held_while_the_office_changes_what_lies_between_appointments() {
    let app = TestApp::shared().await;
    let (holder, process) = holds(
        &app,
        &format!("select private.lock_organization('{ORGANIZATION_ID}')"),
    )
    .await;
    let caller = app.caller();
    let holding = caller.asks("hold_slot", json!({ "date": "2026-12-01T09:00" }));
    let office = async {
        are_waiting(&app, process, 1).await;
        let sql =
            r#"update organizations set settings = settings || '{"buffer_after_minutes": 30}'"#;
        app.database.try_run(sql).await
    };
    let releasing = async {
        are_waiting(&app, process, 2).await;
        holder.batch_execute("commit").await.unwrap();
    };
    let (heard, changed, ()) = tokio::join!(holding, office, releasing);
    assert_eq!(changed, Ok(()));
    assert!(heard.says("I am holding"), "{}", heard.words);
}

#[tokio::test]
async fn a_customer_books_while_the_office_calls_off_another_appointment_of_theirs_that_day() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    let (holder, process) = holds(
        &app,
        "select from private.busy_days where day = '2026-12-01' for update",
    )
    .await;
    let booking = books(&caller, "2026-12-01T14:00");
    let office = async {
        are_waiting(&app, process, 1).await;
        let sql = "update appointments set status = 'cancelled' where scheduled_time = '09:00'";
        app.database.try_run(sql).await
    };
    let releasing = async {
        are_waiting(&app, process, 2).await;
        holder.batch_execute("commit").await.unwrap();
    };
    let (heard, cancelled, ()) = tokio::join!(booking, office, releasing);
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
