//! A transfer before its provider has said anything of it.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::outcome::{Outcome, Status};
use crate::{
    calls::{Call, UNKNOWN_NUMBER},
    db::{Database, OrgTx, Params, Sql},
    directory::Organization,
    domain::{language::Language, phone::Phone, urgency::Urgency},
    error::Result,
    sql,
};

const OPEN: Sql = sql!(
    "open_transfer",
    [UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, JSONB, TEXT, TEXT]
);
const SETTLE: Sql = sql!("settle_command", [UUID, UUID, TEXT, TEXT, TEXT]);
const COUNT: Sql = sql!("count_transfer", [UUID]);

/// Gives up the transfers of a call ($2) of an organization ($1) that have rung longer than callers are kept waiting: its caller is with
/// the agent.
pub const LAPSE: Sql = sql!("lapse_transfers", [UUID, TEXT]);

/// A transfer that is to be made.
#[derive(Clone)]
pub struct Opening<'a> {
    /// Why the caller wants a person.
    pub reason: Option<&'a str>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What the person should know.
    pub summary: Option<&'a str>,
    /// Whom to ring; `None` when nobody can take the call, which is recorded as failed.
    pub target: Option<&'a Phone>,
    /// What is dialled once they have answered.
    pub extension: Option<&'a str>,
    /// Where the target came from: `organization`, or why a contact was chosen.
    pub source: &'static str,
    /// Why it is not even tried, if it is not; it is recorded as failed then.
    pub obstacle: Option<&'static str>,
    /// Where the call takes commands while it is with the agent. Whoever has it can command the call.
    pub control_url: Option<&'a str>,
    /// In which language the caller is spoken to.
    pub language: Language,
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
    let metadata: Map<String, Value> = [
        ("target_source", Some(opening.source)),
        ("detail", opening.obstacle),
        ("extension", opening.extension),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
    .collect();
    let metadata = Value::Object(metadata);
    let status = match (opening.target, opening.obstacle) {
        (Some(_), None) => Status::Initiated,
        _ => Status::Failed,
    };
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
                &status.code(),
                &metadata,
                &opening.control_url,
                &opening.language.code(),
            ],
        )
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| OPEN.shape()("the statement returned no row"))?;
    row.try_get(0).map_err(OPEN.shape())
}

/// Records whether the provider took the command.
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
    let (status, outcome) = match progress {
        Progress::Connecting => (Status::Connecting, None),
        Progress::Failed => (Status::Failed, Some(Outcome::Failed.code())),
    };
    let params: Params<'_> = &[
        &organization.id,
        &transfer_id,
        &status.code(),
        &outcome,
        &detail,
    ];
    database
        .write(&organization.binding(now), &SETTLE, params)
        .await?;
    Ok(())
}

/// Counts one more transfer of today; false when the organization's limit allows no more.
///
/// # Errors
///
/// When the database fails.
pub async fn count(transaction: &OrgTx, organization_id: Uuid) -> Result<bool> {
    let rows = transaction.query(&COUNT, &[&organization_id]).await?;
    let row = rows
        .first()
        .ok_or_else(|| COUNT.shape()("the statement returned no row"))?;
    row.try_get(0).map_err(COUNT.shape())
}
