//! How much is due, and how many emergencies nobody has acknowledged, across all organizations: counts only.

use chrono::{DateTime, Utc};

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const FIGURES: Sql = sql!("queue_figures", [TIMESTAMPTZ]);

/// Counts and ages, as the metrics take them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many jobs of the outbox are due, at most a thousand of each priority.
    pub due_jobs: f64,
    /// For how many seconds the oldest of them has been due; 0 when none is.
    pub oldest_due_seconds: f64,
    /// How many emergencies nobody has acknowledged.
    pub unacknowledged_incidents: f64,
    /// How many seconds ago the oldest of them was opened; 0 when there is none.
    pub oldest_unacknowledged_seconds: f64,
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
    let seconds = |column: &str| -> Result<f64> { row.try_get(column).map_err(FIGURES.shape()) };
    Ok(Figures {
        due_jobs: count("due_jobs")?,
        oldest_due_seconds: seconds("oldest_due_seconds")?,
        unacknowledged_incidents: count("unacknowledged_incidents")?,
        oldest_unacknowledged_seconds: seconds("oldest_unacknowledged_seconds")?,
    })
}
