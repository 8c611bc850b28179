//! Acknowledging an incident, passing it on, and closing it: by text message, by key, by link.

use uuid::Uuid;

use super::incident::{self, Incident, Status};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const TAKE: Sql = sql!("acknowledge_incident", [UUID, UUID, TEXT, TEXT, INT2]);
const DECLINE: Sql = sql!("decline_incident", [UUID, UUID, TEXT, TEXT]);
const CLOSE: Sql = sql!("close_incident", [UUID, UUID, TEXT, INT2]);

/// How somebody takes an emergency, or passes it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By a text message.
    Sms,
    /// By a key during the call.
    Voice,
    /// By the link in an e-mail.
    Link,
}

impl Way {
    fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Link => "link",
        }
    }
}

/// Who takes an emergency, or has taken it: known by their telephone, by their step of the escalation, or by both.
#[derive(Clone, Copy, Debug)]
pub struct Taker<'a> {
    /// Their telephone.
    pub phone: Option<&'a Phone>,
    /// Their step of the escalation of this emergency.
    pub step: Option<i16>,
}

impl<'a> Taker<'a> {
    /// Whoever has this telephone.
    #[must_use]
    pub fn with_phone(phone: &'a Phone) -> Self {
        Self {
            phone: Some(phone),
            step: None,
        }
    }

    /// Whether it is they who have taken an emergency.
    #[must_use]
    pub fn has(&self, incident: &Incident) -> bool {
        let phone = self.phone.map(Phone::as_str);
        (phone.is_some() && incident.acknowledged_phone.as_deref() == phone)
            || (self.step.is_some() && incident.acknowledged_step == self.step)
    }

    fn phone(&self) -> Option<&str> {
        self.phone.map(Phone::as_str)
    }
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

/// Takes an emergency. Everything that is still to be sent for it stops with that.
///
/// # Errors
///
/// When the database fails; nobody has taken it then.
pub async fn take(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    taker: Taker<'_>,
    way: Way,
) -> Result<Taking> {
    let rows = transaction
        .query(
            &TAKE,
            &[
                &organization_id,
                &incident_id,
                &taker.phone(),
                &way.code(),
                &taker.step,
            ],
        )
        .await?;
    let Some(incident) = incident::read(transaction, organization_id, incident_id).await? else {
        return Ok(Taking::Unknown);
    };
    Ok(match incident.status {
        _ if !rows.is_empty() => Taking::Taken(incident),
        Status::Closed => Taking::Closed(incident),
        _ if taker.has(&incident) => Taking::TheirsAlready(incident),
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
    way: Way,
) -> Result<bool> {
    let params: Params<'_> = &[&organization_id, &incident_id, &phone.as_str(), &way.code()];
    let rows = transaction.query(&DECLINE, params).await?;
    Ok(!rows.is_empty())
}

/// Closes an emergency that they took; false when they did not.
///
/// # Errors
///
/// When the database fails.
pub async fn close(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    taker: Taker<'_>,
) -> Result<bool> {
    let rows = transaction
        .query(
            &CLOSE,
            &[&organization_id, &incident_id, &taker.phone(), &taker.step],
        )
        .await?;
    Ok(!rows.is_empty())
}
