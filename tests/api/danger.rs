//! Danger to life in the words of a tool call, whatever else is wrong with it: what to do comes first, and somebody is told.
//! A test fails at its end when Twilio was sent more than it expected.

use serde_json::{Value, json};

use crate::support::{Spoken, TestApp, Twilio, eventually};

/// The operator's number.
const OPERATOR: &str = "+13035550190";
/// A contact of the test organization.
const CONTACT: &str = "+13035550150";

const ON_CALL: &str = "
insert into emergency_contacts (organization_id, name, phone)
values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550150');";

async fn service(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder()
        .await
        .twilio(twilio)
        .setting("--fallback-number", OPERATOR)
        .start()
        .await;
    app.database.run(ON_CALL).await;
    app
}

/// A message of a call to a number that nobody entered.
fn at_nobodys_number(call: &str, tool: &str, arguments: &Value) -> Value {
    json!({ "message": {
        "type": "tool-calls",
        "call": { "id": call, "phoneNumberId": "nobodys-number", "customer": { "number": "+13035550142" } },
        "toolCallList": [{ "id": "a", "name": tool, "arguments": arguments }],
    }})
}

async fn heard(app: &TestApp, message: &Value) -> Spoken {
    Spoken::of(&app.reply(message).await["results"][0])
}

#[tokio::test]
async fn on_a_number_that_is_not_set_up_danger_comes_first_and_the_operator_is_told() {
    let twilio = Twilio::start().await;
    let app = service(&twilio).await;

    let gas = json!({ "description": "There is a strong smell of gas" });
    let spoken = heard(&app, &at_nobodys_number("call-1", "flag_emergency", &gas)).await;

    assert!(!spoken.is_error, "{}", spoken.words);
    assert_eq!(
        spoken.words,
        "Leave the building now without touching any switch, and call 911 from outside. This number is not set up \
         yet, but I am alerting the people who run this line; nobody has confirmed yet. If anyone is in danger, \
         call 911."
    );
    let operator = twilio.contact(OPERATOR);
    let told = operator
        .expects_sms("EMERGENCY on a number that is not set up: There is a strong smell of gas.")
        .await;
    assert!(
        told.body.contains("Call back: +13035550142"),
        "{}",
        told.body
    );
    operator.expects_call().await;

    // Said again in other words, the operator is not rung again.
    let again = json!({ "description": "The smell of gas gets stronger" });
    let spoken = heard(&app, &at_nobodys_number("call-1", "flag_emergency", &again)).await;
    assert!(
        spoken.words.starts_with("Leave the building"),
        "{}",
        spoken.words
    );
    // Another call is another emergency.
    heard(&app, &at_nobodys_number("call-2", "flag_emergency", &gas)).await;
    operator.expects_sms("EMERGENCY on a number").await;
    operator.expects_call().await;
}

#[tokio::test]
async fn on_a_number_that_is_not_set_up_the_language_is_that_of_the_words() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let app = service(&twilio).await;

    let gas = json!({ "description": "Hay un olor fuerte a gas en la cocina" });
    let spoken = heard(&app, &at_nobodys_number("call-1", "flag_emergency", &gas)).await;

    assert!(
        spoken.words.starts_with("Salga del edificio ahora")
            && spoken.says("Este número todavía no está configurado"),
        "{}",
        spoken.words
    );
}

#[tokio::test]
async fn on_a_number_that_is_not_set_up_every_emergency_is_told_and_danger_to_any_tool() {
    let twilio = Twilio::start().await;
    let app = service(&twilio).await;
    let operator = twilio.contact(OPERATOR);

    let flood = json!({ "description": "Water is coming through the ceiling" });
    let spoken = heard(&app, &at_nobodys_number("call-1", "flag_emergency", &flood)).await;
    assert!(
        !spoken.is_error && spoken.says("I am alerting"),
        "{}",
        spoken.words
    );
    operator
        .expects_sms("Water is coming through the ceiling")
        .await;
    operator.expects_call().await;

    for (number, tool) in ["take_message", "book_appointment", "an_invented_tool"]
        .into_iter()
        .enumerate()
    {
        let arguments = json!({ "anything": ["please hurry", { "more": "I smell gas in here" }] });
        let call = format!("danger-{number}");
        let spoken = heard(&app, &at_nobodys_number(&call, tool, &arguments)).await;
        assert!(
            spoken.words.starts_with("Leave the building now") && !spoken.is_error,
            "{tool}: {}",
            spoken.words
        );
        operator.expects_sms("I smell gas in here").await;
        operator.expects_call().await;
    }

    let harmless = json!({ "message": "Please call me about the gas water heater" });
    let spoken = heard(
        &app,
        &at_nobodys_number("call-9", "take_message", &harmless),
    )
    .await;
    assert!(
        spoken.is_error && spoken.says("not set up"),
        "{}",
        spoken.words
    );
}

#[tokio::test]
async fn nobody_is_said_to_be_told_when_there_is_nobody_to_tell() {
    let app = TestApp::shared().await;

    let gas = json!({ "description": "strong smell of gas" });
    let spoken = heard(&app, &at_nobodys_number("call-1", "flag_emergency", &gas)).await;

    assert!(
        spoken.words.starts_with("Leave the building now") && spoken.says("could not alert anyone"),
        "{}",
        spoken.words
    );
}

#[tokio::test]
async fn an_emergency_of_any_form_is_opened_with_its_words() {
    const WORDS: &str = "strong smell of gas";
    let twilio = Twilio::start().await;
    let service = service(&twilio).await;
    for (form, arguments) in [
        ("a list", json!({ "description": [WORDS] })),
        ("an object", json!({ "description": { "text": WORDS } })),
        ("another name", json!({ "what_happened": WORDS })),
        (
            "another argument of another type",
            json!({ "description": WORDS, "urgency": [true], "address": {} }),
        ),
        (
            "one argument under two names",
            json!({ "description": WORDS, "phone": "1", "callback": "2" }),
        ),
        ("arguments that are a list", json!([WORDS])),
        ("arguments that are words", json!(WORDS)),
        (
            "a text that was cut off",
            json!(format!(
                "{{\"urgency\": \"high\", \"description\": \"{WORDS}"
            )),
        ),
        (
            "half a surrogate pair",
            json!(format!("{{\"description\": \"{WORDS} \\ud83d\"}}")),
        ),
    ] {
        let app = service.organization_with(&[CONTACT]).await;
        app.database.run(ON_CALL).await;
        let message = app
            .caller()
            .tool_calls(&[("a", "flag_emergency", arguments)]);

        let spoken = heard(&app, &message).await;

        assert!(
            !spoken.is_error && spoken.words.starts_with("Leave the building now"),
            "{form}: {}",
            spoken.words
        );
        let incident = app
            .database
            .object("select urgency, message from emergency_incidents")
            .await;
        assert_eq!(incident["urgency"], "critical", "{form}");
        assert!(
            incident["message"].as_str().unwrap().contains(WORDS),
            "{form}: {incident}"
        );
        twilio
            .contact(&app.database.own(CONTACT))
            .expects_sms(WORDS)
            .await;
        twilio.expects_anything();
    }
}

#[tokio::test]
async fn an_emergency_without_any_words_is_asked_what_happened() {
    let app = TestApp::shared().await;
    for arguments in [
        json!({}),
        json!({ "urgency": "high", "address": "12 Main Street" }),
        json!({ "description": [] }),
    ] {
        let spoken = app.caller().asks("flag_emergency", arguments.clone()).await;
        assert!(!spoken.is_error, "{arguments}: {}", spoken.words);
        assert!(
            spoken.says("I still need to know what is happening."),
            "{arguments}: {}",
            spoken.words
        );
    }
    let count: i64 = app
        .database
        .value("select count(*) from emergency_incidents")
        .await;
    assert_eq!(count, 0);
}

#[tokio::test]
async fn a_tool_call_that_fails_for_another_reason_still_says_what_to_do_first() {
    let app = TestApp::shared().await;
    let caller = app.caller().withheld();
    for (tool, arguments) in [
        ("report_gas", json!({ "note": "strong smell of gas" })),
        (
            "book_appointment",
            json!("{\"service_description\": \"strong smell of gas"),
        ),
        (
            "take_message",
            json!({ "message": "there is a strong smell of gas" }),
        ),
    ] {
        let spoken = caller.asks(tool, arguments).await;
        assert!(
            spoken.words.starts_with("Leave the building now"),
            "{tool}: {}",
            spoken.words
        );
    }
    let spoken = caller
        .asks("report_gas", json!({ "note": "gas water heater" }))
        .await;
    assert!(spoken.is_error && !spoken.says("911"), "{}", spoken.words);
}

#[tokio::test]
async fn a_tool_call_that_does_its_work_still_says_what_to_do_first() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    for (tool, arguments, does) in [
        (
            "take_message",
            json!({ "message": "there is a strong smell of gas in the kitchen" }),
            "left your message",
        ),
        (
            "book_appointment",
            json!({ "customer_name": "Jo Park", "date": "2026-12-01T09:00", "service_description": "I smell gas and I feel dizzy" }),
            "booked",
        ),
        (
            "take_message",
            json!({ "message": "gas smell" }),
            "left your message",
        ),
        (
            "check_availability",
            json!({ "date": "2026-12-02", "service": "I can smell gas by the stove" }),
            "December second",
        ),
    ] {
        let spoken = caller.asks(tool, arguments).await;
        assert!(
            spoken.words.starts_with("Leave the building now") && spoken.says(does),
            "{tool}: {}",
            spoken.words
        );
    }
    let spoken = caller
        .asks(
            "take_message",
            json!({ "message": "hay un olor fuerte a gas en la cocina", "language": "es" }),
        )
        .await;
    assert!(
        spoken.words.starts_with("Salga del edificio ahora"),
        "{}",
        spoken.words
    );
    for (tool, arguments) in [
        ("quote_service", json!({ "service": "gas leak repair" })),
        (
            "take_message",
            json!({ "message": "the water heater is out, there is no gas smell" }),
        ),
        (
            "take_message",
            json!({ "message": "please replace the battery of my smoke alarm" }),
        ),
    ] {
        let spoken = caller.asks(tool, arguments).await;
        assert!(!spoken.says("911"), "{tool}: {}", spoken.words);
    }
}

#[tokio::test]
async fn danger_comes_first_when_the_organization_cannot_be_found_out() {
    let app = TestApp::builder()
        .await
        .database_url("postgresql://nobody@127.0.0.1:1/nothing")
        .start()
        .await;
    for (arguments, begins) in [
        (
            json!({ "description": ["strong smell of gas"] }),
            "Leave the building now",
        ),
        (
            json!("{\"description\": \"huele a gas en la co"),
            "Salga del edificio ahora",
        ),
    ] {
        let spoken = app.caller().asks("flag_emergency", arguments).await;
        assert!(spoken.words.starts_with(begins), "{}", spoken.words);
    }
}

#[tokio::test]
async fn more_than_a_hundred_tool_calls_are_each_refused_and_none_is_done() {
    let twilio = Twilio::start().await;
    let app = service(&twilio).await;
    let ids: Vec<String> = (0..101).map(|number| format!("call-{number}")).collect();
    let booking = json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" });
    let mut calls: Vec<(&str, &str, Value)> = ids
        .iter()
        .map(|id| (id.as_str(), "book_appointment", booking.clone()))
        .collect();
    calls[100] = (
        "call-100",
        "flag_emergency",
        json!({ "description": "strong smell of gas" }),
    );

    let reply = app.reply(&app.caller().tool_calls(&calls)).await;

    let results = reply["results"].as_array().unwrap();
    assert_eq!(results.len(), 101);
    for (id, result) in ids.iter().zip(results) {
        assert_eq!(result["toolCallId"], id.as_str());
    }
    for result in &results[..100] {
        let spoken = Spoken::of(result);
        assert!(
            spoken.is_error && spoken.says("too much at once"),
            "{}",
            spoken.words
        );
    }
    let emergency = Spoken::of(&results[100]);
    assert!(
        emergency.words.starts_with("Leave the building now"),
        "{}",
        emergency.words
    );
    let appointments: i64 = app
        .database
        .value("select count(*) from appointments")
        .await;
    assert_eq!(appointments, 0);
    let operator = twilio.contact(OPERATOR);
    operator
        .expects_sms("among too many tool calls at once: strong smell of gas")
        .await;
    operator.expects_call().await;

    // The customer is texted.
    twilio.expects_anything();
    let hundred = app.reply(&app.caller().tool_calls(&calls[..100])).await;
    assert_eq!(hundred["results"].as_array().unwrap().len(), 100);
    eventually("the hundred are done", async || {
        let appointments: i64 = app
            .database
            .value("select count(*) from appointments")
            .await;
        (appointments == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn half_a_surrogate_pair_in_arguments_is_read_as_it_is_in_ids() {
    let app = TestApp::shared().await;
    let number = &app.phone_number_id;
    let body = format!(
        r#"{{"message":{{"type":"tool-calls","call":{{"id":"a-call","phoneNumberId":"{number}"}},
            "toolCallList":[
                {{"id":"half \ud83d","name":"check_availability","arguments":{{"date":"2026-12-01","note":"oh \ud83d"}}}},
                {{"id":"text","name":"check_availability","arguments":"{{\"date\":\"2026-12-01\",\"\\ude1f\":\"\\ud83d!\"}}"}}
            ]}}}}"#
    );

    let reply: Value = app.post_raw(body).await.json().await.unwrap();

    for result in reply["results"].as_array().unwrap() {
        let spoken = Spoken::of(result);
        assert!(!spoken.is_error, "{}", spoken.words);
    }
    assert_eq!(reply["results"].as_array().unwrap().len(), 2);
}
