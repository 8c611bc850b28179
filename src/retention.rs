//! Removes what organizations keep no longer: transcripts, words of text messages, finished jobs and so on, each after the days that
//! `settings.retention` says.
//!
//! It goes from organization to organization in small transactions that wait for no lock, so that no caller waits for it. Several
//! instances may do so at once: the database lets one at a time into an organization. Nothing is remembered between two passes; what
//! one that was stopped left is found by the next.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    clock::Clock,
    db::{Database, Sql},
    error::Result,
    sql,
};

const PRUNE: Sql = sql!("prune", [UUID, TIMESTAMPTZ, INT4]);

/// How many rows of a kind one statement removes at most.
const BATCH: i32 = 200;

/// How many batches an organization gets in a pass; what is left waits for the next one, so that others get their turn.
const MAX_BATCHES: u32 = 50;

/// How long it rests after a batch that removed rows, and after one that found none, as many times as that took and so long at most: a pass
/// never takes more than a part of the database's time, and one batch that had to wait itself does not hold it up for minutes.
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_FACTOR: u32 = 49;
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// From one pass to the next, on the clock of the rules.
const INTERVAL: TimeDelta = TimeDelta::minutes(10);

/// How long to wait before a pass that failed is tried again: at first, and at most.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const MAX_RETRY: Duration = Duration::from_mins(1);

/// Removes what is kept no longer, until it is told to stop.
pub struct Pruner {
    /// The database.
    pub database: Database,
    /// The clock of the rules.
    pub clock: Clock,
}

/// What one statement did for the organization that came next.
struct Pruned {
    organization_id: Uuid,
    /// Whether there may be more.
    has_more: bool,
    /// How many rows there were.
    rows: u64,
}

impl Pruner {
    /// Makes one pass after the other until `stop`, which also ends one that is under way: its last batch is then rolled back.
    pub async fn run(self, stop: CancellationToken) {
        stop.run_until_cancelled(async {
            let mut pause = FIRST_RETRY;
            loop {
                let began_at = self.clock.now();
                match self.pass(began_at).await {
                    Ok(()) => {
                        pause = FIRST_RETRY;
                        self.clock.reaches(began_at + INTERVAL).await;
                    }
                    Err(error) => {
                        tracing::warn!(
                            error = error.chain(),
                            "what is kept no longer could not be removed; it is tried again"
                        );
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(MAX_RETRY);
                    }
                }
            }
        })
        .await;
    }

    /// Goes through every organization once.
    async fn pass(&self, now: DateTime<Utc>) -> Result<()> {
        let (mut after, mut batches) = (Uuid::nil(), 0);
        let mut begun = Instant::now();
        while let Some(pruned) = self.prune(after, now).await? {
            batches += 1;
            if !pruned.has_more || batches == MAX_BATCHES {
                (after, batches) = (pruned.organization_id, 0);
            }
            let pause = if pruned.rows > 0 {
                PAUSE
            } else {
                (begun.elapsed() * PAUSE_FACTOR).min(MAX_PAUSE)
            };
            tokio::time::sleep(pause).await;
            begun = Instant::now();
        }
        Ok(())
    }

    /// Removes one batch of each kind of the organization that comes after this one; nothing when none does.
    async fn prune(&self, after: Uuid, now: DateTime<Utc>) -> Result<Option<Pruned>> {
        let rows = self
            .database
            .write_unbound(&PRUNE, &[&after, &now, &BATCH])
            .await?;
        let mut done: Option<Pruned> = None;
        for row in &rows {
            let organization_id = row.try_get("organization_id").map_err(PRUNE.shape())?;
            let kind: Option<&str> = row.try_get("kind").map_err(PRUNE.shape())?;
            let pruned: i32 = row.try_get("pruned").map_err(PRUNE.shape())?;
            let rows = u64::try_from(pruned).unwrap_or_default();
            if let (Some(kind), 1..) = (kind, rows) {
                tracing::debug!(organization.id = %organization_id, kind, rows, "pruned");
                metrics::counter!("frontdesk_pruned_rows_total", "kind" => kind.to_owned())
                    .increment(rows);
            }
            let sum = done.get_or_insert(Pruned {
                organization_id,
                has_more: false,
                rows: 0,
            });
            sum.has_more |= pruned >= BATCH;
            sum.rows += rows;
        }
        Ok(done)
    }
}
