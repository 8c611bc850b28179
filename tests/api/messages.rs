//! Messages that are no tool calls: kept in `call_logs` in any order, answered where Vapi waits for an answer.

use serde_json::{Value, json};

use crate::support::{Caller, TestApp};

fn status(caller: &Caller<'_>, status: &str) -> Value {
    caller.message(json!({ "type": "status-update", "status": status }))
}

fn report(caller: &Caller<'_>) -> Value {
    caller.message(json!({
        "type": "end-of-call-report",
        "endedReason": "customer-ended-call",
        "durationSeconds": 61.6,
        "artifact": { "transcript": "AI: Hello.\nUser: Hi.", "recordingUrl": "https://storage.example/recording.wav" },
        "analysis": { "summary": "The caller said hi.", "successEvaluation": "true" },
    }))
}

async fn log(app: &TestApp) -> Value {
    app.database.object("select * from call_logs").await
}

#[tokio::test]
async fn a_call_is_kept_from_its_first_status_to_its_report() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    for state in ["ringing", "in-progress", "ended"] {
        assert_eq!(app.reply(&status(&caller, state)).await, json!({}));
    }
    assert_eq!(app.reply(&report(&caller)).await, json!({}));

    let log = log(&app).await;
    assert_eq!(log["vapi_call_id"], json!(caller.call_id));
    assert_eq!(log["customer_phone_number"], json!(caller.number));
    assert_eq!(log["call_status"], "ended");
    assert_eq!(log["call_duration"], 62);
    assert_eq!(log["transcript"], "AI: Hello.\nUser: Hi.");
    assert_eq!(log["summary"], "The caller said hi.");
    assert_eq!(log["metadata"]["ended_reason"], "customer-ended-call");
    assert!(log["vapi_assistant_id"].is_string());
}

#[tokio::test]
async fn messages_that_come_in_the_wrong_order_lose_nothing_and_go_never_backwards() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let nameless = caller.clone().withheld();

    app.reply(&report(&caller)).await;
    for state in ["ended", "in-progress", "ringing", "a-state-of-the-future"] {
        app.reply(&status(&nameless, state)).await;
    }
    app.reply(&caller.message(json!({ "type": "end-of-call-report", "endedReason": null, "analysis": {}, "artifact": {} })))
        .await;

    let log = log(&app).await;
    assert_eq!(log["call_status"], "ended");
    assert_eq!(log["transcript"], "AI: Hello.\nUser: Hi.");
    assert_eq!(log["call_duration"], 62);
    assert_eq!(log["customer_phone_number"], json!(caller.number));
    assert_eq!(log["metadata"]["ended_reason"], "customer-ended-call");
}

#[tokio::test]
async fn a_tool_call_before_any_status_makes_the_log_and_the_status_fills_it() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    app.logs_calls(1).await;
    app.reply(&status(&caller, "ringing")).await;
    app.reply(&report(&caller)).await;

    let log = log(&app).await;
    assert_eq!(log["call_status"], "ended");
    assert_eq!(log["tools_used"][0]["tool"], "check_availability");
    assert_eq!(log["tools_used"][0]["outcome"], "open");
}

#[tokio::test]
async fn a_call_without_a_number_is_kept_as_unknown() {
    let app = TestApp::shared().await;
    let caller = app.caller().withheld();

    app.reply(&report(&caller)).await;

    assert_eq!(log(&app).await["customer_phone_number"], "unknown");
}

#[tokio::test]
async fn a_call_that_another_organization_has_is_refused_and_not_merged() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let other = TestApp::shared().await;
    other
        .database
        .run(&format!(
            "insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '{}', '+13035550155', 'ringing')",
            caller.call_id
        ))
        .await;

    assert_eq!(app.reply(&report(&caller)).await, json!({}));

    let log = log(&other).await;
    assert_eq!(log["call_status"], "ringing");
    assert_eq!(log["transcript"], Value::Null);
}

#[tokio::test]
async fn every_other_type_is_acknowledged() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    for kind in [
        "hang",
        "speech-update",
        "conversation-update",
        "transcript[transcriptType=\"final\"]",
        "made-up",
    ] {
        assert_eq!(
            app.reply(&caller.message(json!({ "type": kind }))).await,
            json!({})
        );
    }
    let logs: i64 = app.database.value("select count(*) from call_logs").await;
    assert_eq!(logs, 0);
}

#[tokio::test]
async fn an_assistant_request_is_answered_with_the_assistant_of_the_called_number() {
    let app = TestApp::shared().await;

    let reply = app
        .reply(&json!({ "message": {
            "type": "assistant-request",
            "call": { "id": "sip-call", "assistantId": null, "phoneNumberId": null },
            "phoneNumber": { "number": app.called_number },
        }}))
        .await;

    assert_eq!(reply["assistantId"], app.assistant_id);
}

#[tokio::test]
async fn an_assistant_request_for_a_number_that_nobody_owns_is_answered_with_an_apology() {
    let app = TestApp::shared().await;

    let reply = app
        .reply(&json!({ "message": {
            "type": "assistant-request",
            "call": { "id": "stray" },
            "phoneNumber": { "number": "+13035550999" },
        }}))
        .await;

    assert!(
        reply["error"].as_str().unwrap().contains("not set up"),
        "{reply}"
    );
}

#[tokio::test]
async fn a_transfer_destination_request_is_answered_with_the_organizations_number() {
    let app = TestApp::shared().await;
    app.database
        .run("update organizations set transfer_phone_number = '+13035550101'")
        .await;

    let reply = app
        .reply(
            &app.caller()
                .message(json!({ "type": "transfer-destination-request" })),
        )
        .await;

    assert_eq!(reply["destination"]["type"], "number");
    assert_eq!(reply["destination"]["number"], "+13035550101");
    let to: String = app
        .database
        .value("select transfer_to::text from call_transfers")
        .await;
    assert_eq!(to, "+13035550101");
}

#[tokio::test]
async fn a_transfer_destination_request_that_nobody_can_take_is_answered_with_a_sentence() {
    let app = TestApp::shared().await;

    let reply = app
        .reply(
            &app.caller()
                .message(json!({ "type": "transfer-destination-request" })),
        )
        .await;

    assert!(
        reply["error"]
            .as_str()
            .unwrap()
            .contains("nobody can take the call"),
        "{reply}"
    );
}
