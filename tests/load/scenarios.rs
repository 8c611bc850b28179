//! The whole load test: the service beside what would be written instead, its budgets, what a rush cannot break, and how cost grows.

use std::{
    collections::BTreeSet,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{
    Settings,
    arrivals::Arrivals,
    generator::{Callers, Place, Plan, first_answer, run},
    pgbench,
    record::count,
    report::{
        BARE, FASTIFY_OURS, FASTIFY_PG, FASTIFY_POSTGRES, FRONTDESK, Limit, Report, Run, Verdict,
        median,
    },
    stage::{Programs, Running, Stage},
    verify::{Told, verify},
};

/// What callers do, of a hundred: check, book, transfer, emergency.
pub const MIX: [u32; 4] = [60, 20, 10, 10];
/// All of them check.
pub const CHECKS: [u32; 4] = [100, 0, 0, 0];
/// All of them book.
pub const BOOKINGS: [u32; 4] = [0, 100, 0, 0];

/// Free on every day of the seed.
pub const FREE_HOUR: u32 = 17;

/// A scenario of every program.
pub const CHECK_8: &str = "check, 8 connections";
/// A scenario of every program.
pub const CHECK_32: &str = "check, 32 connections";
/// A scenario of the programs that have all tools.
pub const MIX_8: &str = "mix, 8 connections";
/// A scenario of the service and the bare server.
pub const CHECK_500: &str = "check, 500 a second";
/// A scenario of the service alone.
pub const MIX_300: &str = "mix, 300 a second";

/// How many callers are after one hour at the same moment.
const RUSH: u32 = 400;

/// Everything that a load test needs.
pub struct Test<'a> {
    /// PostgreSQL.
    pub stage: &'a Stage,
    /// What is measured.
    pub programs: &'a Programs,
    /// What callers ask for.
    pub callers: &'a Rc<Callers>,
    /// What was asked for.
    pub settings: &'a Settings,
    /// Where the figures go.
    pub report: &'a mut Report,
    /// What callers were told.
    pub told: Told,
}

impl Test<'_> {
    /// Runs every program beside the others, then a rush for one hour, and looks what the database shows.
    pub fn compare(&mut self) -> Result<()> {
        let (ours, plain) = (
            self.stage.database(self.settings.size)?,
            self.stage.plain(self.settings.size)?,
        );
        let mut names = vec![FRONTDESK, BARE];
        if self.programs.fastify.is_some() {
            names.extend([FASTIFY_PG, FASTIFY_POSTGRES, FASTIFY_OURS]);
        }
        let start = |test: &Self, name: &'static str| {
            let database = if [FRONTDESK, FASTIFY_OURS].contains(&name) {
                &ours
            } else {
                &plain
            };
            test.stage
                .start(test.programs, name, database, test.settings.pool)
        };
        self.report.first_answer = self.first_answer(|test| start(test, FRONTDESK))?;
        let mut running = Vec::new();
        for name in names {
            let program = start(self, name)?;
            self.warm(&program)?;
            running.push(program);
        }
        let (checks, mixed) = (
            running.iter().collect::<Vec<_>>(),
            running
                .iter()
                .filter(|program| program.target.name != FASTIFY_OURS)
                .collect::<Vec<_>>(),
        );
        let least: Vec<_> = mixed.iter().copied().take(2).collect();
        let first: Vec<_> = mixed.iter().copied().take(1).collect();
        self.scenario(CHECK_8, CHECKS, Arrivals::Closed(8), &checks, Some(&plain))?;
        self.scenario(CHECK_32, CHECKS, Arrivals::Closed(32), &checks, None)?;
        self.scenario(MIX_8, MIX, Arrivals::Closed(8), &mixed, None)?;
        self.scenario(CHECK_500, CHECKS, Arrivals::Poisson(500.0), &least, None)?;
        self.scenario(MIX_300, MIX, Arrivals::Poisson(300.0), &first, None)?;
        let frontdesk = running.swap_remove(0);
        self.rush(&frontdesk)?;
        frontdesk.stop()?;
        self.check_database(&ours)
    }

    /// How long each program runs in a round.
    pub(super) fn length(&self) -> Duration {
        Duration::from_secs(self.settings.round_seconds)
    }

    /// The service on a database, warm.
    pub(super) fn frontdesk(&self, database: &str) -> Result<Running> {
        let running = self
            .stage
            .start(self.programs, FRONTDESK, database, self.settings.pool)?;
        self.warm(&running)?;
        Ok(running)
    }

    /// Lets caches and branch predictors see what comes: each organization several times, since not every message names it in the same
    /// way. What the first call of a day takes beyond the others is no part of a comparison.
    fn warm(&self, running: &Running) -> Result<()> {
        self.callers.mix.set(CHECKS);
        let (first, last) = self.callers.organizations.get();
        let plan = Plan {
            name: "warm-up",
            arrivals: Arrivals::Closed(8),
            length: Duration::from_millis(u64::from((last - first + 1).max(1_000)) * 3),
            seed: 0,
        };
        right(&run(&running.target, self.callers, &plan)?.0)
    }

    /// Milliseconds from the start of the process to its first answer, the median of five.
    fn first_answer(&self, start: impl Fn(&Self) -> Result<Running>) -> Result<Option<f64>> {
        self.callers.mix.set(CHECKS);
        let mut took = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let running = start(self)?;
            first_answer(&running.target, self.callers)?;
            took.push(begun.elapsed().as_secs_f64() * 1000.0);
            running.stop()?;
        }
        Ok(median(took))
    }

    /// Rounds in which each program runs once, in turns: a machine that is busy with something else is so for all of them.
    fn scenario(
        &mut self,
        name: &str,
        mix: [u32; 4],
        arrivals: Arrivals,
        programs: &[&Running],
        ruler: Option<&str>,
    ) -> Result<()> {
        self.callers.mix.set(mix);
        for round in 0..self.settings.rounds {
            let plan = Plan {
                name,
                arrivals,
                length: self.length(),
                seed: u64::from(round),
            };
            let mut turns = programs.to_vec();
            turns.rotate_left(usize::try_from(round)? % programs.len());
            for program in turns {
                let (run, told) = run(&program.target, self.callers, &plan)?;
                if program.target.name == FRONTDESK {
                    self.told.add(told);
                } else {
                    right(&run)?;
                }
                self.report.runs.push(run);
            }
            if let (Some(database), Arrivals::Closed(connections)) = (ruler, arrivals) {
                let subject = (name, self.settings.size.organizations);
                let connections = u32::try_from(connections)?;
                let run = pgbench::run(self.stage, database, subject, connections, self.length())?;
                self.report.runs.push(run);
            }
        }
        Ok(())
    }

    /// Hundreds of callers after the same hour at once: one is booked, and the others hear what is free instead.
    fn rush(&mut self, frontdesk: &Running) -> Result<()> {
        self.callers.mix.set(BOOKINGS);
        let mut booked = BTreeSet::new();
        for day in 0..5 {
            self.callers.place.set(Place::One(day, FREE_HOUR));
            let plan = Plan {
                name: "rush for one hour",
                arrivals: Arrivals::Burst(RUSH, 10.0),
                length: Duration::from_secs(1),
                seed: 0,
            };
            let (run, told) = run(&frontdesk.target, self.callers, &plan)?;
            booked.insert(told.booked.len());
            self.told.add(told);
            self.report.runs.push(run);
        }
        self.callers.place.set(Place::Any);
        for booked in booked {
            let booked = Some(count(u64::try_from(booked)?));
            let what = format!("booked of {RUSH} callers after one hour with one crew");
            for limit in [Limit::AtMost(1.0), Limit::AtLeast(1.0)] {
                let verdict = Verdict::of(&what, booked, limit, "", true);
                self.report.verdicts.push(verdict);
            }
        }
        Ok(())
    }

    fn check_database(&mut self, database: &str) -> Result<()> {
        let url = self.stage.owner_url(database);
        let found = verify(&url, &self.callers.messages, &self.told)?;
        self.report.verdicts.extend(found);
        Ok(())
    }
}

/// What is compared must answer rightly: an error is quickly told.
pub fn right(run: &Run) -> Result<()> {
    match run.errors.iter().max_by_key(|(_, many)| **many) {
        Some((class, many)) if *many * 100 > run.answered => {
            bail!(
                "{} answered wrongly in {}: {class}, {many} times",
                run.program,
                run.scenario
            )
        }
        _ => Ok(()),
    }
}
