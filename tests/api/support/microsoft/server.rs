//! What Graph does.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Value, json};

use super::problem;
use crate::support::{
    http::{Reply, Request},
    provider::{
        Channel,
        server::{self, at_port},
        world::{Stored, World},
    },
};

/// Answers a request.
pub async fn answer(world: Arc<Mutex<World>>, request: Request) -> Reply {
    let is_subscribing = request.method == "POST" && request.path == "/v1.0/subscriptions";
    if is_subscribing && let Some(refused) = handshakes(&world, &request).await {
        return refused;
    }
    server::answer(&world, &request)
}

/// Asks both addresses of a new subscription to send a token back.
async fn handshakes(shared: &Mutex<World>, request: &Request) -> Option<Reply> {
    let port = shared.lock().unwrap().app_port?;
    let body = request.json();
    for name in ["notificationUrl", "lifecycleNotificationUrl"] {
        let mut url = at_port(body[name].as_str()?, port);
        let token = "Validation: a token/with+signs & spaces";
        url.query_pairs_mut().append_pair("validationToken", token);
        let answer = reqwest::Client::new()
            .post(url)
            .header("content-length", 0)
            .send();
        let answer = answer.await.unwrap();
        let is_text = answer
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind.to_str().unwrap().starts_with("text/plain"));
        let is_ok = answer.status() == 200;
        if !is_ok || !is_text || answer.text().await.unwrap() != token {
            return Some(problem(400, "ValidationError"));
        }
    }
    None
}

/// What every request must ask for.
pub fn preferences(request: &Request) -> Option<String> {
    let headers = request.headers.iter();
    let preferred: Vec<&str> = headers
        .filter(|(name, _)| name.eq_ignore_ascii_case("prefer"))
        .flat_map(|(_, value)| value.split(", "))
        .collect();
    ["IdType=\"ImmutableId\"", "outlook.timezone=\"UTC\""]
        .into_iter()
        .find(|wanted| !preferred.contains(wanted))
        .map(|wanted| format!("it does not prefer {wanted}"))
}

pub fn act(world: &mut World, request: &Request, name: &str, values: &[String]) -> Reply {
    match (name, values) {
        ("calendars.list", _) => return calendars(world, request),
        ("subscriptions.create", _) => return subscribe(world, request),
        ("subscriptions.update", [id]) => return renew(world, id, request),
        ("subscriptions.delete", [id]) => return unsubscribe(world, id),
        _ => {}
    }
    // From here on the calendar stands in the path.
    let calendar = &values[0];
    if world.calendar(calendar).is_none() {
        return problem(404, "ErrorItemNotFound");
    }
    match (name, values) {
        ("calendarView.list", _) => view(world, calendar, request),
        ("events.list", _) => events(world, calendar, request),
        ("events.create", _) => create(world, calendar, request),
        ("events.get", [_, id]) => match world.event(calendar, id) {
            Some(event) => Reply::json(200, &selected(&event.fields, request)),
            None => problem(404, "ErrorItemNotFound"),
        },
        ("events.update", [_, id]) => update(world, calendar, id, request),
        ("events.delete", [_, id]) => match world.calendar(calendar).unwrap().events.remove(id) {
            Some(_) => Reply::empty(204),
            None => problem(404, "ErrorItemNotFound"),
        },
        _ => unreachable!("{name}"),
    }
}

/// A time of an event, in the zone that it names.
fn local(value: &Value) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(value["dateTime"].as_str()?, "%Y-%m-%dT%H:%M:%S%.f").ok()
}

/// What an event has that was entered with this number.
pub fn complete(fields: &mut Map<String, Value>, number: u64) {
    fields.insert("id".to_owned(), json!(format!("AAMk{number:08}=")));
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
}

fn calendars(world: &World, request: &Request) -> Reply {
    let items = world.calendars.iter().map(|calendar| {
        let told = json!({
            "id": calendar.id,
            "name": calendar.name,
            "isDefaultCalendar": calendar.is_primary,
            "canEdit": calendar.role == "owner",
        });
        selected(told.as_object().unwrap(), request)
    });
    page(world, request, items.collect())
}

/// A page of a list, with the link to the next one.
fn page(world: &World, request: &Request, items: Vec<Value>) -> Reply {
    let number = |name: &str| {
        request
            .parameter(name)
            .map(|text| text.parse::<usize>().unwrap())
    };
    let size = number("$top").unwrap_or(10).clamp(1, 1_000);
    let size = size.min(world.page_size.unwrap_or(usize::MAX));
    let skip = number("$skip").unwrap_or_default();
    let total = items.len();
    let page: Vec<Value> = items.into_iter().skip(skip).take(size).collect();
    let mut body = json!({ "value": page });
    if skip + size < total {
        let mut link: url::Url = format!("{}{}", world.url, request.path).parse().unwrap();
        let kept = request.query.iter().filter(|(name, _)| name != "$skip");
        link.query_pairs_mut()
            .extend_pairs(kept)
            .append_pair("$skip", &(skip + size).to_string());
        body["@odata.nextLink"] = json!(link.as_str());
    }
    Reply::json(200, &body)
}

fn selected(event: &Map<String, Value>, request: &Request) -> Value {
    let names: Option<Vec<&str>> = request
        .parameter("$select")
        .map(|names| names.split(',').collect());
    let is_asked = |name: &str| match &names {
        Some(names) => names.contains(&name) || name == "id",
        // Extended properties come with $expand only.
        None => name != "singleValueExtendedProperties",
    };
    let fields = event.iter().filter(|(name, _)| is_asked(name));
    let fields = fields.map(|(name, value)| (name.clone(), value.clone()));
    Value::Object(fields.collect())
}

fn view(world: &mut World, calendar: &str, request: &Request) -> Reply {
    let bound = |name: &str| -> Option<NaiveDateTime> {
        let text = request.parameter(name)?;
        Some(DateTime::parse_from_rfc3339(text).ok()?.naive_utc())
    };
    let (Some(after), Some(before)) = (bound("startDateTime"), bound("endDateTime")) else {
        return problem(400, "ErrorInvalidParameter");
    };
    let events = &world.calendar(calendar).unwrap().events;
    let is_inside = |event: &&Stored| {
        let time = |name: &str| local(&event.fields[name]).unwrap();
        time("start") < before && time("end") > after
    };
    let inside = events.values().filter(is_inside);
    let items = inside
        .map(|event| selected(&event.fields, request))
        .collect();
    page(world, request, items)
}

/// The events with an extended property; there is no other filter.
fn events(world: &mut World, calendar: &str, request: &Request) -> Reply {
    let filter = request.parameter("$filter").unwrap_or_default();
    let parts: Vec<&str> = filter.split('\'').collect();
    let [before, id, between, value, after] = parts[..] else {
        return problem(400, "ErrorInvalidUrlQueryFilter");
    };
    if [before, between, after]
        != [
            "singleValueExtendedProperties/Any(ep: ep/id eq ",
            " and ep/value eq ",
            ")",
        ]
    {
        return problem(400, "ErrorInvalidUrlQueryFilter");
    }
    let property = json!({ "id": id, "value": value });
    let events = &world.calendar(calendar).unwrap().events;
    let found = events.values().filter(|event| {
        let properties = event.fields.get("singleValueExtendedProperties");
        properties.is_some_and(|known| known.as_array().unwrap().contains(&property))
    });
    let items = found
        .map(|event| selected(&event.fields, request))
        .collect();
    page(world, request, items)
}

fn is_wrong(event: &Map<String, Value>) -> bool {
    let time = |name: &str| {
        let value = event.get(name)?;
        // Of IANA's names only some are known.
        (value["timeZone"] == "UTC").then(|| local(value))?
    };
    match (time("start"), time("end")) {
        (Some(start), Some(end)) => {
            let is_midnight = |at: NaiveDateTime| at == at.date().and_hms_opt(0, 0, 0).unwrap();
            let is_whole = is_midnight(start) && is_midnight(end);
            end < start || (event.get("isAllDay") == Some(&json!(true)) && !is_whole)
        }
        _ => true,
    }
}

fn create(world: &mut World, calendar: &str, request: &Request) -> Reply {
    let body = request.json();
    let fields = body.as_object().unwrap().clone();
    if world.calendar(calendar).unwrap().role != "owner" {
        return problem(403, "ErrorAccessDenied");
    }
    if is_wrong(&fields) {
        return problem(400, "ErrorPropertyValidationFailure");
    }
    let events = &world.calendar(calendar).unwrap().events;
    let made = events
        .values()
        .find(|event| {
            let known = event.fields.get("transactionId");
            known.is_some() && known == fields.get("transactionId")
        })
        .map(|event| selected(&event.fields, request));
    match made {
        Some(_) if world.refuses_repeats => problem(409, "ErrorDuplicateTransactionId"),
        Some(event) => Reply::json(201, &event),
        None => {
            let id = world.add(calendar, fields);
            let event = world.event(calendar, &id).unwrap();
            Reply::json(201, &selected(&event.fields, request))
        }
    }
}

fn update(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    let body = request.json();
    let Some(event) = world.event(calendar, id) else {
        return problem(404, "ErrorItemNotFound");
    };
    let mut changed = event.fields.clone();
    changed.extend(body.as_object().unwrap().clone());
    if body.get("transactionId").is_some() || is_wrong(&changed) {
        return problem(400, "ErrorPropertyValidationFailure");
    }
    world.edit(calendar, id, &body);
    let event = world.event(calendar, id).unwrap();
    Reply::json(200, &selected(&event.fields, request))
}

fn subscribe(world: &mut World, request: &Request) -> Reply {
    let body = request.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let calendar = text("resource");
    let calendar = calendar
        .strip_prefix("/me/calendars/")
        .and_then(|rest| rest.strip_suffix("/events"))
        .unwrap_or_default()
        .to_owned();
    let is_https = |name: &str| text(name).starts_with("https://");
    let is_wrong = text("changeType").is_empty()
        || text("clientState").len() > 128
        || !is_https("notificationUrl")
        || !is_https("lifecycleNotificationUrl");
    let Some(expires_at) = end(world, &body) else {
        return problem(400, "InvalidRequest");
    };
    if is_wrong || world.calendar(&calendar).is_none() {
        return problem(400, "InvalidRequest");
    }
    world.version += 1;
    let made = Channel {
        id: format!("subscription-{}", world.version),
        calendar,
        token: Some(text("clientState")),
        address: text("notificationUrl"),
        lifecycle_address: text("lifecycleNotificationUrl"),
        resource_id: String::new(),
        expires_at,
        messages: 0,
    };
    let reply = Reply::json(201, &told(&made));
    world.channels.push(made);
    reply
}

/// When a subscription ends: no later than 4,230 minutes from now.
fn end(world: &World, body: &Value) -> Option<DateTime<chrono::Utc>> {
    let now = world.now();
    let asked = DateTime::parse_from_rfc3339(body["expirationDateTime"].as_str()?).ok()?;
    let asked = asked.to_utc();
    let latest = now + chrono::TimeDelta::minutes(4_230);
    (asked > now).then(|| asked.min(latest))
}

fn told(subscription: &Channel) -> Value {
    json!({
        "id": subscription.id,
        "expirationDateTime": subscription.expires_at.to_rfc3339(),
        "clientState": null,
    })
}

fn renew(world: &mut World, id: &str, request: &Request) -> Reply {
    let Some(expires_at) = end(world, &request.json()) else {
        return problem(400, "InvalidRequest");
    };
    let mut known = world.channels.iter_mut();
    match known.find(|known| known.id == id) {
        Some(known) => {
            known.expires_at = expires_at;
            Reply::json(200, &told(known))
        }
        None => problem(404, "ResourceNotFound"),
    }
}

fn unsubscribe(world: &mut World, id: &str) -> Reply {
    let before = world.channels.len();
    world.channels.retain(|known| known.id != id);
    if world.channels.len() == before {
        return problem(404, "ResourceNotFound");
    }
    Reply::empty(204)
}
