//! Attempts without an end: did they go through?
//!
//! Twilio knows no idempotency keys. A callback names its attempt and so proves it; without one the account's own list is
//! asked for a message or call to that number that nobody here knows of.

use std::collections::HashSet;

use super::{Delivery, request::Made, sender::Sender, settle};
use crate::{
    domain::phone::Phone,
    error::Result,
    outbox::{
        attempt::Postponed,
        effect::{Effect, Kind},
        report, retry,
    },
    twilio::{
        client::{Account, Listed, Problem},
        state::{CallState, MessageState, ProviderState},
    },
};

impl Delivery {
    /// Looks for an attempt that had no answer, and takes it down or has it made again.
    pub(super) async fn look(&self, effect: &Effect, sender: &Sender) -> Result<()> {
        let (Some(to), Some(earlier)) = (&effect.to, effect.earlier) else {
            return Ok(());
        };
        let since = earlier.started_at;
        let listed = match effect.kind {
            Kind::Sms => self.twilio.messages_to(&sender.account, to, since).await,
            _ => self.twilio.calls_to(&sender.account, to, since).await,
        };
        let binding = self.binding(effect.organization_id);
        let now = binding.now;
        self.database
            .transaction(&binding, async |transaction| {
                let Ok(listed) = &listed else {
                    let pause = Some(retry::look_after(effect.is_page(), now - since));
                    let (why, code) = (Postponed::Unknown, "no_answer");
                    return settle::again(transaction, effect, None, why, code, pause, now).await;
                };
                let alike: Vec<&Listed> = listed
                    .iter()
                    .filter(|listed| is_alike(effect, sender, listed))
                    .collect();
                let sids: Vec<String> = alike.iter().map(|listed| listed.sid.clone()).collect();
                let known: HashSet<String> = report::known_elsewhere(transaction, effect.id, &sids)
                    .await?
                    .into_iter()
                    .collect();
                let attempt = Some(earlier.id);
                let Some(found) = alike.iter().find(|listed| !known.contains(&listed.sid)) else {
                    let pause = retry::pause(effect.is_page(), effect.attempts, None, 0);
                    let (why, code) = (Postponed::NotFound, "no_answer");
                    return settle::again(transaction, effect, attempt, why, code, pause, now)
                        .await;
                };
                let state = match effect.kind {
                    Kind::Sms => ProviderState::Message(MessageState::new(&found.status, None)),
                    _ => ProviderState::Call(CallState::new(&found.status, None)),
                };
                let made = Made::Accepted {
                    sid: Some(found.sid.clone()),
                    state,
                };
                self.settle_in(transaction, effect, attempt, made, now)
                    .await
            })
            .await
    }

    /// What the provider says of an effect.
    ///
    /// # Errors
    ///
    /// Why it did not say.
    pub(super) async fn state_of(
        &self,
        effect: &Effect,
        account: &Account,
        sid: &str,
    ) -> Result<ProviderState, Problem> {
        match effect.kind {
            Kind::Sms => self
                .twilio
                .message(account, sid)
                .await
                .map(ProviderState::Message),
            _ => self
                .twilio
                .call(account, sid)
                .await
                .map(ProviderState::Call),
        }
    }
}

/// Whether something in the account's list can be what the attempt was to send.
fn is_alike(effect: &Effect, sender: &Sender, listed: &Listed) -> bool {
    let from_us = match (sender.number(), &listed.from) {
        (Some(ours), Some(from)) => Phone::signalled(from).is_none_or(|from| from.as_str() == ours),
        _ => true,
    };
    let says_so = match (effect.kind, &effect.body, &listed.body) {
        (Kind::Sms, Some(body), Some(said)) => body.trim() == said.trim(),
        _ => true,
    };
    from_us && says_so
}
