//! `assistant-request`: who takes a call that comes in, and what they know of it. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    operator::{frontdesk, object, printed},
};

const MARIA: &str = "insert into customers (organization_id, name, phone_number, primary_language)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Maria Lopez', '+13035550142', 'es')";

/// What Vapi asks when a call comes in from a number.
async fn rings(app: &TestApp, number: Option<&str>) -> Value {
    app.reply(&json!({ "message": {
        "type": "assistant-request",
        "call": { "id": "a-call", "customer": { "number": number } },
        "phoneNumber": { "number": app.called_number },
    }}))
    .await
}

async fn values(app: &TestApp, number: Option<&str>) -> Value {
    let reply = rings(app, number).await;
    assert_eq!(reply["assistantId"], app.assistant_id, "{reply}");
    reply["assistantOverrides"]["variableValues"].clone()
}

#[tokio::test]
async fn a_call_is_taken_by_the_organizations_assistant_with_what_is_known_of_it() {
    let app = TestApp::shared().await;

    let stranger = values(&app, Some("+13035550199")).await;

    assert_eq!(
        stranger,
        json!({
            "business_name": "Front Range Plumbing",
            "greeting": "Thank you for calling Front Range Plumbing. How can I help?",
            "caller_name": "",
            "language": "en",
            "local_date": "Monday, November 23, 2026",
            "local_time": "8:00 AM",
            "time_zone": "America/Denver",
            "office_status": "open",
            "office_hours": "We are open until six in the evening.",
        })
    );
    assert_eq!(values(&app, None).await, stranger);
}

#[tokio::test]
async fn a_known_caller_is_greeted_by_name_in_their_language() {
    let app = TestApp::shared().await;
    app.database.run(MARIA).await;

    let known = values(&app, Some("+13035550142")).await;

    assert_eq!(known["caller_name"], "Maria Lopez");
    assert_eq!(known["language"], "es");
    assert_eq!(
        known["greeting"],
        "Gracias por llamar a Front Range Plumbing. Hola, Maria Lopez, qué gusto oírle de nuevo. ¿En qué puedo ayudarle?"
    );
    assert_eq!(
        known["office_hours"],
        "Estamos abiertos hasta las seis de la tarde."
    );
}

#[tokio::test]
async fn a_customer_of_another_organization_is_a_stranger() {
    let app = TestApp::shared().await;
    let other = TestApp::shared().await;
    other.database.run(MARIA).await;
    other
        .database
        .run(
            "insert into blocked_numbers values ('0f0f0f0f-0000-4000-8000-000000000001', '+13035550142')",
        )
        .await;

    assert_eq!(values(&app, Some("+13035550142")).await["caller_name"], "");
}

#[tokio::test]
async fn after_hours_and_on_closed_days_the_caller_hears_when_it_opens() {
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into special_days (organization_id, special_date, hours)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '2026-11-26', '[]'),
                    ('0f0f0f0f-0000-4000-8000-000000000001', '2026-11-28', '[{\"open\": \"10:00\", \"close\": \"12:30\"}]')",
        )
        .await;

    for (now, status, hours) in [
        // Before the doors open, at closing time, and the evening before a holiday.
        (
            "2026-11-23T14:00:00Z",
            "closed",
            "We are closed now and open again at eight.",
        ),
        (
            "2026-11-24T01:00:00Z",
            "closed",
            "We are closed now and open again tomorrow at eight.",
        ),
        (
            "2026-11-26T03:00:00Z",
            "closed",
            "We are closed now and open again on Friday, November twenty-seventh, at eight.",
        ),
        // The holiday, and a Saturday that is open.
        (
            "2026-11-26T18:00:00Z",
            "closed",
            "We are closed now and open again tomorrow at eight.",
        ),
        (
            "2026-11-28T18:00:00Z",
            "open",
            "We are open until twelve thirty.",
        ),
        (
            "2026-11-28T20:00:00Z",
            "closed",
            "We are closed now and open again on Monday, November thirtieth, at eight.",
        ),
    ] {
        app.at(now);
        let values = values(&app, None).await;
        assert_eq!(values["office_status"], status, "{now}");
        assert_eq!(values["office_hours"], hours, "{now}");
    }
    let greeting = values(&app, None).await["greeting"].clone();
    assert_eq!(
        greeting,
        "Thank you for calling Front Range Plumbing. We are closed now and open again on Monday, November thirtieth, at eight. \
         I can book a visit or take a message. If it is an emergency, tell me now. How can I help?"
    );
}

#[tokio::test]
async fn hours_over_midnight_and_around_the_clock_are_one_stretch() {
    let app = TestApp::start().await;
    app.rules(&json!({ "hours": {
        "monday": [{ "open": "20:00", "close": "03:00" }],
        "tuesday": [{ "open": "03:00", "close": "05:00" }],
    }}))
    .await;
    app.at("2026-11-24T08:00:00Z");
    let evening = values(&app, None).await;
    assert_eq!(
        evening["office_hours"],
        "We are open until five in the morning."
    );

    let always = json!([{ "open": "00:00", "close": "24:00" }]);
    app.rules(&json!({ "hours": {
        "monday": always, "tuesday": always, "wednesday": always, "thursday": always, "friday": always,
        "saturday": always, "sunday": always,
    }}))
    .await;
    assert_eq!(values(&app, None).await["office_hours"], "We are open.");
}

#[tokio::test]
async fn a_blocked_number_is_refused_politely_until_it_is_let_in_again() {
    let app = TestApp::shared().await;
    let id = app.organization_id.to_string();
    let org = |command: &str, arguments: &[&str]| {
        let line = [&["org", command, id.as_str()], arguments].concat();
        frontdesk(&app.database.url(), &line)
    };
    printed(&org("block", &["+1 303 555 0199", "--reason", "abuse"]));

    let refused = rings(&app, Some("+13035550199")).await;
    assert_eq!(
        refused,
        json!({ "error": "I'm sorry, we cannot take this call. If anybody is in danger, please call 911. Goodbye." })
    );
    assert_eq!(
        rings(&app, Some("+13035550142")).await["assistantId"],
        app.assistant_id
    );

    let listed = object(&org("blocked", &["--json"]));
    assert_eq!(listed[0]["number"], "+13035550199");
    assert_eq!(listed[0]["reason"], "abuse");
    printed(&org("unblock", &["+13035550199"]));
    assert_eq!(
        rings(&app, Some("+13035550199")).await["assistantId"],
        app.assistant_id
    );
}

#[tokio::test]
async fn while_the_database_is_slow_the_call_is_taken_without_a_name() {
    let app = TestApp::start().await;
    app.database.run(MARIA).await;
    let mut slow = app.database.connect().await;
    let lock = slow.transaction().await.unwrap();
    lock.batch_execute("lock table customers").await.unwrap();

    let values = values(&app, Some("+13035550142")).await;

    assert_eq!(values["caller_name"], "");
    assert_eq!(
        values["greeting"],
        "Thank you for calling Front Range Plumbing. How can I help?"
    );
    assert_eq!(values["office_status"], "unknown");
}

#[tokio::test]
async fn a_customer_who_speaks_another_language_is_answered_by_the_assistant_who_does() {
    let app = TestApp::shared().await;
    app.database.run(MARIA).await;
    let eva = format!("eva-of-{}", app.organization_id);
    app.database
        .run(&format!(
            "insert into vapi_assistants
                 (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '{eva}', 'Eva', 'plumbing', 'es', '', '{{}}')"
        ))
        .await;

    let known = rings(&app, Some("+13035550142")).await;
    assert_eq!(known["assistantId"], eva);
    let stranger = rings(&app, Some("+13035550199")).await;
    assert_eq!(stranger["assistantId"], app.assistant_id);
}
