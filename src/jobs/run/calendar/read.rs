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
        link::{self, LEASE_SECONDS, Link},
    },
};

/// How long reading may take, with all pages; less than a claim lasts.
const TIMEOUT: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() as u64 - 60);

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
                if *problem == CalendarError::Revoked && link.account.believes(link.failures) {
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
