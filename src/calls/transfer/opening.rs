//! A transfer before its provider has reported anything.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    outcome::{Outcome, Status},
    words,
};
use crate::{
    calls::Call,
    db::{Binding, Database, OrgTx, Params, Sql},
    domain::{language::Language, phone::Phone, urgency::Urgency},
    error::Result,
    sql,
};

const OPEN: Sql = sql!(
    "open_transfer",
    [
        UUID, UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, JSONB, TEXT, TEXT, BOOL, TEXT, TEXT, TEXT,
        TEXT, BYTEA, JSONB, JSONB
    ]
);
const RECORD: Sql = sql!(
    "record_command",
    [UUID, TEXT, UUID, TEXT, TEXT, TEXT, TEXT, TEXT, BOOL, JSONB]
);

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
    /// Why it is not even tried, if it is not; it is recorded as failed then, and costs nothing.
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

/// What is saved with a transfer for the tool call that asks for it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The tool call's id.
    pub tool_call_id: &'a str,
    /// The tool.
    pub tool: &'a str,
    /// What it was asked.
    pub digest: &'a [u8],
    /// What is said of the transfer.
    pub answer: &'a Value,
    /// What is said where the organization's transfers of today are used up.
    pub answer_beyond: &'a Value,
}

/// Writes a transfer down under a new id, which comes back with whether the organization's limit of today allows it; one that it does
/// not is written down as failed.
///
/// # Errors
///
/// When the database fails.
pub async fn open(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    opening: &Opening<'_>,
) -> Result<(Uuid, bool)> {
    let id = Uuid::new_v4();
    let by = By::Query(transaction);
    let is_within = write(by, (id, organization_id), call, opening, None, None).await?;
    Ok((id, is_within))
}

/// Writes a transfer down under an id (`ids`: its own and the organization's), with the answer of the tool call that asks for it, and
/// commits; false where the organization's limit of today does not allow it. Where nobody is rung the staff is left a caller to call back.
///
/// # Errors
///
/// When the database fails; nothing is kept then.
pub async fn open_and_commit(
    transaction: OrgTx,
    ids: (Uuid, Uuid),
    call: &Call,
    opening: &Opening<'_>,
    asked: Option<Asked<'_>>,
) -> Result<bool> {
    let task = words::task(opening.reason);
    let by = By::Commit(Box::new(transaction));
    write(by, ids, call, opening, Some(&task), asked).await
}

/// How the statement is sent.
enum By<'a> {
    Query(&'a OrgTx),
    Commit(Box<OrgTx>),
}

async fn write(
    by: By<'_>,
    (id, organization_id): (Uuid, Uuid),
    call: &Call,
    opening: &Opening<'_>,
    task: Option<&str>,
    asked: Option<Asked<'_>>,
) -> Result<bool> {
    let metadata: Map<String, Value> = [
        ("target_source", Some(opening.source)),
        ("detail", opening.obstacle),
        ("extension", opening.extension),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
    .collect();
    let metadata = Value::Object(metadata);
    let is_tried = opening.target.is_some() && opening.obstacle.is_none();
    let status = if is_tried {
        Status::Initiated
    } else {
        Status::Failed
    };
    let params: Params<'_> = &[
        &id,
        &organization_id,
        &call.vapi_call_id,
        &opening.reason,
        &opening.urgency.code(),
        &opening.summary,
        &opening.target.map(Phone::as_str),
        &status.code(),
        &metadata,
        &opening.control_url,
        &opening.language.code(),
        // What cannot be commanded costs nothing.
        &is_tried,
        &task,
        &call.caller.as_ref().map(Phone::as_str),
        &asked.map(|asked| asked.tool_call_id),
        &asked.map(|asked| asked.tool),
        &asked.map(|asked| asked.digest),
        &asked.map(|asked| asked.answer),
        &asked.map(|asked| asked.answer_beyond),
    ];
    let rows = match by {
        By::Query(transaction) => transaction.query(&OPEN, params).await?,
        By::Commit(transaction) => transaction.commit_with(&OPEN, params).await?,
    };
    let row = OPEN.first(&rows)?;
    OPEN.get(row, 0)
}

/// Records whether the provider took the command, and replaces the answer of the tool call (`saved`: of which call, which one, whether it
/// succeeded, and with what it is answered).
///
/// # Errors
///
/// When the database fails; the answer saved first stands then.
pub async fn record_command(
    database: &Database,
    binding: &Binding,
    transfer_id: Uuid,
    progress: Progress,
    detail: Option<&str>,
    saved: Option<(&str, &str, bool, &Value)>,
) -> Result<()> {
    let (status, outcome) = match progress {
        Progress::Connecting => (Status::Connecting, None),
        Progress::Failed => (Status::Failed, Some(Outcome::Failed.code())),
    };
    let params: Params<'_> = &[
        &binding.organization_id,
        &binding.at(),
        &transfer_id,
        &status.code(),
        &outcome,
        &detail,
        &saved.map(|saved| saved.0),
        &saved.map(|saved| saved.1),
        &saved.map(|saved| saved.2),
        &saved.map(|saved| saved.3),
    ];
    database.write(binding, &RECORD, params).await?;
    Ok(())
}
