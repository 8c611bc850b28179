//! Taking an emergency, passing it on, and closing it: by text message, by key, by link.

use uuid::Uuid;

use super::incident::{self, Incident, Status};
use crate::{
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const TAKE: Sql = sql!("acknowledge_incident", [UUID, UUID, TEXT, TEXT]);
const DECLINE: Sql = sql!("decline_incident", [UUID, UUID, TEXT]);
const CLOSE: Sql = sql!("close_incident", [UUID, UUID, TEXT]);

/// How somebody takes an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By a text message.
    Sms,
    /// By a key during the call.
    Voice,
    /// By the link in an e-mail.
    Link,
}

/// What came of wanting to take an emergency.
#[derive(Clone, Debug)]
pub enum Taking {
    /// It is theirs now.
    Taken(Incident),
    /// It was theirs already.
    TheirsAlready(Incident),
    /// Somebody else has it.
    TakenBefore(Incident),
    /// It is closed.
    Closed(Incident),
    /// There is no such emergency.
    Unknown,
}

/// Takes an emergency for whoever has this telephone. Everything that is still to be sent for it stops with that.
///
/// # Errors
///
/// When the database fails; nobody has taken it then.
pub async fn take(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    phone: &Phone,
    way: Way,
) -> Result<Taking> {
    let via = match way {
        Way::Sms => "sms",
        Way::Voice => "voice",
        Way::Link => "link",
    };
    let taken = transaction
        .query(
            &TAKE,
            &[&organization_id, &incident_id, &phone.as_str(), &via],
        )
        .await?;
    let Some(incident) = incident::read(transaction, organization_id, incident_id).await? else {
        return Ok(Taking::Unknown);
    };
    let is_theirs = incident.acknowledged_phone.as_deref() == Some(phone.as_str());
    Ok(match incident.status {
        _ if !taken.is_empty() => Taking::Taken(incident),
        Status::Closed => Taking::Closed(incident),
        _ if is_theirs => Taking::TheirsAlready(incident),
        _ => Taking::TakenBefore(incident),
    })
}

/// Passes an emergency on to the next contact; false when it was not this telephone's turn.
///
/// # Errors
///
/// When the database fails.
pub async fn decline(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    phone: &Phone,
) -> Result<bool> {
    let rows = transaction
        .query(&DECLINE, &[&organization_id, &incident_id, &phone.as_str()])
        .await?;
    Ok(!rows.is_empty())
}

/// Closes an emergency that whoever has this telephone took; false when they did not.
///
/// # Errors
///
/// When the database fails.
pub async fn close(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    phone: &Phone,
) -> Result<bool> {
    let rows = transaction
        .query(&CLOSE, &[&organization_id, &incident_id, &phone.as_str()])
        .await?;
    Ok(!rows.is_empty())
}
