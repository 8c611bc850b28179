//! How cost grows: the same check on a small database and on a big one, in turns.

use anyhow::Result;

use super::{
    arrivals::Arrivals,
    expect::at_most,
    generator::{Plan, run},
    limits::ratio,
    record::count,
    report::Comparison,
    scenarios::Proof,
    stage::{Running, Size},
};

impl Proof<'_> {
    /// How latency grows with the visits, and with the organizations.
    pub(super) fn growth(&mut self) -> Result<()> {
        let size = |organizations, visits| Size {
            organizations,
            visits,
        };
        for (what, few, many) in [
            (
                "1,000,000 visits over 10,000",
                size(1_000, 10),
                size(1_000, 1_000),
            ),
            (
                "10,000 organizations over 10",
                size(10, 100),
                size(10_000, 100),
            ),
        ] {
            let small = self.stage.database(few)?;
            let big = self.stage.database(many)?;
            let small = self.start(&small, few.organizations)?;
            let big = self.start(&big, many.organizations)?;
            let mut rounds = Vec::new();
            for round in 0..self.rounds {
                let plan = Plan {
                    name: what,
                    arrivals: Arrivals::Closed(1),
                    length: self.length,
                    seed: u64::from(round),
                };
                let p50 = |running: &Running, callers| -> Result<f64> {
                    self.callers.organizations.set(callers);
                    Ok(count(
                        run(&running.target, self.callers, &plan)?.run.all.p50,
                    ))
                };
                rounds.push((
                    p50(&big, many.organizations)?,
                    p50(&small, few.organizations)?,
                ));
            }
            self.callers.organizations.set(self.size.organizations);
            let ratio = ratio("the smaller database", rounds);
            let name = format!("check_availability, {what}");
            self.report.verdicts.push(at_most(
                &format!("{name}, median latency"),
                ratio.median,
                1.2,
                "",
            ));
            self.report.comparisons.push(Comparison {
                name,
                unit: "µs at the median, one connection".to_owned(),
                against: vec![ratio],
            });
        }
        Ok(())
    }
}
