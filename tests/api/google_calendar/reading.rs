//! What is read of a calendar.

use frontdesk::domain::external_calendar::{CalendarError, EventTime};
use serde_json::json;

use super::{at, client, day, december, find, told, window};
use crate::support::{
    Google,
    google::{GoogleEvent, PRIMARY},
    http::Failure,
};

fn ten() -> GoogleEvent {
    GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
}

fn december_second() -> GoogleEvent {
    GoogleEvent::days("2026-12-02", "2026-12-03")
}

#[tokio::test]
async fn who_is_busy_is_told_by_the_rules() {
    let google = Google::start().await;
    let cases = [
        ("a plain event", ten(), true),
        ("free time", ten().transparent(), false),
        ("a tentative event", ten().status("tentative"), true),
        ("a declined invitation", ten().response("declined"), false),
        ("an accepted one", ten().response("accepted"), true),
        (
            "one answered with perhaps",
            ten().response("tentative"),
            true,
        ),
        ("one without an answer", ten().response("needsAction"), true),
        (
            "one for a day, without an answer",
            december_second().response("needsAction"),
            false,
        ),
        (
            "one for a day, accepted",
            december_second().response("accepted"),
            true,
        ),
        ("a day", december_second(), true),
        (
            "a working location",
            december_second().kind("workingLocation"),
            false,
        ),
        ("a birthday", december_second().kind("birthday"), false),
        ("out of office", ten().kind("outOfOffice"), true),
        (
            "focus time as free time",
            ten().kind("focusTime").transparent(),
            false,
        ),
        ("from a mail", ten().kind("fromGmail"), true),
        ("a kind that is not known yet", ten().kind("siesta"), true),
        (
            "no length",
            GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T10:00:00-07:00"),
            false,
        ),
    ];
    let cases =
        cases.map(|(name, event, is_busy)| (name, google.add_event(PRIMARY, event), is_busy));

    let listing = client(&google)
        .list(PRIMARY, &december(), None)
        .await
        .unwrap();

    assert!(listing.is_full);
    assert_eq!(listing.resources.len(), cases.len());
    for (name, id, is_busy) in cases {
        let found = find(&listing, &id).unwrap();
        assert_eq!(told(found).unwrap().1, is_busy, "{name}");
        assert!(found.etag.is_some() && !found.is_deleted);
        assert_eq!(client(&google).read(PRIMARY, &id).await.as_ref(), Ok(found));
    }
    google.assert_discreet();
}

#[tokio::test]
async fn times_are_moments_and_days_are_days_in_every_zone() {
    let google = Google::start().await;
    google.set_zone(PRIMARY, chrono_tz::Pacific::Kiritimati);
    let timed = google.add_event(PRIMARY, ten());
    let inside = google.add_event(PRIMARY, GoogleEvent::days("2026-12-31", "2027-01-01"));
    let first = google.add_event(PRIMARY, GoogleEvent::days("2026-11-29", "2026-12-02"));
    let outside = google.add_event(PRIMARY, GoogleEvent::days("2027-01-01", "2027-01-02"));
    for zone in [
        chrono_tz::Pacific::Kiritimati,
        chrono_tz::Etc::GMTPlus12,
        chrono_tz::America::Denver,
    ] {
        let listing = client(&google)
            .list(PRIMARY, &window(zone), None)
            .await
            .unwrap();
        let time = |id: &str| told(find(&listing, id).unwrap()).unwrap().0;
        let (start, end) = (at("2026-12-01T17:00:00Z"), at("2026-12-01T18:00:00Z"));
        assert_eq!(time(&timed), EventTime::Timed { start, end });
        let (last, end) = (day("2026-12-31"), day("2027-01-01"));
        assert_eq!(
            time(&inside),
            EventTime::Days { first: last, end },
            "{zone}"
        );
        assert!(find(&listing, &first).is_some() && find(&listing, &outside).is_none());
    }
}

#[tokio::test]
async fn what_overlaps_the_window_is_listed_and_nothing_else() {
    let google = Google::start().await;
    let add = |start: &str, end: &str| google.add_event(PRIMARY, GoogleEvent::timed(start, end));
    let inside = [
        add("2026-11-30T23:00:00-07:00", "2026-12-01T00:30:00-07:00"),
        add("2026-12-31T23:30:00-07:00", "2027-01-01T01:00:00-07:00"),
        add("2026-11-01T00:00:00-07:00", "2027-02-01T00:00:00-07:00"),
    ];
    let outside = [
        add("2026-11-30T23:00:00-07:00", "2026-12-01T00:00:00-07:00"),
        add("2027-01-01T00:00:00-07:00", "2027-01-01T01:00:00-07:00"),
    ];
    let listing = client(&google)
        .list(PRIMARY, &december(), None)
        .await
        .unwrap();
    assert!(inside.iter().all(|id| find(&listing, id).is_some()));
    assert!(outside.iter().all(|id| find(&listing, id).is_none()));
}

#[tokio::test]
async fn all_pages_are_read_and_only_the_last_brings_a_cursor() {
    let google = Google::start().await;
    let ids: Vec<String> = (0..6_000)
        .map(|_| google.add_event(PRIMARY, ten()))
        .collect();

    let listing = client(&google)
        .list(PRIMARY, &december(), None)
        .await
        .unwrap();

    let mut listed: Vec<String> = listing
        .resources
        .into_iter()
        .map(|known| known.id)
        .collect();
    listed.sort();
    assert_eq!(listed, ids);
    assert!(listing.cursor.is_some());
    let requests = google.requests_of("events.list");
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.query["maxResults"], "2500");
        assert!(request.query.contains_key("timeMin") && !request.query.contains_key("orderBy"));
    }
}

#[tokio::test]
async fn a_page_that_fails_leaves_the_cursor_that_one_had() {
    let google = Google::start().await;
    google.set_page_size(1);
    for _ in 0..3 {
        google.add_event(PRIMARY, ten());
    }
    let client = client(&google);
    let cursor = client
        .list(PRIMARY, &december(), None)
        .await
        .unwrap()
        .cursor;
    google.add_event(PRIMARY, ten());
    google.add_event(PRIMARY, ten());
    google.fail_next(&[Failure::new(503, "backendError")]);
    let failed = client.list(PRIMARY, &december(), cursor.as_deref()).await;
    assert_eq!(failed, Err(CalendarError::Unavailable("it failed")));
    let delta = client
        .list(PRIMARY, &december(), cursor.as_deref())
        .await
        .unwrap();
    assert_eq!((delta.is_full, delta.resources.len()), (false, 2));
}

#[tokio::test]
async fn a_cursor_brings_what_has_changed_and_what_has_left_the_window() {
    let google = Google::start().await;
    let client = client(&google);
    let names = ["stays", "moves", "leaves", "goes"];
    let ids = names.map(|_| google.add_event(PRIMARY, ten()));
    let [stays, moves, leaves, goes] = &ids;
    let full = client.list(PRIMARY, &december(), None).await.unwrap();
    assert_eq!(full.resources.len(), 4);

    google.move_event(
        PRIMARY,
        moves,
        "2026-12-03T10:00:00-07:00",
        "2026-12-03T11:00:00-07:00",
    );
    google.move_event(
        PRIMARY,
        leaves,
        "2036-12-03T10:00:00-07:00",
        "2036-12-03T11:00:00-07:00",
    );
    google.delete_event(PRIMARY, goes);
    let comes = google.add_event(PRIMARY, ten().transparent());
    google.set_page_size(2);
    let delta = client
        .list(PRIMARY, &december(), full.cursor.as_deref())
        .await
        .unwrap();

    assert!(!delta.is_full);
    assert_eq!(find(&delta, stays), None);
    let start = at("2026-12-03T17:00:00Z");
    let end = at("2026-12-03T18:00:00Z");
    let at_its_place = told(find(&delta, moves).unwrap());
    assert_eq!(at_its_place, Some((EventTime::Timed { start, end }, true)));
    let left = find(&delta, leaves).unwrap();
    assert!(left.events.is_empty() && !left.is_deleted);
    let gone = find(&delta, goes).unwrap();
    assert!(gone.events.is_empty() && gone.is_deleted);
    assert!(!told(find(&delta, &comes).unwrap()).unwrap().1);
    for request in &google.requests_of("events.list")[1..] {
        for (name, value) in [
            ("singleEvents", "true"),
            ("showDeleted", "true"),
            ("maxAttendees", "1"),
        ] {
            assert_eq!(request.query[name], value);
        }
        assert!(request.query.contains_key("syncToken") && !request.query.contains_key("timeMin"));
    }
    // Nothing more has changed since.
    let nothing = client
        .list(PRIMARY, &december(), delta.cursor.as_deref())
        .await
        .unwrap();
    assert_eq!(nothing.resources, []);
}

#[tokio::test]
async fn a_deleted_event_is_known_by_its_id_alone() {
    let google = Google::start().await;
    let client = client(&google);
    let id = google.add_event(PRIMARY, ten());
    let cursor = client
        .list(PRIMARY, &december(), None)
        .await
        .unwrap()
        .cursor;
    google.edit_event(
        PRIMARY,
        &id,
        &json!({ "status": null, "start": null, "end": null, "eventType": null }),
    );
    let delta = client
        .list(PRIMARY, &december(), cursor.as_deref())
        .await
        .unwrap();
    assert!(find(&delta, &id).unwrap().is_deleted);
}

#[tokio::test]
async fn a_cursor_that_is_too_old_asks_for_a_full_listing() {
    let google = Google::start().await;
    let client = client(&google);
    google.add_event(PRIMARY, ten());
    let cursor = client
        .list(PRIMARY, &december(), None)
        .await
        .unwrap()
        .cursor;
    google.expire_cursors();
    for cursor in [cursor.as_deref(), Some("of another release")] {
        let expired = client.list(PRIMARY, &december(), cursor).await;
        assert_eq!(expired, Err(CalendarError::CursorExpired));
    }
    let full = client.list(PRIMARY, &december(), None).await.unwrap();
    assert_eq!((full.is_full, full.resources.len()), (true, 1));
}

#[tokio::test]
async fn of_a_series_each_of_its_events_stands_for_itself() {
    let google = Google::start().await;
    let instance = ten()
        .id("series_20261201T170000Z")
        .set("recurringEventId", json!("series"));
    google.add_event(PRIMARY, instance);
    let listing = client(&google)
        .list(PRIMARY, &december(), None)
        .await
        .unwrap();
    assert!(
        told(find(&listing, "series_20261201T170000Z").unwrap())
            .unwrap()
            .1
    );
}

#[tokio::test]
async fn a_calendar_of_too_many_pages_is_not_read_to_its_end() {
    let google = Google::start().await;
    let client = client(&google);
    let empty = client.list(PRIMARY, &december(), None).await.unwrap();
    for _ in 0..201 {
        google.add_event(PRIMARY, ten());
    }
    google.set_page_size(1);
    let listed = client.list(PRIMARY, &december(), None).await;
    assert_eq!(listed, Err(CalendarError::TooLarge));
    // A cursor knows no window, which may hold less.
    google.clear_requests();
    let changed = client
        .list(PRIMARY, &december(), empty.cursor.as_deref())
        .await;
    assert_eq!(changed, Err(CalendarError::CursorExpired));
    assert_eq!(google.requests().len(), 200);
}

#[tokio::test]
async fn calendars_are_listed_on_all_pages() {
    let google = Google::start().await;
    google.add_calendar("crew#1/a@group.calendar.google.com", "Crew 1", "owner");
    google.add_calendar("holidays", "Holidays", "reader");
    google.set_page_size(1);
    let calendars = client(&google).calendars().await.unwrap();
    let told: Vec<(&str, &str, bool, bool)> = calendars
        .iter()
        .map(|known| {
            (
                known.id.as_str(),
                known.name.as_str(),
                known.is_primary,
                known.is_writable,
            )
        })
        .collect();
    let crew = "crew#1/a@group.calendar.google.com";
    let expected = [
        (PRIMARY, "Owner", true, true),
        (crew, "Crew 1", false, true),
        ("holidays", "Holidays", false, false),
    ];
    assert_eq!(told, expected);
    // Whatever stands in its id, it is found.
    let id = google.add_event(crew, ten());
    let listing = client(&google).list(crew, &december(), None).await.unwrap();
    assert!(find(&listing, &id).is_some());
}
