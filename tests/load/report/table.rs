//! What a run has measured, as plain text for a terminal of 110 columns.

pub mod grid;
pub mod rounds;
#[cfg(test)]
pub mod sample;

use std::fmt::{Arguments, Write};

use super::{Machine, Report};
use grid::Grid;
use rounds::{Rounds, rounds};

/// Stands where there is no figure.
pub const NOTHING: &str = "–";

/// Everything that was measured; the verdicts last, where they are seen.
pub fn table(report: &Report) -> String {
    let mut out = String::new();
    line(&mut out, format_args!("Load test of {}", subject(report)));
    line(&mut out, format_args!("  {}", machine(&report.machine)));
    line(&mut out, format_args!("  {}", settings(report)));
    out.push('\n');
    for rounds in rounds(&report.runs) {
        block(&mut out, &rounds);
    }
    for ramp in &report.ramps {
        line(
            &mut out,
            format_args!("Ramp: {}; {}", ramp.name, grid::knee(ramp)),
        );
        text(&mut out, &grid::steps(ramp));
    }
    for comparison in &report.comparisons {
        let (name, unit) = (&comparison.name, &comparison.unit);
        line(&mut out, format_args!("Comparison: {name}; {unit}"));
        text(&mut out, &grid::rounds(comparison));
    }
    if let Some(check) = &report.database {
        line(&mut out, format_args!("Database, after the runs"));
        text(&mut out, &grid::database(check));
    }
    if !report.verdicts.is_empty() {
        line(&mut out, format_args!("Verdicts"));
        text(&mut out, &grid::verdicts(&report.verdicts));
    }
    line(&mut out, format_args!("{}", summary(report)));
    out
}

/// A run, or several that are rounds of the same.
fn block(out: &mut String, rounds: &Rounds) {
    let run = &rounds.middle;
    line(out, format_args!("{}: {}", run.name, run.program));
    let (answered, seconds) = (count_of(run.answered), run.seconds);
    if rounds.many > 1 {
        let many = rounds.many;
        let about = format_args!(
            "  {}; {many} rounds of {seconds:.1} s, each figure the rounds' median, max the slowest",
            run.arrivals
        );
        line(out, about);
    } else {
        line(out, format_args!("  {}; {seconds:.1} s", run.arrivals));
    }
    let rate = number(run.per_second);
    if rounds.many > 1 {
        let (least, most) = (number(rounds.least), number(rounds.most));
        let rates = format_args!(
            "  {rate} answers a second, from {least} to {most} by round; {answered} answers a round"
        );
        line(out, rates);
    } else {
        line(
            out,
            format_args!("  {rate} answers a second, {answered} answers"),
        );
    }
    text(out, &grid::percentiles(run, latency));
    text(out, &grid::usage(run));
    if !run.errors.is_empty() {
        text(out, &grid::errors(run));
    }
}

/// How many bounds were kept.
pub fn summary(report: &Report) -> String {
    let all = report.verdicts.len();
    let failed = report
        .verdicts
        .iter()
        .filter(|verdict| !verdict.passed)
        .count();
    match (all, failed) {
        (0, _) => "Nothing was held against a bound.".to_owned(),
        (_, 0) => format!("All {all} bounds were kept."),
        _ => format!("{failed} of {all} bounds FAILED."),
    }
}

/// What was measured, and when.
pub fn subject(report: &Report) -> String {
    let at = report.at.format("%Y-%m-%d %H:%M UTC");
    match report.commit.as_str() {
        "" => format!("a service elsewhere, {at}"),
        commit => format!("{commit}, {at}"),
    }
}

/// The machine in one line.
pub fn machine(machine: &Machine) -> String {
    let memory = count_of(machine.memory_mib);
    let (processor, cores, kernel) = (&machine.processor, machine.cores, &machine.kernel);
    let postgresql = match machine.postgresql.as_str() {
        "" => "PostgreSQL of unknown version".to_owned(),
        version => format!("PostgreSQL {version}"),
    };
    format!("{processor}, {cores} cores, {memory} MiB, {kernel}, {postgresql}")
}

/// What was asked for, in one line; flags without a value are left out.
pub fn settings(report: &Report) -> String {
    let given = report
        .settings
        .iter()
        .filter(|(_, value)| !value.is_empty());
    let given: Vec<String> = given
        .map(|(flag, value)| format!("{flag} {value}"))
        .collect();
    given.join(", ")
}

/// A latency with its unit and three digits, such as `870 µs`, `1.24 ms` or `2.1 s`.
pub fn latency(microseconds: u64) -> String {
    let us = crate::record::count(microseconds);
    // The steps lie where rounding would add a digit: 9,996 µs are 10.0 ms.
    match microseconds {
        0..1_000 => format!("{microseconds} µs"),
        1_000..9_995 => format!("{:.2} ms", us / 1e3),
        9_995..99_950 => format!("{:.1} ms", us / 1e3),
        99_950..999_500 => format!("{:.0} ms", us / 1e3),
        999_500..99_950_000 => format!("{:.1} s", us / 1e6),
        _ => format!("{:.0} s", us / 1e6),
    }
}

/// A figure with about four digits, thousands apart and no zeros at its end, such as `8,124`, `18.23` or `0.934`.
pub fn number(figure: f64) -> String {
    if !figure.is_finite() {
        return NOTHING.to_owned();
    }
    let digits = match figure.abs() {
        size if size >= 999.95 => 0,
        size if size >= 99.995 => 1,
        size if size >= 9.9995 => 2,
        _ => 3,
    };
    let text = format!("{figure:.digits$}");
    match text.split_once('.') {
        None => thousands(&text),
        Some((whole, part)) => match part.trim_end_matches('0') {
            "" => whole.to_owned(),
            part => format!("{whole}.{part}"),
        },
    }
}

/// A count, thousands apart.
pub fn count_of(many: u64) -> String {
    thousands(&many.to_string())
}

fn thousands(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Adds to a text, which always takes it.
pub fn put(out: &mut String, what: Arguments<'_>) {
    out.write_fmt(what).unwrap_or_default();
}

/// Adds a line. Names may come from a file or another machine: they must not command the terminal.
pub fn line(out: &mut String, what: Arguments<'_>) {
    let what = what.to_string();
    out.extend(what.chars().filter(|letter| !letter.is_control()));
    out.push('\n');
}

/// Adds a grid, each column as wide as its widest cell, and an empty line.
pub fn text(out: &mut String, grid: &Grid) {
    let heads: Vec<String> = grid
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let lines = || std::iter::once(&heads).chain(&grid.rows);
    let width = |nth: usize| {
        let cells = lines().filter_map(|cells| cells.get(nth));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..grid.columns.len()).map(width).collect();
    for cells in lines() {
        let mut row = String::new();
        for ((cell, column), width) in cells.iter().zip(&grid.columns).zip(&widths) {
            if column.is_number {
                put(&mut row, format_args!("  {cell:>width$}"));
            } else {
                put(&mut row, format_args!("  {cell:<width$}"));
            }
        }
        line(out, format_args!("{}", row.trim_end()));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{sample::sample, *};

    #[test]
    fn a_latency_has_three_digits_and_its_unit() {
        for (microseconds, text) in [
            (0, "0 µs"),
            (870, "870 µs"),
            (999, "999 µs"),
            (1_000, "1.00 ms"),
            (1_240, "1.24 ms"),
            (9_994, "9.99 ms"),
            (9_996, "10.0 ms"),
            (99_949, "99.9 ms"),
            (99_950, "100 ms"),
            (999_499, "999 ms"),
            (999_500, "1.0 s"),
            (2_100_000, "2.1 s"),
            (120_000_000, "120 s"),
        ] {
            assert_eq!(latency(microseconds), text);
        }
    }

    #[test]
    fn a_figure_has_four_digits_and_no_zeros_at_its_end() {
        for (figure, text) in [
            (0.0, "0"),
            (0.934, "0.934"),
            (0.9, "0.9"),
            (9.9996, "10"),
            (18.234, "18.23"),
            (400.0, "400"),
            (999.96, "1,000"),
            (8_123.6, "8,124"),
            (-1_234_567.0, "-1,234,567"),
            (f64::NAN, NOTHING),
        ] {
            assert_eq!(number(figure), text);
        }
    }

    #[test]
    fn the_verdicts_come_last_and_every_line_fits() {
        let text = table(&sample());
        let verdicts = text.find("\nVerdicts").unwrap();
        for earlier in ["Ramp:", "Comparison:", "Database,"] {
            assert!(text.find(earlier).unwrap() < verdicts, "{earlier}");
        }
        assert!(text.ends_with("1 of 2 bounds FAILED.\n"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 110, "{line}");
        }
    }

    #[test]
    fn numbers_are_right_aligned() {
        let text = table(&sample());
        let ends = |what: &str| {
            let row = text
                .lines()
                .find(|line| line.trim_start().starts_with(what))
                .unwrap();
            row.trim_end().chars().count()
        };
        assert_eq!(ends("all "), ends("book_appointment "));
        assert_eq!(ends("generator "), ends("PostgreSQL "));
    }

    #[test]
    fn a_name_does_not_command_the_terminal() {
        let mut report = sample();
        for run in &mut report.runs {
            run.name = "\u{1b}[2Jgone\nVerdicts".to_owned();
            run.errors.insert("\u{1b}]0;title\u{7}".to_owned(), 1);
        }
        let text = table(&report);
        assert!(text.contains("gone") && !text.contains("gone\n"));
        assert!(!text.contains(['\u{1b}', '\u{7}']));
    }
}
