//! Opens an incident, or adds to one, and pages its first contact in the same transaction.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    channels::Channels,
    claim::Claimed,
    escalate::{self, Told},
    incident::Report,
    steps,
};
use crate::{
    calls::Call,
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::{Error, Result},
    sql,
};

const REPORT: Sql = sql!(
    "report_emergency",
    [
        UUID, TEXT, TEXT, TEXT, INT2, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT
    ]
);

/// The incident that was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The incident.
    pub id: Uuid,
    /// Whether it added something to one that was open.
    pub is_added: bool,
    /// Who is paged, if it is new.
    pub told: Option<Told>,
}

/// Marks the call and every appointment booked in it, opens the incident or adds to one that is open, and escalates it, so that there is no moment in
/// which nobody would be paged.
///
/// # Errors
///
/// [`Error::ForeignCall`] when the call is recorded under another organization; otherwise when the database fails.
pub async fn report(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    report: &Report,
    set_up: Channels,
    now: DateTime<Utc>,
) -> Result<Opened> {
    let rows = transaction
        .query(
            &REPORT,
            &[
                &organization_id,
                &call.vapi_call_id,
                &call.vapi_assistant_id,
                &call.recorded_number(),
                &report.urgency.score_hundredths(),
                &call.caller.as_ref().map(Phone::as_str),
                &report.callback.as_ref().map(Phone::as_str),
                &report.address,
                &report.urgency.code(),
                &report.words,
                &report.language.code(),
                &report.control_url,
            ],
        )
        .await?;
    let row = rows.first().ok_or(Error::ForeignCall)?;
    let id = REPORT.get(row, "incident_id")?;
    let is_added = REPORT.get(row, "is_added")?;
    if !REPORT.get(row, "is_new")? {
        escalate::advance(transaction, organization_id, id, set_up, now).await?;
        return Ok(Opened {
            id,
            is_added,
            told: None,
        });
    }
    let claimed =
        Claimed::opened(row, (id, organization_id), call, report, now).map_err(REPORT.shape())?;
    let mut steps = steps::of_report(&rows)?;
    let mut others = REPORT.get(row, "others")?;
    if steps::are_written_otherwise(&steps) {
        steps = steps::read_normalized(transaction, organization_id, id).await?;
        others = None;
    }
    let told = escalate::begin(transaction, claimed, steps, others, set_up, now).await?;
    Ok(Opened {
        id,
        is_added,
        told: Some(told),
    })
}
