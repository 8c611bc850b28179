//! What is kept of a message that tells of a call.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::report::Report;
use crate::{calls::record::CallReport, domain::language::Language};

/// A status update, as it is kept.
#[must_use]
pub fn status_update(status: String, ended_reason: Option<String>) -> CallReport {
    CallReport {
        status,
        metadata: present([("ended_reason", ended_reason.map(Value::from))]),
        ..CallReport::default()
    }
}

/// A language that was heard, as it is kept: it is heard while the call is going on.
#[must_use]
pub fn language_change(language: Language) -> CallReport {
    CallReport {
        status: "in-progress".to_owned(),
        language: Some(language),
        ..CallReport::default()
    }
}

/// The final report, as it is kept. Signed URLs expire and are left out.
#[must_use]
pub fn final_report(report: Report) -> CallReport {
    CallReport {
        status: "ended".to_owned(),
        language: None,
        duration_seconds: report.duration_seconds,
        transcript: report.transcript,
        summary: report.summary,
        metadata: present([
            ("ended_reason", report.ended_reason.map(Value::from)),
            ("started_at", report.started_at.map(instant)),
            ("ended_at", report.ended_at.map(instant)),
            ("recording_url", report.recording_url.map(Value::from)),
            (
                "success_evaluation",
                report.success_evaluation.map(Value::from),
            ),
            ("structured_data", report.structured_data),
            ("cost", report.cost.map(Value::from)),
        ]),
        is_final: true,
    }
}

fn instant(at: DateTime<Utc>) -> Value {
    Value::from(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

fn present<const N: usize>(fields: [(&str, Option<Value>); N]) -> Map<String, Value> {
    fields
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
        .collect()
}
