//! How Twilio answers, and how a request ended.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{Response, StatusCode, header::RETRY_AFTER};
use serde::Deserialize;

use super::Listed;
use crate::clock::machine_time;

/// How much of an answer is read, in bytes.
const MAX_ANSWER: usize = 256 * 1_024;

/// The longest that Twilio is believed to want a caller to wait.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// How a request ended that did not end well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Twilio refused it.
    #[error("Twilio refused with status {status} and code {code:?}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Twilio's error code (<https://www.twilio.com/docs/api/errors>), if it gave one.
        code: Option<u32>,
    },
    /// Twilio has no time for it, and did nothing (429).
    #[error("Twilio has no time")]
    Busy {
        /// How long to wait, if it says so: at most a minute.
        retry_after: Option<Duration>,
    },
    /// It was never sent: the host could not be found, or took no connection.
    #[error("Twilio could not be reached")]
    Unreached,
    /// It may have been done: no answer came, or one that says nothing of it.
    #[error("Twilio gave no answer")]
    Unknown,
}

/// Codes of a 400 that say nothing of the receiver: our account, our number or our addresses are at fault, or a queue is full
/// (<https://www.twilio.com/docs/api/errors>).
const OUR_FAULT: [u32; 13] = [
    10001, 10002, 10004, 20005, 21205, 21210, 21212, 21603, 21606, 21609, 21611, 21659, 21660,
];

impl Problem {
    /// Whether Twilio refused us rather than the receiver, so that the same request may be accepted once our account is in order:
    /// every status but 400, a 400 without a code, and a few codes.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        match self {
            Self::Refused { status: 400, code } => {
                code.is_none_or(|code| OUR_FAULT.contains(&code))
            }
            Self::Refused { .. } => true,
            Self::Busy { .. } | Self::Unreached | Self::Unknown => false,
        }
    }
}

/// The few fields of a resource that are read; each may be null.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Resource {
    #[serde(default)]
    pub sid: Option<String>,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub error_code: Option<i64>,
    #[serde(default)]
    pub answered_by: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    body: Option<String>,
}

#[derive(Deserialize)]
struct List {
    #[serde(default, alias = "calls")]
    messages: Vec<Resource>,
}

#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    code: Option<u32>,
}

/// Reads the answer to a request, or says how the request ended.
pub(super) async fn read(sent: Result<Response, reqwest::Error>) -> Result<Vec<u8>, Problem> {
    let response = match sent {
        Ok(response) => response,
        // Only where no connection was made is it known that nothing was done.
        Err(error) if error.is_connect() => return Err(Problem::Unreached),
        Err(_) => return Err(Problem::Unknown),
    };
    let status = response.status();
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(wait);
    let is_success = status.is_success();
    let body = body(response).await;
    match status {
        // A yes whose body is lost is a yes.
        _ if is_success => Ok(body.unwrap_or_default()),
        StatusCode::TOO_MANY_REQUESTS => Err(Problem::Busy { retry_after }),
        _ if status.is_client_error() => {
            let error: ErrorBody = body
                .and_then(|body| serde_json::from_slice(&body).ok())
                .unwrap_or_default();
            Err(Problem::Refused {
                status: status.as_u16(),
                code: error.code,
            })
        }
        _ => Err(Problem::Unknown),
    }
}

async fn body(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return None;
        }
    }
    Some(body)
}

/// Seconds, or the date of an HTTP header (RFC 9110, section 10.2.3).
fn wait(text: &str) -> Option<Duration> {
    let text = text.trim();
    let wait = if let Ok(seconds) = text.parse::<u64>() {
        Duration::from_secs(seconds)
    } else {
        let until: DateTime<Utc> = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
        (until - machine_time()).to_std().unwrap_or_default()
    };
    Some(wait.min(MAX_WAIT))
}

/// Reads a resource; `None` for what is none.
pub(super) fn resource(answer: &[u8]) -> Option<Resource> {
    serde_json::from_slice(answer).ok()
}

/// Reads a list of messages or calls; `None` for what is none.
pub(super) fn list(answer: &[u8]) -> Option<Vec<Listed>> {
    let list: List = serde_json::from_slice(answer).ok()?;
    Some(
        list.messages
            .into_iter()
            .filter_map(|known| {
                Some(Listed {
                    sid: known.sid?,
                    status: known.status.unwrap_or_default(),
                    from: known.from,
                    body: known.body,
                })
            })
            .collect(),
    )
}

impl fmt::Debug for Listed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Listed")
            .field("sid", &self.sid)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
