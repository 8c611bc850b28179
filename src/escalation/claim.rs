//! An incident that is due to be escalated, claimed by one worker.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    incident::{Report, Status},
    words::Facts,
};
use crate::{
    calls::Call,
    db::{OrgTx, Sql},
    domain::name,
    error::Result,
    sql,
};

const LOCK: Sql = sql!("lock_incident", [UUID, UUID]);

/// An incident that is due, under its row lock.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: Uuid,
    /// By what it is named in a text message.
    pub code: i16,
    /// How far it has come.
    pub status: Status,
    /// The round of the step that was paged last.
    pub round: i16,
    /// The step that was paged last.
    pub step: Option<i16>,
    /// How many rounds the chain goes.
    pub rounds: i16,
    /// How many it goes when it is taken up again.
    pub rounds_again: i16,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When somebody took it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who, if they have a name.
    pub acknowledged_name: Option<String>,
    /// Who, by their number.
    pub acknowledged_phone: Option<String>,
    /// Who, by their place in the chain.
    pub acknowledged_step: Option<i16>,
    /// When the others were told of it.
    pub announced_at: Option<DateTime<Utc>>,
    /// How long whoever took it has until they say that it is done; zero for ever.
    pub acknowledgement_timeout: TimeDelta,
    /// Whether a page by telephone of this round is still to be sent.
    pub is_unsent: bool,
    /// Whether one expired before the provider took it.
    pub was_never_sent: bool,
    /// How long those who were paged in this round have to answer.
    pub answer_until: Option<DateTime<Utc>>,
    /// The organization's name.
    pub organization_name: String,
    message: String,
    address: Option<String>,
    callback: Option<String>,
    caller: Option<String>,
    zone: Tz,
}

impl Claimed {
    /// One that was opened in this transaction (`ids`: its own and the organization's), so that nobody else has it.
    pub(super) fn opened(
        row: &Row,
        (id, organization_id): (Uuid, Uuid),
        call: &Call,
        report: &Report,
        now: DateTime<Utc>,
    ) -> Result<Self, tokio_postgres::Error> {
        let zone: &str = row.try_get("timezone")?;
        Ok(Self {
            id,
            organization_id,
            code: row.try_get("code")?,
            status: Status::Open,
            round: 0,
            step: None,
            rounds: row.try_get("rounds")?,
            rounds_again: 1,
            opened_at: now,
            acknowledged_at: None,
            acknowledged_name: None,
            acknowledged_phone: None,
            acknowledged_step: None,
            announced_at: None,
            acknowledgement_timeout: TimeDelta::zero(),
            is_unsent: false,
            was_never_sent: false,
            answer_until: None,
            organization_name: row.try_get("organization_name")?,
            message: report.words.clone(),
            address: report.address.clone(),
            callback: report
                .callback
                .as_ref()
                .map(|phone| phone.as_str().to_owned()),
            caller: call.caller.as_ref().map(|phone| phone.as_str().to_owned()),
            zone: zone.parse().unwrap_or(Tz::UTC),
        })
    }

    /// Whether a number is the caller's or the one to call back.
    pub(super) fn is_callers(&self, phone: &str) -> bool {
        [&self.caller, &self.callback]
            .into_iter()
            .any(|number| number.as_deref() == Some(phone))
    }

    /// What contacts are told of it.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            code: self.code,
            organization: &self.organization_name,
            message: &self.message,
            address: self.address.as_deref(),
            callback: self.callback.as_deref().or(self.caller.as_deref()),
            taken_at: self.acknowledged_at.map(|at| (at, self.zone)),
        }
    }
}

/// Claims an incident that is due; `None` when it is not, or another worker has it.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Option<Claimed>> {
    let rows = transaction
        .query(&LOCK, &[&organization_id, &incident_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let status: &str = row.try_get("status").map_err(LOCK.shape())?;
    let zone: &str = row.try_get("timezone").map_err(LOCK.shape())?;
    let timeout: i32 = row
        .try_get("acknowledgement_timeout_minutes")
        .map_err(LOCK.shape())?;
    let rounds_again: i32 = row.try_get("rounds_again").map_err(LOCK.shape())?;
    let acknowledged_name: Option<&str> = row.try_get("acknowledged_name").map_err(LOCK.shape())?;
    Ok(Some(Claimed {
        id: incident_id,
        organization_id,
        code: row.try_get("code").map_err(LOCK.shape())?,
        status: Status::parse(status),
        round: row.try_get("round").map_err(LOCK.shape())?,
        step: row.try_get("step").map_err(LOCK.shape())?,
        rounds: row.try_get("rounds").map_err(LOCK.shape())?,
        rounds_again: i16::try_from(rounds_again).unwrap_or(1),
        opened_at: row.try_get("opened_at").map_err(LOCK.shape())?,
        acknowledged_at: row.try_get("acknowledged_at").map_err(LOCK.shape())?,
        acknowledged_name: acknowledged_name.and_then(name::name),
        acknowledged_phone: row.try_get("acknowledged_phone").map_err(LOCK.shape())?,
        acknowledged_step: row.try_get("acknowledged_step").map_err(LOCK.shape())?,
        announced_at: row.try_get("announced_at").map_err(LOCK.shape())?,
        acknowledgement_timeout: TimeDelta::minutes(timeout.into()),
        is_unsent: row.try_get("is_unsent").map_err(LOCK.shape())?,
        was_never_sent: row.try_get("was_never_sent").map_err(LOCK.shape())?,
        answer_until: row.try_get("answer_until").map_err(LOCK.shape())?,
        organization_name: row.try_get("organization_name").map_err(LOCK.shape())?,
        message: row.try_get("message").map_err(LOCK.shape())?,
        address: row.try_get("service_address").map_err(LOCK.shape())?,
        callback: row.try_get("callback_number").map_err(LOCK.shape())?,
        caller: row.try_get("caller_number").map_err(LOCK.shape())?,
        zone: zone.parse().unwrap_or(Tz::UTC),
    }))
}
