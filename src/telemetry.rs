//! Logs and metrics.
//!
//! Logs go to standard error, so that what a command prints can be piped. Fields are dotted and carry units
//! (`call.id`, `tool.name`, `duration_ms`); a failure is logged once, where it is handled. Never logged: telephone
//! numbers, names, addresses, transcripts, arguments, secrets, control URLs.

use std::{io::IsTerminal, sync::OnceLock, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Pretty,
}

/// What a histogram of seconds is cut into; a caller notices from about half a second.
const BUCKETS: [f64; 18] = [
    0.000_01, 0.000_03, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
    0.3, 0.5, 0.8, 1.5, 5.0,
];

/// Libraries that are kept to a level whatever the filter asks for: the driver writes the values of every statement at a
/// lower one, the server announces every worker, and takes every stranger's request that is no HTTP for an error.
const QUIET: [&str; 5] = [
    "tokio_postgres=info",
    "hyper=info",
    "actix_server=warn",
    "actix_http::h1::dispatcher=off",
    "actix_http::h1::decoder=off",
];

/// How often the figures of histograms are taken together.
const GATHERED: Duration = Duration::from_secs(1);

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

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
            .try_init(),
        LogFormat::Pretty => lines.with_target(false).compact().try_init(),
    });
}

/// Starts counting for the process and returns where the figures can be read; a second call returns the same place.
#[must_use]
pub fn start_metrics() -> PrometheusHandle {
    METRICS
        .get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let builder = builder
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
                .unwrap_or_else(|_no_buckets| PrometheusBuilder::new());
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            // Another recorder can only be one that a test brought; the figures are then its own.
            drop(metrics::set_global_recorder(recorder));
            describe();
            handle
        })
        .clone()
}

/// Takes what was counted together every so often, until `stop`: each figure of a histogram is kept for itself until then, and where
/// nobody reads the metrics they would grow for ever.
pub async fn keep_metrics(figures: PrometheusHandle, stop: CancellationToken) {
    let gathering = async {
        loop {
            tokio::time::sleep(GATHERED).await;
            figures.run_upkeep();
        }
    };
    stop.run_until_cancelled(gathering).await;
}

fn describe() {
    metrics::describe_counter!(
        "frontdesk_tool_calls_total",
        "Tool calls answered, by tool and outcome."
    );
    metrics::describe_histogram!(
        "frontdesk_tool_duration_seconds",
        metrics::Unit::Seconds,
        "Time from a tool call's arrival to its answer, by tool."
    );
    metrics::describe_histogram!(
        "frontdesk_stage_seconds",
        metrics::Unit::Seconds,
        "Time of a stage of a webhook request: read, verify, parse, answer, reply; and of every wait for a connection, pool, and for the server, database."
    );
    metrics::describe_counter!(
        "frontdesk_database_refused_total",
        "Requests that got no connection to the database: slow, a read refused at once because it would have come too late; late, one that waited as long as it may."
    );
    metrics::describe_counter!(
        "frontdesk_webhook_refused_total",
        "Webhook requests refused before they were read, by reason."
    );
    metrics::describe_counter!(
        "frontdesk_disputed_assistants_total",
        "Look-ups of calls whose assistant is entered by another organization than the owner of the number."
    );
    metrics::describe_counter!(
        "frontdesk_messages_total",
        "Authentic webhook messages, by type."
    );
    metrics::describe_counter!(
        "frontdesk_journal_dropped_total",
        "Tool calls that are missing from tools_used."
    );
    metrics::describe_histogram!(
        "frontdesk_effect_wait_seconds",
        metrics::Unit::Seconds,
        "Time from when a message, call or e-mail is due to its attempt, by kind."
    );
    metrics::describe_counter!(
        "frontdesk_effects_failed_total",
        "Messages, calls and e-mails that were given up, by kind."
    );
    metrics::describe_counter!(
        "frontdesk_effects_repeated_total",
        "Attempts that may have repeated an earlier one whose end is not known."
    );
    metrics::describe_counter!(
        "frontdesk_pruned_rows_total",
        "Rows that were removed, or whose words were, because their organization keeps them no longer, by kind."
    );
    metrics::describe_gauge!(
        "frontdesk_database_connections",
        "Connections of the pool, by state."
    );
}
