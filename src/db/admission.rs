//! Who may have a connection of the pool next.
//!
//! No organization has more than its share, so that those of one whose rows are locked do not wait with everybody's connections. A few
//! connections are for emergencies alone. A read that would get its turn too late is refused at once, so that its caller hears so at
//! once and the others are still answered in time.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::error::{Error, Result};

/// The fewest connections that an organization may have at a time: its work must go on while one of them waits.
const MIN_SHARE: usize = 2;

/// From so many connections on some are kept for emergencies.
const MIN_RESERVING_SIZE: usize = 4;

/// When more organizations than this are known, those without a connection are dropped.
const MAX_IDLE_ORGANIZATIONS: usize = 1_000;

/// What somebody wants a connection for, the least urgent first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A look that can be repeated: the first to be refused.
    Read,
    /// Everything else.
    #[default]
    Usual,
    /// Somebody may be in danger: the last to wait.
    Emergency,
}

/// The order in which the connections of one pool are given out.
#[derive(Debug)]
pub(super) struct Admission {
    /// Everybody but emergencies; it has fewer places than the pool has connections.
    all: Arc<Gate>,
    /// How many connections one organization may have, and as many for its emergencies.
    share: usize,
    organizations: Mutex<HashMap<(Uuid, bool), Arc<Gate>>>,
    /// How long somebody waits at most.
    acquire_timeout: Duration,
}

/// A place among those who have a connection, for as long as it lives.
#[derive(Debug)]
pub(super) struct Admitted {
    _organization: Option<Turn>,
    _all: Option<Turn>,
}

/// A number of places, how long one is held, and how many wait for one.
#[derive(Debug)]
struct Gate {
    places: Arc<Semaphore>,
    size: usize,
    waiting: AtomicUsize,
    /// How long a place is held.
    held: Mean,
}

/// The mean of recent times, in microseconds.
#[derive(Debug, Default)]
pub(super) struct Mean(AtomicU64);

/// A place at a gate, for as long as it lives.
#[derive(Debug)]
struct Turn {
    gate: Arc<Gate>,
    since: Instant,
    _place: OwnedSemaphorePermit,
}

impl Admission {
    /// The order for a pool of `size` connections, whose users wait for `acquire_timeout` at most.
    pub(super) fn new(size: usize, acquire_timeout: Duration) -> Self {
        let reserved = if size < MIN_RESERVING_SIZE {
            0
        } else {
            (size / 8).max(1)
        };
        Self {
            all: Arc::new(Gate::new(size - reserved)),
            share: (size / 4).max(MIN_SHARE),
            organizations: Mutex::default(),
            acquire_timeout,
        }
    }

    /// Waits until somebody may have a connection.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] when the time is over, and at once for a read whose turn would not be over in time.
    pub(super) async fn admit(
        &self,
        organization: Option<Uuid>,
        priority: Priority,
    ) -> Result<Admitted> {
        let own = organization.map(|id| self.gate_of(id, priority));
        let all = (priority != Priority::Emergency).then_some(&self.all);
        if priority == Priority::Read {
            let expected = own
                .iter()
                .chain(all)
                .map(|gate| gate.expected_time())
                .max()
                .unwrap_or_default();
            if expected > in_time(self.acquire_timeout) {
                return Err(refused("slow"));
            }
        }
        let admitted = tokio::time::timeout(self.acquire_timeout, async {
            // An organization whose own places are taken keeps none of those that all share.
            let organization = match own {
                Some(gate) => Some(gate.enter().await?),
                None => None,
            };
            let all = match all {
                Some(gate) => Some(Arc::clone(gate).enter().await?),
                None => None,
            };
            Ok(Admitted {
                _organization: organization,
                _all: all,
            })
        });
        admitted
            .await
            .unwrap_or_else(|_elapsed| Err(refused("late")))
    }

    /// How many wait for a place.
    pub(super) fn waiting(&self) -> usize {
        let organizations = self.organizations();
        let own = organizations.values().map(|gate| gate.waiting());
        own.sum::<usize>() + self.all.waiting()
    }

    fn gate_of(&self, organization: Uuid, priority: Priority) -> Arc<Gate> {
        let key = (organization, priority == Priority::Emergency);
        let mut organizations = self.organizations();
        if organizations.len() >= MAX_IDLE_ORGANIZATIONS {
            organizations.retain(|_, gate| Arc::strong_count(gate) > 1);
        }
        let gate = organizations
            .entry(key)
            .or_insert_with(|| Arc::new(Gate::new(self.share)));
        Arc::clone(gate)
    }

    fn organizations(&self) -> std::sync::MutexGuard<'_, HashMap<(Uuid, bool), Arc<Gate>>> {
        self.organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate {
    fn new(size: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(size)),
            size,
            waiting: AtomicUsize::new(0),
            held: Mean::default(),
        }
    }

    /// How long it would take from now until somebody who comes now has had their turn; nothing while a place is free, so that what it
    /// takes is measured again when the database has recovered.
    fn expected_time(&self) -> Duration {
        if self.places.available_permits() > 0 {
            return Duration::ZERO;
        }
        self.held.times(self.waiting() / self.size + 2)
    }

    fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    async fn enter(self: Arc<Self>) -> Result<Turn> {
        let place = {
            let _waiting = Waiting::at(&self);
            Arc::clone(&self.places).acquire_owned().await
        };
        Ok(Turn {
            // It is never closed.
            _place: place.map_err(|closed| Error::Unreachable(closed.into()))?,
            gate: self,
            since: Instant::now(),
        })
    }
}

impl Mean {
    /// Counts one more time into the mean.
    pub(super) fn record(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        // Two that end at once may count as one: it is an estimate.
        let mean = match self.0.load(Ordering::Relaxed) {
            0 => time,
            mean => mean.saturating_sub(mean / 4).saturating_add(time / 4),
        };
        self.0.store(mean, Ordering::Relaxed);
    }

    /// So many times the mean.
    pub(super) fn times(&self, turns: usize) -> Duration {
        let mean = Duration::from_micros(self.0.load(Ordering::Relaxed));
        mean.saturating_mul(u32::try_from(turns).unwrap_or(u32::MAX))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.gate.held.record(self.since.elapsed());
    }
}

/// Somebody who waits at a gate, also when they give up.
struct Waiting<'a>(&'a Gate);

impl<'a> Waiting<'a> {
    fn at(gate: &'a Gate) -> Self {
        gate.waiting.fetch_add(1, Ordering::Relaxed);
        Self(gate)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long the way through the database may take of somebody who waits for so long: a part has passed already, and how long it will take
/// is only estimated.
pub(super) fn in_time(acquire_timeout: Duration) -> Duration {
    acquire_timeout * 3 / 4
}

fn refused(reason: &'static str) -> Error {
    metrics::counter!("frontdesk_database_refused_total", "reason" => reason).increment(1);
    Error::Busy
}
