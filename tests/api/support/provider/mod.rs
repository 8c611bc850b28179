//! What the Google and the Microsoft of the tests have in common: OAuth and an API over HTTP, with their state, and the hand of an owner who
//! uses the calendar too.
//!
//! Nothing in it waits or happens by itself. What the provider's own document does not allow (parameters, fields of bodies and of answers)
//! is refused, and fails the test when the stand-in is dropped.
//!
//! ```ignore
//! let google = Google::start().await;                    // one account, with its calendar PRIMARY
//! TestApp::builder().settings(google.settings())...      // client id and secret, and where it is
//! google.reaches(app.port);                              // for what it tells the service
//! let token = google.refresh_token();                    // as after an owner has agreed
//! let id = google.add_event(PRIMARY, GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00").transparent());
//! google.move_event(PRIMARY, &id, "2026-12-01T12:00:00-07:00", "2026-12-01T13:00:00-07:00");
//! google.notify(PRIMARY).await;                          // tells every open channel of it
//! google.fail_next(&[Failure::new(429, "rateLimitExceeded").retry_after(7)]);
//! google.lose_next_answer();                             // the next change is made, and its answer lost
//! google.events(PRIMARY);                                // as they stand, with what the service wrote
//! google.assert_discreet();                              // nobody was invited or mailed, no title asked for
//! ```

pub mod server;
pub mod world;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{
    http::{self, Failure, Recorded, Reply, Request},
    oauth::{self, CLIENT_ID, CLIENT_SECRET},
};
pub use world::Channel;
use world::{Calendar, Kind, World};

/// A provider.
#[derive(Clone)]
pub struct Provider {
    world: Arc<Mutex<World>>,
    kind: &'static Kind,
    port: u16,
    _watch: Arc<Watch>,
}

/// Fails the test if something was asked that the provider's document does not allow.
struct Watch(Arc<Mutex<World>>);

impl Provider {
    /// A provider with one account and its calendar, in which nothing stands.
    pub async fn start<F: Future<Output = Reply> + Send>(
        kind: &'static Kind,
        answer: impl Fn(Arc<Mutex<World>>, Request) -> F + Send + Sync + 'static,
    ) -> Self {
        // A test that starts no service of its own has chosen none yet.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let world = Arc::new(Mutex::new(World::new(kind)));
        let answering = Arc::clone(&world);
        let port = http::serve(move |request| answer(Arc::clone(&answering), request)).await;
        world.lock().unwrap().url = format!("http://127.0.0.1:{port}");
        let provider = Self {
            _watch: Arc::new(Watch(Arc::clone(&world))),
            world,
            kind,
            port,
        };
        let (id, name) = kind.calendar;
        provider.add_calendar(id, name, "owner");
        provider
    }

    /// What the service must be told to use it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let [client_id, client_secret, api_url, token_url, authorize_url] = self.kind.settings;
        vec![
            (client_id, CLIENT_ID.to_owned()),
            (client_secret, CLIENT_SECRET.to_owned()),
            (api_url, self.api_url()),
            (token_url, self.token_url()),
            (authorize_url, self.authorize_url()),
        ]
    }

    /// The same as environment variables.
    pub fn environment(&self) -> Vec<(String, String)> {
        let name = |flag: &str| {
            flag.trim_start_matches('-')
                .replace('-', "_")
                .to_uppercase()
        };
        let settings = self.settings().into_iter();
        settings.map(|(flag, value)| (name(flag), value)).collect()
    }

    /// What the command is told to link the account's own calendar.
    pub fn arguments(&self) -> [&'static str; 4] {
        [
            "--provider",
            self.kind.name,
            "--calendar",
            self.kind.calendar.0,
        ]
    }

    pub fn api_url(&self) -> String {
        self.url(self.kind.api)
    }

    pub fn authorize_url(&self) -> String {
        self.url(self.kind.authorize)
    }

    pub fn token_url(&self) -> String {
        self.url("token")
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// From now on what it tells reaches the service at this port.
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
        self.world().tokens.refresh(&self.kind.all_scopes())
    }

    /// An access token that allows all that frontdesk asks for.
    pub fn access_token(&self) -> String {
        self.world().tokens.access(&self.kind.all_scopes())
    }

    /// An access token with these scopes.
    pub fn access_token_for(&self, scopes: &str) -> String {
        let scopes = oauth::scopes(self.kind.rules.prefix, scopes);
        self.world().tokens.access(&scopes)
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
        self.world().tokens.ticked = Some(oauth::scopes(self.kind.rules.prefix, scopes));
    }

    /// From now on owners say no.
    pub fn deny(&self) {
        self.world().tokens.denies = true;
    }

    // The owner's hand.

    /// Another calendar; `role` is `owner`, `writer`, `reader` or `freeBusyReader`.
    pub fn add_calendar(&self, id: &str, name: &str, role: &str) {
        let mut world = self.world();
        let is_primary = world.calendars.is_empty();
        world.calendars.push(Calendar {
            id: id.to_owned(),
            name: name.to_owned(),
            role: role.to_owned(),
            is_primary,
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
    pub fn add_event(&self, calendar: &str, event: impl Into<Map<String, Value>>) -> String {
        self.world().add(calendar, event.into())
    }

    /// Drags an event to another time.
    pub fn move_event(&self, calendar: &str, id: &str, start: &str, end: &str) {
        self.edit_event(calendar, id, &(self.kind.times)(start, end));
    }

    /// Changes fields of an event; null removes one.
    pub fn edit_event(&self, calendar: &str, id: &str, patch: &Value) {
        self.world().edit(calendar, id, patch);
    }

    /// Copies an event as it stands, with what the service wrote into it, and gives the copy's id.
    pub fn copy_event(&self, calendar: &str, id: &str) -> String {
        let mut world = self.world();
        let mut copy = world.event(calendar, id).unwrap().fields.clone();
        copy.retain(|name, _| !matches!(name.as_str(), "id" | "transactionId"));
        world.add(calendar, copy)
    }

    /// Deletes an event.
    pub fn delete_event(&self, calendar: &str, id: &str) {
        (self.kind.delete)(&mut self.world(), calendar, id);
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

    /// From now on a page has no more than this.
    pub fn set_page_size(&self, size: usize) {
        self.world().page_size = Some(size);
    }

    // Push.

    /// The channels that are open.
    pub fn channels(&self) -> Vec<Channel> {
        self.world().channels.clone()
    }

    /// Tells the service something at an address of its own; the status of the answer.
    pub async fn tell(&self, address: &str, headers: &[(&str, String)], body: Value) -> u16 {
        let port = self.world().app_port.unwrap();
        let body = (!body.is_null()).then(|| body.to_string());
        let mut request = reqwest::Client::new()
            .post(server::at_port(address, port))
            .header("content-type", "application/json")
            .body(body.unwrap_or_default());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.send().await.unwrap().status().as_u16()
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
            assert!(request.body.get("attendees").is_none(), "{request:?}");
            if let Some((name, value)) = self.kind.tells_nobody
                && matches!(method, "events.insert" | "events.patch" | "events.delete")
            {
                let told = request.query.get(name).map(String::as_str);
                assert_eq!(told, Some(value));
            }
            if self.kind.masked.contains(&method) {
                let fields = request.query.get(self.kind.mask);
                let fields = fields.expect("all fields are asked for");
                for private in self.kind.private {
                    assert!(!fields.contains(private), "{method} asks for {fields}");
                }
            }
        }
    }

    /// What the provider's document does not allow counts as expected: for tests of the stand-in itself.
    pub fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.world().complaints)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let complaints = self.0.lock().unwrap().complaints.join("\n");
        assert!(
            complaints.is_empty(),
            "the provider does not know:\n{complaints}"
        );
    }
}
