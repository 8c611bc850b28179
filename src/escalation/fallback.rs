//! The fallback number, which is told of an incident when no page can be sent because the provider fails or refuses.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{announce, incident, task, words};
use crate::{
    db::{OrgTx, Sql},
    error::Result,
    sql,
};

const RAISE: Sql = sql!("enqueue_fallback", [UUID, UUID, INT4]);

/// How long no page can be sent before the fallback number is told.
pub const WAIT: TimeDelta = TimeDelta::minutes(1);

/// Queues the job that tells the fallback number, unless a page of this round was sent, or it was queued before; whether it was
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

/// Tells the fallback number, the staff and the caller of an emergency of which no page could be sent for [`WAIT`], once a round.
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
    let task = words::unsent_task(&facts);
    task::add_task(transaction, organization_id, incident_id, &facts, &task).await?;
    let key = format!("unsent:{incident_id}");
    announce::tell_agents(
        transaction,
        organization_id,
        incident_id,
        &key,
        now,
        |language| words::unsent_for_agent(language).to_owned(),
    )
    .await
}

/// What the fallback number is told of an emergency.
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
