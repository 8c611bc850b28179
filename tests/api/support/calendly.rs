//! A Calendly of the tests' own: its user, what is booked and cancelled, busy times of connected calendars, webhooks that are signed.

use std::{
    collections::VecDeque,
    future::ready,
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::http::{self, Failure, Recorded, Reply, Request};

/// The account's user.
pub const USER: &str = "https://api.calendly.com/users/USER";
/// Its personal access token.
pub const TOKEN: &str = "the-personal-access-token";
/// Its event type, which lasts half an hour.
pub const EVENT_TYPE: &str = "https://api.calendly.com/event_types/TYPE";

const BASE: &str = "https://api.calendly.com";

#[derive(Default)]
struct World {
    events: Vec<Value>,
    invitees: Vec<Value>,
    busy: Vec<(String, String)>,
    webhooks: Vec<Value>,
    failures: VecDeque<Failure>,
    limits: VecDeque<u32>,
    loses_booking: bool,
    page_size: Option<usize>,
    is_free: bool,
    is_group: bool,
    now: Option<DateTime<Utc>>,
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

    /// From now on it is this time: busy times that have passed are refused.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.world().now = Some(now);
    }

    /// Somebody books; the event's address.
    pub fn add_event(&self, start: &str, end: &str) -> String {
        self.world().add_event(start, end)
    }

    /// Somebody cancels.
    pub fn cancel_event(&self, uri: &str) {
        let mut world = self.world();
        let event = world.events.iter_mut().find(|event| event["uri"] == uri);
        event.unwrap()["status"] = json!("canceled");
    }

    /// The invitee of an event moves it to another time; the address of the event that takes its place.
    pub fn move_event(&self, uri: &str, start: &str, end: &str) -> String {
        self.cancel_event(uri);
        let mut world = self.world();
        let moved = world.add_event(start, end);
        let new = format!("{moved}/invitees/{}", world.invitees.len());
        let mut invitees = world.invitees.iter_mut();
        let old = invitees.find(|invitee| invitee["event"] == uri).unwrap();
        let mut invitee = old.clone();
        old["status"] = json!("canceled");
        old["rescheduled"] = json!(true);
        old["new_invitee"] = json!(new);
        invitee["old_invitee"] = old["uri"].clone();
        invitee["event"] = json!(moved);
        invitee["uri"] = json!(new);
        world.invitees.push(invitee);
        moved
    }

    /// Somebody else comes to an event as well.
    pub fn join_event(&self, uri: &str) {
        let mut world = self.world();
        let event = world.events.iter_mut().find(|event| event["uri"] == uri);
        event.unwrap()["invitees_counter"]["active"] = json!(2);
    }

    /// Whether the event type is for groups.
    pub fn is_group(&self, is_group: bool) {
        self.world().is_group = is_group;
    }

    /// A calendar that is connected to Calendly is busy.
    pub fn add_busy(&self, start: &str, end: &str) {
        self.world().busy.push((start.to_owned(), end.to_owned()));
    }

    /// The invitees of what was booked by the API, with the event of each as it stands.
    pub fn booked(&self) -> Vec<(Value, Value)> {
        let world = self.world();
        let event = |uri: &Value| world.events.iter().find(|event| event["uri"] == *uri);
        let with_event = |invitee: &Value| {
            let event = event(&invitee["event"]).unwrap();
            (invitee.clone(), event.clone())
        };
        world.invitees.iter().map(with_event).collect()
    }

    /// How the next requests go, one after the other; once they are used up, all is well again.
    pub fn fail_next(&self, failures: &[Failure]) {
        self.world().failures.extend(failures.iter().cloned());
    }

    /// The next request is one too many, for so many seconds.
    pub fn limit_next(&self, seconds: u32) {
        self.world().limits.push_back(seconds);
    }

    /// The answer to the next booking is lost.
    pub fn lose_next_booking(&self) {
        self.world().loses_booking = true;
    }

    /// From now on a page has no more than this.
    pub fn set_page_size(&self, size: usize) {
        self.world().page_size = Some(size);
    }

    /// From now on the account has a free plan, or has one no more.
    pub fn is_free(&self, is_free: bool) {
        self.world().is_free = is_free;
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

    /// The requests so far by this method of this path, or of one below it.
    pub fn requests_of(&self, method: &str) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| request.method.starts_with(method));
        requests
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

impl World {
    fn add_event(&mut self, start: &str, end: &str) -> String {
        let uri = format!(
            "{BASE}/scheduled_events/{}",
            Uuid::from_u128(self.events.len() as u128)
        );
        self.events.push(json!({
            "uri": uri,
            "name": "Divorce lawyer",
            "status": "active",
            "start_time": start,
            "end_time": end,
            "updated_at": "2026-11-01T00:00:00.000000Z",
            "invitees_counter": { "total": 1, "active": 1, "limit": 1 },
            "event_memberships": [{ "user": USER, "user_email": "owner@example.test" }],
        }));
        uri
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
    if let Some(seconds) = world.limits.pop_front() {
        return problem(429, "Too Many Requests").with("X-RateLimit-Reset", &seconds.to_string());
    }
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
            let organization = format!("{BASE}/organizations/ORGANIZATION");
            let user =
                json!({ "uri": USER, "name": "Owner", "current_organization": organization });
            Reply::json(200, &json!({ "resource": user }))
        }
        ("GET", ["user_busy_times"]) => busy(world, request),
        ("GET", ["scheduled_events"]) => events(world, request),
        (method, ["scheduled_events", id, rest @ ..]) => {
            let uri = format!("{BASE}/scheduled_events/{id}");
            match world.events.iter_mut().find(|event| event["uri"] == uri) {
                Some(event) => one_event(event, &world.invitees, (method, rest)),
                None => problem(404, "Resource Not Found"),
            }
        }
        ("GET", ["event_types", id]) if EVENT_TYPE.ends_with(id) => {
            let kind = if world.is_group { "group" } else { "solo" };
            let event_type =
                json!({ "uri": EVENT_TYPE, "active": true, "duration": 30, "kind": kind });
            Reply::json(200, &json!({ "resource": event_type }))
        }
        ("POST", ["invitees"]) => book(world, request),
        ("POST", ["webhook_subscriptions"]) => subscribe(world, request),
        (method, ["webhook_subscriptions", id]) => {
            let uri = format!("{BASE}/webhook_subscriptions/{id}");
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

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Whether a request asks for these parameters and no others, and for the account's user.
fn is_asked(request: &Request, known: &[&str]) -> bool {
    let mut names = request.query.iter().map(|(name, _)| name.as_str());
    names.all(|name| known.contains(&name)) && request.parameter("user") == Some(USER)
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
    if !is_asked(request, &known) {
        return problem(400, "Invalid Argument");
    }
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

fn busy(world: &World, request: &Request) -> Reply {
    if !is_asked(request, &["user", "start_time", "end_time"]) {
        return problem(400, "Invalid Argument");
    }
    let time = |name: &str| moment(request.parameter(name).unwrap());
    let (after, before) = (time("start_time"), time("end_time"));
    let has_passed = world.now.is_some_and(|now| after < now);
    if has_passed || after >= before || before - after > TimeDelta::days(7) {
        return problem(400, "Invalid Argument");
    }
    let active = world.events.iter().filter(|it| it["status"] == "active");
    let own = active.map(|it| ("calendly", it["start_time"].clone(), it["end_time"].clone()));
    let busy = world.busy.iter();
    let connected = busy.map(|(start, end)| ("external", json!(start), json!(end)));
    let found: Vec<Value> = own
        .chain(connected)
        .filter(|(_, start, end)| {
            moment(end.as_str().unwrap()) > after && moment(start.as_str().unwrap()) < before
        })
        .map(|(kind, start, end)| json!({ "type": kind, "start_time": start, "end_time": end }))
        .collect();
    Reply::json(200, &json!({ "collection": found }))
}

fn one_event(event: &mut Value, invitees: &[Value], asked: (&str, &[&str])) -> Reply {
    match asked {
        ("GET", []) => Reply::json(200, &json!({ "resource": event })),
        ("GET", ["invitees"]) => {
            let of_it = invitees.iter().filter(|it| it["event"] == event["uri"]);
            let collection: Vec<&Value> = of_it.collect();
            let pagination = json!({ "count": collection.len(), "next_page_token": null });
            Reply::json(
                200,
                &json!({ "collection": collection, "pagination": pagination }),
            )
        }
        ("POST", ["cancellation"]) if event["status"] == "canceled" => {
            problem(403, "Permission Denied")
        }
        ("POST", ["cancellation"]) => {
            event["status"] = json!("canceled");
            Reply::json(201, &json!({ "resource": { "canceler_type": "host" } }))
        }
        _ => problem(404, "Resource Not Found"),
    }
}

fn book(world: &mut World, request: &Request) -> Reply {
    if world.is_free {
        return problem(403, "Permission Denied");
    }
    let body = request.json();
    let has = |value: &Value, names: &[&str]| {
        value.as_object().is_some_and(|known| {
            known.len() == names.len() && names.iter().all(|name| known.contains_key(*name))
        })
    };
    let start = body["start_time"].as_str().unwrap_or_default();
    let tracking = [
        "utm_campaign",
        "utm_source",
        "utm_medium",
        "utm_content",
        "utm_term",
        "salesforce_uuid",
    ];
    if !has(&body, &["event_type", "start_time", "invitee", "tracking"])
        || !has(&body["invitee"], &["email", "name", "timezone"])
        || !has(&body["tracking"], &tracking)
        || body["event_type"] != EVENT_TYPE
        || !start.ends_with('Z')
    {
        return problem(400, "Invalid Argument");
    }
    let starts = moment(start);
    let is_taken = world.events.iter().any(|event| {
        event["status"] == "active" && moment(event["start_time"].as_str().unwrap()) == starts
    });
    if is_taken {
        return problem(400, "Invalid Argument");
    }
    let end = (starts + TimeDelta::minutes(30)).to_rfc3339();
    let event = world.add_event(start, &end);
    let mut invitee = body["invitee"].clone();
    invitee["uri"] = json!(format!("{event}/invitees/{}", world.invitees.len()));
    invitee["event"] = json!(event);
    invitee["status"] = json!("active");
    invitee["rescheduled"] = json!(false);
    invitee["old_invitee"] = Value::Null;
    invitee["new_invitee"] = Value::Null;
    invitee["tracking"] = body["tracking"].clone();
    world.invitees.push(invitee.clone());
    if std::mem::take(&mut world.loses_booking) {
        return Reply::Nothing;
    }
    Reply::json(201, &json!({ "resource": invitee }))
}

fn subscribe(world: &mut World, request: &Request) -> Reply {
    if world.is_free {
        return problem(403, "Permission Denied");
    }
    let mut webhook = request.json();
    if webhook["organization"].is_null() || webhook["user"] != USER || webhook["scope"] != "user" {
        return problem(400, "Invalid Argument");
    }
    let known = &world.webhooks;
    if known.iter().any(|known| known["url"] == webhook["url"]) {
        return problem(409, "Already Exists");
    }
    let id = world.requests.len();
    webhook["uri"] = json!(format!("{BASE}/webhook_subscriptions/W{id}"));
    webhook["state"] = json!("active");
    let answer = json!({
        "resource": { "uri": webhook["uri"], "callback_url": webhook["url"], "state": "active" }
    });
    world.webhooks.push(webhook);
    Reply::json(201, &answer)
}
