//! The report of made-up runs.

use super::*;

/// A report in which every program was measured in three rounds at these rates.
pub fn sample(rates: &[(&'static str, [f64; 3])]) -> Report {
    let run = |scenario: &str, program: &str, per_second: f64| Run {
        scenario: scenario.to_owned(),
        program: program.to_owned(),
        arrivals: String::new(),
        seconds: 1.0,
        answered: 100,
        per_second,
        all: Latency {
            p99: 1_500,
            ..Latency::default()
        },
        tools: BTreeMap::new(),
        bookings: Latency::default(),
        errors: BTreeMap::new(),
        service: Some(Usage {
            cpu_us: 50.0,
            resident_mb: 10.0,
        }),
        postgresql: Some(Usage {
            cpu_us: 100.0,
            resident_mb: 0.0,
        }),
        generator: None,
    };
    let runs = (0..3).flat_map(|round| {
        rates.iter().map(move |(program, rates)| {
            run(super::super::scenarios::CHECK_8, program, rates[round])
        })
    });
    Report {
        at: DateTime::UNIX_EPOCH,
        commit: "1a2b3c4".to_owned(),
        machine: "a machine".to_owned(),
        settings: Vec::new(),
        runs: runs.collect(),
        first_answers: BTreeMap::from([(FRONTDESK, 40.0)]),
        growth: BTreeMap::new(),
        verdicts: Vec::new(),
    }
}

#[test]
fn a_ratio_is_the_median_of_the_rounds_over_the_best_of_the_others() {
    let report = sample(&[
        (FRONTDESK, [200.0, 300.0, 100.0]),
        (FASTIFY_PG, [100.0, 100.0, 100.0]),
        (FASTIFY_POSTGRES, [50.0, 200.0, 50.0]),
    ]);
    let over = |others: &[&str]| report.over(super::super::scenarios::CHECK_8, others, RATE);
    assert_eq!(over(&[FASTIFY_PG, FASTIFY_POSTGRES]), Some(1.5));
    assert_eq!(over(&[FASTIFY_PG]), Some(2.0));
    assert_eq!(over(&[BARE]), None);
}

#[test]
fn what_falls_short_comes_last_and_only_what_is_required_fails() {
    let mut report = sample(&[(FRONTDESK, [1.0; 3]), (BARE, [2.0; 3])]);
    report.verdicts.push(Verdict::of(
        "an aim",
        Some(1.0),
        Limit::AtLeast(2.0),
        "",
        false,
    ));
    report
        .verdicts
        .push(Verdict::of("left out", None, Limit::AtLeast(2.0), "", true));
    assert!(report.passed());
    report.verdicts.push(Verdict::of(
        "a goal",
        Some(3.0),
        Limit::AtMost(2.0),
        "ms",
        true,
    ));
    assert!(!report.passed());
    let text = report.text();
    assert!(text.ends_with("FELL SHORT:\n  a goal <= 2\n"), "{text}");
    assert!(text.contains("| not measured |"), "{text}");
    assert!(text.contains("| 0.50  | bare server |"), "{text}");
    assert!(text.contains("| **frontdesk** | 1 "), "{text}");
    assert!(!text.contains("Fastify"), "{text}");
}

#[test]
fn every_row_of_a_table_is_as_wide_as_its_head() {
    let text = table(&["", "µs"], &[vec!["a".to_owned(), "12,345".to_owned()]]);
    assert_eq!(
        text,
        "\n|     | µs     |\n|-----|--------|\n| a   | 12,345 |\n"
    );
}

#[test]
fn a_figure_has_three_digits_and_thousands_apart() {
    for (figure, text) in [
        (0.0, "0"),
        (0.934, "0.93"),
        (18.24, "18.2"),
        (187.4, "187"),
        (8_123.6, "8,124"),
        (-1_234_567.0, "-1,234,567"),
    ] {
        assert_eq!(number(figure), text);
    }
}
