//! Adds tool calls from the log to the rows of their calls.

use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{
    db::{Database, Params, Sql},
    error::Result,
    sql,
};

/// Adds what is in the log to the calls' rows.
const QUERY: Sql = sql!("fold_tool_log", [UUID, TEXT, INT8, INT4]);

/// How many calls one statement adds to.
const MAX_CALLS: i32 = 200;

/// How long it rests after a statement, as many times as that took, but never longer than when there was nothing to fold: however many wait,
/// it takes a small part of the database's time, and one statement that had to wait itself keeps nobody waiting for minutes.
const REST: u32 = 15;

/// The shortest and the longest time from one look to the next.
const MIN_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Folds for ever what is so old, and what else its calls used.
pub(super) async fn keep(database: &Database, age: Duration) {
    let idle = (age / 3).clamp(MIN_PAUSE, MAX_PAUSE);
    // At the start the first callers have the database to themselves.
    let mut pause = idle;
    loop {
        tokio::time::sleep(pause).await;
        let begun = Instant::now();
        let folded = fold(database, age).await.unwrap_or_else(|error| {
            // What is not folded stays in the log.
            tracing::warn!(
                error = error.chain(),
                "tool calls could not be added to their calls"
            );
            0
        });
        pause = if folded > 0 {
            (begun.elapsed() * REST).min(idle)
        } else {
            idle
        };
    }
}

/// Folds all tool calls of an organization, for a command that reads what its calls used.
///
/// # Errors
///
/// When the database cannot be asked.
pub async fn fold_organization(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> std::result::Result<(), tokio_postgres::Error> {
    let params: Params<'_> = &[&Some(organization_id), &None::<&str>, &0_i64, &i32::MAX];
    client.query(QUERY.text, params).await.map(drop)
}

async fn fold(database: &Database, age: Duration) -> Result<usize> {
    let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    let params: Params<'_> = &[&None::<Uuid>, &None::<&str>, &age, &MAX_CALLS];
    let rows = database.write_unbound(&QUERY, params).await?;
    for row in &rows {
        let problem: Option<&str> = QUERY.get(row, "problem")?;
        if let Some(problem) = problem {
            metrics::counter!("frontdesk_tool_log_dropped_total").increment(1);
            tracing::error!(
                call.id = QUERY.get::<&str>(row, "vapi_call_id")?,
                problem,
                "tool calls were not added to their call"
            );
        }
    }
    Ok(rows.len())
}
