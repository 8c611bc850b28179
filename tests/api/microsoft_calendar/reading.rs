//! What is read of a calendar, and what a refusal means.

use std::time::Duration;

use frontdesk::domain::external_calendar::{CalendarError, EventTime, Window};
use serde_json::json;

use super::{at, client, day, december, entry, find, told};
use crate::support::{
    Microsoft,
    http::Failure,
    microsoft::{DEFAULT, OutlookEvent},
};

fn ten() -> OutlookEvent {
    OutlookEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
}

#[tokio::test]
async fn who_is_busy_is_told_by_the_rules() {
    let microsoft = Microsoft::start().await;
    let cases = [
        ("a plain event", ten(), true),
        ("free time", ten().show_as("free"), false),
        ("a tentative event", ten().show_as("tentative"), true),
        ("out of office", ten().show_as("oof"), true),
        (
            "working elsewhere",
            ten().show_as("workingElsewhere"),
            false,
        ),
        ("unknown", ten().show_as("unknown"), true),
        ("a declined invitation", ten().response("declined"), false),
        ("an accepted one", ten().response("accepted"), true),
        (
            "one without an answer",
            ten().response("notResponded").show_as("tentative"),
            true,
        ),
        (
            "a cancelled meeting",
            ten().set("isCancelled", json!(true)),
            false,
        ),
        ("an occurrence", ten().occurrence_of("master"), true),
        (
            "a day",
            OutlookEvent::days("2026-12-02", "2026-12-03"),
            true,
        ),
        (
            "a day as free time",
            OutlookEvent::days("2026-12-02", "2026-12-03").show_as("free"),
            false,
        ),
        (
            "no length",
            OutlookEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T10:00:00-07:00"),
            false,
        ),
    ];
    let cases =
        cases.map(|(name, event, is_busy)| (name, microsoft.add_event(DEFAULT, event), is_busy));

    let listing = client(&microsoft)
        .list(DEFAULT, &december(), None)
        .await
        .unwrap();

    assert!(listing.is_full && listing.cursor.is_none());
    for (name, id, is_busy) in cases {
        let found = find(&listing, &id).unwrap();
        assert_eq!(told(found).unwrap().1, is_busy, "{name}");
        assert!(found.etag.is_some() && !found.is_deleted);
        assert_eq!(
            client(&microsoft).read(DEFAULT, &id).await.as_ref(),
            Ok(found)
        );
    }
    microsoft.assert_discreet();
}

#[tokio::test]
async fn a_day_is_that_day_whatever_zone_it_claims() {
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
        for (first, last) in [("2026-12-01", "2026-12-25"), ("2026-12-26", "2026-12-31")] {
            let window = Window {
                first: day(first),
                last: day(last),
                zone,
            };
            let listing = client(&microsoft)
                .list(DEFAULT, &window, None)
                .await
                .unwrap();
            let (first, end) = (day("2026-12-25"), day("2026-12-27"));
            let time = told(find(&listing, &id).unwrap()).unwrap().0;
            assert_eq!(time, EventTime::Days { first, end }, "{zone}");
        }
        let after = Window {
            first: day("2026-12-27"),
            last: day("2026-12-31"),
            zone,
        };
        let listing = client(&microsoft)
            .list(DEFAULT, &after, None)
            .await
            .unwrap();
        assert_eq!(listing.resources, []);
    }
}

#[tokio::test]
async fn a_moment_is_in_utc_or_not_read() {
    let microsoft = Microsoft::start().await;
    let id = microsoft.add_event(DEFAULT, ten());
    let listing = client(&microsoft)
        .list(DEFAULT, &december(), None)
        .await
        .unwrap();
    let (start, end) = (at("2026-12-01T17:00:00Z"), at("2026-12-01T18:00:00Z"));
    let time = told(find(&listing, &id).unwrap()).unwrap().0;
    assert_eq!(time, EventTime::Timed { start, end });
    let elsewhere = json!({ "start": { "dateTime": "2026-12-01T10:00:00", "timeZone": "Mountain Standard Time" } });
    microsoft.edit_event(DEFAULT, &id, &elsewhere);
    let refused = client(&microsoft).list(DEFAULT, &december(), None).await;
    assert_eq!(
        refused,
        Err(CalendarError::Unreadable("an event has no time"))
    );
}

#[tokio::test]
async fn all_pages_are_read() {
    let microsoft = Microsoft::start().await;
    let mut ids: Vec<String> = (0..2_500)
        .map(|_| microsoft.add_event(DEFAULT, ten()))
        .collect();
    let listing = client(&microsoft)
        .list(DEFAULT, &december(), Some("ignored"))
        .await
        .unwrap();
    let mut listed: Vec<String> = listing
        .resources
        .into_iter()
        .map(|known| known.id)
        .collect();
    listed.sort();
    ids.sort();
    assert_eq!(listed, ids);
    assert_eq!(microsoft.requests_of("calendarView.list").len(), 3);

    let microsoft = Microsoft::start().await;
    for _ in 0..201 {
        microsoft.add_event(DEFAULT, ten());
    }
    microsoft.set_page_size(1);
    let listed = client(&microsoft).list(DEFAULT, &december(), None).await;
    assert_eq!(listed, Err(CalendarError::TooLarge));
}

#[tokio::test]
async fn calendars_are_listed() {
    let microsoft = Microsoft::start().await;
    microsoft.add_calendar("AQ/Mk+2=", "Holidays", false);
    microsoft.set_page_size(1);
    let calendars = client(&microsoft).calendars().await.unwrap();
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
    let expected = [
        (DEFAULT, "Calendar", true, true),
        ("AQ/Mk+2=", "Holidays", false, false),
    ];
    assert_eq!(told, expected);
    let id = microsoft.add_event("AQ/Mk+2=", ten());
    let listing = client(&microsoft)
        .list("AQ/Mk+2=", &december(), None)
        .await
        .unwrap();
    assert!(find(&listing, &id).is_some());
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    let limited = |seconds: Option<u64>| CalendarError::Limited {
        retry_after: seconds.map(Duration::from_secs),
    };
    let refused = |status, code: &str| CalendarError::Refused {
        status,
        code: code.to_owned(),
    };
    let cases = [
        (
            Failure::new(429, "ApplicationThrottled").retry_after(12),
            limited(Some(12)),
        ),
        (
            Failure::new(503, "ServiceUnavailable").retry_after(5),
            limited(Some(5)),
        ),
        (
            Failure::new(503, "ServiceUnavailable"),
            CalendarError::Unavailable("it failed"),
        ),
        (
            Failure::new(500, "InternalServerError"),
            CalendarError::Unavailable("it failed"),
        ),
        (
            Failure::new(409, "ErrorConcurrentItemSave"),
            CalendarError::Unavailable("it was saving the event"),
        ),
        (
            Failure::new(401, "InvalidAuthenticationToken"),
            CalendarError::Unauthorized,
        ),
        (
            Failure::new(403, "ErrorAccessDenied"),
            refused(403, "ErrorAccessDenied"),
        ),
        (Failure::new(400, "Divorce lawyer"), refused(400, "unknown")),
        (Failure::new(404, "ErrorItemNotFound"), CalendarError::Gone),
        (
            Failure::new(404, "MailboxNotEnabledForRESTAPI"),
            refused(404, "MailboxNotEnabledForRESTAPI"),
        ),
        (
            Failure::new(412, "ErrorIrresolvableConflict"),
            CalendarError::Changed,
        ),
    ];
    for (failure, expected) in cases {
        microsoft.fail_next(&[failure.clone(), failure.clone(), failure]);
        assert_eq!(
            client.list(DEFAULT, &december(), None).await,
            Err(expected.clone())
        );
        assert_eq!(client.calendars().await, Err(expected.clone()));
        assert_eq!(client.put(DEFAULT, None, &entry()).await, Err(expected));
    }
    microsoft.is_down(Failure::new(503, "ServiceUnavailable"));
    assert!(client.calendars().await.is_err());
    microsoft.is_back();
    microsoft.expire_access_tokens();
    assert_eq!(client.calendars().await, Err(CalendarError::Unauthorized));
    assert_eq!(format!("{client:?}"), "microsoft::Client");
}
