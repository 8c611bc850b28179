//! What comes back during a run, and the figures that are made of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Result;
use hdrhistogram::Histogram;

use super::{
    arrivals::Arrivals,
    generator::Outcome,
    machine::{Used, Watched},
    messages::{Ask, Tool},
    report::{Latency, Run, Usage},
    target::{Said, Target, UNSURE_CLASS},
};

/// Keeps what comes back during a run.
pub struct Recorder {
    begun: Instant,
    all: Histogram<u64>,
    tools: BTreeMap<Tool, Histogram<u64>>,
    bookings: Histogram<u64>,
    errors: BTreeMap<String, u64>,
    booked: Vec<Ask>,
    written: Vec<Ask>,
    unsure: Vec<Ask>,
    first: Usages,
    most_mb: f64,
}

/// What the program, PostgreSQL and the generator have used.
#[derive(Clone, Copy, Debug, Default)]
struct Usages {
    service: Option<Used>,
    postgresql: Option<Used>,
    generator: Option<Used>,
}

impl Usages {
    fn of(target: &Target) -> Self {
        Self {
            service: target.service.and_then(Watched::used),
            postgresql: target.postgresql.and_then(Watched::used),
            generator: Watched::Process(std::process::id()).used(),
        }
    }
}

/// A histogram of microseconds up to two minutes, three digits exact.
fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 120_000_000, 3)?)
}

impl Recorder {
    /// Begins a run now.
    ///
    /// # Errors
    ///
    /// When there is no memory for its figures.
    pub fn begin(target: &Target) -> Result<Self> {
        let tools = Tool::ALL.into_iter().map(|tool| Ok((tool, histogram()?)));
        Ok(Self {
            all: histogram()?,
            tools: tools.collect::<Result<_>>()?,
            bookings: histogram()?,
            errors: BTreeMap::new(),
            booked: Vec::new(),
            written: Vec::new(),
            unsure: Vec::new(),
            first: Usages::of(target),
            most_mb: 0.0,
            begun: Instant::now(),
        })
    }

    /// When the run began.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// Counts an answer that came so long after it was due.
    pub fn answered(&mut self, ask: Ask, took: Duration, said: Result<Said, String>) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.all.saturating_record(took);
        if let Some(tool) = self.tools.get_mut(&ask.tool) {
            tool.saturating_record(took);
        }
        match said {
            Ok(said) => {
                if said == Said::Booked {
                    self.booked.push(ask);
                    self.bookings.saturating_record(took);
                }
                if matches!(ask.tool, Tool::Transfer | Tool::Emergency) {
                    self.written.push(ask);
                }
            }
            Err(class) => {
                if class == UNSURE_CLASS {
                    self.unsure.push(ask);
                }
                *self.errors.entry(class).or_default() += 1;
            }
        }
    }

    /// How many answers came so far, and how many of them wrong.
    pub fn so_far(&self) -> (u64, u64) {
        (self.all.len(), self.errors.values().sum())
    }

    /// Looks at the memory that the program holds now.
    pub fn tick(&mut self, target: &Target) {
        let now = target.service.and_then(Watched::used);
        self.most_mb = self.most_mb.max(now.map_or(0.0, |used| used.resident_mb));
    }

    /// The figures.
    pub fn end(mut self, target: &Target, name: &str, arrivals: Arrivals) -> Outcome {
        let seconds = self.begun.elapsed().as_secs_f64();
        self.tick(target);
        let usages = Usages::of(target);
        let answered = self.all.len();
        let usage = |now: Option<Used>, first: Option<Used>, most: f64| {
            let (now, first) = (now?, first?);
            Some(Usage {
                cpu_us: (now.cpu_us - first.cpu_us) / count(answered.max(1)),
                resident_mb: most.max(now.resident_mb),
            })
        };
        let run = Run {
            scenario: name.to_owned(),
            program: target.name.to_owned(),
            arrivals: arrivals.to_string(),
            seconds,
            answered,
            per_second: count(answered) / seconds,
            all: latency(&self.all),
            tools: self
                .tools
                .iter()
                .filter(|(_, histogram)| !histogram.is_empty())
                .map(|(tool, histogram)| (tool.name().to_owned(), latency(histogram)))
                .collect(),
            bookings: latency(&self.bookings),
            errors: self.errors,
            service: usage(usages.service, self.first.service, self.most_mb),
            postgresql: usage(usages.postgresql, self.first.postgresql, 0.0),
            generator: usage(usages.generator, self.first.generator, 0.0),
        };
        Outcome {
            run,
            booked: self.booked,
            written: self.written,
            unsure: self.unsure,
        }
    }
}

fn latency(histogram: &Histogram<u64>) -> Latency {
    Latency {
        count: histogram.len(),
        p50: histogram.value_at_quantile(0.5),
        p90: histogram.value_at_quantile(0.9),
        p99: histogram.value_at_quantile(0.99),
        p999: histogram.value_at_quantile(0.999),
        max: histogram.max(),
    }
}

/// A count as a number to divide with; exact up to 2 to the 53.
#[expect(clippy::cast_precision_loss, reason = "no run has that many answers")]
pub fn count(many: u64) -> f64 {
    many as f64
}
