//! A Microsoft of the tests' own: OAuth and the calendars of Graph over HTTP, with their state, and the hand of an owner who uses the
//! calendar too. It is used as the Google of the tests is.
//!
//! Nothing in it waits or happens by itself. What Graph's own document does not allow, and a request without the `Prefer` headers, is
//! refused, and fails the test when the stand-in is dropped. Unlike Google it makes a handshake before it answers for a new subscription,
//! once it is told where the service is (`reaches`).

mod server;
mod world;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, LazyLock, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use world::{Calendar, World};
pub use world::{OutlookEvent, Subscribed};

use super::{
    document::Document,
    http::{self, Failure, Recorded},
    oauth::{self, CLIENT_ID, CLIENT_SECRET, Rules, Tokens},
};

/// Graph's own document.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../../fixtures/calendar/microsoft-parameters.json");
    Document::parse(text)
});

/// The account's own calendar.
pub const DEFAULT: &str = "AQMkCalendar=";

const PREFIX: &str = "https://graph.microsoft.com/";

const RULES: Rules = Rules {
    prefix: PREFIX,
    is_offline: |_, scopes| scopes.contains("offline_access"),
    keeps_old: true,
};

/// A Microsoft.
#[derive(Clone)]
pub struct Microsoft {
    world: Arc<Mutex<World>>,
    port: u16,
    _watch: Arc<Watch>,
}

/// Fails the test if something was asked that Graph's document does not allow.
struct Watch(Arc<Mutex<World>>);

impl Microsoft {
    /// A Microsoft with one account and its calendar, in which nothing stands.
    pub async fn start() -> Self {
        // A test that starts no service of its own has chosen none yet.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut tokens = Tokens::new(RULES);
        // Every refresh gives a new one.
        tokens.rotates = true;
        let world = Arc::new(Mutex::new(World {
            url: String::new(),
            now: None,
            calendars: Vec::new(),
            version: 0,
            page_size: None,
            failures: VecDeque::new(),
            token_failures: VecDeque::new(),
            outage: None,
            lost: 0,
            refuses_repeats: false,
            requests: Vec::new(),
            complaints: Vec::new(),
            tokens,
            subscriptions: Vec::new(),
            app_port: None,
        }));
        let answering = Arc::clone(&world);
        let answer = move |request| server::answer(Arc::clone(&answering), request);
        let port = http::serve(answer).await;
        world.lock().unwrap().url = format!("http://127.0.0.1:{port}");
        let microsoft = Self {
            _watch: Arc::new(Watch(Arc::clone(&world))),
            world,
            port,
        };
        microsoft.add_calendar(DEFAULT, "Calendar", true);
        microsoft
    }

    /// What the service must be told to use it.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("--microsoft-client-id", CLIENT_ID.to_owned()),
            ("--microsoft-client-secret", CLIENT_SECRET.to_owned()),
            ("--microsoft-api-url", self.api_url()),
            ("--microsoft-token-url", self.token_url()),
        ]
    }

    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1.0", self.port)
    }

    pub fn authorize_url(&self) -> String {
        format!("http://127.0.0.1:{}/authorize", self.port)
    }

    pub fn token_url(&self) -> String {
        format!("http://127.0.0.1:{}/token", self.port)
    }

    /// From now on handshakes and messages reach the service at this port.
    pub fn reaches(&self, port: u16) {
        self.world().app_port = Some(port);
    }

    /// From now on it is this time; else it is the machine's. Only subscriptions know what time it is.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.world().now = Some(now);
    }

    // Tokens.

    /// A refresh token of an owner who has agreed.
    pub fn refresh_token(&self) -> String {
        self.world().tokens.refresh(&scopes())
    }

    /// An access token.
    pub fn access_token(&self) -> String {
        self.world().tokens.access(&scopes())
    }

    /// From now on no access token is valid; a refresh gives a new one.
    pub fn expire_access_tokens(&self) {
        self.world().tokens.expire();
    }

    /// The owner takes back what they agreed to: no token is valid any more.
    pub fn revoke(&self) {
        self.world().tokens.revoke();
    }

    // The owner's hand.

    /// Another calendar.
    pub fn add_calendar(&self, id: &str, name: &str, can_edit: bool) {
        self.world().calendars.push(Calendar {
            id: id.to_owned(),
            name: name.to_owned(),
            can_edit,
            events: BTreeMap::new(),
        });
    }

    /// Enters an event, and gives its id. Its title is "Divorce lawyer" unless it has one.
    pub fn add_event(&self, calendar: &str, event: OutlookEvent) -> String {
        self.world().add(calendar, event)
    }

    /// Drags an event to another time.
    pub fn move_event(&self, calendar: &str, id: &str, start: &str, end: &str) {
        let times = Value::Object(OutlookEvent::timed(start, end).0);
        self.world().edit(calendar, id, &times);
    }

    /// Changes fields of an event.
    pub fn edit_event(&self, calendar: &str, id: &str, patch: &Value) {
        self.world().edit(calendar, id, patch);
    }

    /// Copies an event as it stands, with what the service wrote into it, and gives the copy's id.
    pub fn copy_event(&self, calendar: &str, id: &str) -> String {
        let mut world = self.world();
        let mut fields = world.event(calendar, id).unwrap().clone();
        fields.remove("transactionId");
        world.add(calendar, OutlookEvent(fields))
    }

    /// Deletes an event.
    pub fn delete_event(&self, calendar: &str, id: &str) {
        let mut world = self.world();
        let removed = world.calendar(calendar).unwrap().events.remove(id);
        assert!(removed.is_some(), "there is no such event");
    }

    /// The events as they stand.
    pub fn events(&self, calendar: &str) -> Vec<Value> {
        let mut world = self.world();
        let events = &world.calendar(calendar).unwrap().events;
        events.values().cloned().map(Value::Object).collect()
    }

    // What goes wrong.

    /// How the next requests of the API go, one after the other; once they are used up, all is well again.
    pub fn fail_next(&self, failures: &[Failure]) {
        self.world().failures.extend(failures.iter().cloned());
    }

    /// The same of requests for tokens; the reason is OAuth's error.
    pub fn fail_next_token(&self, failures: &[Failure]) {
        self.world().token_failures.extend(failures.iter().cloned());
    }

    /// The next change is made, and the connection closed before its answer.
    pub fn lose_next_answer(&self) {
        self.world().lost += 1;
    }

    /// From now on a repeat with the same transaction id is refused (409), rather than answered with what was made.
    pub fn refuse_repeats(&self) {
        self.world().refuses_repeats = true;
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

    /// The subscriptions there are.
    pub fn subscriptions(&self) -> Vec<Subscribed> {
        self.world().subscriptions.clone()
    }

    /// Tells every subscription of a calendar that something has changed; the statuses of the answers.
    pub async fn notify(&self, calendar: &str) -> Vec<u16> {
        let told = |known: &Subscribed| {
            let message = json!({
                "subscriptionId": known.id,
                "subscriptionExpirationDateTime": known.expires_at,
                "clientState": known.client_state,
                "changeType": "updated",
                "resource": format!("Users/1/Events/{}", known.calendar),
            });
            (known.address.clone(), message)
        };
        self.tell(calendar, told).await
    }

    /// Tells what becomes of them: `reauthorizationRequired`, `subscriptionRemoved`, `missed`.
    pub async fn notify_lifecycle(&self, calendar: &str, event: &str) -> Vec<u16> {
        let told = |known: &Subscribed| {
            let message = json!({
                "subscriptionId": known.id,
                "clientState": known.client_state,
                "lifecycleEvent": event,
            });
            (known.lifecycle_address.clone(), message)
        };
        self.tell(calendar, told).await
    }

    async fn tell(
        &self,
        calendar: &str,
        told: impl Fn(&Subscribed) -> (String, Value),
    ) -> Vec<u16> {
        let (messages, port) = {
            let world = self.world();
            let known = world.subscriptions.iter();
            let known = known.filter(|known| known.calendar == calendar);
            (known.map(told).collect::<Vec<_>>(), world.app_port.unwrap())
        };
        let mut statuses = Vec::new();
        for (address, message) in messages {
            let body = json!({ "value": [message] });
            let request = reqwest::Client::new()
                .post(at_port(&address, port))
                .json(&body);
            statuses.push(request.send().await.unwrap().status().as_u16());
        }
        statuses
    }

    // What was asked.

    /// All requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.world().requests.clone()
    }

    /// Those of one kind: `events.create`, `calendarView.list`, `oauth.token`.
    pub fn requests_of(&self, method: &str) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| request.method == method);
        requests
    }

    /// No request has invited anybody, or asked what an event is called.
    pub fn assert_discreet(&self) {
        for request in self.requests() {
            assert!(request.body.get("attendees").is_none(), "{request:?}");
            if matches!(
                request.method.as_str(),
                "calendarView.list" | "events.list" | "events.get"
            ) {
                let names = request
                    .query
                    .get("$select")
                    .expect("all fields are asked for");
                for private in ["subject", "body", "location", "attendees", "organizer"] {
                    assert!(!names.contains(private), "{names}");
                }
            }
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

fn scopes() -> std::collections::BTreeSet<String> {
    oauth::scopes(PREFIX, &frontdesk::calendar::microsoft::SCOPES.join(" "))
}

/// The service's address as the tests reach it.
fn at_port(address: &str, port: u16) -> url::Url {
    let mut address: url::Url = address.parse().unwrap();
    address.set_scheme("http").unwrap();
    address.set_host(Some("127.0.0.1")).unwrap();
    address.set_port(Some(port)).unwrap();
    address
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let complaints = self.0.lock().unwrap().complaints.clone();
        assert!(
            complaints.is_empty(),
            "Graph does not know:\n{}",
            complaints.join("\n")
        );
    }
}
