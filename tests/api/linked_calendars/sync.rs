//! What a calendar says in pages, in part, or not at all is applied as a whole.

use serde_json::json;

use super::{free, hours};
use crate::support::{
    Linked, LinkedGoogle,
    appointments::{books, live},
    google::{GoogleEvent, PRIMARY},
    http::Failure,
    linked::timed,
};

const DAY: &str = "2026-12-01";

fn at(day: &str, from: &str, to: &str) -> GoogleEvent {
    GoogleEvent::timed(
        &format!("{day}T{from}:00-07:00"),
        &format!("{day}T{to}:00-07:00"),
    )
}

async fn events(linked: &LinkedGoogle) -> i64 {
    let count = "select count(*) from private.external_events";
    linked.app.database.value(count).await
}

async fn cursor(linked: &LinkedGoogle) -> Option<String> {
    linked
        .app
        .database
        .value("select cursor from private.calendar_links")
        .await
}

#[tokio::test]
async fn a_taken_hour_is_refused_with_others_and_a_short_event_takes_the_whole_slot() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.add_event(PRIMARY, at(DAY, "10:15", "10:30"));
    linked.reads().await;
    let mut expected = hours(8, 18);
    expected.retain(|time| time != "10:00");
    assert_eq!(free(&linked.app, DAY).await, expected);
    let refused = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(refused.says("already taken"), "{}", refused.words);
    assert!(!refused.tokens().is_empty(), "{}", refused.words);
    assert!(live(&linked.app).await.is_empty());
}

#[tokio::test]
async fn a_series_has_its_exceptions() {
    let linked = Linked::start("{}").await;
    let series = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20261101T000000Z\r\n\
        DTSTART;TZID=America/Denver:20261201T100000\r\nDTEND;TZID=America/Denver:20261201T110000\r\n\
        RRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE;TZID=America/Denver:20261208T100000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n\
        UID:weekly\r\nDTSTAMP:20261101T000000Z\r\nRECURRENCE-ID;TZID=America/Denver:20261215T100000\r\n\
        DTSTART;TZID=America/Denver:20261215T140000\r\nDTEND;TZID=America/Denver:20261215T150000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let path = format!("{}weekly.ics", linked.calendar);
    linked.radicale.put(&path, series).await;
    linked.reads().await;
    for (day, taken) in [
        ("2026-12-01", Some("10:00")),
        ("2026-12-08", None),
        ("2026-12-15", Some("14:00")),
        ("2026-12-22", Some("10:00")),
        ("2026-12-29", Some("10:00")),
        ("2027-01-05", None),
    ] {
        let mut expected = hours(8, 18);
        expected.retain(|time| Some(time.as_str()) != taken);
        assert_eq!(free(&linked.app, day).await, expected, "{day}");
    }
    // What was one of the series is one event now, and the rest is gone.
    linked
        .enters("weekly", &timed("20261215T1500", "20261215T1600"))
        .await;
    linked.reads().await;
    assert_eq!(free(&linked.app, "2026-12-22").await, hours(8, 18));
    assert!(
        !free(&linked.app, "2026-12-15")
            .await
            .contains(&"15:00".to_owned())
    );
}

#[tokio::test]
async fn six_thousand_events_in_pages_are_applied_and_a_page_that_fails_keeps_what_was_known() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.set_page_size(700);
    let day = |number: i32| {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        (day + chrono::TimeDelta::days((number % 55).into())).to_string()
    };
    for number in 0..6_000 {
        let minute = number / 55 * 4;
        let time = |minute: i32| format!("{:02}:{:02}", 8 + minute / 60, minute % 60);
        linked.google.add_event(
            PRIMARY,
            at(&day(number), &time(minute), &time(minute + 4)).id(&format!("many{number:05}")),
        );
    }
    let began = std::time::Instant::now();
    linked.reads().await;
    println!("6,000 events: {:?}", began.elapsed());
    assert_eq!(events(&linked).await, 6_000);
    assert_eq!(free(&linked.app, DAY).await, ["16:00", "17:00"]);
    let known = cursor(&linked).await;
    assert!(known.is_some());

    // A delta of two pages, of which one fails: nothing of it counts, and it comes again.
    for number in 0..800 {
        linked
            .google
            .delete_event(PRIMARY, &format!("many{number:05}"));
    }
    linked
        .google
        .fail_next(&[Failure::new(503, "backendError")]);
    linked.reads().await;
    assert_eq!(cursor(&linked).await, known);
    assert_eq!(events(&linked).await, 6_000);
    linked.reads().await;
    assert_eq!(events(&linked).await, 5_200);
    assert_ne!(cursor(&linked).await, known);
}

#[tokio::test]
async fn a_cursor_that_is_too_old_costs_one_listing_and_no_block() {
    let linked = LinkedGoogle::start("{}").await;
    let id = linked.google.add_event(PRIMARY, at(DAY, "10:00", "11:00"));
    linked.google.add_event(PRIMARY, at(DAY, "12:00", "13:00"));
    linked.reads().await;
    let known = cursor(&linked).await;
    linked.google.expire_cursors();
    linked.google.delete_event(PRIMARY, &id);
    linked.google.add_event(PRIMARY, at(DAY, "14:00", "15:00"));
    linked.google.clear_requests();
    linked.reads().await;
    let listed: Vec<u16> = linked
        .google
        .requests_of("events.list")
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(listed, [410, 200]);
    assert_ne!(cursor(&linked).await, known);
    let mut expected = hours(8, 18);
    expected.retain(|time| time != "12:00" && time != "14:00");
    assert_eq!(free(&linked.app, DAY).await, expected);
}

#[tokio::test]
async fn what_is_dragged_out_of_the_window_blocks_no_more_and_what_is_dragged_into_it_does() {
    let linked = LinkedGoogle::start("{}").await;
    let id = linked.google.add_event(PRIMARY, at(DAY, "10:00", "11:00"));
    linked.reads().await;
    let drag = |day: &str| {
        linked.google.move_event(
            PRIMARY,
            &id,
            &format!("{day}T10:00:00-07:00"),
            &format!("{day}T11:00:00-07:00"),
        );
    };
    drag("2028-12-01");
    linked.reads().await;
    assert_eq!(free(&linked.app, DAY).await, hours(8, 18));
    drag("2026-12-02");
    linked.reads().await;
    assert_eq!(free(&linked.app, "2026-12-02").await.len(), 9);
}

#[tokio::test]
async fn a_calendar_that_lost_most_of_its_events_is_read_twice_before_it_is_believed() {
    let linked = Linked::start("{}").await;
    let app = &linked.app;
    for hour in 0..12 {
        let time =
            |minute: i32| format!("202612{:02}T{:02}{minute:02}", 1 + hour / 6, 8 + hour % 6);
        linked
            .enters(&format!("event-{hour}"), &timed(&time(0), &time(30)))
            .await;
    }
    linked.reads().await;
    assert_eq!(free(app, DAY).await, hours(14, 18));
    for hour in 0..8 {
        let path = format!("{}event-{hour}.ics", linked.calendar);
        linked.radicale.delete(&path).await;
    }
    // A listing of everything does not tell what was deleted from what could not be read.
    app.dashboard("update private.calendar_links set cursor = null")
        .await;
    linked.reads().await;
    assert_eq!(free(app, DAY).await, hours(14, 18), "once is never");

    app.at("2026-11-23T15:01:01Z");
    app.settles().await;
    assert_eq!(free(app, DAY).await, hours(8, 18));
    let left: i64 = app
        .database
        .value("select count(*) from private.external_events")
        .await;
    assert_eq!(left, 4);
}

#[tokio::test]
async fn a_horizon_that_is_moved_further_away_is_read_up_to_it() {
    let linked = LinkedGoogle::start("{}").await;
    linked
        .google
        .add_event(PRIMARY, at("2027-03-02", "10:00", "11:00"));
    linked.reads().await;
    assert_eq!(events(&linked).await, 0);
    linked
        .app
        .dashboard(r#"update organizations set settings = '{"horizon_days": 120}'"#)
        .await;
    linked.reads().await;
    assert!(
        !free(&linked.app, "2027-03-02")
            .await
            .contains(&"10:00".to_owned())
    );
}

#[tokio::test]
async fn an_appointment_is_not_in_the_way_of_its_own_move_and_its_event_blocks_no_more_when_it_is_off()
 {
    let linked = LinkedGoogle::start(r#"{"step_minutes": 30}"#).await;
    let (app, caller) = (&linked.app, linked.app.caller());
    let said = books(&caller, "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    linked.reads().await;
    let moved = caller
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T10:30" }),
        )
        .await;
    assert!(!moved.is_error, "{}", moved.words);
    assert_eq!(live(app).await, ["2026-12-01 10:30"]);
    app.settles().await;
    linked.reads().await;

    // Off while Google is away: the event stands there still, and is read once it is back.
    linked.google.is_down(Failure::new(503, "backendError"));
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    linked.google.is_back();
    app.dashboard("update private.calendar_links set cursor = null, due_at = private.clock()")
        .await;
    app.settles().await;
    assert_eq!(events(&linked).await, 0);
    assert!(free(app, DAY).await.contains(&"10:30".to_owned()));
}

#[tokio::test]
async fn the_switch_for_all_calendars_takes_the_blocks_away_and_brings_them_back() {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    linked.google.add_event(PRIMARY, at(DAY, "10:00", "11:00"));
    linked
        .google
        .add_event(PRIMARY, GoogleEvent::days("2026-12-02", "2026-12-03"));
    linked.reads().await;
    app.dashboard("update organizations set calendar_sync_enabled = false")
        .await;
    assert_eq!(free(app, DAY).await, hours(8, 18));
    assert_eq!(free(app, "2026-12-02").await, hours(8, 18));
    app.settles().await;
    linked.google.add_event(PRIMARY, at(DAY, "15:00", "16:00"));
    app.dashboard("update organizations set calendar_sync_enabled = true")
        .await;
    app.settles().await;
    assert_eq!(free(app, DAY).await.len(), 8);
    assert!(free(app, "2026-12-02").await.is_empty());
}

#[tokio::test]
async fn a_special_day_is_blocked_like_any_other() {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    app.dashboard(&format!(
        "insert into special_days (organization_id, special_date, hours)
         values ('{}', '2026-12-05', '[{{\"open\": \"09:00\", \"close\": \"12:00\"}}]')",
        app.organization_id
    ))
    .await;
    linked
        .google
        .add_event(PRIMARY, at("2026-12-05", "10:00", "11:00"));
    linked.reads().await;
    assert_eq!(free(app, "2026-12-05").await, ["09:00", "11:00"]);
}

#[tokio::test]
async fn a_calendar_that_is_not_read_blocks_nothing_and_contradicts_nothing() {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    app.dashboard("update private.calendar_links set reads = false")
        .await;
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    linked.google.add_event(PRIMARY, at(DAY, "10:30", "12:00"));
    linked.reads().await;
    assert_eq!(free(app, DAY).await.len(), 9);
    let conflicts: i64 = app
        .database
        .value("select count(*) from private.calendar_conflicts")
        .await;
    assert_eq!(conflicts, 0);
    assert_eq!(linked.ours().len(), 1);
}
