//! Calendly, version 2: what is booked there, and booking what is to be.
//!
//! An account has one calendar, its user's. An answer cannot be asked for fewer fields: what events are called and who comes is dropped
//! where it is read. Of the calendars that are connected to Calendly it tells when they are busy.
//!
//! Source: <https://developer.calendly.com>.

mod booking;
mod webhook;

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::{Client as Http, Method, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{
    answer::{self, Answer},
    api::Api,
    window,
};
use crate::domain::external_calendar::{
    Calendar, CalendarError, Event, EventTime, Listing, Resource, Window,
};

pub use booking::attempt;
pub use webhook::is_signed;

/// Where the API is, unless it is set.
pub const API_URL: &str = "https://api.calendly.com";

/// The most events of a page, of which Calendly allows no more.
const PAGE_SIZE: &str = "100";

/// The most pages, and thereby events: 10,000.
const MAX_PAGES: usize = 100;

/// How many days of the connected calendars Calendly tells at once.
const BUSY_DAYS: i64 = 7;

/// How often they are asked for, and thereby how far ahead they are read: 63 days.
const MAX_BUSY_REQUESTS: i64 = 9;

/// Where the ids of busy times begin, which have none at Calendly.
const BUSY: &str = "busy/";

/// The client of one account.
#[derive(Clone, Debug)]
pub struct Client(Api);

#[derive(Deserialize)]
struct Wrapped<T> {
    resource: T,
}

#[derive(Deserialize)]
struct User {
    uri: String,
    name: Option<String>,
    current_organization: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    collection: Vec<Item>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    uri: Option<String>,
    /// Of busy times: `calendly` where they are events of the list as well.
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
    start_time: Option<DateTime<Utc>>,
    end_time: Option<DateTime<Utc>>,
    updated_at: Option<String>,
}

impl Client {
    /// A client of the API at `base`, with a personal access token. `http` must follow no redirects: the token is for that host alone.
    #[must_use]
    pub fn new(http: Http, base: Url, access_token: SecretString) -> Self {
        Self(Api {
            http,
            base,
            access_token,
            headers: &[],
            refusal,
        })
    }

    /// The calendar of the account: its user.
    ///
    /// # Errors
    ///
    /// Why it is not told.
    pub async fn calendars(&self) -> Result<Vec<Calendar>, CalendarError> {
        let user = self.user().await?;
        Ok(vec![Calendar {
            name: user.name.unwrap_or_else(|| user.uri.clone()),
            id: user.uri,
            is_primary: true,
            is_writable: true,
        }])
    }

    /// What is booked in a window, and when the connected calendars are busy from `now` on. It is a full listing always, so that there is never
    /// a cursor. What stands in the place of one of `ours`, because its invitee moved it, says so by its key.
    ///
    /// # Errors
    ///
    /// Why it cannot be listed.
    pub async fn list(
        &self,
        calendar: &str,
        window: &Window,
        now: DateTime<Utc>,
        ours: &[String],
    ) -> Result<Listing, CalendarError> {
        let mut booked = self.booked(calendar, window).await?;
        for uri in ours {
            if !booked.contains_key(uri)
                && let Some(successor) = self.successor(uri).await?
                && let Some(event) = booked.get_mut(&successor)
            {
                event.key = id(uri).parse().ok();
            }
        }
        let mut busy = self.busy(calendar, window, now).await?;
        // It writes what is booked into one of the connected calendars: that is the same event.
        busy.retain(|_, busy| booked.values().all(|event| event.events != busy.events));
        Ok(Listing {
            is_full: true,
            resources: booked.into_values().chain(busy.into_values()).collect(),
            cursor: None,
        })
    }

    async fn booked(
        &self,
        calendar: &str,
        window: &Window,
    ) -> Result<HashMap<String, Resource>, CalendarError> {
        // They are asked for by their start alone; none lasts longer than the day that lies before.
        let (after, before) = window::bounds(window);
        let mut resources: HashMap<String, Resource> = HashMap::new();
        let mut page_token = None;
        for _ in 0..MAX_PAGES {
            let request = self
                .0
                .request(Method::GET, &["scheduled_events"])?
                .query(&[
                    ("user", calendar),
                    ("status", "active"),
                    ("min_start_time", after.as_str()),
                    ("max_start_time", before.as_str()),
                    ("count", PAGE_SIZE),
                ])
                .query(&page_token.map(|token: String| [("page_token", token)]));
            let page: Page = self.0.page(request).await?;
            for item in page.collection {
                if let Some(resource) = resource(item, window)? {
                    resources.insert(resource.id.clone(), resource);
                }
            }
            page_token = page.pagination.and_then(|known| known.next_page_token);
            if page_token.is_none() {
                return Ok(resources);
            }
        }
        Err(CalendarError::TooLarge)
    }

    async fn busy(
        &self,
        calendar: &str,
        window: &Window,
        now: DateTime<Utc>,
    ) -> Result<HashMap<String, Resource>, CalendarError> {
        let mut resources = HashMap::new();
        for nth in 0..MAX_BUSY_REQUESTS {
            // It refuses what has passed by its own clock.
            let start = now + TimeDelta::minutes(1) + TimeDelta::days(BUSY_DAYS * nth);
            if start.date_naive() > window.last {
                break;
            }
            let end = start + TimeDelta::days(BUSY_DAYS);
            let request = self.0.request(Method::GET, &["user_busy_times"])?.query(&[
                ("user", calendar),
                ("start_time", &text(start)),
                ("end_time", &text(end)),
            ]);
            let page: Page = self.0.page(request).await?;
            let items = page.collection.into_iter();
            for mut item in items.filter(|item| item.kind.as_deref() != Some("calendly")) {
                item.uri = item
                    .start_time
                    .zip(item.end_time)
                    .map(|(start, end)| format!("{BUSY}{}/{}", text(start), text(end)));
                if let Some(resource) = resource(item, window)? {
                    resources.insert(resource.id.clone(), resource);
                }
            }
        }
        Ok(resources)
    }

    async fn user(&self) -> Result<User, CalendarError> {
        let request = self.0.request(Method::GET, &["users", "me"])?;
        let answer: Wrapped<User> = self.0.get(request).await?;
        Ok(answer.resource)
    }
}

/// The last part of an address.
fn id(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or_default()
}

fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What a status of failure means.
fn refusal(answer: &Answer) -> CalendarError {
    match answer.status {
        // A personal access token cannot be refreshed.
        StatusCode::UNAUTHORIZED => CalendarError::Revoked,
        StatusCode::NOT_FOUND => CalendarError::Gone,
        _ => answer::refusal(answer, None),
    }
}

/// What an entry of the list is; `None` where it is cancelled or lies outside of the window.
fn resource(item: Item, window: &Window) -> Result<Option<Resource>, CalendarError> {
    if item.status.as_deref() == Some("canceled") {
        return Ok(None);
    }
    let (Some(start), Some(end)) = (item.start_time, item.end_time) else {
        // To leave it out would be to offer its time.
        return Err(CalendarError::Unreadable("an event has no time"));
    };
    let end = end.max(start);
    let time = EventTime::Timed { start, end };
    if !window::overlaps(&time, window) {
        return Ok(None);
    }
    let event = Event {
        instance: String::new(),
        is_busy: start < end,
        time,
    };
    let id = item.uri.filter(|uri| !uri.is_empty());
    Ok(Some(Resource {
        id: id.ok_or(CalendarError::Unreadable("an event has no id"))?,
        key: None,
        series: None,
        etag: item.updated_at,
        events: vec![event],
        is_deleted: false,
    }))
}

#[cfg(test)]
mod tests;
