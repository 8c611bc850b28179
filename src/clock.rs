//! The clock: the only place that reads the time of day for the service's rules, and that waits for an instant of it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// The longest that is slept at a stretch: the machine's clock may be set while nobody looks.
const MAX_SLEEP: Duration = Duration::from_mins(1);

/// Tells what time it is: the machine's time, or an instant that stands still until it is moved.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<watch::Sender<DateTime<Utc>>>>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `instant`, for demonstrations and tests.
    #[must_use]
    pub fn fixed(instant: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(watch::Sender::new(instant))))
    }

    /// The instant that the rules take as now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Some(fixed) => *fixed.borrow(),
            None => machine_time(),
        }
    }

    /// Moves a clock that stands still; the machine's clock is left alone.
    pub fn set(&self, instant: DateTime<Utc>) {
        if let Some(fixed) = &self.0 {
            fixed.send_replace(instant);
        }
    }

    /// Waits until it is `instant`, or until somebody has moved a clock that stands still.
    pub async fn reaches(&self, instant: DateTime<Utc>) {
        match &self.0 {
            Some(fixed) => {
                let mut moves = fixed.subscribe();
                drop(moves.wait_for(|now| *now >= instant).await);
            }
            None => {
                while let Ok(left) = (instant - machine_time()).to_std() {
                    tokio::time::sleep(left.min(MAX_SLEEP)).await;
                }
            }
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
