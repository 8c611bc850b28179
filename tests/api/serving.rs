//! Whether calls should come to an instance: as long as it can say anything to a caller, with or without its database.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{
    TestApp, TestDatabase, eventually,
    operator::{complaint, with_environment},
    outage::{Hangs, SlowWay},
    process::Process,
};

async fn page(app: &TestApp, page: &str) -> (u16, Value) {
    let url = app.url(&format!("/health/{page}"));
    let reply = app.http.get(url).send().await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap())
}

/// Asks until the database is seen so; the instance must serve all the while.
async fn serves_with(app: &TestApp, database: &str) {
    eventually(
        &format!("the database is seen to be {database}"),
        async || {
            let (status, said) = page(app, "serving").await;
            assert_eq!(status, 200, "{said}");
            assert_eq!(said["status"], "serving");
            (said["database"] == database).then_some(())
        },
    )
    .await;
}

#[tokio::test]
async fn calls_come_to_an_instance_whose_database_goes_away_and_comes_back() {
    let app = TestApp::start().await;
    serves_with(&app, "ok").await;

    app.database.goes_away().await;
    serves_with(&app, "unreachable").await;
    assert_eq!(page(&app, "ready").await.0, 503);
    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(heard.says("can't see the schedule"), "{}", heard.words);

    app.database.comes_back().await;
    serves_with(&app, "ok").await;
}

#[tokio::test]
async fn calls_come_to_an_instance_whose_database_takes_no_writes() {
    let app = TestApp::start().await;
    serves_with(&app, "ok").await;

    app.database.becomes_read_only().await;
    serves_with(&app, "read-only").await;

    app.database.takes_writes_again().await;
    serves_with(&app, "ok").await;
}

#[tokio::test]
async fn a_database_that_hangs_is_not_waited_for() {
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    way.hangs(Hangs::AtOnce);
    let app = builder.database_url(&way.url()).start().await;

    for _ in 0..20 {
        let asked = Instant::now();
        let (status, said) = page(&app, "serving").await;
        assert_eq!(status, 200, "{said}");
        assert!(asked.elapsed() < Duration::from_secs(1));
    }
    serves_with(&app, "too slow").await;
    let ready = eventually("it is asked whether it is ready", async || {
        let (_, said) = page(&app, "ready").await;
        (said["database"] != "being connected to").then_some(said)
    })
    .await;
    assert_eq!(ready["database"], "too slow");
}

#[tokio::test]
async fn an_instance_that_was_told_to_stop_turns_load_balancers_away_while_it_still_answers_calls()
{
    let builder = TestApp::builder().await;
    let mut app = builder.setting("--drain-seconds", "2").start().await;
    assert_eq!(page(&app, "serving").await.0, 200);

    let stopped = app.stop();

    let said = eventually("it says that it stops", async || {
        let (status, said) = page(&app, "serving").await;
        (status == 503).then_some(said)
    })
    .await;
    assert_eq!(said["status"], "stopping");
    // It is no reason to kill it, and what a load balancer has sent already is answered.
    assert_eq!(page(&app, "live").await.0, 200);
    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    stopped.await.unwrap().unwrap();
    assert!(app.http.get(app.url("/health/live")).send().await.is_err());
}

#[tokio::test]
async fn the_containers_health_check_asks_whether_the_process_lives_and_others_can_be_asked_for() {
    let database = TestDatabase::new().await;
    let process = Process::start(&database, &[]).await;
    let address = format!("127.0.0.1:{}", process.port);
    let asked = |check: &[&str]| {
        let arguments = [&["health"], check].concat();
        with_environment(&arguments, &[("FRONTDESK_LISTEN", &address)])
    };
    eventually("it is ready", async || {
        asked(&["ready"]).status.success().then_some(())
    })
    .await;

    database.goes_away().await;

    // An outage of the database must restart no container.
    assert!(asked(&[]).status.success());
    assert!(asked(&["serving"]).status.success());
    let ready = eventually("it is not ready", async || {
        let ready = asked(&["ready"]);
        (!ready.status.success()).then_some(ready)
    })
    .await;
    assert!(
        complaint(&ready).contains(r#""database":"unreachable""#),
        "{}",
        complaint(&ready)
    );
    database.comes_back().await;
}

#[tokio::test]
async fn a_machine_without_certificates_is_served_from_and_complained_of() {
    let database = TestDatabase::new().await;
    let none = [
        ("SSL_CERT_FILE", "/dev/null"),
        ("SSL_CERT_DIR", "/dev/null"),
    ];
    let process = Process::start(&database, &none).await;
    eventually("it is complained of", async || {
        let complaints = process.logged("no certificates that can be read");
        (!complaints.is_empty()).then_some(())
    })
    .await;
    assert_eq!(process.health("serving").await.0, 200);
}
