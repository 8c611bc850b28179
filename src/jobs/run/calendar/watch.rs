//! Channels on which providers announce changes. Without one a calendar is read more often.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use super::client::{Calendars, Client};
use crate::{
    calendar::calendly,
    domain::external_calendar::CalendarError,
    error::Result,
    jobs::run::Runner,
    sync::{
        account::Account,
        link::{Channel, Link},
    },
};

/// How long a channel of Google is to stay open; it may close it sooner.
const GOOGLE_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long a subscription of Microsoft is to last: a little less than it allows.
const OUTLOOK_LIFETIME: TimeDelta = TimeDelta::minutes(4_200);
/// How long a subscription of Calendly counts as open: it has no end, and is looked at once a day.
const CALENDLY_LIFETIME: TimeDelta = TimeDelta::hours(48);

impl Runner {
    /// Opens a channel that announces changes of a calendar, where the provider has such and none is open for a fifth of its life any more.
    pub(super) async fn watch(&self, link: &Link) -> Result<()> {
        let now = self.clock.now();
        let renew_before = match link.account.provider.as_str() {
            "google" => TimeDelta::hours(34),
            "outlook" => TimeDelta::hours(14),
            "calendly" => TimeDelta::hours(24),
            _ => return Ok(()),
        };
        let is_open = |channel: &Channel| channel.expires_at - now > renew_before;
        // Only an address with TLS is taken.
        let base = self
            .public_url
            .as_deref()
            .filter(|base| base.starts_with("https://"));
        let (Some(base), false) = (base, link.channel.as_ref().is_some_and(is_open)) else {
            return Ok(());
        };
        let (channel, secret) = match self.calendars.open_channel(link, base).await {
            Ok(opened) => opened,
            Err(problem) => {
                tracing::warn!(
                    organization.id = %link.account.organization_id,
                    calendar.link = %link.id,
                    error = %problem,
                    "changes of a linked calendar are not announced; it is read more often"
                );
                return Ok(());
            }
        };
        let binding = self.binding(link.account.organization_id);
        let keyring = &self.calendars.keyring;
        self.database
            .transaction(&binding, async |transaction| {
                link.store_channel(transaction, &channel, secret.as_ref(), keyring)
                    .await
            })
            .await?;
        // One that stays open tells of what nobody listens to, and closes by itself.
        if let Some(earlier) = link
            .channel
            .as_ref()
            .filter(|earlier| earlier.id != channel.id)
            && let Err(problem) = self.calendars.close_channel(&link.account, earlier).await
        {
            tracing::debug!(error = %problem, "an earlier channel could not be closed");
        }
        Ok(())
    }
}

impl Calendars {
    /// Opens a channel, or has the one there is last longer. With a new one comes the secret that it sends along, or signs with.
    async fn open_channel(
        &self,
        link: &Link,
        base: &str,
    ) -> Result<(Channel, Option<SecretString>), CalendarError> {
        let secret = SecretString::from(format!("{}{}", Uuid::new_v4(), Uuid::new_v4()));
        match self.sign_in(&link.account).await? {
            Client::Google(client, _) => {
                let id = Uuid::new_v4().to_string();
                let address = format!("{base}/calendar/google");
                let opened = client
                    .watch(&link.calendar, &id, &secret, &address, GOOGLE_LIFETIME)
                    .await?;
                let expires_at = opened
                    .expires_at
                    .ok_or(CalendarError::Unreadable("a channel has no end"))?;
                let resource = opened.resource_id;
                Ok((
                    Channel {
                        id,
                        resource,
                        expires_at,
                    },
                    Some(secret),
                ))
            }
            Client::Outlook(client, _) => {
                let until = self.clock.now() + OUTLOOK_LIFETIME;
                let renewed = match &link.channel {
                    Some(earlier) => client.renew(&earlier.id, until).await,
                    None => Err(CalendarError::Gone),
                };
                let (subscription, secret) = match renewed {
                    Ok(renewed) => (renewed, None),
                    Err(CalendarError::Gone) => {
                        let address = format!("{base}/calendar/microsoft");
                        let addresses = (address.as_str(), address.as_str());
                        let made = client
                            .subscribe(&link.calendar, &secret, addresses, until)
                            .await?;
                        (made, Some(secret))
                    }
                    Err(problem) => return Err(problem),
                };
                Ok((
                    Channel {
                        resource: subscription.id.clone(),
                        id: subscription.id,
                        expires_at: subscription.expires_at,
                    },
                    secret,
                ))
            }
            Client::Calendly(client, now) => subscribe(&client, link, base, secret, now).await,
            Client::CalDav(_) => Err(CalendarError::Misconfigured("the provider has no channels")),
        }
    }

    /// Closes a channel.
    ///
    /// # Errors
    ///
    /// Why it is not closed.
    pub async fn close_channel(
        &self,
        account: &Account,
        channel: &Channel,
    ) -> Result<(), CalendarError> {
        match self.sign_in(account).await? {
            Client::Google(client, _) => client.stop(&channel.id, &channel.resource).await,
            Client::Outlook(client, _) => client.unsubscribe(&channel.id).await,
            Client::Calendly(client, _) if !channel.resource.is_empty() => {
                client.stop(&channel.resource).await
            }
            Client::CalDav(_) | Client::Calendly(..) => Ok(()),
        }
    }
}

/// Subscribes to what is booked at Calendly, unless the subscription there is still works. A free plan has none, and is asked again in a day.
async fn subscribe(
    client: &calendly::Client,
    link: &Link,
    base: &str,
    secret: SecretString,
    now: DateTime<Utc>,
) -> Result<(Channel, Option<SecretString>), CalendarError> {
    let expires_at = now + CALENDLY_LIFETIME;
    let earlier = link.channel.as_ref().filter(|it| !it.resource.is_empty());
    if let Some(earlier) = earlier {
        match client.is_watched(&earlier.resource).await {
            Ok(true) => {
                let channel = Channel {
                    expires_at,
                    ..earlier.clone()
                };
                return Ok((channel, None));
            }
            Ok(false) | Err(CalendarError::Gone | CalendarError::Refused { .. }) => {}
            Err(problem) => return Err(problem),
        }
    }
    // A user's subscriptions have each an address of their own, and its messages name neither.
    let id = Uuid::new_v4().to_string();
    let address = format!("{base}/calendar/calendly/{id}");
    let (id, resource, secret) = match client.watch(&link.calendar, &secret, &address).await {
        Ok(resource) => (id, resource, Some(secret)),
        Err(CalendarError::Refused { status: 403, .. }) => {
            (link.id.to_string(), String::new(), None)
        }
        Err(problem) => return Err(problem),
    };
    let channel = Channel {
        id,
        resource,
        expires_at,
    };
    Ok((channel, secret))
}
