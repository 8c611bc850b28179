//! The tables of a report, which the terminal and the page draw each in its own way.

use std::iter::once;

use super::{
    super::{Comparison, DatabaseCheck, Latency, Ramp, Run, Step, Usage, Verdict},
    NOTHING, count_of, latency, number,
};

/// A table whose first column names the rows.
pub struct Grid {
    /// The columns.
    pub columns: Vec<Column>,
    /// The cells of each row.
    pub rows: Vec<Vec<String>>,
}

/// A column.
pub struct Column {
    /// What stands over it.
    pub name: String,
    /// Whether it holds figures, which are aligned at their ends.
    pub is_number: bool,
}

impl Column {
    /// A column of words.
    pub fn text(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_number: false,
        }
    }

    /// A column of figures.
    pub fn number(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_number: true,
        }
    }
}

/// A grid of named rows of figures.
fn figures(first: &str, others: &[&str], rows: Vec<Vec<String>>) -> Grid {
    let others = others.iter().map(|name| Column::number(name));
    Grid {
        columns: once(Column::text(first)).chain(others).collect(),
        rows,
    }
}

/// Percentiles of all answers and of each tool's, written as `show` says.
pub fn percentiles(run: &Run, show: fn(u64) -> String) -> Grid {
    let row = |name: &str, latency: &Latency| {
        let Latency {
            count,
            p50,
            p90,
            p95,
            p99,
            p999,
            max,
        } = *latency;
        let shown = [p50, p90, p95, p99, p999, max].map(show);
        [name.to_owned(), count_of(count)]
            .into_iter()
            .chain(shown)
            .collect()
    };
    let tools = run.tools.iter().map(|(tool, latency)| row(tool, latency));
    let rows = once(row("all", &run.all)).chain(tools).collect();
    figures(
        "tool",
        &["answers", "p50", "p90", "p95", "p99", "p99.9", "max"],
        rows,
    )
}

/// What the program, PostgreSQL and the generator used.
pub fn usage(run: &Run) -> Grid {
    let row = |name: &str, usage: Option<Usage>| {
        let shown = usage.map_or([NOTHING; 3].map(str::to_owned), |usage| {
            [
                format!("{:.1} µs", usage.cpu_us_per_answer),
                format!("{:.2}", usage.cores),
                format!("{:.1} MiB", usage.resident_mib),
            ]
        });
        once(name.to_owned()).chain(shown).collect()
    };
    let rows = vec![
        row(&run.program, run.service),
        row("PostgreSQL", run.postgresql),
        row("generator", run.generator),
    ];
    figures(
        "used by",
        &["CPU an answer", "cores busy", "resident memory"],
        rows,
    )
}

/// Answers that were not right.
pub fn errors(run: &Run) -> Grid {
    let rows = run
        .errors
        .iter()
        .map(|(class, many)| vec![class.clone(), count_of(*many)]);
    figures("wrong answers", &["how many"], rows.collect())
}

/// The rates of a ramp.
pub fn steps(ramp: &Ramp) -> Grid {
    let row = |step: &Step| {
        let Latency {
            p50,
            p99,
            p999,
            max,
            ..
        } = step.latency;
        let rates = [number(step.rate), number(step.per_second)];
        rates
            .into_iter()
            .chain([p50, p99, p999, max].map(latency))
            .collect()
    };
    let heads = [
        "due a second",
        "answered a second",
        "p50",
        "p99",
        "p99.9",
        "max",
    ];
    Grid {
        columns: heads.map(Column::number).into(),
        rows: ramp.steps.iter().map(row).collect(),
    }
}

/// What a ramp has found.
pub fn knee(ramp: &Ramp) -> String {
    if ramp.knee > 0.0 {
        format!("in time up to {} a second", number(ramp.knee))
    } else {
        "no rate was answered in time".to_owned()
    }
}

/// The rounds of a comparison, and the median ratio of each limit below them.
pub fn rounds(comparison: &Comparison) -> Grid {
    let against = &comparison.against;
    let heads = against
        .iter()
        .flat_map(|ratio| ["service", &ratio.limit, "ratio"].map(Column::number));
    let many = against
        .iter()
        .map(|ratio| ratio.rounds.len())
        .max()
        .unwrap_or_default();
    let round = |nth: usize| {
        let figures = against
            .iter()
            .flat_map(|ratio| match ratio.rounds.get(nth) {
                None => [NOTHING; 3].map(str::to_owned),
                Some((ours, theirs)) => [number(*ours), number(*theirs), ratio_of(ours / theirs)],
            });
        once((nth + 1).to_string()).chain(figures).collect()
    };
    let medians = against
        .iter()
        .flat_map(|ratio| [String::new(), String::new(), ratio_of(ratio.median)]);
    let medians = once("median".to_owned()).chain(medians).collect();
    Grid {
        columns: once(Column::text("round")).chain(heads).collect(),
        rows: (0..many).map(round).chain(once(medians)).collect(),
    }
}

/// A ratio, to three digits behind the point so that they stand in line.
pub fn ratio_of(ratio: f64) -> String {
    if ratio.is_finite() {
        format!("{ratio:.3}")
    } else {
        NOTHING.to_owned()
    }
}

/// What the database showed.
pub fn database(check: &DatabaseCheck) -> Grid {
    let rows = [
        (
            "pairs of active visits of one crew that overlap",
            check.overlaps,
        ),
        (
            "callers who were told that they are booked",
            check.told_booked,
        ),
        (
            "of these, without exactly one active visit at that time",
            check.told_wrong,
        ),
        ("visits whose caller was never told", check.untold),
        (
            "transfers and emergencies of which nothing is kept",
            check.lost,
        ),
        (
            "answered calls whose tool is missing from the call log",
            check.unlogged,
        ),
    ];
    let rows = rows.map(|(what, many)| vec![what.to_owned(), count_of(many)]);
    figures("found", &["how many"], rows.into())
}

/// Every figure that was held against a bound.
pub fn verdicts(verdicts: &[Verdict]) -> Grid {
    let row = |verdict: &Verdict| {
        vec![
            if verdict.passed { "passed" } else { "FAILED" }.to_owned(),
            measured(verdict),
            bound(verdict),
            verdict.what.clone(),
        ]
    };
    Grid {
        columns: vec![
            Column::text("verdict"),
            Column::number("measured"),
            Column::number("bound"),
            Column::text("what"),
        ],
        rows: verdicts.iter().map(row).collect(),
    }
}

/// A verdict's figure with its unit.
pub fn measured(verdict: &Verdict) -> String {
    format!("{} {}", number(verdict.measured), verdict.unit)
        .trim_end()
        .to_owned()
}

/// A verdict's bound with its unit.
pub fn bound(verdict: &Verdict) -> String {
    format!("{} {}", verdict.bound, verdict.unit)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{super::Ratio, sample::sample},
        *,
    };

    #[test]
    fn every_row_has_a_cell_for_every_column() {
        let report = sample();
        let run = report.runs.first().unwrap();
        let mut comparison = report.comparisons.first().unwrap().clone();
        // One limit was measured less often than the other.
        comparison.against.push(Ratio {
            limit: "pgbench".to_owned(),
            rounds: vec![(1.0, 2.0)],
            median: 0.5,
        });
        for grid in [
            percentiles(run, latency),
            usage(run),
            errors(run),
            steps(report.ramps.first().unwrap()),
            rounds(&comparison),
            database(&report.database.unwrap()),
            verdicts(&report.verdicts),
        ] {
            assert!(!grid.rows.is_empty());
            for row in &grid.rows {
                assert_eq!(row.len(), grid.columns.len(), "{row:?}");
            }
        }
    }

    #[test]
    fn the_median_ratio_stands_below_the_rounds() {
        let grid = rounds(sample().comparisons.first().unwrap());
        assert_eq!(grid.rows.last().unwrap(), &["median", "", "", "0.930"]);
        assert_eq!(grid.rows.first().unwrap(), &["1", "930", "1,000", "0.930"]);
    }

    #[test]
    fn a_ratio_to_nothing_is_no_figure() {
        assert_eq!(ratio_of(1.0 / 0.0), NOTHING);
    }

    #[test]
    fn a_knee_at_no_rate_is_told() {
        let mut ramp = sample().ramps.first().unwrap().clone();
        assert_eq!(knee(&ramp), "in time up to 2,000 a second");
        ramp.knee = 0.0;
        assert_eq!(knee(&ramp), "no rate was answered in time");
    }
}
