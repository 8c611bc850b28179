//! `reschedule_appointment`: an appointment moves as a whole or stays where it is. Monday, 23 November 2026, 08:00 in Denver.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    Caller, Spoken, TestApp,
    appointments::{books, live},
};

async fn moves(caller: &Caller<'_>, arguments: Value) -> Spoken {
    caller.asks("reschedule_appointment", arguments).await
}

#[tokio::test]
async fn an_appointment_moves_and_its_old_time_is_free() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;

    let heard = moves(
        &caller,
        json!({ "date": "2026-12-03", "time": "half past two" }),
    )
    .await;
    assert!(!heard.says("is moved"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-12-03T13:00", "2026-12-03T14:00", "2026-12-03T15:00"],
        "{}",
        heard.words
    );
    let heard = moves(
        &caller,
        json!({ "date": "2026-12-03", "time": "two in the afternoon" }),
    )
    .await;
    assert!(
        heard.says("Your visit is moved to Thursday, December third, at two."),
        "{}",
        heard.words
    );
    assert_eq!(live(&app).await, ["2026-12-03 14:00"]);
    assert!(
        books(&app.caller(), "2026-12-01T09:00")
            .await
            .says("You're booked")
    );
}

#[tokio::test]
async fn a_time_that_is_taken_leaves_the_appointment_where_it_is() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    books(&app.caller(), "2026-12-03T10:00").await;

    let heard = moves(&caller, json!({ "date": "2026-12-03T10:00" })).await;
    assert!(heard.says("already taken"), "{}", heard.words);
    assert!(heard.says("Your visit stays as it is."), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-12-03T08:00", "2026-12-03T09:00", "2026-12-03T11:00"],
        "{}",
        heard.words
    );
    let past = moves(&caller, json!({ "date": "2026-11-22T10:00" })).await;
    assert!(past.says("is in the past. Did you mean"), "{}", past.words);
    for refused in ["2026-12-03T03:17", "2026-12-05T10:00", "2027-11-23T10:00"] {
        let heard = moves(&caller, json!({ "date": refused })).await;
        assert!(
            heard.says("Your visit stays as it is."),
            "{refused}: {}",
            heard.words
        );
    }
    assert_eq!(live(&app).await, ["2026-12-01 09:00", "2026-12-03 10:00"]);
}

#[tokio::test]
async fn of_a_move_and_a_booking_of_one_slot_exactly_one_wins() {
    let app = TestApp::shared().await;
    for round in 0..10 {
        let day = format!("2026-12-{:02}", 7 + round % 5);
        app.database.run("delete from appointments").await;
        let (one, other) = (app.caller(), app.caller());
        books(&one, &format!("{day}T08:00")).await;

        let wanted = format!("{day}T11:00");
        let (moved, booked) = tokio::join!(
            moves(&one, json!({ "date": wanted })),
            books(&other, &wanted)
        );
        let (moved, booked) = (moved.says("is moved to"), booked.says("You're booked"));
        assert!(moved != booked, "moved: {moved}, booked: {booked}");
        let kept = if moved {
            format!("{day} 11:00")
        } else {
            format!("{day} 08:00")
        };
        let live = live(&app).await;
        assert!(live.contains(&kept), "{live:?}");
        assert_eq!(live.len(), if moved { 1 } else { 2 });
    }
}

#[tokio::test]
async fn many_appointments_that_move_to_one_slot_leave_all_but_one_where_they_were() {
    let app = TestApp::shared().await;
    let callers: Vec<Caller<'_>> = (0..8).map(|_| app.caller()).collect();
    for (hour, caller) in (8..16).zip(&callers) {
        let heard = books(caller, &format!("2026-12-01T{hour:02}:00")).await;
        assert!(heard.says("You're booked"), "{}", heard.words);
    }
    let heard = join_all(
        callers
            .iter()
            .map(|caller| moves(caller, json!({ "date": "2026-12-03T09:00" }))),
    )
    .await;
    let moved = heard
        .iter()
        .filter(|heard| heard.says("is moved to"))
        .count();
    assert_eq!(moved, 1);
    assert_eq!(live(&app).await.len(), 8);
}

#[tokio::test]
async fn a_move_that_is_asked_for_twice_makes_no_second_appointment() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;

    let first = moves(&caller, json!({ "date": "2026-12-03T09:00" })).await;
    assert_eq!(
        moves(&caller, json!({ "date": "2026-12-03T09:00" })).await,
        first
    );
    let in_words = moves(&caller, json!({ "date": "December 3rd", "time": "9 am" })).await;
    assert!(
        in_words.says("Your visit is already on Thursday"),
        "{}",
        in_words.words
    );
    assert_eq!(live(&app).await, ["2026-12-03 09:00"]);

    // There and back again is no repeat.
    moves(&caller, json!({ "date": "2026-12-01T09:00" })).await;
    let back = moves(&caller, json!({ "date": "2026-12-03T09:00" })).await;
    assert!(back.says("is moved to"), "{}", back.words);
    assert_eq!(live(&app).await, ["2026-12-03 09:00"]);
}

#[tokio::test]
async fn an_appointment_that_was_cancelled_cannot_be_moved() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    caller.asks("cancel_appointment", json!({})).await;

    let heard = moves(&caller, json!({ "date": "2026-12-03T09:00" })).await;
    assert!(heard.says("is already cancelled"), "{}", heard.words);
    assert!(live(&app).await.is_empty());
}

#[tokio::test]
async fn an_appointment_may_move_into_its_own_time() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "step_minutes": 30 })).await;
    let caller = app.caller();
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00", "duration_minutes": 120 }),
        )
        .await;
    assert!(heard.says("You're booked"), "{}", heard.words);

    let heard = moves(&caller, json!({ "date": "2026-12-01T10:00" })).await;
    assert!(
        heard.says("is moved to Tuesday, December first, at ten"),
        "{}",
        heard.words
    );
    assert_eq!(live(&app).await, ["2026-12-01 10:00"]);
    let minutes: i32 = app
        .database
        .value("select duration_minutes from appointments")
        .await;
    assert_eq!(minutes, 120);
}

#[tokio::test]
async fn which_appointment_and_where_to_are_asked_for() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    books(&caller, "2026-12-03T09:00").await;

    let heard = moves(&caller, json!({ "date": "2026-12-04T09:00" })).await;
    assert!(heard.says("Which one do you mean?"), "{}", heard.words);
    let heard = moves(&caller, json!({ "appointment": "Thursday, December 3rd" })).await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("For example, I have today at nine or tomorrow at eight. Which would you like?"),
        "{}",
        heard.words
    );
    let heard = moves(
        &caller,
        json!({ "appointment": "2026-12-03T09:00", "date": "2026-12-04", "time": "morning" }),
    )
    .await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("On Friday, December fourth, I have eight, nine or ten."),
        "{}",
        heard.words
    );
    assert_eq!(
        heard.tokens(),
        ["2026-12-04T08:00", "2026-12-04T09:00", "2026-12-04T10:00"]
    );
    assert_eq!(live(&app).await, ["2026-12-01 09:00", "2026-12-03 09:00"]);
    let heard = moves(
        &caller,
        json!({ "appointment": "2026-12-03T09:00", "date": "next Friday", "time": "around nine" }),
    )
    .await;
    assert!(
        heard.says("is moved to Friday, November twenty-seventh, at nine"),
        "{}",
        heard.words
    );
    assert_eq!(live(&app).await, ["2026-11-27 09:00", "2026-12-01 09:00"]);
}

#[tokio::test]
async fn nobody_moves_an_appointment_that_is_not_theirs() {
    let app = TestApp::shared().await;
    books(&app.caller(), "2026-12-01T09:00").await;
    for stranger in [app.caller(), app.caller().withheld()] {
        let heard = moves(
            &stranger,
            json!({ "appointment": "2026-12-01T09:00", "date": "2026-12-03T09:00" }),
        )
        .await;
        assert!(heard.says("What name is it under"), "{}", heard.words);
    }
    assert_eq!(live(&app).await, ["2026-12-01 09:00"]);
}

#[tokio::test]
async fn an_appointment_can_be_moved_back_to_where_it_was_moved_before() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;

    for token in ["2026-12-03T10:00", "2026-12-04T11:00", "2026-12-03T10:00"] {
        let heard = moves(&caller, json!({ "date": token })).await;
        assert!(heard.says("is moved to"), "{token}: {}", heard.words);
        assert_eq!(live(&app).await, [token.replace('T', " ")]);
    }
}
