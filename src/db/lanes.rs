//! Connections of one web worker, for single statements that only read.
//!
//! A pooled connection is driven by the main runtime, so that work which outlives its request keeps it. That costs two more switches
//! between threads for each statement, which are a good part of what a look at the calendar takes. A lane is driven by the worker's own
//! thread, and several requests share it at a time: the server answers one statement after the other, each a transaction of its own.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use deadpool_postgres::{ClientWrapper, Object, Pool, PoolError, TimeoutType};
use tokio::sync::Mutex;

use super::{
    Sql, Statements,
    admission::{Mean, in_time},
    connection::within,
    prepared::Prepared,
};
use crate::error::Result;

/// How many statements may be under way on one lane: each waits for those before it, and a slow one must not hold up many.
const MOST_AT_ONCE: usize = 16;

/// The lanes of one worker.
#[derive(Debug)]
pub(super) struct Lanes {
    pool: Pool,
    rehearsal: Rehearsal,
    /// How long a rehearsal may take.
    patience: Duration,
    /// How long one answer may take.
    answer_timeout: Duration,
    /// How long a statement takes that waits for no other.
    time: Arc<Mean>,
    all: Vec<Arc<Lane>>,
}

/// What a new connection does before a caller needs it: the server parses statements, and plans the functions that they call, anew in
/// each, which takes many times as long as to carry them out.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal {
    /// What is prepared.
    pub prepares: &'static [&'static Sql],
    /// What is carried out: it takes no parameters and leads through the functions that the others call.
    pub plays: &'static Sql,
}

/// One connection that is shared; none until it is first needed, or after it was lost or given up.
type Lane = Mutex<Option<Arc<ClientWrapper>>>;

/// A lane's connection for one statement.
pub(super) struct Shared {
    client: Arc<ClientWrapper>,
    lane: Arc<Lane>,
    answer_timeout: Duration,
    is_sound: bool,
    /// How many statements are under way on it, this one included.
    under_way: usize,
    time: Arc<Mean>,
}

impl Lanes {
    /// As many lanes as the pool may have connections; it gives them to nobody else.
    pub(super) fn new(
        pool: Pool,
        rehearsal: Rehearsal,
        patience: Duration,
        answer_timeout: Duration,
    ) -> Self {
        let all = (0..pool.status().max_size)
            .map(|_| Arc::default())
            .collect();
        Self {
            pool,
            rehearsal,
            patience,
            answer_timeout,
            time: Arc::default(),
            all,
        }
    }

    /// Opens them before the first caller needs one.
    ///
    /// # Errors
    ///
    /// When one cannot be opened; it is tried again when it is needed.
    pub(super) async fn warm(&self) -> Result<(), PoolError> {
        for lane in &self.all {
            *lane.lock().await = Some(self.open().await?);
        }
        Ok(())
    }

    async fn open(&self) -> Result<Arc<ClientWrapper>, PoolError> {
        // It leaves the pool for good, so that one that is given up is never given out again.
        let client = Object::take(self.pool.get().await?);
        match tokio::time::timeout(self.patience, self.rehearsal.on(&client)).await {
            Ok(Ok(())) => {}
            // Whoever uses it next is told what is wrong.
            Ok(Err(error)) => {
                tracing::debug!(error = error.chain(), "a connection could not rehearse");
            }
            // Nobody is to wait behind it, least of all the start: callers hear an honest sentence meanwhile.
            Err(_elapsed) => return Err(PoolError::Timeout(TimeoutType::Recycle)),
        }
        Ok(Arc::new(client))
    }

    /// The connection with the least to do; `None` when all have enough to do, more than can be done in time, or are being opened.
    ///
    /// # Errors
    ///
    /// When one that is not open cannot be opened.
    pub(super) async fn client(&self) -> Result<Option<Shared>, PoolError> {
        let mut idlest: Option<Shared> = None;
        for lane in &self.all {
            // Held by others for no longer than a look, unless they are opening it.
            let Ok(mut open) = lane.try_lock() else {
                continue;
            };
            open.take_if(|client| client.is_closed());
            let client = match &*open {
                Some(client) => client,
                None => open.insert(self.open().await?),
            };
            // One is the lane's own, and each of the others is under way.
            let is_better = idlest.as_ref().is_none_or(|idlest| {
                Arc::strong_count(client) < Arc::strong_count(&idlest.client) - 1
            });
            let under_way = Arc::strong_count(client);
            // A statement that has the connection to itself is sent however long others took, so that it is known when they get faster.
            let is_in_time = under_way == 1 || self.time.times(under_way) <= in_time(self.patience);
            if under_way <= MOST_AT_ONCE && is_in_time && is_better {
                idlest = Some(Shared {
                    client: Arc::clone(client),
                    lane: Arc::clone(lane),
                    answer_timeout: self.answer_timeout,
                    is_sound: true,
                    under_way,
                    time: Arc::clone(&self.time),
                });
            }
        }
        Ok(idlest)
    }
}

impl Rehearsal {
    async fn on(&self, client: &ClientWrapper) -> Result<()> {
        for statement in self.prepares {
            Prepared::new(client, Statements::Prepared, statement).await?;
        }
        let plays = Prepared::new(client, Statements::Prepared, self.plays).await?;
        plays.query(client, &[]).await.map(drop)
    }
}

impl Shared {
    /// Waits for the answer to a statement. When nobody waits for it any more before it is there, whoever comes next would wait behind
    /// it, so that the lane gives the connection up; so it does after an error that the session may be the cause of.
    pub(super) async fn answer<T>(
        mut self,
        statement: &'static str,
        work: impl AsyncFnOnce(&ClientWrapper) -> Result<T>,
    ) -> Result<T> {
        self.is_sound = false;
        let begun = Instant::now();
        let answer = within(self.answer_timeout, statement, work(&self.client)).await;
        let turns = u32::try_from(self.under_way).unwrap_or(u32::MAX).max(1);
        self.time.record(begun.elapsed() / turns);
        self.is_sound = !matches!(&answer, Err(error) if error.spoils_connection());
        answer
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if !self.is_sound
            && let Ok(mut lane) = self.lane.try_lock()
        {
            lane.take_if(|client| Arc::ptr_eq(client, &self.client));
        }
    }
}
