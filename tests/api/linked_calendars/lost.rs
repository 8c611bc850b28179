//! Calendars and mailboxes that are not there for a while, or for good: nobody is asked without end, and nothing is written twice.

use serde_json::json;

use super::outlook::{ours, start};
use crate::support::{Linked, LinkedGoogle, appointments::books, google::PRIMARY, http::Failure};

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
