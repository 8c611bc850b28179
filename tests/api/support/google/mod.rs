//! A Google of the tests' own: OAuth and Google Calendar over HTTP, with their state, and the hand of an owner who uses the calendar too.
//!
//! Nothing in it waits or happens by itself. What Google's discovery document does not allow (parameters, fields of bodies and of answers) is
//! refused, and fails the test when the stand-in is dropped.
//!
//! ```ignore
//! let google = Google::start().await;                    // one account, with its calendar PRIMARY
//! TestApp::builder().settings(google.settings())...      // client id and secret, and where it is
//! google.reaches(app.port);                              // for messages of channels
//! let token = google.refresh_token();                    // as after an owner has agreed
//! let id = google.add_event(PRIMARY, GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00").transparent());
//! google.move_event(PRIMARY, &id, "2026-12-01T12:00:00-07:00", "2026-12-01T13:00:00-07:00");
//! google.notify(PRIMARY).await;                          // tells every open channel of it
//! google.fail_next(&[Failure::new(429, "rateLimitExceeded").retry_after(7)]);
//! google.lose_next_answer();                             // the next change is made, and its answer lost
//! google.events(PRIMARY);                                // as they stand, with what the service wrote
//! google.assert_discreet();                              // nobody was invited or mailed, no title asked for
//! ```

mod channels;
mod events;
mod server;
mod world;

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

pub use channels::Channel;
pub use world::GoogleEvent;
use world::{Calendar, World};

use super::{
    document::Document,
    http::{self, Failure, Recorded},
    oauth::{self, CLIENT_ID, CLIENT_SECRET, Rules, Tokens},
};

/// Google's discovery document.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../../fixtures/calendar/google-parameters.json");
    Document::parse(text)
});

/// Of an owner who agreed before there is no refresh token unless they are asked anew: as everybody did here.
const RULES: Rules = Rules {
    prefix: PREFIX,
    is_offline: |request, _| {
        request.parameter("access_type") == Some("offline")
            && request.parameter("prompt") == Some("consent")
    },
    keeps_old: false,
};

const PREFIX: &str = "https://www.googleapis.com/auth/";

/// The account's own calendar.
pub const PRIMARY: &str = "owner@example.test";

/// A Google.
#[derive(Clone)]
pub struct Google {
    world: Arc<Mutex<World>>,
    port: u16,
    is_held: Arc<watch::Sender<bool>>,
    _watch: Arc<Watch>,
}

/// Fails the test if something was asked that Google's document does not allow.
struct Watch(Arc<Mutex<World>>);

impl Google {
    /// A Google with one account and its calendar, in which nothing stands.
    pub async fn start() -> Self {
        // A test that starts no service of its own has chosen none yet.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let world = Arc::new(Mutex::new(World::new(Tokens::new(RULES))));
        let answering = Arc::clone(&world);
        let is_held = Arc::new(watch::Sender::new(false));
        let held = Arc::clone(&is_held);
        let port = http::serve(move |request| {
            let (world, mut held) = (Arc::clone(&answering), held.subscribe());
            async move {
                if request.method == "POST" && request.path.ends_with("/events") {
                    drop(held.wait_for(|is_held| !is_held).await);
                }
                server::answer(&world, &request)
            }
        })
        .await;
        let google = Self {
            is_held,
            _watch: Arc::new(Watch(Arc::clone(&world))),
            world,
            port,
        };
        google.add_calendar(PRIMARY, "Owner", "owner");
        google
    }

    /// What the service must be told to use it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("--google-client-id", CLIENT_ID.to_owned()),
            ("--google-client-secret", CLIENT_SECRET.to_owned()),
            ("--google-api-url", self.api_url()),
            ("--google-token-url", self.token_url()),
        ]
    }

    pub fn api_url(&self) -> String {
        self.url("calendar/v3")
    }

    pub fn authorize_url(&self) -> String {
        self.url("o/oauth2/v2/auth")
    }

    pub fn token_url(&self) -> String {
        self.url("token")
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// From now on messages of channels reach the service at this port.
    pub fn reaches(&self, port: u16) {
        self.world().app_port = Some(port);
    }

    /// From now on it is this time; else it is the machine's. Only channels know what time it is.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.world().now = Some(now);
    }

    // Tokens.

    /// A refresh token of an owner who has agreed to all that frontdesk asks for.
    pub fn refresh_token(&self) -> String {
        let scopes = oauth::scopes(PREFIX, &frontdesk::calendar::google::SCOPES.join(" "));
        self.world().tokens.refresh(&scopes)
    }

    /// An access token with these scopes, or all that frontdesk asks for.
    pub fn access_token(&self, scopes: Option<&str>) -> String {
        let all = frontdesk::calendar::google::SCOPES.join(" ");
        self.world()
            .tokens
            .access(&oauth::scopes(PREFIX, scopes.unwrap_or(&all)))
    }

    /// The refresh tokens that are valid.
    pub fn refresh_tokens(&self) -> Vec<String> {
        self.world().tokens.live()
    }

    /// From now on no access token is valid; a refresh gives a new one.
    pub fn expire_access_tokens(&self) {
        self.world().tokens.expire();
    }

    /// From now on each refresh gives a new refresh token, and takes the old one away.
    pub fn rotate_refresh_tokens(&self) {
        self.world().tokens.rotates = true;
    }

    /// The owner takes back what they agreed to: no token is valid any more.
    pub fn revoke(&self) {
        self.world().tokens.revoke();
    }

    /// From now on owners tick these scopes only.
    pub fn tick_only(&self, scopes: &str) {
        self.world().tokens.ticked = Some(oauth::scopes(PREFIX, scopes));
    }

    /// From now on owners say no.
    pub fn deny(&self) {
        self.world().tokens.denies = true;
    }

    // The owner's hand.

    /// Another calendar; `role` is `owner`, `writer`, `reader` or `freeBusyReader`.
    pub fn add_calendar(&self, id: &str, name: &str, role: &str) {
        self.world().calendars.push(Calendar {
            id: id.to_owned(),
            name: name.to_owned(),
            role: role.to_owned(),
            is_primary: id == PRIMARY,
            zone: chrono_tz::America::Denver,
            events: BTreeMap::new(),
        });
    }

    /// In which zone a calendar's days are.
    pub fn set_zone(&self, calendar: &str, zone: chrono_tz::Tz) {
        self.world().calendar(calendar).unwrap().zone = zone;
    }

    /// Removes a calendar.
    pub fn remove_calendar(&self, id: &str) {
        self.world().calendars.retain(|calendar| calendar.id != id);
    }

    /// Enters an event, and gives its id. Its title is "Divorce lawyer" unless it has one.
    pub fn add_event(&self, calendar: &str, event: GoogleEvent) -> String {
        self.world().add(calendar, event)
    }

    /// Drags an event to another time.
    pub fn move_event(&self, calendar: &str, id: &str, start: &str, end: &str) {
        let patch = json!({
            "start": { "date": null, "dateTime": start },
            "end": { "date": null, "dateTime": end },
        });
        self.edit_event(calendar, id, &patch);
    }

    /// Changes fields of an event; null removes one.
    pub fn edit_event(&self, calendar: &str, id: &str, patch: &Value) {
        self.world().edit(calendar, id, patch);
    }

    /// Copies an event as it stands, with what the service wrote into it, and gives the copy's id.
    pub fn copy_event(&self, calendar: &str, id: &str) -> String {
        let mut world = self.world();
        let known = world.calendar(calendar).unwrap().event(id).unwrap();
        let mut copy = GoogleEvent::timed("", "");
        for (name, value) in &known.fields {
            if name != "id" {
                copy = copy.set(name, value.clone());
            }
        }
        world.add(calendar, copy)
    }

    /// Moves an event into another calendar, where it keeps its id.
    pub fn move_to_calendar(&self, calendar: &str, id: &str, to: &str) {
        self.add_same_event(calendar, id, to);
        self.world().delete(calendar, id);
    }

    /// Enters an event into another calendar under the id that it has, as of somebody who is invited to it.
    pub fn add_same_event(&self, calendar: &str, id: &str, to: &str) {
        let mut world = self.world();
        let known = world.calendar(calendar).unwrap().event(id).unwrap();
        let fields = known.fields.clone();
        let mut same = GoogleEvent::timed("", "");
        for (name, value) in fields {
            same = same.set(&name, value);
        }
        world.add(to, same);
    }

    /// Deletes an event. Its id stays taken.
    pub fn delete_event(&self, calendar: &str, id: &str) {
        self.world().delete(calendar, id);
    }

    /// The events that are not cancelled.
    pub fn events(&self, calendar: &str) -> Vec<Value> {
        let mut world = self.world();
        let events = &world.calendar(calendar).unwrap().events;
        let live = events.values().filter(|event| !event.is_cancelled());
        live.map(|event| Value::Object(event.fields.clone()))
            .collect()
    }

    // What goes wrong.

    /// How the next requests of the API go, one after the other; once they are used up, all is well again.
    pub fn fail_next(&self, failures: &[Failure]) {
        self.world().failures.extend(failures.iter().cloned());
    }

    /// The same of requests for tokens; the reason is OAuth's error, such as `invalid_client`.
    pub fn fail_next_token(&self, failures: &[Failure]) {
        self.world().token_failures.extend(failures.iter().cloned());
    }

    /// From now on new events wait until this is said to be over.
    pub fn hold_inserts(&self, is_held: bool) {
        self.is_held.send_replace(is_held);
    }

    /// The next change is made, and the connection closed before its answer.
    pub fn lose_next_answer(&self) {
        self.world().lost += 1;
    }

    /// From now on every request goes like this, those for tokens too.
    pub fn is_down(&self, failure: Failure) {
        self.world().outage = Some(failure);
    }

    /// From now on all is well again.
    pub fn is_back(&self) {
        self.world().outage = None;
    }

    /// From now on cursors that were given out so far are too old (410).
    pub fn expire_cursors(&self) {
        let mut world = self.world();
        world.version += 1;
        world.oldest = world.version;
    }

    /// From now on a page has no more than this.
    pub fn set_page_size(&self, size: usize) {
        self.world().page_size = Some(size);
    }

    // Push.

    /// The channels that are open.
    pub fn channels(&self) -> Vec<Channel> {
        self.world().channels.clone()
    }

    /// Tells every open channel of a calendar that something has changed; the statuses of the answers.
    pub async fn notify(&self, calendar: &str) -> Vec<u16> {
        self.notify_of(calendar, "exists").await
    }

    /// The same with another state: `sync` is the first message of a channel.
    pub async fn notify_of(&self, calendar: &str, state: &str) -> Vec<u16> {
        let (messages, port) = {
            let mut world = self.world();
            (
                channels::messages(&mut world, calendar, state),
                world.app_port,
            )
        };
        let mut statuses = Vec::new();
        for (address, headers) in messages {
            let mut address: url::Url = address.parse().unwrap();
            address.set_scheme("http").unwrap();
            address.set_host(Some("127.0.0.1")).unwrap();
            address.set_port(port).unwrap();
            let mut request = reqwest::Client::new()
                .post(address)
                .header("content-length", 0);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            statuses.push(request.send().await.unwrap().status().as_u16());
        }
        statuses
    }

    // What was asked.

    /// All requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.world().requests.clone()
    }

    /// Those of one kind: `events.insert`, `oauth.token`.
    pub fn requests_of(&self, method: &str) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| request.method == method);
        requests
    }

    /// From now on only later requests count.
    pub fn clear_requests(&self) {
        self.world().requests.clear();
    }

    /// No request has invited or mailed anybody, or asked what an event is called.
    pub fn assert_discreet(&self) {
        for request in self.requests() {
            let method = request.method.as_str();
            if matches!(method, "events.insert" | "events.patch" | "events.delete") {
                assert_eq!(
                    request.query.get("sendUpdates").map(String::as_str),
                    Some("none")
                );
                assert!(request.body.get("attendees").is_none(), "{request:?}");
            }
            if method.starts_with("events.") && !matches!(method, "events.delete" | "events.watch")
            {
                let fields = request
                    .query
                    .get("fields")
                    .expect("all fields are asked for");
                for private in ["summary", "description", "location", "email"] {
                    assert!(!fields.contains(private), "{method} asks for {fields}");
                }
            }
        }
    }

    /// What Google's document does not allow counts as expected: for tests of the stand-in itself.
    pub fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.world().complaints)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let complaints = self.0.lock().unwrap().complaints.clone();
        assert!(
            complaints.is_empty(),
            "Google does not know:\n{}",
            complaints.join("\n")
        );
    }
}
