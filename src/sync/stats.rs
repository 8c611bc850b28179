//! How linked calendars are, across all organizations: counts and an age only.

use chrono::{DateTime, Utc};

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const FIGURES: Sql = sql!("calendar_figures", [TIMESTAMPTZ]);

/// Counts and an age, as the metrics take them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many calendars are linked and were read when they were last asked.
    pub live_links: f64,
    /// How many could not be read when they were last asked.
    pub failing_links: f64,
    /// How many have an account whose credential the provider takes no more.
    pub revoked_links: f64,
    /// How many seconds ago the one was read that was not read for the longest; those that are revoked are not among them.
    pub oldest_sync_seconds: f64,
    /// How many appointments are due to be written, at most a thousand.
    pub waiting_copies: f64,
    /// How many conflicts are open, at most a thousand.
    pub open_conflicts: f64,
}

/// Reads the figures at `now`.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn read(database: &Database, now: DateTime<Utc>) -> Result<Figures> {
    let rows = database.read_unbound(&FIGURES, &[&now]).await?;
    let Some(row) = rows.first() else {
        return Ok(Figures::default());
    };
    let count = |column: &str| -> Result<f64> {
        let count: i64 = row.try_get(column).map_err(FIGURES.shape())?;
        Ok(f64::from(i32::try_from(count).unwrap_or(i32::MAX)))
    };
    Ok(Figures {
        live_links: count("live_links")?,
        failing_links: count("failing_links")?,
        revoked_links: count("revoked_links")?,
        oldest_sync_seconds: row
            .try_get("oldest_sync_seconds")
            .map_err(FIGURES.shape())?,
        waiting_copies: count("waiting_copies")?,
        open_conflicts: count("open_conflicts")?,
    })
}
