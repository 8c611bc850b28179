//! An emergency, from the caller's words to somebody who takes it.

mod answers;
mod contacts;
mod delivery;
mod given_back;
mod repeats;
mod rounds;

use serde_json::json;

use crate::support::{
    Spoken, TestApp, Twilio, eventually,
    line::{Answers, Line},
    twilio::{Behaves, NUMBER},
};

const DANA: &str = "+13035550103";
/// Her number as she writes it.
const DANA_SPOKEN: &str = "(303) 555-0103";
const SAM: &str = "+13035550104";
const OWNER: &str = "+13035550105";

/// An organization whose contacts are texted only, unless a test says otherwise.
async fn organization(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    with_contacts(&app).await;
    app
}

async fn with_contacts(app: &TestApp) {
    app.database
        .run(
            "insert into emergency_contacts
                 (organization_id, name, phone, priority, escalation_timeout, call_enabled)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '(303) 555-0103', 1, 300, false),
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2, 300, false)",
        )
        .await;
}

async fn with_owner(app: &TestApp) {
    app.database
        .run(&format!(
            "update organizations set emergency_contact_phone = '{OWNER}'"
        ))
        .await;
}

async fn flood(app: &TestApp) -> Spoken {
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "Water through the ceiling", "service_address": "12 Elm Street" }),
        )
        .await
}

async fn is(app: &TestApp, status: &str) {
    eventually(&format!("the emergency is {status}"), async || {
        (app.incident().await["status"] == status).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_the_next_contact_is_told_exactly_once() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));

    let heard = flood(&app).await;
    assert!(heard.says("alerting Dana Ruiz now"), "{}", heard.words);
    let page = dana.expects_sms("Water through the ceiling").await;
    assert!(page.body.contains("12 Elm Street"), "{}", page.body);
    assert_eq!(page.validity.as_deref(), Some("300"));

    app.at("2026-11-23T15:04:59Z");
    app.at("2026-11-23T15:05:00Z");
    sam.expects_sms("Water through the ceiling")
        .await
        .replies("1")
        .await
        .expects("You have it");
    is(&app, "acknowledged").await;
    dana.expects_sms("Sam Lee has emergency").await;
}
