//! Calendars, mailboxes and events that are not where they were: nobody is asked without end, nothing is written twice, and nobody's
//! appointment is cancelled.

use serde_json::json;

use super::outlook::{ours, start};
use crate::support::{
    Linked, LinkedGoogle, TestApp,
    appointments::books,
    google::{GoogleEvent, PRIMARY},
    http::Failure,
    microsoft::{DEFAULT, OutlookEvent},
    operator::printed,
};

#[tokio::test]
async fn a_calendar_that_was_deleted_is_asked_again_later_and_later() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.remove_calendar(PRIMARY);
    linked.google.clear_requests();
    books(&linked.app.caller(), "2026-12-01T10:00").await;
    linked.app.settles().await;
    let asked = linked.google.requests_of("events.insert").len();
    assert_eq!(asked, 1);
    let waits: Vec<String> = linked
        .app
        .database
        .column(&format!(
            "select failure_code from private.calendar_copies where due_at > '{}'",
            linked.app.clock.now().to_rfc3339()
        ))
        .await;
    assert_eq!(waits, ["gone"]);
    // It was shared with somebody else for a while.
    linked.google.add_calendar(PRIMARY, "Office", "owner");
    linked.app.passes_until("2026-11-23T18:00:00Z").await;
    assert_eq!(linked.ours().len(), 1);
}

#[tokio::test]
async fn a_caldav_calendar_that_was_deleted_is_asked_again_later() {
    let linked = Linked::start("{}").await;
    linked.radicale.delete(&linked.calendar).await;
    books(&linked.app.caller(), "2026-12-01T10:00").await;
    linked.app.settles().await;
    let attempts: i32 = linked
        .app
        .database
        .value("select attempts from private.calendar_copies where failure_code = 'gone'")
        .await;
    assert_eq!(attempts, 1);
    linked.radicale.make_calendar("office").await;
    linked.app.passes_until("2026-11-23T18:00:00Z").await;
    assert_eq!(linked.ours().await.len(), 1);
}

#[tokio::test]
async fn the_staff_hear_once_of_a_calendar_that_is_gone_until_it_is_read_again() {
    let linked = Linked::start("{}").await;
    let tasks = async || {
        let tasks = "select status || ' ' || summary from staff_tasks where kind = 'calendar'";
        linked.app.database.column::<String>(tasks).await
    };
    linked.radicale.delete(&linked.calendar).await;
    for _ in 0..4 {
        linked.reads().await;
    }
    let told = tasks().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("open The linked calendar /office/office/"),
        "{told:?}"
    );
    assert!(told[0].contains("it is not there"), "{told:?}");

    linked.radicale.make_calendar("office").await;
    linked.reads().await;
    let told = tasks().await;
    assert!(told.len() == 1 && told[0].starts_with("done"), "{told:?}");

    linked.radicale.delete(&linked.calendar).await;
    for _ in 0..4 {
        linked.reads().await;
    }
    assert_eq!(tasks().await.len(), 2);
    let id = crate::support::app::ORGANIZATION_ID.to_string();
    printed(&linked.command(&["calendar", "disconnect", &id], ""));
    let told = tasks().await;
    assert!(told.iter().all(|task| task.starts_with("done")), "{told:?}");
}

#[tokio::test]
async fn an_outage_that_passes_is_no_task() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.is_down(Failure::new(503, "backendError"));
    for _ in 0..4 {
        linked.reads().await;
    }
    let failures: i32 = linked
        .app
        .database
        .value("select failures from private.calendar_links")
        .await;
    assert!(failures > 3);
    let tasks: i64 = linked
        .app
        .database
        .value("select count(*) from staff_tasks where kind = 'calendar'")
        .await;
    assert_eq!(tasks, 0);
}

#[tokio::test]
async fn an_event_in_a_mailbox_that_is_being_moved_is_not_written_a_second_time() {
    for code in [
        "MailboxNotEnabledForRESTAPI",
        "MailboxNotSupportedForRESTAPI",
        "ErrorNonExistentMailbox",
        "ErrorMailboxMoveInProgress",
        "ErrorInvalidUser",
    ] {
        let (app, microsoft) = start().await;
        let caller = app.caller();
        books(&caller, "2026-12-01T10:00").await;
        app.settles().await;
        microsoft.is_down(Failure::new(404, code));
        let moved = json!({ "new_date": "2026-12-01T14:00" });
        caller.asks("reschedule_appointment", moved).await;
        app.settles().await;
        microsoft.is_back();
        app.passes_until("2026-11-23T18:00:00Z").await;
        let ours = ours(&microsoft);
        assert_eq!(ours.len(), 1, "{code}: {ours:?}");
        assert_eq!(ours[0]["start"]["dateTime"], "2026-12-01T21:00:00");
    }
}

/// What became of the appointment and of the second of the series, which is somebody's own.
async fn stands_beside_the_series(app: &TestApp) {
    app.reads_calendars().await;
    app.passes_until("2026-11-23T15:30:00Z").await;
    let appointments: Vec<String> = app
        .database
        .column("select concat_ws(' ', status, scheduled_date) from appointments")
        .await;
    assert_eq!(appointments, ["confirmed 2026-12-01"]);
    let events: Vec<String> = app
        .database
        .column("select lower(span)::text from private.external_events")
        .await;
    assert_eq!(events, ["2026-12-08 10:00:00"]);
    let tasks: i64 = app
        .database
        .value("select count(*) from staff_tasks where kind = 'calendar'")
        .await;
    assert_eq!(tasks, 0);
}

#[tokio::test]
async fn an_appointment_whose_event_was_made_a_series_stands_and_the_others_are_busy() {
    let settings = r#"{"calendar": {"deleted": "cancel"}}"#;
    let linked = LinkedGoogle::start(settings).await;
    books(&linked.app.caller(), "2026-12-01T10:00").await;
    linked.app.settles().await;
    let id = linked.ours()[0]["id"].as_str().unwrap().to_owned();
    // Its instances are listed from now on, and it is not.
    linked.google.delete_event(PRIMARY, &id);
    for day in ["01", "08"] {
        let time = |hour: u32| format!("2026-12-{day}T{hour}:00:00-07:00");
        let instance = GoogleEvent::timed(&time(10), &time(11))
            .id(&format!("{id}_202612{day}T170000Z"))
            .set("recurringEventId", json!(id));
        linked.google.add_event(PRIMARY, instance);
    }
    stands_beside_the_series(&linked.app).await;
    let all = "update private.calendar_links set last_full_at = null, cursor = null";
    linked.app.database.run(all).await;
    stands_beside_the_series(&linked.app).await;
}

#[tokio::test]
async fn an_appointment_whose_event_was_made_a_series_in_outlook_stands_too() {
    let (app, microsoft) = start().await;
    app.database
        .run(r#"update organizations set settings = '{"calendar": {"deleted": "cancel"}}'"#)
        .await;
    books(&app.caller(), "2026-12-01T10:00").await;
    app.settles().await;
    let id = ours(&microsoft)[0]["id"].as_str().unwrap().to_owned();
    microsoft.delete_event(DEFAULT, &id);
    for day in ["01", "08"] {
        let time = |hour: u32| format!("2026-12-{day}T{hour}:00:00-07:00");
        let occurrence = OutlookEvent::timed(&time(10), &time(11)).occurrence_of(&id);
        microsoft.add_event(DEFAULT, occurrence);
    }
    stands_beside_the_series(&app).await;
}
