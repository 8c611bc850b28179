//! What the service watches of itself: whether the database takes writes, how much is due, and what is in the spool.
//!
//! The figures are taken here, every few seconds, and not when somebody asks for them: a scrape or a health check costs no query and
//! waits for nothing.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    db::Database,
    error::Error,
    health::{DatabaseState, Health},
    jobs::stats::{self, Figures},
    outage::spool::Spool,
    sync,
};

/// How often it is found out whether the database takes writes, and the spool is looked at.
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// How long the database may take to answer.
const TIMEOUT: Duration = Duration::from_secs(2);
/// How often the figures of the outbox are taken.
const FIGURES_INTERVAL: Duration = Duration::from_secs(15);

/// Watches the database and the spool.
pub(super) struct Monitor {
    pub(super) database: Database,
    pub(super) clock: Clock,
    pub(super) spool: Option<Spool>,
    pub(super) health: Health,
}

impl Monitor {
    /// Watches until `stop`.
    pub(super) async fn watch(self, stop: CancellationToken) {
        stop.run_until_cancelled_owned(async {
            let mut figures_at = Instant::now();
            let mut turns = interval(PROBE_INTERVAL);
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                turns.tick().await;
                let state = self.probe().await;
                self.look_at_spool().await;
                // While the database is away the last figures stand.
                if state == DatabaseState::Ok && Instant::now() >= figures_at {
                    figures_at = Instant::now() + FIGURES_INTERVAL;
                    self.count_due().await;
                    self.count_calendars().await;
                }
            }
        })
        .await;
    }

    /// Finds out whether the database takes writes, and logs when that changes.
    async fn probe(&self) -> DatabaseState {
        let (state, error) = match timeout(TIMEOUT, self.database.check_writable()).await {
            Ok(Ok(())) => (DatabaseState::Ok, None),
            Ok(Err(error)) if error.is_read_only() => (DatabaseState::ReadOnly, Some(error)),
            Ok(Err(error)) => (DatabaseState::Unreachable, Some(error)),
            Err(_elapsed) => (DatabaseState::TooSlow, Some(Error::Deadline)),
        };
        let before = self.health.database_state.send_replace(state);
        let is_up = state == DatabaseState::Ok;
        metrics::gauge!("frontdesk_database_up").set(if is_up { 1.0 } else { 0.0 });
        match error {
            Some(error) if before != state => tracing::error!(
                database = state.name(),
                error = error.chain(),
                "the database takes no writes: callers hear so, and what they report goes to the spool and the fallback number"
            ),
            None if !matches!(before, DatabaseState::Ok | DatabaseState::Unknown) => {
                tracing::warn!("the database takes writes again");
            }
            _ => {}
        }
        state
    }

    /// Takes the figures of the outbox and of the emergencies.
    async fn count_due(&self) {
        let reading = stats::read(&self.database, self.clock.now());
        match timeout(TIMEOUT, reading)
            .await
            .unwrap_or(Err(Error::Deadline))
        {
            Ok(figures) => show(figures),
            Err(error) => tracing::warn!(error = error.chain(), "the figures cannot be read"),
        }
    }

    /// Takes the figures of linked calendars.
    async fn count_calendars(&self) {
        let reading = sync::stats::read(&self.database, self.clock.now());
        match timeout(TIMEOUT, reading)
            .await
            .unwrap_or(Err(Error::Deadline))
        {
            Ok(figures) => show_calendars(figures),
            Err(error) => tracing::warn!(
                error = error.chain(),
                "the figures of calendars cannot be read"
            ),
        }
    }

    /// Counts the files of the spool, and finds out whether it can be written to.
    async fn look_at_spool(&self) {
        let Some(spool) = self.spool.clone() else {
            return;
        };
        let looked = tokio::task::spawn_blocking(move || (spool.check(), spool.counts())).await;
        let Ok((checked, counts)) = looked else {
            return;
        };
        let is_broken = checked.is_err();
        let was_broken = self
            .health
            .spool_is_broken
            .swap(is_broken, Ordering::Relaxed);
        metrics::gauge!("frontdesk_spool_writable").set(if is_broken { 0.0 } else { 1.0 });
        match checked {
            Err(error) if !was_broken => {
                tracing::error!(%error, "FRONTDESK_SPOOL cannot be written to");
            }
            Ok(()) if was_broken => tracing::warn!("FRONTDESK_SPOOL can be written to again"),
            _ => {}
        }
        for count in counts {
            let kind = count.kind.name();
            for (state, files) in [("waiting", count.waiting), ("left", count.left)] {
                metrics::gauge!("frontdesk_spool_files", "kind" => kind, "state" => state)
                    .set(f64::from(files));
            }
        }
    }
}

fn show(figures: Figures) {
    for (name, value) in [
        ("frontdesk_outbox_due_jobs", figures.due_jobs),
        (
            "frontdesk_outbox_oldest_due_seconds",
            figures.oldest_due_seconds,
        ),
        (
            "frontdesk_incidents_unacknowledged",
            figures.unacknowledged_incidents,
        ),
        (
            "frontdesk_incidents_oldest_unacknowledged_seconds",
            figures.oldest_unacknowledged_seconds,
        ),
    ] {
        metrics::gauge!(name).set(value);
    }
}

fn show_calendars(figures: sync::stats::Figures) {
    for (state, links) in [
        ("live", figures.live_links),
        ("failing", figures.failing_links),
        ("revoked", figures.revoked_links),
    ] {
        metrics::gauge!("frontdesk_calendar_links", "state" => state).set(links);
    }
    for (name, value) in [
        (
            "frontdesk_calendar_oldest_sync_seconds",
            figures.oldest_sync_seconds,
        ),
        ("frontdesk_calendar_copies_waiting", figures.waiting_copies),
        ("frontdesk_calendar_open_conflicts", figures.open_conflicts),
    ] {
        metrics::gauge!(name).set(value);
    }
}
