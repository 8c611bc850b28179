//! Push: Calendly posts what is booked and cancelled, signed. It is a part of paid plans.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use super::{Client, Wrapped, id};
use crate::domain::external_calendar::CalendarError;

/// How old a message may be, by its own time.
const MAX_AGE: TimeDelta = TimeDelta::minutes(3);

#[derive(Deserialize)]
struct Subscription {
    uri: Option<String>,
    state: Option<String>,
}

impl Client {
    /// Subscribes to what is booked and cancelled, and gives the subscription's id.
    ///
    /// # Errors
    ///
    /// `Refused` with 403 where the account's plan has no webhooks, and others.
    pub async fn watch(
        &self,
        calendar: &str,
        signing_key: &SecretString,
        address: &str,
    ) -> Result<String, CalendarError> {
        let user = self.user().await?;
        let request = self
            .0
            .request(Method::POST, &["webhook_subscriptions"])?
            .json(&json!({
                "url": address,
                "events": ["invitee.created", "invitee.canceled"],
                "organization": user.current_organization,
                "user": calendar,
                "scope": "user",
                "signing_key": signing_key.expose_secret(),
            }));
        let answer: Wrapped<Subscription> = self.0.get(request).await?;
        let id = answer.resource.uri.as_deref().map(id).unwrap_or_default();
        if id.is_empty() {
            return Err(CalendarError::Unreadable("a subscription has no id"));
        }
        Ok(id.to_owned())
    }

    /// Whether a subscription still works: after a day of refusals Calendly ends it without a word.
    ///
    /// # Errors
    ///
    /// `Gone` where there is none any more, and others.
    pub async fn is_watched(&self, id: &str) -> Result<bool, CalendarError> {
        let request = self
            .0
            .request(Method::GET, &["webhook_subscriptions", id])?;
        let answer: Wrapped<Subscription> = self.0.get(request).await?;
        Ok(answer.resource.state.as_deref() == Some("active"))
    }

    /// Ends a subscription. One that has ended already is no error.
    ///
    /// # Errors
    ///
    /// Why it does not end.
    pub async fn stop(&self, id: &str) -> Result<(), CalendarError> {
        let request = self
            .0
            .request(Method::DELETE, &["webhook_subscriptions", id])?;
        self.0.remove(request).await
    }
}

/// Whether a message is Calendly's and new: `header` is its `Calendly-Webhook-Signature`, `body` as it came.
#[must_use]
pub fn is_signed(
    header: &str,
    body: &[u8],
    signing_key: &SecretString,
    now: DateTime<Utc>,
) -> bool {
    let part = |name: &str| {
        let mut parts = header
            .split(',')
            .filter_map(|part| part.trim().split_once('='));
        parts
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let (Some(text), Some(signature)) = (part("t"), part("v1")) else {
        return false;
    };
    let sent = text.parse().ok();
    let Some(sent) = sent.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) else {
        return false;
    };
    let Ok(signature) = hex::decode(signature) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(signing_key.expose_secret().as_bytes()) else {
        return false;
    };
    mac.update(text.as_bytes());
    mac.update(b".");
    mac.update(body);
    let age = now - sent;
    // The comparison takes the same time wherever they differ.
    mac.verify_slice(&signature).is_ok() && age.abs() <= MAX_AGE
}
