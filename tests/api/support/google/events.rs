//! Calendars and events of the API.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::world::{Calendar, GoogleEvent, Stored, World, moment, problem};
use crate::support::http::{Reply, Request};

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

pub fn calendars(world: &World, request: &Request) -> Reply {
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

pub fn list(world: &mut World, calendar: &str, request: &Request) -> Reply {
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
        let Some((start, end)) = event.span(calendar.zone) else {
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

pub fn get(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    match world
        .calendar(calendar)
        .and_then(|calendar| calendar.event(id))
    {
        Some(event) => Reply::json(200, &shown(event, request)),
        None => problem(404, "notFound"),
    }
}

pub fn insert(world: &mut World, calendar: &str, request: &Request) -> Reply {
    let body = request.json();
    let known = world.calendar(calendar).unwrap();
    if let Some(id) = body["id"].as_str() {
        let is_allowed = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'v');
        if !(5..=1024).contains(&id.len()) || !id.bytes().all(is_allowed) {
            return problem(400, "invalid");
        }
        if known.event(id).is_some() {
            return problem(409, "duplicate");
        }
    }
    if let Some(refused) = refused(&body, known.zone) {
        return refused;
    }
    let mut event = GoogleEvent::timed("", "");
    for (name, value) in body.as_object().unwrap() {
        event = event.set(name, value.clone());
    }
    let id = world.add(calendar, event);
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

pub fn patch(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    if let Some(refused) = precondition(world, calendar, id, request) {
        return refused;
    }
    let before = world
        .calendar(calendar)
        .and_then(|calendar| calendar.event(id));
    let before = before.unwrap().fields.clone();
    world.edit(calendar, id, &request.json());
    let known = world.calendar(calendar).unwrap();
    let zone = known.zone;
    let event = known.event(id).unwrap();
    if let Some(refused) = refused(&Value::Object(event.fields.clone()), zone)
        && !event.is_cancelled()
    {
        event.fields = before;
        return refused;
    }
    get(world, calendar, id, request)
}

pub fn delete(world: &mut World, calendar: &str, id: &str, request: &Request) -> Reply {
    if let Some(refused) = precondition(world, calendar, id, request) {
        return refused;
    }
    let event = world
        .calendar(calendar)
        .and_then(|calendar| calendar.event(id));
    if event.unwrap().is_cancelled() {
        return problem(410, "deleted");
    }
    world.edit(calendar, id, &json!({ "status": "cancelled" }));
    Reply::empty(204)
}

fn precondition(world: &mut World, calendar: &str, id: &str, request: &Request) -> Option<Reply> {
    let Some(event) = world
        .calendar(calendar)
        .and_then(|calendar| calendar.event(id))
    else {
        return Some(problem(404, "notFound"));
    };
    let wanted = request.header("if-match")?;
    (event.text("etag") != Some(wanted)).then(|| problem(412, "conditionNotMet"))
}

pub fn free_busy(world: &mut World, request: &Request) -> Reply {
    let body = request.json();
    let bound = |name: &str| -> Option<DateTime<Utc>> {
        Some(
            DateTime::parse_from_rfc3339(body[name].as_str()?)
                .ok()?
                .to_utc(),
        )
    };
    let (Some(after), Some(before)) = (bound("timeMin"), bound("timeMax")) else {
        return problem(400, "required");
    };
    let mut calendars = serde_json::Map::new();
    for item in body["items"].as_array().into_iter().flatten() {
        let id = item["id"].as_str().unwrap_or_default();
        let told = match world.calendar(id) {
            Some(calendar) => json!({ "busy": busy(calendar, after, before) }),
            None => json!({ "errors": [{ "domain": "global", "reason": "notFound" }], "busy": [] }),
        };
        calendars.insert(id.to_owned(), told);
    }
    let body = json!({
        "kind": "calendar#freeBusy",
        "timeMin": body["timeMin"],
        "timeMax": body["timeMax"],
        "calendars": calendars,
    });
    Reply::json(200, &body)
}

fn busy(calendar: &Calendar, after: DateTime<Utc>, before: DateTime<Utc>) -> Vec<Value> {
    let mut spans: Vec<(DateTime<Utc>, DateTime<Utc>)> = calendar
        .events
        .values()
        .filter(|event| !event.is_cancelled() && event.text("transparency") != Some("transparent"))
        .filter_map(|event| event.span(calendar.zone))
        .map(|(start, end)| (start.max(after), end.min(before)))
        .filter(|(start, end)| start < end)
        .collect();
    spans.sort();
    let mut merged: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for (start, end) in spans {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    let told = |(start, end): (DateTime<Utc>, DateTime<Utc>)| json!({ "start": start.to_rfc3339(), "end": end.to_rfc3339() });
    merged.into_iter().map(told).collect()
}
