//! Google Calendar, version 3: the busy times of a calendar, and appointments as events in it.
//!
//! Titles, places and people are never asked for: every request names the fields of its answer. Nobody is ever invited or told by mail.
//!
//! Sources: the API's discovery document (revision 20261030), its guides on synchronization, push notifications and errors.

mod event;
mod problem;
mod watch;
mod words;

use std::{collections::HashMap, fmt};

use reqwest::{Client as Http, Method, RequestBuilder, StatusCode, header::IF_MATCH};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    answer::{self, Answer},
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

/// The most events of a page, of which Google allows no more, and of a calendar.
const PAGE_SIZE: &str = "2500";
const MAX_EVENTS: usize = 50_000;

/// The most pages: some may be empty.
const MAX_PAGES: usize = 200;

/// How much of a page is read, in bytes: an event takes about 400.
const MAX_PAGE: usize = 8 * 1_024 * 1_024;

/// How much of any other answer is read, in bytes.
const MAX_ANSWER: usize = 256 * 1_024;

/// What is asked of a list of events.
const LIST_FIELDS: &str = concat!(
    "items(id,etag,status,start,end,transparency,eventType,attendees(self,responseStatus)),",
    "nextPageToken,nextSyncToken"
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
#[derive(Clone)]
pub struct Client {
    http: Http,
    base: Url,
    access_token: SecretString,
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

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("google::Client")
    }
}

impl Client {
    /// A client of the API at `base`. `http` must follow no redirects: the token is for that host alone.
    #[must_use]
    pub fn new(http: Http, base: Url, access_token: SecretString) -> Self {
        Self {
            http,
            base,
            access_token,
        }
    }

    /// The calendars of the account.
    ///
    /// # Errors
    ///
    /// Why they cannot be listed.
    pub async fn calendars(&self) -> Result<Vec<Calendar>, CalendarError> {
        let mut calendars = Vec::new();
        let mut page_token = None;
        for _ in 0..MAX_PAGES {
            let request = self
                .request(Method::GET, &["users", "me", "calendarList"])?
                .query(&[("maxResults", "250"), ("fields", CALENDAR_FIELDS)])
                .query(&page_token.map(|token: String| [("pageToken", token)]));
            let page: Page<CalendarItem> = self.get(request, MAX_ANSWER).await?;
            calendars.extend(page.items.into_iter().flatten().filter_map(calendar));
            page_token = page.next_page_token;
            if page_token.is_none() {
                return Ok(calendars);
            }
        }
        Err(CalendarError::TooLarge)
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
        let mut parameters = vec![
            ("singleEvents", "true".to_owned()),
            ("showDeleted", "true".to_owned()),
            ("maxResults", PAGE_SIZE.to_owned()),
            ("maxAttendees", "1".to_owned()),
            ("fields", LIST_FIELDS.to_owned()),
        ];
        if let Some(cursor) = cursor {
            parameters.push(("syncToken", cursor.to_owned()));
        } else {
            let (after, before) = window::bounds(window);
            parameters.extend([("timeMin", after), ("timeMax", before)]);
        }
        let mut resources: HashMap<String, Resource> = HashMap::new();
        let mut page_token = None;
        for _ in 0..MAX_PAGES {
            let request = self
                .request(Method::GET, &["calendars", calendar, "events"])?
                .query(&parameters)
                .query(&page_token.map(|token: String| [("pageToken", token)]));
            let page: Page<Item> = self
                .get(request, MAX_PAGE)
                .await
                .map_err(|problem| of_cursor(problem, cursor.is_some()))?;
            for item in page.items.into_iter().flatten() {
                let resource = item.resource(Some(window))?;
                // What changes while pages are read comes twice; the later one is the newer.
                if cursor.is_some() || resource.is_deleted || !resource.events.is_empty() {
                    resources.insert(resource.id.clone(), resource);
                }
            }
            if resources.len() > MAX_EVENTS {
                // Of a delta that is no wonder: it knows no window, and has a daily event for years.
                return Err(of_cursor(CalendarError::TooLarge, cursor.is_some()));
            }
            page_token = page.next_page_token;
            if page_token.is_none() {
                return Ok(Listing {
                    is_full: cursor.is_none(),
                    resources: resources.into_values().collect(),
                    cursor: page.next_sync_token,
                });
            }
        }
        Err(of_cursor(CalendarError::TooLarge, cursor.is_some()))
    }

    /// One event as it is now, wherever it lies.
    ///
    /// # Errors
    ///
    /// `Gone` where there is none, and others. One that was deleted is no error: it may be told as such.
    pub async fn read(&self, calendar: &str, id: &str) -> Result<Resource, CalendarError> {
        self.item(calendar, id).await?.resource(None)
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
        let answer = answer::send(if_match(request, written), MAX_ANSWER).await?;
        match problem::read(&answer) {
            None => Ok(()),
            Some(_) if is_gone(&answer) => Ok(()),
            // Deleting an event changes it as well.
            Some(CalendarError::Changed) => match self.item(calendar, &written.resource).await {
                Err(CalendarError::Gone) => Ok(()),
                Ok(item) if item.is_deleted() => Ok(()),
                Ok(_) => Err(CalendarError::Changed),
                Err(problem) => Err(problem),
            },
            Some(problem) => Err(problem),
        }
    }

    async fn insert(&self, calendar: &str, entry: &Entry) -> Result<Written, CalendarError> {
        let id = event_id(entry.key);
        let request = self
            .request(Method::POST, &["calendars", calendar, "events"])?
            .query(&[TELL_NOBODY, ("fields", WRITTEN_FIELDS)])
            .json(&event::inserted(&id, entry));
        let answer = answer::send(request, MAX_ANSWER).await?;
        if answer.status != StatusCode::CONFLICT {
            return match problem::read(&answer) {
                None => Ok(written(id, &answer)),
                Some(problem) => Err(problem),
            };
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
        let answer = answer::send(if_match(request, &known), MAX_ANSWER).await?;
        match problem::read(&answer) {
            Some(problem) => Err(problem),
            None if answer
                .read_if_any::<Item>()
                .is_some_and(|item| item.is_cancelled()) =>
            {
                Err(CalendarError::Gone)
            }
            None => Ok(written(known.resource, &answer)),
        }
    }

    async fn item(&self, calendar: &str, id: &str) -> Result<Item, CalendarError> {
        let request = self
            .event(Method::GET, calendar, id)?
            .query(&[("maxAttendees", "1"), ("fields", EVENT_FIELDS)]);
        self.get(request, MAX_ANSWER).await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        max_bytes: usize,
    ) -> Result<T, CalendarError> {
        let answer = answer::send(request, max_bytes).await?;
        match problem::read(&answer) {
            Some(problem) => Err(problem),
            None => answer.read(),
        }
    }

    fn event(
        &self,
        method: Method,
        calendar: &str,
        id: &str,
    ) -> Result<RequestBuilder, CalendarError> {
        self.request(method, &["calendars", calendar, "events", id])
    }

    fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, CalendarError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| CalendarError::Misconfigured("the address of the API"))?
            .pop_if_empty()
            .extend(path);
        Ok(self
            .http
            .request(method, url)
            .bearer_auth(self.access_token.expose_secret()))
    }
}

/// A listing from a cursor that is refused in whatever way is one to be made anew: the cursor may come from another release, which asked for
/// other fields.
fn of_cursor(problem: CalendarError, has_cursor: bool) -> CalendarError {
    match problem {
        CalendarError::Gone
        | CalendarError::TooLarge
        | CalendarError::Refused { status: 400, .. }
            if has_cursor =>
        {
            CalendarError::CursorExpired
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

fn is_gone(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE)
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
