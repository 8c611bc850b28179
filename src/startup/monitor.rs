//! What the service watches of itself: whether the database takes writes, how much is due, and what is in the spool.
//!
//! The figures are read here, every few seconds, and not on request: a scrape or a health check costs no query and
//! waits for nothing.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    db::{Database, Sql},
    error::Error,
    health::{DatabaseState, Health},
    outage::spool::Spool,
    sql,
};

/// The figures of the outbox and of the emergencies, and those of linked calendars.
const QUEUE: Sql = sql!("queue_figures", [TIMESTAMPTZ]);
const CALENDARS: Sql = sql!("calendar_figures", [TIMESTAMPTZ]);

/// How often the database and the spool are probed.
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// How long the database may take to give the figures.
const TIMEOUT: Duration = Duration::from_secs(2);
/// How often the figures of the outbox are read.
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
                    self.count(&QUEUE).await;
                    self.count(&CALENDARS).await;
                }
            }
        })
        .await;
    }

    /// Probes whether the database takes writes, and logs when that changes.
    async fn probe(&self) -> DatabaseState {
        let (state, error) = DatabaseState::probe(&self.database).await;
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

    /// Reads figures: each column is that of a gauge.
    async fn count(&self, figures: &Sql) {
        let counted = timeout(TIMEOUT, async {
            let now = self.clock.now();
            let rows = self.database.read_unbound(figures, &[&now]).await?;
            let columns = rows
                .iter()
                .flat_map(|row| row.columns().iter().map(move |it| (row, it)));
            for (row, column) in columns {
                let name = column.name();
                let figure: f64 = row.try_get(name).map_err(figures.shape())?;
                let gauge = if let Some(state) = name.strip_suffix("_links") {
                    metrics::gauge!("frontdesk_calendar_links", "state" => state.to_owned())
                } else {
                    metrics::gauge!(format!("frontdesk_{name}"))
                };
                gauge.set(figure);
            }
            Ok(())
        });
        if let Err(error) = counted.await.unwrap_or(Err(Error::Deadline)) {
            let (error, statement) = (error.chain(), figures.name);
            tracing::warn!(error, statement, "the figures cannot be read");
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
