//! The connection that a web worker has for itself, for single statements that only read.
//!
//! The worker's own thread drives it, and several requests share it at a time: the server answers one statement after the other, each a
//! transaction of its own. A plain pool of four connections a worker takes a third more of both processors for a check (210 against 155
//! microseconds with 8 callers, 210 against 145 with 32): a shared connection wakes the server and the worker less often, since the next
//! statement and the next answer are there already.
//!
//! What writes goes over the pool, which the main runtime drives: a write may wait for a lock or for the disk, which those behind it must
//! not, and may outlive its request and the worker.

use std::{
    sync::{Arc, Mutex as Lock, PoisonError},
    time::{Duration, Instant},
};

use deadpool_postgres::{ClientWrapper, Object, Pool, PoolError};
use futures_util::future::try_join_all;
use tokio::sync::Mutex;
use tokio_postgres::{Row, Statement};

use super::{
    Params, Sql,
    admission::{Mean, in_time},
    connection::{unreachable, within},
    prepared::failed,
};
use crate::{error::Result, stage::Stage};

/// How many statements may be under way on it: each waits for those before it, and a slow one must not hold up many.
const MAX_UNDER_WAY: usize = 16;

/// The connection of one worker: none until it is first needed, or after it was lost or given up.
#[derive(Debug)]
pub(super) struct WorkerConnection {
    /// Makes it, and never has another.
    pool: Pool,
    /// How long somebody waits for an answer at most.
    acquire_timeout: Duration,
    /// How long the server may take over one statement.
    answer_timeout: Duration,
    /// How long a statement takes that waits for no other.
    time: Mean,
    open: Mutex<Option<Arc<Open>>>,
}

/// The connection while it is open, and what is prepared on it.
#[derive(Debug)]
struct Open {
    client: ClientWrapper,
    /// By name: the list of the pool is asked by the whole text of a statement.
    prepared: Lock<Vec<(&'static str, Statement)>>,
}

/// The connection, for one statement.
pub(super) struct Shared {
    open: Arc<Open>,
    connection: Arc<WorkerConnection>,
    is_sound: bool,
    /// How many statements are under way on it, this one included.
    under_way: usize,
}

impl WorkerConnection {
    /// The pool makes one connection at a time, on the worker's runtime.
    pub(super) fn new(pool: Pool, acquire_timeout: Duration, answer_timeout: Duration) -> Self {
        Self {
            pool,
            acquire_timeout,
            answer_timeout,
            time: Mean::default(),
            open: Mutex::default(),
        }
    }

    /// Opens it before the first caller needs it, with these statements prepared.
    ///
    /// # Errors
    ///
    /// When that fails; whoever needs the connection tries again.
    pub(super) async fn warm(&self, statements: &[&Sql]) -> Result<()> {
        let mut open = self.open.lock().await;
        let opened = self.connect().await.map_err(unreachable)?;
        let preparing = statements.iter().map(|statement| {
            let prepared = opened.prepare(statement);
            within(self.answer_timeout, statement.name, prepared)
        });
        try_join_all(preparing).await?;
        *open = Some(opened);
        Ok(())
    }

    async fn connect(&self) -> Result<Arc<Open>, PoolError> {
        Ok(Arc::new(Open {
            // It leaves the pool for good, so that one that is given up is never given out again.
            client: Object::take(self.pool.get().await?),
            prepared: Lock::default(),
        }))
    }

    /// The connection; `None` when it has enough to do, more than can be done in time, or is being opened.
    ///
    /// # Errors
    ///
    /// When it is not open and cannot be opened.
    pub(super) async fn client(self: &Arc<Self>) -> Result<Option<Shared>, PoolError> {
        // Held by others for no longer than a look, unless they are opening it.
        let Ok(mut open) = self.open.try_lock() else {
            return Ok(None);
        };
        open.take_if(|open| open.client.is_closed());
        let open = match &*open {
            Some(open) => open,
            None => open.insert(Box::pin(self.connect()).await?),
        };
        // One is the worker's own, and each of the others is under way.
        let under_way = Arc::strong_count(open);
        // A statement that has the connection to itself is sent however long others took, so that it is known when they get faster.
        let is_in_time =
            under_way == 1 || self.time.times(under_way) <= in_time(self.acquire_timeout);
        Ok((under_way <= MAX_UNDER_WAY && is_in_time).then(|| Shared {
            open: Arc::clone(open),
            connection: Arc::clone(self),
            is_sound: true,
            under_way,
        }))
    }
}

impl Open {
    /// Sends a statement, prepared once.
    async fn query(&self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let known = {
            let prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
            let mut known = prepared.iter().filter(|(name, _)| *name == sql.name);
            known.next().map(|(_, statement)| statement.clone())
        };
        let statement = match known {
            Some(statement) => statement,
            // Boxed, or the future of every tool would be larger by it.
            None => Box::pin(self.prepare(sql)).await?,
        };
        let rows = self.client.query(&statement, params).await;
        rows.map_err(failed(sql.name))
    }

    async fn prepare(&self, sql: &Sql) -> Result<Statement> {
        let prepared = self.client.prepare_typed(sql.text, sql.types).await;
        let statement = prepared.map_err(failed(sql.name))?;
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        prepared.push((sql.name, statement.clone()));
        Ok(statement)
    }
}

impl Shared {
    /// Sends a statement and waits for its answer. When nobody waits for it any more before it is there, whoever comes next would wait behind
    /// it, so that the connection is given up; so it is after an error that the session may be the cause of.
    pub(super) async fn answer(mut self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        self.is_sound = false;
        let begun = Instant::now();
        let timeout = self.connection.answer_timeout;
        let answer = within(timeout, statement.name, self.open.query(statement, params)).await;
        Stage::Database.ended(begun);
        let turns = u32::try_from(self.under_way).unwrap_or(u32::MAX).max(1);
        self.connection.time.record(begun.elapsed() / turns);
        self.is_sound = !matches!(&answer, Err(error) if error.spoils_connection());
        answer
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if !self.is_sound
            && let Ok(mut open) = self.connection.open.try_lock()
        {
            open.take_if(|open| Arc::ptr_eq(open, &self.open));
        }
    }
}
