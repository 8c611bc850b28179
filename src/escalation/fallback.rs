//! What follows when no page of an incident can be sent, because the provider fails or refuses: a call to the fallback number, and a task
//! for the staff.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    announce, incident,
    words::{self, Facts},
};
use crate::{
    db::{OrgTx, Params, Sql},
    error::Result,
    sql,
};

const RAISE: Sql = sql!("enqueue_fallback", [UUID, UUID, INT4]);

const TASK: Sql = sql!("add_staff_task", [UUID, TEXT, TEXT, TEXT, TEXT, JSONB]);

/// How long no page can be sent before the fallback number is paged.
pub const WAIT: TimeDelta = TimeDelta::minutes(1);

/// Queues the job that pages the fallback number, unless a page of this round was sent, or it was queued before; whether it was
/// queued now. `wait` is how long no page could be sent.
///
/// # Errors
///
/// When the database fails.
pub async fn queue(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    wait: TimeDelta,
) -> Result<bool> {
    let wait = i32::try_from(wait.num_milliseconds()).unwrap_or(i32::MAX);
    let rows = transaction
        .query(&RAISE, &[&organization_id, &incident_id, &wait])
        .await?;
    Ok(!rows.is_empty())
}

/// Pages the fallback number, and tells the staff and the caller, of an incident of which no page could be sent for [`WAIT`], once a round.
///
/// # Errors
///
/// When the database fails.
pub async fn raise(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    if !queue(transaction, organization_id, incident_id, WAIT).await? {
        return Ok(());
    }
    let Some(incident) = incident::read(transaction, organization_id, incident_id).await? else {
        return Ok(());
    };
    let facts = incident.facts();
    let params: Params<'_> = &[
        &organization_id,
        &"emergency",
        &words::unsent_task(&facts),
        &facts.callback,
        &None::<String>,
        &metadata(incident_id, &facts),
    ];
    transaction.query(&TASK, params).await?;
    let key = format!("unsent:{incident_id}");
    let words = |language| words::unsent_for_agent(language).to_owned();
    announce::tell_agents(transaction, organization_id, incident_id, &key, now, words).await
}

/// What says which incident a task of the staff is about.
pub(super) fn metadata(incident_id: Uuid, facts: &Facts<'_>) -> Value {
    json!({ "incident_id": incident_id, "code": facts.code })
}

/// The page of an incident for the fallback number.
///
/// # Errors
///
/// When the database fails.
pub async fn words(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Option<String>> {
    let known = incident::read(transaction, organization_id, incident_id).await?;
    Ok(known.map(|incident| words::fallback(&incident.facts())))
}
