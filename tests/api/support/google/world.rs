//! What the stand-in knows: calendars with their events, tokens, channels, and what was asked of it.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use frontdesk::clock::machine_time;
use serde_json::{Map, Value, json};

use super::channels::Channel;
use crate::support::{
    http::{Failure, Recorded, Reply},
    oauth::Tokens,
};

/// An event as somebody enters it.
#[derive(Clone, Debug)]
pub struct GoogleEvent(Map<String, Value>);

pub struct Calendar {
    pub id: String,
    pub name: String,
    /// `owner`, `writer`, `reader` or `freeBusyReader`.
    pub role: String,
    pub is_primary: bool,
    pub zone: Tz,
    /// By their ids.
    pub events: BTreeMap<String, Stored>,
}

/// An event, and when it was last changed.
pub struct Stored {
    pub version: u64,
    pub fields: Map<String, Value>,
}

pub struct World {
    pub now: Option<DateTime<Utc>>,
    pub calendars: Vec<Calendar>,
    /// Grows with each change.
    pub version: u64,
    /// Cursors before it are too old.
    pub oldest: u64,
    pub page_size: Option<usize>,
    pub failures: VecDeque<Failure>,
    pub token_failures: VecDeque<Failure>,
    pub outage: Option<Failure>,
    /// How many answers to changes get lost.
    pub lost: u32,
    pub requests: Vec<Recorded>,
    pub complaints: Vec<String>,
    pub tokens: Tokens,
    pub channels: Vec<Channel>,
    pub app_port: Option<u16>,
}

/// How the API refuses.
pub fn problem(status: u16, reason: &str) -> Reply {
    let detail = json!({ "domain": "global", "reason": reason, "message": "It is refused." });
    let error = json!({ "errors": [detail], "code": status, "message": "It is refused." });
    Reply::json(status, &json!({ "error": error }))
}

impl GoogleEvent {
    /// From one moment to another, each with an offset: `2026-12-01T10:00:00-07:00`.
    pub fn timed(start: &str, end: &str) -> Self {
        Self(Map::new())
            .set("start", json!({ "dateTime": start }))
            .set("end", json!({ "dateTime": end }))
    }

    /// From one day up to another, which is no part of it.
    pub fn days(first: &str, end: &str) -> Self {
        Self(Map::new())
            .set("start", json!({ "date": first }))
            .set("end", json!({ "date": end }))
    }

    pub fn id(self, id: &str) -> Self {
        self.set("id", json!(id))
    }

    pub fn titled(self, title: &str) -> Self {
        self.set("summary", json!(title))
    }

    /// `confirmed`, or `tentative`.
    pub fn status(self, status: &str) -> Self {
        self.set("status", json!(status))
    }

    /// As free time.
    pub fn transparent(self) -> Self {
        self.set("transparency", json!("transparent"))
    }

    /// `workingLocation`, `outOfOffice`, ...
    pub fn kind(self, kind: &str) -> Self {
        self.set("eventType", json!(kind))
    }

    /// An invitation, and how the owner answered it: `needsAction`, `declined`, `tentative`, `accepted`.
    pub fn response(self, response: &str) -> Self {
        let host = json!({ "email": "host@example.test", "responseStatus": "accepted" });
        let owner =
            json!({ "email": "owner@example.test", "self": true, "responseStatus": response });
        self.set("attendees", json!([host, owner]))
    }

    /// Any other field.
    pub fn set(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }
}

impl Stored {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    pub fn is_cancelled(&self) -> bool {
        self.text("status") == Some("cancelled")
    }

    /// From when until when it is; a whole day on the calendar's clock.
    pub fn span(&self, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        Some((
            moment(self.fields.get("start")?, zone)?,
            moment(self.fields.get("end")?, zone)?,
        ))
    }
}

/// What a start or an end says; `None` for what is none, or both a day and a time.
pub fn moment(value: &Value, zone: Tz) -> Option<DateTime<Utc>> {
    match (value["date"].as_str(), value["dateTime"].as_str()) {
        (Some(day), None) => {
            let midnight = day.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN);
            Some(midnight.and_local_timezone(zone).earliest()?.to_utc())
        }
        (None, Some(text)) => Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc()),
        _ => None,
    }
}

impl Calendar {
    pub fn event(&mut self, id: &str) -> Option<&mut Stored> {
        self.events.get_mut(id)
    }
}

impl World {
    pub fn new(tokens: Tokens) -> Self {
        Self {
            now: None,
            calendars: Vec::new(),
            version: 0,
            oldest: 0,
            page_size: None,
            failures: VecDeque::new(),
            token_failures: VecDeque::new(),
            outage: None,
            lost: 0,
            requests: Vec::new(),
            complaints: Vec::new(),
            tokens,
            channels: Vec::new(),
            app_port: None,
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now.unwrap_or_else(machine_time)
    }

    /// A calendar by its id; `primary` is the account's own.
    pub fn calendar(&mut self, id: &str) -> Option<&mut Calendar> {
        self.calendars
            .iter_mut()
            .find(|calendar| calendar.id == id || (calendar.is_primary && id == "primary"))
    }

    /// Enters an event, and gives its id.
    pub fn add(&mut self, calendar: &str, event: GoogleEvent) -> String {
        let mut fields = event.0;
        let next = self.version + 1;
        let id = fields
            .entry("id")
            .or_insert_with(|| json!(format!("foreign{next:08}")))
            .as_str()
            .unwrap()
            .to_owned();
        for (name, default) in [
            ("kind", "calendar#event"),
            ("status", "confirmed"),
            ("eventType", "default"),
        ] {
            fields.entry(name).or_insert_with(|| json!(default));
        }
        fields
            .entry("summary")
            .or_insert_with(|| json!("Divorce lawyer"));
        fields.insert("iCalUID".to_owned(), json!(format!("{id}@google.com")));
        let calendar = self.calendar(calendar).expect("there is no such calendar");
        assert!(calendar.event(&id).is_none(), "there is an event {id}");
        calendar
            .events
            .insert(id.clone(), Stored { version: 0, fields });
        let calendar = calendar.id.clone();
        self.touch(&calendar, &id);
        id
    }

    /// Marks an event as changed.
    pub fn touch(&mut self, calendar: &str, id: &str) {
        self.version += 1;
        let (version, now) = (self.version, self.now());
        let event = self
            .calendar(calendar)
            .and_then(|calendar| calendar.event(id))
            .unwrap();
        event.version = version;
        event.fields.insert(
            "etag".to_owned(),
            json!(format!("\"{}\"", 3_000_000 + version)),
        );
        event
            .fields
            .insert("updated".to_owned(), json!(now.to_rfc3339()));
    }

    /// Changes fields of an event as PATCH does: null removes, what is nested is merged.
    pub fn edit(&mut self, calendar: &str, id: &str, patch: &Value) {
        let found = self
            .calendar(calendar)
            .and_then(|calendar| calendar.event(id));
        let event = found.expect("there is no such event");
        merge(&mut event.fields, patch);
        self.touch(calendar, id);
    }

    /// Deletes an event: of one of others no more than its id is left.
    pub fn delete(&mut self, calendar: &str, id: &str) {
        let found = self
            .calendar(calendar)
            .and_then(|calendar| calendar.event(id));
        let event = found.expect("there is no such event");
        event
            .fields
            .retain(|name, _| matches!(name.as_str(), "id" | "kind"));
        event.fields.insert("status".to_owned(), json!("cancelled"));
        self.touch(calendar, id);
    }
}

fn merge(fields: &mut Map<String, Value>, patch: &Value) {
    for (name, value) in patch.as_object().into_iter().flatten() {
        match (fields.get_mut(name), value) {
            (_, Value::Null) => {
                fields.remove(name);
            }
            (Some(Value::Object(known)), Value::Object(_)) => merge(known, value),
            (_, Value::Object(_)) => {
                let mut made = Map::new();
                merge(&mut made, value);
                fields.insert(name.clone(), Value::Object(made));
            }
            _ => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}
