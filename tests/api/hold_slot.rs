//! `hold_slot`: a time is kept for a caller for some minutes, and for nobody else. Monday, 23 November 2026, 08:00 in Denver.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Caller, Spoken, TestApp, app::ORGANIZATION_ID, appointments::books};

const SLOT: &str = "2026-12-01T09:00";

async fn holds(caller: &Caller<'_>, token: &str) -> Spoken {
    caller.asks("hold_slot", json!({ "date": token })).await
}

async fn is_offered(caller: &Caller<'_>, token: &str) -> bool {
    let heard = caller
        .asks("check_availability", json!({ "date": token }))
        .await;
    heard.tokens().contains(&token)
}

async fn hangs_up(app: &TestApp, caller: &Caller<'_>) {
    app.reply(&caller.message(json!({ "type": "status-update", "status": "ended" })))
        .await;
}

#[tokio::test]
async fn what_one_caller_holds_is_free_to_them_and_to_nobody_else() {
    let app = TestApp::shared().await;
    let (holder, other) = (app.caller(), app.caller());

    let heard = holds(&holder, SLOT).await;
    assert!(
        heard.says("I am holding Tuesday, December first, at nine for you for five minutes."),
        "{}",
        heard.words
    );
    assert!(is_offered(&holder, SLOT).await);
    assert!(!is_offered(&other, SLOT).await);
    let refused = books(&other, SLOT).await;
    assert!(refused.says("already taken"), "{}", refused.words);
    let refused = holds(&other, SLOT).await;
    assert!(refused.says("already taken"), "{}", refused.words);

    assert!(books(&holder, SLOT).await.says("You're booked"));
    let left: i64 = app
        .database
        .value("select count(*) from private.slot_holds")
        .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_hold_ends_with_the_call() {
    let app = TestApp::shared().await;
    let (holder, other) = (app.caller(), app.caller());
    holds(&holder, SLOT).await;
    assert!(!is_offered(&other, SLOT).await);

    hangs_up(&app, &holder).await;
    assert!(is_offered(&other, SLOT).await);
    assert!(books(&other, SLOT).await.says("You're booked"));
}

#[tokio::test]
async fn a_hold_ends_with_its_minutes() {
    let app = TestApp::start().await;
    let (holder, other) = (app.caller(), app.caller());
    holds(&holder, SLOT).await;

    app.at("2026-11-23T15:04:59Z");
    assert!(!is_offered(&other, SLOT).await);
    app.at("2026-11-23T15:05:00Z");
    assert!(is_offered(&other, SLOT).await);
    assert!(holds(&other, SLOT).await.says("I am holding"));
    let refused = books(&holder, SLOT).await;
    assert!(refused.says("already taken"), "{}", refused.words);
}

#[tokio::test]
async fn a_new_hold_takes_the_place_of_the_old_one() {
    let app = TestApp::shared().await;
    let (holder, other) = (app.caller(), app.caller());
    holds(&holder, SLOT).await;
    holds(&holder, "2026-12-01T11:00").await;

    assert!(is_offered(&other, SLOT).await);
    assert!(!is_offered(&other, "2026-12-01T11:00").await);
    // A hold that is refused leaves the one that there is.
    books(&other, SLOT).await;
    assert!(holds(&holder, SLOT).await.says("already taken"));
    assert!(!is_offered(&other, "2026-12-01T11:00").await);
}

#[tokio::test]
async fn of_many_callers_who_want_one_slot_held_exactly_one_gets_it() {
    let app = TestApp::shared().await;
    let callers: Vec<Caller<'_>> = (0..32).map(|_| app.caller()).collect();
    let heard = join_all(callers.iter().map(|caller| holds(caller, SLOT))).await;
    let held = heard
        .iter()
        .filter(|heard| heard.says("I am holding"))
        .count();
    assert_eq!(held, 1);
}

#[tokio::test]
async fn a_hold_takes_one_crew_of_several() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "capacity": 2 })).await;
    let (first, second, third) = (app.caller(), app.caller(), app.caller());

    assert!(holds(&first, SLOT).await.says("I am holding"));
    assert!(books(&second, SLOT).await.says("You're booked"));
    assert!(books(&third, SLOT).await.says("already taken"));
    assert!(books(&first, SLOT).await.says("You're booked"));
}

#[tokio::test]
async fn a_dashboard_may_give_a_held_time_away_and_the_holder_is_told() {
    let app = TestApp::shared().await;
    let holder = app.caller();
    holds(&holder, SLOT).await;
    app.database
        .run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
                 scheduled_date, scheduled_time, status)
             values ('{ORGANIZATION_ID}', 'Ruth', '+13035550199', 'repair', '2026-12-01', '09:00', 'confirmed')"
        ))
        .await;
    let refused = books(&holder, SLOT).await;
    assert!(refused.says("already taken"), "{}", refused.words);
}

#[tokio::test]
async fn an_appointment_cannot_move_to_what_another_caller_holds() {
    let app = TestApp::shared().await;
    let (holder, mover) = (app.caller(), app.caller());
    books(&mover, "2026-12-01T14:00").await;
    holds(&holder, SLOT).await;

    let heard = mover
        .asks("reschedule_appointment", json!({ "date": SLOT }))
        .await;
    assert!(heard.says("already taken"), "{}", heard.words);
}
