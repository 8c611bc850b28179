//! The Microsoft of the tests: the calendars of Graph, as a [`Provider`].
//!
//! A request without the `Prefer` headers is refused too. Unlike Google it makes a handshake before it answers for a new subscription, once
//! it is told where the service is (`reaches`).

mod server;

use std::{ops::Deref, sync::LazyLock};

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value, json};

use super::{
    document::Document,
    http::Reply,
    oauth::Rules,
    provider::{
        Channel, Provider,
        world::{Kind, Words},
    },
};

/// Graph's own document.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../../fixtures/calendar/microsoft-parameters.json");
    Document::parse(text)
});

/// The account's own calendar.
pub const DEFAULT: &str = "AQMkCalendar=";

static KIND: Kind = Kind {
    document: &DOCUMENT,
    rules: Rules {
        prefix: "https://graph.microsoft.com/",
        is_offline: |_, scopes| scopes.contains("offline_access"),
        keeps_old: true,
    },
    scopes: frontdesk::calendar::microsoft::SCOPES,
    calendar: (DEFAULT, "Calendar"),
    name: "outlook",
    settings: [
        "--microsoft-client-id",
        "--microsoft-client-secret",
        "--microsoft-api-url",
        "--microsoft-token-url",
        "--microsoft-authorize-url",
    ],
    api: "v1.0",
    authorize: "authorize",
    problem,
    words: Words {
        missing: "ResourceNotFound",
        wrong: "BadRequest",
        unauthorized: "InvalidAuthenticationToken",
    },
    complaint: server::preferences,
    act: server::act,
    complete: server::complete,
    touch: |fields, version, _| {
        fields.insert("changeKey".to_owned(), json!(format!("key{version:08}")));
    },
    times: |start, end| Value::Object(OutlookEvent::timed(start, end).0),
    delete: |world, calendar, id| {
        let removed = world.calendar(calendar).unwrap().events.remove(id);
        assert!(removed.is_some(), "there is no such event");
    },
    tells_nobody: None,
    masked: &["calendarView.list", "events.list", "events.get"],
    mask: "$select",
    private: &["subject", "body", "location", "attendees", "organizer"],
};

/// A Microsoft.
#[derive(Clone)]
pub struct Microsoft(Provider);

/// An event as somebody enters it.
#[derive(Clone, Debug)]
pub struct OutlookEvent(Map<String, Value>);

/// How the API refuses.
fn problem(status: u16, code: &str) -> Reply {
    let error =
        json!({ "code": code, "message": "It is refused.", "innerError": { "request-id": "1" } });
    Reply::json(status, &json!({ "error": error }))
}

impl Deref for Microsoft {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.0
    }
}

impl Microsoft {
    /// A Microsoft with one account and its calendar, in which nothing stands.
    pub async fn start() -> Self {
        let microsoft = Self(Provider::start(&KIND, server::answer).await);
        // Every refresh gives a new one.
        microsoft.rotate_refresh_tokens();
        microsoft
    }

    /// From now on a repeat with the same transaction id is refused (409), rather than answered with what was made.
    pub fn refuse_repeats(&self) {
        self.world().refuses_repeats = true;
    }

    /// Tells every subscription of a calendar that something has changed; the statuses of the answers.
    pub async fn notify(&self, calendar: &str) -> Vec<u16> {
        let resource = format!("Users/1/Events/{calendar}");
        let message = json!({ "changeType": "updated", "resource": resource });
        self.tell_all(calendar, |known| &known.address, &message)
            .await
    }

    /// Tells what becomes of them: `reauthorizationRequired`, `subscriptionRemoved`, `missed`.
    pub async fn notify_lifecycle(&self, calendar: &str, event: &str) -> Vec<u16> {
        let message = json!({ "lifecycleEvent": event });
        self.tell_all(calendar, |known| &known.lifecycle_address, &message)
            .await
    }

    async fn tell_all(
        &self,
        calendar: &str,
        address: fn(&Channel) -> &str,
        message: &Value,
    ) -> Vec<u16> {
        let mut statuses = Vec::new();
        for known in self.channels() {
            if known.calendar == calendar {
                let mut message = message.clone();
                message["subscriptionId"] = json!(known.id);
                message["subscriptionExpirationDateTime"] = json!(known.expires_at);
                message["clientState"] = json!(known.token);
                let body = json!({ "value": [message] });
                statuses.push(self.tell(address(&known), &[], body).await);
            }
        }
        statuses
    }
}

impl From<OutlookEvent> for Map<String, Value> {
    fn from(event: OutlookEvent) -> Self {
        event.0
    }
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
