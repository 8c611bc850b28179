//! Sends requests: where they may go, who they are from, and how they end.

use std::{sync::LazyLock, time::Duration};

use reqwest::{
    Client as Http, Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION},
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use super::{address, digest::Challenge, xml};
use crate::{
    calendar::{answer, guard::Guard},
    domain::external_calendar::CalendarError,
};

/// How long connecting to a server may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is read.
pub const BODY_LIMIT: usize = 5 * 1024 * 1024;

/// How often a request is sent elsewhere.
const MAX_REDIRECTS: usize = 5;

/// Reading the machine's certificates takes a while, so that all clients share two of these: for servers on the internet, and for any.
static PUBLIC: LazyLock<Option<Http>> = LazyLock::new(|| http(Guard::new(false)).ok());
static ANY: LazyLock<Option<Http>> = LazyLock::new(|| http(Guard::new(true)).ok());

/// A request.
pub struct Request<'a> {
    /// Such as `PROPFIND`.
    pub method: &'static str,
    /// Where to.
    pub url: &'a Url,
    /// Headers of its own.
    pub headers: Vec<(HeaderName, String)>,
    /// What is sent along, and its type.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Whether the server may name another host.
    pub may_leave: bool,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// From where.
    pub url: Url,
    /// Its body.
    pub body: Vec<u8>,
    /// The rest.
    head: answer::Answer,
}

/// Sends requests of one account.
#[derive(Clone)]
pub struct Sender {
    http: Http,
    guard: Guard,
    username: String,
    password: SecretString,
}

impl<'a> Request<'a> {
    /// A request without anything.
    pub fn new(method: &'static str, url: &'a Url) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: None,
            may_leave: false,
        }
    }

    /// One that asks in XML for a resource, and for what lies in it where the depth is 1.
    pub fn xml(method: &'static str, url: &'a Url, depth: u8, body: String) -> Self {
        Self {
            headers: vec![(HeaderName::from_static("depth"), depth.to_string())],
            body: Some(("application/xml; charset=utf-8", body.into_bytes())),
            ..Self::new(method, url)
        }
    }
}

impl Sender {
    /// One for servers on the internet, or for any.
    pub fn new(
        username: &str,
        password: SecretString,
        allow_private: bool,
    ) -> Result<Self, CalendarError> {
        let http = if allow_private { &ANY } else { &PUBLIC };
        let http = Option::clone(http).ok_or(CalendarError::Misconfigured("certificates"))?;
        Ok(Self::with(
            http,
            Guard::new(allow_private),
            username,
            password,
        ))
    }

    /// One that sends by this client.
    pub fn with(http: Http, guard: Guard, username: &str, password: SecretString) -> Self {
        Self {
            http,
            guard,
            username: username.to_owned(),
            password,
        }
    }

    /// Whether requests may go there.
    pub fn check(&self, url: &Url) -> Result<(), CalendarError> {
        self.guard.check(url)
    }

    /// Sends a request, and again where it is redirected to. The password is for the host of the request, and in discovery for the hosts that
    /// this names over TLS.
    pub async fn send(&self, request: &Request<'_>) -> Result<Answer, CalendarError> {
        let mut url = request.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.send_once(request, &url).await?;
            let Some(location) = answer.location() else {
                return Ok(answer);
            };
            let next =
                address::join(&url, &location).ok_or(CalendarError::Unreadable("a redirect"))?;
            let is_elsewhere = next.origin() != url.origin();
            let is_trusted = request.may_leave && next.scheme() == "https";
            if is_elsewhere && !is_trusted {
                return Err(CalendarError::Refused {
                    status: answer.status.as_u16(),
                    code: "redirect".to_owned(),
                });
            }
            url = address::normal(next);
        }
        Err(CalendarError::Unavailable("too many redirects"))
    }

    async fn send_once(&self, request: &Request<'_>, url: &Url) -> Result<Answer, CalendarError> {
        self.guard.check_name(url).await?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_is_constant| CalendarError::Misconfigured("method"))?;
        let mut plain = self.http.request(method, url.clone());
        for (name, value) in &request.headers {
            plain = plain.header(name, value);
        }
        if let Some((kind, body)) = &request.body {
            plain = plain.header(CONTENT_TYPE, *kind).body(body.clone());
        }
        let again = plain.try_clone();
        let (username, password) = (self.username.as_str(), self.password.expose_secret());
        let sent = plain.basic_auth(username, Some(password));
        let mut head = answer::send(sent, BODY_LIMIT).await?;
        if head.status == StatusCode::UNAUTHORIZED
            && let Some(challenge) = Challenge::of(&head.headers)
            && let Some(again) = again
        {
            let own = Uuid::new_v4().simple().to_string();
            let proof = challenge.answer((username, password), (request.method, url.path()), &own);
            if let Some(proof) = proof {
                head = answer::send(again.header(AUTHORIZATION, proof), BODY_LIMIT).await?;
            }
        }
        let body = std::mem::replace(&mut head.body, Ok(Vec::new()))?;
        Ok(Answer {
            status: head.status,
            url: url.clone(),
            body,
            head,
        })
    }
}

impl Answer {
    /// The answer, if it is one of success.
    pub fn ok(self) -> Result<Self, CalendarError> {
        if self.status.is_success() {
            return Ok(self);
        }
        Err(self.problem())
    }

    /// What a status of failure means.
    pub fn problem(&self) -> CalendarError {
        match answer::refusal_of_item(&self.head, self.condition().as_deref()) {
            // There is no token that could be refreshed.
            CalendarError::Unauthorized => CalendarError::Revoked,
            problem => problem,
        }
    }

    /// The condition that was not met.
    pub fn condition(&self) -> Option<String> {
        xml::condition(&self.body)
    }

    /// Whether these words stand in its body.
    pub fn says(&self, words: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(words)
    }

    /// The version of the resource.
    pub fn etag(&self) -> Option<String> {
        self.text(&ETAG).map(str::to_owned)
    }

    fn location(&self) -> Option<String> {
        let is_redirect = matches!(self.status.as_u16(), 301 | 302 | 307 | 308);
        is_redirect
            .then(|| self.text(&LOCATION))
            .flatten()
            .map(str::to_owned)
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.head.headers.get(name).map(HeaderValue::to_str)?.ok()
    }
}

/// The client under a guard. It follows no redirects itself.
pub fn http(guard: Guard) -> reqwest::Result<Http> {
    // A command has none yet; an error means that there is one.
    drop(rustls::crypto::ring::default_provider().install_default());
    Http::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent("frontdesk")
        .dns_resolver(guard)
        .build()
}
