//! What comes back, second by second, and the figures that are made of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Result;
use hdrhistogram::Histogram;

use super::{
    arrivals::Arrivals,
    machine::{Used, Watched},
    messages::{Ask, Tool},
    report::{Bucket, Latency, Run, Second, Usage},
    target::{Said, Target, UNSURE_CLASS},
};

/// Each bucket of the distribution ends a fifth above the one before.
const BUCKET_GROWTH: f64 = 1.2;

/// A caller who was told that they are booked.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// What they asked for.
    pub ask: Ask,
}

/// Keeps what comes back during a run.
pub struct Recorder {
    begun: Instant,
    all: Histogram<u64>,
    tools: BTreeMap<Tool, Histogram<u64>>,
    now: Histogram<u64>,
    seconds: Vec<Second>,
    errors: BTreeMap<String, u64>,
    /// The callers who were told that they are booked.
    pub booked: Vec<Told>,
    /// The callers who were answered anything by a tool that writes.
    pub written: Vec<Ask>,
    /// The callers who were told that it is not known yet whether they are booked.
    pub unsure: Vec<Ask>,
    first: Usages,
    last: Usages,
    most_mib: (f64, f64, f64),
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
        let usages = Usages::of(target);
        let tools = Tool::ALL.into_iter().map(|tool| Ok((tool, histogram()?)));
        Ok(Self {
            begun: Instant::now(),
            all: histogram()?,
            tools: tools.collect::<Result<_>>()?,
            now: histogram()?,
            seconds: Vec::new(),
            errors: BTreeMap::new(),
            booked: Vec::new(),
            written: Vec::new(),
            unsure: Vec::new(),
            first: usages,
            last: usages,
            most_mib: (0.0, 0.0, 0.0),
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
        self.now.saturating_record(took);
        if let Some(tool) = self.tools.get_mut(&ask.tool) {
            tool.saturating_record(took);
        }
        match said {
            Ok(said) => {
                if said == Said::Booked {
                    self.booked.push(Told { ask });
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

    /// How many answers came so far, how many of them wrong, and the last second's 99th percentile in microseconds.
    pub fn so_far(&self) -> (u64, u64, u64) {
        let wrong = self.errors.values().sum();
        let p99 = self.seconds.last().map_or(0, |second| second.p99);
        (self.all.len(), wrong, p99)
    }

    /// Ends a second of the run.
    pub fn tick(&mut self, target: &Target) {
        let usages = Usages::of(target);
        let since = self.begun.elapsed().as_secs_f64() - as_float(self.seconds.len());
        let cores = |now: Option<Used>, before: Option<Used>| {
            let spent = now?.cpu_us - before?.cpu_us;
            Some(spent / 1e6 / since.max(0.5))
        };
        let latency = latency(&self.now);
        self.seconds.push(Second {
            answered: self.now.len(),
            p50: latency.p50,
            p99: latency.p99,
            max: latency.max,
            service_cores: cores(usages.service, self.last.service),
            postgresql_cores: cores(usages.postgresql, self.last.postgresql),
            service_mib: usages.service.map(|used| used.resident_mib),
        });
        self.now.reset();
        let most =
            |seen: f64, used: Option<Used>| seen.max(used.map_or(0.0, |used| used.resident_mib));
        self.most_mib = (
            most(self.most_mib.0, usages.service),
            most(self.most_mib.1, usages.postgresql),
            most(self.most_mib.2, usages.generator),
        );
        self.last = usages;
    }

    /// The figures.
    pub fn end(
        mut self,
        target: &Target,
        name: &str,
        arrivals: Arrivals,
    ) -> (Run, Vec<Told>, Vec<Ask>, Vec<Ask>) {
        let seconds = self.begun.elapsed().as_secs_f64();
        if !self.now.is_empty() {
            self.tick(target);
        }
        let usages = Usages::of(target);
        let answered = self.all.len();
        let usage = |now: Option<Used>, first: Option<Used>, most: f64| {
            let (now, first) = (now?, first?);
            let spent = now.cpu_us - first.cpu_us;
            Some(Usage {
                cpu_us_per_answer: spent / count(answered.max(1)),
                cores: spent / 1e6 / seconds,
                resident_mib: most.max(now.resident_mib),
            })
        };
        let run = Run {
            name: name.to_owned(),
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
            over_time: self.seconds,
            distribution: distribution(&self.all),
            errors: self.errors,
            service: usage(usages.service, self.first.service, self.most_mib.0),
            postgresql: usage(usages.postgresql, self.first.postgresql, self.most_mib.1),
            generator: usage(usages.generator, self.first.generator, self.most_mib.2),
        };
        (run, self.booked, self.written, self.unsure)
    }
}

fn latency(histogram: &Histogram<u64>) -> Latency {
    Latency {
        count: histogram.len(),
        p50: histogram.value_at_quantile(0.5),
        p90: histogram.value_at_quantile(0.9),
        p95: histogram.value_at_quantile(0.95),
        p99: histogram.value_at_quantile(0.99),
        p999: histogram.value_at_quantile(0.999),
        max: histogram.max(),
    }
}

fn distribution(histogram: &Histogram<u64>) -> Vec<Bucket> {
    histogram
        .iter_log(50, BUCKET_GROWTH)
        .map(|step| Bucket {
            up_to: step.value_iterated_to(),
            count: step.count_since_last_iteration(),
        })
        .skip_while(|bucket| bucket.count == 0)
        .collect()
}

/// A count as a number to divide with; exact up to 2 to the 53.
#[expect(clippy::cast_precision_loss, reason = "no run has that many answers")]
pub fn count(many: u64) -> f64 {
    many as f64
}

#[expect(clippy::cast_precision_loss, reason = "no run has that many seconds")]
fn as_float(many: usize) -> f64 {
    many as f64
}
