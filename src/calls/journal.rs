//! Appends every tool call to its call's `tools_used`, after the caller has been answered.
//!
//! The caller does not wait for the journal. It is written by one task in the order of the calls, is finished before
//! the service stops, and holds no arguments: what the caller said stays in the transcript.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Call;
use crate::{
    db::{Database, Params, Sql},
    directory::Organization,
    error::{Error, Kind, Result},
    sql,
};

const QUERY: Sql = sql!("append_tool_call", [UUID, TEXT, TEXT, TEXT, JSONB]);

/// How many entries may wait while the database is slow; beyond that the newest are dropped and counted.
const LONGEST_QUEUE: usize = 10_000;

/// How often an entry is tried while the database is away, and how long apart.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// One tool call, for the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Whose call it was.
    pub organization: Arc<Organization>,
    /// The call.
    pub call: Arc<Call>,
    /// The provider's id of the tool call.
    pub tool_call_id: Option<String>,
    /// The tool.
    pub tool: String,
    /// What came of it: an outcome's label.
    pub outcome: &'static str,
    /// When it was answered.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub duration_ms: u64,
}

/// Where tools leave their entries.
#[derive(Clone, Debug)]
pub struct Journal(mpsc::Sender<Entry>);

/// Where the writer finds them.
#[derive(Debug)]
pub struct Entries(mpsc::Receiver<Entry>);

/// Makes a journal and what its writer reads from.
#[must_use]
pub fn open() -> (Journal, Entries) {
    let (sender, receiver) = mpsc::channel(LONGEST_QUEUE);
    (Journal(sender), Entries(receiver))
}

impl Journal {
    /// Leaves an entry; never waits.
    pub fn write(&self, entry: Entry) {
        if entry.call.vapi_call_id.is_none() {
            return;
        }
        if self.0.try_send(entry).is_err() {
            metrics::counter!("frontdesk_journal_dropped_total").increment(1);
            tracing::error!(
                "the journal is full or closed; a tool call is missing from tools_used"
            );
        }
    }
}

/// Writes entries until every [`Journal`] is gone and all that was left is written.
pub async fn keep(database: Database, mut entries: Entries) {
    while let Some(entry) = entries.0.recv().await {
        for attempt in 1..=TRIES {
            match append(&database, &entry).await {
                Ok(()) => break,
                Err(error) if error.kind() == Kind::Unreachable && attempt < TRIES => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => {
                    metrics::counter!("frontdesk_journal_dropped_total").increment(1);
                    tracing::error!(
                        call.id = entry.call.vapi_call_id,
                        tool.name = entry.tool,
                        error = error.chain(),
                        "a tool call could not be appended to tools_used"
                    );
                    break;
                }
            }
        }
    }
}

async fn append(database: &Database, entry: &Entry) -> Result<()> {
    let Some(vapi_call_id) = &entry.call.vapi_call_id else {
        return Ok(());
    };
    let (organization, call, used) = (&entry.organization, &entry.call, entry.as_json());
    database
        .transaction(&organization.binding(entry.at), async |transaction| {
            let params: Params<'_> = &[
                &organization.id,
                vapi_call_id,
                &call.vapi_assistant_id,
                &call.recorded_number(),
                &used,
            ];
            if transaction.query(&QUERY, params).await?.is_empty() {
                return Err(Error::ForeignCall);
            }
            Ok(())
        })
        .await
}

impl Entry {
    fn as_json(&self) -> Value {
        let mut entry = json!({
            "tool": self.tool,
            "outcome": self.outcome,
            "at": self.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "duration_ms": self.duration_ms,
        });
        if let (Some(id), Some(fields)) = (&self.tool_call_id, entry.as_object_mut()) {
            fields.insert("tool_call_id".to_owned(), Value::from(id.as_str()));
        }
        entry
    }
}
