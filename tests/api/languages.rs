//! In which language a caller is answered: that of the argument, else that the call was heard in, else the customer's,
//! else the assistant's. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::{Value, json};

use crate::{
    support::{Caller, Spoken, TestApp, app::ORGANIZATION_ID},
    tool_log::log,
};

/// Whether the caller is answered in Spanish.
async fn is_spanish(caller: &Caller<'_>, arguments: Value) -> bool {
    let heard = caller.asks("check_availability", arguments).await;
    match (
        heard.says("El martes primero de diciembre tengo"),
        heard.says("On Tuesday, December first, I have"),
    ) {
        (true, false) => true,
        (false, true) => false,
        _ => panic!("{}", heard.words),
    }
}

fn tuesday() -> Value {
    json!({ "date": "2026-12-01" })
}

async fn knows(app: &TestApp, caller: &Caller<'_>, language: &str) {
    let number = caller.number.as_deref().unwrap();
    app.database
        .run(&format!(
            "insert into customers (organization_id, name, phone_number, primary_language)
             values ('{ORGANIZATION_ID}', 'Rosa Delgado', '{number}', '{language}')"
        ))
        .await;
}

async fn hears(app: &TestApp, caller: &Caller<'_>, language: Value) {
    app.reply(&caller.message(json!({ "type": "language-change-detected", "language": language })))
        .await;
}

#[tokio::test]
async fn the_assistants_language_is_the_last_resort() {
    let app = TestApp::shared().await;
    assert!(!is_spanish(&app.caller(), tuesday()).await);
    assert!(!is_spanish(&app.caller().withheld(), tuesday()).await);
}

#[tokio::test]
async fn a_known_customer_is_answered_in_their_language() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    knows(&app, &caller, "es").await;

    assert!(is_spanish(&caller, tuesday()).await);
}

#[tokio::test]
async fn what_the_call_was_heard_in_comes_before_what_the_customer_prefers() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    knows(&app, &caller, "en").await;
    assert!(!is_spanish(&caller, tuesday()).await);

    hears(&app, &caller, json!("es-MX")).await;
    assert!(is_spanish(&caller, tuesday()).await);
    let detected: Option<String> = app
        .database
        .value("select language_detected from call_logs")
        .await;
    assert_eq!(detected.as_deref(), Some("es"));

    hears(&app, &caller, json!("English")).await;
    assert!(!is_spanish(&caller, tuesday()).await);
}

#[tokio::test]
async fn the_argument_comes_before_everything() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    hears(&app, &caller, json!("en")).await;

    let asked = json!({ "date": "2026-12-01", "language": "Spanish" });
    assert!(is_spanish(&caller, asked).await);
    // What is no language asks for none.
    let caller = app.caller();
    knows(&app, &caller, "es").await;
    hears(&app, &caller, json!("en")).await;
    let asked = json!({ "date": "2026-12-01", "language": "multi" });
    assert!(!is_spanish(&caller, asked).await);
}

#[tokio::test]
async fn a_language_that_is_not_spoken_here_changes_nothing() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    hears(&app, &caller, json!("es")).await;
    for odd in [json!("fr"), json!(7), json!(null), json!({})] {
        hears(&app, &caller, odd).await;
        assert!(is_spanish(&caller, tuesday()).await);
    }
}

#[tokio::test]
async fn another_instance_hears_of_the_language_through_the_database() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    app.database
        .run(&format!(
            "insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, language_detected)
             values ('{ORGANIZATION_ID}', '{}', '+13035550100', 'in-progress', 'es')",
            caller.call_id
        ))
        .await;
    assert!(is_spanish(&caller, tuesday()).await);
}

#[tokio::test]
async fn a_booking_is_made_in_the_language_of_the_call() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    hears(&app, &caller, json!("es")).await;
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Rosa Delgado", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(
        heard.says("Listo, su visita quedó para el martes primero de diciembre a las nueve"),
        "{}",
        heard.words
    );
    let language: String = app
        .database
        .value("select language_preference from appointments")
        .await;
    assert_eq!(language, "es");
}

#[tokio::test]
async fn a_language_that_a_tool_call_names_is_that_of_the_call_from_then_on() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let spanish = json!({ "date": "2026-12-01", "language": "es" });
    assert!(is_spanish(&caller, spanish).await);
    assert!(is_spanish(&caller, tuesday()).await);
    // What is no language changes nothing, and another one does.
    let odd = json!({ "date": "2026-12-01", "language": "fr" });
    assert!(is_spanish(&caller, odd).await);
    let booking = json!({ "customer_name": "Rosa Delgado", "date": "la primera" });
    let booked = caller.asks("book_appointment", booking).await;
    assert!(
        booked.says("Listo, su visita quedó para"),
        "{}",
        booked.words
    );

    let english = json!({ "date": "2026-12-01", "language": "en" });
    assert!(!is_spanish(&caller, english).await);
    assert!(!is_spanish(&caller, tuesday()).await);
}

#[tokio::test]
async fn a_language_that_a_tool_call_names_comes_before_what_the_customer_prefers() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    knows(&app, &caller, "es").await;
    assert!(is_spanish(&caller, tuesday()).await);

    let greeting = json!({ "language": "en" });
    caller.asks("lookup_customer", greeting).await;
    assert!(!is_spanish(&caller, tuesday()).await);
}

#[tokio::test]
async fn another_instance_hears_of_a_named_language_when_the_journal_is_added_to_the_call() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let spanish = json!({ "date": "2026-12-01", "language": "Spanish" });
    assert!(is_spanish(&caller, spanish).await);

    log(&app, &caller, 1).await;
    let detected: Option<String> = app
        .database
        .value("select language_detected from call_logs")
        .await;
    assert_eq!(detected.as_deref(), Some("es"));
}

#[tokio::test]
async fn a_language_that_is_heard_after_a_tool_call_named_another_outlasts_the_log() {
    let app = TestApp::start().await;
    let caller = app.caller();
    let names = async |language: &str| {
        let named = json!({ "date": "2026-12-01", "language": language });
        caller.asks("check_availability", named).await;
    };
    let detected = async |calls: usize| -> Option<String> {
        log(&app, &caller, calls).await;
        let detected = "select language_detected from call_logs";
        app.database.value(detected).await
    };
    names("es").await;
    app.at("2026-11-23T15:00:01Z");
    hears(&app, &caller, json!("en")).await;
    assert_eq!(detected(1).await.as_deref(), Some("en"));

    // What is named later counts again, and so does what is heard after that.
    app.at("2026-11-23T15:00:02Z");
    names("es").await;
    assert_eq!(detected(2).await.as_deref(), Some("es"));
    app.at("2026-11-23T15:00:03Z");
    names("es").await;
    app.at("2026-11-23T15:00:04Z");
    hears(&app, &caller, json!("en")).await;
    assert_eq!(detected(3).await.as_deref(), Some("en"));
}

/// What a caller hears who reports these words without a language.
async fn reports(caller: &Caller<'_>, words: &str) -> Spoken {
    let arguments = json!({ "description": words });
    caller.asks("flag_emergency", arguments).await
}

const ENGLISH: &str =
    "Leave the building now without touching any switch, and call 911 from outside. I";
const SPANISH: &str =
    "Salga del edificio ahora sin tocar ningún interruptor y llame al 911 desde afuera. Lo";

#[tokio::test]
async fn a_danger_is_answered_in_the_language_of_its_words_where_the_call_was_heard_in_none() {
    let app = TestApp::shared().await;
    for words in ["huele a gas", "Hay un olor fuerte a gas en la cocina"] {
        let heard = reports(&app.caller(), words).await;
        assert!(heard.says(SPANISH), "{words}: {}", heard.words);
    }

    let caller = app.caller();
    knows(&app, &caller, "es").await;
    let heard = reports(&caller, "I smell gas in the kitchen").await;
    assert!(heard.says(ENGLISH), "{}", heard.words);
    // It is the language of the call from then on.
    assert!(!is_spanish(&caller, tuesday()).await);
}

#[tokio::test]
async fn what_a_customer_prefers_counts_only_until_the_words_of_a_danger_tell_more() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    knows(&app, &caller, "es").await;
    assert!(is_spanish(&caller, tuesday()).await);

    let heard = reports(&caller, "I smell gas in the kitchen").await;
    assert!(heard.says(ENGLISH), "{}", heard.words);

    let caller = app.caller();
    knows(&app, &caller, "es").await;
    let heard = reports(&caller, "gas gas gas leak").await;
    assert!(heard.says(SPANISH), "{}", heard.words);
}

#[tokio::test]
async fn a_danger_is_answered_in_the_language_of_the_call_whatever_its_words() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    hears(&app, &caller, json!("es")).await;
    let heard = reports(&caller, "I smell gas in the kitchen").await;
    assert!(heard.says(SPANISH), "{}", heard.words);

    let caller = app.caller();
    let spanish = json!({ "date": "2026-12-01", "language": "es" });
    assert!(is_spanish(&caller, spanish).await);
    let heard = reports(&caller, "I smell gas in the kitchen").await;
    assert!(heard.says(SPANISH), "{}", heard.words);

    // Another instance heard it.
    let caller = app.caller();
    app.database
        .run(&format!(
            "insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, language_detected)
             values ('{ORGANIZATION_ID}', '{}', '+13035550100', 'in-progress', 'es')",
            caller.call_id
        ))
        .await;
    let heard = reports(&caller, "I smell gas in the kitchen").await;
    assert!(heard.says(SPANISH), "{}", heard.words);
}
