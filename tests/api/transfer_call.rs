//! `transfer_call`: the caller is handed to a person of the organization's choosing, and told the truth about it.

use serde_json::json;

use crate::support::{
    TestApp,
    line::{Answers, Line},
};

const OFFICE: &str = "update organizations set transfer_phone_number = '+13035550101'";

const ON_CALL: &str = "insert into emergency_contacts (organization_id, name, phone)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')";

async fn with_line(answers: Answers) -> (TestApp, Line) {
    (TestApp::shared().await, Line::shared(answers).await)
}

#[tokio::test]
async fn an_ordinary_caller_is_put_through_to_the_office() {
    let (app, line) = with_line(Answers::Ok).await;
    app.database.run(OFFICE).await;
    app.database.run(ON_CALL).await;
    let caller = app.caller().with_line(&line.control_url());

    let heard = caller
        .asks(
            "transfer_call",
            json!({ "reason": "billing", "urgency": "normal", "summary": "Asks about an invoice", "destination": "+19005551234" }),
        )
        .await;

    assert!(!heard.is_error);
    assert!(heard.says("connecting you"), "{}", heard.words);
    let commands = line.received();
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0]["type"], "transfer");
    assert_eq!(commands[0]["destination"]["type"], "number");
    assert_eq!(commands[0]["destination"]["number"], "+13035550101");
    let row = app.database.object("select * from call_transfers").await;
    assert_eq!(row["status"], "connecting");
    assert_eq!(row["transfer_to"], "+13035550101");
    assert_eq!(row["reason"], "billing");
    assert_eq!(row["summary"], "Asks about an invoice");
    assert_eq!(row["urgency"], "normal");
    assert_eq!(row["vapi_call_id"], json!(caller.call_id));
}

#[tokio::test]
async fn an_urgent_caller_is_put_through_to_whoever_is_on_call() {
    let (app, line) = with_line(Answers::Ok).await;
    app.database.run(OFFICE).await;
    app.database.run(ON_CALL).await;

    let heard = app
        .caller()
        .with_line(&line.control_url())
        .asks(
            "transfer_call",
            json!({ "reason": "flood", "urgency": "emergency" }),
        )
        .await;

    assert!(heard.says("Dana Ruiz"), "{}", heard.words);
    assert_eq!(line.received()[0]["destination"]["number"], "+13035550103");
}

#[tokio::test]
async fn a_warm_transfer_carries_the_summary_and_a_blind_one_does_not() {
    for (mode, plan) in [
        ("warm", "warm-transfer-say-summary"),
        ("blind", "blind-transfer"),
    ] {
        let (app, line) = with_line(Answers::Ok).await;
        app.database.run(OFFICE).await;
        app.database
            .run(&format!(
                "update organizations set transfer_mode = '{mode}'"
            ))
            .await;

        app.caller()
            .with_line(&line.control_url())
            .asks("transfer_call", json!({ "reason": "billing" }))
            .await;

        let command = &line.received()[0];
        assert_eq!(
            command["destination"]["transferPlan"]["mode"], plan,
            "{command}"
        );
    }
}

#[tokio::test]
async fn without_a_line_the_agent_is_told_what_to_say() {
    let app = TestApp::shared().await;
    app.database.run(OFFICE).await;

    let heard = app
        .caller()
        .asks("transfer_call", json!({ "reason": "billing" }))
        .await;

    assert!(
        heard.says("cannot put this call through"),
        "{}",
        heard.words
    );
    let transfer = app
        .database
        .object("select status, outcome, metadata ->> 'detail' as detail from call_transfers")
        .await;
    assert_eq!(
        transfer,
        json!({ "status": "failed", "outcome": "failed", "detail": "no_line" })
    );
}

#[tokio::test]
async fn when_nobody_can_take_the_call_the_caller_hears_so() {
    let (app, line) = with_line(Answers::Ok).await;

    let heard = app
        .caller()
        .with_line(&line.control_url())
        .asks("transfer_call", json!({ "reason": "billing" }))
        .await;

    assert!(heard.says("nobody can take the call"), "{}", heard.words);
    assert!(line.received().is_empty());
}

#[tokio::test]
async fn a_line_that_refuses_or_is_silent_is_not_called_a_transfer() {
    for answers in [Answers::Broken, Answers::Disliked, Answers::Never] {
        let (app, line) = with_line(answers).await;
        app.database.run(OFFICE).await;
        let caller = app.caller().with_line(&line.control_url());

        let heard = caller
            .asks_as("a", "transfer_call", json!({ "reason": "billing" }))
            .await;

        assert!(
            heard.says("could not put the call through"),
            "{}",
            heard.words
        );
        let status: String = app
            .database
            .value("select status::text from call_transfers")
            .await;
        assert_eq!(status, "failed");
        let again = caller
            .asks_as("a", "transfer_call", json!({ "reason": "billing" }))
            .await;
        assert_eq!(
            heard, again,
            "the redelivered message hears what came of it"
        );
    }
}

#[tokio::test]
async fn commands_go_only_to_hosts_on_the_list_over_https() {
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::start().await;
    app.database.run(OFFICE).await;

    for url in [
        line.control_url(),
        "https://vapi.ai.example.com/call/control".to_owned(),
        "http://phone-call-websocket.aws-us-west-2-backend-production1.vapi.ai/call/control"
            .to_owned(),
        "https://user:password@calls.vapi.ai/call/control".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let heard = app
            .caller()
            .with_line(&url)
            .asks("transfer_call", json!({ "reason": "billing" }))
            .await;
        assert!(
            heard.says("cannot put this call through"),
            "{url}: {}",
            heard.words
        );
    }
    assert!(line.received().is_empty());
}

#[tokio::test]
async fn a_caller_is_never_transferred_to_their_own_number() {
    let (app, line) = with_line(Answers::Ok).await;
    app.database.run(OFFICE).await;
    let mut caller = app.caller().with_line(&line.control_url());
    caller.number = Some("+13035550101".to_owned());

    let heard = caller
        .asks("transfer_call", json!({ "reason": "billing" }))
        .await;

    assert!(heard.says("nobody can take the call"), "{}", heard.words);
    assert!(line.received().is_empty());
}

#[tokio::test]
async fn a_contact_who_takes_no_calls_is_not_rung() {
    let (app, line) = with_line(Answers::Ok).await;
    app.database.run(ON_CALL).await;
    app.database
        .run("update emergency_contacts set call_enabled = false; update organizations set emergency_contact_phone = '+13035550102'")
        .await;

    app.caller()
        .with_line(&line.control_url())
        .asks(
            "transfer_call",
            json!({ "reason": "flood", "urgency": "high" }),
        )
        .await;

    assert_eq!(line.received()[0]["destination"]["number"], "+13035550102");
}
