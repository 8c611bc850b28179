//! The client of Google Calendar against a Google of the tests' own.

mod granting;
mod own_client;
mod push;
mod reading;
mod refusals;
mod writing;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use frontdesk::{
    calendar::google::Client,
    domain::external_calendar::{Entry, EventTime, Listing, Resource, Window},
};
use uuid::Uuid;

use crate::support::Google;

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A client with a token that allows all that frontdesk asks for.
fn client(google: &Google) -> Client {
    client_with(google, &google.access_token(None))
}

fn client_with(google: &Google, token: &str) -> Client {
    let base = google.api_url().parse().unwrap();
    Client::new(http(), base, token.to_owned().into())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// December 2026 in Denver.
fn december() -> Window {
    window(chrono_tz::America::Denver)
}

fn window(zone: Tz) -> Window {
    Window {
        first: day("2026-12-01"),
        last: day("2026-12-31"),
        zone,
    }
}

fn entry() -> Entry {
    Entry {
        appointment_id: Uuid::from_u128(7),
        key: Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        start: at("2026-12-01T17:00:00Z"),
        end: at("2026-12-01T18:30:00Z"),
        zone: chrono_tz::America::Denver,
        is_tentative: true,
        title: "Drain cleaning".to_owned(),
        place: None,
        description: None,
        changed_at: at("2026-11-30T00:00:00Z"),
        invitee: None,
    }
}

fn find<'a>(listing: &'a Listing, id: &str) -> Option<&'a Resource> {
    let mut found = listing.resources.iter().filter(|known| known.id == id);
    let first = found.next();
    assert!(found.next().is_none(), "{id} is listed twice");
    first
}

/// When an event is and whether its owner is busy; `None` where it has no event.
fn told(resource: &Resource) -> Option<(EventTime, bool)> {
    assert!(resource.events.len() <= 1);
    let event = resource.events.first()?;
    assert_eq!(event.instance, "");
    Some((event.time, event.is_busy))
}
