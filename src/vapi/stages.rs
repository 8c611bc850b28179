//! How long each stage of a request takes.

use std::time::Instant;

/// Tells how long each stage of a request takes.
pub(super) struct Stages {
    begun: Instant,
    since: Instant,
}

impl Stages {
    /// The first stage begins.
    pub(super) fn begin() -> Self {
        let begun = Instant::now();
        Self {
            begun,
            since: begun,
        }
    }

    /// A stage ends, and the next begins.
    pub(super) fn ended(&mut self, stage: &'static str) {
        let now = Instant::now();
        let took = (now - self.since).as_secs_f64();
        metrics::histogram!("frontdesk_stage_seconds", "stage" => stage).record(took);
        self.since = now;
    }

    /// Milliseconds since the first stage began.
    pub(super) fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
