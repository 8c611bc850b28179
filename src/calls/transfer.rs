//! Handing a caller to a person: the row in `call_transfers`, and what became of it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Call, UNKNOWN_NUMBER};
use crate::{
    db::{Database, OrgTx, Sql},
    directory::Organization,
    domain::{phone::Phone, urgency::Urgency},
    error::Result,
    sql,
};

const OPEN: Sql = sql!(
    "open_transfer",
    [UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, JSONB]
);
const SETTLE: Sql = sql!("settle_transfer", [UUID, UUID, TEXT, TEXT]);

/// A transfer that is to be made.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Why the caller wants a person.
    pub reason: Option<&'a str>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What the person should know.
    pub summary: Option<&'a str>,
    /// Whom to ring; `None` when nobody can take the call, which is recorded as failed.
    pub target: Option<&'a Phone>,
    /// Where the target came from: `organization`, or why a contact was chosen.
    pub source: &'static str,
}

/// How far the provider took a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The provider took the command and rings the target.
    Connecting,
    /// The provider did not take the command.
    Failed,
}

/// Writes a transfer down and returns its id.
///
/// # Errors
///
/// When the database fails.
pub async fn open(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    opening: &Opening<'_>,
) -> Result<Uuid> {
    let metadata = serde_json::json!({ "target_source": opening.source });
    let rows = transaction
        .query(
            &OPEN,
            &[
                &organization_id,
                &call.vapi_call_id.as_deref().unwrap_or(UNKNOWN_NUMBER),
                &opening.reason,
                &opening.urgency.code(),
                &opening.summary,
                &opening.target.map(Phone::as_str),
                &if opening.target.is_some() {
                    "initiated"
                } else {
                    "failed"
                },
                &metadata as &Value,
            ],
        )
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| OPEN.shape()("the statement returned no row"))?;
    row.try_get(0).map_err(OPEN.shape())
}

/// Records how far a transfer got.
///
/// # Errors
///
/// When the database fails.
pub async fn settle(
    database: &Database,
    organization: &Organization,
    transfer_id: Uuid,
    progress: Progress,
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let status = match progress {
        Progress::Connecting => "connecting",
        Progress::Failed => "failed",
    };
    database
        .transaction(&organization.binding(now), async |transaction| {
            transaction
                .query(&SETTLE, &[&organization.id, &transfer_id, &status, &detail])
                .await
        })
        .await?;
    Ok(())
}
