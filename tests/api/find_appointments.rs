//! `find_appointments`: a caller hears of their own appointments, and of nobody else's. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::{Value, json};

use crate::support::{Caller, Spoken, TestApp};

const NAME: &str = "Maria Lopez";
const ADDRESS: &str = "12 Elm Street, Denver";

async fn books(caller: &Caller<'_>, token: &str) {
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": NAME, "service_address": ADDRESS, "date": token }),
        )
        .await;
    assert!(heard.says("booked"), "{}", heard.words);
}

async fn finds(caller: &Caller<'_>, arguments: Value) -> Spoken {
    caller.asks("find_appointments", arguments).await
}

/// The same person, in another call.
fn again<'a>(app: &'a TestApp, caller: &Caller<'_>) -> Caller<'a> {
    let mut later = app.caller();
    later.number.clone_from(&caller.number);
    later
}

#[tokio::test]
async fn the_appointments_under_the_callers_number_are_read_back_in_order() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-03T14:00").await;
    books(&caller, "2026-12-01T09:00").await;

    let heard = finds(&again(&app, &caller), json!({})).await;
    assert!(
        heard.says("You have two visits: Tuesday, December first, at nine; Thursday, December third, at two."),
        "{}",
        heard.words
    );
    assert_eq!(heard.tokens(), ["2026-12-01T09:00", "2026-12-03T14:00"]);

    let heard = finds(&again(&app, &caller), json!({ "language": "es" })).await;
    assert!(
        heard.says("Tiene dos visitas: el martes primero de diciembre a las nueve; el jueves tres"),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn an_appointment_at_24_00_is_one_at_midnight_of_the_next_day() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    for token in ["2026-12-01T09:00", "2026-12-03T09:00"] {
        books(&caller, token).await;
    }
    app.database
        .run("update appointments set scheduled_time = '24:00' where scheduled_date = '2026-12-01'")
        .await;
    app.database
        .run("insert into appointments select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), 'scheduled_time', '24:00'))).* from appointments as a where scheduled_date = '2026-12-03'")
        .await;

    let heard = finds(&again(&app, &caller), json!({})).await;
    assert_eq!(
        heard.tokens(),
        ["2026-12-02T00:00", "2026-12-03T09:00", "2026-12-04T00:00"],
        "{}",
        heard.words
    );
    assert!(
        heard.says("Wednesday, December second, at midnight"),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn what_is_past_and_what_is_called_off_is_not_read_back() {
    let app = TestApp::start().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    books(&caller, "2026-12-03T09:00").await;
    app.database
        .run("update appointments set status = 'cancelled' where scheduled_date = '2026-12-03'")
        .await;
    let heard = finds(&again(&app, &caller), json!({})).await;
    assert_eq!(heard.tokens(), ["2026-12-01T09:00"], "{}", heard.words);

    app.at("2026-12-02T15:00:00Z");
    let heard = finds(&again(&app, &caller), json!({})).await;
    assert!(
        heard.says("You have no visit coming up; your visit tomorrow at nine is cancelled."),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn another_number_hears_nothing_without_name_and_address() {
    let app = TestApp::shared().await;
    let proofs = [
        json!({}),
        json!({ "customer_name": NAME }),
        json!({ "service_address": ADDRESS }),
    ];
    let mut before = Vec::new();
    for proof in &proofs {
        before.push(finds(&app.caller(), proof.clone()).await);
    }
    assert!(before[0].says("What name is it under, and at which address?"));

    // Half a proof is none: it is answered as where there is nothing.
    books(&app.caller(), "2026-12-01T09:00").await;
    for (proof, before) in proofs.iter().zip(&before) {
        for caller in [app.caller(), app.caller().withheld()] {
            assert_eq!(finds(&caller, proof.clone()).await, *before);
        }
    }
}

#[tokio::test]
async fn what_was_said_of_an_appointment_is_not_asked_for_again() {
    let app = TestApp::shared().await;
    for (tool, more) in [
        ("find_appointments", json!({})),
        ("cancel_appointment", json!({})),
        (
            "reschedule_appointment",
            json!({ "date": "2026-12-03T09:00" }),
        ),
    ] {
        for (given, language, said) in [
            (
                ("customer_name", "Al"),
                "en",
                "I see no visit under Al with the number you are calling from. What is the address of the visit?",
            ),
            (
                ("name", "Al"),
                "es",
                "No veo ninguna visita a nombre de Al con el número del que llama. ¿En qué dirección es la visita?",
            ),
            (
                ("service_address", ADDRESS),
                "en",
                "I see no visit at that address with the number you are calling from. What name is it under?",
            ),
            (
                ("address", ADDRESS),
                "es",
                "No veo ninguna visita en esa dirección con el número del que llama. ¿A nombre de quién está?",
            ),
            // Nobody's name is none.
            (
                ("customer_name", "unknown"),
                "en",
                "I see no visit under the number you are calling from. What name is it under, and at which address?",
            ),
        ] {
            let mut arguments = more.clone();
            arguments[given.0] = json!(given.1);
            arguments["language"] = json!(language);
            let heard = app.caller().asks(tool, arguments).await;
            assert_eq!(heard.words, said, "{tool}");
        }
    }
}

#[tokio::test]
async fn name_and_address_together_prove_an_appointment_and_not_found_sounds_like_not_yours() {
    let app = TestApp::shared().await;
    books(&app.caller(), "2026-12-01T09:00").await;

    let proof = json!({ "customer_name": "maría LÓPEZ", "service_address": "12 elm st." });
    for caller in [app.caller(), app.caller().withheld()] {
        let heard = finds(&caller, proof.clone()).await;
        assert_eq!(heard.tokens(), ["2026-12-01T09:00"], "{}", heard.words);
    }
    let nobody = finds(
        &app.caller(),
        json!({ "customer_name": "Noel Body", "service_address": "1 Oak Road" }),
    )
    .await;
    let not_theirs = finds(
        &app.caller(),
        json!({ "customer_name": NAME, "service_address": "14 Elm Street" }),
    )
    .await;
    let somebody = finds(
        &app.caller(),
        json!({ "customer_name": "Rosa Delgado", "service_address": ADDRESS }),
    )
    .await;
    assert!(nobody.says("could not find"), "{}", nobody.words);
    assert_eq!(nobody, not_theirs);
    assert_eq!(nobody, somebody);
}

#[tokio::test]
async fn another_organizations_appointment_is_nobodys() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let other = TestApp::shared().await;
    other
        .database
        .run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                 service_address, scheduled_date, scheduled_time, status)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '{NAME}', '{}', 'repair', '{ADDRESS}',
                 '2026-12-01', '09:00', 'confirmed')",
            caller.number.as_deref().unwrap()
        ))
        .await;
    let heard = finds(
        &caller,
        json!({ "customer_name": NAME, "service_address": ADDRESS }),
    )
    .await;
    assert!(heard.says("could not find"), "{}", heard.words);
}

#[tokio::test]
async fn a_number_that_is_withheld_finds_what_its_own_call_booked() {
    let app = TestApp::shared().await;
    let caller = app.caller().withheld();
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": NAME, "customer_phone": "303 555 0123", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(heard.says("booked"), "{}", heard.words);
    let heard = finds(&caller, json!({})).await;
    assert_eq!(heard.tokens(), ["2026-12-01T09:00"]);
    // Another call without a number finds nothing.
    let heard = finds(&app.caller().withheld(), json!({})).await;
    assert!(heard.tokens().is_empty(), "{}", heard.words);
}

#[tokio::test]
async fn many_appointments_are_counted_and_three_are_read() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    for hour in ["09", "10", "11", "13"] {
        books(&caller, &format!("2026-12-01T{hour}:00")).await;
    }
    let heard = finds(&caller, json!({})).await;
    assert!(
        heard.says("You have four visits; the next are"),
        "{}",
        heard.words
    );
    assert_eq!(heard.tokens().len(), 3);
}
