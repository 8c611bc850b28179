//! Acknowledging an incident, declining it, and closing it: by text message, by key, by link.

use chrono::{DateTime, Utc};

use super::incident::{self, Incident, Page, Status};
use crate::{
    db::{Binding, Database, OrgTx, Params, Priority, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const ACKNOWLEDGE: Sql = sql!("acknowledge_incident", [UUID, UUID, TEXT, TEXT, INT2]);
const DECLINE: Sql = sql!("decline_incident", [UUID, UUID, TEXT, TEXT]);
const CLOSE: Sql = sql!("close_incident", [UUID, UUID, TEXT, INT2]);

/// How a contact acknowledges or declines an incident.
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

/// A contact who was paged: known by their telephone, by their step of the escalation, or by both.
#[derive(Clone, Copy, Debug)]
pub struct Responder<'a> {
    /// Their telephone.
    pub phone: Option<&'a Phone>,
    /// Their step of the escalation of this incident.
    pub step: Option<i16>,
}

impl<'a> Responder<'a> {
    /// Whoever has this telephone.
    #[must_use]
    pub fn with_phone(phone: &'a Phone) -> Self {
        Self {
            phone: Some(phone),
            step: None,
        }
    }

    /// Whether it is they who acknowledged an incident.
    #[must_use]
    pub fn has(&self, incident: &Incident) -> bool {
        let phone = self.phone();
        (phone.is_some() && incident.acknowledged_phone.as_deref() == phone)
            || (self.step.is_some() && incident.acknowledged_step == self.step)
    }

    fn phone(&self) -> Option<&str> {
        self.phone.map(Phone::as_str)
    }
}

/// How an incident stands for a contact who was paged.
pub(super) enum Standing {
    /// Nobody has acknowledged it.
    Open(Incident),
    /// They have acknowledged it.
    Theirs(Incident),
    /// Somebody else has acknowledged it.
    Others(Incident),
    /// It is closed, or gone.
    Closed(Option<Incident>),
}

impl Standing {
    fn of(incident: Option<Incident>, responder: Responder<'_>) -> Self {
        let Some(incident) = incident else {
            return Self::Closed(None);
        };
        match incident.status {
            Status::Open | Status::Exhausted => Self::Open(incident),
            Status::Acknowledged if responder.has(&incident) => Self::Theirs(incident),
            Status::Acknowledged => Self::Others(incident),
            Status::Closed => Self::Closed(Some(incident)),
        }
    }
}

/// How the incident of a page stands for a contact.
pub(super) async fn standing(
    transaction: &OrgTx,
    page: &Page,
    responder: Responder<'_>,
) -> Result<Standing> {
    let incident = incident::read(transaction, page.organization_id, page.incident_id).await?;
    Ok(Standing::of(incident, responder))
}

/// The same in a transaction of its own, before anything that callers wait for.
pub(super) async fn look(
    database: &Database,
    page: &Page,
    responder: Responder<'_>,
    now: DateTime<Utc>,
) -> Result<Standing> {
    let binding = Binding {
        organization_id: page.organization_id,
        now,
    };
    database
        .with_priority(Priority::Emergency)
        .transaction(&binding, async |transaction| {
            standing(transaction, page, responder).await
        })
        .await
}

/// Acknowledges an incident; whether it is new, and how the incident stands then. Everything that is still to be sent for it is cancelled
/// with that.
pub(super) async fn acknowledge(
    transaction: &OrgTx,
    page: &Page,
    responder: Responder<'_>,
    way: Way,
) -> Result<(bool, Standing)> {
    let params: Params<'_> = &[
        &page.organization_id,
        &page.incident_id,
        &responder.phone(),
        &way.code(),
        &responder.step,
    ];
    let is_new = !transaction.query(&ACKNOWLEDGE, params).await?.is_empty();
    Ok((is_new, standing(transaction, page, responder).await?))
}

/// Escalates an incident to the next contact; false when it was neither this telephone's turn, nor had they acknowledged it.
pub(super) async fn decline(
    transaction: &OrgTx,
    page: &Page,
    phone: &Phone,
    way: Way,
) -> Result<bool> {
    let (organization_id, incident_id) = (page.organization_id, page.incident_id);
    let params: Params<'_> = &[&organization_id, &incident_id, &phone.as_str(), &way.code()];
    Ok(!transaction.query(&DECLINE, params).await?.is_empty())
}

/// Closes an incident that they acknowledged; false when they did not.
pub(super) async fn close(
    transaction: &OrgTx,
    page: &Page,
    responder: Responder<'_>,
) -> Result<bool> {
    let (phone, step) = (responder.phone(), responder.step);
    let params: Params<'_> = &[&page.organization_id, &page.incident_id, &phone, &step];
    Ok(!transaction.query(&CLOSE, params).await?.is_empty())
}
