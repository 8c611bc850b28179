//! The clock: the only place that reads the time of day for the service's rules.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

/// Tells what time it is: the machine's time, or an instant that stands still until it is moved.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<RwLock<DateTime<Utc>>>>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `instant`, for demonstrations and tests.
    #[must_use]
    pub fn fixed(instant: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(RwLock::new(instant))))
    }

    /// The instant that the rules take as now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Some(fixed) => *fixed.read().unwrap_or_else(PoisonError::into_inner),
            None => machine_time(),
        }
    }

    /// Moves a clock that stands still; the machine's clock is left alone.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Some(fixed) = &self.0 {
            *fixed.write().unwrap_or_else(PoisonError::into_inner) = instant;
        }
    }
}

/// The machine's time, whatever a [`Clock`] was set to: for signature windows, which a demonstration must not widen.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the machine's clock"
)]
pub fn machine_time() -> DateTime<Utc> {
    Utc::now()
}
