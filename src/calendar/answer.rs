//! Sends a request to a provider and reads its answer, which is bounded in size.

use std::time::Duration;

use chrono::DateTime;
use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};
use serde::de::DeserializeOwned;

use super::guard::Guard;
use crate::domain::external_calendar::CalendarError;

/// How long a provider may take over a request; the largest page of a calendar takes a few seconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The longest that a provider is believed to want anybody to wait.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// The longest word for a refusal.
const MAX_CODE: usize = 64;

/// What a provider answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
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
    Ok(Answer {
        status: response.status(),
        headers: response.headers().clone(),
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
    Guard::explains(error).unwrap_or(CalendarError::Unavailable(if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke off"
    }))
}

/// How long a provider asks to wait: seconds, or a date, of which its own clock says how far it is.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    // The second is Calendly's word for it.
    let wanted = text(RETRY_AFTER.as_str()).or_else(|| text("x-ratelimit-reset"))?;
    let wait = if let Ok(seconds) = wanted.trim().parse() {
        Duration::from_secs(seconds)
    } else {
        let date = |text: &str| DateTime::parse_from_rfc2822(text.trim()).ok();
        let wait = date(wanted)? - date(text(DATE.as_str())?)?;
        wait.to_std().unwrap_or_default()
    };
    Some(wait.min(MAX_WAIT))
}

/// That the provider asks to wait.
pub(super) fn limited(answer: &Answer) -> CalendarError {
    CalendarError::Limited {
        retry_after: retry_after(&answer.headers),
    }
}

/// What is left of a status that tells the same of every provider, with its word for it.
pub(super) fn refusal(answer: &Answer, code: Option<&str>) -> CalendarError {
    match answer.status {
        StatusCode::UNAUTHORIZED => CalendarError::Unauthorized,
        StatusCode::TOO_MANY_REQUESTS => limited(answer),
        StatusCode::SERVICE_UNAVAILABLE if retry_after(&answer.headers).is_some() => {
            limited(answer)
        }
        StatusCode::REQUEST_TIMEOUT => CalendarError::Unavailable("no answer in time"),
        // That there is no room left does not pass by itself.
        status if status.is_server_error() && status != StatusCode::INSUFFICIENT_STORAGE => {
            CalendarError::Unavailable("it failed")
        }
        status => CalendarError::Refused {
            status: status.as_u16(),
            code: word(code.unwrap_or_default()),
        },
    }
}

/// The same of a request for a calendar or an event.
pub(super) fn refusal_of_item(answer: &Answer, code: Option<&str>) -> CalendarError {
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE => CalendarError::Gone,
        StatusCode::PRECONDITION_FAILED => CalendarError::Changed,
        _ => refusal(answer, code),
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
impl Answer {
    pub fn of(status: u16, body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Ok(body),
        }
    }
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
        let wait = |pairs: &[(&'static str, &str)]| {
            let pairs = pairs.iter();
            let headers =
                pairs.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            retry_after(&headers.collect())
        };
        let seconds = |text: &str| wait(&[("retry-after", text)]);
        assert_eq!(seconds(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(seconds("999999999999"), Some(MAX_WAIT));
        for other in ["", "-1", "Tue, 01 Dec 2026 10:00:00 GMT"] {
            assert_eq!(seconds(other), None);
        }
        assert_eq!(wait(&[("x-ratelimit-reset", "7")]), seconds("7"));
        let until = |date: &str| {
            wait(&[
                ("retry-after", "Tue, 01 Dec 2026 10:00:00 GMT"),
                ("date", date),
            ])
        };
        assert_eq!(until("Tue, 01 Dec 2026 09:59:00 GMT"), seconds("60"));
        assert_eq!(until("Tue, 01 Dec 2026 10:01:00 GMT"), seconds("0"));
    }
}
