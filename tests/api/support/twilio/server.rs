//! Twilio's API over HTTP.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::form_urlencoded;

use super::{
    callbacks::{self, Callback},
    world::{Behaves, Call, Message, World},
};
use crate::support::database::RUNTIME;

type Shared = Arc<Mutex<World>>;
type Fields = Vec<(String, String)>;

/// Begins to answer, on a port of its own.
pub async fn start(world: Shared) -> u16 {
    let mut listener = RUNTIME.spawn(async { listen(0) }).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    RUNTIME.spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                return;
            };
            if world.lock().unwrap().outage != Some(Behaves::Gone) {
                RUNTIME.spawn(serve(stream, Arc::clone(&world)));
                continue;
            }
            // Nothing listens until it is back: connections are refused.
            drop((stream, listener));
            while world.lock().unwrap().outage == Some(Behaves::Gone) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            listener = listen(port);
        }
    });
    port
}

fn listen(port: u16) -> TcpListener {
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    listener.set_nonblocking(true).unwrap();
    TcpListener::from_std(listener).unwrap()
}

/// What is answered.
enum Reply {
    Json(u16, Value, Option<u32>),
    Nothing,
    Silence,
}

async fn serve(mut stream: TcpStream, world: Shared) {
    let Some((head, body)) = read(&mut stream).await else {
        return;
    };
    world.lock().unwrap().underway += 1;
    let (reply, after) = answer(&world, &head, &body);
    match reply {
        Reply::Nothing => drop(stream),
        Reply::Silence => {
            RUNTIME.spawn(async move {
                std::future::pending::<()>().await;
                drop(stream);
            });
        }
        Reply::Json(status, value, retry_after) => {
            let value = value.to_string();
            let retry_after =
                retry_after.map_or_else(String::new, |wait| format!("Retry-After: {wait}\r\n"));
            let text = format!(
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{retry_after}Connection: close\r\n\r\n{value}",
                value.len()
            );
            drop(stream.write_all(text.as_bytes()).await);
            drop(stream.shutdown().await);
        }
    }
    let hook = world.lock().unwrap().hook.clone();
    if let Some(hook) = hook {
        hook("after");
    }
    for callback in after {
        callbacks::post(&world, &callback).await;
    }
    world.lock().unwrap().underway -= 1;
}

async fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut request = Vec::new();
    loop {
        let mut chunk = [0_u8; 4096];
        let count = stream.read(&mut chunk).await.ok()?;
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = header(head, "content-length").map_or(0, |text| text.parse().unwrap());
            if body.len() >= length {
                return Some((head.to_owned(), body.to_owned()));
            }
        }
        if count == 0 {
            return None;
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(": ")?;
        known.eq_ignore_ascii_case(name).then_some(value)
    })
}

fn answer(world: &Shared, head: &str, body: &str) -> (Reply, Vec<Callback>) {
    let line = head.lines().next().unwrap();
    let mut parts = line.split(' ');
    let (method, target) = (parts.next().unwrap(), parts.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut segments = path.trim_start_matches('/').split('/').skip(2);
    let account = segments.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = segments.collect();
    let fields: Fields =
        form_urlencoded::parse(if method == "POST" { body } else { query }.as_bytes())
            .into_owned()
            .collect();
    if !is_proven(world, &account, head) {
        return refusal(401, 20003);
    }
    if let ("GET", Some(outage)) = (method, world.lock().unwrap().outage.clone()) {
        return (down(&outage), Vec::new());
    }
    match (method, rest.as_slice()) {
        ("POST", ["Messages.json"]) => make(world, &account, "Messages", &fields),
        ("POST", ["Calls.json"]) => make(world, &account, "Calls", &fields),
        ("POST", ["Calls", sid]) => update(world, sid.trim_end_matches(".json"), &fields),
        ("GET", ["Messages.json"]) => (list(world, "messages", &fields), Vec::new()),
        ("GET", ["Calls.json"]) => (list(world, "calls", &fields), Vec::new()),
        ("GET", [kind, sid]) => (one(world, kind, sid.trim_end_matches(".json")), Vec::new()),
        _ => refusal(404, 20404),
    }
}

fn is_proven(world: &Shared, account: &str, head: &str) -> bool {
    let world = world.lock().unwrap();
    let Some(token) = world.accounts.get(account) else {
        return false;
    };
    let expected = format!("Basic {}", STANDARD.encode(format!("{account}:{token}")));
    header(head, "authorization") == Some(expected.as_str())
}

fn refusal(status: u16, code: u32) -> (Reply, Vec<Callback>) {
    let body = json!({
        "code": code,
        "message": "refused",
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status,
    });
    (Reply::Json(status, body, None), Vec::new())
}

/// How anything is answered while all of it is down.
fn down(outage: &Behaves) -> Reply {
    match outage {
        Behaves::Refused(status, code) => refusal(*status, *code).0,
        Behaves::TooMany(wait) => Reply::Json(429, json!({ "code": 20429, "status": 429 }), *wait),
        Behaves::Broken { .. } => Reply::Json(500, json!({ "message": "down" }), None),
        Behaves::Silent { .. } => Reply::Silence,
        _ => Reply::Nothing,
    }
}

fn field(fields: &Fields, name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.clone())
}

/// Makes a message or a call, as far as its behaviour lets it.
fn make(world: &Shared, account: &str, kind: &str, fields: &Fields) -> (Reply, Vec<Callback>) {
    let hook = world.lock().unwrap().hook.clone();
    if let Some(hook) = hook {
        hook("before");
    }
    let mut world = world.lock().unwrap();
    world.requests.push((kind.to_owned(), fields.clone()));
    let Some(to) = field(fields, "To") else {
        return refusal(400, 21604);
    };
    if field(fields, "From").is_none() && field(fields, "MessagingServiceSid").is_none() {
        return refusal(400, 21603);
    }
    let behaves = world.next_behaviour(&to);
    let (reply, is_done) = match behaves {
        Behaves::Refused(status, code) => return refusal(status, code),
        Behaves::TooMany(wait) => {
            let body = json!({ "code": 20429, "message": "Too Many Requests", "status": 429 });
            return (Reply::Json(429, body, wait), Vec::new());
        }
        Behaves::Broken { is_done } => {
            let body = json!({ "message": "An internal server error has occurred" });
            (Some(Reply::Json(500, body, None)), is_done)
        }
        Behaves::Closed { is_done } => (Some(Reply::Nothing), is_done),
        Behaves::Gone => (Some(Reply::Nothing), false),
        Behaves::Silent { is_done } => (Some(Reply::Silence), is_done),
        _ => (None, true),
    };
    if !is_done {
        return (reply.unwrap(), Vec::new());
    }
    let (resource, callbacks) = if kind == "Messages" {
        message(&mut world, account, fields, &to, &behaves)
    } else {
        call(&mut world, account, fields, &to, &behaves)
    };
    let callbacks = match behaves {
        Behaves::Held => {
            world.held.extend(callbacks);
            Vec::new()
        }
        Behaves::Twice => callbacks
            .into_iter()
            .flat_map(|one| [one.clone(), one])
            .collect(),
        Behaves::Reversed => callbacks.into_iter().rev().collect(),
        // Nobody answers and nobody calls back: the service must find out by itself.
        Behaves::WithoutCallbacks
        | Behaves::Broken { .. }
        | Behaves::Closed { .. }
        | Behaves::Silent { .. } => Vec::new(),
        _ => callbacks,
    };
    (reply.unwrap_or(Reply::Json(201, resource, None)), callbacks)
}

fn message(
    world: &mut World,
    account: &str,
    fields: &Fields,
    to: &str,
    behaves: &Behaves,
) -> (Value, Vec<Callback>) {
    let sid = world.sid("SM");
    let (states, error_code): (&[&str], _) = match behaves {
        Behaves::Queued => (&[], None),
        Behaves::SentOnly => (&["sent"], None),
        Behaves::Undelivered(code) => (&["sent", "undelivered"], Some(*code)),
        _ => (&["sent", "delivered"], None),
    };
    let made = Message {
        sid: sid.clone(),
        account: account.to_owned(),
        to: to.to_owned(),
        from: field(fields, "From").unwrap_or_else(|| super::NUMBER.to_owned()),
        body: field(fields, "Body").unwrap_or_default(),
        status: (*states.last().unwrap_or(&"queued")).to_owned(),
        error_code,
        validity: field(fields, "ValidityPeriod"),
        is_expected: false,
    };
    let mut resource = resource_of_message(&made);
    resource["status"] = json!("queued");
    resource["error_code"] = Value::Null;
    let url = field(fields, "StatusCallback");
    let callbacks = states
        .iter()
        .filter_map(|state| {
            let mut fields = vec![
                ("MessageSid".to_owned(), sid.clone()),
                ("SmsSid".to_owned(), sid.clone()),
                ("MessageStatus".to_owned(), (*state).to_owned()),
                ("SmsStatus".to_owned(), (*state).to_owned()),
                ("To".to_owned(), made.to.clone()),
                ("From".to_owned(), made.from.clone()),
            ];
            if *state == "undelivered" {
                fields.push(("ErrorCode".to_owned(), error_code.unwrap().to_string()));
            }
            Some(Callback {
                account: account.to_owned(),
                url: url.clone()?,
                fields,
            })
        })
        .collect();
    world.messages.push(made);
    (resource, callbacks)
}

fn call(
    world: &mut World,
    account: &str,
    fields: &Fields,
    to: &str,
    behaves: &Behaves,
) -> (Value, Vec<Callback>) {
    let sid = world.sid("CA");
    let states: &[&str] = match behaves {
        Behaves::Busy => &["initiated", "busy"],
        Behaves::NoAnswer => &["initiated", "ringing", "no-answer"],
        Behaves::Machine => &["initiated", "ringing", "in-progress"],
        _ => &["initiated", "ringing"],
    };
    let made = Call {
        sid: sid.clone(),
        account: account.to_owned(),
        to: to.to_owned(),
        from: field(fields, "From").unwrap_or_default(),
        url: field(fields, "Url").unwrap_or_default(),
        callback: field(fields, "StatusCallback"),
        machine_callback: field(fields, "AsyncAmdStatusCallback"),
        status: (*states.last().unwrap()).to_owned(),
        is_expected: false,
    };
    let mut callbacks: Vec<Callback> = states
        .iter()
        .filter_map(|state| state_of_call(&made, state))
        .collect();
    if *behaves == Behaves::Machine
        && let Some(url) = &made.machine_callback
    {
        callbacks.push(Callback {
            account: account.to_owned(),
            url: url.clone(),
            fields: vec![
                ("CallSid".to_owned(), sid),
                ("AnsweredBy".to_owned(), "machine_start".to_owned()),
                ("MachineDetectionDuration".to_owned(), "4000".to_owned()),
            ],
        });
    }
    let mut resource = resource_of_call(&made);
    resource["status"] = json!("queued");
    world.calls.push(made);
    (resource, callbacks)
}

/// The callback that tells a call's state.
pub fn state_of_call(call: &Call, state: &str) -> Option<Callback> {
    Some(Callback {
        account: call.account.clone(),
        url: call.callback.clone()?,
        fields: vec![
            ("CallSid".to_owned(), call.sid.clone()),
            ("CallStatus".to_owned(), state.to_owned()),
            ("To".to_owned(), call.to.clone()),
            ("From".to_owned(), call.from.clone()),
            ("Direction".to_owned(), "outbound-api".to_owned()),
            (
                "CallbackSource".to_owned(),
                "call-progress-events".to_owned(),
            ),
        ],
    })
}

fn update(world: &Shared, sid: &str, fields: &Fields) -> (Reply, Vec<Callback>) {
    let mut world = world.lock().unwrap();
    world
        .requests
        .push((format!("Calls/{sid}"), fields.clone()));
    if !world.calls.iter().any(|call| call.sid == sid) {
        return refusal(404, 20404);
    }
    let call = world.call(sid);
    if matches!(
        call.status.as_str(),
        "completed" | "busy" | "no-answer" | "canceled"
    ) {
        return refusal(400, 21220);
    }
    let mut callbacks = Vec::new();
    if let Some(status) = field(fields, "Status") {
        call.status.clone_from(&status);
        callbacks.extend(state_of_call(call, &status));
    }
    (Reply::Json(200, resource_of_call(call), None), callbacks)
}

fn list(world: &Shared, kind: &str, fields: &Fields) -> Reply {
    let world = world.lock().unwrap();
    let to = field(fields, "To").unwrap_or_default();
    let found: Vec<Value> = if kind == "messages" {
        let of_number = world
            .messages
            .iter()
            .rev()
            .filter(|message| message.to == to);
        of_number.map(resource_of_message).collect()
    } else {
        let of_number = world.calls.iter().rev().filter(|call| call.to == to);
        of_number.map(resource_of_call).collect()
    };
    Reply::Json(
        200,
        json!({ kind: found, "page": 0, "next_page_uri": null }),
        None,
    )
}

fn one(world: &Shared, kind: &str, sid: &str) -> Reply {
    let world = world.lock().unwrap();
    let found = if kind == "Messages" {
        let message = world.messages.iter().find(|message| message.sid == sid);
        message.map(resource_of_message)
    } else {
        let call = world.calls.iter().find(|call| call.sid == sid);
        call.map(resource_of_call)
    };
    match found {
        Some(found) => Reply::Json(200, found, None),
        None => refusal(404, 20404).0,
    }
}

fn resource_of_message(message: &Message) -> Value {
    json!({
        "sid": message.sid,
        "account_sid": message.account,
        "to": message.to,
        "from": message.from,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "error_message": null,
        "num_segments": "1",
        "num_media": "0",
        "price": null,
        "price_unit": null,
        "direction": "outbound-api",
        "date_created": "Mon, 23 Nov 2026 15:00:00 +0000",
        "date_sent": null,
        "api_version": "2010-04-01",
    })
}

fn resource_of_call(call: &Call) -> Value {
    json!({
        "sid": call.sid,
        "account_sid": call.account,
        "to": call.to,
        "from": call.from,
        "status": call.status,
        "answered_by": null,
        "duration": null,
        "price": null,
        "direction": "outbound-api",
        "date_created": "Mon, 23 Nov 2026 15:00:00 +0000",
        "start_time": null,
    })
}
