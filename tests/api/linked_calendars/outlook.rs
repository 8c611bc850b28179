//! Outlook, from the owner's consent to the event of an appointment.

use serde_json::{Value, json};

use super::{free, hours};
use crate::support::{
    Microsoft, TestApp,
    appointments::books,
    microsoft::{DEFAULT, OutlookEvent},
};

const DAY: &str = "2026-12-01";

async fn start() -> (TestApp, Microsoft) {
    let microsoft = Microsoft::start().await;
    let app = TestApp::linked(TestApp::builder().await, &microsoft, "{}").await;
    (app, microsoft)
}

/// One of a series on the day, at an hour of Denver.
fn occurrence(hour: u32) -> OutlookEvent {
    let time = |hour: u32| format!("{DAY}T{hour:02}:00:00-07:00");
    OutlookEvent::timed(&time(hour), &time(hour + 1)).occurrence_of("master")
}

fn ours(microsoft: &Microsoft) -> Vec<Value> {
    let mut events = microsoft.events(DEFAULT);
    events.retain(|event| event["transactionId"].is_string());
    events
}

#[tokio::test]
async fn an_owner_agrees_and_what_is_busy_there_is_busy_here_though_tokens_rotate() {
    let (app, microsoft) = start().await;
    let event = OutlookEvent::timed("2026-12-01T17:00:00Z", "2026-12-01T18:00:00Z");
    let id = microsoft.add_event(DEFAULT, event);
    app.reads_calendars().await;
    assert!(!free(&app, DAY).await.contains(&"10:00".to_owned()));
    for _ in 0..3 {
        microsoft.expire_access_tokens();
        app.reads_calendars().await;
    }
    microsoft.delete_event(DEFAULT, &id);
    microsoft.expire_access_tokens();
    app.reads_calendars().await;
    assert_eq!(free(&app, DAY).await, hours(8, 18));
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
    app.reads_calendars().await;
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

#[tokio::test]
async fn a_whole_day_whose_midnights_are_told_in_utc_is_that_day_alone_in_every_zone() {
    let (app, microsoft) = start().await;
    microsoft.add_event(DEFAULT, OutlookEvent::days("2026-12-02", "2026-12-03"));
    app.reads_calendars().await;
    for zone in ["Etc/GMT+12", "America/Denver", "Pacific/Kiritimati"] {
        app.dashboard(&format!("update organizations set timezone = '{zone}'"))
            .await;
        app.settles().await;
        assert!(free(&app, "2026-12-02").await.is_empty(), "{zone}");
        for day in [DAY, "2026-12-03"] {
            assert_eq!(free(&app, day).await, hours(8, 18), "{zone} {day}");
        }
    }
    for request in microsoft.requests_of("calendarView.list") {
        assert!(request.headers["prefer"].contains("outlook.timezone=\"UTC\""));
    }
}

#[tokio::test]
async fn occurrences_of_later_pages_block_though_a_page_has_ten() {
    let (app, microsoft) = start().await;
    microsoft.set_page_size(10);
    for _ in 0..25 {
        microsoft.add_event(DEFAULT, OutlookEvent::days("2026-12-03", "2026-12-04"));
    }
    microsoft.add_event(DEFAULT, occurrence(10));
    microsoft.add_event(DEFAULT, occurrence(16));
    let before = microsoft.requests_of("calendarView.list").len();
    app.reads_calendars().await;
    assert_eq!(microsoft.requests_of("calendarView.list").len() - before, 3);
    let mut expected = hours(8, 18);
    expected.retain(|time| time != "10:00" && time != "16:00");
    assert_eq!(free(&app, DAY).await, expected);
    assert!(free(&app, "2026-12-03").await.is_empty());
}

#[tokio::test]
async fn an_occurrence_tells_itself_whether_it_is_busy_and_one_that_does_not_is() {
    let (app, microsoft) = start().await;
    microsoft.add_event(DEFAULT, occurrence(9).show_as("free"));
    microsoft.add_event(DEFAULT, occurrence(11).show_as("oof"));
    let silent = occurrence(13).set("showAs", Value::Null);
    microsoft.add_event(DEFAULT, silent.set("isAllDay", Value::Null));
    app.reads_calendars().await;
    let mut expected = hours(8, 18);
    expected.retain(|time| time != "11:00" && time != "13:00");
    assert_eq!(free(&app, DAY).await, expected);
    // Deltas would leave it out of occurrences; there is none.
    for request in microsoft.requests() {
        assert!(!request.method.contains("delta"), "{request:?}");
    }
    let listed = microsoft.requests_of("calendarView.list");
    for field in ["showAs", "isAllDay"] {
        assert!(
            listed
                .iter()
                .all(|request| request.query["$select"].contains(field))
        );
    }
}
