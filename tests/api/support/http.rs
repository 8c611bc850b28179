//! HTTP for providers of the tests' own: requests are read, answered, and recorded by whoever answers.

use std::{collections::BTreeMap, sync::Arc};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::form_urlencoded;

use super::database::RUNTIME;

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What is answered.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A status, headers, and a body.
    Answer(u16, Vec<(String, String)>, String),
    /// The connection is closed without an answer.
    Nothing,
}

/// How a request fails.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: u16,
    /// The provider's word for it.
    pub reason: String,
    retry_after: Option<u32>,
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Which, as the provider's document calls it: `events.insert`; or `oauth.token`.
    pub method: String,
    /// What stands in its path: the calendar, then the event.
    pub path: Vec<String>,
    pub query: BTreeMap<String, String>,
    pub headers: BTreeMap<String, String>,
    /// JSON, or a form as its fields.
    pub body: Value,
    /// How it was answered; 0 where the answer was lost.
    pub status: u16,
}

impl Failure {
    /// A status with a reason; of requests for tokens, the error.
    pub fn new(status: u16, reason: &str) -> Self {
        Self {
            status,
            reason: reason.to_owned(),
            retry_after: None,
        }
    }

    /// In how many seconds it may be tried again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The answer, as a provider words it.
    pub fn reply(&self, problem: fn(u16, &str) -> Reply) -> Reply {
        let reply = problem(self.status, &self.reason);
        match self.retry_after {
            Some(seconds) => reply.with("Retry-After", &seconds.to_string()),
            None => reply,
        }
    }
}

impl Recorded {
    pub fn new(method: String, path: Vec<String>, request: &Request, reply: &Reply) -> Self {
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &request.headers {
            let known = headers.entry(name.to_lowercase()).or_default();
            if !known.is_empty() {
                known.push_str(", ");
            }
            known.push_str(value);
        }
        Self {
            method,
            path,
            query: request.query.iter().cloned().collect(),
            body: if headers
                .get("content-type")
                .is_some_and(|kind| kind.ends_with("form-urlencoded"))
            {
                let fields = request.form().into_iter();
                fields
                    .map(|(name, value)| (name, Value::from(value)))
                    .collect()
            } else {
                request.json()
            },
            headers,
            status: reply.status(),
        }
    }
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Answer(status, Vec::new(), body.to_string())
    }

    pub fn empty(status: u16) -> Self {
        Self::Answer(status, Vec::new(), String::new())
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::Answer(status, ..) => *status,
            Self::Nothing => 0,
        }
    }
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        let (_, value) = query.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The parts of its path, decoded.
    pub fn segments(&self) -> Vec<String> {
        let decoded = |part: &str| percent_decode_str(part).decode_utf8().unwrap().into_owned();
        let path = self.path.trim_start_matches('/');
        path.split('/').map(decoded).collect()
    }

    /// Its body as a form.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Its body as JSON; null where there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Answers requests on a port of its own.
pub async fn serve<F: Future<Output = Reply> + Send>(
    answer: impl Fn(Request) -> F + Send + Sync + 'static,
) -> u16 {
    let listener = RUNTIME
        .spawn(TcpListener::bind("127.0.0.1:0"))
        .await
        .unwrap()
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    RUNTIME.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = Arc::clone(&answer);
            RUNTIME.spawn(async move { one(stream, &*answer).await });
        }
    });
    port
}

async fn one<F: Future<Output = Reply>>(mut stream: TcpStream, answer: &impl Fn(Request) -> F) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    if let Reply::Answer(status, headers, body) = answer(request).await {
        let mut text = format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n",
            body.len()
        );
        if !headers.iter().any(|(name, _)| name == "Content-Type") {
            text.push_str("Content-Type: application/json\r\n");
        }
        for (name, value) in headers {
            text.extend([&name, ": ", &value, "\r\n"]);
        }
        text.extend(["\r\n", &body]);
        drop(stream.write_all(text.as_bytes()).await);
        drop(stream.shutdown().await);
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut head: Option<(Request, usize, usize)> = None;
    loop {
        if let Some((request, start, length)) = &mut head
            && bytes.len() >= *start + *length
        {
            request.body = bytes[*start..*start + *length].to_vec();
            return Some(request.clone());
        }
        let mut chunk = [0_u8; 8192];
        let count = stream.read(&mut chunk).await.ok()?;
        if count == 0 {
            return None;
        }
        bytes.extend_from_slice(&chunk[..count]);
        if head.is_none()
            && let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let request = parse(std::str::from_utf8(&bytes[..end]).unwrap());
            let length = request.header("content-length");
            let length = length.map_or(0, |length| length.parse().unwrap());
            head = Some((request, end + 4, length));
        }
    }
}

fn parse(head: &str) -> Request {
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap(), first.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.trim().to_owned())
    };
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: lines.map(header).collect(),
        body: Vec::new(),
    }
}
