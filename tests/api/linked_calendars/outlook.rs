//! Outlook, from the owner's consent to the event of an appointment.

use serde_json::json;

use crate::support::{
    Microsoft, TestApp,
    app::ORGANIZATION_ID,
    appointments::books,
    consent::connect,
    microsoft::{DEFAULT, OutlookEvent},
};

pub async fn start() -> (TestApp, Microsoft) {
    let microsoft = Microsoft::start().await;
    let mut builder = TestApp::builder().await;
    for (name, value) in microsoft.settings() {
        builder = builder.setting(name, &value);
    }
    let app = builder.start().await;
    microsoft.set_now(app.clock.now());
    let mut settings = microsoft.settings();
    settings.push(("--microsoft-authorize-url", microsoft.authorize_url()));
    let line = ["--provider", "outlook", "--calendar", DEFAULT];
    connect(&app, &settings, &line).await;
    app.settles().await;
    (app, microsoft)
}

async fn reads(app: &TestApp) {
    app.database
        .run(&format!(
            "update private.calendar_links set due_at = '{}' where due_at is not null",
            app.clock.now().to_rfc3339()
        ))
        .await;
    app.settles().await;
}

async fn is_free(app: &TestApp, hour: &str) -> bool {
    app.database
        .value(&format!(
            "select bool_or(s.is_available) from (select set_config('frontdesk.now', '{}', false)) as clock,
                 lateral get_available_time_slots('{ORGANIZATION_ID}', '2026-12-01', 60) as s
             where s.start_time = '{hour}'",
            app.clock.now().to_rfc3339()
        ))
        .await
}

pub fn ours(microsoft: &Microsoft) -> Vec<serde_json::Value> {
    let mut events = microsoft.events(DEFAULT);
    events.retain(|event| event["transactionId"].is_string());
    events
}

#[tokio::test]
async fn an_owner_agrees_and_what_is_busy_there_is_busy_here_though_tokens_rotate() {
    let (app, microsoft) = start().await;
    let event = OutlookEvent::timed("2026-12-01T17:00:00Z", "2026-12-01T18:00:00Z");
    let id = microsoft.add_event(DEFAULT, event);
    reads(&app).await;
    assert!(!is_free(&app, "10:00").await);
    for _ in 0..3 {
        microsoft.expire_access_tokens();
        reads(&app).await;
    }
    microsoft.delete_event(DEFAULT, &id);
    microsoft.expire_access_tokens();
    reads(&app).await;
    assert!(is_free(&app, "10:00").await);
    let state: String = app
        .database
        .value("select state from private.calendar_accounts")
        .await;
    assert_eq!(state, "live");
}

#[tokio::test]
async fn an_appointment_appears_once_though_the_answer_was_lost_moves_and_vanishes() {
    let (app, microsoft) = start().await;
    let caller = app.caller();
    microsoft.lose_next_answer();
    assert!(
        books(&caller, "2026-12-01T10:00")
            .await
            .says("You're booked")
    );
    app.settles().await;
    reads(&app).await;
    app.passes_until("2026-11-23T15:10:00Z").await;
    let events = ours(&microsoft);
    assert_eq!(events.len(), 1, "{events:?}");
    let tasks: i64 = app.database.value("select count(*) from staff_tasks").await;
    assert_eq!(tasks, 0, "what we wrote ourselves overlaps nothing");
    let events: i64 = app
        .database
        .value("select count(*) from private.external_events")
        .await;
    assert_eq!(events, 0);

    let moved = caller
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T14:00" }),
        )
        .await;
    assert!(!moved.is_error, "{}", moved.words);
    app.settles().await;
    assert_eq!(
        ours(&microsoft)[0]["start"]["dateTime"],
        "2026-12-01T21:00:00"
    );
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    assert!(ours(&microsoft).is_empty());
    microsoft.assert_discreet();
}
