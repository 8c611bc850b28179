//! A call as it is stored, with what it set off as that stands now.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::commands::local::wall;

/// A call.
#[derive(Deserialize)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) organization: String,
    pub(super) timezone: String,
    pub(super) vapi_call_id: String,
    pub(super) began: DateTime<Utc>,
    pub(super) phone: String,
    pub(super) assistant: Option<String>,
    pub(super) seconds: Option<i64>,
    pub(super) status: String,
    pub(super) ended_reason: Option<String>,
    pub(super) language: Option<String>,
    pub(super) is_emergency: bool,
    pub(super) tool_calls: Vec<ToolCall>,
    pub(super) appointments: Vec<Appointment>,
    pub(super) incidents: Vec<Incident>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) texts: Vec<Text>,
    pub(super) tasks: Vec<Task>,
}

/// One entry of the tool log. Those of earlier releases, and those of which the details have expired, have its first parts only.
#[derive(Deserialize)]
pub(super) struct ToolCall {
    pub(super) tool: Option<String>,
    pub(super) outcome: Option<String>,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) duration_ms: Option<u64>,
    pub(super) arguments: Option<Value>,
    pub(super) reason: Option<Reason>,
    pub(super) answer: Option<String>,
    /// It was done after the deadline.
    #[serde(default)]
    pub(super) late: bool,
    #[serde(default)]
    pub(super) offered: Vec<String>,
    #[serde(default)]
    pub(super) effects: Vec<Effect>,
}

#[derive(Deserialize)]
pub(super) struct Reason {
    pub(super) code: String,
    pub(super) detail: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Effect {
    pub(super) kind: String,
    pub(super) id: String,
}

#[derive(Deserialize)]
pub(super) struct Appointment {
    pub(super) id: String,
    pub(super) starts: NaiveDateTime,
    pub(super) minutes: i64,
    pub(super) status: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) crew: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Incident {
    pub(super) id: String,
    pub(super) code: i64,
    pub(super) status: String,
    pub(super) urgency: String,
    pub(super) acknowledged_at: Option<DateTime<Utc>>,
    pub(super) acknowledged_by: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Transfer {
    pub(super) id: String,
    pub(super) to: Option<String>,
    pub(super) status: Option<String>,
    pub(super) outcome: Option<String>,
    pub(super) detail: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Text {
    pub(super) about: Option<String>,
    pub(super) appointment_id: String,
    pub(super) state: String,
    pub(super) status: Option<String>,
    pub(super) error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) status: String,
}

impl ToolCall {
    /// The words that the caller was to hear.
    pub(super) fn answered(&self) -> Option<String> {
        if self.late {
            return Some(
                "(done after the deadline; the caller heard that it takes longer)".to_owned(),
            );
        }
        self.answer.clone()
    }

    /// The arguments as `name: value`, masked as they are stored.
    pub(super) fn arguments(&self) -> Option<String> {
        match self.arguments.as_ref()? {
            Value::Object(fields) => Some(written(fields)),
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

fn written(fields: &Map<String, Value>) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}: {text}"),
            other => format!("{name}: {other}"),
        })
        .collect();
    parts.join(", ")
}

impl Appointment {
    /// `appointment Tue 2026-12-01 09:00, 60 min, confirmed, crew 1, drain cleaning`
    pub(super) fn line(&self) -> String {
        let parts = [
            Some(format!("appointment {}", wall(self.starts))),
            Some(format!("{} min", self.minutes)),
            Some(self.status.clone()),
            self.crew.map(|crew| format!("crew {crew}")),
            self.kind.clone(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Transfer {
    pub(super) fn line(&self) -> String {
        let to = self.to.as_deref().unwrap_or("nobody");
        let parts = [
            self.outcome.as_deref().or(self.status.as_deref()),
            self.detail.as_deref(),
        ];
        let what: Vec<&str> = parts.into_iter().flatten().collect();
        format!("transfer to {to}: {}", what.join(", "))
    }
}

impl Text {
    /// `text (confirmation): delivered`
    pub(super) fn line(&self) -> String {
        let about = self.about.as_deref().unwrap_or("message");
        let state = self.status.as_deref().unwrap_or(&self.state);
        match &self.error {
            Some(error) => format!("text ({about}): {state}, {error}"),
            None => format!("text ({about}): {state}"),
        }
    }
}

impl Task {
    pub(super) fn line(&self) -> String {
        format!("task for the staff ({}): {}", self.kind, self.status)
    }
}
