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

/// Everything that one run of the load test has measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When it began.
    pub at: DateTime<Utc>,
    /// The commit that was measured, with `-dirty` behind it where files had changed since; empty for a service elsewhere.
    pub commit: String,
    /// Where it was measured.
    pub machine: String,
    /// What was asked for, by flag and value.
    pub settings: Vec<(&'static str, String)>,
    /// The runs, each of one program, in order; a scenario's runs of one program are its rounds.
    pub runs: Vec<Run>,
    /// Milliseconds from the start of each program to its first answer.
    pub first_answers: BTreeMap<&'static str, f64>,
    /// By how much cost grows: each round's ratio.
    pub growth: BTreeMap<&'static str, Vec<f64>>,
    /// Every figure that was held against a bound.
    pub verdicts: Vec<Verdict>,
}

/// One run of one program.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// What it shows, such as `check, 8 connections`.
    pub scenario: String,
    /// Which program.
    pub program: String,
    /// How requests arrive.
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
    /// Latencies of the bookings that were made.
    pub bookings: Latency,
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
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Latency {
    pub count: u64,
    pub p50: u64,
    pub p90: u64,
    pub p99: u64,
    pub p999: u64,
    pub max: u64,
}

/// What a program used during a run.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Usage {
    /// Processor time in microseconds an answer, user and system together.
    pub cpu_us: f64,
    /// The most resident memory, in MB.
    pub resident_mb: f64,
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
    /// Holds a figure against its bound.
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

/// A figure of a run.
pub type Figure = fn(&Run) -> Option<f64>;

/// Answers a second.
pub const RATE: Figure = |run| Some(run.per_second);
/// The program's own processor time.
pub const OWN_CPU: Figure = |run| Some(run.service?.cpu_us);
/// PostgreSQL's processor time.
pub const POSTGRESQL_CPU: Figure = |run| Some(run.postgresql?.cpu_us);
/// The 99th percentile.
pub const P99: Figure = |run| Some(count(run.all.p99));

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

    /// Whether nothing fell short that is required.
    pub fn passed(&self) -> bool {
        !self.verdicts.iter().any(Verdict::fails)
    }

    /// Everything for the terminal, as Markdown; what fell short last, where it is seen.
    pub fn text(&self) -> String {
        let at = self.at.format("%Y-%m-%d %H:%M UTC");
        let given = self.settings.iter().filter(|(_, value)| !value.is_empty());
        let given: Vec<_> = given
            .map(|(flag, value)| format!("{flag} {value}"))
            .collect();
        let mut text = format!(
            "{} {at}\n{}\n{}\n",
            self.commit,
            self.machine,
            given.join(", ")
        );
        text += &self.runs_table();
        text += &self.tools_table();
        text += &self.ahead_table();
        if self.runs.iter().any(|run| run.program == BARE) {
            text += "\n<!-- figures: begin (printed by `make load`) -->\n";
            text += &[
                &self.machine,
                ", ",
                &at.to_string(),
                "; medians of the rounds.\n",
            ]
            .concat();
            text += &self.figures_table();
            text += "<!-- figures: end -->\n";
        }
        text += &self.verdicts_table();
        text + &self.summary()
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

    fn runs_table(&self) -> String {
        let row = |(scenario, program): (&str, &str)| {
            let shown = |figure: Figure, show: fn(f64) -> String| {
                self.median(scenario, program, figure)
                    .map_or_else(String::new, show)
            };
            let wrong = self
                .rounds(scenario, program)
                .flat_map(|run| run.errors.values());
            let p50: Figure = |run| Some(count(run.all.p50));
            let p999: Figure = |run| Some(count(run.all.p999));
            let generator: Figure = |run| Some(run.generator?.cpu_us);
            let memory: Figure = |run| Some(run.service?.resident_mb);
            vec![
                scenario.to_owned(),
                program.to_owned(),
                shown(RATE, number),
                shown(p50, milliseconds),
                shown(P99, milliseconds),
                shown(p999, milliseconds),
                shown(OWN_CPU, number),
                shown(POSTGRESQL_CPU, number),
                shown(generator, number),
                shown(memory, number),
                wrong.sum::<u64>().to_string(),
            ]
        };
        let heads = [
            "scenario",
            "program",
            "a second",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "own µs",
            "PostgreSQL µs",
            "generator µs",
            "MB",
            "wrong",
        ];
        let mut text = table(
            &heads,
            &self.pairs().into_iter().map(row).collect::<Vec<_>>(),
        );
        let mut errors: BTreeMap<String, u64> = BTreeMap::new();
        for run in &self.runs {
            for (class, many) in &run.errors {
                *errors
                    .entry(format!("{}: {class}", run.program))
                    .or_default() += many;
            }
        }
        for (class, many) in errors {
            text += &["wrong answers, ", &class, ": ", &many.to_string(), "\n"].concat();
        }
        text
    }

    /// The service's latencies by tool.
    fn tools_table(&self) -> String {
        let mut rows = Vec::new();
        for (scenario, program) in self.pairs() {
            let runs: Vec<&Run> = self.rounds(scenario, program).collect();
            let Some(run) = runs
                .first()
                .filter(|run| program == FRONTDESK && run.tools.len() > 1)
            else {
                continue;
            };
            for tool in run.tools.keys() {
                let median = |of: fn(&Latency) -> u64| {
                    let figures = runs
                        .iter()
                        .filter_map(|run| Some(count(of(run.tools.get(tool)?))));
                    median(figures.collect()).map_or_else(String::new, milliseconds)
                };
                let figures = [
                    median(|it| it.p50),
                    median(|it| it.p90),
                    median(|it| it.p99),
                    median(|it| it.p999),
                ];
                rows.push([vec![scenario.to_owned(), tool.clone()], figures.into()].concat());
            }
        }
        table(
            &["scenario", "tool", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms"],
            &rows,
        )
    }

    /// Who is ahead at what.
    fn ahead_table(&self) -> String {
        let mut rows = Vec::new();
        for (scenario, other) in self
            .pairs()
            .into_iter()
            .filter(|(_, program)| *program != FRONTDESK)
        {
            let figures: [(&str, Figure, bool); 4] = [
                ("answers a second", RATE, true),
                (
                    "99th percentile",
                    |run| P99(run).filter(|p99| *p99 > 0.0),
                    false,
                ),
                ("own processor time", OWN_CPU, false),
                ("PostgreSQL's processor time", POSTGRESQL_CPU, false),
            ];
            for (what, figure, more_is_better) in figures {
                let Some(ratio) = self.over(scenario, &[other], figure) else {
                    continue;
                };
                let is_ahead = (ratio > 1.0) == more_is_better;
                let ahead = if is_ahead { FRONTDESK } else { other };
                let cells = [scenario, what, other, &format!("{ratio:.2}"), ahead];
                rows.push(cells.map(str::to_owned).into());
            }
        }
        table(
            &["scenario", "figure", "frontdesk over", "ratio", "ahead"],
            &rows,
        )
    }

    /// The table of docs/performance.md.
    fn figures_table(&self) -> String {
        use super::scenarios::{CHECK_8, CHECK_32, CHECK_500, MIX_8};
        let programs = [
            PGBENCH,
            BARE,
            FASTIFY_PG,
            FASTIFY_POSTGRES,
            FASTIFY_OURS,
            FRONTDESK,
        ];
        let measured = |program: &&str| self.runs.iter().any(|run| run.program == *program);
        let row = |program: &str| {
            let shown = |scenario, figure: Figure, show: fn(f64) -> String| {
                self.median(scenario, program, figure)
                    .map_or_else(String::new, show)
            };
            let own = shown(CHECK_8, OWN_CPU, number);
            let postgresql = shown(CHECK_8, POSTGRESQL_CPU, number);
            let p50 = shown(CHECK_500, |run| Some(count(run.all.p50)), milliseconds);
            let first = self.first_answers.get(program).copied();
            let memory = self.runs.iter().filter(|run| run.program == program);
            let memory = memory
                .filter_map(|run| Some(run.service?.resident_mb))
                .reduce(f64::max);
            vec![
                if program == FRONTDESK {
                    format!("**{program}**")
                } else {
                    program.to_owned()
                },
                shown(CHECK_8, RATE, number),
                shown(CHECK_32, RATE, number),
                format!("{} + {postgresql}", if own.is_empty() { "0" } else { &own }),
                shown(MIX_8, RATE, number),
                if p50.is_empty() {
                    p50
                } else {
                    format!("{p50} / {}", shown(CHECK_500, P99, milliseconds))
                },
                first.map_or_else(String::new, |ms| format!("{} ms", number(ms))),
                memory.map_or_else(String::new, |mb| format!("{} MB", number(mb))),
            ]
        };
        let heads = [
            "",
            "checks a second, 8 connections",
            "32 connections",
            "server + PostgreSQL, µs a check",
            "mix a second, 8 connections",
            "500 checks a second, p50 / p99 ms",
            "first answer",
            "memory",
        ];
        table(
            &heads,
            &programs
                .into_iter()
                .filter(measured)
                .map(row)
                .collect::<Vec<_>>(),
        )
    }

    fn verdicts_table(&self) -> String {
        let row = |verdict: &Verdict| {
            let met = match (verdict.met, verdict.is_required) {
                (Some(true), _) => "met",
                (Some(false), true) => "SHORT",
                (Some(false), false) => "short",
                (None, _) => "not measured",
            };
            let with_unit = |text: String| format!("{text} {}", verdict.unit).trim_end().to_owned();
            vec![
                met.to_owned(),
                verdict
                    .measured
                    .map_or_else(String::new, |it| with_unit(number(it))),
                with_unit(verdict.bound.clone()),
                if verdict.is_required {
                    "required"
                } else {
                    "aim"
                }
                .to_owned(),
                verdict.what.clone(),
            ]
        };
        let rows: Vec<_> = self.verdicts.iter().map(row).collect();
        table(&["", "measured", "goal", "", "what"], &rows)
    }

    fn summary(&self) -> String {
        let missed = |is_required| {
            let missed = self
                .verdicts
                .iter()
                .filter(|verdict| verdict.met == Some(false));
            let missed = missed.filter(|verdict| verdict.is_required == is_required);
            missed
                .map(|verdict| format!("  {} {}\n", verdict.what, verdict.bound))
                .collect::<Vec<_>>()
                .concat()
        };
        let (required, aims) = (missed(true), missed(false));
        let mut text = String::from("\n");
        if !aims.is_empty() {
            text += "Aims that are not reached, which fail nothing:\n";
            text += &aims;
        }
        if required.is_empty() {
            text + "Nothing that is required fell short.\n"
        } else {
            format!("{text}FELL SHORT:\n{required}")
        }
    }
}

/// The median; of an even number the higher one of the two in the middle.
pub fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// Microseconds as milliseconds.
fn milliseconds(us: f64) -> String {
    format!("{:.1}", us / 1000.0)
}

/// A figure with about three digits, thousands apart, such as `8,124`, `187`, `18.2` or `0.93`.
fn number(figure: f64) -> String {
    let digits = match figure.abs() {
        size if size >= 99.5 || figure.fract() == 0.0 => 0,
        size if size >= 9.95 => 1,
        _ => 2,
    };
    let text = format!("{figure:.digits$}");
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::new();
    for (at, letter) in text.char_indices() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(letter);
    }
    out
}

/// A Markdown table with columns as wide as their widest cell; nothing without rows.
fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let width = |nth: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(nth))
            .map(String::as_str);
        let widths = cells
            .chain(heads.get(nth).copied())
            .map(|cell| cell.chars().count());
        widths.max().unwrap_or_default().max(3)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells = cells
            .zip(&widths)
            .map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", cells.collect::<String>())
    };
    let rule: String = widths
        .iter()
        .map(|width| "-".repeat(width + 2) + "|")
        .collect();
    let mut text = format!("\n{}|{rule}\n", line(&mut heads.iter().copied()));
    for row in rows {
        text += &line(&mut row.iter().map(String::as_str));
    }
    text
}

#[cfg(test)]
pub mod tests;
