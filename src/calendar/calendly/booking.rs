//! Booking: Calendly does that for its own event types and mails whoever is invited; nothing it booked can be changed, only cancelled.
//!
//! A booking has no id of ours. It is sent along as `tracking`, by which one whose answer was lost is found again.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{Client, PAGE_SIZE, Page, Wrapped, id, text};
use crate::domain::external_calendar::{CalendarError, Entry, Written};

/// How often in a row an event is followed to where it was moved.
const MAX_MOVES: usize = 20;

/// Where the resource of a booking begins whose answer is not known.
const ATTEMPT: &str = "attempt:";

#[derive(Deserialize)]
struct Invitees {
    collection: Vec<Invitee>,
}

#[derive(Deserialize)]
struct Invitee {
    event: Option<String>,
    tracking: Option<Tracking>,
    /// Who they are at the event that they moved to.
    #[serde(rename = "new_invitee")]
    moved_to: Option<String>,
}

#[derive(Deserialize)]
struct Tracking {
    utm_content: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    status: Option<String>,
    invitees_counter: Option<Counter>,
}

#[derive(Deserialize)]
struct Counter {
    active: i64,
}

#[derive(Deserialize)]
struct EventType {
    kind: Option<String>,
}

/// The resource of an entry while the answer to its booking is not known: all that it is found by.
#[must_use]
pub fn attempt(entry: &Entry) -> String {
    format!("{ATTEMPT}{}/{}", entry.key, text(entry.start))
}

fn for_groups() -> CalendarError {
    CalendarError::Refused {
        status: 422,
        code: "group".to_owned(),
    }
}

impl Client {
    /// Books an entry for its invitee, unless it is booked already.
    ///
    /// # Errors
    ///
    /// `Refused` with 403 where the account's plan allows no booking, with 400 where the event type is not free then or asks for more, with 404
    /// where it is not there, with 422 where it is for groups; and others.
    pub async fn book(&self, calendar: &str, entry: &Entry) -> Result<Written, CalendarError> {
        let written = |resource| Written {
            resource,
            etag: None,
        };
        if let Some(known) = self.find(calendar, entry.key, entry.start).await? {
            return Ok(written(known));
        }
        let invitee = entry.invitee.as_ref();
        let invitee = invitee.ok_or(CalendarError::Misconfigured("nobody is invited"))?;
        self.check(&invitee.event_type).await?;
        let request = self.0.request(Method::POST, &["invitees"])?.json(&json!({
            "event_type": invitee.event_type,
            "start_time": text(entry.start),
            "invitee": {
                "email": invitee.email,
                "name": invitee.name,
                "timezone": entry.zone.name(),
            },
            "tracking": {
                "utm_source": "frontdesk",
                "utm_content": entry.key,
                "utm_campaign": null,
                "utm_medium": null,
                "utm_term": null,
                "salesforce_uuid": null,
            },
        }));
        let booked: Wrapped<Invitee> = match self.0.get(request).await {
            // An earlier attempt may be what takes the time.
            Err(refused @ CalendarError::Refused { .. }) => {
                let known = self.find(calendar, entry.key, entry.start).await?;
                return known.map(written).ok_or(refused);
            }
            answer => answer?,
        };
        let event = booked.resource.event.filter(|uri| !id(uri).is_empty());
        event
            .map(written)
            .ok_or(CalendarError::Unreadable("a booking has no event"))
    }

    /// Cancels what was booked, or may have been. What is cancelled already is no error.
    ///
    /// # Errors
    ///
    /// `Gone` where it is not there, and others.
    pub async fn cancel(&self, calendar: &str, written: &Written) -> Result<(), CalendarError> {
        let known = match written.resource.strip_prefix(ATTEMPT) {
            None => Some(written.resource.clone()),
            Some(attempt) => {
                let (key, start) = attempt
                    .split_once('/')
                    .and_then(|(key, start)| Some((key.parse().ok()?, start.parse().ok()?)))
                    .ok_or(CalendarError::Gone)?;
                self.find(calendar, key, start).await?
            }
        };
        let Some(uri) = known else {
            return Ok(());
        };
        let path = ["scheduled_events", id(&uri)];
        let request = self.0.request(Method::GET, &path)?;
        let Wrapped { resource: event } = self.0.get::<Wrapped<Event>>(request).await?;
        if event.status.as_deref() == Some("canceled") {
            return Ok(());
        }
        if event.invitees_counter.is_some_and(|it| it.active > 1) {
            // Whoever else came to it would be told that it is off.
            return Err(for_groups());
        }
        let path = ["scheduled_events", id(&uri), "cancellation"];
        let request = self.0.request(Method::POST, &path)?.json(&json!({
            "reason": "The appointment was cancelled or moved.",
        }));
        self.0.send(request).await.map(drop)
    }

    /// Refuses an event type that is not there, or is for groups: of their events no single invitee can be cancelled.
    async fn check(&self, event_type: &str) -> Result<(), CalendarError> {
        let request = self
            .0
            .request(Method::GET, &["event_types", id(event_type)])?;
        match self.0.get::<Wrapped<EventType>>(request).await {
            Ok(found) if found.resource.kind.as_deref() == Some("group") => Err(for_groups()),
            Ok(_) => Ok(()),
            Err(CalendarError::Gone) => Err(CalendarError::Refused {
                status: 404,
                code: "event_type".to_owned(),
            }),
            Err(problem) => Err(problem),
        }
    }

    /// The event in whose place another one stands by now, because its invitee moved it, maybe more than once.
    pub(super) async fn successor(&self, uri: &str) -> Result<Option<String>, CalendarError> {
        let mut successor = None;
        for _ in 0..MAX_MOVES {
            let uri = successor.as_deref().unwrap_or(uri);
            let path = ["scheduled_events", id(uri), "invitees"];
            let request = self.0.request(Method::GET, &path)?;
            let invitees: Invitees = match self.0.page(request).await {
                Err(CalendarError::Gone) => break,
                answer => answer?,
            };
            let mut moved = invitees.collection.into_iter().filter_map(|it| it.moved_to);
            // Its address is below that of the event.
            match moved
                .next()
                .as_deref()
                .and_then(|it| it.split_once("/invitees/"))
            {
                Some((event, _)) => successor = Some(event.to_owned()),
                None => break,
            }
        }
        Ok(successor)
    }

    /// The event that was booked by this key for this time, if it stands.
    async fn find(
        &self,
        calendar: &str,
        key: Uuid,
        start: DateTime<Utc>,
    ) -> Result<Option<String>, CalendarError> {
        let near = |minutes| text(start + TimeDelta::minutes(minutes));
        let request = self.0.request(Method::GET, &["scheduled_events"])?.query(&[
            ("user", calendar),
            ("status", "active"),
            ("min_start_time", &near(-1)),
            ("max_start_time", &near(1)),
            ("count", PAGE_SIZE),
        ]);
        let page: Page = self.0.page(request).await?;
        for uri in page.collection.into_iter().filter_map(|item| item.uri) {
            let path = ["scheduled_events", id(&uri), "invitees"];
            let request = self.0.request(Method::GET, &path)?;
            let request = request.query(&[("status", "active"), ("count", PAGE_SIZE)]);
            let invitees: Invitees = match self.0.page(request).await {
                Err(CalendarError::Gone) => continue,
                answer => answer?,
            };
            let is_ours = invitees.collection.into_iter().any(|invitee| {
                let sent_along = invitee.tracking.and_then(|tracking| tracking.utm_content);
                sent_along.is_some_and(|sent| sent.parse() == Ok(key))
            });
            if is_ours {
                return Ok(Some(uri));
            }
        }
        Ok(None)
    }
}
