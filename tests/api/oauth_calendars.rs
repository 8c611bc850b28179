//! The clients of Google Calendar and of Outlook against a Google and a Microsoft of the tests' own.

mod granting;
mod own_client;
mod push;
mod reading;
mod refusals;
mod writing;

use std::ops::Deref;

use chrono::NaiveDate;
use frontdesk::{
    calendar::{google, microsoft},
    domain::external_calendar::{
        Calendar, CalendarError, Entry, EventTime, Listing, Resource, Window, Written,
    },
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    caldav::{at, december},
    support::{
        Google, Microsoft, Provider,
        google::{GoogleEvent, PRIMARY},
        microsoft::{DEFAULT, OutlookEvent},
    },
};

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A client with a token that allows all that frontdesk asks for.
fn google_client(google: &Google) -> google::Client {
    google_client_with(google, &google.access_token())
}

fn google_client_with(google: &Google, token: &str) -> google::Client {
    let base = google.api_url().parse().unwrap();
    google::Client::new(http(), base, token.to_owned().into())
}

fn outlook_client(microsoft: &Microsoft) -> microsoft::Client {
    let base = microsoft.api_url().parse().unwrap();
    microsoft::Client::new(http(), base, microsoft.access_token().into())
}

/// An account at a provider, for what all of them have in common.
struct Account {
    provider: Provider,
    client: Client,
    /// Its own calendar.
    calendar: &'static str,
    timed: fn(&str, &str) -> Map<String, Value>,
    days: fn(&str, &str) -> Map<String, Value>,
}

enum Client {
    Google(google::Client),
    Outlook(microsoft::Client),
}

/// Asks the client of an account, whichever it is.
macro_rules! ask {
    ($account:expr, $client:ident => $call:expr) => {
        match &$account.client {
            Client::Google($client) => $call.await,
            Client::Outlook($client) => $call.await,
        }
    };
}

impl Deref for Account {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.provider
    }
}

impl Account {
    async fn google() -> Self {
        let google = Google::start().await;
        Self {
            client: Client::Google(google_client(&google)),
            provider: Provider::clone(&google),
            calendar: PRIMARY,
            timed: |start, end| GoogleEvent::timed(start, end).into(),
            days: |first, end| GoogleEvent::days(first, end).into(),
        }
    }

    async fn outlook() -> Self {
        let microsoft = Microsoft::start().await;
        Self {
            client: Client::Outlook(outlook_client(&microsoft)),
            provider: Provider::clone(&microsoft),
            calendar: DEFAULT,
            timed: |start, end| OutlookEvent::timed(start, end).into(),
            days: |first, end| OutlookEvent::days(first, end).into(),
        }
    }

    /// One at each provider.
    async fn each() -> [Self; 2] {
        [Self::google().await, Self::outlook().await]
    }

    /// Enters an event at ten.
    fn add_ten(&self) -> String {
        self.add_timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
    }

    fn add_timed(&self, start: &str, end: &str) -> String {
        self.add_event(self.calendar, (self.timed)(start, end))
    }

    fn add_days(&self, first: &str, end: &str) -> String {
        self.add_event(self.calendar, (self.days)(first, end))
    }

    async fn calendars(&self) -> Result<Vec<Calendar>, CalendarError> {
        ask!(self, client => client.calendars())
    }

    async fn list(&self, window: Window) -> Result<Listing, CalendarError> {
        self.list_of(self.calendar, window).await
    }

    async fn list_of(&self, calendar: &str, window: Window) -> Result<Listing, CalendarError> {
        match &self.client {
            Client::Google(client) => client.list(calendar, &window, None).await,
            // It has none.
            Client::Outlook(client) => client.list(calendar, &window, Some("ignored")).await,
        }
    }

    /// An event as it is listed.
    async fn listed(&self, id: &str) -> Option<Resource> {
        find(&self.list(december()).await.unwrap(), id).cloned()
    }

    /// The same, as what was written.
    async fn known(&self, id: &str) -> Written {
        Written {
            resource: id.to_owned(),
            etag: self.listed(id).await.unwrap().etag,
        }
    }

    async fn put(&self, known: Option<&Written>, entry: &Entry) -> Result<Written, CalendarError> {
        ask!(self, client => client.put(self.calendar, known, entry))
    }

    async fn put_into(&self, calendar: &str) -> CalendarError {
        ask!(self, client => client.put(calendar, None, &entry())).unwrap_err()
    }

    async fn remove(&self, written: &Written) -> Result<(), CalendarError> {
        ask!(self, client => client.remove(self.calendar, written))
    }

    /// The only event that is not cancelled.
    fn event(&self) -> Value {
        let mut events = self.events(self.calendar);
        assert_eq!(events.len(), 1, "{events:?}");
        events.remove(0)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
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

/// The same, confirmed and moved.
fn moved() -> Entry {
    Entry {
        is_tentative: false,
        start: at("2026-12-02T17:00:00Z"),
        end: at("2026-12-02T18:00:00Z"),
        ..entry()
    }
}

/// What was written, whose version is not known.
fn unversioned(written: &Written) -> Written {
    Written {
        etag: None,
        ..written.clone()
    }
}

fn refused(status: u16, code: &str) -> CalendarError {
    CalendarError::Refused {
        status,
        code: code.to_owned(),
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
