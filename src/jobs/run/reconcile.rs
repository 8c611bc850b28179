//! Reconciles attempts of unknown outcome with the provider: did they go through?
//!
//! Twilio knows no idempotency keys. A callback names its attempt, which shows that it went through; without one the
//! account's list is searched for a message or call to that number that no other job owns.

use std::collections::HashSet;

use super::{Runner, complete, request::Outcome, sender::Sender};
use crate::{
    domain::phone::Phone,
    error::Result,
    jobs::{
        attempt::Postponed,
        delivery_report,
        job::{Job, Kind},
        retry,
    },
    twilio::{
        client::{Account, Listed, Problem},
        delivery_status::ProviderState,
    },
};

impl Runner {
    /// Looks for an attempt without an answer in the account's list, and stores its outcome or has the job retried.
    pub(super) async fn reconcile(&self, job: &Job, sender: &Sender) -> Result<()> {
        let (Some(to), Some(earlier)) = (&job.to, job.earlier) else {
            return Ok(());
        };
        let since = earlier.started_at;
        let listed = match job.kind {
            Kind::Sms => self.twilio.messages_to(&sender.account, to, since).await,
            _ => self.twilio.calls_to(&sender.account, to, since).await,
        };
        let binding = self.binding(job.organization_id);
        let now = binding.now;
        self.database
            .transaction(&binding, async |transaction| {
                let Ok(listed) = &listed else {
                    let pause = Some(retry::reconcile_after(job.is_page(), now - since));
                    let (why, code) = (Postponed::Unknown, "no_answer");
                    return complete::again(transaction, job, None, why, code, pause, now).await;
                };
                let alike: Vec<&Listed> = listed
                    .iter()
                    .filter(|listed| is_alike(job, sender, listed))
                    .collect();
                let sids: Vec<String> = alike.iter().map(|listed| listed.sid.clone()).collect();
                let known: HashSet<String> =
                    delivery_report::known_elsewhere(transaction, job.id, &sids)
                        .await?
                        .into_iter()
                        .collect();
                let attempt = Some(earlier.id);
                let Some(found) = alike.iter().find(|listed| !known.contains(&listed.sid)) else {
                    let pause = retry::pause(job.is_page(), job.attempts, None, 0);
                    let (why, code) = (Postponed::NotFound, "no_answer");
                    return complete::again(transaction, job, attempt, why, code, pause, now).await;
                };
                let state = match job.kind {
                    Kind::Sms => ProviderState::message(&found.status, None),
                    _ => ProviderState::call(&found.status, None),
                };
                let outcome = Outcome::Accepted {
                    sid: Some(found.sid.clone()),
                    state,
                };
                self.complete_in(transaction, job, attempt, outcome, now)
                    .await
            })
            .await
    }

    /// The provider's status of a job.
    ///
    /// # Errors
    ///
    /// Why the provider did not say.
    pub(super) async fn state_of(
        &self,
        job: &Job,
        account: &Account,
        sid: &str,
    ) -> Result<ProviderState, Problem> {
        match job.kind {
            Kind::Sms => self.twilio.message(account, sid).await,
            _ => self.twilio.call(account, sid).await,
        }
    }
}

/// Whether something in the account's list can be what the attempt was to send.
fn is_alike(job: &Job, sender: &Sender, listed: &Listed) -> bool {
    let from_us = match (sender.number(), &listed.from) {
        (Some(ours), Some(from)) => Phone::signalled(from).is_none_or(|from| from.as_str() == ours),
        _ => true,
    };
    let says_so = match (job.kind, &job.body, &listed.body) {
        (Kind::Sms, Some(body), Some(said)) => body.trim() == said.trim(),
        _ => true,
    };
    from_us && says_so
}
