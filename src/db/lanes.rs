//! Connections of one web worker, for single statements that only read.
//!
//! A pooled connection is driven by the main runtime, so that work which outlives its request keeps it. That costs two more switches
//! between threads for each statement, which are a good part of what a look at the calendar takes. A lane is driven by the worker's own
//! thread, and several requests share it at a time: the server answers one statement after the other, each a transaction of its own.

use std::sync::Arc;

use deadpool_postgres::{Object, Pool, PoolError};
use tokio::sync::Mutex;

/// How many statements may be under way on one lane: each waits for those before it, and a slow one must not hold up many.
const MOST_AT_ONCE: usize = 16;

/// The lanes of one worker.
#[derive(Debug)]
pub(super) struct Lanes {
    pool: Pool,
    lanes: Vec<Lane>,
}

/// One connection that is shared; none until it is first needed, or after it was lost.
type Lane = Mutex<Option<Arc<Object>>>;

impl Lanes {
    /// As many lanes as the pool has connections; it gives them to nobody else.
    pub(super) fn new(pool: Pool) -> Self {
        let lanes = (0..pool.status().max_size)
            .map(|_| Lane::default())
            .collect();
        Self { pool, lanes }
    }

    /// The connection with the least to do; `None` when all have enough to do, or are being opened.
    ///
    /// # Errors
    ///
    /// When one that is not open cannot be opened.
    pub(super) async fn client(&self) -> Result<Option<Arc<Object>>, PoolError> {
        let mut idlest: Option<Arc<Object>> = None;
        for lane in &self.lanes {
            // Held by others for no longer than a look, unless they are opening it.
            let Ok(mut lane) = lane.try_lock() else {
                continue;
            };
            lane.take_if(|client| client.is_closed());
            let client = match &*lane {
                Some(client) => client,
                None => lane.insert(Arc::new(self.pool.get().await?)),
            };
            // One is the lane's own, and each of the others is under way.
            let is_better = idlest
                .as_ref()
                .is_none_or(|idlest| Arc::strong_count(client) < Arc::strong_count(idlest) - 1);
            if Arc::strong_count(client) <= MOST_AT_ONCE && is_better {
                idlest = Some(Arc::clone(client));
            }
        }
        Ok(idlest)
    }
}
