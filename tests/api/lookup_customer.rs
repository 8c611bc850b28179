//! `lookup_customer`: a known caller is greeted by name, and nothing more is told.

use serde_json::json;

use crate::support::{Caller, TestApp, app::ORGANIZATION_ID};

async fn looks(caller: &Caller<'_>, arguments: serde_json::Value) -> String {
    caller.asks("lookup_customer", arguments).await.words
}

#[tokio::test]
async fn a_known_number_is_greeted_by_name_and_nothing_more() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let number = caller.number.as_deref().unwrap();
    app.database
        .run(&format!(
            "insert into customers (organization_id, name, phone_number, address, notes)
             values ('{ORGANIZATION_ID}', E'Maria\\nLopez', '{number}', '12 Elm Street', 'owes money')"
        ))
        .await;
    assert_eq!(
        looks(&caller, json!({})).await,
        "Hello Maria Lopez, good to hear from you again. How can I help?"
    );
    assert_eq!(
        looks(&caller, json!({ "language": "es" })).await,
        "Hola, Maria Lopez, qué gusto oírle de nuevo. ¿En qué puedo ayudarle?"
    );
    // Whoever calls from another number, or from none, gets no name for naming this one.
    let stranger = json!({ "phone": number, "customer_phone": number, "caller_number": number });
    for caller in [app.caller(), app.caller().withheld()] {
        let heard = looks(&caller, stranger.clone()).await;
        assert_eq!(heard, "Hello, and welcome. May I have your name, please?");
    }
}

#[tokio::test]
async fn another_organizations_customer_is_not_known_here() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let other = TestApp::shared().await;
    other
        .database
        .run(&format!(
            "insert into customers (organization_id, name, phone_number)
             values ('{ORGANIZATION_ID}', 'Maria Lopez', '{}')",
            caller.number.as_deref().unwrap()
        ))
        .await;
    assert!(!looks(&caller, json!({})).await.contains("Maria"));
}
