//! Push: channels that are opened and closed, and what they tell.

use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};

use super::problem;
use crate::support::{
    http::{Reply, Request},
    provider::{Channel, world::World},
};

/// How long a channel is open at most.
const LONGEST: TimeDelta = TimeDelta::days(7);

pub fn watch(world: &mut World, calendar: &str, request: &Request) -> Reply {
    let body = request.json();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let (Some(id), Some(address)) = (text("id"), text("address")) else {
        return problem(400, "required");
    };
    if id.len() > 64 || text("token").is_some_and(|token| token.len() > 256) {
        return problem(400, "invalid");
    }
    if body["type"] != "web_hook" || !address.starts_with("https://") {
        return problem(400, "push.webhookUrlNotHttps");
    }
    if world.channels.iter().any(|channel| channel.id == id) {
        return problem(400, "channelIdNotUnique");
    }
    let number = |value: &Value| value.as_str()?.parse::<i64>().ok();
    let now = world.now();
    let asked = number(&body["params"]["ttl"])
        .map(TimeDelta::seconds)
        .or_else(|| {
            let until = DateTime::from_timestamp_millis(number(&body["expiration"])?)?;
            Some(until - now)
        })
        .unwrap_or(LONGEST);
    let channel = Channel {
        id,
        token: text("token"),
        address,
        lifecycle_address: String::new(),
        calendar: calendar.to_owned(),
        resource_id: format!("resource-{}", hex::encode(calendar)),
        expires_at: now + asked.min(LONGEST),
        messages: 0,
    };
    let body = json!({
        "kind": "api#channel",
        "id": channel.id,
        "resourceId": channel.resource_id,
        "resourceUri": uri(&channel),
        "token": channel.token,
        "expiration": channel.expires_at.timestamp_millis().to_string(),
    });
    world.channels.push(channel);
    Reply::json(200, &body)
}

fn uri(channel: &Channel) -> String {
    let calendar = &channel.calendar;
    format!("https://www.googleapis.com/calendar/v3/calendars/{calendar}/events?alt=json")
}

pub fn stop(world: &mut World, request: &Request) -> Reply {
    let body = request.json();
    let before = world.channels.len();
    world
        .channels
        .retain(|channel| body["id"] != channel.id || body["resourceId"] != channel.resource_id);
    if world.channels.len() == before {
        return problem(404, "notFound");
    }
    Reply::empty(204)
}

/// A message: where it goes, and its headers.
pub type Message = (String, Vec<(&'static str, String)>);

/// The next message of each open channel of a calendar.
pub fn messages(world: &mut World, calendar: &str, state: &str) -> Vec<Message> {
    let now = world.now();
    let open = world
        .channels
        .iter_mut()
        .filter(|channel| channel.calendar == calendar && channel.expires_at > now);
    open.map(|channel| {
        // With gaps.
        channel.messages = if state == "sync" {
            1
        } else {
            channel.messages + 2
        };
        let mut headers = vec![
            ("X-Goog-Channel-ID", channel.id.clone()),
            ("X-Goog-Channel-Expiration", channel.expires_at.to_rfc2822()),
            ("X-Goog-Resource-ID", channel.resource_id.clone()),
            ("X-Goog-Resource-URI", uri(channel)),
            ("X-Goog-Resource-State", state.to_owned()),
            ("X-Goog-Message-Number", channel.messages.to_string()),
        ];
        if let Some(token) = &channel.token {
            headers.push(("X-Goog-Channel-Token", token.clone()));
        }
        (channel.address.clone(), headers)
    })
    .collect()
}
