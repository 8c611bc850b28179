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
}

#[derive(Deserialize)]
struct Tracking {
    utm_content: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    status: Option<String>,
}

/// The resource of an entry while the answer to its booking is not known: all that it is found by.
#[must_use]
pub fn attempt(entry: &Entry) -> String {
    format!("{ATTEMPT}{}/{}", entry.key, text(entry.start))
}

impl Client {
    /// Books an entry for its invitee, unless it is booked already.
    ///
    /// # Errors
    ///
    /// `Refused` with 403 where the account's plan allows no booking, with 400 where the event type is not free then or asks for more, and
    /// others.
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
            // It is the event type that is not there.
            Err(CalendarError::Gone) => {
                return Err(CalendarError::Refused {
                    status: 404,
                    code: "event_type".to_owned(),
                });
            }
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
        let path = ["scheduled_events", id(&uri), "cancellation"];
        let request = self.0.request(Method::POST, &path)?.json(&json!({
            "reason": "The appointment was cancelled or moved.",
        }));
        match self.0.send(request).await {
            Err(refused @ CalendarError::Refused { .. }) => {
                let request = self
                    .0
                    .request(Method::GET, &["scheduled_events", id(&uri)])?;
                let event: Wrapped<Event> = self.0.get(request).await?;
                match event.resource.status.as_deref() {
                    Some("canceled") => Ok(()),
                    _ => Err(refused),
                }
            }
            answer => answer.map(drop),
        }
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
