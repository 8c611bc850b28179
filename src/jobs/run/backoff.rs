//! How long to wait after failures, and how often to log them.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// The pause after the first failure.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause.
const MAX_LENGTH: Duration = Duration::from_secs(15);
/// How often the same error is logged.
const LOG_INTERVAL: Duration = Duration::from_secs(5);
/// How many different errors are remembered; past that the memory begins anew.
const MAX_ERRORS: usize = 100;

/// Pauses that double with each failure in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The pause after another failure.
    pub(super) fn fail(&mut self) -> Duration {
        let doubled = FIRST.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        doubled.min(MAX_LENGTH)
    }

    /// Begins anew after a success.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Which errors were logged when, so that a fault that lasts does not fill the log.
#[derive(Debug, Default)]
pub(super) struct LogLimit {
    logged: HashMap<String, Instant>,
}

impl LogLimit {
    /// Whether an error may be logged now.
    pub(super) fn allows(&mut self, error: &str) -> bool {
        let now = Instant::now();
        if let Some(at) = self.logged.get(error)
            && now.duration_since(*at) < LOG_INTERVAL
        {
            return false;
        }
        if self.logged.len() >= MAX_ERRORS {
            self.logged.clear();
        }
        self.logged.insert(error.to_owned(), now);
        true
    }
}

/// A random byte; without randomness pauses are merely regular.
pub(super) fn chance() -> u8 {
    let mut byte = [127_u8];
    match getrandom::fill(&mut byte) {
        Ok(()) | Err(_) => byte.first().copied().unwrap_or(127),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_bound_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u128> = (0..7).map(|_| backoff.fail().as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        backoff.reset();
        assert_eq!(backoff.fail(), FIRST);
    }

    #[test]
    fn the_same_error_is_logged_once_in_a_while() {
        let mut limit = LogLimit::default();
        assert!(limit.allows("disk full"));
        assert!(!limit.allows("disk full"));
        assert!(limit.allows("read-only"));
    }
}
