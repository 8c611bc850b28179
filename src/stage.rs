//! How long each stage of a webhook request takes, and every wait for the database.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use metrics::Histogram;

/// A stage of a request.
#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// The headers are judged.
    Verify,
    /// The body arrives.
    Read,
    /// The body is understood.
    Parse,
    /// The answer is found.
    Answer,
    /// The answer is written.
    Reply,
    /// Waits for a connection.
    Pool,
    /// Waits for the database server.
    Database,
}

/// Looked up once: to find one by its labels takes longer than some of the stages.
static HISTOGRAMS: OnceLock<[Histogram; 7]> = OnceLock::new();

/// Begins the series of each stage. What is measured before is not counted.
pub fn begin() {
    HISTOGRAMS.get_or_init(|| {
        Stage::ALL
            .map(|stage| metrics::histogram!("frontdesk_stage_seconds", "stage" => stage.label()))
    });
}

impl Stage {
    const ALL: [Self; 7] = [
        Self::Verify,
        Self::Read,
        Self::Parse,
        Self::Answer,
        Self::Reply,
        Self::Pool,
        Self::Database,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Answer => "answer",
            Self::Reply => "reply",
            Self::Pool => "pool",
            Self::Database => "database",
        }
    }

    /// Counts one that began then and is over.
    pub fn ended(self, begun: Instant) {
        self.took(begun.elapsed());
    }

    fn took(self, time: Duration) {
        let histograms = HISTOGRAMS.get();
        if let Some(histogram) = histograms.and_then(|all| all.get(self as usize)) {
            histogram.record(time.as_secs_f64());
        }
    }
}

/// The stages of one request, one behind the other.
pub struct Stages {
    begun: Instant,
    since: Instant,
}

impl Stages {
    /// The first stage begins.
    #[must_use]
    pub fn begin() -> Self {
        let begun = Instant::now();
        Self {
            begun,
            since: begun,
        }
    }

    /// A stage ends, and the next begins.
    pub fn ended(&mut self, stage: Stage) {
        let now = Instant::now();
        stage.took(now - self.since);
        self.since = now;
    }

    /// Milliseconds since the first stage began.
    #[must_use]
    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
