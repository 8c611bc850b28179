//! The whole proof in one run: the service against its limits, how its cost grows, and what a rush cannot break.

use std::{
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Result;

use super::{
    arrivals::Arrivals,
    expect::{at_least, at_most},
    generator::{Callers, Outcome, Plan, run},
    limits::{Contest, Rounds},
    pgbench::Pgbench,
    record::count,
    report::{Ramp, Report, Step},
    sign::Signer,
    stage::{Running, Size, Stage},
    verify::{Promises, verify},
};

/// What callers do on a usual day, of a hundred: check, book, transfer, emergency.
pub const MIX: [u32; 4] = [70, 20, 5, 5];
/// All of them check.
pub const CHECKS: [u32; 4] = [100, 0, 0, 0];
const BOOKINGS: [u32; 4] = [0, 100, 0, 0];

/// How many callers are after one hour at the same moment.
const RUSH: u32 = 400;

/// The name of the runs that look for the knee.
const RAMP: &str = "ramp";

/// Free on every day of the seed.
const FREE_HOUR: u32 = 17;

/// Answers within this are in time when the knee is looked for.
const IN_TIME_US: u64 = 100_000;

/// Everything that a proof needs.
pub struct Proof<'a> {
    /// PostgreSQL.
    pub stage: &'a Stage,
    /// The service's and the floor's programs.
    pub programs: &'a (PathBuf, PathBuf),
    /// How requests are proved.
    pub signer: &'a Signer,
    /// What callers ask for.
    pub callers: &'a Rc<Callers>,
    /// Organizations and visits.
    pub size: Size,
    /// The pool of the service and of the floor.
    pub pool: u32,
    /// How many rounds of each comparison.
    pub rounds: u32,
    /// How long each program runs in a round.
    pub length: Duration,
    /// Where the figures go.
    pub report: &'a mut Report,
    /// What callers were told.
    pub promises: Promises,
}

impl Proof<'_> {
    /// Runs everything, or the limits alone.
    ///
    /// # Errors
    ///
    /// When a program does not start or does not answer.
    pub fn run(&mut self, whole: bool) -> Result<()> {
        let database = self.stage.database(self.size)?;
        self.first_answer(&database)?;
        let frontdesk = self.start(&database, self.size.organizations)?;
        self.against_limits(&database, &frontdesk)?;
        if whole {
            self.knee(&frontdesk)?;
            self.rush(&frontdesk)?;
        }
        frontdesk.stop()?;
        self.check_database(&database)?;
        if whole { self.growth() } else { Ok(()) }
    }

    pub(super) fn start(&self, database: &str, organizations: u32) -> Result<Running> {
        let running = self
            .stage
            .frontdesk(&self.programs.0, database, self.pool, self.signer)?;
        self.warm(&running, organizations)?;
        Ok(running)
    }

    /// Lets caches and branch predictors see what comes: each organization several times, since not every message names it in the same
    /// way. What the first call of a day takes beyond the others is no part of how cost grows.
    pub(super) fn warm(&self, running: &Running, organizations: u32) -> Result<()> {
        self.callers.mix.set(CHECKS);
        self.callers.organizations.set(organizations);
        let plan = Plan {
            name: "warm-up",
            arrivals: Arrivals::Closed(8),
            length: Duration::from_millis(u64::from(organizations.max(1_000)) * 3),
            seed: 0,
        };
        run(&running.target, self.callers, &plan)?;
        Ok(())
    }

    /// Notes what callers were told, and the run's figures.
    fn keep(&mut self, outcome: Outcome) {
        self.promises.answered += outcome.run.answered;
        self.promises.booked.extend(outcome.booked);
        self.promises.written.extend(outcome.written);
        self.promises.unsure.extend(outcome.unsure);
        self.report.runs.push(outcome.run);
    }

    /// From the start of the process to its first answer, five times.
    fn first_answer(&mut self, database: &str) -> Result<()> {
        self.callers.mix.set(CHECKS);
        let mut took = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let running =
                self.stage
                    .frontdesk(&self.programs.0, database, self.pool, self.signer)?;
            super::generator::first_answer(&running.target, self.callers)?;
            took.push(begun.elapsed().as_secs_f64() * 1000.0);
            running.stop()?;
        }
        took.sort_by(f64::total_cmp);
        let median = took.get(took.len() / 2).copied().unwrap_or_default();
        let verdict = at_most(
            "first answer after the start of the process",
            median,
            50.0,
            "ms",
        );
        self.report.verdicts.push(verdict);
        Ok(())
    }

    fn against_limits(&mut self, database: &str, frontdesk: &Running) -> Result<()> {
        let organizations = self.size.organizations;
        let floor = self.stage.floor(
            &self.programs.1,
            database,
            self.pool,
            organizations,
            self.signer,
        )?;
        self.warm(&floor, organizations)?;
        let pgbench = Pgbench::new(self.stage, database, organizations)?;
        let (callers, rounds, length) = (Rc::clone(self.callers), self.rounds, self.length);
        let contest = |pgbench| Contest {
            frontdesk: &frontdesk.target,
            other: &floor.target,
            pgbench,
            callers: &callers,
            rounds,
            length,
        };

        callers.mix.set(CHECKS);
        let name = "check_availability, 8 connections";
        let checks = contest(Some(&pgbench)).throughput(name, 8)?;
        let cpu = median(
            checks
                .outcomes
                .iter()
                .filter_map(|outcome| Some(outcome.run.service?.cpu_us_per_answer)),
        );
        self.report.verdicts.push(at_most(
            "the service's own processor time, check_availability",
            cpu,
            75.0,
            "µs a call",
        ));
        self.compared(checks, &[("floor", 0.90), ("pgbench", 0.60)]);
        let name = "check_availability, 32 connections";
        let checks = contest(None).throughput(name, 32)?;
        self.compared(checks, &[("floor", 0.90)]);
        callers.mix.set(MIX);
        let mixed = contest(Some(&pgbench)).throughput("mix, 8 connections", 8)?;
        self.compared(mixed, &[("floor", 0.90), ("pgbench", 0.70)]);

        let name = "mix, 500 a second";
        let open = contest(None).latency(name, Arrivals::Constant(500.0))?;
        let p999 = open
            .outcomes
            .iter()
            .map(|outcome| count(outcome.run.all.p999));
        let p999 = median(p999) / 1000.0;
        let verdict = at_most("mix, 500 a second, 99.9th percentile", p999, 50.0, "ms");
        self.report.verdicts.push(verdict);
        if let Some(against) = open.comparison.against.first() {
            let what = "mix, 500 a second, 99th percentile over the floor's";
            self.report
                .verdicts
                .push(at_most(what, against.median, 1.5, ""));
        }
        self.keep_rounds(open);
        let mib = self
            .report
            .runs
            .iter()
            .filter_map(|run| Some(run.service?.resident_mib));
        let mib = mib.fold(0.0, f64::max);
        self.report
            .verdicts
            .push(at_most("resident memory under load", mib, 20.0, "MiB"));
        Ok(())
    }

    pub(super) fn compared(&mut self, rounds: Rounds, bounds: &[(&str, f64)]) {
        for (limit, bound) in bounds {
            let against = &rounds.comparison.against;
            if let Some(ratio) = against.iter().find(|ratio| ratio.limit == *limit) {
                let what = format!("{}, calls a second over {limit}", rounds.comparison.name);
                self.report
                    .verdicts
                    .push(at_least(&what, ratio.median, *bound, ""));
            }
        }
        self.keep_rounds(rounds);
    }

    fn keep_rounds(&mut self, rounds: Rounds) {
        self.report.comparisons.push(rounds.comparison);
        for outcome in rounds.outcomes {
            self.keep(outcome);
        }
        self.report.runs.extend(rounds.others);
    }

    /// The rate from which answers come late.
    fn knee(&mut self, frontdesk: &Running) -> Result<()> {
        self.callers.mix.set(MIX);
        let (ramp, outcomes) = ramp(
            &frontdesk.target,
            self.callers,
            250.0,
            32_000.0,
            self.length,
        )?;
        self.report.ramps.push(ramp);
        for outcome in outcomes {
            self.keep(outcome);
        }
        Ok(())
    }

    /// Hundreds of callers after the same hour at once: one is booked, and the others hear what is free instead.
    fn rush(&mut self, frontdesk: &Running) -> Result<()> {
        self.callers.mix.set(BOOKINGS);
        let mut booked = Vec::new();
        for day in 0..5 {
            self.callers.hot.set(Some((day, FREE_HOUR)));
            let plan = Plan {
                name: "rush for one hour",
                arrivals: Arrivals::Burst(RUSH, 10.0),
                length: Duration::from_secs(1),
                seed: 0,
            };
            let outcome = run(&frontdesk.target, self.callers, &plan)?;
            booked.push(count(u64::try_from(outcome.booked.len())?));
            self.keep(outcome);
        }
        self.callers.hot.set(None);
        let what = format!("booked of {RUSH} callers after one hour with one crew");
        for booked in booked {
            self.report.verdicts.push(at_most(&what, booked, 1.0, ""));
            self.report.verdicts.push(at_least(&what, booked, 1.0, ""));
        }
        Ok(())
    }

    fn check_database(&mut self, database: &str) -> Result<()> {
        let url = self.stage.owner_url(database);
        let check = verify(&url, &self.callers.messages, &self.promises)?;
        self.report.verdicts.extend(super::expect::database(&check));
        // Beyond the knee callers are told that it takes too long, as they should be.
        let wrong = self
            .report
            .runs
            .iter()
            .filter(|run| run.name != RAMP)
            .flat_map(|run| run.errors.values())
            .sum();
        self.report
            .verdicts
            .push(at_most("wrong answers", count(wrong), 0.0, ""));
        self.report.database = Some(check);
        Ok(())
    }
}

/// Doubles the rate until answers come late, then looks between the last two rates.
///
/// # Errors
///
/// When the program does not answer.
pub fn ramp(
    target: &Rc<super::target::Target>,
    callers: &Rc<Callers>,
    from: f64,
    to: f64,
    length: Duration,
) -> Result<(Ramp, Vec<Outcome>)> {
    let (mut steps, mut outcomes) = (Vec::new(), Vec::new());
    let mut attempt = |rate: f64| -> Result<bool> {
        let plan = Plan {
            name: RAMP,
            arrivals: Arrivals::Constant(rate),
            length,
            seed: 0,
        };
        let outcome = run(target, callers, &plan)?;
        let latency = outcome.run.all;
        let per_second = outcome.run.per_second;
        steps.push(Step {
            rate,
            per_second,
            latency,
        });
        outcomes.push(outcome);
        Ok(latency.p99 <= IN_TIME_US && per_second > 0.95 * rate)
    };
    let (mut good, mut rate) = (0.0, from);
    while rate <= to && attempt(rate)? {
        good = rate;
        rate *= 2.0;
    }
    for _ in 0..3 {
        let between = f64::midpoint(good, rate).round();
        if attempt(between)? {
            good = between;
        } else {
            rate = between;
        }
    }
    steps.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let ramp = Ramp {
        name: "mix, open loop".to_owned(),
        steps,
        knee: good,
    };
    Ok((ramp, outcomes))
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
