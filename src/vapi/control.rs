//! Commands for a live call, and the line that takes them.
//!
//! A message names the URL to which commands for its call go. Whoever has that URL can command the call, so it is shown
//! nowhere; and since it came from outside, nothing is sent to it unless its host is on a list ([`ControlHosts`]).
//!
//! Source: Vapi's page on live call control. Vapi has been seen to answer an invalid command with status 200 and a text
//! that says what is wrong, so the answer is read.

use std::{fmt, future::Future, net::IpAddr, pin::Pin, sync::Arc, time::Duration};

use reqwest::{Client, Response};
use serde::Serialize;
use serde_json::Value;
use url::{Host, Url};

use super::destination::{TransferDestination, can_return, destination, spoken_line};
use crate::calls::line::{Carrier, Line, LineError, TransferOrder};

/// The longest control URL that is accepted, in bytes.
const MAX_URL: usize = 2_048;

/// How much of an answer is read, in bytes; a command is answered by a line or two.
const MAX_ANSWER: usize = 16 * 1_024;

/// Why a command cannot be sent, or was not taken. None of the texts shows the URL.
#[derive(Debug, thiserror::Error)]
pub enum ControlProblem {
    /// The list of hosts has an entry that is no host.
    #[error("the list of control hosts has an entry that is not a host name")]
    UnreadableHost,
    /// The URL is none, or not of the form that Vapi gives: `https`, and a path that ends in `/control`.
    #[error("the control URL is not of the expected form")]
    UnexpectedUrl,
    /// The URL's host is not on the list.
    #[error("the control URL's host is not on the list")]
    ForeignHost,
    /// No answer came; the command may have been taken all the same.
    #[error("the live-call command had no answer")]
    NoAnswer(#[source] reqwest::Error),
    /// The command was refused with this status.
    #[error("the live-call command was refused with status {0}")]
    Status(u16),
    /// The command was answered with a text that says that it is invalid, or one that is too long to be an answer.
    #[error("the live-call command was answered as invalid")]
    Invalid,
}

/// One host to which commands may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// Exactly this host.
    Exact(Host),
    /// Every host that ends in this, which begins with a dot.
    Below(String),
    /// A server on this machine, at this port, where plain `http` does no harm.
    Loopback(Host, u16),
}

/// The hosts to which commands may be sent.
#[derive(Clone, Debug)]
pub struct ControlHosts(Vec<Pattern>);

impl ControlHosts {
    /// Reads host names separated by commas: `*.vapi.ai` for all hosts below a domain, `control.example.com` for one, and
    /// `127.0.0.1:4010` for a server on this machine. A blank list allows none.
    ///
    /// # Errors
    ///
    /// [`ControlProblem::UnreadableHost`] for an entry that is none of these, such as a whole top-level domain.
    pub fn parse(list: &str) -> Result<Self, ControlProblem> {
        list.split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(|entry| pattern(entry).ok_or(ControlProblem::UnreadableHost))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Accepts a URL from a message, if commands may be sent to it.
    ///
    /// # Errors
    ///
    /// [`ControlProblem::UnexpectedUrl`] or [`ControlProblem::ForeignHost`].
    pub fn check(&self, raw: &str) -> Result<ControlUrl, ControlProblem> {
        // A URL parser repairs blanks and backslashes; Vapi sends none, so they are somebody else's.
        let is_suspect = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        if raw.len() > MAX_URL || raw.contains(is_suspect) {
            return Err(ControlProblem::UnexpectedUrl);
        }
        let url = Url::parse(raw).map_err(|_syntax| ControlProblem::UnexpectedUrl)?;
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain || !url.path().ends_with("/control") {
            return Err(ControlProblem::UnexpectedUrl);
        }
        let Some(host) = url.host() else {
            return Err(ControlProblem::UnexpectedUrl);
        };
        let host = host.to_owned();
        let is_on_this_machine = |pattern: &Pattern| {
            matches!(pattern, Pattern::Loopback(local, port)
                if *local == host && url.port_or_known_default() == Some(*port))
        };
        if matches!(url.scheme(), "http" | "https") && self.0.iter().any(is_on_this_machine) {
            return Ok(ControlUrl(url));
        }
        if url.scheme() != "https" || url.port().is_some() {
            return Err(ControlProblem::UnexpectedUrl);
        }
        let is_allowed = self.0.iter().any(|pattern| match pattern {
            Pattern::Exact(exact) => *exact == host,
            Pattern::Below(domain) => {
                matches!(&host, Host::Domain(name) if name.ends_with(domain.as_str()))
            }
            Pattern::Loopback(..) => false,
        });
        if is_allowed {
            Ok(ControlUrl(url))
        } else {
            Err(ControlProblem::ForeignHost)
        }
    }
}

fn pattern(entry: &str) -> Option<Pattern> {
    if let Some(domain) = entry.strip_prefix("*.") {
        let Ok(Host::Domain(domain)) = Host::parse(domain) else {
            return None;
        };
        let is_below_a_registry = domain.split('.').filter(|label| !label.is_empty()).count() > 1;
        return is_below_a_registry.then(|| Pattern::Below(format!(".{domain}")));
    }
    if entry.contains('*') {
        return None;
    }
    if let Ok(host) = Host::parse(entry) {
        return Some(Pattern::Exact(host));
    }
    let (host, port) = entry.rsplit_once(':')?;
    let host = Host::parse(host).ok()?;
    is_loopback(&host).then_some(())?;
    Some(Pattern::Loopback(host, port.parse().ok()?))
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

/// A URL to which commands for one live call may be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct ControlUrl(Url);

impl fmt::Debug for ControlUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ControlUrl([redacted])")
    }
}

/// A word to the agent (<https://docs.vapi.ai/calls/call-features>).
#[derive(Serialize)]
struct AddMessageCommand<'a> {
    r#type: &'static str,
    message: AgentMessage<'a>,
    #[serde(rename = "triggerResponseEnabled")]
    trigger_response_enabled: bool,
}

#[derive(Serialize)]
struct AgentMessage<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct TransferCommand<'a> {
    r#type: &'static str,
    destination: &'a TransferDestination,
    content: String,
}

/// The client that sends commands.
#[derive(Clone, Debug)]
pub struct CallControl {
    client: Client,
    timeout: Duration,
}

impl CallControl {
    /// Commands that wait no longer than `timeout` for a whole answer. `client` must follow no redirects.
    #[must_use]
    pub fn new(client: Client, timeout: Duration) -> Self {
        Self { client, timeout }
    }

    /// Orders a live call to be transferred; `content` is what the caller hears meanwhile.
    ///
    /// That the order was taken does not mean that anyone answered.
    ///
    /// # Errors
    ///
    /// [`ControlProblem::NoAnswer`], after which the order may have been taken or not, or why it was refused.
    pub async fn transfer(
        &self,
        url: &ControlUrl,
        destination: &TransferDestination,
        content: &str,
    ) -> Result<(), ControlProblem> {
        let command = TransferCommand {
            r#type: "transfer",
            destination,
            content: spoken_line(content),
        };
        self.command(url, &command).await
    }

    /// Tells the agent of a live call something, and has it speak at once.
    ///
    /// # Errors
    ///
    /// [`ControlProblem::NoAnswer`], after which the agent may have been told or not, or why the command was refused.
    pub async fn add_message(&self, url: &ControlUrl, words: &str) -> Result<(), ControlProblem> {
        let command = AddMessageCommand {
            r#type: "add-message",
            message: AgentMessage {
                role: "system",
                content: words,
            },
            trigger_response_enabled: true,
        };
        self.command(url, &command).await
    }

    async fn command(
        &self,
        url: &ControlUrl,
        command: &impl Serialize,
    ) -> Result<(), ControlProblem> {
        let response = self
            .client
            .post(url.0.clone())
            .timeout(self.timeout)
            .json(command)
            .send()
            .await
            .map_err(no_answer)?;
        let status = response.status();
        if !status.is_success() {
            return Err(ControlProblem::Status(status.as_u16()));
        }
        let answer = read(response).await?;
        if says_invalid(&answer) {
            return Err(ControlProblem::Invalid);
        }
        Ok(())
    }
}

/// The error without its URL, which would give the call away.
fn no_answer(error: reqwest::Error) -> ControlProblem {
    ControlProblem::NoAnswer(error.without_url())
}

async fn read(mut response: Response) -> Result<Vec<u8>, ControlProblem> {
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        answer.extend_from_slice(&chunk);
        if answer.len() > MAX_ANSWER {
            return Err(ControlProblem::Invalid);
        }
    }
    Ok(answer)
}

/// Tells whether an answer names an error; an answer that is no JSON names none.
fn says_invalid(answer: &[u8]) -> bool {
    let Ok(Value::Object(answer)) = serde_json::from_slice(answer) else {
        return false;
    };
    let is_error = match answer.get("error") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::Bool(true) | Value::Array(_) | Value::Object(_)) => true,
    };
    let is_complaint = |text: &Value| {
        text.as_str()
            .is_some_and(|text| text.contains("should not exist"))
    };
    let is_complained_of = match answer.get("message") {
        Some(Value::Array(texts)) => texts.iter().any(is_complaint),
        Some(text) => is_complaint(text),
        None => false,
    };
    let is_failed = answer
        .get("statusCode")
        .and_then(Value::as_u64)
        .is_some_and(|status| status >= 400);
    is_error || is_complained_of || is_failed
}

/// The line of a call that Vapi carries.
pub struct VapiLine {
    control: Arc<CallControl>,
    url: ControlUrl,
    can_return: bool,
}

impl VapiLine {
    /// The line behind a control URL that was checked.
    #[must_use]
    pub fn new(control: &Arc<CallControl>, url: ControlUrl, carrier: Option<&Carrier>) -> Self {
        Self {
            control: Arc::clone(control),
            url,
            can_return: can_return(carrier),
        }
    }
}

impl Line for VapiLine {
    fn transfer<'a>(
        &'a self,
        order: &'a TransferOrder,
    ) -> Pin<Box<dyn Future<Output = Result<(), LineError>> + Send + 'a>> {
        Box::pin(async move {
            self.control
                .transfer(
                    &self.url,
                    &destination(order, "", self.can_return),
                    &order.announcement,
                )
                .await
                .map_err(|problem| LineError(problem.to_string()))
        })
    }
}

#[cfg(test)]
mod tests;
