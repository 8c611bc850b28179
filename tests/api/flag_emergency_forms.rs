//! `flag_emergency` with arguments of any form: an emergency opens on anything from which one word can be read.

use serde_json::{Value, json};

use crate::support::{TestApp, Twilio};

const DANA: &str = "+13035550150";

const ON_CALL: &str = "
insert into emergency_contacts (organization_id, name, phone)
values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550150');";

/// The service of a test; each of its cases has an organization.
async fn service() -> (Twilio, TestApp) {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    (twilio, app)
}

/// Flags with these arguments; the emergency that is open then, and what the caller heard.
async fn flagged(
    (twilio, service): &(Twilio, TestApp),
    arguments: &Value,
    words: &str,
) -> (Value, String) {
    let app = service.organization_with(&[DANA]).await;
    app.database.run(ON_CALL).await;
    let heard = app.caller().asks("flag_emergency", arguments.clone()).await;
    assert!(!heard.is_error, "{arguments}: {}", heard.words);
    assert!(heard.says("Dana Ruiz"), "{arguments}: {}", heard.words);
    let dana = app.database.own(DANA);
    twilio.contact(&dana).expects_sms(words).await;
    twilio.expects_anything();
    let incident = app
        .database
        .object("select urgency::text, message, service_address, callback_number from emergency_incidents")
        .await;
    (incident, heard.words)
}

#[tokio::test]
async fn the_description_may_have_any_form_and_any_name() {
    let service = service().await;
    for arguments in [
        json!({ "description": "gas smell", "urgency": ["high"] }),
        json!({ "description": ["gas smell", "in the kitchen"] }),
        json!({ "description": { "what": "gas smell", "since": 2 } }),
        json!({ "description": [[{ "text": "gas smell" }]] }),
        json!({ "description": "gas smell", "service_address": { "street": "12 Elm Street" } }),
        json!({ "description": "gas smell", "address": "12 Elm Street", "service_address": "12 Elm Street" }),
        json!({ "description": "gas smell", "service_address": false, "callback_number": false }),
        json!({ "description": false, "details": "gas smell" }),
        json!({ "issue": "gas smell" }),
        json!({ "message": ["there is a", "gas smell"] }),
        json!({ "urgency": { "level": "high" }, "description": "gas smell", "language": ["en"] }),
        json!(["gas smell"]),
        json!("gas smell"),
    ] {
        let (incident, heard) = flagged(&service, &arguments, "gas smell").await;
        assert_eq!(incident["urgency"], "critical", "{arguments}");
        assert!(
            heard.starts_with("Leave the building now"),
            "{arguments}: {heard}"
        );
    }
}

#[tokio::test]
async fn what_is_no_danger_to_life_opens_under_any_name_too() {
    let service = service().await;
    for arguments in [
        json!({ "problem": "a pipe burst" }),
        json!({ "summary": { "text": "a pipe burst" } }),
        json!({ "description": null, "what_happened": "a pipe burst" }),
        json!({ "description": {}, "notes": ["a pipe burst"] }),
        json!({ "description": true, "reason": "a pipe burst" }),
    ] {
        let (incident, _) = flagged(&service, &arguments, "a pipe burst").await;
        assert_eq!(incident["urgency"], "high", "{arguments}");
    }
}

#[tokio::test]
async fn an_urgency_of_any_form_is_read_or_left_out() {
    let service = service().await;
    for (urgency, expected) in [
        (json!(["high"]), "high"),
        (json!(["low", "critical"]), "critical"),
        (json!({ "level": "normal" }), "normal"),
        (json!(5), "high"),
        (json!(true), "high"),
        (json!([]), "high"),
        (json!("banana"), "high"),
    ] {
        let arguments = json!({ "description": "a pipe burst", "urgency": urgency });
        let (incident, _) = flagged(&service, &arguments, "a pipe burst").await;
        assert_eq!(incident["urgency"], expected, "{arguments}");
    }
}

#[tokio::test]
async fn an_address_is_read_from_its_parts_or_asked_for_once_help_is_called() {
    let service = service().await;
    for (address, expected, is_asked) in [
        (
            json!({ "city": "Denver", "street": "12 Elm Street", "zip": "80202" }),
            json!("12 Elm Street, Denver, 80202"),
            false,
        ),
        (
            json!({ "street_number": 12, "street_name": "Elm Street" }),
            json!("12 Elm Street"),
            false,
        ),
        (
            json!(["12 Elm Street", "Denver"]),
            json!("12 Elm Street. Denver"),
            false,
        ),
        (json!({}), Value::Null, true),
        (json!(false), Value::Null, true),
        (json!([null]), Value::Null, true),
        (Value::Null, Value::Null, false),
        (json!(" "), Value::Null, false),
    ] {
        let arguments = json!({ "description": "a pipe burst", "service_address": address });
        let (incident, heard) = flagged(&service, &arguments, "a pipe burst").await;
        assert_eq!(incident["service_address"], expected, "{arguments}");
        assert_eq!(heard.contains("What is the address?"), is_asked, "{heard}");
    }
}

#[tokio::test]
async fn a_number_to_call_back_of_any_form_is_read_or_is_the_callers_own() {
    let service = service().await;
    for (number, expected) in [
        (json!(["303-555-0166"]), "+13035550166"),
        (json!({ "mobile": "(303) 555-0166" }), "+13035550166"),
        (json!(3_035_550_166_i64), "+13035550166"),
        (json!({}), "+1303555"),
        (json!(false), "+1303555"),
    ] {
        let arguments = json!({ "description": "a pipe burst", "callback_number": number });
        let (incident, _) = flagged(&service, &arguments, "a pipe burst").await;
        // The caller's own number begins so.
        let number = incident["callback_number"].as_str().unwrap();
        assert!(number.starts_with(expected), "{arguments}: {number}");
    }
}
