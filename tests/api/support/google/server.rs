//! Google over HTTP: who asks, whether Google's document allows it, and what goes wrong.

use std::sync::Mutex;

use serde_json::Value;

use super::{
    DOCUMENT, channels, events,
    world::{World, problem},
};
use crate::support::{
    document::Mask,
    http::{Recorded, Reply, Request},
    oauth,
};

/// Answers a request.
pub fn answer(world: &Mutex<World>, request: &Request) -> Reply {
    let world = &mut *world.lock().unwrap();
    let segments = request.segments();
    let (method, path, reply) = match segments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["calendar", "v3", ..] => api(world, request, &segments[2..]),
        ["o", "oauth2", "v2", "auth"] => (
            "oauth.authorize".to_owned(),
            Vec::new(),
            oauth::authorize(&mut world.tokens, request),
        ),
        ["token"] => {
            let failure = world
                .token_failures
                .pop_front()
                .or_else(|| world.outage.clone());
            let reply = match failure {
                Some(failure) => failure.reply(oauth::problem),
                None => oauth::token(&mut world.tokens, request),
            };
            ("oauth.token".to_owned(), Vec::new(), reply)
        }
        ["revoke"] => (
            "oauth.revoke".to_owned(),
            Vec::new(),
            oauth::revoke(&mut world.tokens, request),
        ),
        _ => (
            format!("{} {}", request.method, request.path),
            Vec::new(),
            problem(404, "notFound"),
        ),
    };
    let recorded = Recorded::new(method, path, request, &reply);
    world.requests.push(recorded);
    reply
}

fn api(world: &mut World, request: &Request, path: &[String]) -> (String, Vec<String>, Reply) {
    let Some((name, method, values)) = DOCUMENT.find(request, path) else {
        let name = format!("{} {}", request.method, request.path);
        world.complaints.push(format!("there is no request {name}"));
        return (name, Vec::new(), problem(404, "notFound"));
    };
    let answered = |reply| (name.to_owned(), values.clone(), reply);
    if let Some(complaint) = DOCUMENT.complaint(method, request) {
        world.complaints.push(format!("{name}: {complaint}"));
        return answered(problem(400, "invalidParameter"));
    }
    if let Some(failure) = world.failures.pop_front().or_else(|| world.outage.clone()) {
        return answered(failure.reply(problem));
    }
    match world.tokens.allowed(request) {
        None => return answered(problem(401, "authError")),
        Some(scopes) if scopes.is_disjoint(&method.scopes) => {
            return answered(problem(403, "insufficientPermissions"));
        }
        Some(_) => {}
    }
    let reply = act(world, request, name, &values);
    let is_change = request.method != "GET" && name != "freebusy.query";
    if is_change && world.lost > 0 {
        world.lost -= 1;
        return answered(Reply::Nothing);
    }
    answered(masked(reply, request))
}

fn act(world: &mut World, request: &Request, name: &str, values: &[String]) -> Reply {
    match (name, values) {
        ("calendarList.list", _) => return events::calendars(world, request),
        ("channels.stop", _) => return channels::stop(world, request),
        ("freebusy.query", _) => return events::free_busy(world, request),
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
        ("events.list", _) => events::list(world, &id, request),
        ("events.watch", _) => channels::watch(world, &id, request),
        ("events.insert", _) => events::insert(world, &id, request),
        ("events.get", [_, event]) => events::get(world, &id, event, request),
        ("events.patch", [_, event]) => events::patch(world, &id, event, request),
        ("events.delete", [_, event]) => events::delete(world, &id, event, request),
        _ => unreachable!("{name}"),
    }
}

/// Of an answer, what was asked for.
fn masked(reply: Reply, request: &Request) -> Reply {
    match (reply, request.parameter("fields").and_then(Mask::parse)) {
        (Reply::Answer(200, headers, body), Some(mask)) => {
            let body: Value = serde_json::from_str(&body).unwrap();
            Reply::Answer(200, headers, mask.apply(body).to_string())
        }
        (reply, _) => reply,
    }
}
