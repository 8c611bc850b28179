//! Events as Google writes them, and as it is given them.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    calendar::{api, window},
    domain::external_calendar::{CalendarError, Entry, EventTime, Resource, Window},
};

/// The private property by which an event of ours names its appointment.
const MARKER: &str = "frontdesk";

/// The digits of base32hex (RFC 4648, section 7), in lower case: what Google allows in an id.
const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// The few fields of an event that are read; each may be missing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) etag: Option<String>,
    status: Option<String>,
    start: Option<Moment>,
    end: Option<Moment>,
    transparency: Option<String>,
    event_type: Option<String>,
    recurring_event_id: Option<String>,
    attendees: Option<Vec<Attendee>>,
    extended_properties: Option<ExtendedProperties>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moment {
    date: Option<String>,
    date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attendee {
    #[serde(rename = "self")]
    is_self: Option<bool>,
    response_status: Option<String>,
}

#[derive(Deserialize)]
struct ExtendedProperties {
    private: Option<Private>,
}

#[derive(Deserialize)]
struct Private {
    frontdesk: Option<String>,
}

impl Item {
    /// Whether it says so.
    pub(super) fn is_cancelled(&self) -> bool {
        self.status.as_deref() == Some("cancelled")
    }

    /// Whether it was deleted. Google promises no more than the id of such an event.
    pub(super) fn is_deleted(&self) -> bool {
        self.is_cancelled() || (self.status.is_none() && self.start.is_none() && self.end.is_none())
    }

    /// Whether it can be the event of an appointment: it names that one, or somebody took its name away.
    pub(super) fn may_be_of(&self, appointment_id: Uuid) -> bool {
        let marker = self
            .extended_properties
            .as_ref()
            .and_then(|properties| properties.private.as_ref()?.frontdesk.as_deref());
        marker.is_none_or(|marker| marker == appointment_id.to_string())
    }

    /// What it is; without its event where that lies outside of the window.
    pub(super) fn resource(self, window: &Window) -> Result<Resource, CalendarError> {
        let is_deleted = self.is_deleted();
        let event = if is_deleted {
            None
        } else {
            let time = self.time()?;
            window::event(time, self.is_busy(&time), window)
        };
        Ok(Resource {
            id: api::id(self.id)?,
            key: None,
            series: self.recurring_event_id,
            etag: self.etag,
            events: event.into_iter().collect(),
            is_deleted,
        })
    }

    fn time(&self) -> Result<EventTime, CalendarError> {
        let read = |moment: &Option<Moment>| moment.as_ref().and_then(Moment::read);
        match (read(&self.start), read(&self.end)) {
            (Some(Read::Timed(start)), Some(Read::Timed(end))) => Ok(EventTime::Timed {
                start,
                end: end.max(start),
            }),
            (Some(Read::Day(first)), Some(Read::Day(end))) => Ok(EventTime::Days {
                first,
                // Imported ones may end on the day that they begin.
                end: end.max(first.checked_add_days(Days::new(1)).unwrap_or(first)),
            }),
            // To leave it out would be to offer its time.
            _ => Err(CalendarError::Unreadable("an event has no time")),
        }
    }

    fn is_busy(&self, time: &EventTime) -> bool {
        let response = self
            .attendees
            .iter()
            .flatten()
            .find(|attendee| attendee.is_self == Some(true))
            .and_then(|attendee| attendee.response_status.as_deref());
        let is_attended = match response {
            Some("declined") => false,
            // Nobody is away for days because of an invitation that they have not answered.
            Some("needsAction") => matches!(time, EventTime::Timed { .. }),
            _ => true,
        };
        let is_time_taken = !matches!(
            self.event_type.as_deref(),
            Some("workingLocation" | "birthday")
        );
        is_attended && is_time_taken && self.transparency.as_deref() != Some("transparent")
    }
}

/// A moment that could be read.
enum Read {
    Timed(DateTime<Utc>),
    Day(NaiveDate),
}

impl Moment {
    fn read(&self) -> Option<Read> {
        match (&self.date, &self.date_time) {
            (_, Some(text)) => DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|moment| Read::Timed(moment.to_utc())),
            (Some(text), None) => text.parse().ok().map(Read::Day),
            (None, None) => None,
        }
    }
}

/// The id of the event with this key.
#[must_use]
pub fn event_id(key: Uuid) -> String {
    let number = key.as_u128();
    // 26 digits of five bits each; the last has three of the key and two of nothing.
    (0..26_u32)
        .map(|digit| {
            let shifted = if digit == 25 {
                number << 2
            } else {
                number >> (123 - 5 * digit)
            };
            let index = usize::try_from(shifted & 31).unwrap_or_default();
            DIGITS.get(index).copied().map_or('0', char::from)
        })
        .collect()
}

/// A new event.
pub(super) fn inserted(id: &str, entry: &Entry) -> Value {
    let mut body = fields(entry);
    body.insert("id".to_owned(), json!(id));
    body.insert("reminders".to_owned(), json!({ "useDefault": false }));
    Value::Object(body)
}

/// What is ours of an event: the rest is its owner's. What an entry says nothing of is theirs as well.
pub(super) fn changed(entry: &Entry) -> Value {
    let mut body = fields(entry);
    // Somebody may have made it last all day: the date would stand beside the time, which is refused.
    for name in ["start", "end"] {
        if let Some(moment) = body.get_mut(name).and_then(Value::as_object_mut) {
            moment.insert("date".to_owned(), Value::Null);
        }
    }
    Value::Object(body)
}

fn fields(entry: &Entry) -> Map<String, Value> {
    let status = if entry.is_tentative {
        "tentative"
    } else {
        "confirmed"
    };
    let fields = [
        ("status", Some(json!(status))),
        ("start", Some(moment(entry.start, entry.zone))),
        ("end", Some(moment(entry.end, entry.zone))),
        ("summary", Some(json!(entry.title))),
        ("location", entry.place.as_ref().map(|text| json!(text))),
        (
            "description",
            entry.description.as_ref().map(|text| json!(text)),
        ),
        (
            "extendedProperties",
            Some(json!({ "private": { MARKER: entry.appointment_id } })),
        ),
    ];
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// A moment with its offset, which tells which of two same hours it is.
fn moment(moment: DateTime<Utc>, zone: Tz) -> Value {
    let local = moment.with_timezone(&zone);
    json!({
        "dateTime": local.to_rfc3339_opts(SecondsFormat::Secs, false),
        "timeZone": zone.name(),
    })
}
