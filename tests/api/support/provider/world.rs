//! What a stand-in knows: calendars with their events, tokens, channels, and what was asked of it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::LazyLock,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use frontdesk::clock::machine_time;
use serde_json::{Map, Value};

use crate::support::{
    document::Document,
    http::{Failure, Recorded, Reply, Request},
    oauth::{self, Rules, Tokens},
};

/// What providers differ in.
pub struct Kind {
    /// Its own document.
    pub document: &'static LazyLock<Document>,
    pub rules: Rules,
    /// What frontdesk asks for.
    pub scopes: &'static [&'static str],
    /// The account's own calendar, and its name.
    pub calendar: (&'static str, &'static str),
    /// What the command calls it.
    pub name: &'static str,
    /// The settings of the client's id and secret, and of where the API is, tokens are and owners are asked.
    pub settings: [&'static str; 5],
    /// Where the API is, and where owners are asked.
    pub api: &'static str,
    pub authorize: &'static str,
    /// How the API refuses, and its words.
    pub problem: fn(u16, &str) -> Reply,
    pub words: Words,
    /// What is wrong with a request, apart from what the document says.
    pub complaint: fn(&Request) -> Option<String>,
    /// Does what is asked.
    pub act: fn(&mut World, &Request, &str, &[String]) -> Reply,
    /// What an event has that was entered with this number.
    pub complete: fn(&mut Map<String, Value>, u64),
    /// Gives an event its version.
    pub touch: fn(&mut Map<String, Value>, u64, DateTime<Utc>),
    /// The fields of an event from one moment to another.
    pub times: fn(&str, &str) -> Value,
    pub delete: fn(&mut World, &str, &str),
    /// By which parameter nobody is told of a change.
    pub tells_nobody: Option<(&'static str, &'static str)>,
    /// Which requests must say by which parameter what they ask for, and what that must not be.
    pub masked: &'static [&'static str],
    pub mask: &'static str,
    pub private: &'static [&'static str],
}

/// A provider's words for what is not there, what is wrong, and a token that is not taken.
pub struct Words {
    pub missing: &'static str,
    pub wrong: &'static str,
    pub unauthorized: &'static str,
}

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

/// An open channel, or a subscription.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: String,
    /// What only the service knows.
    pub token: Option<String>,
    pub address: String,
    /// Where it is told what becomes of the channel itself.
    pub lifecycle_address: String,
    pub calendar: String,
    pub resource_id: String,
    pub expires_at: DateTime<Utc>,
    /// How many messages it has sent.
    pub messages: u64,
}

pub struct World {
    pub kind: &'static Kind,
    pub url: String,
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
    /// Whether a repeat with the same transaction id is refused, rather than answered with what was made.
    pub refuses_repeats: bool,
    pub requests: Vec<Recorded>,
    pub complaints: Vec<String>,
    pub tokens: Tokens,
    pub channels: Vec<Channel>,
    pub app_port: Option<u16>,
}

impl Kind {
    pub fn all_scopes(&self) -> BTreeSet<String> {
        oauth::scopes(self.rules.prefix, &self.scopes.join(" "))
    }
}

impl Stored {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    pub fn is_cancelled(&self) -> bool {
        self.text("status") == Some("cancelled")
    }
}

impl World {
    pub fn new(kind: &'static Kind) -> Self {
        Self {
            kind,
            url: String::new(),
            now: None,
            calendars: Vec::new(),
            version: 0,
            oldest: 0,
            page_size: None,
            failures: VecDeque::new(),
            token_failures: VecDeque::new(),
            outage: None,
            lost: 0,
            refuses_repeats: false,
            requests: Vec::new(),
            complaints: Vec::new(),
            tokens: Tokens::new(kind.rules),
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

    pub fn event(&mut self, calendar: &str, id: &str) -> Option<&mut Stored> {
        self.calendar(calendar)?.events.get_mut(id)
    }

    /// Enters an event, and gives its id.
    pub fn add(&mut self, calendar: &str, mut fields: Map<String, Value>) -> String {
        (self.kind.complete)(&mut fields, self.version + 1);
        let id = fields["id"].as_str().unwrap().to_owned();
        let known = self.calendar(calendar).expect("there is no such calendar");
        let event = Stored { version: 0, fields };
        let before = known.events.insert(id.clone(), event);
        assert!(before.is_none(), "there is an event {id}");
        self.touch(calendar, &id);
        id
    }

    /// Marks an event as changed.
    pub fn touch(&mut self, calendar: &str, id: &str) {
        self.version += 1;
        let (version, now, touch) = (self.version, self.now(), self.kind.touch);
        let event = self.event(calendar, id).unwrap();
        event.version = version;
        touch(&mut event.fields, version, now);
    }

    /// Changes fields of an event as PATCH does: null removes, what is nested is merged.
    pub fn edit(&mut self, calendar: &str, id: &str, patch: &Value) {
        let event = self.event(calendar, id).expect("there is no such event");
        merge(&mut event.fields, patch);
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
