//! What is kept of a call in `call_logs`, from reports that come late, twice and in any order.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use super::Call;
use crate::{
    db::{Database, Params, Sql},
    directory::Organization,
    domain::language::Language,
    error::{Error, Result},
    sql,
};

const QUERY: Sql = sql!(
    "record_call",
    [
        UUID, TEXT, TEXT, TEXT, INT4, TEXT, TEXT, TEXT, JSONB, BOOL, TEXT
    ]
);

const RELEASE: Sql = sql!("release_hold", [UUID, TEXT]);

/// What one message tells of a call.
#[derive(Clone, Debug, Default)]
pub struct CallReport {
    /// The provider's state of the call: `ringing`, `in-progress`, `ended` and so on.
    pub status: String,
    /// How long it lasted, in seconds.
    pub duration_seconds: Option<i32>,
    /// The language that the caller was heard to speak.
    pub language: Option<Language>,
    /// What was said.
    pub transcript: Option<String>,
    /// What it was about.
    pub summary: Option<String>,
    /// Whatever else is worth keeping, by name; nulls are left out.
    pub metadata: serde_json::Map<String, Value>,
    /// True for the final report, whose values replace those of earlier messages; others only fill what is empty.
    pub is_final: bool,
}

/// Merges one message into the call's row, and makes the row when this is the first that is heard of the call.
///
/// What a call that is over holds of the calendar is given back. A null never replaces a value and a status never goes backwards.
///
/// # Errors
///
/// [`Error::ForeignCall`] when the call is recorded under another organization; otherwise when the database fails.
pub async fn record(
    database: &Database,
    organization: &Organization,
    call: &Call,
    report: CallReport,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(vapi_call_id) = &call.vapi_call_id else {
        return Ok(());
    };
    let language = report.language.map(Language::code);
    let mut metadata = report.metadata;
    if language.is_some() {
        // What a tool call named before, and is added to the row later, must not replace it.
        let heard_at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        metadata.insert("language_heard_at".to_owned(), heard_at.into());
    }
    let (status, metadata) = (report.status, Value::Object(metadata));
    let is_over = status == "ended";
    let binding = organization.binding(now);
    database
        .transaction(&binding, async |transaction| {
            let params: Params<'_> = &[
                &organization.id,
                vapi_call_id,
                &call.vapi_assistant_id,
                &call.recorded_number(),
                &report.duration_seconds,
                &status,
                &report.transcript,
                &report.summary,
                &metadata,
                &report.is_final,
                &language,
            ];
            if transaction.query(&QUERY, params).await?.is_empty() {
                return Err(Error::ForeignCall);
            }
            if is_over {
                transaction
                    .query(&RELEASE, &[&organization.id, vapi_call_id])
                    .await?;
            }
            Ok(())
        })
        .await?;
    if report.is_final {
        tracing::info!(
            organization.id = %organization.id,
            duration_seconds = report.duration_seconds,
            "a call ended"
        );
    }
    Ok(())
}
