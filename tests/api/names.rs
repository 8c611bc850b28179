//! Names that are nobody's: in Rust and in the database, where callers are greeted, and where a name proves something. Monday,
//! 23 November 2026, 08:00 in Denver.

use frontdesk::domain::placeholder;
use serde_json::{Value, json};

use crate::support::{
    TestApp, Twilio,
    app::ORGANIZATION_ID,
    database::TestDatabase,
    line::{Answers, Line},
};

#[tokio::test]
async fn the_database_knows_the_same_placeholders() {
    let database = TestDatabase::new().await;
    let client = database.connect().await;
    let others = [
        "",
        " ",
        "-",
        "?",
        "...",
        "NULL",
        "\"null\"",
        "'none'",
        "None.",
        "N/A",
        "n.a.",
        "Not Provided.",
        "(not given)",
        "{{customer_name}}",
        "{{ name }} Lopez",
        "<name>",
        "[name]",
        "[Your Name].",
        "${name}",
        "{name}",
        "%name%",
        "Sin Información",
        "caller's name",
        "caller’s name",
        "The Caller",
        "El cliente",
        "Anónimo",
        "ANÓNIMA",
        "Noé None",
        "John Doe",
        "Maria Lopez",
        "Null Island Bakery",
        "Sam (wife)",
        "Lopez <maria>",
        "[a] and [b]",
        "{",
        "<",
        "<>",
        "O'Neil",
        "Guest House Inn",
        "Bill Customer",
        "12",
        "李雷",
        "Jr.",
        "caller,",
        " customer ",
        "no\tname",
    ];
    let others = others.map(str::to_owned);
    for text in placeholder::listed().chain(others) {
        let row = client
            .query_one(
                "select private.is_placeholder($1), private.is_nobody($1)",
                &[&text],
            )
            .await
            .unwrap();
        assert_eq!(
            row.get::<_, bool>(0),
            placeholder::is_placeholder(&text),
            "{text:?} as a placeholder"
        );
        assert_eq!(
            row.get::<_, bool>(1),
            placeholder::is_nobody(&text),
            "{text:?} as a name"
        );
    }
    // Neither list has a word that the other lacks.
    let body: String = database
        .value("select string_agg(prosrc, ' ') from pg_proc where proname in ('is_placeholder', 'is_nobody')")
        .await;
    let listed = body
        .split('\'')
        .filter(|part| part.len() > 1 && part.chars().all(|c| c.is_ascii_lowercase() || c == ' '))
        .filter(|part| !part.trim().is_empty())
        .count();
    assert_eq!(listed, placeholder::listed().count());
}

async fn customer(app: &TestApp, name: &str, number: &str) {
    app.database
        .run(&format!(
            "insert into customers (organization_id, name, phone_number)
             values ('{ORGANIZATION_ID}', '{name}', '{number}')
             on conflict (organization_id, phone_number) do update set name = excluded.name"
        ))
        .await;
}

#[tokio::test]
async fn nobody_is_greeted_by_a_placeholder() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let number = caller.number.clone().unwrap();
    for name in [
        "null",
        "None",
        "Unknown",
        "{{customer_name}}",
        "caller",
        "El cliente",
        "-",
        "[name]",
        "(wife)",
    ] {
        customer(&app, name, &number).await;
        let heard = caller.asks("lookup_customer", json!({})).await;
        assert_eq!(
            heard.words, "Hello, and welcome. May I have your name, please?",
            "{name}"
        );
        let reply = app
            .reply(&json!({ "message": {
                "type": "assistant-request",
                "call": { "id": "a-call", "customer": { "number": number, "name": name } },
                "phoneNumber": { "number": app.called_number },
            }}))
            .await;
        let values = &reply["assistantOverrides"]["variableValues"];
        assert_eq!(values["caller_name"], "", "{name}");
        assert_eq!(
            values["greeting"], "Thank you for calling Front Range Plumbing. How can I help?",
            "{name}"
        );
    }
    customer(&app, "Maria Lopez (wife)", &number).await;
    let heard = caller.asks("lookup_customer", json!({})).await;
    assert!(heard.says("Hello Maria Lopez, good"), "{}", heard.words);
}

#[tokio::test]
async fn a_customer_without_a_name_gets_the_one_that_they_give() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let number = caller.number.clone().unwrap();
    let books = async |name: &str, date: &str| {
        let heard = caller
            .asks(
                "book_appointment",
                json!({ "customer_name": name, "date": date }),
            )
            .await;
        assert!(heard.says("You're booked"), "{}", heard.words);
        app.database
            .value::<String>("select name from customers")
            .await
    };
    customer(&app, "Unknown caller", &number).await;
    assert_eq!(
        books("Maria Lopez", "2026-12-01T09:00").await,
        "Maria Lopez"
    );
    assert_eq!(books("Ana Ruiz", "2026-12-02T09:00").await, "Maria Lopez");
}

#[tokio::test]
async fn a_name_that_is_nobodys_proves_nothing() {
    let app = TestApp::shared().await;
    app.database
        .run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, service_address, scheduled_date,
                 scheduled_time, duration_minutes, appointment_type, status)
             values ('{ORGANIZATION_ID}', 'Customer', '+13035550177', '12 Elm Street', '2026-12-01', '09:00', 60, 'Repair', 'confirmed')"
        ))
        .await;
    let heard = app
        .caller()
        .asks(
            "cancel_appointment",
            json!({ "customer_name": "customer", "service_address": "12 Elm Street" }),
        )
        .await;
    assert!(!heard.says("is cancelled"), "{}", heard.words);
}

#[tokio::test]
async fn a_contact_without_a_name_is_not_spoken_of_by_a_placeholder() {
    let line = Line::new(Answers::Ok).await;
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'N/A', '+13035550103')",
        )
        .await;
    let caller = app.caller().with_line(&line.control_url());
    for (tool, arguments) in [
        (
            "flag_emergency",
            json!({ "description": "A pipe burst", "urgency": "high" }),
        ),
        ("check_emergency", json!({})),
        (
            "transfer_call",
            json!({ "reason": "flood", "urgency": "emergency" }),
        ),
    ] as [(&str, Value); 3]
    {
        let heard = caller.asks(tool, arguments).await;
        assert!(!heard.says("N/A"), "{tool}: {}", heard.words);
    }
}

#[tokio::test]
async fn a_sentence_ends_once() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    app.database
        .run("update organizations set name = 'Acme Inc.'")
        .await;
    customer(&app, "Sam Lee Jr.", caller.number.as_deref().unwrap()).await;
    let reply = app
        .reply(&json!({ "message": {
            "type": "assistant-request",
            "call": { "id": "a-call", "customer": { "number": caller.number } },
            "phoneNumber": { "number": app.called_number },
        }}))
        .await;
    let greeting = reply["assistantOverrides"]["variableValues"]["greeting"]
        .as_str()
        .unwrap();
    assert!(
        greeting.starts_with("Thank you for calling Acme Inc. Hello Sam Lee Jr., good"),
        "{greeting}"
    );
}
