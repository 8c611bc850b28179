//! The client of Outlook calendars against a Microsoft of the tests' own.

mod granting;
mod own_client;
mod push;
mod reading;
mod writing;

use chrono::{DateTime, NaiveDate, Utc};
use frontdesk::{
    calendar::microsoft::Client,
    domain::external_calendar::{Entry, EventTime, Listing, Resource, Window},
};
use uuid::Uuid;

use crate::support::Microsoft;

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn client(microsoft: &Microsoft) -> Client {
    let base = microsoft.api_url().parse().unwrap();
    Client::new(http(), base, microsoft.access_token().into())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// December 2026 in Denver.
fn december() -> Window {
    Window {
        first: day("2026-12-01"),
        last: day("2026-12-31"),
        zone: chrono_tz::America::Denver,
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
    listing.resources.iter().find(|known| known.id == id)
}

/// When an event is and whether its owner is busy; `None` where it has no event.
fn told(resource: &Resource) -> Option<(EventTime, bool)> {
    let event = resource.events.first()?;
    Some((event.time, event.is_busy))
}
