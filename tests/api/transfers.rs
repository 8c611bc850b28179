//! Transfers to their end: what the providers report, whatever the order, and what a caller hears who reached nobody.

mod reports;
mod targets;
mod twilio;

use serde_json::{Value, json};

use crate::support::{
    Caller, TestApp, Twilio, eventually,
    line::{Answers, Line},
    twilio::{ACCOUNT, NUMBER, TOKEN},
};

const OFFICE: &str = "+13035550101";
const LAST: &str = "+13035550102";
const DANA: &str = "+13035550103";
const SAM: &str = "+13035550104";

/// An organization with an office, two contacts on call, and an emergency number.
const ORGANIZATION: &str = "
    update organizations
    set transfer_phone_number = '+13035550101', emergency_contact_phone = '+13035550102', transfer_mode = 'blind';
    insert into emergency_contacts (organization_id, name, phone, priority)
    values
        ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 1),
        ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2)";

async fn organization() -> (TestApp, Line) {
    let app = TestApp::shared().await;
    app.database.run(ORGANIZATION).await;
    (app, Line::shared(Answers::Ok).await)
}

/// The same on a service whose clock can be moved.
async fn organization_with_clock() -> (TestApp, Line) {
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::builder()
        .await
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database.run(ORGANIZATION).await;
    (app, line)
}

/// The caller asks for a person, for this reason.
async fn asks(caller: &Caller<'_>, reason: &str) -> String {
    caller
        .asks("transfer_call", json!({ "reason": reason }))
        .await
        .words
}

/// The numbers that the line was ordered to ring, in order.
fn rung(line: &Line) -> Vec<String> {
    line.received()
        .iter()
        .filter(|command| command["type"] == "transfer")
        .map(|command| {
            command["destination"]["number"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// What the agent was told.
fn told(line: &Line) -> Vec<Value> {
    line.received()
        .into_iter()
        .filter(|command| command["type"] == "add-message")
        .collect()
}

/// The last transfer.
async fn transfer(app: &TestApp) -> Value {
    app.database
        .object("select * from call_transfers order by attempt desc limit 1")
        .await
}

async fn tasks(app: &TestApp) -> Vec<Value> {
    app.database
        .column("select to_jsonb(t) from staff_tasks as t")
        .await
}

/// A message that says what became of transfers, while the call goes on.
fn news(caller: &Caller<'_>, transfers: &[(&str, &str)]) -> Value {
    caller.message(json!({
        "type": "transfer-update",
        "artifact": { "transfers": entries(transfers) },
    }))
}

fn entries(transfers: &[(&str, &str)]) -> Vec<Value> {
    transfers
        .iter()
        .map(|(number, status)| json!({ "destination": { "type": "number", "number": number }, "status": status }))
        .collect()
}

fn report(caller: &Caller<'_>, reason: &str, transfers: &[(&str, &str)]) -> Value {
    caller.message(json!({
        "type": "end-of-call-report",
        "endedReason": reason,
        "artifact": { "transfers": entries(transfers) },
    }))
}

fn is(row: &Value, status: &str, outcome: Option<&str>) {
    assert_eq!(row["status"], status, "{row}");
    assert_eq!(row["outcome"], json!(outcome), "{row}");
    let was_connected = matches!(status, "connected" | "completed");
    let is_at_its_end = matches!(status, "completed" | "failed" | "no_answer");
    assert_eq!(row["connected_at"].is_string(), was_connected, "{row}");
    assert_eq!(row["completed_at"].is_string(), is_at_its_end, "{row}");
}
