//! A database that answers but takes no writes: nobody's emergency is lost, readiness says so, and afterwards all is as before.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    Folder, TestApp, Twilio, app::ORGANIZATION, eventually, eventually_within, outage::OwnServer,
};

const OPERATOR: &str = "+13035550188";

const CONTACT: &str = "
insert into emergency_contacts (organization_id, name, phone, call_enabled)
values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)";

/// A service with a contact, an operator's number and a folder.
async fn start(spool: &str) -> (TestApp, Twilio) {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--fallback-number", OPERATOR)
        .setting("--spool", spool)
        .start()
        .await;
    app.database.run(CONTACT).await;
    (app, twilio)
}

/// What `GET /health/ready` says of the database, once it says this.
async fn readiness(app: &TestApp, status: u16) -> Value {
    eventually("readiness is told", async || {
        let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
        let is_said = reply.status() == status;
        let said: Value = reply.json().await.unwrap();
        is_said.then(|| said["database"].clone())
    })
    .await
}

async fn is_empty(spool: &str) {
    eventually_within(Duration::from_secs(30), "the spool is empty", async || {
        (std::fs::read_dir(spool).unwrap().count() == 0).then_some(())
    })
    .await;
}

/// Asks for what only reads, from many callers at once.
async fn looks_around(app: &TestApp) {
    join_all((0..20).map(|_| async {
        let caller = app.caller();
        caller.asks("lookup_customer", json!({})).await;
        caller.asks("find_appointments", json!({})).await;
    }))
    .await;
}

#[tokio::test]
async fn a_database_that_became_read_only_loses_no_emergency_and_leaves_no_session_that_is_read_only()
 {
    let spool = Folder::new();
    let (app, twilio) = start(&spool).await;
    assert_eq!(readiness(&app, 200).await, "ok");

    app.database.becomes_read_only().await;

    let caller = app.caller();
    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    assert!(
        heard.says("alerting our emergency line directly"),
        "{}",
        heard.words
    );
    twilio.contact(OPERATOR).expects_sms("A pipe burst").await;
    let heard = caller
        .asks("take_message", json!({ "message": "Please call" }))
        .await;
    assert!(
        heard.says("I have written your message down"),
        "{}",
        heard.words
    );
    assert_eq!(readiness(&app, 503).await, "read-only");
    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(!heard.is_error, "reading works: {}", heard.words);
    looks_around(&app).await;

    app.database.takes_writes_again().await;

    let heard = join_all((0..20).map(|_| async {
        let caller = app.caller();
        caller
            .asks(
                "flag_emergency",
                json!({ "description": "Water everywhere" }),
            )
            .await
    }))
    .await;
    let refused: Vec<_> = heard
        .iter()
        .filter(|heard| !heard.says("Dana Ruiz"))
        .collect();
    assert!(refused.is_empty(), "{} of 20: {refused:?}", refused.len());
    assert_eq!(readiness(&app, 200).await, "ok");
    is_empty(&spool).await;
    let opened: Vec<String> = app
        .database
        .column("select distinct message from emergency_incidents order by message")
        .await;
    assert_eq!(opened, ["A pipe burst", "Water everywhere"]);
    let tasks: i64 = app
        .database
        .value("select count(*) from staff_tasks where kind = 'callback'")
        .await;
    assert_eq!(tasks, 1);
}

/// From now on each write to a table fails with this code.
fn fails(table: &str, code: &str) -> String {
    format!(
        "create or replace function public.test_fails() returns trigger language plpgsql as $$
         begin raise exception 'the test says so' using errcode = '{code}'; end $$;
         create or replace trigger test_fails before insert on {table}
         for each row execute function public.test_fails()"
    )
}

#[tokio::test]
async fn whatever_keeps_an_emergency_or_a_message_from_being_written_it_goes_the_other_way() {
    let spool = Folder::new();
    let (app, _twilio) = start(&spool).await;

    for code in [
        "25006", "40P01", "42501", "42883", "53100", "55P03", "57014", "58030", "P0001", "XX000",
    ] {
        for table in ["emergency_incidents", "staff_tasks"] {
            app.database.run(&fails(table, code)).await;
        }
        let caller = app.caller();
        let heard = caller
            .asks("flag_emergency", json!({ "description": "A pipe burst" }))
            .await;
        assert!(
            heard.says("alerting our emergency line directly"),
            "{code}: {}",
            heard.words
        );
        let heard = caller
            .asks("take_message", json!({ "message": "Please call" }))
            .await;
        assert!(
            heard.says("I have written your message down"),
            "{code}: {}",
            heard.words
        );
    }

    app.database
        .run("drop trigger test_fails on emergency_incidents; drop trigger test_fails on staff_tasks")
        .await;
    is_empty(&spool).await;
    let opened: i64 = app
        .database
        .value("select count(*) from emergency_incidents")
        .await;
    assert_eq!(opened, 10);
}

#[tokio::test]
async fn a_session_that_failed_unexpectedly_is_not_used_again_and_one_that_refused_is() {
    let spool = Folder::new();
    let (app, _twilio) = start(&spool).await;
    app.database
        .run("create sequence public.test_session")
        .await;
    // A sequence keeps what is set though the transaction is undone.
    let fails_with = async |code: &str| {
        app.database
            .run(&format!(
                "create or replace function public.test_fails() returns trigger
                 language plpgsql security definer as $$
                 begin
                     perform setval('public.test_session', pg_backend_pid());
                     raise exception 'the test says so' using errcode = '{code}';
                 end $$;
                 create or replace trigger test_fails before insert on emergency_incidents
                 for each row execute function public.test_fails()"
            ))
            .await;
        app.caller()
            .asks("flag_emergency", json!({ "description": "A pipe burst" }))
            .await;
    };
    let lives = async || -> bool {
        app.database
            .value(
                "select exists (
                     select from pg_stat_activity where pid = (select last_value from public.test_session)
                 )",
            )
            .await
    };

    fails_with("P0001").await;
    assert!(lives().await, "a refusal closes nothing");

    fails_with("53100").await;
    eventually("the session is closed", async || {
        (!lives().await).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_emergency_that_met_a_deadlock_is_opened_at_the_second_try() {
    let spool = Folder::new();
    let (app, _twilio) = start(&spool).await;
    app.database
        .run(
            "create sequence public.test_tries;
             create function public.test_deadlocks() returns trigger language plpgsql security definer as $$
             begin
                 if nextval('public.test_tries') = 1 then
                     raise exception 'the test says so' using errcode = '40P01';
                 end if;
                 return new;
             end $$;
             create trigger test_deadlocks before insert on emergency_incidents
             for each row execute function public.test_deadlocks()",
        )
        .await;

    let heard = app
        .caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    assert!(heard.says("Dana Ruiz"), "{}", heard.words);
    let tries: i64 = app
        .database
        .value("select last_value from public.test_tries")
        .await;
    assert_eq!(tries, 2);
}

#[tokio::test]
async fn an_emergency_of_a_call_that_another_organization_knows_is_told_to_the_operator_and_not_kept()
 {
    let spool = Folder::new();
    let (app, twilio) = start(&spool).await;
    let caller = app.caller();
    app.database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '{}', 'unknown', 'in-progress')",
            caller.call_id
        ))
        .await;

    let heard = caller
        .asks("flag_emergency", json!({ "description": "I smell gas" }))
        .await;

    assert!(
        heard.words.starts_with("Leave the building now"),
        "{}",
        heard.words
    );
    assert!(
        heard.says("alerting our emergency line directly"),
        "{}",
        heard.words
    );
    twilio.contact(OPERATOR).expects_sms("I smell gas").await;
    assert_eq!(std::fs::read_dir(&spool).unwrap().count(), 0);
}

#[tokio::test]
async fn work_that_fails_is_tried_again_after_longer_and_longer_pauses() {
    let spool = Folder::new();
    let (app, _twilio) = start(&spool).await;
    app.database
        .run(
            // What a sequence has counted stays when the transaction is undone. Of two tries it is kept when they were, in milliseconds.
            "create sequence public.test_tries;
             create sequence public.test_try_1;
             create sequence public.test_try_4;
             create function public.test_fails() returns trigger language plpgsql security definer as $$
             declare
                 try constant bigint := nextval('public.test_tries');
             begin
                 if try in (1, 4) then
                     perform setval('public.test_try_' || try, (extract(epoch from clock_timestamp()) * 1000)::bigint);
                 end if;
                 raise exception 'the test says so' using errcode = '53100';
             end $$;
             create trigger test_fails before insert on private.outbox_attempts
             for each row execute function public.test_fails()",
        )
        .await;

    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    eventually_within(
        Duration::from_secs(30),
        "it is tried four times",
        async || {
            let is_tried: bool = app
                .database
                .value("select is_called from public.test_try_4")
                .await;
            is_tried.then_some(())
        },
    )
    .await;
    let took: i64 = app
        .database
        .value("select f.last_value - o.last_value from public.test_try_1 as o, public.test_try_4 as f")
        .await;
    // Half a second, one and two.
    assert!(took >= 3_500, "{took} ms");

    app.database
        .run("drop trigger test_fails on private.outbox_attempts")
        .await;
    eventually_within(Duration::from_secs(20), "the contact is told", async || {
        let attempts: i64 = app
            .database
            .value("select count(*) from private.outbox_attempts")
            .await;
        (attempts > 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn when_the_standby_is_promoted_calls_are_answered_and_booked_from_it_without_a_restart() {
    let mut primary = OwnServer::with(ORGANIZATION).await;
    let standby = primary.standby().await;
    let url = OwnServer::url_of_all(&[&primary, &standby]);
    let app = TestApp::builder()
        .await
        .database_url(&url)
        .setting("--deadline-ms", "2000")
        .start()
        .await;
    let books = async |date: &str| {
        app.caller()
            .asks(
                "book_appointment",
                json!({ "customer_name": "Maria Lopez", "date": date }),
            )
            .await
    };
    let heard = books("2026-12-01T09:00").await;
    assert!(heard.says("You're booked"), "{}", heard.words);
    readiness(&app, 200).await;

    primary.stops().await;
    let heard = books("2026-12-02T09:00").await;
    assert!(heard.says("nothing is booked yet"), "{}", heard.words);
    readiness(&app, 503).await;

    standby
        .connect("postgres")
        .await
        .batch_execute("select pg_promote()")
        .await
        .unwrap();

    eventually("it is booked", async || {
        let heard = books("2026-12-02T09:00").await;
        heard.says("You're booked").then_some(())
    })
    .await;
    readiness(&app, 200).await;
    let kept = standby
        .connect("frontdesk")
        .await
        .query_one("select count(*) from appointments", &[])
        .await
        .unwrap();
    assert_eq!(kept.get::<_, i64>(0), 2, "nothing that was booked is lost");
}
