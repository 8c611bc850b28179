//! In which language a caller is answered: that of the argument, else that the call was heard in, else the customer's,
//! else the assistant's. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::{Value, json};

use crate::support::{Caller, TestApp, app::ORGANIZATION_ID};

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
