//! What a run has measured: the same for the terminal, the page and the JSON file, which a later run is compared with.
//!
//! Latencies are in microseconds, from the moment at which a request was due to the last byte of its answer.

pub mod diff;
pub mod page;
pub mod table;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Everything that one run of the harness has measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Report {
    /// When the run began.
    pub at: DateTime<Utc>,
    /// The commit that was measured, with `-dirty` behind it where files had changed since; empty for a service elsewhere.
    pub commit: String,
    /// Where it was measured.
    pub machine: Machine,
    /// What was asked for, by flag and value.
    pub settings: Vec<(String, String)>,
    /// The runs against one program each, in order.
    pub runs: Vec<Run>,
    /// Searches for the rate from which answers come late.
    pub ramps: Vec<Ramp>,
    /// Rounds against the limits.
    pub comparisons: Vec<Comparison>,
    /// What the database showed afterwards.
    pub database: Option<DatabaseCheck>,
    /// Every figure that was held against a bound.
    pub verdicts: Vec<Verdict>,
}

/// The machine.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// How many cores there are for generator, service and database together.
    pub cores: usize,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// The kernel's name and release.
    pub kernel: String,
    /// The version of PostgreSQL; empty where it is not known.
    pub postgresql: String,
}

/// One run: a mix of tools against one program, by one plan of arrivals.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Run {
    /// What it shows, such as `mix, 500 a second`.
    pub name: String,
    /// `frontdesk`, `floor` or `pgbench`.
    pub program: String,
    /// How requests arrive, such as `closed loop, 8 connections`.
    pub arrivals: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How many answers came, right ones and wrong ones.
    pub answered: u64,
    /// Answers a second.
    pub per_second: f64,
    /// Latencies of all tools together.
    pub all: Latency,
    /// Latencies by tool.
    pub tools: BTreeMap<String, Latency>,
    /// The run's seconds, in order.
    pub over_time: Vec<Second>,
    /// How many answers came within each latency, in order; a bucket begins where the one before it ends.
    pub distribution: Vec<Bucket>,
    /// Answers that were not right, by what was wrong.
    pub errors: BTreeMap<String, u64>,
    /// What the program used; `None` for one on another machine.
    pub service: Option<Usage>,
    /// What PostgreSQL used, all of its processes together.
    pub postgresql: Option<Usage>,
    /// What the generator used.
    pub generator: Option<Usage>,
}

/// Percentiles, in microseconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// How many answers.
    pub count: u64,
    /// The median.
    pub p50: u64,
    /// 90 of 100 are no slower.
    pub p90: u64,
    /// 95 of 100 are no slower.
    pub p95: u64,
    /// 99 of 100 are no slower.
    pub p99: u64,
    /// 999 of 1000 are no slower.
    pub p999: u64,
    /// The slowest.
    pub max: u64,
}

/// One second of a run.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Second {
    /// How many answers came in it.
    pub answered: u64,
    /// Their median, in microseconds.
    pub p50: u64,
    /// Their 99th percentile, in microseconds.
    pub p99: u64,
    /// The slowest, in microseconds.
    pub max: u64,
    /// Cores that the program kept busy, if that is known.
    pub service_cores: Option<f64>,
    /// Cores that PostgreSQL kept busy, if that is known.
    pub postgresql_cores: Option<f64>,
    /// The program's resident memory in MiB, if that is known.
    pub service_mib: Option<f64>,
}

/// Answers within a range of latencies.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// The slowest that count here, in microseconds.
    pub up_to: u64,
    /// How many.
    pub count: u64,
}

/// What a program used during a run.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Usage {
    /// Processor time in microseconds an answer, user and system together.
    pub cpu_us_per_answer: f64,
    /// Cores kept busy on average.
    pub cores: f64,
    /// The most resident memory, in MiB; of PostgreSQL what its processes have of their own, and what they share once.
    pub resident_mib: f64,
}

/// A search for the knee: the rate rises until answers come late.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Ramp {
    /// What it shows.
    pub name: String,
    /// The rates that were tried, in order.
    pub steps: Vec<Step>,
    /// The highest rate that was answered in time, in requests a second.
    pub knee: f64,
}

/// One rate of a ramp.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Step {
    /// Requests a second that were due.
    pub rate: f64,
    /// Answers a second that came.
    pub per_second: f64,
    /// Percentiles at this rate.
    pub latency: Latency,
}

/// Interleaved rounds of the service and its limits.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Comparison {
    /// What is compared, such as `check_availability, 8 connections`.
    pub name: String,
    /// The unit of the figures, such as `calls a second`.
    pub unit: String,
    /// The service against each limit.
    pub against: Vec<Ratio>,
}

/// The service and one limit, round by round.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Ratio {
    /// The limit: `floor`, `pgbench`, or another size of the database.
    pub limit: String,
    /// The service's figure and the limit's, in each round.
    pub rounds: Vec<(f64, f64)>,
    /// The median of the rounds' ratios, the service's figure over the limit's.
    pub median: f64,
}

/// What the database showed after the runs.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct DatabaseCheck {
    /// Pairs of active visits of one crew that overlap.
    pub overlaps: u64,
    /// Callers who were told that they are booked.
    pub told_booked: u64,
    /// Of these, the ones without exactly one active visit of their call at the time that they heard.
    pub told_wrong: u64,
    /// Visits of the run's calls whose caller was never told.
    pub untold: u64,
    /// Transfers and emergencies whose caller was told so, and of which the database keeps nothing.
    pub lost: u64,
    /// Answered calls whose tool is missing from the call's `tools_used`.
    pub unlogged: u64,
}

/// A figure and its bound.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Verdict {
    /// What was measured.
    pub what: String,
    /// How much it was.
    pub measured: f64,
    /// The bound, as it was given: `<=` or `>=`, and a number.
    pub bound: String,
    /// The unit of both; empty for a ratio.
    pub unit: String,
    /// Whether the figure keeps to the bound.
    pub passed: bool,
}
