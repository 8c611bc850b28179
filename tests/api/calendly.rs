//! The client of Calendly against a Calendly of the tests' own.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::{
    calendar::calendly::{Client, is_signed},
    domain::external_calendar::{CalendarError, Entry, EventTime, Invitee, Window},
};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    caldav::{at, december},
    support::{
        calendly::{Calendly, EVENT_TYPE, TOKEN, USER},
        http::Failure,
    },
};

const ADDRESS: &str = "https://calls.example.test/calendar/calendly";

fn client(calendly: &Calendly, token: &str) -> Client {
    let base = calendly.api_url().parse().unwrap();
    Client::new(reqwest::Client::new(), base, token.to_owned().into())
}

fn now() -> DateTime<Utc> {
    at("2026-11-23T15:00:00Z")
}

#[tokio::test]
async fn what_is_booked_is_busy_on_all_pages() {
    let calendly = Calendly::start().await;
    let client = client(&calendly, TOKEN);
    let calendars = client.calendars().await.unwrap();
    assert_eq!((calendars.len(), calendars[0].id.as_str()), (1, USER));
    assert!(calendars[0].is_writable);
    let begun = calendly.add_event("2026-12-01T06:30:00.000000Z", "2026-12-01T07:30:00.000000Z");
    let ten = calendly.add_event("2026-12-05T17:00:00.000000Z", "2026-12-05T18:00:00.000000Z");
    calendly.add_event("2027-01-01T07:00:00.000000Z", "2027-01-01T08:00:00.000000Z");
    calendly.add_event("2026-11-30T10:00:00.000000Z", "2026-11-30T11:00:00.000000Z");
    let gone = calendly.add_event("2026-12-05T17:00:00.000000Z", "2026-12-05T18:00:00.000000Z");
    calendly.cancel_event(&gone);
    calendly.set_page_size(1);

    let listing = client.list(USER, &december(), now(), &[]).await.unwrap();

    assert!(listing.is_full && listing.cursor.is_none());
    let mut resources = listing.resources;
    resources.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<&str> = resources.iter().map(|known| known.id.as_str()).collect();
    assert_eq!(ids, [&begun, &ten]);
    let (start, end) = (at("2026-12-05T17:00:00Z"), at("2026-12-05T18:00:00Z"));
    assert_eq!(resources[1].events[0].time, EventTime::Timed { start, end });
    assert!(resources[1].events[0].is_busy);
    for _ in 0..101 {
        calendly.add_event("2026-12-05T17:00:00.000000Z", "2026-12-05T18:00:00.000000Z");
    }
    let listed = client.list(USER, &december(), now(), &[]).await;
    assert_eq!(listed, Err(CalendarError::TooLarge));
}

#[tokio::test]
async fn connected_calendars_are_busy_from_now_on_for_nine_weeks_and_what_is_booked_is_not_listed_twice()
 {
    let calendly = Calendly::start().await;
    calendly.set_now(now());
    let client = client(&calendly, TOKEN);
    let booked = calendly.add_event("2026-12-05T17:00:00Z", "2026-12-05T18:00:00Z");
    for (start, end) in [
        // As Calendly itself wrote it there.
        ("2026-12-05T17:00:00Z", "2026-12-05T18:00:00Z"),
        // At the seam of two requests.
        ("2026-12-14T14:00:00Z", "2026-12-14T16:00:00Z"),
        ("2027-01-24T17:00:00Z", "2027-01-24T18:00:00Z"),
        ("2027-02-10T17:00:00Z", "2027-02-10T18:00:00Z"),
    ] {
        calendly.add_busy(start, end);
    }
    let year = Window {
        last: "2027-11-30".parse().unwrap(),
        ..december()
    };

    let listing = client.list(USER, &year, now(), &[]).await.unwrap();

    let mut ids: Vec<String> = listing.resources.into_iter().map(|it| it.id).collect();
    ids.sort();
    let connected = [
        "busy/2026-12-14T14:00:00Z/2026-12-14T16:00:00Z",
        "busy/2027-01-24T17:00:00Z/2027-01-24T18:00:00Z",
    ];
    assert_eq!(ids[..2], connected);
    assert_eq!(ids[2..], [booked]);
    assert_eq!(calendly.requests_of("GET /user_busy_times").len(), 9);
    client.list(USER, &december(), now(), &[]).await.unwrap();
    assert_eq!(calendly.requests_of("GET /user_busy_times").len(), 9 + 6);
}

#[tokio::test]
async fn two_who_book_the_same_at_once_book_it_once() {
    let calendly = Calendly::start().await;
    let client = client(&calendly, TOKEN);
    let start = at("2026-12-05T17:00:00Z");
    let entry = Entry {
        appointment_id: Uuid::from_u128(1),
        key: Uuid::from_u128(2),
        start,
        end: start + TimeDelta::hours(1),
        zone: chrono_tz::America::Denver,
        is_tentative: false,
        title: "Drain cleaning".to_owned(),
        place: Some("12 Elm Street".to_owned()),
        description: None,
        changed_at: now(),
        invitee: Some(Invitee {
            event_type: EVENT_TYPE.to_owned(),
            email: "maria@example.com".to_owned(),
            name: "Maria Lopez".to_owned(),
        }),
    };
    let (one, other) = tokio::join!(client.book(USER, &entry), client.book(USER, &entry));
    assert!(one.is_ok() && one == other, "{one:?} {other:?}");
    assert_eq!(calendly.booked().len(), 1);
    // Somebody else has that time.
    let another = Entry {
        key: Uuid::from_u128(3),
        ..entry
    };
    let refused = client.book(USER, &another).await;
    assert!(matches!(
        refused,
        Err(CalendarError::Refused { status: 400, .. })
    ));
    for _ in 0..2 {
        assert_eq!(client.cancel(USER, one.as_ref().unwrap()).await, Ok(()));
    }
    assert_eq!(calendly.booked()[0].1["status"], "canceled");
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    let calendly = Calendly::start().await;
    let stranger = client(&calendly, "another").calendars().await;
    assert_eq!(stranger, Err(CalendarError::Revoked));
    let client = client(&calendly, TOKEN);
    let retry_after = Some(Duration::from_secs(20));
    let code = "unknown".to_owned();
    calendly.limit_next(20);
    let limited = client.list(USER, &december(), now(), &[]).await;
    assert_eq!(limited, Err(CalendarError::Limited { retry_after }));
    for (failure, expected) in [
        (
            Failure::new(500, "Internal"),
            CalendarError::Unavailable("it failed"),
        ),
        (
            Failure::new(403, "Permission Denied"),
            CalendarError::Refused { status: 403, code },
        ),
        (Failure::new(404, "Not Found"), CalendarError::Gone),
    ] {
        calendly.fail_next(&[failure]);
        assert_eq!(
            client.list(USER, &december(), now(), &[]).await,
            Err(expected)
        );
    }
    assert_eq!(calendly.requests().len(), 5);
    assert!(!format!("{client:?}").contains(TOKEN));
}

#[tokio::test]
async fn a_webhook_is_made_signs_what_it_tells_and_can_end_without_a_word() {
    let calendly = Calendly::start().await;
    let client = client(&calendly, TOKEN);
    let key: SecretString = "only-we-know".into();
    let id = client.watch(USER, &key, ADDRESS).await.unwrap();
    assert_eq!(client.is_watched(&id).await, Ok(true));

    let webhook = calendly.webhooks().remove(0);
    let now = at("2026-12-01T00:00:00Z");
    let (body, signature) = Calendly::message(&webhook, "invitee.created", now);
    assert!(is_signed(&signature, body.as_bytes(), &key, now));
    assert!(!is_signed(
        &signature,
        body.as_bytes(),
        &"a guess".into(),
        now
    ));

    calendly.disable_webhooks();
    assert_eq!(client.is_watched(&id).await, Ok(false));
    for _ in 0..2 {
        assert_eq!(client.stop(&id).await, Ok(()));
    }
    assert_eq!(client.is_watched(&id).await, Err(CalendarError::Gone));
    assert!(calendly.webhooks().is_empty());
    calendly.is_free(true);
    let refused = client.watch(USER, &key, ADDRESS).await;
    assert!(matches!(
        refused,
        Err(CalendarError::Refused { status: 403, .. })
    ));
}
