//! What a message tells of a call, as the call log keeps it; most of it is in the end-of-call report.
//!
//! In every captured report the instants and the cost stand on the message, while its `call` is still the picture taken
//! when the call began; so the message is asked first. Reports of 2024 have transcript, summary and recording at their top
//! level, later ones in `artifact` and `analysis`.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use super::fields::Fields;
use crate::{calls::record::CallReport, domain::language::Language};

/// What became of a call, every part of which may be missing.
#[derive(Clone, Default, PartialEq)]
pub struct Report {
    /// Why the call ended: an open set of several hundred texts.
    pub ended_reason: Option<String>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// How long it lasted, in whole seconds, rounded.
    pub duration_seconds: Option<i32>,
    /// What was said, a line for each turn.
    pub transcript: Option<String>,
    /// What it was about, in Vapi's words.
    pub summary: Option<String>,
    /// Where the recording is kept.
    pub recording_url: Option<String>,
    /// Whether the call reached its aim, as text: `true`, `7` or whatever the assistant's rubric gives.
    pub success_evaluation: Option<String>,
    /// What the assistant's plan made of the call: `analysis.structuredData`, else `artifact.structuredOutputs` by id.
    pub structured_data: Option<Value>,
    /// What it cost, in US dollars.
    pub cost: Option<f64>,
}

impl Report {
    /// Reads the report in a message; a part that is missing or of another type is `None`.
    pub(super) fn read(message: &Fields<'_>, call: &Fields<'_>) -> Self {
        let artifact = message.object("artifact");
        let analysis = message.object("analysis");
        let places = [message, call];
        let instant = |key| places.iter().find_map(|place| place.instant(key));
        let started_at = instant("startedAt");
        let ended_at = instant("endedAt");
        Self {
            ended_reason: places.iter().find_map(|place| place.text("endedReason")),
            started_at,
            ended_at,
            duration_seconds: whole(message.number("durationSeconds"))
                .or_else(|| whole(between(started_at?, ended_at?)))
                .or_else(|| whole(furthest(&artifact)))
                .or_else(|| whole(furthest(message))),
            transcript: either(&artifact, message, "transcript"),
            summary: either(&analysis, message, "summary"),
            recording_url: artifact
                .object("recording")
                .object("mono")
                .text("combinedUrl")
                .or_else(|| either(&artifact, message, "recordingUrl")),
            success_evaluation: analysis.text("successEvaluation"),
            structured_data: analysis
                .value("structuredData")
                .or_else(|| artifact.value("structuredOutputs")),
            cost: message
                .number("cost")
                .or_else(|| message.object("costBreakdown").number("total")),
        }
    }
}

impl fmt::Debug for Report {
    /// Shows how the call ended; what was said and where it is recorded is for no log.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Report")
            .field("ended_reason", &self.ended_reason)
            .field("duration_seconds", &self.duration_seconds)
            .finish_non_exhaustive()
    }
}

fn either(first: &Fields<'_>, second: &Fields<'_>, key: &str) -> Option<String> {
    first.text(key).or_else(|| second.text(key))
}

/// The seconds from one instant to another.
fn between(started_at: DateTime<Utc>, ended_at: DateTime<Utc>) -> Option<f64> {
    let milliseconds = i32::try_from((ended_at - started_at).num_milliseconds()).ok()?;
    Some(f64::from(milliseconds) / 1000.0)
}

/// How far into the call the conversation got, in seconds: the furthest entry, because the clock of the entries starts
/// again when another assistant of a squad takes over, so that the last entry may be an early one.
fn furthest(place: &Fields<'_>) -> Option<f64> {
    place
        .list("messages")
        .into_iter()
        .filter_map(|raw| Fields::of(raw).number("secondsFromStart"))
        .reduce(f64::max)
}

/// Whole seconds, unless the number cannot be the length of a call.
fn whole(seconds: Option<f64>) -> Option<i32> {
    let seconds = seconds?.round();
    if !(0.0..=f64::from(i32::MAX)).contains(&seconds) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the number is whole and within the bounds of i32"
    )]
    Some(seconds as i32)
}

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

impl From<Report> for CallReport {
    /// The final report, as it is kept. Signed URLs expire and are left out.
    fn from(report: Report) -> Self {
        Self {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(message: &Value) -> Report {
        let text = message.to_string();
        let fields = Fields::read(&text).unwrap();
        Report::read(&fields, &fields.object("call"))
    }

    #[test]
    fn the_length_is_the_stated_one_else_what_lies_between_else_how_far_the_conversation_got() {
        let mut message = json!({
            "durationSeconds": 61.5, "startedAt": "2026-11-23T15:00:00.000Z", "endedAt": "2026-11-23T15:00:30.400Z",
            "artifact": {"messages": [{"secondsFromStart": 19.9}, {"secondsFromStart": 1.1}, {"role": "system"}]},
            "messages": [{"secondsFromStart": 7}],
        });
        let mut lengths = Vec::new();
        for gone in ["", "durationSeconds", "endedAt", "artifact", "messages"] {
            message.as_object_mut().unwrap().remove(gone);
            lengths.push(report(&message).duration_seconds);
        }
        assert_eq!(lengths, [Some(62), Some(30), Some(20), Some(7), None]);
    }

    #[test]
    fn a_length_that_cannot_be_is_passed_over() {
        let message = json!({
            "durationSeconds": -3, "startedAt": "2026-11-23T15:00:30Z", "endedAt": "2026-11-23T15:00:00Z",
            "artifact": {"messages": [{"secondsFromStart": 1e300}]}, "messages": [{"secondsFromStart": 4.4}],
        });
        assert_eq!(report(&message).duration_seconds, Some(4));
    }

    #[test]
    fn the_newer_place_wins_over_the_older_one() {
        let message = json!({
            "artifact": {
                "transcript": "new", "recordingUrl": "https://b.example/",
                "recording": {"mono": {"combinedUrl": "https://a.example/"}},
                "structuredOutputs": {"id": {"result": 1}},
            },
            "analysis": {"summary": "new", "structuredData": {"a": 1}, "successEvaluation": true},
            "transcript": "old", "summary": "old", "recordingUrl": "https://c.example/",
            "costBreakdown": {"total": 0.2},
        });
        let report = report(&message);
        assert_eq!(report.transcript.as_deref(), Some("new"));
        assert_eq!(report.summary.as_deref(), Some("new"));
        assert_eq!(report.recording_url.as_deref(), Some("https://a.example/"));
        assert_eq!(report.success_evaluation.as_deref(), Some("true"));
        assert_eq!(report.structured_data, Some(json!({"a": 1})));
        assert_eq!(report.cost, Some(0.2));
    }

    #[test]
    fn instants_that_stand_only_on_the_call_are_taken_from_there() {
        let call = json!({"call": {"startedAt": "2026-06-22T09:45:00.000Z", "endedAt": "2026-06-22T09:45:18.000Z"}});
        assert_eq!(report(&call).duration_seconds, Some(18));
    }

    #[test]
    fn the_debug_form_shows_nothing_that_was_said() {
        let shown = format!(
            "{:?}",
            report(
                &json!({"artifact": {"transcript": "my code is 4711"}, "endedReason": "hangup"})
            )
        );
        assert!(
            shown.contains("hangup") && !shown.contains("4711"),
            "{shown}"
        );
    }
}
