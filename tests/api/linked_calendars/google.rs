//! Google Calendar, from the owner's consent to the event of an appointment.

use serde_json::json;

use crate::support::{
    Google, LinkedGoogle, TestApp,
    appointments::books,
    eventually,
    google::{GoogleEvent, PRIMARY},
};

const DAY: &str = "2026-12-01";

#[tokio::test]
async fn an_owner_agrees_and_what_is_busy_there_is_busy_here() {
    let linked = LinkedGoogle::start("{}").await;
    let id = linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
            .titled("Divorce lawyer"),
    );
    linked.reads().await;
    assert!(!linked.free(DAY).await.contains(&"10:00".to_owned()));
    let refused = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(refused.says("already taken"), "{}", refused.words);

    linked.google.move_event(
        PRIMARY,
        &id,
        "2026-12-01T14:00:00-07:00",
        "2026-12-01T15:00:00-07:00",
    );
    linked.reads().await;
    let free = linked.free(DAY).await;
    assert!(free.contains(&"10:00".to_owned()) && !free.contains(&"14:00".to_owned()));
    linked.google.assert_discreet();
}

#[tokio::test]
async fn an_appointment_appears_once_though_the_answer_was_lost_moves_and_vanishes() {
    let linked = LinkedGoogle::start("{}").await;
    let (app, caller) = (&linked.app, linked.app.caller());
    linked.google.lose_next_answer();
    assert!(
        books(&caller, "2026-12-01T10:00")
            .await
            .says("You're booked")
    );
    app.settles().await;
    app.passes_until("2026-11-23T15:10:00Z").await;
    let ours = linked.ours();
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert_eq!(ours[0]["start"]["dateTime"], "2026-12-01T10:00:00-07:00");
    let events: i64 = app
        .database
        .value("select count(*) from private.external_events")
        .await;
    assert_eq!(events, 0, "our own event blocks nothing");

    let moved = caller
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T14:00" }),
        )
        .await;
    assert!(!moved.is_error, "{}", moved.words);
    app.settles().await;
    assert_eq!(
        linked.ours()[0]["start"]["dateTime"],
        "2026-12-01T14:00:00-07:00"
    );

    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    assert!(linked.ours().is_empty());
    linked.google.assert_discreet();
}

#[tokio::test]
async fn a_credential_that_a_dashboard_writes_links_the_calendar_that_the_organization_names() {
    let google = Google::start().await;
    let mut builder = TestApp::builder().await;
    for (name, value) in google.settings() {
        builder = builder.setting(name, &value);
    }
    let app = builder.start().await;
    google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00"),
    );
    app.dashboard(&format!(
        "update organizations set google_calendar_id = '{PRIMARY}', google_refresh_token = '{}', calendar_sync_enabled = true",
        google.refresh_token()
    ))
    .await;
    let is_blocked = async || {
        let blocks: i64 = app
            .database
            .value("select count(*) from private.external_events")
            .await;
        (blocks == 1).then_some(())
    };
    eventually(
        "the calendar is read once the credential is sealed",
        is_blocked,
    )
    .await;
    let booked = books(&app.caller(), "2026-12-01T13:00").await;
    assert!(booked.says("You're booked"), "{}", booked.words);
    app.settles().await;
    assert_eq!(google.events(PRIMARY).len(), 2);
    let id: Option<String> = app
        .database
        .value("select google_calendar_event_id from appointments")
        .await;
    assert!(id.is_some());
}
