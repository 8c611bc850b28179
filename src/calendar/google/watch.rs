//! Push: a calendar that is watched tells a channel that something has changed in it, and not what.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Client;
use crate::domain::external_calendar::CalendarError;

/// The longest header that is read; Google's are much shorter.
const MAX_HEADER: usize = 512;

/// A channel that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// What it watches, by which it is closed.
    pub resource_id: String,
    /// When it closes by itself; `None` if Google did not say. It may be sooner than was asked for.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A message of a channel.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Which channel.
    pub channel_id: String,
    /// What the channel was opened with, which nobody else knows.
    pub token: SecretString,
    /// What it watches.
    pub resource_id: String,
    /// Whether it only tells that the channel is open.
    pub is_first: bool,
    /// Which message of the channel it is; they grow, with gaps.
    pub number: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChannelAnswer {
    resource_id: Option<String>,
    expiration: Option<Value>,
}

impl Client {
    /// Opens a channel: from now on the address, which must be https, is told that something has changed.
    ///
    /// # Errors
    ///
    /// Why it is not opened.
    pub async fn watch(
        &self,
        calendar: &str,
        channel_id: &str,
        token: &SecretString,
        address: &str,
        lifetime: Duration,
    ) -> Result<Channel, CalendarError> {
        let request = self
            .api
            .request(Method::POST, &["calendars", calendar, "events", "watch"])?
            .json(&json!({
                "id": channel_id,
                "type": "web_hook",
                "address": address,
                "token": token.expose_secret(),
                "params": { "ttl": lifetime.as_secs().to_string() },
            }));
        let answer: ChannelAnswer = self.api.get(request).await?;
        let resource_id = answer
            .resource_id
            .ok_or(CalendarError::Unreadable("a channel has no resource"))?;
        Ok(Channel {
            resource_id,
            expires_at: answer.expiration.as_ref().and_then(milliseconds),
        })
    }

    /// Closes a channel. One that is closed already is no error.
    ///
    /// # Errors
    ///
    /// Why it is not closed.
    pub async fn stop(&self, channel_id: &str, resource_id: &str) -> Result<(), CalendarError> {
        let request = self
            .api
            .request(Method::POST, &["channels", "stop"])?
            .json(&json!({ "id": channel_id, "resourceId": resource_id }));
        self.api.remove(request).await
    }
}

impl Notification {
    /// Reads the headers of a message, which has no body; `None` for what is none.
    pub fn from_headers<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let read = |name: &str| {
            header(name).filter(|value| !value.is_empty() && value.len() <= MAX_HEADER)
        };
        Some(Self {
            channel_id: read("x-goog-channel-id")?.to_owned(),
            token: read("x-goog-channel-token")?.into(),
            resource_id: read("x-goog-resource-id")?.to_owned(),
            is_first: read("x-goog-resource-state")? == "sync",
            number: read("x-goog-message-number").and_then(|number| number.parse().ok()),
        })
    }
}

/// Google writes milliseconds as a string.
fn milliseconds(value: &Value) -> Option<DateTime<Utc>> {
    let milliseconds = match value {
        Value::String(text) => text.parse().ok()?,
        value => value.as_i64()?,
    };
    DateTime::from_timestamp_millis(milliseconds)
}
