//! A Calendly of the tests' own: its user, what is booked, webhooks that are signed.

use std::{
    collections::VecDeque,
    future::ready,
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::http::{self, Failure, Recorded, Reply, Request};

/// The account's user.
pub const USER: &str = "https://api.calendly.com/users/USER";
/// Its personal access token.
pub const TOKEN: &str = "the-personal-access-token";

#[derive(Default)]
struct World {
    events: Vec<Value>,
    webhooks: Vec<Value>,
    failures: VecDeque<Failure>,
    page_size: Option<usize>,
    has_no_webhooks: bool,
    requests: Vec<Recorded>,
}

/// A Calendly.
#[derive(Clone)]
pub struct Calendly {
    world: Arc<Mutex<World>>,
    port: u16,
}

impl Calendly {
    /// A Calendly with one user, of whom nothing is booked.
    pub async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let world = Arc::new(Mutex::new(World::default()));
        let answering = Arc::clone(&world);
        let answer =
            move |request: Request| ready(answer(&mut answering.lock().unwrap(), &request));
        let port = http::serve(answer).await;
        Self { world, port }
    }

    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody books; the event's address.
    pub fn add_event(&self, start: &str, end: &str) -> String {
        let mut world = self.world();
        let uri = format!(
            "https://api.calendly.com/scheduled_events/{}",
            world.events.len()
        );
        world.events.push(json!({
            "uri": uri,
            "name": "Divorce lawyer",
            "status": "active",
            "start_time": start,
            "end_time": end,
            "updated_at": "2026-11-01T00:00:00.000000Z",
            "event_memberships": [{ "user": USER, "user_email": "owner@example.test" }],
        }));
        uri
    }

    /// Somebody cancels.
    pub fn cancel_event(&self, uri: &str) {
        let mut world = self.world();
        let event = world.events.iter_mut().find(|event| event["uri"] == uri);
        event.unwrap()["status"] = json!("canceled");
    }

    /// How the next requests go, one after the other; once they are used up, all is well again.
    pub fn fail_next(&self, failures: &[Failure]) {
        self.world().failures.extend(failures.iter().cloned());
    }

    /// From now on a page has no more than this.
    pub fn set_page_size(&self, size: usize) {
        self.world().page_size = Some(size);
    }

    /// From now on the account's plan has no webhooks.
    pub fn has_no_webhooks(&self) {
        self.world().has_no_webhooks = true;
    }

    /// Calendly ends the subscriptions without a word.
    pub fn disable_webhooks(&self) {
        for webhook in &mut self.world().webhooks {
            webhook["state"] = json!("disabled");
        }
    }

    /// The subscriptions there are, with their signing keys.
    pub fn webhooks(&self) -> Vec<Value> {
        self.world().webhooks.clone()
    }

    /// The body of a message about an event, and its signature.
    pub fn message(webhook: &Value, event: &str, at: DateTime<Utc>) -> (String, String) {
        let body = json!({ "event": event, "payload": { "name": "Somebody" } }).to_string();
        let key = webhook["signing_key"].as_str().unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{}.{body}", at.timestamp()).as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let header = format!("t={},v1={signature}", at.timestamp());
        (body, header)
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.world().requests.clone()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

fn problem(status: u16, title: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "title": title, "message": "It is refused." }),
    )
}

fn answer(world: &mut World, request: &Request) -> Reply {
    let reply = reply(world, request);
    let name = format!("{} {}", request.method, request.path);
    let recorded = Recorded::new(name, request.segments(), request, &reply);
    world.requests.push(recorded);
    reply
}

fn reply(world: &mut World, request: &Request) -> Reply {
    if let Some(failure) = world.failures.pop_front() {
        return failure.reply(problem);
    }
    if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return problem(401, "Unauthenticated");
    }
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), &path[..]) {
        ("GET", ["users", "me"]) => {
            let organization = "https://api.calendly.com/organizations/ORGANIZATION";
            let user =
                json!({ "uri": USER, "name": "Owner", "current_organization": organization });
            Reply::json(200, &json!({ "resource": user }))
        }
        ("GET", ["scheduled_events"]) => events(world, request),
        ("POST", ["webhook_subscriptions"]) => subscribe(world, request),
        (method, ["webhook_subscriptions", id]) => {
            let uri = format!("https://api.calendly.com/webhook_subscriptions/{id}");
            let found = world
                .webhooks
                .iter()
                .position(|known| known["uri"] == uri.as_str());
            match (method, found) {
                ("GET", Some(index)) => {
                    Reply::json(200, &json!({ "resource": world.webhooks[index] }))
                }
                ("DELETE", Some(index)) => {
                    world.webhooks.remove(index);
                    Reply::empty(204)
                }
                _ => problem(404, "Resource Not Found"),
            }
        }
        _ => problem(404, "Resource Not Found"),
    }
}

fn events(world: &World, request: &Request) -> Reply {
    let parameter = |name: &str| request.parameter(name).unwrap_or_default();
    let known = [
        "user",
        "status",
        "min_start_time",
        "max_start_time",
        "count",
        "page_token",
    ];
    if request
        .query
        .iter()
        .any(|(name, _)| !known.contains(&name.as_str()))
        || parameter("user") != USER
    {
        return problem(400, "Invalid Argument");
    }
    let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (after, before) = (
        moment(parameter("min_start_time")),
        moment(parameter("max_start_time")),
    );
    let is_meant = |event: &&Value| {
        let start = moment(event["start_time"].as_str().unwrap());
        event["status"] == parameter("status") && start >= after && start < before
    };
    let count: usize = request
        .parameter("count")
        .map_or(20, |count| count.parse().unwrap());
    let size = count
        .clamp(1, 100)
        .min(world.page_size.unwrap_or(usize::MAX));
    let skip: usize = parameter("page_token").parse().unwrap_or_default();
    let found: Vec<&Value> = world.events.iter().filter(is_meant).collect();
    let next = (skip + size < found.len()).then(|| (skip + size).to_string());
    let page: Vec<&&Value> = found.iter().skip(skip).take(size).collect();
    let pagination = json!({ "count": page.len(), "next_page_token": next });
    Reply::json(
        200,
        &json!({ "collection": page, "pagination": pagination }),
    )
}

fn subscribe(world: &mut World, request: &Request) -> Reply {
    if world.has_no_webhooks {
        return problem(403, "Permission Denied");
    }
    let mut webhook = request.json();
    if webhook["organization"].is_null() || webhook["user"] != USER || webhook["scope"] != "user" {
        return problem(400, "Invalid Argument");
    }
    let uri = format!(
        "https://api.calendly.com/webhook_subscriptions/W{}",
        world.webhooks.len()
    );
    webhook["uri"] = json!(uri);
    webhook["state"] = json!("active");
    world.webhooks.push(webhook.clone());
    Reply::json(201, &json!({ "resource": webhook }))
}
