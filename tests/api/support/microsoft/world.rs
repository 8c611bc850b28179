//! What the stand-in knows: calendars with their events, tokens, subscriptions, and what was asked of it.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Map, Value, json};

use crate::support::{
    http::{Failure, Recorded, Reply},
    oauth::Tokens,
};

/// An event as somebody enters it.
#[derive(Clone, Debug)]
pub struct OutlookEvent(pub Map<String, Value>);

pub struct Calendar {
    pub id: String,
    pub name: String,
    pub can_edit: bool,
    /// By their ids.
    pub events: BTreeMap<String, Map<String, Value>>,
}

/// A subscription.
#[derive(Clone, Debug)]
pub struct Subscribed {
    pub id: String,
    pub calendar: String,
    pub client_state: String,
    pub address: String,
    pub lifecycle_address: String,
    pub expires_at: DateTime<Utc>,
}

pub struct World {
    pub url: String,
    pub now: Option<DateTime<Utc>>,
    pub calendars: Vec<Calendar>,
    pub version: u64,
    pub page_size: Option<usize>,
    pub failures: VecDeque<Failure>,
    pub token_failures: VecDeque<Failure>,
    pub outage: Option<Failure>,
    /// How many answers to changes get lost.
    pub lost: u32,
    /// Whether a repeat with the same transaction id is refused, rather than answered with what was made.
    pub refuses_repeats: bool,
    pub requests: Vec<Recorded>,
    pub complaints: Vec<String>,
    pub tokens: Tokens,
    pub subscriptions: Vec<Subscribed>,
    pub app_port: Option<u16>,
}

/// How the API refuses.
pub fn problem(status: u16, code: &str) -> Reply {
    let error =
        json!({ "code": code, "message": "It is refused.", "innerError": { "request-id": "1" } });
    Reply::json(status, &json!({ "error": error }))
}

fn in_utc(text: &str) -> Value {
    let moment = DateTime::parse_from_rfc3339(text).unwrap().naive_utc();
    json!({ "dateTime": moment.format("%Y-%m-%dT%H:%M:%S.0000000").to_string(), "timeZone": "UTC" })
}

fn midnight(text: &str) -> Value {
    let day: NaiveDate = text.parse().unwrap();
    json!({ "dateTime": format!("{day}T00:00:00.0000000"), "timeZone": "UTC" })
}

impl OutlookEvent {
    /// From one moment to another, each with an offset: `2026-12-01T10:00:00-07:00`.
    pub fn timed(start: &str, end: &str) -> Self {
        Self(Map::new())
            .set("start", in_utc(start))
            .set("end", in_utc(end))
    }

    /// From one day up to another, which is no part of it.
    pub fn days(first: &str, end: &str) -> Self {
        Self(Map::new())
            .set("start", midnight(first))
            .set("end", midnight(end))
            .set("isAllDay", json!(true))
    }

    pub fn titled(self, title: &str) -> Self {
        self.set("subject", json!(title))
    }

    /// `free`, `tentative`, `busy`, `oof`, `workingElsewhere`, `unknown`.
    pub fn show_as(self, show_as: &str) -> Self {
        self.set("showAs", json!(show_as))
    }

    /// An invitation, and how the owner answered it: `notResponded`, `declined`, `tentativelyAccepted`, `accepted`.
    pub fn response(self, response: &str) -> Self {
        self.set("responseStatus", json!({ "response": response }))
    }

    /// One of a series.
    pub fn occurrence_of(self, master: &str) -> Self {
        self.set("type", json!("occurrence"))
            .set("seriesMasterId", json!(master))
    }

    /// Any other field.
    pub fn set(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }
}

/// A time of an event, in the zone that it names.
pub fn local(value: &Value) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(value["dateTime"].as_str()?, "%Y-%m-%dT%H:%M:%S%.f").ok()
}

impl World {
    pub fn calendar(&mut self, id: &str) -> Option<&mut Calendar> {
        self.calendars.iter_mut().find(|calendar| calendar.id == id)
    }

    pub fn event(&mut self, calendar: &str, id: &str) -> Option<&mut Map<String, Value>> {
        self.calendar(calendar)?.events.get_mut(id)
    }

    /// Enters an event, and gives its id.
    pub fn add(&mut self, calendar: &str, event: OutlookEvent) -> String {
        let id = format!("AAMk{:08}=", self.version + 1);
        let mut fields = event.0;
        fields.insert("id".to_owned(), json!(id));
        for (name, default) in [
            ("subject", json!("Divorce lawyer")),
            ("showAs", json!("busy")),
            ("isAllDay", json!(false)),
            ("isCancelled", json!(false)),
            ("responseStatus", json!({ "response": "organizer" })),
            ("type", json!("singleInstance")),
        ] {
            fields.entry(name).or_insert(default);
        }
        let known = self.calendar(calendar).expect("there is no such calendar");
        known.events.insert(id.clone(), fields);
        self.touch(calendar, &id);
        id
    }

    /// Marks an event as changed.
    pub fn touch(&mut self, calendar: &str, id: &str) {
        self.version += 1;
        let key = json!(format!("key{:08}", self.version));
        let event = self.event(calendar, id).unwrap();
        event.insert("changeKey".to_owned(), key);
    }

    /// Changes fields of an event.
    pub fn edit(&mut self, calendar: &str, id: &str, patch: &Value) {
        let event = self.event(calendar, id).expect("there is no such event");
        for (name, value) in patch.as_object().unwrap() {
            event.insert(name.clone(), value.clone());
        }
        self.touch(calendar, id);
    }
}
