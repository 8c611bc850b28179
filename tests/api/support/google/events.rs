//! Calendars and events of the API.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

use super::{channels, problem};
use crate::support::{
    http::{Reply, Request},
    provider::world::{Calendar, Stored, World},
};

/// What may not stand beside a cursor.
const NOT_WITH_CURSOR: &[&str] = &[
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
];

/// Does what is asked.
pub fn act(world: &mut World, request: &Request, name: &str, values: &[String]) -> Reply {
    match name {
        "calendarList.list" => return calendars(world, request),
        "channels.stop" => return channels::stop(world, request),
        _ => {}
    }
    // From here on the calendar stands in the path.
    let Some(calendar) = world.calendar(&values[0]) else {
        return problem(404, "notFound");
    };
    let id = calendar.id.clone();
    if matches!(name, "events.insert" | "events.patch" | "events.delete")
        && !matches!(calendar.role.as_str(), "owner" | "writer")
    {
        return problem(403, "requiredAccessLevel");
    }
    match (name, values) {
        ("events.list", _) => list(world, &id, request),
        ("events.watch", _) => channels::watch(world, &id, request),
        ("events.insert", _) => insert(world, &id, request),
        ("events.get", [_, event]) => get(world, &id, event, request),
        ("events.patch", [_, event]) => patch(world, &id, event, request),
        ("events.delete", [_, event]) => delete(world, &id, event, request),
        _ => unreachable!("{name}"),
    }
}

/// What an event has that was entered with this number.
pub fn complete(fields: &mut Map<String, Value>, number: u64) {
    let foreign = format!("foreign{number:08}");
    for (name, default) in [
        ("id", foreign.as_str()),
        ("kind", "calendar#event"),
        ("status", "confirmed"),
        ("eventType", "default"),
        ("summary", "Divorce lawyer"),
    ] {
        fields.entry(name).or_insert_with(|| json!(default));
    }
    let uid = format!("{}@google.com", fields["id"].as_str().unwrap());
    fields.insert("iCalUID".to_owned(), json!(uid));
}

/// What a start or an end says; `None` for what is none, or both a day and a time.
fn moment(value: &Value, zone: Tz) -> Option<DateTime<Utc>> {
    match (value["date"].as_str(), value["dateTime"].as_str()) {
        (Some(day), None) => {
            let midnight = day.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN);
            Some(midnight.and_local_timezone(zone).earliest()?.to_utc())
        }
        (None, Some(text)) => Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc()),
        _ => None,
    }
}

/// From when until when an event is; a whole day on the calendar's clock.
fn span(event: &Stored, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let time = |name: &str| moment(event.fields.get(name)?, zone);
    Some((time("start")?, time("end")?))
}

fn calendars(world: &World, request: &Request) -> Reply {
    let items: Vec<Value> = world
        .calendars
        .iter()
        .map(|calendar| {
            json!({
                "kind": "calendar#calendarListEntry",
                "id": calendar.id,
                "summary": calendar.name,
                "accessRole": calendar.role,
                "timeZone": calendar.zone.name(),
                "primary": calendar.is_primary.then_some(true),
            })
        })
        .collect();
    let page_size = world.page_size;
    let Some((page, next)) = page(page_size, request, &items) else {
        return problem(400, "invalid");
    };
    let mut body = json!({ "kind": "calendar#calendarList", "items": page });
    match next {
        Some(offset) => body["nextPageToken"] = json!(offset.to_string()),
        None => body["nextSyncToken"] = json!("calendars"),
    }
    Reply::json(200, &body)
}

/// A page of a list, and where the next one begins; the page token begins with that number.
fn page<'a, T>(
    most_of_a_page: Option<usize>,
    request: &Request,
    items: &'a [T],
) -> Option<(&'a [T], Option<usize>)> {
    let most = match request.parameter("maxResults") {
        Some(text) => text.parse::<usize>().ok()?,
        None => 250,
    };
    let size = most
        .clamp(1, 2_500)
        .min(most_of_a_page.unwrap_or(usize::MAX));
    let offset: usize = match request.parameter("pageToken") {
        Some(token) => token.split('.').next()?.parse().ok()?,
        None => 0,
    };
    let end = items.len().min(offset + size);
    Some((items.get(offset..end)?, (end < items.len()).then_some(end)))
}

/// The cursor of a list: how far it came, of which calendar, with which parameters.
fn cursor(version: u64, calendar: &str, request: &Request) -> String {
    let shape: BTreeMap<&str, &str> = request
        .query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| {
            !NOT_WITH_CURSOR.contains(name)
                && !matches!(
                    *name,
                    "syncToken" | "pageToken" | "fields" | "maxResults" | "alt"
                )
        })
        .collect();
    hex::encode(format!("{version} {calendar} {shape:?}"))
}

fn list(world: &mut World, calendar: &str, request: &Request) -> Reply {
    if request.parameter("singleEvents") != Some("true") {
        world.complaints.push("its events are instances".to_owned());
        return problem(400, "invalid");
    }
    // Since when the listing began: what changes while its pages are read comes with the cursor.
    let began = request
        .parameter("pageToken")
        .and_then(|token| token.split('.').nth(1)?.parse().ok())
        .unwrap_or(world.version);
    let since = match request.parameter("syncToken") {
        None => None,
        Some(token) => {
            if request
                .query
                .iter()
                .any(|(name, _)| NOT_WITH_CURSOR.contains(&name.as_str()))
            {
                return problem(400, "invalid");
            }
            let text = hex::decode(token)
                .ok()
                .and_then(|text| String::from_utf8(text).ok());
            let since = text.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
            let Some(since) = since.filter(|since| *token == cursor(*since, calendar, request))
            else {
                return problem(400, "invalid");
            };
            if since < world.oldest {
                return problem(410, "fullSyncRequired");
            }
            Some(since)
        }
    };
    let page_size = world.page_size;
    let known = world.calendar(calendar).unwrap();
    let Some(items) = listed(known, since, request) else {
        return problem(400, "timeRangeEmpty");
    };
    let Some((page, next)) = page(page_size, request, &items) else {
        return problem(400, "invalid");
    };
    let page: Vec<Value> = page.iter().map(|event| shown(event, request)).collect();
    let mut body = json!({ "kind": "calendar#events", "summary": "Work", "items": page });
    match next {
        Some(offset) => body["nextPageToken"] = json!(format!("{offset}.{began}")),
        None => body["nextSyncToken"] = json!(cursor(began, calendar, request)),
    }
    Reply::json(200, &body)
}

fn listed<'a>(
    calendar: &'a Calendar,
    since: Option<u64>,
    request: &Request,
) -> Option<Vec<&'a Stored>> {
    let bound = |name: &str| match request.parameter(name) {
        Some(text) => DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|moment| Some(moment.to_utc())),
        None => Some(None),
    };
    let (after, before) = (bound("timeMin")?, bound("timeMax")?);
    if after
        .zip(before)
        .is_some_and(|(after, before)| after >= before)
    {
        return None;
    }
    let is_inside = |event: &Stored| {
        let Some((start, end)) = span(event, calendar.zone) else {
            return true;
        };
        after.is_none_or(|after| end > after) && before.is_none_or(|before| start < before)
    };
    let shows_deleted = request.parameter("showDeleted") == Some("true");
    let is_listed = |event: &&Stored| match since {
        Some(since) => event.version > since,
        None => (shows_deleted || !event.is_cancelled()) && is_inside(event),
    };
    Some(calendar.events.values().filter(is_listed).collect())
}

/// An event as it is told: of more people than were asked for, the owner alone.
fn shown(event: &Stored, request: &Request) -> Value {
    let mut fields = event.fields.clone();
    let most = request
        .parameter("maxAttendees")
        .and_then(|most| most.parse::<usize>().ok());
    if let (Some(most), Some(Value::Array(attendees))) = (most, fields.get_mut("attendees"))
        && attendees.len() > most
    {
        attendees.retain(|attendee| attendee["self"] == true);
        fields.insert("attendeesOmitted".to_owned(), json!(true));
    }
    Value::Object(fields)
}

fn get(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    match world.event(calendar, id) {
        Some(event) => Reply::json(200, &shown(event, request)),
        None => problem(404, "notFound"),
    }
}

fn insert(world: &mut World, calendar: &str, request: &Request) -> Reply {
    let body = request.json();
    let known = world.calendar(calendar).unwrap();
    if let Some(id) = body["id"].as_str() {
        let is_allowed = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'v');
        if !(5..=1024).contains(&id.len()) || !id.bytes().all(is_allowed) {
            return problem(400, "invalid");
        }
        if known.events.contains_key(id) {
            return problem(409, "duplicate");
        }
    }
    if let Some(refused) = refused(&body, known.zone) {
        return refused;
    }
    let id = world.add(calendar, body.as_object().unwrap().clone());
    get(world, calendar, &id, request)
}

/// Why an event cannot be like this.
fn refused(event: &Value, zone: Tz) -> Option<Reply> {
    let (start, end) = (moment(&event["start"], zone), moment(&event["end"], zone));
    let (Some(start), Some(end)) = (start, end) else {
        return Some(problem(400, "required"));
    };
    (end < start).then(|| problem(400, "timeRangeEmpty"))
}

fn patch(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    if let Some(refused) = precondition(world, calendar, id, request) {
        return refused;
    }
    let before = world.event(calendar, id);
    let before = before.unwrap().fields.clone();
    world.edit(calendar, id, &request.json());
    let known = world.calendar(calendar).unwrap();
    let zone = known.zone;
    let event = known.events.get_mut(id).unwrap();
    if let Some(refused) = refused(&Value::Object(event.fields.clone()), zone)
        && !event.is_cancelled()
    {
        event.fields = before;
        return refused;
    }
    get(world, calendar, id, request)
}

fn delete(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    if let Some(refused) = precondition(world, calendar, id, request) {
        return refused;
    }
    let event = world.event(calendar, id);
    if event.unwrap().is_cancelled() {
        return problem(410, "deleted");
    }
    world.edit(calendar, id, &json!({ "status": "cancelled" }));
    Reply::empty(204)
}

fn precondition(world: &mut World, calendar: &str, id: &str, request: &Request) -> Option<Reply> {
    let Some(event) = world.event(calendar, id) else {
        return Some(problem(404, "notFound"));
    };
    let wanted = request.header("if-match")?;
    (event.text("etag") != Some(wanted)).then(|| problem(412, "conditionNotMet"))
}
