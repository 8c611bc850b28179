//! What was measured, for the terminal and as JSON. Latencies are in microseconds, from the moment at which a request was due to the
//! last byte of its answer; processor time is in microseconds an answer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::record::count;

/// The service.
pub const FRONTDESK: &str = "frontdesk";
/// The least program on its stack, with the plain statements.
pub const BARE: &str = "bare server";
/// The plain statements on Fastify, with pg.
pub const FASTIFY_PG: &str = "Fastify + pg";
/// The same with postgres.js.
pub const FASTIFY_POSTGRES: &str = "Fastify + postgres.js";
/// The service's own statement for a check on Fastify with pg.
pub const FASTIFY_OURS: &str = "Fastify + pg, frontdesk's statement";
/// PostgreSQL's load generator on the plain statement.
pub const PGBENCH: &str = "pgbench, plain slot function";

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// When it began.
    pub at: DateTime<Utc>,
    /// The commit that was measured, with `-dirty` behind it where files had changed since; `None` for a service elsewhere.
    pub commit: Option<String>,
    /// Where it was measured.
    pub machine: String,
    /// The settings, and the command line.
    pub settings: String,
    /// The runs, each of one program, in order; a scenario's runs of one program are its rounds.
    pub runs: Vec<Run>,
    /// Milliseconds from the start of the service to its first answer.
    pub first_answer: Option<f64>,
    /// By how much cost grows: each round's ratio.
    pub growth: BTreeMap<&'static str, Vec<f64>>,
    /// Every figure that was compared with a bound.
    pub verdicts: Vec<Verdict>,
}

/// One run of one program.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Run {
    /// What it shows, such as `check, 8 connections`.
    pub scenario: String,
    /// Which program.
    pub program: String,
    /// How many answers came, right ones and wrong ones.
    pub answered: u64,
    /// Answers a second.
    pub per_second: f64,
    /// Latencies of all tools together.
    pub all: Latency,
    /// Latencies by tool.
    pub tools: BTreeMap<&'static str, Latency>,
    /// The median latency of the bookings that were made.
    pub booking_us: Option<f64>,
    /// Answers that were not right, by what was wrong.
    pub errors: BTreeMap<String, u64>,
    /// The program's processor time an answer; `None` for one on another machine.
    pub own_us: Option<f64>,
    /// PostgreSQL's processor time an answer, all of its processes together.
    pub postgresql_us: Option<f64>,
    /// The generator's processor time an answer.
    pub generator_us: Option<f64>,
    /// The program's resident memory after the run, in MB.
    pub resident_mb: Option<f64>,
}

/// Percentiles, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    pub p50: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
}

/// What a figure may be.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// Not less.
    AtLeast(f64),
    /// Not more.
    AtMost(f64),
}

/// A figure and its bound.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// What was measured.
    pub what: String,
    /// How much it was, if it was measured.
    pub measured: Option<f64>,
    /// The bound: `<=` or `>=`, and a number.
    pub bound: String,
    /// The unit of both; empty for a ratio.
    pub unit: &'static str,
    /// Whether the run fails without it.
    pub is_required: bool,
    /// Whether the figure keeps to the bound, if it was measured.
    pub met: Option<bool>,
}

impl Verdict {
    /// Compares a figure with its bound.
    pub fn of(
        what: &str,
        measured: Option<f64>,
        limit: Limit,
        unit: &'static str,
        is_required: bool,
    ) -> Self {
        let (bound, met) = match limit {
            Limit::AtLeast(least) => (format!(">= {least}"), measured.map(|it| it >= least)),
            Limit::AtMost(most) => (format!("<= {most}"), measured.map(|it| it <= most)),
        };
        Self {
            what: what.to_owned(),
            measured,
            bound,
            unit,
            is_required,
            met,
        }
    }

    /// Something that may not be found.
    pub fn none(what: &str, found: u64) -> Self {
        Self::of(what, Some(count(found)), Limit::AtMost(0.0), "", true)
    }

    fn fails(&self) -> bool {
        self.is_required && self.met == Some(false)
    }
}

/// The columns of the runs.
const HEADS: [&str; 12] = [
    "scenario",
    "program",
    "a second",
    "p50 ms",
    "p99 ms",
    "p99.9 ms",
    "longest ms",
    "own µs",
    "PostgreSQL µs",
    "generator µs",
    "MB",
    "wrong",
];

/// A figure of a run.
pub type Figure = fn(&Run) -> Option<f64>;

/// Answers a second.
pub const RATE: Figure = |run| Some(run.per_second);
/// The program's own processor time.
pub const OWN_CPU: Figure = |run| run.own_us;
/// PostgreSQL's processor time.
pub const POSTGRESQL_CPU: Figure = |run| run.postgresql_us;
/// The 99th percentile.
pub const P99: Figure = |run| Some(run.all.p99).filter(|us| *us > 0.0);

impl Report {
    /// A program's runs of a scenario, in the order of the rounds.
    fn rounds<'a>(&'a self, scenario: &'a str, program: &'a str) -> impl Iterator<Item = &'a Run> {
        let is_it = move |run: &&Run| run.scenario == scenario && run.program == program;
        self.runs.iter().filter(is_it)
    }

    /// A figure of a program in a scenario: the median of the rounds.
    pub fn median(&self, scenario: &str, program: &str, figure: Figure) -> Option<f64> {
        median(self.rounds(scenario, program).filter_map(figure).collect())
    }

    /// The service's figure over the best of others, the largest, round by round: the median of the ratios. `None` where none of
    /// them was measured.
    pub fn over(&self, scenario: &str, others: &[&str], figure: Figure) -> Option<f64> {
        let rounds = |program| {
            self.rounds(scenario, program)
                .map(figure)
                .collect::<Vec<_>>()
        };
        let others: Vec<_> = others.iter().map(|program| rounds(program)).collect();
        let ratio = |(round, ours): (usize, Option<f64>)| {
            let theirs = others.iter().filter_map(|rounds| *rounds.get(round)?);
            let best = theirs.fold(0.0, f64::max);
            Some(ours? / best).filter(|ratio| ratio.is_finite())
        };
        let ours = rounds(FRONTDESK);
        median(ours.into_iter().enumerate().filter_map(ratio).collect())
    }

    /// Whether every required bound is met.
    pub fn passed(&self) -> bool {
        !self.verdicts.iter().any(Verdict::fails)
    }

    /// Everything for the terminal, as Markdown; missed goals last, where they are seen.
    pub fn text(&self) -> String {
        let commit = self.commit.as_deref().unwrap_or("a service elsewhere");
        let at = self.at.format("%Y-%m-%d %H:%M UTC");
        let mut text = format!("{commit} {at}\n{}\n{}\n", self.machine, self.settings);
        text += &self.runs_table();
        text += &self.ahead_table();
        text += &self.verdicts_table();
        text += "\n";
        for missed in self.verdicts.iter().filter(|verdict| verdict.fails()) {
            text += &["MISSED: ", &missed.what, " ", &missed.bound, "\n"].concat();
        }
        if self.passed() {
            text += "Every required goal that was measured is met.\n";
        }
        text
    }

    /// The programs and scenarios that were measured, each once, in order.
    fn pairs(&self) -> Vec<(&str, &str)> {
        let mut pairs = Vec::new();
        for run in &self.runs {
            let pair = (run.scenario.as_str(), run.program.as_str());
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }

    /// The medians of each program in each scenario, of the service also by tool, and what was wrong.
    fn runs_table(&self) -> String {
        let mut rows = Vec::new();
        let mut errors: BTreeMap<String, u64> = BTreeMap::new();
        for (scenario, program) in self.pairs() {
            let shown = |figure: Figure| self.shown(scenario, program, &figure);
            let runs = self.rounds(scenario, program);
            let wrong: u64 = runs.flat_map(|run| run.errors.values()).sum();
            let mut row = vec![scenario.to_owned(), program.to_owned(), shown(RATE)];
            row.extend(self.latencies(scenario, program, |run| Some(&run.all)));
            row.extend([
                shown(OWN_CPU),
                shown(POSTGRESQL_CPU),
                shown(|run| run.generator_us),
                shown(|run| run.resident_mb),
                wrong.to_string(),
            ]);
            rows.push(row);
            let mut runs = self.rounds(scenario, program);
            let tools = runs
                .next()
                .filter(|run| program == FRONTDESK && run.tools.len() > 1);
            for tool in tools.iter().flat_map(|run| run.tools.keys()) {
                let mut row = vec![scenario.to_owned(), (*tool).to_owned(), String::new()];
                row.extend(self.latencies(scenario, program, |run| run.tools.get(tool)));
                row.resize(HEADS.len(), String::new());
                rows.push(row);
            }
        }
        for run in &self.runs {
            for (class, many) in &run.errors {
                let class = format!("{}: {class}", run.program);
                *errors.entry(class).or_default() += many;
            }
        }
        let errors = errors
            .iter()
            .map(|(class, many)| format!("wrong answers, {class}: {many}\n"));
        table(&HEADS, &rows) + &errors.collect::<String>()
    }

    /// The median of a figure as text; empty if it was not measured.
    fn shown(&self, scenario: &str, program: &str, figure: &dyn Fn(&Run) -> Option<f64>) -> String {
        let figures = self.rounds(scenario, program).filter_map(figure);
        median(figures.collect()).map_or_else(String::new, number)
    }

    /// The medians of the percentiles that are shown, in milliseconds.
    fn latencies(
        &self,
        scenario: &str,
        program: &str,
        latency: impl Fn(&Run) -> Option<&Latency>,
    ) -> [String; 4] {
        let percentiles: [fn(&Latency) -> f64; 4] =
            [|it| it.p50, |it| it.p99, |it| it.p999, |it| it.max];
        percentiles.map(|percentile| {
            let figure = |run: &Run| latency(run).map(percentile).filter(|us| *us > 0.0);
            self.shown(scenario, program, &|run| Some(figure(run)? / 1e3))
        })
    }

    /// Who is ahead at what.
    fn ahead_table(&self) -> String {
        let figures: [(&str, Figure, bool); 4] = [
            ("answers a second", RATE, true),
            ("99th percentile", P99, false),
            ("own processor time", OWN_CPU, false),
            ("PostgreSQL's processor time", POSTGRESQL_CPU, false),
        ];
        let mut rows = Vec::new();
        let pairs = self.pairs().into_iter();
        for (scenario, other) in pairs.filter(|(_, program)| *program != FRONTDESK) {
            for (what, figure, more_is_better) in figures {
                let Some(ratio) = self.over(scenario, &[other], figure) else {
                    continue;
                };
                let is_ahead = (ratio > 1.0) == more_is_better;
                let ahead = if is_ahead { FRONTDESK } else { other };
                let cells = [scenario, what, other, &number(ratio), ahead];
                rows.push(cells.map(str::to_owned).into());
            }
        }
        let heads = ["scenario", "figure", "frontdesk over", "ratio", "ahead"];
        table(&heads, &rows)
    }

    fn verdicts_table(&self) -> String {
        let row = |verdict: &Verdict| {
            let met = match verdict.met {
                Some(true) => "met",
                Some(false) => "missed",
                None => "not measured",
            };
            let kind = if verdict.is_required {
                "required"
            } else {
                "aim"
            };
            let measured = verdict.measured.map_or_else(String::new, number);
            let bound = format!("{} {}", verdict.bound, verdict.unit);
            vec![
                met.to_owned(),
                measured,
                bound.trim_end().to_owned(),
                kind.to_owned(),
                verdict.what.clone(),
            ]
        };
        let rows: Vec<_> = self.verdicts.iter().map(row).collect();
        table(&["", "measured", "goal", "", "what"], &rows)
    }
}

/// The median; of an even number the higher one of the two in the middle.
pub fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// A figure with about three digits, such as `8124`, `187`, `18.2` or `0.93`.
fn number(figure: f64) -> String {
    let digits = match figure.abs() {
        size if size >= 99.5 || figure.fract() == 0.0 => 0,
        size if size >= 9.95 => 1,
        _ => 2,
    };
    format!("{figure:.digits$}")
}

/// A Markdown table with columns as wide as their widest cell; nothing without rows.
fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let cells = |nth: usize| {
        rows.iter()
            .chain([&heads])
            .filter_map(move |row| row.get(nth))
    };
    let width = |nth| {
        cells(nth)
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", cells.collect::<String>())
    };
    let rule = widths.iter().map(|width| "-".repeat(width + 2) + "|");
    let rule: String = rule.collect();
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("\n{}|{rule}\n{rows}", line(&heads))
}

#[cfg(test)]
pub mod tests;
