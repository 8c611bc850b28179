//! The Google of the tests: Google Calendar, as a [`Provider`].

mod channels;
mod events;

use std::{future::ready, ops::Deref, sync::LazyLock};

use serde_json::{Map, Value, json};

use super::{
    document::Document,
    http::Reply,
    oauth::Rules,
    provider::{
        Provider, server,
        world::{Kind, Words},
    },
};

/// Google's discovery document.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../../fixtures/calendar/google-parameters.json");
    Document::parse(text)
});

/// The account's own calendar.
pub const PRIMARY: &str = "owner@example.test";

static KIND: Kind = Kind {
    document: &DOCUMENT,
    rules: Rules {
        prefix: "https://www.googleapis.com/auth/",
        // Of an owner who agreed before there is no refresh token unless they are asked anew: as everybody did here.
        is_offline: |request, _| {
            request.parameter("access_type") == Some("offline")
                && request.parameter("prompt") == Some("consent")
        },
        keeps_old: false,
    },
    scopes: frontdesk::calendar::google::SCOPES,
    calendar: (PRIMARY, "Owner"),
    name: "google",
    settings: [
        "--google-client-id",
        "--google-client-secret",
        "--google-api-url",
        "--google-token-url",
        "--google-authorize-url",
    ],
    api: "calendar/v3",
    authorize: "o/oauth2/v2/auth",
    problem,
    words: Words {
        missing: "notFound",
        wrong: "invalidParameter",
        unauthorized: "authError",
    },
    complaint: |_| None,
    act: events::act,
    complete: events::complete,
    touch: |fields, version, now| {
        let etag = format!("\"{}\"", 3_000_000 + version);
        fields.insert("etag".to_owned(), json!(etag));
        fields.insert("updated".to_owned(), json!(now.to_rfc3339()));
    },
    times: |start, end| {
        json!({
            "start": { "date": null, "dateTime": start },
            "end": { "date": null, "dateTime": end },
        })
    },
    // Its id stays taken; of one of others no more than that is left.
    delete: |world, calendar, id| {
        let event = world.event(calendar, id).expect("there is no such event");
        event
            .fields
            .retain(|name, _| matches!(name.as_str(), "id" | "kind"));
        world.edit(calendar, id, &json!({ "status": "cancelled" }));
    },
    tells_nobody: Some(("sendUpdates", "none")),
    masked: &["events.list", "events.get", "events.insert", "events.patch"],
    mask: "fields",
    private: &["summary", "description", "location", "email"],
};

/// A Google.
#[derive(Clone)]
pub struct Google(Provider);

/// An event as somebody enters it.
#[derive(Clone, Debug)]
pub struct GoogleEvent(Map<String, Value>);

/// How the API refuses.
fn problem(status: u16, reason: &str) -> Reply {
    let detail = json!({ "domain": "global", "reason": reason, "message": "It is refused." });
    let error = json!({ "errors": [detail], "code": status, "message": "It is refused." });
    Reply::json(status, &json!({ "error": error }))
}

impl Deref for Google {
    type Target = Provider;

    fn deref(&self) -> &Provider {
        &self.0
    }
}

impl Google {
    /// A Google with one account and its calendar, in which nothing stands.
    pub async fn start() -> Self {
        let answer = |world: std::sync::Arc<_>, request| ready(server::answer(&world, &request));
        Self(Provider::start(&KIND, answer).await)
    }

    /// From now on cursors that were given out so far are too old (410).
    pub fn expire_cursors(&self) {
        let mut world = self.world();
        world.version += 1;
        world.oldest = world.version;
    }

    /// Tells every open channel of a calendar that something has changed; the statuses of the answers.
    pub async fn notify(&self, calendar: &str) -> Vec<u16> {
        self.notify_of(calendar, "exists").await
    }

    /// The same with another state: `sync` is the first message of a channel.
    pub async fn notify_of(&self, calendar: &str, state: &str) -> Vec<u16> {
        let messages = channels::messages(&mut self.world(), calendar, state);
        let mut statuses = Vec::new();
        for (address, headers) in messages {
            statuses.push(self.tell(&address, &headers, Value::Null).await);
        }
        statuses
    }
}

impl From<GoogleEvent> for Map<String, Value> {
    fn from(event: GoogleEvent) -> Self {
        event.0
    }
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
