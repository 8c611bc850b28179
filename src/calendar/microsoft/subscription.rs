//! Push: a calendar that is subscribed to tells an address that something has changed in it.

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use super::Client;
use crate::domain::external_calendar::CalendarError;

/// The longest token of a handshake that is sent back.
const MAX_TOKEN: usize = 4_096;

/// A subscription that was made or renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id, by which it is renewed and removed.
    pub id: String,
    /// When it ends by itself, which may be sooner than was asked for.
    pub expires_at: DateTime<Utc>,
}

/// A message of a subscription.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Which subscription.
    pub subscription_id: String,
    /// What it was made with, which nobody else knows.
    pub client_state: SecretString,
    /// What is to be done about the subscription; `None`: something has changed in the calendar.
    pub lifecycle: Option<Lifecycle>,
}

/// What becomes of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// It is to be renewed.
    Renew,
    /// It is gone, and is to be made anew.
    Removed,
    /// Messages got lost: the calendar is to be listed.
    Missed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionAnswer {
    id: Option<String>,
    expiration_date_time: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Messages {
    value: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    subscription_id: Option<String>,
    client_state: Option<String>,
    lifecycle_event: Option<String>,
}

impl Client {
    /// Subscribes to a calendar. Before it answers, Graph asks both addresses, which must be https, for a handshake.
    ///
    /// # Errors
    ///
    /// Why there is no subscription.
    pub async fn subscribe(
        &self,
        calendar: &str,
        client_state: &SecretString,
        (address, lifecycle_address): (&str, &str),
        expires_at: DateTime<Utc>,
    ) -> Result<Subscription, CalendarError> {
        let request = self
            .api
            .request(Method::POST, &["subscriptions"])?
            .json(&json!({
                "changeType": "created,updated,deleted",
                "resource": format!("/me/calendars/{calendar}/events"),
                "notificationUrl": address,
                "lifecycleNotificationUrl": lifecycle_address,
                "clientState": client_state.expose_secret(),
                "expirationDateTime": text(expires_at),
            }));
        subscription(self.api.get(request).await?)
    }

    /// Lets a subscription last longer.
    ///
    /// # Errors
    ///
    /// `Gone` where there is none any more, and others.
    pub async fn renew(
        &self,
        id: &str,
        expires_at: DateTime<Utc>,
    ) -> Result<Subscription, CalendarError> {
        let request = self
            .api
            .request(Method::PATCH, &["subscriptions", id])?
            .json(&json!({ "expirationDateTime": text(expires_at) }));
        subscription(self.api.get(request).await?)
    }

    /// Ends a subscription. One that has ended already is no error.
    ///
    /// # Errors
    ///
    /// Why it does not end.
    pub async fn unsubscribe(&self, id: &str) -> Result<(), CalendarError> {
        let request = self.api.request(Method::DELETE, &["subscriptions", id])?;
        self.api.remove(request).await
    }
}

impl Notification {
    /// Reads the body of a request, which may hold several; what cannot be read is left out.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Vec<Self> {
        let messages: Option<Messages> = serde_json::from_slice(body).ok();
        let messages = messages.map(|messages| messages.value);
        messages
            .into_iter()
            .flatten()
            .filter_map(|message| {
                let lifecycle = match message.lifecycle_event.as_deref() {
                    None => None,
                    Some("reauthorizationRequired") => Some(Lifecycle::Renew),
                    Some("subscriptionRemoved") => Some(Lifecycle::Removed),
                    // One that is not known yet is best answered by looking.
                    Some(_) => Some(Lifecycle::Missed),
                };
                Some(Self {
                    subscription_id: message.subscription_id.filter(|id| !id.is_empty())?,
                    client_state: message.client_state?.into(),
                    lifecycle,
                })
            })
            .collect()
    }
}

/// What a handshake is answered with, as plain text and status 200; `None` if the query is none.
#[must_use]
pub fn handshake(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "validationToken")
        .map(|(_, token)| token.into_owned())
        .filter(|token| token.len() <= MAX_TOKEN)
}

fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn subscription(answer: SubscriptionAnswer) -> Result<Subscription, CalendarError> {
    match (answer.id, answer.expiration_date_time) {
        (Some(id), Some(expires_at)) => Ok(Subscription { id, expires_at }),
        _ => Err(CalendarError::Unreadable("a subscription has no end")),
    }
}
