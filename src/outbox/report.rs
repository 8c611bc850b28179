//! What is heard of an effect after it was sent.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::effect::Kind;
use crate::{
    db::{OrgTx, Sql},
    error::Result,
    sql,
};

const REPORT: Sql = sql!(
    "report_effect",
    [
        UUID,
        UUID,
        UUID,
        TEXT,
        TEXT,
        INT4,
        TEXT,
        BOOL,
        TEXT,
        TIMESTAMPTZ
    ]
);
const OF_ATTEMPT: Sql = sql!("effect_of_attempt", [UUID, UUID, TEXT]);
const KNOWN: Sql = sql!("known_sids", [TEXT_ARRAY, UUID]);
const REST: Sql = sql!("rest_effect", [UUID, UUID, TIMESTAMPTZ]);

/// The rank of an end that no later word of the provider's can change.
pub const SETTLED: i32 = 9;

/// How far an effect has come, whoever the provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The provider has it.
    Underway,
    /// It left the provider: a message is with the carrier, a call was picked up.
    Sent,
    /// It arrived.
    Delivered,
    /// It will not arrive.
    Failed,
}

/// One report.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The attempt that it is about, if it names one.
    pub attempt: Option<Uuid>,
    /// The provider's id.
    pub sid: Option<&'a str>,
    /// The provider's own word for the state, kept as it is.
    pub status: &'a str,
    /// How far along that is among all of the provider's states; a lower one than is known comes late. `None` for a state that
    /// nobody knows.
    pub rank: Option<i32>,
    /// What it means.
    pub progress: Progress,
    /// Whether nothing more is waited for.
    pub is_final: bool,
    /// Why it failed, in the provider's code.
    pub code: Option<&'a str>,
    /// When to ask the provider if it stays silent.
    pub ask_again_at: Option<DateTime<Utc>>,
}

/// The effect that a callback belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The effect.
    pub id: Uuid,
    /// What it is.
    pub kind: Kind,
    /// The page that it is.
    pub notification_id: Option<Uuid>,
}

/// Takes a report down; true when it says more than was known.
///
/// # Errors
///
/// When the database fails.
pub async fn record(
    transaction: &OrgTx,
    organization_id: Uuid,
    effect_id: Uuid,
    report: &Report<'_>,
) -> Result<bool> {
    let progress = match report.progress {
        Progress::Underway => "underway",
        Progress::Sent => "sent",
        Progress::Delivered => "delivered",
        Progress::Failed => "failed",
    };
    let rows = transaction
        .query(
            &REPORT,
            &[
                &organization_id,
                &effect_id,
                &report.attempt,
                &report.sid,
                &report.status,
                &report.rank,
                &progress,
                &report.is_final,
                &report.code,
                &report.ask_again_at,
            ],
        )
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| REPORT.shape()("the statement returned no row"))?;
    row.try_get(0).map_err(REPORT.shape())
}

/// Finds the effect that a callback belongs to: by the attempt that its address names, else by the provider's id.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    transaction: &OrgTx,
    organization_id: Uuid,
    attempt: Option<Uuid>,
    sid: &str,
) -> Result<Option<Subject>> {
    let rows = transaction
        .query(&OF_ATTEMPT, &[&organization_id, &attempt, &sid])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let kind: &str = row.try_get("kind").map_err(OF_ATTEMPT.shape())?;
    Ok(Some(Subject {
        id: row.try_get("id").map_err(OF_ATTEMPT.shape())?,
        kind: Kind::parse(kind)
            .ok_or_else(|| OF_ATTEMPT.shape()("an effect of an unknown kind"))?,
        notification_id: row.try_get("notification_id").map_err(OF_ATTEMPT.shape())?,
    }))
}

/// Which of the provider's ids belong to other effects than this one, whichever organization they are of.
///
/// # Errors
///
/// When the database fails.
pub async fn known_elsewhere(
    transaction: &OrgTx,
    effect_id: Uuid,
    sids: &[String],
) -> Result<Vec<String>> {
    let rows = transaction.query(&KNOWN, &[&sids, &effect_id]).await?;
    rows.iter()
        .map(|row| row.try_get(0).map_err(KNOWN.shape()))
        .collect()
}

/// Asks again about an effect at `again`, or lets it be as it is known.
///
/// # Errors
///
/// When the database fails.
pub async fn rest(
    transaction: &OrgTx,
    organization_id: Uuid,
    effect_id: Uuid,
    again: Option<DateTime<Utc>>,
) -> Result<()> {
    transaction
        .query(&REST, &[&organization_id, &effect_id, &again])
        .await?;
    Ok(())
}
