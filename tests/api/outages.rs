//! A database that is away or slow: the caller hears an honest sentence in time, and a later repeat hears what came of it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Folder, TestApp, Twilio, eventually};

/// Never said of a calendar that could not be seen.
const LIES: [&str; 8] = [
    "fully booked",
    "closed",
    "not open",
    "no other opening",
    "You're booked",
    "already taken",
    "I have nothing",
    "is free",
];

#[tokio::test]
async fn without_the_database_every_tool_is_answered_honestly() {
    let app = TestApp::builder()
        .await
        .database_url("postgresql://nobody@127.0.0.1:1/nothing")
        .start()
        .await;
    let caller = app.caller();

    for (tool, arguments) in [
        ("check_availability", json!({ "date": "2026-12-01" })),
        (
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        ),
        ("transfer_call", json!({ "reason": "billing" })),
        ("flag_emergency", json!({ "description": "A pipe burst" })),
    ] {
        let heard = caller.asks(tool, arguments).await;
        assert!(heard.is_error, "{tool}: {}", heard.words);
        for lie in LIES {
            assert!(!heard.says(lie), "{tool}: {}", heard.words);
        }
    }
}

#[tokio::test]
async fn without_the_database_danger_to_life_still_comes_first() {
    let app = TestApp::builder()
        .await
        .database_url("postgresql://nobody@127.0.0.1:1/nothing")
        .start()
        .await;

    let heard = app
        .caller()
        .asks("flag_emergency", json!({ "description": "I smell gas" }))
        .await;

    assert!(!heard.is_error, "the sentence must be spoken as it is");
    assert!(
        heard.words.starts_with("Leave the building now"),
        "{}",
        heard.words
    );
    assert!(
        heard.says("don't know whether anyone has been told"),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn a_booking_that_takes_too_long_is_settled_and_the_repeat_tells_the_truth() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "1000")
        .start()
        .await;
    let caller = app.caller();
    // Once its organization is known, only the work of the tool waits.
    app.caller().is_served().await;
    let holder = app.database.connect().await;
    holder
        .batch_execute("begin; lock table appointments in exclusive mode")
        .await
        .unwrap();
    let arguments = json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" });

    let asked = Instant::now();
    let heard = caller
        .asks_as("a", "book_appointment", arguments.clone())
        .await;

    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "the caller is not kept waiting for the lock"
    );
    assert!(heard.is_error);
    assert!(
        heard.says("can't say yet whether that is booked"),
        "{}",
        heard.words
    );

    holder.batch_execute("commit").await.unwrap();
    eventually("the booking to be settled", async || {
        let count: i64 = app
            .database
            .value("select count(*) from appointments")
            .await;
        (count == 1).then_some(())
    })
    .await;
    for id in ["a", "b"] {
        let repeated = caller
            .asks_as(id, "book_appointment", arguments.clone())
            .await;
        assert!(repeated.says("You're booked for"), "{}", repeated.words);
    }
    let count: i64 = app
        .database
        .value("select count(*) from appointments")
        .await;
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_check_that_takes_too_long_is_not_answered_with_nothing_free() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "1000")
        .start()
        .await;
    let caller = app.caller();
    // Once its organization is known, only the work of the tool waits.
    app.caller().is_served().await;
    let holder = app.database.connect().await;
    holder
        .batch_execute("begin; lock table private.busy_days in access exclusive mode")
        .await
        .unwrap();

    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    assert!(heard.is_error);
    assert!(heard.says("can't see the schedule"), "{}", heard.words);
    holder.batch_execute("rollback").await.unwrap();
}

#[tokio::test]
async fn connections_that_the_server_ended_are_replaced_unseen() {
    let app = TestApp::start().await;
    let caller = app.caller();
    caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    app.database
        .run(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        )
        .await;

    caller.is_served().await;
    let booked = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(booked.says("You're booked for"), "{}", booked.words);
}

#[tokio::test]
async fn more_looks_at_once_than_shared_connections_take_are_all_answered() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "15000")
        .start()
        .await;

    let heard = join_all((0..100).map(|_| {
        let caller = app.caller();
        async move {
            caller
                .asks("check_availability", json!({ "date": "2026-12-01" }))
                .await
        }
    }))
    .await;

    for heard in heard {
        assert!(
            heard.says("On Tuesday, December first, I have eight, noon or five."),
            "{}",
            heard.words
        );
    }
}

#[tokio::test]
async fn a_message_that_could_not_be_kept_is_asked_for_again() {
    let app = TestApp::builder()
        .await
        .database_url("postgresql://nobody@127.0.0.1:1/nothing")
        .start()
        .await;

    let reply = app
        .post(
            &app.caller()
                .message(json!({ "type": "status-update", "status": "ended" })),
        )
        .await;

    assert_eq!(reply.status(), 503);
}

#[tokio::test]
async fn an_emergency_without_the_database_reaches_the_operator_and_is_opened_when_it_is_back() {
    let twilio = Twilio::start().await;
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--fallback-number", "+13035550188")
        .setting("--spool", &spool)
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)",
        )
        .await;
    let caller = app.caller();
    app.database.goes_away().await;

    let heard = caller
        .asks(
            "flag_emergency",
            json!({ "description": "I smell gas", "service_address": "12 Elm Street" }),
        )
        .await;

    assert!(!heard.is_error);
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
    let operator = twilio.contact("+13035550188");
    let text = operator.expects_sms("I smell gas").await;
    for part in [
        "12 Elm Street",
        "+13035550100",
        &caller.number.clone().unwrap(),
    ] {
        assert!(text.body.contains(part), "{}", text.body);
    }
    operator.expects_call().await;

    app.database.comes_back().await;
    twilio
        .contact("+13035550103")
        .expects_sms("I smell gas")
        .await;
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(heard.says("Dana Ruiz"), "{}", heard.words);
    eventually("the spool is empty", async || {
        (std::fs::read_dir(&spool).unwrap().count() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_an_operators_number_the_caller_hears_that_nobody_has_been_told() {
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--spool", &spool)
        .start()
        .await;
    app.database.goes_away().await;

    let heard = app
        .caller()
        .asks(
            "flag_emergency",
            json!({ "description": "se inunda el sótano", "language": "es" }),
        )
        .await;

    assert!(heard.says("todavía no lo sabe nadie"), "{}", heard.words);
    assert_eq!(std::fs::read_dir(&spool).unwrap().count(), 1);
}

#[tokio::test]
async fn an_outage_is_told_in_the_language_of_the_call() {
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .setting("--spool", &spool)
        .start()
        .await;
    let caller = app.caller();
    let spanish = json!({ "date": "2026-12-01", "language": "es" });
    caller.asks("check_availability", spanish).await;
    app.database.goes_away().await;

    for (tool, arguments, said) in [
        (
            "flag_emergency",
            json!({ "description": "There is a smell of gas in the kitchen" }),
            "Salga del edificio ahora sin tocar ningún interruptor y llame al 911 desde afuera. Nuestro sistema",
        ),
        (
            "take_message",
            json!({ "message": "Call me back about the price of the furnace" }),
            "Nuestro sistema no responde en este momento. Anoté su recado",
        ),
        (
            "transfer_call",
            json!({ "reason": "There is a smell of gas in the kitchen" }),
            "Salga del edificio ahora sin tocar ningún interruptor y llame al 911 desde afuera.",
        ),
    ] {
        let heard = caller.asks(tool, arguments).await;
        assert!(heard.words.starts_with(said), "{tool}: {}", heard.words);
    }
}

/// What is in a folder.
fn kept(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_emergency_that_is_said_twice_alarms_the_operator_once() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--fallback-number", "+13035550188")
        .start()
        .await;
    let caller = app.caller();
    app.database.goes_away().await;
    let operator = twilio.contact("+13035550188");

    for _ in 0..2 {
        let heard = caller
            .asks("flag_emergency", json!({ "description": "A pipe burst" }))
            .await;
        assert!(heard.says("alerting our emergency line"), "{}", heard.words);
    }
    operator.expects_sms("A pipe burst").await;
    operator.expects_call().await;

    caller
        .asks(
            "flag_emergency",
            json!({ "description": "It reaches the sockets" }),
        )
        .await;
    operator.expects_sms("It reaches the sockets").await;
    operator.expects_call().await;
}

/// The emergency that was reported while the database was away is there, and no other.
async fn is_opened(app: &TestApp) {
    eventually("the emergency is opened", async || {
        let words: Vec<String> = app
            .database
            .column("select message from emergency_incidents")
            .await;
        (words == ["A pipe burst"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_set_aside_and_keeps_no_other_emergency_waiting() {
    let folder = Folder::new();
    std::fs::create_dir_all(&folder).unwrap();
    let of_nobody = json!({
        "vapi_call_id": "call-of-nobody", "called": "+13035559999", "words": "Water", "urgency": "high", "language": "en",
        "at": "2026-11-23T14:59:00Z",
    });
    for (name, text) in [
        ("0-garbled.emergency.json", "{\"words\":".to_owned()),
        ("1-of-nobody.emergency.json", of_nobody.to_string()),
    ] {
        std::fs::write(format!("{folder}/{name}"), text).unwrap();
    }
    let app = TestApp::builder()
        .await
        .setting("--spool", &folder)
        .start()
        .await;
    app.database.goes_away().await;
    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    app.database.comes_back().await;

    is_opened(&app).await;
    eventually("the others are set aside", async || {
        let aside = [
            "0-garbled.emergency.json.left",
            "1-of-nobody.emergency.json.left",
        ];
        (kept(&folder) == aside).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_was_being_opened_when_the_database_went_away_is_opened_when_it_is_back() {
    let folder = Folder::new();
    std::fs::create_dir_all(&folder).unwrap();
    let reported = json!({
        "vapi_call_id": "call-of-the-firm", "called": "+13035550100", "words": "A pipe burst", "urgency": "high", "language": "en",
        "at": "2026-11-23T14:59:00Z",
    });
    std::fs::write(
        format!("{folder}/0-of-the-firm.emergency.json"),
        reported.to_string(),
    )
    .unwrap();
    let builder = TestApp::builder().await.setting("--spool", &folder);
    // Whose call it was cannot be found out meanwhile.
    let holder = builder.database().connect().await;
    holder
        .batch_execute("begin; lock table phone_number_assignments in access exclusive mode")
        .await
        .unwrap();
    let app = builder.start().await;
    eventually("it is being opened", async || {
        let waiting: i64 = app
            .database
            .value(
                // Not the rehearsal of a connection, which waits as well.
                "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock' and query like '%organization_of_call($1%'",
            )
            .await;
        (waiting > 0).then_some(())
    })
    .await;

    app.database.goes_away().await;
    app.database.comes_back().await;

    is_opened(&app).await;
}

#[tokio::test]
async fn an_organizations_own_credential_keeps_no_emergency_for_another() {
    let folder = Folder::new();
    let builder = TestApp::builder().await.setting("--spool", &folder);
    builder
        .database()
        .run(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into private.webhook_credentials (organization_id, secret)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'other-secret')",
        )
        .await;
    let app = builder.start().await;
    let flag = app.caller().tool_calls(&[(
        "a",
        "flag_emergency",
        json!({ "description": "A pipe burst" }),
    )]);
    app.database.goes_away().await;

    app.http
        .post(app.url("/vapi/webhook/0f0f0f0f-0000-4000-8000-000000000002"))
        .header("X-Vapi-Secret", "other-secret")
        .json(&flag)
        .send()
        .await
        .unwrap();
    assert_eq!(kept(&folder).len(), 1);

    app.database.comes_back().await;
    eventually("it is set aside", async || {
        kept(&folder)
            .iter()
            .all(|name| name.to_ascii_lowercase().ends_with(".left"))
            .then_some(())
    })
    .await;
    let incidents: i64 = app
        .database
        .value("select count(*) from emergency_incidents")
        .await;
    assert_eq!(incidents, 0);
}

#[tokio::test]
async fn a_table_that_is_locked_at_the_start_keeps_nobody_from_an_honest_sentence() {
    let builder = TestApp::builder().await;
    let holder = builder.database().connect().await;
    holder
        .batch_execute("begin; lock table phone_number_assignments in access exclusive mode")
        .await
        .unwrap();
    let app = builder.start().await;

    let live = app.http.get(app.url("/health/live")).send().await.unwrap();

    assert_eq!(live.status(), 200);
}
