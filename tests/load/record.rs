//! What comes back during a run, and the figures that are made of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    machine::Watched,
    messages::{Ask, Tool},
    report::{Latency, Run},
    target::{Said, Target, UNSURE_CLASS},
    verify::Told,
};

/// Keeps what comes back during a run.
pub struct Recorder {
    begun: Instant,
    /// The latency of every answer in microseconds, by tool.
    tools: BTreeMap<Tool, Vec<u32>>,
    bookings: Vec<u32>,
    errors: BTreeMap<String, u64>,
    told: Told,
    /// The processor time of the program, PostgreSQL and the generator at the beginning.
    used: [Option<f64>; 3],
}

/// The processor time that the program, PostgreSQL and the generator have used.
fn used(target: &Target) -> [Option<f64>; 3] {
    let generator = Some(Watched::Process(std::process::id()));
    [target.service, target.postgresql, generator].map(|watched| watched?.cpu_us())
}

impl Recorder {
    /// Begins a run now.
    pub fn begin(target: &Target) -> Self {
        Self {
            tools: BTreeMap::new(),
            bookings: Vec::new(),
            errors: BTreeMap::new(),
            told: Told::default(),
            used: used(target),
            begun: Instant::now(),
        }
    }

    /// When the run began.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// Counts an answer that came so long after it was due.
    pub fn answered(&mut self, ask: Ask, took: Duration, said: Result<Said, String>) {
        let took = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        self.tools.entry(ask.tool).or_default().push(took);
        self.told.answered += 1;
        match said {
            Ok(said) => {
                if said == Said::Booked {
                    self.told.booked.push(ask);
                    self.bookings.push(took);
                }
                if matches!(ask.tool, Tool::Transfer | Tool::Emergency) {
                    self.told.written.push(ask);
                }
            }
            Err(class) => {
                if class == UNSURE_CLASS {
                    self.told.unsure.push(ask);
                }
                *self.errors.entry(class).or_default() += 1;
            }
        }
    }

    /// The figures, and what callers were told.
    pub fn end(self, target: &Target, name: &str) -> (Run, Told) {
        let seconds = self.begun.elapsed().as_secs_f64();
        let now = used(target);
        let answered = self.told.answered;
        let all = self.tools.values().flatten().copied().collect();
        let has_booked = !self.bookings.is_empty();
        let each = |nth: usize| {
            let before = self.used.get(nth).copied().flatten()?;
            Some((now.get(nth).copied().flatten()? - before) / count(answered.max(1)))
        };
        let run = Run {
            scenario: name.to_owned(),
            program: target.name.to_owned(),
            answered,
            per_second: count(answered) / seconds,
            all: latency(all),
            own_us: each(0),
            postgresql_us: each(1),
            generator_us: each(2),
            tools: self
                .tools
                .into_iter()
                .map(|(tool, took)| (tool.name(), latency(took)))
                .collect(),
            booking_us: has_booked.then(|| latency(self.bookings).p50),
            errors: self.errors,
            resident_mb: target.service.and_then(Watched::resident_mb),
        };
        (run, self.told)
    }
}

/// The percentiles of latencies: of each the smallest that so many of a thousand do not exceed.
fn latency(mut took: Vec<u32>) -> Latency {
    took.sort_unstable();
    let at = |thousandth: usize| {
        let nth = (took.len() * thousandth).div_ceil(1_000).saturating_sub(1);
        took.get(nth).copied().map_or(0.0, f64::from)
    };
    Latency {
        p50: at(500),
        p99: at(990),
        p999: at(999),
        max: at(1_000),
    }
}

/// A count as a number to divide with; exact up to 2 to the 53.
#[expect(clippy::cast_precision_loss, reason = "no run has that many answers")]
pub fn count(many: u64) -> f64 {
    many as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_latency_that_was_measured() {
        let measured = Latency {
            p50: 100.0,
            p99: 198.0,
            p999: 200.0,
            max: 200.0,
        };
        assert_eq!(latency((1..=200).rev().collect()), measured);
        assert_eq!(latency(Vec::new()), Latency::default());
    }
}
