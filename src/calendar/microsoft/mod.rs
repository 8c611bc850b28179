//! Outlook calendars by Microsoft Graph, version 1.0: when they are busy, and appointments as events in them.
//!
//! A calendar is listed as a whole each time: Graph's deltas leave out of repeated events what tells whether they are busy. Titles, places
//! and people are never asked for, nobody is ever invited.
//!
//! Sources: microsoft-graph-docs-contrib (event, calendar-list-calendarview, subscription, outlook-immutable-id, throttling).

mod event;
mod subscription;
mod words;

use std::collections::{HashMap, HashSet};

use reqwest::{Client as Http, Method, RequestBuilder, StatusCode};
use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    answer::{self, Answer},
    api::{self, Api, MAX_EVENTS, MAX_PAGES},
    oauth::Registration,
    window,
};
use crate::domain::external_calendar::{
    Calendar, CalendarError, Entry, Listing, Resource, Window, Written,
};
use event::Item;

pub use subscription::{Lifecycle, Notification, Subscription, handshake};

/// Where owners are asked, unless it is set.
pub const AUTHORIZE_URL: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize";
/// Where tokens come from, unless it is set.
pub const TOKEN_URL: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/token";
/// Where the API is, unless it is set.
pub const API_URL: &str = "https://graph.microsoft.com/v1.0";

/// To read and write calendars, also when nobody is signed in.
pub const SCOPES: &[&str] = &["offline_access", "Calendars.ReadWrite"];

/// The most events of a page, of which Graph allows no more.
const PAGE_SIZE: &str = "1000";

/// What is asked of an event.
const EVENT_FIELDS: (&str, &str) = (
    "$select",
    "id,changeKey,start,end,showAs,isAllDay,isCancelled,responseStatus,seriesMasterId",
);
/// The same, and by which key it was made.
const OWN_FIELDS: (&str, &str) = (
    "$select",
    "id,changeKey,start,end,showAs,isAllDay,isCancelled,responseStatus,transactionId",
);

/// An id stays the same when an event is moved to another folder. Times are told in UTC, and not in the zone of whoever made the event.
const PREFERENCES: &[(&str, &str)] = &[
    ("prefer", "IdType=\"ImmutableId\""),
    ("prefer", "outlook.timezone=\"UTC\""),
];

/// The client of one account.
#[derive(Clone, Debug)]
pub struct Client {
    api: Api,
}

#[derive(Deserialize)]
struct Page<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CalendarItem {
    id: Option<String>,
    name: Option<String>,
    is_default_calendar: Option<bool>,
    can_edit: Option<bool>,
}

#[derive(Default, Deserialize)]
struct Refusal {
    error: Option<RefusalError>,
}

#[derive(Deserialize)]
struct RefusalError {
    code: Option<String>,
}

/// frontdesk's registration with Microsoft; a public client has no secret.
#[must_use]
pub fn registration(
    client_id: String,
    client_secret: Option<SecretString>,
    authorize_url: Url,
    token_url: Url,
) -> Registration {
    Registration {
        client_id,
        client_secret,
        authorize_url,
        token_url,
        revoke_url: None,
        scopes: SCOPES,
        parameters: &[("response_mode", "query"), ("prompt", "select_account")],
    }
}

impl Client {
    /// A client of the API at `base`. `http` must follow no redirects: the token is for that host alone.
    #[must_use]
    pub fn new(http: Http, base: Url, access_token: SecretString) -> Self {
        let api = Api {
            http,
            base,
            access_token,
            headers: PREFERENCES,
            refusal,
        };
        Self { api }
    }

    /// The calendars of the account.
    ///
    /// # Errors
    ///
    /// Why they cannot be listed.
    pub async fn calendars(&self) -> Result<Vec<Calendar>, CalendarError> {
        let request = self
            .api
            .request(Method::GET, &["me", "calendars"])?
            .query(&[
                ("$select", "id,name,isDefaultCalendar,canEdit"),
                ("$top", "100"),
            ]);
        let mut calendars = Vec::new();
        self.pages(request, |item: CalendarItem| {
            calendars.extend(calendar(item));
            Ok(calendars.len())
        })
        .await?;
        Ok(calendars)
    }

    /// The events in a window. It is a full listing always, so that there is never a cursor.
    ///
    /// # Errors
    ///
    /// Why it cannot be listed.
    pub async fn list(
        &self,
        calendar: &str,
        window: &Window,
        _cursor: Option<&str>,
    ) -> Result<Listing, CalendarError> {
        let (after, before) = window::bounds(window);
        let request = self
            .api
            .request(Method::GET, &["me", "calendars", calendar, "calendarView"])?
            .query(&[
                ("startDateTime", after.as_str()),
                ("endDateTime", before.as_str()),
                ("$top", PAGE_SIZE),
                EVENT_FIELDS,
            ]);
        let mut resources: HashMap<String, Resource> = HashMap::new();
        self.pages(request, |item: Item| {
            let resource = item.resource(window)?;
            if !resource.events.is_empty() {
                resources.insert(resource.id.clone(), resource);
            }
            Ok(resources.len())
        })
        .await?;
        Ok(Listing {
            is_full: true,
            resources: resources.into_values().collect(),
            cursor: None,
        })
    }

    /// Writes an appointment: a new event, or the one that was written before. However often it is tried, there is one event.
    ///
    /// # Errors
    ///
    /// `IdTaken` where the event was deleted and needs another key, `Changed` where somebody changed it since, `Gone`, and others.
    pub async fn put(
        &self,
        calendar: &str,
        known: Option<&Written>,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        match known {
            Some(known) => self.change(calendar, known, entry).await,
            None => self.insert(calendar, entry).await,
        }
    }

    /// Removes an event. One that is gone already is no error.
    ///
    /// # Errors
    ///
    /// `Changed` where somebody changed it since, and others.
    pub async fn remove(&self, calendar: &str, written: &Written) -> Result<(), CalendarError> {
        match self.check(calendar, written).await {
            Err(CalendarError::Gone) => return Ok(()),
            checked => checked?,
        }
        let request = self.event(Method::DELETE, calendar, &written.resource)?;
        self.api.remove(request).await
    }

    async fn insert(&self, calendar: &str, entry: &Entry) -> Result<Written, CalendarError> {
        let request = self
            .api
            .request(Method::POST, &["me", "calendars", calendar, "events"])?
            .json(&event::inserted(entry));
        let item = match self.api.send(request).await {
            Err(CalendarError::Refused { status: 409, .. }) => None,
            answer => answer?.read_if_any(),
        };
        let item = match item {
            Some(item) => item,
            // It was made, now or by an attempt before, and which one it is was not told.
            None => self.find(calendar, entry).await?,
        };
        // The answer to a repeat is the event as the first attempt made it.
        let is_current = item.stands_as(entry);
        let made = written(item)?;
        if is_current {
            return Ok(made);
        }
        self.change(calendar, &made, entry).await
    }

    /// The event that was made with the key of an entry. Copies of it have its property, but not its key.
    async fn find(&self, calendar: &str, entry: &Entry) -> Result<Item, CalendarError> {
        let filter = format!(
            "singleValueExtendedProperties/Any(ep: ep/id eq '{}' and ep/value eq '{}')",
            event::MARKER,
            entry.appointment_id
        );
        let request = self
            .api
            .request(Method::GET, &["me", "calendars", calendar, "events"])?
            .query(&[("$filter", filter.as_str()), OWN_FIELDS]);
        let mut found = None;
        let mut count = 0;
        self.pages(request, |item: Item| {
            count += 1;
            if item.is_of(entry.key) {
                found = Some(item);
            }
            Ok(count)
        })
        .await?;
        found.ok_or(CalendarError::IdTaken)
    }

    async fn change(
        &self,
        calendar: &str,
        known: &Written,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        self.check(calendar, known).await?;
        let request = self
            .event(Method::PATCH, calendar, &known.resource)?
            .json(&event::changed(entry));
        let answer = self.api.send(request).await?;
        let item: Item = answer.read_if_any().unwrap_or_default();
        Ok(Written {
            resource: known.resource.clone(),
            etag: item.change_key,
        })
    }

    /// Whether an event is the version that is known. There is no condition that a change itself could name.
    async fn check(&self, calendar: &str, known: &Written) -> Result<(), CalendarError> {
        let Some(etag) = &known.etag else {
            return Ok(());
        };
        let item = self.item(calendar, &known.resource).await?;
        match item.change_key {
            Some(change_key) if change_key != *etag => Err(CalendarError::Changed),
            _ => Ok(()),
        }
    }

    async fn item(&self, calendar: &str, id: &str) -> Result<Item, CalendarError> {
        let request = self
            .event(Method::GET, calendar, id)?
            .query(&[EVENT_FIELDS]);
        self.api.get(request).await
    }

    /// Reads all pages of a list. `take` gives how many entries there are by now.
    async fn pages<T: DeserializeOwned>(
        &self,
        mut request: RequestBuilder,
        mut take: impl FnMut(T) -> Result<usize, CalendarError>,
    ) -> Result<(), CalendarError> {
        let mut known = HashSet::new();
        for _ in 0..MAX_PAGES {
            let page: Page<T> = self.api.page(request).await?;
            let is_empty = page.value.is_empty();
            for item in page.value {
                if take(item)? > MAX_EVENTS {
                    return Err(CalendarError::TooLarge);
                }
            }
            let Some(link) = page.next_link else {
                return Ok(());
            };
            request = self.api.follow(&link)?;
            // Graph is known to lead back to where it was.
            if !known.insert(link) {
                return if is_empty {
                    Ok(())
                } else {
                    Err(CalendarError::Unreadable("its pages go round"))
                };
            }
        }
        Err(CalendarError::TooLarge)
    }

    fn event(
        &self,
        method: Method,
        calendar: &str,
        id: &str,
    ) -> Result<RequestBuilder, CalendarError> {
        self.api
            .request(method, &["me", "calendars", calendar, "events", id])
    }
}

/// What a refusal means.
fn refusal(answer: &Answer) -> CalendarError {
    let body: Refusal = answer.read_if_any().unwrap_or_default();
    let code = body.error.and_then(|error| error.code);
    match (answer.status, code.as_deref()) {
        // The account has no mailbox, or it is being moved: nothing is gone.
        (StatusCode::NOT_FOUND, Some(code))
            if code.contains("Mailbox") || code == "ErrorInvalidUser" =>
        {
            answer::refusal(answer, Some(code))
        }
        // Exchange was saving the event itself; it passes.
        (StatusCode::CONFLICT, Some("ErrorConcurrentItemSave")) => {
            CalendarError::Unavailable("it was saving the event")
        }
        (_, code) => answer::refusal_of_item(answer, code),
    }
}

fn calendar(item: CalendarItem) -> Option<Calendar> {
    let id = item.id.filter(|id| !id.is_empty())?;
    Some(Calendar {
        name: item.name.unwrap_or_else(|| id.clone()),
        is_primary: item.is_default_calendar == Some(true),
        is_writable: item.can_edit == Some(true),
        id,
    })
}

fn written(item: Item) -> Result<Written, CalendarError> {
    Ok(Written {
        resource: api::id(item.id)?,
        etag: item.change_key,
    })
}

#[cfg(test)]
mod tests;
