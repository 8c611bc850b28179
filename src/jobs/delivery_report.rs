//! Delivery reports: what the provider says of a job after it was sent.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::{OrgTx, Params, Sql},
    error::Result,
    sql,
};

const REPORT: Sql = sql!(
    "record_delivery_report",
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
const OF_ATTEMPT: Sql = sql!("job_of_attempt", [UUID, UUID, TEXT]);
const KNOWN: Sql = sql!("known_sids", [TEXT_ARRAY, UUID]);
const DEFER: Sql = sql!("defer_job", [UUID, UUID, TIMESTAMPTZ]);

/// The rank of an end that no later report can change.
pub const FINAL_RANK: i32 = 9;

/// How far a job has come, whoever the provider is.
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
    /// The provider's own word for the status, stored as it is.
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
    /// When to check the status if no report comes.
    pub check_again_at: Option<DateTime<Utc>>,
}

/// Records a report; true when it says more than was known.
///
/// # Errors
///
/// When the database fails.
pub async fn record(
    transaction: &OrgTx,
    organization_id: Uuid,
    job_id: Uuid,
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
                &job_id,
                &report.attempt,
                &report.sid,
                &report.status,
                &report.rank,
                &progress,
                &report.is_final,
                &report.code,
                &report.check_again_at,
            ],
        )
        .await?;
    REPORT.get(REPORT.first(&rows)?, 0)
}

/// Finds the job that a callback belongs to: by the attempt that its address names, else by the provider's id.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    transaction: &OrgTx,
    organization_id: Uuid,
    attempt: Option<Uuid>,
    sid: &str,
) -> Result<Option<Uuid>> {
    let rows = transaction
        .query(&OF_ATTEMPT, &[&organization_id, &attempt, &sid])
        .await?;
    rows.first().map(|row| OF_ATTEMPT.get(row, 0)).transpose()
}

/// Which of the provider's ids belong to other jobs than this one, whichever organization they are of.
///
/// # Errors
///
/// When the database fails.
pub async fn known_elsewhere(
    transaction: &OrgTx,
    job_id: Uuid,
    sids: &[String],
) -> Result<Vec<String>> {
    let rows = transaction.query(&KNOWN, &[&sids, &job_id]).await?;
    rows.iter().map(|row| KNOWN.get(row, 0)).collect()
}

/// Has the status of a job checked at `again`, or never again.
///
/// # Errors
///
/// When the database fails.
pub async fn defer(
    transaction: &OrgTx,
    organization_id: Uuid,
    job_id: Uuid,
    again: Option<DateTime<Utc>>,
) -> Result<()> {
    let params: Params<'_> = &[&organization_id, &job_id, &again];
    transaction.query(&DEFER, params).await.map(drop)
}
