//! What is read of a calendar.

use frontdesk::domain::external_calendar::{CalendarError, EventTime, Window};
use serde_json::{Map, Value, json};

use super::{Account, at, day, december, find, google_client, outlook_client, told};
use crate::support::{
    Google, Microsoft,
    google::{GoogleEvent, PRIMARY},
    http::Failure,
    microsoft::{DEFAULT, OutlookEvent},
};

fn ten() -> GoogleEvent {
    GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
}

fn december_second() -> GoogleEvent {
    GoogleEvent::days("2026-12-02", "2026-12-03")
}

async fn is_told<E: Into<Map<String, Value>>>(account: Account, cases: Vec<(&str, E, bool)>) {
    let add = |(name, event, is_busy)| (name, account.add_event(account.calendar, event), is_busy);
    let cases: Vec<_> = cases.into_iter().map(add).collect();
    let nothing = account.add_timed("2026-12-01T10:00:00-07:00", "2026-12-01T10:00:00-07:00");
    let listing = account.list(december()).await.unwrap();
    assert!(listing.is_full);
    assert_eq!(listing.resources.len(), cases.len() + 1);
    for (name, id, is_busy) in cases.iter().chain([&("no length", nothing, false)]) {
        let found = find(&listing, id).unwrap();
        assert_eq!(told(found).unwrap().1, *is_busy, "{name}");
        assert!(found.etag.is_some() && !found.is_deleted);
    }
    account.assert_discreet();
}

#[tokio::test]
async fn who_is_busy_at_google_is_told_by_the_rules() {
    let cases = vec![
        ("a plain event", ten(), true),
        ("free time", ten().transparent(), false),
        ("a tentative event", ten().status("tentative"), true),
        ("a declined invitation", ten().response("declined"), false),
        ("an accepted one", ten().response("accepted"), true),
        ("answered with perhaps", ten().response("tentative"), true),
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
            "one of a series",
            ten()
                .id("series_20261201T170000Z")
                .set("recurringEventId", json!("series")),
            true,
        ),
    ];
    is_told(Account::google().await, cases).await;
}

#[tokio::test]
async fn who_is_busy_in_outlook_is_told_by_the_rules() {
    let ten = || OutlookEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00");
    let whole_day = || OutlookEvent::days("2026-12-02", "2026-12-03");
    let unanswered = ten().response("notResponded").show_as("tentative");
    let cancelled = ten().set("isCancelled", json!(true));
    let cases = vec![
        ("a plain event", ten(), true),
        ("free time", ten().show_as("free"), false),
        ("a tentative event", ten().show_as("tentative"), true),
        ("out of office", ten().show_as("oof"), true),
        ("elsewhere", ten().show_as("workingElsewhere"), false),
        ("unknown", ten().show_as("unknown"), true),
        ("a declined invitation", ten().response("declined"), false),
        ("an accepted one", ten().response("accepted"), true),
        ("one without an answer", unanswered, true),
        ("a cancelled meeting", cancelled, false),
        ("an occurrence", ten().occurrence_of("master"), true),
        ("a day", whole_day(), true),
        ("a day as free time", whole_day().show_as("free"), false),
        (
            "a day without an answer",
            whole_day().response("notResponded").show_as("tentative"),
            false,
        ),
    ];
    is_told(Account::outlook().await, cases).await;
}

#[tokio::test]
async fn times_are_moments_and_days_are_days_in_every_zone() {
    for account in Account::each().await {
        account.set_zone(account.calendar, chrono_tz::Pacific::Kiritimati);
        let timed = account.add_ten();
        let inside = account.add_days("2026-12-31", "2027-01-01");
        let first = account.add_days("2026-11-29", "2026-12-02");
        let outside = account.add_days("2027-01-01", "2027-01-02");
        for zone in [
            chrono_tz::Pacific::Kiritimati,
            chrono_tz::Etc::GMTPlus12,
            chrono_tz::America::Denver,
        ] {
            let listing = account.list(Window { zone, ..december() }).await.unwrap();
            let time = |id: &str| told(find(&listing, id).unwrap()).unwrap().0;
            let (start, end) = (at("2026-12-01T17:00:00Z"), at("2026-12-01T18:00:00Z"));
            assert_eq!(time(&timed), EventTime::Timed { start, end });
            let (last, end) = (day("2026-12-31"), day("2027-01-01"));
            let expected = EventTime::Days { first: last, end };
            assert_eq!(time(&inside), expected, "{zone}");
            assert!(find(&listing, &first).is_some() && find(&listing, &outside).is_none());
        }
    }
}

#[tokio::test]
async fn what_overlaps_the_window_is_listed_and_nothing_else() {
    for account in Account::each().await {
        let inside = [
            account.add_timed("2026-11-30T23:00:00-07:00", "2026-12-01T00:30:00-07:00"),
            account.add_timed("2026-12-31T23:30:00-07:00", "2027-01-01T01:00:00-07:00"),
            account.add_timed("2026-11-01T00:00:00-07:00", "2027-02-01T00:00:00-07:00"),
        ];
        let outside = [
            account.add_timed("2026-11-30T23:00:00-07:00", "2026-12-01T00:00:00-07:00"),
            account.add_timed("2027-01-01T00:00:00-07:00", "2027-01-01T01:00:00-07:00"),
        ];
        let listing = account.list(december()).await.unwrap();
        assert!(inside.iter().all(|id| find(&listing, id).is_some()));
        assert!(outside.iter().all(|id| find(&listing, id).is_none()));
    }
}

#[tokio::test]
async fn a_day_of_outlook_is_that_day_whatever_zone_it_claims() {
    let microsoft = Microsoft::start().await;
    let id = microsoft.add_event(DEFAULT, OutlookEvent::days("2026-12-25", "2026-12-27"));
    for (zone, claimed) in [
        (chrono_tz::America::Denver, "UTC"),
        (chrono_tz::Pacific::Kiritimati, "Pacific Standard Time"),
        (chrono_tz::Etc::GMTPlus12, "tzone://Microsoft/Custom"),
    ] {
        for (name, day) in [("start", "2026-12-25"), ("end", "2026-12-27")] {
            let time =
                json!({ "dateTime": format!("{day}T00:00:00.0000000"), "timeZone": claimed });
            microsoft.edit_event(DEFAULT, &id, &json!({ name: time }));
        }
        let between = async |first: &str, last: &str| {
            let (first, last) = (day(first), day(last));
            let window = Window { first, last, zone };
            let client = outlook_client(&microsoft);
            client.list(DEFAULT, &window, None).await.unwrap()
        };
        for (first, last) in [("2026-12-01", "2026-12-25"), ("2026-12-26", "2026-12-31")] {
            let listing = between(first, last).await;
            let (first, end) = (day("2026-12-25"), day("2026-12-27"));
            let time = told(find(&listing, &id).unwrap()).unwrap().0;
            assert_eq!(time, EventTime::Days { first, end }, "{zone}");
        }
        let after = between("2026-12-27", "2026-12-31").await;
        assert_eq!(after.resources, []);
    }
}

#[tokio::test]
async fn a_moment_of_outlook_is_in_utc_or_not_read() {
    let account = Account::outlook().await;
    let id = account.add_ten();
    let elsewhere = json!({ "start": { "dateTime": "2026-12-01T10:00:00", "timeZone": "Mountain Standard Time" } });
    account.edit_event(DEFAULT, &id, &elsewhere);
    let refused = account.list(december()).await;
    let unreadable = CalendarError::Unreadable("an event has no time");
    assert_eq!(refused, Err(unreadable));
}

#[tokio::test]
async fn all_pages_are_read_and_only_googles_last_brings_a_cursor() {
    for (account, count, method) in [
        (Account::google().await, 6_000, "events.list"),
        (Account::outlook().await, 2_500, "calendarView.list"),
    ] {
        let ids: Vec<String> = (0..count).map(|_| account.add_ten()).collect();
        let listing = account.list(december()).await.unwrap();
        let resources = listing.resources.into_iter();
        let mut listed: Vec<String> = resources.map(|known| known.id).collect();
        listed.sort();
        assert_eq!(listed, ids);
        assert_eq!(listing.cursor.is_some(), account.calendar == PRIMARY);
        assert_eq!(account.requests_of(method).len(), 3);
    }
}

#[tokio::test]
async fn a_page_that_fails_leaves_the_cursor_that_one_had() {
    let google = Google::start().await;
    google.set_page_size(1);
    for _ in 0..3 {
        google.add_event(PRIMARY, ten());
    }
    let client = google_client(&google);
    let list = async |cursor: Option<&str>| client.list(PRIMARY, &december(), cursor).await;
    let cursor = list(None).await.unwrap().cursor;
    google.add_event(PRIMARY, ten());
    google.add_event(PRIMARY, ten());
    google.fail_next(&[Failure::new(503, "backendError")]);
    let failed = list(cursor.as_deref()).await;
    assert_eq!(failed, Err(CalendarError::Unavailable("it failed")));
    let delta = list(cursor.as_deref()).await.unwrap();
    assert_eq!((delta.is_full, delta.resources.len()), (false, 2));
}

#[tokio::test]
async fn a_cursor_brings_what_has_changed_and_what_has_left_the_window() {
    let google = Google::start().await;
    let client = google_client(&google);
    let names = ["stays", "moves", "leaves", "goes"];
    let ids = names.map(|_| google.add_event(PRIMARY, ten()));
    let [stays, moves, leaves, goes] = &ids;
    let full = client.list(PRIMARY, &december(), None).await.unwrap();
    assert_eq!(full.resources.len(), 4);

    let drag = |id: &str, day: &str| {
        let (start, end) = (
            format!("{day}T10:00:00-07:00"),
            format!("{day}T11:00:00-07:00"),
        );
        google.move_event(PRIMARY, id, &start, &end);
    };
    drag(moves, "2026-12-03");
    drag(leaves, "2036-12-03");
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
    for (index, request) in google.requests_of("events.list").iter().enumerate() {
        for (name, value) in [
            ("singleEvents", "true"),
            ("showDeleted", "true"),
            ("maxAttendees", "1"),
            ("maxResults", "2500"),
        ] {
            assert_eq!(request.query[name], value);
        }
        let is_delta = index > 0;
        assert_eq!(request.query.contains_key("syncToken"), is_delta);
        assert_eq!(request.query.contains_key("timeMin"), !is_delta);
        assert!(!request.query.contains_key("orderBy"));
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
    let client = google_client(&google);
    let id = google.add_event(PRIMARY, ten());
    let list = async |cursor: Option<&str>| client.list(PRIMARY, &december(), cursor).await;
    let cursor = list(None).await.unwrap().cursor;
    let bare = json!({ "status": null, "start": null, "end": null, "eventType": null });
    google.edit_event(PRIMARY, &id, &bare);
    let delta = list(cursor.as_deref()).await.unwrap();
    assert!(find(&delta, &id).unwrap().is_deleted);
}

#[tokio::test]
async fn a_cursor_that_is_too_old_asks_for_a_full_listing() {
    let google = Google::start().await;
    let client = google_client(&google);
    google.add_event(PRIMARY, ten());
    let list = async |cursor: Option<&str>| client.list(PRIMARY, &december(), cursor).await;
    let cursor = list(None).await.unwrap().cursor;
    google.expire_cursors();
    for cursor in [cursor.as_deref(), Some("of another release")] {
        assert_eq!(list(cursor).await, Err(CalendarError::CursorExpired));
    }
    let full = list(None).await.unwrap();
    assert_eq!((full.is_full, full.resources.len()), (true, 1));
}

#[tokio::test]
async fn a_calendar_of_too_many_pages_is_not_read_to_its_end() {
    for account in Account::each().await {
        let empty = account.list(december()).await.unwrap();
        for _ in 0..201 {
            account.add_ten();
        }
        account.set_page_size(1);
        let listed = account.list(december()).await;
        assert_eq!(listed, Err(CalendarError::TooLarge));
        // A cursor knows no window, which may hold less.
        if let super::Client::Google(client) = &account.client {
            account.clear_requests();
            let cursor = empty.cursor.as_deref();
            let changed = client.list(PRIMARY, &december(), cursor).await;
            assert_eq!(changed, Err(CalendarError::CursorExpired));
            assert_eq!(account.requests().len(), 200);
        }
    }
}

#[tokio::test]
async fn calendars_are_listed_on_all_pages() {
    for account in Account::each().await {
        let crew = "crew#1/a+2=@group.calendar.google.com";
        account.add_calendar(crew, "Crew 1", "owner");
        account.add_calendar("holidays", "Holidays", "reader");
        account.set_page_size(1);
        let calendars = account.calendars().await.unwrap();
        let told: Vec<(&str, &str, bool, bool)> = calendars
            .iter()
            .map(|known| {
                (
                    &*known.id,
                    &*known.name,
                    known.is_primary,
                    known.is_writable,
                )
            })
            .collect();
        let own = match account.client {
            super::Client::Google(_) => "Owner",
            super::Client::Outlook(_) => "Calendar",
        };
        let expected = [
            (account.calendar, own, true, true),
            (crew, "Crew 1", false, true),
            ("holidays", "Holidays", false, false),
        ];
        assert_eq!(told, expected);
        // Whatever stands in its id, it is found.
        let id = account.add_event(crew, ten_of(&account));
        let listing = account.list_of(crew, december()).await.unwrap();
        assert!(find(&listing, &id).is_some());
    }
}

fn ten_of(account: &Account) -> Map<String, Value> {
    (account.timed)("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
}
