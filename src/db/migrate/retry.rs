//! Trying again what other sessions were in the way of.

use std::time::Duration;

use super::{MigrateError, failed, is_busy, message};

/// How patient a migration is with the locks of other sessions.
///
/// A statement that waits for a lock holds up everybody behind it, and two that wait for each other are a deadlock, of which the server
/// ends one. So a file never waits long: it gives everything back, pauses, and begins again.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// How often a file is begun at most.
    pub attempts: u32,
    /// How long a statement waits for a lock: less than `deadlock_timeout` (1 s), so that in a deadlock it is the migration that gives way.
    pub lock_timeout: Duration,
    /// The longest pause between two attempts.
    pub longest_pause: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 40,
            lock_timeout: Duration::from_millis(400),
            longest_pause: Duration::from_secs(2),
        }
    }
}

/// How one attempt ended that did not succeed.
pub(super) enum Failure {
    /// In a file.
    File(String, tokio_postgres::Error),
    /// While it waited for the locks of a file.
    Locks(String, tokio_postgres::Error),
    /// Elsewhere.
    Other(MigrateError),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Other(MigrateError::Database(error))
    }
}

impl Failure {
    fn is_busy(&self) -> bool {
        match self {
            // The locks as a whole have a time limit.
            Self::Locks(_, error) => {
                is_busy(error)
                    || error.code() == Some(&tokio_postgres::error::SqlState::QUERY_CANCELED)
            }
            Self::File(_, error) | Self::Other(MigrateError::Database(error)) => is_busy(error),
            Self::Other(_) => false,
        }
    }

    fn into_error(self) -> MigrateError {
        match self {
            Self::File(file, source) | Self::Locks(file, source) => failed(file, source),
            Self::Other(error) => error,
        }
    }

    fn into_busy(self, attempts: u32) -> MigrateError {
        match self {
            Self::File(file, source) | Self::Locks(file, source) => MigrateError::Busy {
                file,
                attempts,
                message: message(&source),
                source,
            },
            Self::Other(error) => error,
        }
    }
}

impl Retry {
    /// Pauses before the next attempt, unless the failure is none that another attempt would mend or there have been enough.
    pub(super) async fn after(&self, failure: Failure, attempt: u32) -> Result<(), MigrateError> {
        if !failure.is_busy() {
            return Err(failure.into_error());
        }
        if attempt >= self.attempts {
            return Err(failure.into_busy(attempt));
        }
        if let Failure::File(file, error) | Failure::Locks(file, error) = &failure {
            tracing::warn!(file, attempt, reason = message(error), "trying again");
        }
        // Not in step with what was met.
        let longest = Duration::from_millis(50) * 2_u32.saturating_pow(attempt.min(10));
        let longest = longest.min(self.longest_pause);
        tokio::time::sleep(longest.mul_f64(0.5 + chance() / 2.0)).await;
        Ok(())
    }
}

/// A random number from 0 to 1; without randomness pauses are merely regular.
fn chance() -> f64 {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(random) / f64::from(u32::MAX)
}
