//! `take_message`: what a caller leaves for the staff is a task with a number to call back.

use serde_json::{Value, json};

use crate::support::TestApp;

async fn task(app: &TestApp) -> Value {
    app.database
        .object(
            "select kind, summary, phone_number, status, vapi_call_id, metadata from staff_tasks",
        )
        .await
}

#[tokio::test]
async fn a_message_is_a_task_with_the_callers_number() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let heard = caller
        .asks(
            "take_message",
            json!({ "customer_name": "Maria Lopez", "message": "wants a quote for a new heater" }),
        )
        .await;
    assert!(!heard.is_error);
    assert!(heard.says("Someone will call you back."), "{}", heard.words);
    let task = task(&app).await;
    assert_eq!(task["kind"], "callback");
    assert_eq!(
        task["summary"],
        "Call back Maria Lopez: wants a quote for a new heater"
    );
    assert_eq!(task["phone_number"], json!(caller.number));
    assert_eq!(task["vapi_call_id"], json!(caller.call_id));
    assert_eq!(task["status"], "open");
}

#[tokio::test]
async fn another_number_may_be_left_and_a_withheld_one_is_asked_for() {
    let app = TestApp::shared().await;
    let caller = app.caller().withheld();
    let heard = caller
        .asks("take_message", json!({ "message": "call me" }))
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("What is the best number to reach you"),
        "{}",
        heard.words
    );
    let heard = caller
        .asks(
            "take_message",
            json!({ "message": "call me", "customer_phone": "555" }),
        )
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("That phone number does not seem complete."),
        "{}",
        heard.words
    );
    let tasks: i64 = app.database.value("select count(*) from staff_tasks").await;
    assert_eq!(tasks, 0);
    let heard = caller
        .asks(
            "take_message",
            json!({ "message": "llámenme", "customer_phone": "(303) 555-0123", "language": "es" }),
        )
        .await;
    assert!(heard.says("Dejé su recado"), "{}", heard.words);
    let task = task(&app).await;
    assert_eq!(task["phone_number"], "+13035550123");
    assert_eq!(task["metadata"]["language"], "es");
}

#[tokio::test]
async fn a_number_that_is_none_does_not_stop_a_message_while_the_callers_own_is_known() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let heard = caller
        .asks(
            "take_message",
            json!({ "message": "call me", "customer_phone": "555" }),
        )
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(heard.says("Someone will call you back."), "{}", heard.words);
    assert!(
        heard
            .words
            .ends_with("not understood, ask for it: customer_phone]"),
        "{}",
        heard.words
    );
    assert_eq!(task(&app).await["phone_number"], json!(caller.number));
}

#[tokio::test]
async fn a_message_without_words_is_asked_for() {
    let app = TestApp::shared().await;
    let heard = app.caller().asks("take_message", json!({})).await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(heard.says("What should I pass on?"), "{}", heard.words);
    let tasks: i64 = app.database.value("select count(*) from staff_tasks").await;
    assert_eq!(tasks, 0);
}

#[tokio::test]
async fn a_message_that_is_left_again_is_left_once() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let message = json!({ "message": "wants a quote" });
    let first = caller.asks("take_message", message.clone()).await;
    assert_eq!(caller.asks("take_message", message).await, first);
    caller
        .asks("take_message", json!({ "message": "and another thing" }))
        .await;
    let tasks: i64 = app.database.value("select count(*) from staff_tasks").await;
    assert_eq!(tasks, 2);
}
