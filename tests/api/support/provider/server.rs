//! A provider over HTTP: who asks, whether its document allows it, and what goes wrong.

use std::sync::Mutex;

use serde_json::Value;

use super::world::World;
use crate::support::{
    document::Mask,
    http::{Recorded, Reply, Request},
    oauth,
};

/// Answers a request.
pub fn answer(world: &Mutex<World>, request: &Request) -> Reply {
    let world = &mut *world.lock().unwrap();
    let path = request.path.trim_start_matches('/');
    let (method, values, reply) = if path.starts_with(world.kind.api) {
        let above = world.kind.api.split('/').count();
        api(world, request, &request.segments()[above..])
    } else {
        let (name, reply) = oauth(world, request, path);
        (name, Vec::new(), reply)
    };
    let recorded = Recorded::new(method, values, request, &reply);
    world.requests.push(recorded);
    reply
}

fn oauth(world: &mut World, request: &Request, path: &str) -> (String, Reply) {
    let tokens = &mut world.tokens;
    let (name, reply) = match path {
        "token" => {
            let failure = world.token_failures.pop_front();
            let reply = match failure.or_else(|| world.outage.clone()) {
                Some(failure) => failure.reply(oauth::problem),
                None => oauth::token(tokens, request),
            };
            ("oauth.token", reply)
        }
        "revoke" => ("oauth.revoke", oauth::revoke(tokens, request)),
        path if path == world.kind.authorize => {
            ("oauth.authorize", oauth::authorize(tokens, request))
        }
        _ => (
            "unknown",
            (world.kind.problem)(404, world.kind.words.missing),
        ),
    };
    (name.to_owned(), reply)
}

fn api(world: &mut World, request: &Request, path: &[String]) -> (String, Vec<String>, Reply) {
    let kind = world.kind;
    let problem = kind.problem;
    let Some((name, method, values)) = kind.document.find(request, path) else {
        let name = format!("{} {}", request.method, request.path);
        world.complaints.push(format!("there is no request {name}"));
        return (name, Vec::new(), problem(404, kind.words.missing));
    };
    let answered = |reply| (name.to_owned(), values.clone(), reply);
    let complaint = kind.document.complaint(method, request);
    if let Some(complaint) = complaint.or_else(|| (kind.complaint)(request)) {
        world.complaints.push(format!("{name}: {complaint}"));
        return answered(problem(400, kind.words.wrong));
    }
    if let Some(failure) = world.failures.pop_front().or_else(|| world.outage.clone()) {
        return answered(failure.reply(problem));
    }
    match world.tokens.allowed(request) {
        None => return answered(problem(401, kind.words.unauthorized)),
        Some(scopes) if !method.scopes.is_empty() && scopes.is_disjoint(&method.scopes) => {
            return answered(problem(403, "insufficientPermissions"));
        }
        Some(_) => {}
    }
    let reply = (kind.act)(world, request, name, &values);
    if request.method != "GET" && world.lost > 0 {
        world.lost -= 1;
        return answered(Reply::Nothing);
    }
    answered(masked(reply, request))
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

/// The service's address as the tests reach it.
pub fn at_port(address: &str, port: u16) -> url::Url {
    let mut address: url::Url = address.parse().unwrap();
    address.set_scheme("http").unwrap();
    address.set_host(Some("127.0.0.1")).unwrap();
    address.set_port(Some(port)).unwrap();
    address
}
