//! The series that are there from the start: a counter that appears with its first event hides that event from whoever asks how much it
//! grew, and a gauge that is missing raises no alert.

use crate::{jobs::job, outage::spool, stage, tools::TOOLS, vapi};

/// Outcomes of tool calls that an alert looks at.
const FAILED: [&str; 3] = ["unavailable", "late", "internal"];

/// Why a request is not let in, as an alert looks at it: a secret that was changed on one side only.
const REFUSED: [&str; 7] = [
    "not_configured",
    "no_credential",
    "wrong_secret",
    "wrong_token",
    "stale_timestamp",
    "wrong_signature",
    "twilio_signature",
];

/// The providers of calendars.
const PROVIDERS: [&str; 4] = ["caldav", "calendly", "google", "outlook"];

/// The messages that Vapi sends of every call.
const MESSAGES: [&str; 4] = [
    "assistant-request",
    "tool-calls",
    "status-update",
    "end-of-call-report",
];

/// Begins every series that the dashboard and the alerts of `deploy/grafana` query.
pub(super) fn begin() {
    metrics::gauge!(
        "frontdesk_build_info",
        "version" => env!("CARGO_PKG_VERSION"),
        "time_zones" => chrono_tz::IANA_TZDB_VERSION,
    )
    .set(1.0);
    for tool in TOOLS {
        drop(metrics::histogram!("frontdesk_tool_duration_seconds", "tool" => tool.name));
        for outcome in FAILED {
            metrics::counter!("frontdesk_tool_calls_total", "tool" => tool.name, "outcome" => outcome)
                .increment(0);
        }
    }
    stage::begin();
    for kind in MESSAGES {
        metrics::counter!("frontdesk_messages_total", "kind" => kind).increment(0);
    }
    for reason in REFUSED {
        metrics::counter!("frontdesk_webhook_refused_total", "reason" => reason).increment(0);
    }
    for why in vapi::Unknown::ALL {
        metrics::counter!("frontdesk_unknown_calls_total", "reason" => why.label()).increment(0);
    }
    for reason in ["slow", "late"] {
        metrics::counter!("frontdesk_database_refused_total", "reason" => reason).increment(0);
    }
    for kind in job::Kind::ALL {
        metrics::counter!("frontdesk_jobs_failed_total", "kind" => kind.code()).increment(0);
        drop(metrics::histogram!("frontdesk_job_wait_seconds", "kind" => kind.code()));
    }
    for name in [
        "frontdesk_disputed_assistants_total",
        "frontdesk_attempts_repeated_total",
        "frontdesk_fallback_failures_total",
        "frontdesk_tool_log_dropped_total",
    ] {
        metrics::counter!(name).increment(0);
    }
    for provider in PROVIDERS {
        metrics::counter!("frontdesk_calendar_backoffs_total", "provider" => provider).increment(0);
    }
    for state in ["live", "failing", "revoked"] {
        metrics::gauge!("frontdesk_calendar_links", "state" => state).set(0.0);
    }
    for name in [
        "frontdesk_calendar_copies_waiting",
        "frontdesk_calendar_oldest_sync_seconds",
        "frontdesk_calendar_open_conflicts",
        "frontdesk_database_up",
        "frontdesk_incidents_oldest_unacknowledged_seconds",
        "frontdesk_incidents_unacknowledged",
        "frontdesk_outbox_due_jobs",
        "frontdesk_outbox_oldest_due_seconds",
        "frontdesk_spool_writable",
    ] {
        metrics::gauge!(name).set(0.0);
    }
    for kind in spool::Kind::ALL {
        for state in ["waiting", "left"] {
            metrics::gauge!("frontdesk_spool_files", "kind" => kind.name(), "state" => state)
                .set(0.0);
        }
    }
}
