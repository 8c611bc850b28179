//! Reminders on the day before an appointment.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::{Binding, Database, Sql},
    error::Result,
    sql,
};

const QUEUE: Sql = sql!("queue_reminders", [UUID]);

/// Queues the reminders of an organization, if it is the hour for them, and says how many.
///
/// # Errors
///
/// When the database fails; they are queued later then.
pub async fn queue(database: &Database, organization_id: Uuid, now: DateTime<Utc>) -> Result<i32> {
    let binding = Binding {
        organization_id,
        now,
    };
    database
        .transaction(&binding, async |transaction| {
            let rows = transaction.query(&QUEUE, &[&organization_id]).await?;
            let row = QUEUE.first(&rows)?;
            QUEUE.get(row, 0)
        })
        .await
}
