//! Whether the service lives and is ready, its figures, and how it stops.

use serde_json::{Value, json};

use crate::support::{TestApp, Twilio, eventually};

#[tokio::test]
async fn a_service_with_a_current_database_lives_and_is_ready() {
    let app = TestApp::start().await;

    let reply = app.http.get(app.url("/health/live")).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.json::<Value>().await.unwrap()["status"], "live");
    let reply = eventually("it is ready", async || {
        let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
        (reply.status() == 200).then_some(reply)
    })
    .await;
    assert_eq!(reply.json::<Value>().await.unwrap()["status"], "ready");
}

#[tokio::test]
async fn each_worker_has_prepared_its_connection_before_the_service_is_ready() {
    let app = TestApp::start().await;

    eventually("it is ready", async || {
        let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
        (reply.status() == 200).then_some(())
    })
    .await;

    let prepared: i64 = app
        .database
        .value(
            "select count(*) from pg_stat_activity
             where datname = current_database() and state = 'idle' and query like '%private.busy_on(%'",
        )
        .await;
    assert_eq!(prepared, 2);
}

#[tokio::test]
async fn a_service_without_its_database_lives_but_is_not_ready() {
    let app = TestApp::builder()
        .await
        .database_url("postgresql://nobody@127.0.0.1:1/nothing")
        .start()
        .await;

    assert_eq!(
        app.http
            .get(app.url("/health/live"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
    assert_eq!(reply.status(), 503);
    assert_eq!(
        reply.json::<Value>().await.unwrap()["database"],
        "unreachable"
    );
}

/// What the private listener shows.
async fn figures(app: &TestApp) -> String {
    let shown = app.http.get(app.admin_url("/metrics")).send().await;
    shown.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn how_long_a_text_waited_to_be_sent_is_among_the_figures() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    let appointment = json!({
        "customer_name": "Maria Lopez", "customer_phone": "+13035551700", "date": "2026-12-01T09:00",
    });
    app.caller().asks("book_appointment", appointment).await;
    twilio.contact("+13035551700").expects_sms("booked").await;

    let figures = figures(&app).await;

    assert!(
        figures.contains("frontdesk_job_wait_seconds_bucket{kind=\"sms\""),
        "{figures}"
    );
}

#[tokio::test]
async fn figures_are_on_the_private_listener_only() {
    let app = TestApp::start().await;
    app.caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    let figures = figures(&app).await;
    assert!(
        figures
            .contains("frontdesk_tool_calls_total{tool=\"check_availability\",outcome=\"open\"}"),
        "{figures}"
    );
    assert!(figures.contains("frontdesk_database_connections"));
    assert_eq!(
        app.http
            .get(app.url("/metrics"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn where_the_time_of_a_request_goes_is_among_the_figures() {
    let app = TestApp::start().await;
    app.caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    let figures = figures(&app).await;

    for stage in [
        "read", "verify", "parse", "pool", "database", "answer", "reply",
    ] {
        let counted = format!("frontdesk_stage_seconds_count{{stage=\"{stage}\"}}");
        assert!(figures.contains(&counted), "{counted} is not in {figures}");
    }
}

#[tokio::test]
async fn a_service_that_is_told_to_stop_finishes_the_booking_that_is_running() {
    let mut app = TestApp::start().await;
    let caller = app.caller();
    let message = caller.tool_calls(&[(
        "a",
        "book_appointment",
        json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
    )]);
    // The booking waits for this lock, so that it is running while the service is told to stop.
    let holder = app.database.connect().await;
    holder
        .batch_execute("begin; lock table appointments in exclusive mode")
        .await
        .unwrap();
    let (http, url) = (app.http.clone(), app.url("/vapi/webhook"));
    let answer = tokio::spawn(async move {
        http.post(url)
            .header("X-Vapi-Secret", crate::support::app::SECRET)
            .json(&message)
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    });
    waits_for_a_lock(&app).await;

    let stopped = app.stop();
    holder.batch_execute("commit").await.unwrap();

    let answer = answer.await.unwrap();
    assert!(
        answer["results"][0]["result"]
            .as_str()
            .unwrap()
            .contains("You're booked for"),
        "{answer}"
    );
    stopped.await.unwrap().unwrap();
    let used: i64 = app
        .database
        .value(
            "select (select count(*) from private.tool_log) + sum(jsonb_array_length(tools_used))::bigint
             from call_logs",
        )
        .await;
    assert_eq!(
        used, 1,
        "the journal is finished before the service is gone"
    );
    assert!(app.http.get(app.url("/health/live")).send().await.is_err());
}

async fn waits_for_a_lock(app: &TestApp) {
    eventually("the booking to wait for the lock", async || {
        let waiting: i64 = app
            .database
            .value(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'",
            )
            .await;
        (waiting > 0).then_some(())
    })
    .await;
}
