//! The service against its limits, round by round: a machine that is busy with something else is so for all of them.

use std::{rc::Rc, thread, time::Duration};

use anyhow::Result;

use super::{
    arrivals::Arrivals,
    generator::{Callers, Outcome, Plan, run},
    machine::Watched,
    pgbench::Pgbench,
    record::count,
    report::{Comparison, Ratio, Run},
    target::Target,
};

/// What is compared with what.
pub struct Contest<'a> {
    /// The service.
    pub frontdesk: &'a Rc<Target>,
    /// What it is held against: the floor program, or another server.
    pub other: &'a Rc<Target>,
    /// The database alone, where it is asked for.
    pub pgbench: Option<&'a Pgbench>,
    /// What callers ask for.
    pub callers: &'a Rc<Callers>,
    /// How many rounds.
    pub rounds: u32,
    /// How long each program runs in a round.
    pub length: Duration,
}

/// What the rounds brought.
pub struct Rounds {
    /// The ratios.
    pub comparison: Comparison,
    /// The service's runs.
    pub outcomes: Vec<Outcome>,
    /// The other's runs.
    pub others: Vec<Run>,
}

impl Contest<'_> {
    /// Throughput of a closed loop.
    ///
    /// # Errors
    ///
    /// When a program does not answer.
    pub fn throughput(&self, name: &str, connections: u32) -> Result<Rounds> {
        let arrivals = Arrivals::Closed(usize::try_from(connections)?);
        let unit = "calls a second";
        self.rounds(name, unit, arrivals, |run| run.per_second)
    }

    /// The 99th percentile of an open loop.
    ///
    /// # Errors
    ///
    /// When a program does not answer.
    pub fn latency(&self, name: &str, arrivals: Arrivals) -> Result<Rounds> {
        let unit = "µs at the 99th percentile";
        self.rounds(name, unit, arrivals, |run| count(run.all.p99))
    }

    fn processes(&self) -> usize {
        self.frontdesk.postgresql.map_or(0, Watched::members)
    }

    fn rounds(
        &self,
        name: &str,
        unit: &str,
        arrivals: Arrivals,
        figure: impl Fn(&Run) -> f64,
    ) -> Result<Rounds> {
        let (mut outcomes, mut others, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..self.rounds {
            let plan = Plan {
                name,
                arrivals,
                length: self.length,
                seed: u64::from(round),
            };
            // Each goes first in turn.
            if round % 2 == 0 {
                others.push(run(self.other, self.callers, &plan)?.run);
                outcomes.push(run(self.frontdesk, self.callers, &plan)?);
            } else {
                outcomes.push(run(self.frontdesk, self.callers, &plan)?);
                others.push(run(self.other, self.callers, &plan)?.run);
            }
            if let (Some(pgbench), Arrivals::Closed(connections)) = (self.pgbench, arrivals) {
                let before = self.processes();
                rates.push(pgbench.run(connections, self.callers.mix.get(), self.length)?);
                // What its connections have used must be counted before the next run begins.
                for _ in 0..200 {
                    if self.processes() <= before {
                        break;
                    }
                    thread::sleep(Duration::from_millis(10));
                }
            }
        }
        let ours = || {
            outcomes
                .iter()
                .map(|outcome: &Outcome| figure(&outcome.run))
        };
        let mut against = vec![ratio(
            self.other.name,
            ours().zip(others.iter().map(&figure)).collect(),
        )];
        if !rates.is_empty() {
            against.push(ratio("pgbench", ours().zip(rates).collect()));
        }
        Ok(Rounds {
            comparison: Comparison {
                name: name.to_owned(),
                unit: unit.to_owned(),
                against,
            },
            outcomes,
            others,
        })
    }
}

/// The median of the rounds' ratios.
pub fn ratio(limit: &str, rounds: Vec<(f64, f64)>) -> Ratio {
    // A limit that answered nothing is none.
    let mut ratios: Vec<f64> = rounds
        .iter()
        .map(|(ours, theirs)| if *theirs > 0.0 { ours / theirs } else { 0.0 })
        .collect();
    ratios.sort_by(f64::total_cmp);
    Ratio {
        limit: limit.to_owned(),
        median: ratios.get(ratios.len() / 2).copied().unwrap_or_default(),
        rounds,
    }
}
