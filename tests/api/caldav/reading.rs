//! What a calendar has, and what has changed in it.

use frontdesk::domain::external_calendar::CalendarError;

use super::{client, december, event, timed, told};
use crate::support::Radicale;

const SERIES: &str = "DTSTART;TZID=America/Denver:20261005T090000\nDTEND;TZID=America/Denver:20261005T100000\n\
                      RRULE:FREQ=WEEKLY\nEXDATE;TZID=America/Denver:20261214T090000";

/// A series with one of it moved.
fn series() -> String {
    let moved = "RECURRENCE-ID;TZID=America/Denver:20261221T090000\nDTSTART;TZID=America/Denver:20261222T150000\n\
                 DTEND;TZID=America/Denver:20261222T160000";
    let (master, moved) = (event("series", SERIES), event("series", moved));
    let (head, _) = master.split_once("END:VCALENDAR").unwrap();
    let (_, tail) = moved.split_once("BEGIN:VEVENT").unwrap();
    format!("{head}BEGIN:VEVENT{tail}")
}

#[tokio::test]
async fn a_listing_has_series_with_their_exceptions_and_days() {
    let server = Radicale::start().await;
    let calendar = server.make_calendar("work").await;
    let enters = async |name: &str, object: String| {
        server.put(&format!("{calendar}{name}.ics"), &object).await;
    };
    enters("series", series()).await;
    enters(
        "one",
        event("one", &timed("20261203T1000", "20261203T1130")),
    )
    .await;
    enters(
        "days",
        event(
            "days",
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227",
        ),
    )
    .await;
    enters(
        "free",
        event(
            "free",
            &(timed("20261203T1000", "20261203T1130") + "\nTRANSP:TRANSPARENT"),
        ),
    )
    .await;
    enters(
        "off",
        event(
            "off",
            &(timed("20261203T1000", "20261203T1130") + "\nSTATUS:CANCELLED"),
        ),
    )
    .await;
    enters(
        "before",
        event("before", &timed("20261103T1000", "20261103T1130")),
    )
    .await;
    let listing = client(&server)
        .list(&calendar, &december(), None)
        .await
        .unwrap();
    assert!(listing.is_full && listing.cursor.is_some());
    assert_eq!(
        told(&listing),
        [
            "days.ics 2026-12-24/2026-12-27",
            "off.ics deleted",
            "one.ics 20261203T170000Z/20261203T183000Z",
            "series.ics 20261207T160000Z/20261207T170000Z",
            "series.ics 20261222T220000Z/20261222T230000Z",
            "series.ics 20261228T160000Z/20261228T170000Z",
        ]
    );
    assert!(!format!("{listing:?}").contains("Divorce"));
}

#[tokio::test]
async fn changes_are_told_from_a_cursor_on() {
    let server = Radicale::start().await;
    let (calendar, client) = (server.make_calendar("work").await, client(&server));
    let path = |name: &str| format!("{calendar}{name}.ics");
    for name in ["one", "two", "three"] {
        server
            .put(
                &path(name),
                &event(name, &timed("20261203T1000", "20261203T1130")),
            )
            .await;
    }
    let full = client.list(&calendar, &december(), None).await.unwrap();
    assert_eq!(full.resources.len(), 3);
    let nothing = client
        .list(&calendar, &december(), full.cursor.as_deref())
        .await
        .unwrap();
    assert!(!nothing.is_full && nothing.resources.is_empty());

    server.delete(&path("one")).await;
    server
        .put(
            &path("two"),
            &event("two", &timed("20261204T1000", "20261204T1130")),
        )
        .await;
    server
        .put(
            &path("three"),
            &event("three", &timed("20270204T1000", "20270204T1130")),
        )
        .await;
    server
        .put(
            &path("four"),
            &event("four", &timed("20261205T1000", "20261205T1130")),
        )
        .await;
    let changed = client
        .list(&calendar, &december(), nothing.cursor.as_deref())
        .await
        .unwrap();
    assert_eq!(
        told(&changed),
        [
            "four.ics 20261205T170000Z/20261205T183000Z",
            "one.ics deleted",
            "two.ics 20261204T170000Z/20261204T183000Z",
        ]
    );
    // What left the window is told, without an event in it.
    assert_eq!(changed.resources.len(), 4);

    let expired = client
        .list(
            &calendar,
            &december(),
            Some("http://radicale.org/ns/sync/0"),
        )
        .await;
    assert_eq!(expired, Err(CalendarError::CursorExpired));
    let nonsense = client.list(&calendar, &december(), Some("<&\"")).await;
    assert_eq!(nonsense, Err(CalendarError::CursorExpired));
}

#[tokio::test]
async fn many_objects_are_read_in_batches() {
    let server = Radicale::start().await;
    let (calendar, client) = (server.make_calendar("work").await, client(&server));
    // A calendar with all of them is uploaded at once.
    let whole: String = (0..120)
        .map(|number| {
            event(
                &format!("uid-{number}"),
                &timed("20261203T1000", "20261203T1130"),
            )
        })
        .map(|object| {
            let (_, rest) = object.split_once("BEGIN:VEVENT").unwrap();
            let (event, _) = rest.split_once("END:VEVENT").unwrap();
            format!("BEGIN:VEVENT{event}END:VEVENT")
        })
        .collect::<Vec<_>>()
        .join("\r\n");
    server.delete(&calendar).await;
    let whole =
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{whole}\r\nEND:VCALENDAR\r\n");
    server.put(calendar.trim_end_matches('/'), &whole).await;
    let listing = client.list(&calendar, &december(), None).await.unwrap();
    assert_eq!(told(&listing).len(), 120);
}

#[tokio::test]
async fn one_object_is_read_or_gone() {
    let server = Radicale::start().await;
    let (calendar, client) = (server.make_calendar("work").await, client(&server));
    let path = format!("{calendar}a%20b%C3%BC.ics");
    server
        .put(
            &path,
            &event("one", &timed("20261203T1000", "20261203T1130")),
        )
        .await;
    let listing = client.list(&calendar, &december(), None).await.unwrap();
    let [resource] = listing.resources.as_slice() else {
        panic!("{listing:?}")
    };
    assert_eq!(resource.id, path);
    server.delete(&calendar).await;
    assert_eq!(
        client.list(&calendar, &december(), None).await,
        Err(CalendarError::Gone)
    );
}
