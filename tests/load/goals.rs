//! What the service is to reach: the one table of goals. `make load` fails below those that are required.

use super::{
    growth::{APPOINTMENTS, DENSITY, ORGANIZATIONS},
    messages::Tool,
    report::{
        BARE, FASTIFY_OURS, FASTIFY_PG, FASTIFY_POSTGRES, FRONTDESK, Limit, OWN_CPU, P99, PGBENCH,
        POSTGRESQL_CPU, RATE, Report, Verdict, median,
    },
    scenarios::{CHECK_8, CHECK_32, CHECK_500, MIX_8, MIX_300},
};
use Limit::{AtLeast, AtMost};

/// The run fails if it is missed.
const HOLDS: bool = true;
/// It is shown, and fails nothing.
const AIM: bool = false;

/// Fastify with plain statements, with either driver: the better one of a round counts.
const FASTIFY: [&str; 2] = [FASTIFY_PG, FASTIFY_POSTGRES];

/// What is measured, the bound, its unit, whether it must hold, and where the figure comes from; `None` if it was not measured.
type Goal = (
    &'static str,
    Limit,
    &'static str,
    bool,
    fn(&Report) -> Option<f64>,
);

#[rustfmt::skip]
const GOALS: [Goal; 19] = [
    ("checks a second, 8 connections, over plain Fastify", AtLeast(2.0), "", AIM, |r| r.over(CHECK_8, &FASTIFY, RATE)),
    ("checks a second, 32 connections, over plain Fastify", AtLeast(1.6), "", HOLDS, |r| r.over(CHECK_32, &FASTIFY, RATE)),
    ("checks a second, 8 connections, over the bare server", AtLeast(1.0), "", AIM, |r| r.over(CHECK_8, &[BARE], RATE)),
    ("PostgreSQL's processor time a check, call log included, over pgbench's", AtMost(0.6), "", AIM, |r| r.over(CHECK_8, &[PGBENCH], POSTGRESQL_CPU)),
    ("own processor time a check over the bare server's", AtMost(1.5), "", AIM, |r| r.over(CHECK_8, &[BARE], OWN_CPU)),
    ("the mix a second, 8 connections, over plain Fastify", AtLeast(1.0), "", AIM, |r| r.over(MIX_8, &FASTIFY, RATE)),
    ("500 checks a second, 99th percentile over the bare server's", AtMost(1.3), "", HOLDS, |r| r.over(CHECK_500, &[BARE], P99)),
    ("300 of the mix a second, 99th percentile", AtMost(15.0), "ms", HOLDS, |r| Some(r.median(MIX_300, FRONTDESK, P99)? / 1e3)),
    ("first answer after the start of the process", AtMost(50.0), "ms", HOLDS, |r| r.first_answer),
    ("resident memory after load", AtMost(20.0), "MB", AIM, resident),
    ("300 of the mix a second, 99th percentile of a check", AtMost(50.0), "ms", HOLDS, |r| p99_of(r, Tool::Check)),
    ("300 of the mix a second, 99th percentile of a booking", AtMost(100.0), "ms", HOLDS, |r| p99_of(r, Tool::Book)),
    ("a check with 1,000,000 appointments over one with 10,000", AtMost(1.2), "", HOLDS, |r| grown(r, APPOINTMENTS[0])),
    ("a booking with 1,000,000 appointments over one with 10,000", AtMost(1.2), "", HOLDS, |r| grown(r, APPOINTMENTS[1])),
    ("a check with 10,000 organizations over one with 10", AtMost(1.2), "", HOLDS, |r| grown(r, ORGANIZATIONS[0])),
    ("a booking with 10,000 organizations over one with 10", AtMost(1.2), "", HOLDS, |r| grown(r, ORGANIZATIONS[1])),
    ("a check with 60 appointments a day over one with 10, capacity 10", AtMost(1.5), "", HOLDS, |r| grown(r, DENSITY[0])),
    ("a booking with 60 appointments a day over one with 10, capacity 10", AtMost(1.5), "", HOLDS, |r| grown(r, DENSITY[1])),
    ("checks a second, 8 connections, over Fastify with frontdesk's statement", AtLeast(1.5), "", HOLDS, |r| r.over(CHECK_8, &[FASTIFY_OURS], RATE)),
];

fn resident(report: &Report) -> Option<f64> {
    let ours = report.runs.iter().filter(|run| run.program == FRONTDESK);
    ours.filter_map(|run| run.resident_mb).reduce(f64::max)
}

fn p99_of(report: &Report, tool: Tool) -> Option<f64> {
    let runs = report.runs.iter().filter(|run| run.scenario == MIX_300);
    let figures = runs.filter_map(|run| Some(run.tools.get(tool.name())?.p99 / 1e3));
    median(figures.collect())
}

fn grown(report: &Report, what: &str) -> Option<f64> {
    median(report.growth.get(what)?.clone())
}

/// Compares a report with every goal.
pub fn judge(report: &Report) -> Vec<Verdict> {
    let judged = GOALS.iter().map(|(what, limit, unit, holds, figure)| {
        Verdict::of(what, figure(report), *limit, unit, *holds)
    });
    judged.collect()
}

#[cfg(test)]
mod tests {
    use super::{super::report::tests::sample, *};

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let verdicts = judge(&sample(&[(FRONTDESK, [300.0; 3]), (BARE, [200.0; 3])]));
        let of = |what: &str| {
            let mut verdicts = verdicts.iter();
            verdicts.find(|it| it.what.contains(what)).unwrap().met
        };
        assert_eq!(of("8 connections, over plain Fastify"), None);
        assert_eq!(of("8 connections, over the bare server"), Some(true));
        assert_eq!(of("first answer"), Some(true));
        assert_eq!(of("a check with 60"), None);
    }

    #[test]
    fn the_better_driver_counts() {
        let verdicts = judge(&sample(&[
            (FRONTDESK, [300.0; 3]),
            (FASTIFY_PG, [100.0; 3]),
            (FASTIFY_POSTGRES, [200.0; 3]),
        ]));
        assert_eq!(verdicts[0].measured, Some(1.5));
        assert_eq!(verdicts[0].met, Some(false));
    }
}
