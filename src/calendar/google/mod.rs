//! Google Calendar, version 3: the busy times of a calendar, and appointments as events in it.
//!
//! Titles, places and people are never asked for: every request names the fields of its answer. Nobody is ever invited or told by mail.
//!
//! Sources: the API's discovery document (revision 20261030), its guides on synchronization, push notifications and errors.

mod event;
mod watch;
mod words;

use std::collections::HashMap;

use reqwest::{Client as Http, Method, RequestBuilder, StatusCode, header::IF_MATCH};
use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    answer::{self, Answer},
    api::{Api, MAX_EVENTS, MAX_PAGES},
    oauth::Registration,
    window,
};
use crate::domain::external_calendar::{
    Calendar, CalendarError, Entry, Listing, Resource, Window, Written,
};
use event::Item;

pub use event::event_id;
pub use watch::{Channel, Notification};

/// Where owners are asked, unless it is set.
pub const AUTHORIZE_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";
/// Where tokens come from, unless it is set.
pub const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
/// Where the API is, unless it is set.
pub const API_URL: &str = "https://www.googleapis.com/calendar/v3";

/// To write into calendars that the account owns, to read when any calendar is busy, and to choose one.
pub const SCOPES: &[&str] = &[
    "https://www.googleapis.com/auth/calendar.events.owned",
    "https://www.googleapis.com/auth/calendar.events.freebusy",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
];

/// The most events of a page, of which Google allows no more.
const PAGE_SIZE: &str = "2500";

/// What is asked of a list of events.
const LIST_FIELDS: &str = concat!(
    "items(id,etag,status,start,end,transparency,eventType,recurringEventId,",
    "attendees(self,responseStatus)),nextPageToken,nextSyncToken"
);
/// What is asked of one event.
const EVENT_FIELDS: &str = concat!(
    "id,etag,status,start,end,transparency,eventType,attendees(self,responseStatus),",
    "extendedProperties/private"
);
/// What is asked of one that was written.
const WRITTEN_FIELDS: &str = "id,etag,status";
/// What is asked of the list of calendars.
const CALENDAR_FIELDS: &str =
    "items(id,summary,summaryOverride,primary,accessRole,deleted),nextPageToken";

/// Nobody is told of what is written: customers hear it from the organization.
const TELL_NOBODY: (&str, &str) = ("sendUpdates", "none");

/// The client of one account.
#[derive(Clone, Debug)]
pub struct Client {
    api: Api,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    items: Option<Vec<T>>,
    next_page_token: Option<String>,
    next_sync_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CalendarItem {
    id: Option<String>,
    summary: Option<String>,
    summary_override: Option<String>,
    primary: Option<bool>,
    access_role: Option<String>,
    deleted: Option<bool>,
}

/// What a refusal says: its status little, its reason more.
#[derive(Default, Deserialize)]
struct Refusal {
    error: Option<RefusalError>,
}

#[derive(Deserialize)]
struct RefusalError {
    errors: Option<Vec<Detail>>,
}

#[derive(Deserialize)]
struct Detail {
    reason: Option<String>,
}

/// frontdesk's registration with Google.
#[must_use]
pub fn registration(
    client_id: String,
    client_secret: SecretString,
    authorize_url: Url,
    token_url: Url,
) -> Registration {
    Registration {
        client_id,
        client_secret: Some(client_secret),
        authorize_url,
        revoke_url: token_url.join("revoke").ok(),
        token_url,
        scopes: SCOPES,
        // Without the second there is no refresh token for an owner who was asked before.
        parameters: &[("access_type", "offline"), ("prompt", "consent")],
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
            headers: &[],
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
        let mut calendars = Vec::new();
        self.pages(
            &["users", "me", "calendarList"],
            &[("maxResults", "250"), ("fields", CALENDAR_FIELDS)],
            |item| {
                calendars.extend(calendar(item));
                Ok(calendars.len())
            },
        )
        .await?;
        Ok(calendars)
    }

    /// The events in a window, or what has changed since a cursor. What has changed outside of the window comes as a resource without events:
    /// it may have been inside before.
    ///
    /// # Errors
    ///
    /// `CursorExpired` where everything must be listed, and others.
    pub async fn list(
        &self,
        calendar: &str,
        window: &Window,
        cursor: Option<&str>,
    ) -> Result<Listing, CalendarError> {
        let (after, before) = window::bounds(window);
        let mut parameters = vec![
            ("singleEvents", "true"),
            ("showDeleted", "true"),
            ("maxResults", PAGE_SIZE),
            ("maxAttendees", "1"),
            ("fields", LIST_FIELDS),
        ];
        match cursor {
            Some(cursor) => parameters.push(("syncToken", cursor)),
            None => parameters.extend([("timeMin", &*after), ("timeMax", &*before)]),
        }
        let mut resources: HashMap<String, Resource> = HashMap::new();
        let next = self
            .pages(
                &["calendars", calendar, "events"],
                &parameters,
                |item: Item| {
                    let resource = item.resource(window)?;
                    // What changes while pages are read comes twice; the later one is the newer.
                    if cursor.is_some() || resource.is_deleted || !resource.events.is_empty() {
                        resources.insert(resource.id.clone(), resource);
                    }
                    Ok(resources.len())
                },
            )
            .await;
        Ok(Listing {
            cursor: next.map_err(|problem| of_cursor(problem, cursor.is_some()))?,
            is_full: cursor.is_none(),
            resources: resources.into_values().collect(),
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
        let request = self
            .event(Method::DELETE, calendar, &written.resource)?
            .query(&[TELL_NOBODY]);
        match self.api.remove(if_match(request, written)).await {
            // Deleting an event changes it as well.
            Err(CalendarError::Changed) => match self.item(calendar, &written.resource).await {
                Err(CalendarError::Gone) => Ok(()),
                Ok(item) if item.is_deleted() => Ok(()),
                Ok(_) => Err(CalendarError::Changed),
                Err(problem) => Err(problem),
            },
            removed => removed,
        }
    }

    async fn insert(&self, calendar: &str, entry: &Entry) -> Result<Written, CalendarError> {
        let id = event_id(entry.key);
        let request = self
            .api
            .request(Method::POST, &["calendars", calendar, "events"])?
            .query(&[TELL_NOBODY, ("fields", WRITTEN_FIELDS)])
            .json(&event::inserted(&id, entry));
        match self.api.send(request).await {
            Err(CalendarError::Refused { status: 409, .. }) => {}
            sent => return Ok(written(id, &sent?)),
        }
        // An attempt before this one did it, and its answer was lost; or the event was deleted since, and its id is used up.
        let item = match self.item(calendar, &id).await {
            Err(CalendarError::Gone) => return Err(CalendarError::IdTaken),
            item => item?,
        };
        if item.is_deleted() || !item.may_be_of(entry.appointment_id) {
            return Err(CalendarError::IdTaken);
        }
        let etag = item.etag;
        let found = Written { resource: id, etag };
        self.change(calendar, &found, entry).await
    }

    async fn change(
        &self,
        calendar: &str,
        known: &Written,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        let mut known = known.clone();
        // A change of an event that was deleted would bring it back.
        if known.etag.is_none() {
            let item = self.item(calendar, &known.resource).await?;
            if item.is_deleted() {
                return Err(CalendarError::Gone);
            }
            known.etag = item.etag;
        }
        let request = self
            .event(Method::PATCH, calendar, &known.resource)?
            .query(&[TELL_NOBODY, ("fields", WRITTEN_FIELDS)])
            .json(&event::changed(entry));
        let answer = self.api.send(if_match(request, &known)).await?;
        let item: Option<Item> = answer.read_if_any();
        if item.is_some_and(|item| item.is_cancelled()) {
            return Err(CalendarError::Gone);
        }
        Ok(written(known.resource, &answer))
    }

    async fn item(&self, calendar: &str, id: &str) -> Result<Item, CalendarError> {
        let request = self
            .event(Method::GET, calendar, id)?
            .query(&[("maxAttendees", "1"), ("fields", EVENT_FIELDS)]);
        self.api.get(request).await
    }

    /// Reads all pages of a list, and gives its cursor. `take` gives how many entries there are by now.
    async fn pages<T: DeserializeOwned>(
        &self,
        path: &[&str],
        parameters: &[(&str, &str)],
        mut take: impl FnMut(T) -> Result<usize, CalendarError>,
    ) -> Result<Option<String>, CalendarError> {
        let mut page_token: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let request = self
                .api
                .request(Method::GET, path)?
                .query(parameters)
                .query(&page_token.as_ref().map(|token| [("pageToken", token)]));
            let page: Page<T> = self.api.page(request).await?;
            for item in page.items.into_iter().flatten() {
                if take(item)? > MAX_EVENTS {
                    return Err(CalendarError::TooLarge);
                }
            }
            let next = page.next_page_token.filter(|token| !token.is_empty());
            if next.is_none() {
                return Ok(page.next_sync_token);
            }
            if next == page_token {
                return Err(CalendarError::Unreadable("its pages go round"));
            }
            page_token = next;
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
            .request(method, &["calendars", calendar, "events", id])
    }
}

/// What a refusal means.
fn refusal(answer: &Answer) -> CalendarError {
    let body: Refusal = answer.read_if_any().unwrap_or_default();
    let mut details = body
        .error
        .and_then(|error| error.errors)
        .into_iter()
        .flatten();
    let reason = details.find_map(|detail| detail.reason);
    match (answer.status, reason.as_deref()) {
        (
            StatusCode::FORBIDDEN,
            Some(
                "rateLimitExceeded"
                | "userRateLimitExceeded"
                | "quotaExceeded"
                | "dailyLimitExceeded"
                | "concurrentLimitExceeded"
                | "calendarUsageLimitsExceeded",
            ),
        ) => answer::limited(answer),
        // The operator has not switched the API on in their project.
        (StatusCode::FORBIDDEN, Some("accessNotConfigured")) => {
            CalendarError::Misconfigured("accessNotConfigured")
        }
        (_, reason) => answer::refusal_of_item(answer, reason),
    }
}

/// A listing from a cursor that is refused in whatever way is one to be made anew: the cursor may come from another release, which asked for
/// other fields. That it is too large is no wonder: it knows no window, and has a daily event for years.
fn of_cursor(problem: CalendarError, has_cursor: bool) -> CalendarError {
    match problem {
        CalendarError::Gone
        | CalendarError::TooLarge
        | CalendarError::Refused { status: 400, .. }
            if has_cursor =>
        {
            CalendarError::CursorExpired
        }
        // Its owner took a part of their consent back.
        CalendarError::Refused { status: 403, code } if code == "insufficientPermissions" => {
            CalendarError::Revoked
        }
        problem => problem,
    }
}

fn calendar(item: CalendarItem) -> Option<Calendar> {
    let id = item.id.filter(|id| !id.is_empty())?;
    if item.deleted == Some(true) {
        return None;
    }
    let name = item.summary_override.or(item.summary);
    Some(Calendar {
        name: name.unwrap_or_else(|| id.clone()),
        is_primary: item.primary == Some(true),
        // `calendar.events.owned` reaches no others.
        is_writable: item.access_role.as_deref() == Some("owner"),
        id,
    })
}

fn if_match(request: RequestBuilder, known: &Written) -> RequestBuilder {
    match &known.etag {
        Some(etag) => request.header(IF_MATCH, etag),
        None => request,
    }
}

/// What was written. Without an etag in the answer it is not known which version that is.
fn written(id: String, answer: &Answer) -> Written {
    let item: Item = answer.read_if_any().unwrap_or_default();
    Written {
        resource: item.id.unwrap_or(id),
        etag: item.etag,
    }
}

#[cfg(test)]
mod tests;
