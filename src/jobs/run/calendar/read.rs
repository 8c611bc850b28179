//! Reads a linked calendar.

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    db::Binding,
    domain::external_calendar::CalendarError,
    error::Result,
    jobs::{
        due::Due,
        retry,
        run::{Runner, backoff::chance},
    },
    sync::{
        account::Account,
        link::{self, Channel, LEASE_SECONDS, Link},
    },
};

/// How long reading may take, with all pages; less than a claim lasts.
const TIMEOUT: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() as u64 - 60);

/// How long a channel is to stay open; the provider may close it sooner.
const LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long before its end another one is opened: a fifth of its life.
const RENEW_BEFORE: TimeDelta = TimeDelta::hours(34);

impl Runner {
    /// Reads a linked calendar that is due; false when somebody else does.
    pub(in crate::jobs::run) async fn read_calendar(
        &self,
        due: Due,
        binding: &Binding,
    ) -> Result<bool> {
        let claimed = self
            .database
            .transaction(binding, async |transaction| {
                link::claim(transaction, due.organization_id, due.id).await
            })
            .await?;
        let Some(link) = claimed else {
            return Ok(false);
        };
        let listed = tokio::time::timeout(TIMEOUT, self.calendars.list(&link))
            .await
            .unwrap_or(Err(CalendarError::Unavailable("timeout")));
        let binding = self.binding(due.organization_id);
        match listed {
            Ok(listing) => {
                let applied = self
                    .database
                    .transaction(&binding, async |transaction| {
                        link.apply(transaction, &listing).await
                    })
                    .await?;
                if let Some(applied) = applied {
                    tracing::debug!(
                        organization.id = %due.organization_id,
                        calendar.link = %link.id,
                        calendar.events = applied.events,
                        calendar.conflicts = applied.conflicts,
                        "read a linked calendar"
                    );
                    self.watch(&link).await?;
                }
            }
            Err(problem) => self.fail_to_read(&link, &problem, &binding).await?,
        }
        Ok(true)
    }

    /// Opens a channel that announces changes, where the provider has such and none is open for long any more. Without one the calendar is
    /// read more often.
    async fn watch(&self, link: &Link) -> Result<()> {
        let now = self.clock.now();
        let is_open = |channel: &Channel| channel.expires_at - now > RENEW_BEFORE;
        let (Some(address), false) = (
            self.notification_address(&link.account.provider),
            link.channel.as_ref().is_some_and(is_open),
        ) else {
            return Ok(());
        };
        let (channel, secret) = match self.calendars.watch(link, &address, LIFETIME).await {
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
        self.database
            .transaction(&binding, async |transaction| {
                link.store_channel(transaction, &channel, &secret).await
            })
            .await?;
        // One that stays open tells of what nobody listens to, and closes by itself.
        if let Some(earlier) = &link.channel
            && let Err(problem) = self.calendars.stop_watching(&link.account, earlier).await
        {
            tracing::debug!(error = %problem, "an earlier channel could not be closed");
        }
        Ok(())
    }

    /// Where a provider announces changes to; only an address with TLS is taken.
    fn notification_address(&self, provider: &str) -> Option<String> {
        let base = self.public_url.as_deref()?;
        (provider == "google" && base.starts_with("https://"))
            .then(|| format!("{base}/calendar/google"))
    }

    async fn fail_to_read(
        &self,
        link: &Link,
        problem: &CalendarError,
        binding: &Binding,
    ) -> Result<()> {
        tracing::warn!(
            organization.id = %link.account.organization_id,
            calendar.link = %link.id,
            calendar.failures = link.failures + 1,
            error = %problem,
            "a linked calendar cannot be read"
        );
        self.database
            .transaction(binding, async |transaction| {
                if *problem == CalendarError::Revoked {
                    return link.account.revoke(transaction).await;
                }
                let asked = asked_pause(&link.account, problem);
                let pause = retry::calendar_pause(link.failures, asked, chance());
                let again_at =
                    binding.now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::hours(1));
                link.fail(transaction, problem.code(), again_at).await
            })
            .await
    }
}

/// How long the provider asks to wait, if it does; that is counted.
pub(super) fn asked_pause(account: &Account, problem: &CalendarError) -> Option<Duration> {
    let CalendarError::Limited { retry_after } = problem else {
        return None;
    };
    metrics::counter!("frontdesk_calendar_backoffs_total", "provider" => account.provider.clone())
        .increment(1);
    *retry_after
}
