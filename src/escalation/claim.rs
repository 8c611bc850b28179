//! An incident that is due to be escalated, claimed by one worker.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    incident::{Incident, Report, Status},
    words::Facts,
};
use crate::{
    calls::Call,
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const LOCK: Sql = sql!("lock_incident", [UUID, UUID]);

/// An incident that is due, under its row lock.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The incident.
    pub incident: Incident,
    /// Whose it is.
    pub organization_id: Uuid,
    /// The round of the step that was paged last.
    pub round: i16,
    /// The step that was paged last.
    pub step: Option<i16>,
    /// How many rounds the escalation goes.
    pub rounds: i16,
    /// How many it goes when it is escalated again.
    pub rounds_again: i16,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When the others were told that somebody acknowledged it.
    pub announced_at: Option<DateTime<Utc>>,
    /// How long whoever acknowledged it has until they say that it is done; zero for ever.
    pub acknowledgement_timeout: TimeDelta,
    /// Whether a page by telephone of this round is still to be sent.
    pub is_unsent: bool,
    /// Whether one expired before the provider accepted it.
    pub was_never_sent: bool,
    /// How long those who were paged in this round have to answer.
    pub answer_until: Option<DateTime<Utc>>,
    caller: Option<String>,
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
        let text = |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.as_str().to_owned());
        Ok(Self {
            incident: Incident {
                id,
                code: row.try_get("code")?,
                status: Status::Open,
                organization_name: row.try_get("organization_name")?,
                zone: zone.parse().unwrap_or(Tz::UTC),
                message: report.words.clone(),
                address: report.address.clone(),
                callback: text(&report.callback),
                acknowledged_at: None,
                acknowledged_name: None,
                acknowledged_phone: None,
                acknowledged_step: None,
            },
            organization_id,
            round: 0,
            step: None,
            rounds: row.try_get("rounds")?,
            rounds_again: 1,
            opened_at: now,
            announced_at: None,
            acknowledgement_timeout: TimeDelta::zero(),
            is_unsent: false,
            was_never_sent: false,
            answer_until: None,
            caller: text(&call.caller),
        })
    }

    fn of_row(
        (id, organization_id): (Uuid, Uuid),
        row: &Row,
    ) -> Result<Self, tokio_postgres::Error> {
        let timeout: i32 = row.try_get("acknowledgement_timeout_minutes")?;
        let rounds_again: i32 = row.try_get("rounds_again")?;
        Ok(Self {
            incident: Incident::of_row(id, row)?,
            organization_id,
            round: row.try_get("round")?,
            step: row.try_get("step")?,
            rounds: row.try_get("rounds")?,
            rounds_again: i16::try_from(rounds_again).unwrap_or(1),
            opened_at: row.try_get("opened_at")?,
            announced_at: row.try_get("announced_at")?,
            acknowledgement_timeout: TimeDelta::minutes(timeout.into()),
            is_unsent: row.try_get("is_unsent")?,
            was_never_sent: row.try_get("was_never_sent")?,
            answer_until: row.try_get("answer_until")?,
            caller: row.try_get("caller_number")?,
        })
    }

    /// Whether a number is the caller's or the one to call back.
    pub(super) fn is_callers(&self, phone: &str) -> bool {
        [&self.caller, &self.incident.callback]
            .into_iter()
            .any(|number| number.as_deref() == Some(phone))
    }

    /// What its pages say.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        let incident = &self.incident;
        let facts = incident.facts();
        Facts {
            callback: facts.callback.or(self.caller.as_deref()),
            acknowledged_at: incident.acknowledged_at.map(|at| (at, incident.zone)),
            ..facts
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
    let ids = (incident_id, organization_id);
    let claimed = rows.first().map(|row| Claimed::of_row(ids, row));
    claimed.transpose().map_err(LOCK.shape())
}
