//! Days and hours of linked calendars on the organization's clock.

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::{free, hours};
use crate::support::{
    Linked, LinkedGoogle, TestApp,
    google::{GoogleEvent, PRIMARY},
    linked::timed,
};

async fn moves_to(app: &TestApp, zone: &str) {
    app.dashboard(&format!("update organizations set timezone = '{zone}'"))
        .await;
}

/// One hour from 17:00 in Greenwich on Wednesday, December 9: the hours that are free then in a zone.
fn around_an_hour(zone: &str, day: &str) -> Vec<String> {
    let zone: Tz = zone.parse().unwrap();
    let start: DateTime<Utc> = "2026-12-09T17:00:00Z".parse().unwrap();
    let (start, end) = (start, start + TimeDelta::hours(1));
    let (start, end) = (start.with_timezone(&zone), end.with_timezone(&zone));
    let minute = |time: &DateTime<Tz>| {
        let days = (time.date_naive() - day.parse::<NaiveDate>().unwrap()).num_days();
        days * 1_440 + i64::from(time.hour() * 60 + time.minute())
    };
    let (from, to) = (minute(&start), minute(&end));
    let mut free = hours(8, 18);
    free.retain(|time| {
        let starts = 60 * time[..2].parse::<i64>().unwrap();
        starts + 60 <= from || to <= starts
    });
    free
}

#[tokio::test]
async fn a_whole_day_is_that_day_alone_and_an_hour_that_hour_from_the_first_zone_to_the_last() {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    linked
        .google
        .add_event(PRIMARY, GoogleEvent::days("2026-12-02", "2026-12-03"));
    linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-09T10:00:00-07:00", "2026-12-09T11:00:00-07:00"),
    );
    linked.reads().await;
    let zones = [
        "Etc/GMT+12",
        "Pacific/Pago_Pago",
        "America/Denver",
        "America/St_Johns",
        "UTC",
        "Europe/Berlin",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
    ];
    for zone in zones {
        moves_to(app, zone).await;
        // What is known already lies on the new clock at once, and what is read anew on the same.
        for is_read in [false, true] {
            if is_read {
                app.dashboard("update private.calendar_links set cursor = null")
                    .await;
                linked.reads().await;
            }
            assert_eq!(free(app, "2026-12-01").await, hours(8, 18), "{zone}");
            assert!(free(app, "2026-12-02").await.is_empty(), "{zone}");
            assert_eq!(free(app, "2026-12-03").await, hours(8, 18), "{zone}");
            for day in ["2026-12-09", "2026-12-10"] {
                assert_eq!(free(app, day).await, around_an_hour(zone, day), "{zone}");
            }
        }
    }
}

#[tokio::test]
async fn whole_days_of_a_caldav_server_are_days_on_the_organizations_clock() {
    let linked = Linked::start("{}").await;
    let app = &linked.app;
    let lines = "DTSTART;VALUE=DATE:20261202\nDTEND;VALUE=DATE:20261204";
    linked.enters("away", lines).await;
    // A day without an end is one day.
    linked.enters("one", "DTSTART;VALUE=DATE:20261208").await;
    linked.reads().await;
    for zone in ["America/Denver", "Etc/GMT+12", "Pacific/Kiritimati"] {
        moves_to(app, zone).await;
        linked.reads().await;
        for (day, is_free) in [
            ("2026-12-01", true),
            ("2026-12-02", false),
            ("2026-12-03", false),
            ("2026-12-04", true),
            ("2026-12-07", true),
            ("2026-12-08", false),
            ("2026-12-09", true),
        ] {
            let expected = if is_free { hours(8, 18) } else { Vec::new() };
            assert_eq!(free(app, day).await, expected, "{zone} {day}");
        }
    }
}

#[tokio::test]
async fn an_event_of_several_days_takes_its_hours_alone() {
    let linked = Linked::start("{}").await;
    linked
        .enters("trade-fair", &timed("20261201T1000", "20261203T1200"))
        .await;
    linked.reads().await;
    let app = &linked.app;
    assert_eq!(free(app, "2026-11-30").await, hours(8, 18));
    assert_eq!(free(app, "2026-12-01").await, hours(8, 10));
    assert!(free(app, "2026-12-02").await.is_empty());
    assert_eq!(free(app, "2026-12-03").await, hours(12, 18));
    assert_eq!(free(app, "2026-12-04").await, hours(8, 18));
}

const NIGHTS: &str = r#""hours": {"tuesday": [{"open": "20:00", "close": "24:00"}], "wednesday": [{"open": "00:00", "close": "04:00"}]}"#;

#[tokio::test]
async fn an_event_over_midnight_takes_both_of_its_parts_and_what_lies_around_it() {
    let linked = Linked::start(&format!("{{{NIGHTS}}}")).await;
    let app = &linked.app;
    linked
        .enters("party", &timed("20261201T2300", "20261202T0130"))
        .await;
    // From midnight to midnight, as hours: it ends where the next day begins.
    linked
        .enters("wake", &timed("20261208T0000", "20261209T0000"))
        .await;
    linked.reads().await;
    assert_eq!(free(app, "2026-12-01").await, hours(20, 23));
    assert_eq!(free(app, "2026-12-02").await, hours(2, 4));
    assert!(free(app, "2026-12-08").await.is_empty());
    assert_eq!(free(app, "2026-12-09").await, hours(0, 4));

    // What an appointment needs after it and before it lies around hours, also over midnight, and not around days.
    linked
        .enters(
            "holiday",
            "DTSTART;VALUE=DATE:20261215\nDTEND;VALUE=DATE:20261216",
        )
        .await;
    linked
        .enters(
            "morning",
            "DTSTART;VALUE=DATE:20261223\nDTEND;VALUE=DATE:20261224",
        )
        .await;
    app.dashboard(&format!(
        r#"update organizations set settings = '{{{NIGHTS}, "buffer_before_minutes": 60, "buffer_after_minutes": 30}}'"#
    ))
    .await;
    linked.reads().await;
    assert_eq!(free(app, "2026-12-01").await, hours(20, 22));
    assert_eq!(free(app, "2026-12-02").await, hours(3, 4));
    assert_eq!(free(app, "2026-12-09").await, hours(1, 4));
    assert!(free(app, "2026-12-15").await.is_empty());
    assert_eq!(free(app, "2026-12-16").await, hours(0, 4));
    assert_eq!(free(app, "2026-12-22").await, hours(20, 24));
}

const SUNDAYS: &str = r#"{"horizon_days": 365, "hours": {"sunday": [{"open": "00:00", "close": "06:00"}],
    "thursday": [{"open": "00:00", "close": "06:00"}], "friday": [{"open": "00:00", "close": "06:00"}]}}"#;

#[tokio::test]
async fn around_a_change_of_the_clocks_nothing_is_free_that_is_busy_and_nothing_else_is_lost() {
    let linked = LinkedGoogle::start(SUNDAYS).await;
    let app = &linked.app;
    let times =
        |list: &[u32]| -> Vec<String> { list.iter().map(|hour| format!("{hour:02}:00")).collect() };
    for (start, end, day, expected) in [
        // An hour in which the clocks go from two to three.
        (
            "2027-03-14T01:30:00-07:00",
            "2027-03-14T03:30:00-06:00",
            "2027-03-14",
            &[0, 4, 5][..],
        ),
        // What ends when they do.
        (
            "2027-03-14T00:30:00-07:00",
            "2027-03-14T03:00:00-06:00",
            "2027-03-14",
            &[3, 4, 5],
        ),
        (
            "2027-03-14T03:00:00-06:00",
            "2027-03-14T04:00:00-06:00",
            "2027-03-14",
            &[0, 1, 4, 5],
        ),
        // The hour from one to two, the first and the second time, and both.
        (
            "2027-11-07T01:00:00-06:00",
            "2027-11-07T02:00:00-06:00",
            "2027-11-07",
            &[0, 2, 3, 4, 5],
        ),
        (
            "2027-11-07T01:00:00-07:00",
            "2027-11-07T02:00:00-07:00",
            "2027-11-07",
            &[0, 2, 3, 4, 5],
        ),
        (
            "2027-11-07T01:00:00-06:00",
            "2027-11-07T02:00:00-07:00",
            "2027-11-07",
            &[0, 2, 3, 4, 5],
        ),
        // From half past one to half past one an hour later, and from the first to the second.
        (
            "2027-11-07T01:30:00-06:00",
            "2027-11-07T01:30:00-07:00",
            "2027-11-07",
            &[0, 2, 3, 4, 5],
        ),
        (
            "2027-11-07T01:50:00-06:00",
            "2027-11-07T01:10:00-07:00",
            "2027-11-07",
            &[0, 2, 3, 4, 5],
        ),
        (
            "2027-11-07T00:30:00-06:00",
            "2027-11-07T01:05:00-06:00",
            "2027-11-07",
            &[2, 3, 4, 5],
        ),
        (
            "2027-11-07T01:30:00-07:00",
            "2027-11-07T03:30:00-07:00",
            "2027-11-07",
            &[0, 4, 5],
        ),
        // Days in which they change, and the night before.
        (
            "2027-03-13T22:00:00-07:00",
            "2027-03-14T01:00:00-07:00",
            "2027-03-14",
            &[1, 3, 4, 5],
        ),
    ] {
        let id = linked
            .google
            .add_event(PRIMARY, GoogleEvent::timed(start, end));
        linked.reads().await;
        assert_eq!(free(app, day).await, times(expected), "{start} {end}");
        linked.google.delete_event(PRIMARY, &id);
        linked.reads().await;
    }
    for day in ["2027-03-14", "2027-11-07"] {
        let next = day.replace("14", "15").replace("07", "08");
        let id = linked
            .google
            .add_event(PRIMARY, GoogleEvent::days(day, &next));
        linked.reads().await;
        assert!(free(app, day).await.is_empty(), "{day}");
        linked.google.delete_event(PRIMARY, &id);
    }

    // In Cairo a Friday in April begins at one.
    moves_to(app, "Africa/Cairo").await;
    linked.reads().await;
    assert_eq!(free(app, "2027-04-30").await, hours(1, 6));
    let id = linked
        .google
        .add_event(PRIMARY, GoogleEvent::days("2027-04-29", "2027-04-30"));
    linked.reads().await;
    assert!(free(app, "2027-04-29").await.is_empty());
    assert_eq!(free(app, "2027-04-30").await, hours(1, 6));
    linked.google.delete_event(PRIMARY, &id);
    linked
        .google
        .add_event(PRIMARY, GoogleEvent::days("2027-04-30", "2027-05-01"));
    linked.reads().await;
    assert_eq!(free(app, "2027-04-29").await, hours(0, 6));
    assert!(free(app, "2027-04-30").await.is_empty());
}

#[tokio::test]
async fn an_event_in_a_zone_that_its_file_defines_lies_where_that_zone_says() {
    let linked = Linked::start("{}").await;
    let custom = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:Custom\r\nBEGIN:STANDARD\r\n\
        DTSTART:19700101T000000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
        UID:custom\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Custom:20261201T120000\r\nDTEND;TZID=Custom:20261201T130000\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";
    let path = format!("{}custom.ics", linked.calendar);
    linked.radicale.put(&path, custom).await;
    // Windows' name of New York, a time that floats, and one in Greenwich.
    linked
        .enters(
            "windows",
            "DTSTART;TZID=Eastern Standard Time:20261202T120000\nDTEND;TZID=Eastern Standard Time:20261202T130000",
        )
        .await;
    linked
        .enters("floats", "DTSTART:20261203T100000\nDTEND:20261203T110000")
        .await;
    linked
        .enters("utc", "DTSTART:20261204T170000Z\nDURATION:PT1H")
        .await;
    linked.reads().await;
    for day in ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"] {
        let mut expected = hours(8, 18);
        expected.retain(|time| time != "10:00");
        assert_eq!(free(&linked.app, day).await, expected, "{day}");
    }
}

#[tokio::test]
async fn an_event_of_months_takes_both_of_the_hours_that_it_ends_or_starts_in() {
    let app = TestApp::shared().await;
    for (starts, ends, expected) in [
        // From the winter into the second half past one of the night in which the clocks go back.
        (
            "2026-01-10T10:00:00-07:00",
            "2026-11-01T01:30:00-07:00",
            "2026-01-10 10:00:00 2026-11-01 02:00:00",
        ),
        (
            "2026-06-10T10:00:00-06:00",
            "2026-11-01T01:30:00-07:00",
            "2026-06-10 10:00:00 2026-11-01 02:00:00",
        ),
        // From the first half past one of such a night over the next one.
        (
            "2025-11-02T01:30:00-06:00",
            "2026-11-20T10:00:00-07:00",
            "2025-11-02 01:00:00 2026-11-20 10:00:00",
        ),
        (
            "2025-11-02T01:30:00-06:00",
            "2026-07-20T10:00:00-06:00",
            "2025-11-02 01:00:00 2026-07-20 10:00:00",
        ),
    ] {
        let span: String = app
            .database
            .value(&format!(
                "select lower(s.span) || ' ' || upper(s.span)
                 from private.external_span('{starts}', '{ends}', 'America/Denver') as s (span)"
            ))
            .await;
        assert_eq!(span, expected);
    }
}
