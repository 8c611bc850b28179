//! `cancel_appointment`: a caller's appointment is off, its time is free, and nobody else's is touched. Monday, 23 November 2026,
//! 08:00 in Denver.

use serde_json::{Value, json};

use crate::support::{
    Caller, Spoken, TestApp,
    appointments::{books, live},
};

async fn cancels(caller: &Caller<'_>, arguments: Value) -> Spoken {
    caller.asks("cancel_appointment", arguments).await
}

#[tokio::test]
async fn the_only_appointment_is_called_off_and_its_time_is_free() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;

    let heard = cancels(&caller, json!({})).await;
    assert!(
        heard.says("Your visit on Tuesday, December first, at nine is cancelled."),
        "{}",
        heard.words
    );
    assert!(live(&app).await.is_empty());
    let somebody = books(&app.caller(), "2026-12-01T09:00").await;
    assert!(somebody.says("You're booked"), "{}", somebody.words);
}

#[tokio::test]
async fn who_cancelled_can_book_the_same_again() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    cancels(&caller, json!({})).await;

    let heard = books(&caller, "2026-12-01T09:00").await;
    assert!(heard.says("You're booked"), "{}", heard.words);
    assert_eq!(live(&app).await, ["2026-12-01 09:00"]);
}

#[tokio::test]
async fn a_second_cancellation_is_answered_politely_and_changes_nothing() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;

    let first = cancels(&caller, json!({})).await;
    assert!(first.says("at nine is cancelled"), "{}", first.words);
    let again = cancels(&caller, json!({})).await;
    assert!(again.says("is already cancelled"), "{}", again.words);
    let otherwise = cancels(&caller, json!({ "appointment": "2026-12-01T09:00" })).await;
    assert!(
        otherwise.says("is already cancelled"),
        "{}",
        otherwise.words
    );
    assert!(live(&app).await.is_empty());
}

#[tokio::test]
async fn one_of_several_is_asked_for_and_named_by_token_or_in_words() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    for token in ["2026-12-01T09:00", "2026-12-03T10:00", "2026-12-04T14:00"] {
        books(&caller, token).await;
    }
    let heard = cancels(&caller, json!({})).await;
    assert!(heard.says("Which one do you mean?"), "{}", heard.words);
    assert_eq!(heard.tokens().len(), 3);
    assert_eq!(live(&app).await.len(), 3);

    let heard = cancels(&caller, json!({ "appointment": "the one on December 2nd" })).await;
    assert!(
        heard.says("I see no visit at that time. You have three visits: "),
        "{}",
        heard.words
    );
    let heard = cancels(&caller, json!({ "appointment": "gibberish" })).await;
    assert!(
        heard.says("You have three visits: ") && heard.says("Which one do you mean?"),
        "{}",
        heard.words
    );
    assert_eq!(
        heard.tokens(),
        ["2026-12-01T09:00", "2026-12-03T10:00", "2026-12-04T14:00"]
    );
    assert_eq!(live(&app).await.len(), 3);

    let heard = cancels(&caller, json!({ "appointment": "2026-12-03T10:00" })).await;
    assert!(heard.says("Thursday, December third"), "{}", heard.words);
    let heard = cancels(
        &caller,
        json!({ "appointment": "el viernes 4 por la tarde", "language": "es" }),
    )
    .await;
    assert!(
        heard.says("Listo, su visita del viernes cuatro de diciembre a las dos quedó cancelada."),
        "{}",
        heard.words
    );
    assert_eq!(live(&app).await, ["2026-12-01 09:00"]);
}

#[tokio::test]
async fn nobody_calls_off_an_appointment_that_is_not_theirs() {
    let app = TestApp::shared().await;
    books(&app.caller(), "2026-12-01T09:00").await;

    for stranger in [app.caller(), app.caller().withheld()] {
        for arguments in [
            json!({}),
            json!({ "appointment": "2026-12-01T09:00" }),
            json!({ "appointment": "2026-12-01T09:00", "customer_name": "Maria Lopez" }),
            json!({ "customer_name": "Maria Lopez", "service_address": "14 Elm Street" }),
            json!({ "customer_phone": "+13035551000" }),
        ] {
            let heard = cancels(&stranger, arguments.clone()).await;
            assert!(!heard.says("is cancelled"), "{arguments}: {}", heard.words);
            assert!(!heard.says("December"), "{arguments}: {}", heard.words);
        }
    }
    assert_eq!(live(&app).await.len(), 1);

    let proven = json!({ "customer_name": "Maria Lopez", "service_address": "12 Elm Street" });
    let heard = cancels(&app.caller(), proven).await;
    assert!(heard.says("is cancelled"), "{}", heard.words);
    assert!(live(&app).await.is_empty());
}

#[tokio::test]
async fn an_appointment_that_has_begun_is_not_called_off() {
    let app = TestApp::start().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    app.at("2026-12-01T16:10:00Z");

    let heard = cancels(&caller, json!({})).await;
    assert!(!heard.says("is cancelled"), "{}", heard.words);
    assert_eq!(live(&app).await.len(), 1);
}

#[tokio::test]
async fn an_appointment_of_today_is_found_by_its_weekday_and_named_as_todays() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-11-23T14:00").await;
    books(&caller, "2026-12-01T14:00").await;

    let heard = cancels(&caller, json!({ "appointment": "Monday" })).await;
    assert!(
        heard.says("Your visit today at two is cancelled."),
        "{}",
        heard.words
    );
    assert_eq!(live(&app).await, ["2026-12-01 14:00"]);
}

#[tokio::test]
async fn an_appointment_that_was_booked_again_after_a_cancellation_can_be_cancelled_again() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    for hour in ["09:00", "10:00"] {
        let appointment =
            json!({ "customer_name": "Maria Lopez", "date": format!("2026-12-01T{hour}") });
        let booked = caller.asks("book_appointment", appointment).await;
        assert!(booked.says("You're booked"), "{}", booked.words);

        let appointment = format!("2026-12-01T{hour}");
        let arguments = json!({ "appointment": appointment });
        // The first time by its time, so that the second is asked for in the same words as the first.
        let arguments = if hour == "09:00" {
            json!({})
        } else {
            arguments
        };
        let heard = caller.asks("cancel_appointment", arguments).await;
        assert!(heard.says("is cancelled"), "{}", heard.words);
    }
    let appointment = json!({ "customer_name": "Maria Lopez", "date": "2026-12-02T09:00" });
    caller.asks("book_appointment", appointment).await;

    let heard = caller.asks("cancel_appointment", json!({})).await;

    assert!(
        heard.says("Wednesday, December second, at nine is cancelled"),
        "{}",
        heard.words
    );
    let live: i64 = app
        .database
        .value("select count(*) from appointments where status = 'confirmed'")
        .await;
    assert_eq!(live, 0);
}
