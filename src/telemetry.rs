//! Logs and metrics.
//!
//! Logs go to standard error, so that what a command prints can be piped. Fields are dotted and carry units
//! (`call.id`, `tool.name`, `duration_ms`); a failure is logged once, where it is handled. Never logged: telephone
//! numbers, names, addresses, transcripts, arguments, secrets, control URLs.

mod figures;
mod spans;

use std::{io::IsTerminal, sync::OnceLock};

use tracing_subscriber::EnvFilter;

pub use figures::Figures;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Pretty,
}

/// Libraries that are kept to a level whatever the filter asks for: the driver writes the values of every statement at a
/// lower one, the server announces every worker, and takes every stranger's request that is no HTTP for an error.
const QUIET: [&str; 5] = [
    "tokio_postgres=info",
    "hyper=info",
    "actix_server=warn",
    "actix_http::h1::dispatcher=off",
    "actix_http::h1::decoder=off",
];

/// What is counted, and what each counter means.
const COUNTERS: &[(&str, &str)] = &[
    (
        "frontdesk_tool_calls_total",
        "Tool calls answered, by tool and outcome. Outcomes of a failure: unavailable (the database is away, read-only or overloaded), late (the deadline passed), internal.",
    ),
    (
        "frontdesk_messages_total",
        "Authentic webhook messages, by kind.",
    ),
    (
        "frontdesk_webhook_refused_total",
        "Requests of providers that were refused before they were read, by reason.",
    ),
    (
        "frontdesk_unknown_calls_total",
        "Webhook messages of calls that belong to no organization, by reason: not_set_up, or another_organization than the one whose credential was used.",
    ),
    (
        "frontdesk_disputed_assistants_total",
        "Look-ups of calls whose assistant is entered by another organization than the owner of the number.",
    ),
    (
        "frontdesk_database_refused_total",
        "Requests that got no connection to the database: slow, a read refused at once because it would have come too late; late, one that waited as long as it may.",
    ),
    (
        "frontdesk_tool_log_dropped_total",
        "Tool calls that are missing from tools_used.",
    ),
    (
        "frontdesk_jobs_failed_total",
        "Jobs (messages, calls and e-mails) that failed for good, by kind.",
    ),
    (
        "frontdesk_attempts_repeated_total",
        "Attempts that may have repeated an earlier one whose end is not known.",
    ),
    (
        "frontdesk_pruned_rows_total",
        "Rows that were removed, or whose words were, because their organization keeps them no longer, by kind.",
    ),
    (
        "frontdesk_calendar_backoffs_total",
        "Times that a calendar was left because its provider asked to wait, by provider.",
    ),
    (
        "frontdesk_fallback_failures_total",
        "Attempts to tell the operator's fallback number of an emergency that were not accepted.",
    ),
];

/// What is measured as it is now. Those of the outbox, the incidents, calendars and the spool are taken every fifteen seconds.
const GAUGES: &[(&str, &str)] = &[
    (
        "frontdesk_build_info",
        "Always 1; its labels tell the program's version and that of its time zones.",
    ),
    (
        "frontdesk_database_up",
        "1 while the database takes writes, else 0.",
    ),
    (
        "frontdesk_database_connections",
        "Connections of the pool, by state: in_use, open; and requests that wait for one, waiting.",
    ),
    (
        "frontdesk_outbox_due_jobs",
        "Messages, calls and e-mails that are due and not yet attempted, of all organizations.",
    ),
    (
        "frontdesk_outbox_oldest_due_seconds",
        "For how long the oldest of them has been due, 0 when none is.",
    ),
    (
        "frontdesk_incidents_unacknowledged",
        "Emergencies that nobody has acknowledged, of all organizations.",
    ),
    (
        "frontdesk_incidents_oldest_unacknowledged_seconds",
        "How long ago the oldest of them was opened, 0 when there is none.",
    ),
    (
        "frontdesk_calendar_links",
        "Linked calendars of all organizations, by state: live, failing (the last time it could not be read), revoked (the provider does not take the credential).",
    ),
    (
        "frontdesk_calendar_oldest_sync_seconds",
        "How long ago the linked calendar was read that was not read for the longest, of those that are not revoked; 0 when there is none.",
    ),
    (
        "frontdesk_calendar_copies_waiting",
        "Appointments that are due to be written into a linked calendar, or removed from it; counted up to a thousand.",
    ),
    (
        "frontdesk_calendar_open_conflicts",
        "Appointments that linked calendars contradict, of all organizations; counted up to a thousand.",
    ),
    (
        "frontdesk_spool_files",
        "Files in the spool, by kind (emergency, message) and state: waiting for the database, or left because they could not be replayed.",
    ),
    (
        "frontdesk_spool_writable",
        "1 while what callers say in an outage can be kept, 0 when FRONTDESK_SPOOL is not set or cannot be written to.",
    ),
];

/// What is measured each time that it happens, in seconds.
const HISTOGRAMS: &[(&str, &str)] = &[
    (
        "frontdesk_tool_duration_seconds",
        "Time from a tool call's arrival to its answer, by tool.",
    ),
    (
        "frontdesk_stage_seconds",
        "Time of a stage of a webhook request: read, verify, parse, answer, reply; and of every wait for a connection, pool, and for the server, database.",
    ),
    (
        "frontdesk_job_wait_seconds",
        "Time from when a job (a message, call or e-mail) is due to its attempt, by kind.",
    ),
];

/// Metrics that were renamed, by their old and their new name. They are exported by both for one release, so that dashboards and alerts can
/// follow; this table and [`aliases`] go together with `sql/functions/renamed.sql`.
const RENAMED: &[(&str, &str)] = &[
    (
        "frontdesk_effect_wait_seconds",
        "frontdesk_job_wait_seconds",
    ),
    (
        "frontdesk_effects_failed_total",
        "frontdesk_jobs_failed_total",
    ),
    (
        "frontdesk_effects_repeated_total",
        "frontdesk_attempts_repeated_total",
    ),
    (
        "frontdesk_journal_dropped_total",
        "frontdesk_tool_log_dropped_total",
    ),
];

static METRICS: OnceLock<Figures> = OnceLock::new();

/// Starts logging for the process; a second call changes nothing.
pub fn start_logs(filter: EnvFilter, format: LogFormat) {
    let filter = QUIET
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // An error means that a subscriber is set already, which is what was wanted.
    drop(match format {
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(true)
            .fmt_fields(spans::SpanFields)
            .try_init(),
        LogFormat::Pretty => lines.with_target(false).compact().try_init(),
    });
}

/// Starts counting for the process and returns where the figures can be read; a second call returns the same place.
#[must_use]
pub fn start_metrics() -> Figures {
    METRICS
        .get_or_init(|| {
            let figures = Figures::default();
            // Another recorder can only be one that a test brought; the figures are then its own.
            drop(metrics::set_global_recorder(figures.clone()));
            describe();
            figures
        })
        .clone()
}

/// The metrics in Prometheus' text form, the renamed ones by both names.
#[must_use]
pub fn render(figures: &Figures) -> String {
    let text = figures.text();
    let old = aliases(&text);
    text + &old
}

/// The series of [`RENAMED`] metrics again, by their old names.
fn aliases(text: &str) -> String {
    let mut old = String::new();
    for (was, is) in RENAMED {
        for line in text.lines() {
            let (head, series) = ["# HELP ", "# TYPE "]
                .iter()
                .find_map(|head| Some((*head, line.strip_prefix(head)?)))
                .unwrap_or(("", line));
            let Some(rest) = series.strip_prefix(is) else {
                continue;
            };
            let is_series = rest.starts_with([' ', '{'])
                || ["_bucket{", "_count", "_sum"]
                    .iter()
                    .any(|part| rest.starts_with(part));
            if head == "# HELP " {
                old.extend([head, was, " Old name of ", is, ".\n"]);
            } else if is_series {
                old.extend([head, was, rest, "\n"]);
            }
        }
    }
    old
}

fn describe() {
    let seconds = metrics::Unit::Seconds;
    for (name, text) in COUNTERS {
        metrics::describe_counter!(*name, *text);
    }
    for (name, text) in GAUGES {
        metrics::describe_gauge!(*name, *text);
    }
    for (name, text) in HISTOGRAMS {
        metrics::describe_histogram!(*name, seconds, *text);
    }
}
