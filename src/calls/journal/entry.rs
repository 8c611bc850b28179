//! One tool call, as the journal keeps it.
//!
//! `arguments`, `answer`, `reason` and `offered` hold what a call was about and expire before the entry does; the rest of an entry, ids
//! among it, says nothing of anybody.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::Call;
use crate::{directory::Organization, domain::mask};

/// The most characters of an answer that are kept.
const MAX_ANSWER: usize = 500;

/// The most characters of what is said of a reason.
const MAX_DETAIL: usize = 100;

/// What a model gave with a tool call; the writer masks it once the caller has been answered.
pub trait Given: Send + Sync {
    /// The arguments; `None` when they could not be read.
    fn arguments(&self) -> Option<&Map<String, Value>>;

    /// The words in arguments that could not be read.
    fn unreadable(&self) -> Option<&str>;
}

/// Why a tool answered as it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// An outcome's label.
    code: &'static str,
    /// What it is about: a day, a time, a service.
    detail: Option<Box<str>>,
}

/// Something that a tool call set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// An appointment that it made, moved or cancelled.
    Appointment(Uuid),
    /// An incident that it opened or added to.
    Incident(Uuid),
    /// A transfer that it began.
    Transfer(Uuid),
    /// Something that it left the staff to do.
    Task(Uuid),
}

/// One tool call, for the journal.
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
    /// The times that the caller was offered, in the order in which they were named.
    pub offered: Vec<String>,
    /// What the model gave.
    pub given: Arc<dyn Given>,
    /// Why this was the answer.
    pub reason: Reason,
    /// The words that the caller was to hear; `None` where others may have taken their place.
    pub answer: Option<String>,
    /// Whether it was done after the deadline, so that the caller has heard other words meanwhile.
    pub is_late: bool,
    /// What it set off.
    pub effects: Vec<Effect>,
}

/// An entry as it is written.
pub(super) struct Written {
    pub(super) organization: Arc<Organization>,
    pub(super) call: Arc<Call>,
    pub(super) tool: String,
    pub(super) object: Value,
}

impl Reason {
    /// A reason that its code says all about.
    #[must_use]
    pub fn new(code: &'static str) -> Self {
        Self { code, detail: None }
    }

    /// A reason, and what it is about. The detail must name nobody.
    #[must_use]
    pub fn about(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: Some(detail.into().into_boxed_str()),
        }
    }

    /// `{"code": "taken", "detail": "2026-12-01T14:00"}`; what was asked back is `question:hour`.
    fn object(&self) -> Value {
        let asked = ["asked_", "needs_"]
            .iter()
            .find_map(|prefix| self.code.strip_prefix(prefix));
        let code = match (asked, self.code) {
            (Some(asked), _) => format!("question:{asked}"),
            (None, code) => code.to_owned(),
        };
        match &self.detail {
            Some(detail) => json!({ "code": code, "detail": cut(detail, MAX_DETAIL) }),
            None => json!({ "code": code }),
        }
    }
}

impl Effect {
    fn object(self) -> Value {
        let (kind, id) = match self {
            Self::Appointment(id) => ("appointment", id),
            Self::Incident(id) => ("incident", id),
            Self::Transfer(id) => ("transfer", id),
            Self::Task(id) => ("task", id),
        };
        json!({ "kind": kind, "id": id })
    }
}

impl From<Entry> for Written {
    fn from(entry: Entry) -> Self {
        let mut object = json!({
            "tool": entry.tool,
            "outcome": entry.outcome,
            "at": entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "duration_ms": entry.duration_ms,
            "reason": entry.reason.object(),
        });
        let services = &entry.organization.services;
        let arguments = match (entry.given.arguments(), entry.given.unreadable()) {
            (Some(given), _) if given.is_empty() => None,
            (Some(given), _) => Some(mask::arguments(given, services)),
            (None, Some(text)) => Some(mask::unreadable(text)),
            (None, None) => None,
        };
        let answer = entry.answer.as_deref().map(|words| cut(words, MAX_ANSWER));
        let effects: Vec<Value> = entry.effects.iter().map(|effect| effect.object()).collect();
        if let Some(fields) = object.as_object_mut() {
            let mut add = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    fields.insert(name.to_owned(), value);
                }
            };
            add("tool_call_id", entry.tool_call_id.map(Value::from));
            add("arguments", arguments);
            add("answer", answer.map(Value::from));
            add("late", entry.is_late.then_some(Value::Bool(true)));
            add("offered", listed(entry.offered));
            add("effects", listed(effects));
        }
        Self {
            organization: entry.organization,
            call: entry.call,
            tool: entry.tool,
            object,
        }
    }
}

fn listed<T: Into<Value>>(values: Vec<T>) -> Option<Value> {
    (!values.is_empty()).then(|| values.into_iter().map(Into::into).collect())
}

/// The beginning of a text, with an ellipsis where more followed.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
