//! One tool call, as the journal keeps it.
//!
//! `arguments`, `answer`, `reason` and `offered` hold what a call was about and expire before the entry does; the rest of an entry, ids
//! among it, says nothing of anybody.

use std::{borrow::Cow, sync::Arc};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::Call;
use crate::{
    directory::Organization,
    domain::{language::Language, mask},
};

/// The most characters of an answer that are kept.
const MAX_ANSWER: usize = 500;

/// The most characters of what is said of a reason.
const MAX_DETAIL: usize = 100;

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
pub struct Entry<'a> {
    /// Whose call it was.
    pub organization: &'a Organization,
    /// The call.
    pub call: &'a Arc<Call>,
    /// The provider's id of the tool call.
    pub tool_call_id: Option<&'a str>,
    /// The tool.
    pub tool: &'a str,
    /// What came of it: an outcome's label.
    pub outcome: &'static str,
    /// When it was answered.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub duration_ms: u64,
    /// The times that the caller was offered, in the order in which they were named.
    pub offered: &'a [String],
    /// What the model gave; `None` when it could not be read.
    pub arguments: Option<&'a Map<String, Value>>,
    /// The words in arguments that could not be read.
    pub unreadable: Option<&'a str>,
    /// Why this was the answer.
    pub reason: &'a Reason,
    /// The words that the caller was to hear; `None` where others may have taken their place.
    pub answer: Option<&'a str>,
    /// Whether it was done after the deadline, so that the caller has heard other words meanwhile.
    pub is_late: bool,
    /// What it set off.
    pub effects: &'a [Effect],
}

/// An entry as it is written.
pub(super) struct Written {
    pub(super) organization_id: Uuid,
    pub(super) call: Arc<Call>,
    pub(super) tool: String,
    pub(super) object: String,
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

    fn told(&self) -> Told<'_> {
        let asked = ["asked_", "needs_"]
            .iter()
            .find_map(|prefix| self.code.strip_prefix(prefix));
        Told {
            code: match asked {
                Some(asked) => format!("question:{asked}").into(),
                None => self.code.into(),
            },
            detail: self.detail.as_deref().map(|detail| cut(detail, MAX_DETAIL)),
        }
    }
}

impl Effect {
    fn set_off(self) -> SetOff {
        let (kind, id) = match self {
            Self::Appointment(id) => ("appointment", id),
            Self::Incident(id) => ("incident", id),
            Self::Transfer(id) => ("transfer", id),
            Self::Task(id) => ("task", id),
        };
        SetOff { kind, id }
    }
}

/// An entry's object.
#[derive(Serialize)]
struct Object<'a> {
    tool: &'a str,
    outcome: &'static str,
    at: String,
    duration_ms: u64,
    reason: Told<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "is_false")]
    late: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    offered: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    effects: Vec<SetOff>,
}

/// `{"code": "taken", "detail": "2026-12-01T14:00"}`; what was asked back is `question:hour`.
#[derive(Serialize)]
struct Told<'a> {
    code: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct SetOff {
    kind: &'static str,
    id: Uuid,
}

impl From<Entry<'_>> for Written {
    fn from(entry: Entry<'_>) -> Self {
        let services = &entry.organization.services;
        let arguments = match (entry.arguments, entry.unreadable) {
            (Some(given), _) if given.is_empty() => None,
            (Some(given), _) => Some(mask::arguments(given, services)),
            (None, Some(text)) => Some(mask::unreadable(text)),
            (None, None) => None,
        };
        // The language of the call from then on, for the other instances.
        let named = entry.arguments.and_then(|given| given.get("language"));
        let language = named
            .and_then(Value::as_str)
            .and_then(Language::parse)
            .filter(|language| entry.organization.speaks(*language) == *language);
        let object = Object {
            tool: entry.tool,
            outcome: entry.outcome,
            at: entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            duration_ms: entry.duration_ms,
            reason: entry.reason.told(),
            tool_call_id: entry.tool_call_id,
            arguments,
            language: language.map(Language::code),
            answer: entry.answer.map(|words| cut(words, MAX_ANSWER)),
            late: entry.is_late,
            offered: entry.offered,
            effects: entry
                .effects
                .iter()
                .map(|effect| effect.set_off())
                .collect(),
        };
        Self {
            organization_id: entry.organization.id,
            call: Arc::clone(entry.call),
            tool: entry.tool.to_owned(),
            // Nothing in it can fail to be written; a tool call without a record is still one.
            object: serde_json::to_string(&object).unwrap_or_else(|_| "{}".to_owned()),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The beginning of a text, with an ellipsis where more followed.
fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text.into();
    }
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}
