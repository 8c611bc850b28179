//! A made-up report, which the tests show.

use std::collections::BTreeMap;

use chrono::DateTime;

use super::super::{
    Bucket, Comparison, DatabaseCheck, Latency, Machine, Ramp, Ratio, Report, Run, Second, Step,
    Usage, Verdict,
};

/// A report with some of everything.
pub fn sample() -> Report {
    let settings = [
        ("url", ""),
        ("organizations", "1000"),
        ("visits", "1000"),
        ("pool", "8"),
    ];
    Report {
        at: DateTime::UNIX_EPOCH,
        commit: "1a2b3c4-dirty".to_owned(),
        machine: Machine {
            processor: "AMD EPYC 7B13".to_owned(),
            cores: 2,
            memory_mib: 7_936,
            kernel: "Linux 6.8.0".to_owned(),
            postgresql: "18.1".to_owned(),
        },
        settings: settings
            .map(|(flag, value)| (flag.to_owned(), value.to_owned()))
            .into(),
        runs: vec![run("frontdesk", 930.0), run("floor", 1_000.0)],
        ramps: vec![Ramp {
            name: "mix, open loop".to_owned(),
            steps: [
                (500.0, 2_000),
                (1_000.0, 3_000),
                (2_000.0, 9_000),
                (4_000.0, 900_000),
            ]
            .map(|(rate, p99)| Step {
                rate,
                per_second: rate,
                latency: latency(p99),
            })
            .into(),
            knee: 2_000.0,
        }],
        comparisons: vec![Comparison {
            name: "mix, 8 connections".to_owned(),
            unit: "calls a second".to_owned(),
            against: vec![Ratio {
                limit: "floor".to_owned(),
                rounds: vec![(930.0, 1_000.0), (900.0, 1_000.0), (950.0, 1_000.0)],
                median: 0.93,
            }],
        }],
        database: Some(DatabaseCheck {
            told_booked: 1_234,
            ..DatabaseCheck::default()
        }),
        verdicts: vec![
            verdict(
                "mix, 8 connections, calls a second over floor",
                0.93,
                ">= 0.9",
                "",
            ),
            verdict("resident memory under load", 21.4, "<= 20", "MiB"),
        ],
    }
}

fn verdict(what: &str, measured: f64, bound: &str, unit: &str) -> Verdict {
    Verdict {
        what: what.to_owned(),
        measured,
        bound: bound.to_owned(),
        unit: unit.to_owned(),
        passed: unit.is_empty(),
    }
}

fn latency(p99: u64) -> Latency {
    Latency {
        count: 4_650,
        p50: p99 / 4,
        p90: p99 / 2,
        p95: p99 / 3 * 2,
        p99,
        p999: p99 * 2,
        max: p99 * 5,
    }
}

fn run(program: &str, per_second: f64) -> Run {
    let usage = |cpu_us_per_answer, resident_mib| {
        Some(Usage {
            cpu_us_per_answer,
            cores: 0.42,
            resident_mib,
        })
    };
    let second = |answered| Second {
        answered,
        p50: 870,
        p99: 3_480 + answered,
        max: 17_400,
        service_cores: Some(0.42),
        postgresql_cores: Some(1.1),
        service_mib: Some(14.2),
    };
    let buckets = [
        (600, 100),
        (720, 900),
        (864, 1_900),
        (1_037, 1_200),
        (1_244, 500),
        (17_400, 50),
    ];
    Run {
        name: "mix, 8 connections".to_owned(),
        program: program.to_owned(),
        arrivals: "closed loop, 8 connections".to_owned(),
        seconds: 5.0,
        answered: 4_650,
        per_second,
        all: latency(3_480),
        tools: BTreeMap::from([
            ("book_appointment".to_owned(), latency(6_000)),
            ("check_availability".to_owned(), latency(3_000)),
        ]),
        over_time: [900, 950, 930, 940, 930].map(second).into(),
        distribution: buckets.map(|(up_to, count)| Bucket { up_to, count }).into(),
        errors: BTreeMap::from([("status 500".to_owned(), 3)]),
        service: usage(52.1, 14.2),
        postgresql: usage(210.0, 96.0),
        generator: usage(40.0, 9.5),
    }
}
