//! Sends a request to a provider and reads its answer, which is bounded in size.

use std::time::Duration;

use reqwest::{RequestBuilder, Response, StatusCode, header::RETRY_AFTER};
use serde::de::DeserializeOwned;

use crate::domain::external_calendar::CalendarError;

/// How long a provider may take over a request; the largest page of a calendar takes a few seconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The longest that a provider is believed to want anybody to wait.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// The longest word for a refusal.
const MAX_CODE: usize = 64;

/// What a provider answered.
pub(super) struct Answer {
    pub status: StatusCode,
    /// How long to wait, where it said so in seconds.
    pub retry_after: Option<Duration>,
    /// Why there is no body, if it could not be read to its end.
    pub body: Result<Vec<u8>, CalendarError>,
}

impl Answer {
    /// The body as a value.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, CalendarError> {
        serde_json::from_slice(&self.body?)
            .map_err(|_has_its_text| CalendarError::Unreadable("it is not the JSON expected"))
    }

    /// The same of a body that may be missing: what was done is done, whatever became of the answer.
    pub fn read_if_any<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body.as_ref().ok()?).ok()
    }
}

/// Sends a request. No text of the HTTP client's errors is passed on: they have the address, which may name a person.
pub(super) async fn send(
    request: RequestBuilder,
    max_bytes: usize,
) -> Result<Answer, CalendarError> {
    let response = request
        .timeout(TIMEOUT)
        .send()
        .await
        .map_err(|error| failed(&error))?;
    let headers = response.headers();
    let retry_after = headers
        .get(RETRY_AFTER)
        // Calendly's word for it.
        .or_else(|| headers.get("x-ratelimit-reset"))
        .and_then(|value| value.to_str().ok())
        .and_then(wait);
    Ok(Answer {
        status: response.status(),
        retry_after,
        body: body(response, max_bytes).await,
    })
}

async fn body(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, CalendarError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(CalendarError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failed(error: &reqwest::Error) -> CalendarError {
    CalendarError::Unavailable(if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke off"
    })
}

/// Seconds. The date that HTTP allows as well is not sent by any of these providers.
fn wait(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_WAIT))
}

/// What is left of a status that tells the same of every provider, with its word for it.
pub(super) fn refusal(answer: &Answer, code: Option<&str>) -> CalendarError {
    match answer.status {
        StatusCode::UNAUTHORIZED => CalendarError::Unauthorized,
        StatusCode::TOO_MANY_REQUESTS => CalendarError::Limited {
            retry_after: answer.retry_after,
        },
        StatusCode::REQUEST_TIMEOUT => CalendarError::Unavailable("no answer in time"),
        status if status.is_server_error() => CalendarError::Unavailable("it failed"),
        status => CalendarError::Refused {
            status: status.as_u16(),
            code: word(code.unwrap_or_default()),
        },
    }
}

/// A provider's word for a refusal, if it is one word: a sentence may hold anything.
fn word(code: &str) -> String {
    let is_word = (1..=MAX_CODE).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if is_word { code } else { "unknown" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_word_is_taken_for_a_code() {
        assert_eq!(word("insufficientPermissions"), "insufficientPermissions");
        assert_eq!(word("push.webhookUrlNotHttps"), "push.webhookUrlNotHttps");
        for other in ["", "Divorce lawyer", "é", &"a".repeat(65)] {
            assert_eq!(word(other), "unknown");
        }
    }

    #[test]
    fn a_wait_is_read_and_bounded() {
        assert_eq!(wait(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(wait("999999999999"), Some(MAX_WAIT));
        for other in ["", "-1", "Tue, 01 Dec 2026 10:00:00 GMT"] {
            assert_eq!(wait(other), None);
        }
    }
}
