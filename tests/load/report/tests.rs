//! The report of made-up runs.

use super::{super::scenarios::CHECK_8, *};

/// A report in which every program was measured in three rounds at these rates.
pub fn sample(rates: &[(&'static str, [f64; 3])]) -> Report {
    let run = |program: &str, per_second: f64| Run {
        scenario: CHECK_8.to_owned(),
        program: program.to_owned(),
        answered: 100,
        per_second,
        own_us: Some(50.0),
        ..Run::default()
    };
    let runs = (0..3).flat_map(|round| {
        let rates = rates.iter();
        rates.map(move |(program, rates)| run(program, rates[round]))
    });
    Report {
        runs: runs.collect(),
        first_answer: Some(40.0),
        ..Report::default()
    }
}

#[test]
fn a_ratio_is_the_median_of_the_rounds_over_the_best_of_the_others() {
    let report = sample(&[
        (FRONTDESK, [200.0, 300.0, 100.0]),
        (FASTIFY_PG, [100.0, 100.0, 100.0]),
        (FASTIFY_POSTGRES, [50.0, 200.0, 50.0]),
    ]);
    let over = |others: &[&str]| report.over(CHECK_8, others, RATE);
    assert_eq!(over(&[FASTIFY_PG, FASTIFY_POSTGRES]), Some(1.5));
    assert_eq!(over(&[FASTIFY_PG]), Some(2.0));
    assert_eq!(over(&[BARE]), None);
}

#[test]
fn missed_goals_come_last_and_only_required_ones_fail() {
    let mut report = sample(&[(FRONTDESK, [1.0; 3]), (BARE, [2.0; 3])]);
    let verdict = |what, measured, limit, unit, is_required| {
        Verdict::of(what, measured, limit, unit, is_required)
    };
    let two = Limit::AtLeast(2.0);
    report.verdicts.extend([
        verdict("an aim", Some(1.0), two, "", false),
        verdict("left out", None, two, "", true),
    ]);
    assert!(report.passed());
    let goal = verdict("a goal", Some(3.0), Limit::AtMost(2.0), "ms", true);
    report.verdicts.push(goal);
    assert!(!report.passed());
    let text = report.text();
    assert!(text.ends_with("\n\nMISSED: a goal <= 2\n"), "{text}");
    assert!(text.contains("| not measured |"), "{text}");
    assert!(text.contains("| 0.50  | bare server |"), "{text}");
    assert!(!text.contains("Fastify"), "{text}");
}

#[test]
fn every_row_of_a_table_is_as_wide_as_its_head() {
    let text = table(&["", "µs"], &[vec!["a".to_owned(), "12345".to_owned()]]);
    assert_eq!(text, "\n|   | µs    |\n|---|-------|\n| a | 12345 |\n");
}
