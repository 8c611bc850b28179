//! A PostgreSQL or a Twilio that takes connections and does not answer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{
    Folder, TestApp, Twilio, eventually, eventually_within,
    outage::{Hangs, SlowWay},
    twilio::Behaves,
};

const OPERATOR: &str = "+13035550188";

async fn a_start_while_the_database_hangs_serves(hangs: Hangs) {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let spool = Folder::new();
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    way.hangs(hangs);

    let begun = Instant::now();
    let starting = builder
        .twilio(&twilio)
        .database_url(&way.url())
        .setting("--deadline-ms", "2000")
        .setting("--fallback-number", OPERATOR)
        .setting("--spool", &spool)
        .start();
    let app = tokio::time::timeout(Duration::from_secs(20), starting)
        .await
        .expect("the service starts");
    let live = app.http.get(app.url("/health/live")).send().await.unwrap();
    assert_eq!(live.status(), 200);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(6), "{took:?}");
    let ready = app.http.get(app.url("/health/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 503);
    let caller = app.caller();
    let asked = Instant::now();
    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(heard.says("can't see the schedule"), "{}", heard.words);
    assert!(asked.elapsed() < Duration::from_secs(5));
    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    assert!(
        heard.says("alerting our emergency line directly"),
        "{}",
        heard.words
    );
    twilio.contact(OPERATOR).expects_sms("A pipe burst").await;

    way.hangs(Hangs::Not);

    eventually_within(Duration::from_secs(30), "it is ready", async || {
        let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
        let is_ready = reply.status() == 200;
        let said: Value = reply.json().await.unwrap();
        (is_ready && said["migrations"] == "current").then_some(())
    })
    .await;
    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    eventually_within(
        Duration::from_secs(40),
        "the emergency is opened",
        async || {
            let opened: i64 = app
                .database
                .value("select count(*) from emergency_incidents")
                .await;
            (opened == 1).then_some(())
        },
    )
    .await;
}

#[tokio::test]
async fn a_start_while_the_database_takes_connections_and_never_answers_serves() {
    a_start_while_the_database_hangs_serves(Hangs::AtOnce).await;
}

#[tokio::test]
async fn a_start_while_the_database_answers_the_handshake_and_nothing_more_serves() {
    a_start_while_the_database_hangs_serves(Hangs::AfterTheHandshake).await;
}

#[tokio::test]
async fn an_organizations_own_credential_is_known_once_a_database_that_hung_at_the_start_answers() {
    let builder = TestApp::builder().await;
    builder
        .database()
        .run(
            "insert into private.webhook_credentials (organization_id, secret)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'own-secret')",
        )
        .await;
    let way = SlowWay::to(builder.database()).await;
    way.hangs(Hangs::AtOnce);
    let app = builder
        .database_url(&way.url())
        .setting("--deadline-ms", "1000")
        .start()
        .await;
    let message =
        app.caller()
            .tool_calls(&[("a", "check_availability", json!({ "date": "2026-12-01" }))]);
    let asks = async || {
        app.http
            .post(app.url("/vapi/webhook/0f0f0f0f-0000-4000-8000-000000000001"))
            .header("X-Vapi-Secret", "own-secret")
            .json(&message)
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_ne!(asks().await, 200);

    way.hangs(Hangs::Not);

    eventually_within(Duration::from_secs(30), "it is known", async || {
        (asks().await == 200).then_some(())
    })
    .await;
}

/// A service whose database is away, and whose Twilio goes like this: for the text and for the call.
async fn without_a_database(behaves: &[Behaves]) -> (TestApp, Twilio, Folder) {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let spool = Folder::new();
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--fallback-number", OPERATOR)
        .setting("--spool", &spool)
        .start()
        .await;
    twilio.to(OPERATOR, behaves);
    app.database.goes_away().await;
    (app, twilio, spool)
}

#[tokio::test]
async fn a_twilio_that_hangs_while_the_database_is_away_keeps_no_caller_waiting() {
    let silent = Behaves::Silent { is_done: false };
    let (app, _twilio, spool) = without_a_database(&[silent.clone(), silent]).await;

    let asked = Instant::now();
    let heard = app
        .caller()
        .asks("flag_emergency", json!({ "description": "I smell gas" }))
        .await;

    let took = asked.elapsed();
    assert!(took < Duration::from_millis(3_500), "{took:?}");
    assert!(!heard.is_error);
    assert!(
        heard.words.starts_with("Leave the building now"),
        "{}",
        heard.words
    );
    assert!(
        heard.says("I have written your emergency down and I am still trying to reach our emergency line; nobody has been told yet"),
        "{}",
        heard.words
    );
    assert_eq!(std::fs::read_dir(&spool).unwrap().count(), 1);
}

#[tokio::test]
async fn the_operator_is_told_once_when_twilio_takes_it_though_the_caller_has_long_been_answered() {
    let broken = Behaves::Broken { is_done: false };
    let (app, twilio, _spool) =
        without_a_database(&[broken.clone(), broken.clone(), broken.clone(), broken]).await;
    let caller = app.caller();
    let flag = async || {
        caller
            .asks(
                "flag_emergency",
                json!({ "description": "se inunda el sótano", "language": "es" }),
            )
            .await
    };

    // The second time it is still being told, and that goes on once.
    for _ in 0..2 {
        let heard = flag().await;
        assert!(
            heard.says("sigo intentando avisar") || heard.says("estoy avisando directamente"),
            "{}",
            heard.words
        );
    }

    let operator = twilio.contact(OPERATOR);
    operator.expects_sms("se inunda el sótano").await;
    operator.expects_call().await;
    eventually("it is told", async || {
        let heard = flag().await;
        heard.says("estoy avisando directamente").then_some(())
    })
    .await;
    let told: usize = twilio.counts().values().sum();
    assert_eq!(told, 2, "one text and one call");
}
