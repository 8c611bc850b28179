//! The staff's task for an incident that nobody on call acknowledged.

use serde_json::{Value, json};
use uuid::Uuid;

use super::words::Facts;
use crate::{
    db::{OrgTx, Sql},
    error::Result,
    sql,
};

const TASK: Sql = sql!("add_staff_task", [UUID, TEXT, TEXT, TEXT, TEXT, JSONB]);

/// Leaves the staff a task with these words.
///
/// # Errors
///
/// When the database fails.
pub(super) async fn add_task(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    facts: &Facts<'_>,
    words: &str,
) -> Result<()> {
    let metadata = metadata(incident_id, facts);
    transaction
        .query(
            &TASK,
            &[
                &organization_id,
                &"emergency",
                &words,
                &facts.callback,
                &None::<String>,
                &metadata,
            ],
        )
        .await?;
    Ok(())
}

/// What tells of which emergency a task is.
pub(super) fn metadata(incident_id: Uuid, facts: &Facts<'_>) -> Value {
    json!({ "incident_id": incident_id, "code": facts.code })
}
