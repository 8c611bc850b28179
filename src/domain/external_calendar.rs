//! Calendars that are kept elsewhere: what is read from them, what is written into them, and how either fails. What an event is called, where
//! it is and who comes is no part of it: it never leaves the code that reads it.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// Which events are asked for: all that overlap it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// The organization's zone: whose days these are, and what events without a zone of their own mean.
    pub zone: Tz,
}

/// When an event is. Its end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventTime {
    /// From one moment to another.
    Timed {
        /// When it starts.
        start: DateTime<Utc>,
        /// When it ends; after its start.
        end: DateTime<Utc>,
    },
    /// Whole days, wherever one is.
    Days {
        /// The first day.
        first: NaiveDate,
        /// The day after the last.
        end: NaiveDate,
    },
}

/// One event, or one of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which of its resource it is; empty where that is no series.
    pub instance: String,
    /// When it is.
    pub time: EventTime,
    /// Whether its owner is busy: it is neither free time nor declined nor of no length.
    pub is_busy: bool,
}

/// What the provider keeps under one id: an event, or a series as far as it lies in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The provider's id of it, or its path on a CalDAV server.
    pub id: String,
    /// By which key it was written, where it says so itself: its id may be another one since it was moved.
    pub key: Option<Uuid>,
    /// The id of its series, where each one of a series has an id of its own.
    pub series: Option<String>,
    /// Its version.
    pub etag: Option<String>,
    /// Its events that are not cancelled; none where it was deleted, or has none in the window.
    pub events: Vec<Event>,
    /// Whether it was deleted or cancelled as a whole.
    pub is_deleted: bool,
}

/// What a calendar said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Whether it has everything in the window; else only what has changed since the cursor.
    pub is_full: bool,
    /// In no order, each once.
    pub resources: Vec<Resource>,
    /// From where it tells next time what has changed; none where everything must be listed each time.
    pub cursor: Option<String>,
}

/// A calendar of an account, for choosing one. Its name is shown and not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The provider's id, or its path on a CalDAV server.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is the one that new events go to.
    pub is_primary: bool,
    /// Whether events can be written into it.
    pub is_writable: bool,
}

/// An appointment as it is to stand in a calendar. Nobody is invited to it, but by Calendly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of which appointment.
    pub appointment_id: Uuid,
    /// By which id it is written, the same however often it is tried.
    pub key: Uuid,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// The organization's zone.
    pub zone: Tz,
    /// Whether it is still to be confirmed.
    pub is_tentative: bool,
    /// Its title.
    pub title: String,
    /// Where it is.
    pub place: Option<String>,
    /// What is to be done.
    pub description: Option<String>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// For whom Calendly books it.
    pub invitee: Option<Invitee>,
}

/// A customer for whom Calendly books, and whom it writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    /// The event type, by its address.
    pub event_type: String,
    /// Where Calendly writes.
    pub email: String,
    /// What the customer is called.
    pub name: String,
}

/// What an event of ours says. Of a change: what stays is left out, and an empty text removes what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its title.
    pub title: Option<String>,
    /// Where it is.
    pub place: Option<String>,
    /// What is to be done.
    pub description: Option<String>,
}

/// Where an entry lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The provider's id of it.
    pub resource: String,
    /// Its version, where the provider tells it.
    pub etag: Option<String>,
}

/// Why a provider did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The cursor is too old: everything must be listed.
    #[error("the provider does not know the cursor any more")]
    CursorExpired,
    /// Somebody changed the event since: it must be read first.
    #[error("the event was changed meanwhile")]
    Changed,
    /// There is no such event or calendar any more.
    #[error("it is not there any more")]
    Gone,
    /// The id was used before and is never free again.
    #[error("the id was used before")]
    IdTaken,
    /// The access token is not valid, or not any more: it is to be refreshed once.
    #[error("the access token is not taken")]
    Unauthorized,
    /// The credential is not taken any more: only its owner can mend it.
    #[error("the provider does not take the credential any more")]
    Revoked,
    /// A setting of the service, or its registration with the provider, is wrong: the operator mends it, and no owner can.
    #[error("the service is not set up for it: {0}")]
    Misconfigured(&'static str),
    /// Too much was asked.
    #[error("the provider asks to wait")]
    Limited {
        /// How long to wait, where the provider said so.
        retry_after: Option<Duration>,
    },
    /// It could not be reached, did not answer in time, or failed.
    #[error("the provider is not available: {0}")]
    Unavailable(&'static str),
    /// It refuses for good.
    #[error("the provider refuses: {status} {code}")]
    Refused {
        /// Its HTTP status.
        status: u16,
        /// Its word for it, which holds nothing of the event.
        code: String,
    },
    /// It answered with something that cannot be read.
    #[error("the answer cannot be read: {0}")]
    Unreadable(&'static str),
    /// It has more than is read of one calendar.
    #[error("the calendar is too large")]
    TooLarge,
}

impl Entry {
    /// What it says; what it says nothing of is empty.
    #[must_use]
    pub fn words(&self) -> [&str; 3] {
        [
            &self.title,
            self.place.as_deref().unwrap_or_default(),
            self.description.as_deref().unwrap_or_default(),
        ]
    }
}

impl CalendarError {
    /// One word for it, for a row and a metric.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CursorExpired => "cursor_expired",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::IdTaken => "id_taken",
            Self::Unauthorized => "unauthorized",
            Self::Revoked => "revoked",
            Self::Misconfigured(_) => "misconfigured",
            Self::Limited { .. } => "limited",
            Self::Unavailable(_) => "unavailable",
            Self::Refused { .. } => "refused",
            Self::Unreadable(_) => "unreadable",
            Self::TooLarge => "too_large",
        }
    }
}
