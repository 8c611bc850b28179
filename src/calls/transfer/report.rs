//! What is reported of a transfer, and what follows when it failed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    outcome::{Outcome, Verdict},
    words,
};
use crate::{
    calls::UNKNOWN_NUMBER,
    db::{Binding, Database, OrgTx, Sql},
    domain::{language::Language, phone::Phone},
    error::Result,
    sql,
};

const REPORT: Sql = sql!(
    "report_transfer",
    [UUID, UUID, TEXT, TEXT, TEXT, TEXT, TEXT]
);
const NOTE: Sql = sql!("note_transfer", [UUID, UUID, TEXT, TEXT]);
const SAY: Sql = sql!("enqueue_job", [UUID, TEXT, JSONB, UUID, TEXT, TIMESTAMPTZ]);
const LEAVE: Sql = sql!("leave_callback", [UUID, TEXT, TEXT, TEXT, UUID]);

/// The longest text of a report that is kept, in characters.
const MAX_TEXT: usize = 100;

/// How long the agent can use what it is told: later the caller has been told something else.
const SAY_FOR: TimeDelta = TimeDelta::minutes(1);

/// One report of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    source: &'static str,
    text: String,
    verdict: Option<Verdict>,
    call_sid: Option<String>,
}

/// A transfer that a report moved.
pub(super) struct Moved {
    pub id: Uuid,
    /// `None` for a call that nothing is known of.
    pub vapi_call_id: Option<String>,
    pub reason: Option<String>,
    /// What became of it, if it came to nothing.
    pub nothing: Option<Outcome>,
    /// Whether the call has ended.
    pub is_over: bool,
    control_url: Option<String>,
    language: Language,
}

impl Report {
    /// What a `source` says in its own words (`text`), and what that means; `None` for words that are not known.
    #[must_use]
    pub fn new(source: &'static str, text: &str, verdict: Option<Verdict>) -> Self {
        Self {
            source,
            text: text.chars().take(MAX_TEXT).collect(),
            verdict,
            call_sid: None,
        }
    }

    /// The same, of the target's call with this id.
    #[must_use]
    pub fn of_call(self, sid: Option<&str>) -> Self {
        Self {
            call_sid: sid.map(str::to_owned),
            ..self
        }
    }

    /// What the service sees by itself.
    pub(super) fn own(text: &str, verdict: Verdict) -> Self {
        Self::new("frontdesk", text, Some(verdict))
    }
}

/// Takes a report down and does what follows from it; true when it says more than was known.
///
/// A transfer that comes to nothing while its call goes on is told to the agent, once.
///
/// # Errors
///
/// When the database fails; nothing of it is kept then.
pub async fn report(
    database: &Database,
    organization_id: Uuid,
    transfer_id: Uuid,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<bool> {
    let binding = Binding {
        organization_id,
        now,
    };
    database
        .transaction(&binding, async |transaction| {
            let moved = take_down(transaction, organization_id, transfer_id, report).await?;
            if let Some(moved) = &moved {
                tell_agent(transaction, organization_id, moved, now).await?;
            }
            Ok(moved.is_some())
        })
        .await
}

/// Takes a report down; `None` when it comes late, twice, or in words that nobody knows, which are kept and move nothing.
pub(super) async fn take_down(
    transaction: &OrgTx,
    organization_id: Uuid,
    transfer_id: Uuid,
    report: &Report,
) -> Result<Option<Moved>> {
    let Some(verdict) = report.verdict else {
        transaction
            .query(
                &NOTE,
                &[&organization_id, &transfer_id, &report.text, &report.source],
            )
            .await?;
        return Ok(None);
    };
    let outcome = verdict.outcome();
    let rows = transaction
        .query(
            &REPORT,
            &[
                &organization_id,
                &transfer_id,
                &verdict.status().code(),
                &outcome.map(Outcome::code),
                &report.call_sid,
                &report.text,
                &report.source,
            ],
        )
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let call: String = REPORT.get(row, "vapi_call_id")?;
    let language: Option<&str> = REPORT.get(row, "language_code")?;
    Ok(Some(Moved {
        id: transfer_id,
        vapi_call_id: Some(call).filter(|call| call != UNKNOWN_NUMBER),
        reason: REPORT.get(row, "reason")?,
        nothing: match verdict {
            Verdict::Nothing(outcome) => Some(outcome),
            Verdict::Underway | Verdict::Connected | Verdict::Completed => None,
        },
        is_over: REPORT.get(row, "is_over")?,
        control_url: REPORT.get(row, "control_url")?,
        language: language
            .and_then(Language::parse)
            .unwrap_or(Language::English),
    }))
}

/// Tells the agent of a call that goes on that its transfer came to nothing; the worker of the outbox does so once this is committed.
pub(super) async fn tell_agent(
    transaction: &OrgTx,
    organization_id: Uuid,
    moved: &Moved,
    now: DateTime<Utc>,
) -> Result<()> {
    let (Some(outcome), Some(control_url), false) =
        (moved.nothing, &moved.control_url, moved.is_over)
    else {
        return Ok(());
    };
    let payload = json!({
        "control_url": control_url,
        "words": words::failed_for_agent(outcome, moved.language),
    });
    let key = format!("transfer:{}:failed", moved.id);
    let expires = now + SAY_FOR;
    transaction
        .query(
            &SAY,
            &[
                &organization_id,
                &"say",
                &payload,
                &None::<Uuid>,
                &key,
                &expires,
            ],
        )
        .await?;
    Ok(())
}

/// Leaves the staff a caller to call back, unless they reached somebody or it is left to do already.
///
/// # Errors
///
/// When the database fails.
pub async fn leave_callback(
    transaction: &OrgTx,
    organization_id: Uuid,
    transfer_id: Uuid,
    vapi_call_id: Option<&str>,
    caller: Option<&Phone>,
    reason: Option<&str>,
) -> Result<()> {
    transaction
        .query(
            &LEAVE,
            &[
                &organization_id,
                &words::task(reason),
                &caller.map(Phone::as_str),
                &vapi_call_id,
                &transfer_id,
            ],
        )
        .await?;
    Ok(())
}
