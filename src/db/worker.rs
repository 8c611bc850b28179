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
    sync::Arc,
    time::{Duration, Instant},
};

use deadpool_postgres::{ClientWrapper, Object, Pool, PoolError};
use tokio::sync::Mutex;

use super::{
    Sql, Statements,
    admission::{Mean, in_time},
    connection::{unreachable, within},
    prepared::Prepared,
};
use crate::error::Result;

/// How many statements may be under way on it: each waits for those before it, and a slow one must not hold up many.
const MAX_UNDER_WAY: usize = 16;

/// The connection of one worker: none until it is first needed, or after it was lost or given up.
#[derive(Debug)]
pub(super) struct WorkerConnection {
    /// Makes it, and never has another.
    pool: Pool,
    /// How long somebody waits for an answer at most.
    patience: Duration,
    /// How long the server may take over one statement.
    answer_timeout: Duration,
    /// How long a statement takes that waits for no other.
    time: Mean,
    open: Mutex<Option<Arc<ClientWrapper>>>,
}

/// The connection, for one statement.
pub(super) struct Shared {
    client: Arc<ClientWrapper>,
    connection: Arc<WorkerConnection>,
    is_sound: bool,
    /// How many statements are under way on it, this one included.
    under_way: usize,
}

impl WorkerConnection {
    /// The pool makes one connection at a time, on the worker's runtime.
    pub(super) fn new(pool: Pool, patience: Duration, answer_timeout: Duration) -> Self {
        Self {
            pool,
            patience,
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
        let client = self.connect().await.map_err(unreachable)?;
        for statement in statements {
            let prepared = Prepared::new(&client, Statements::Prepared, statement);
            within(self.answer_timeout, statement.name, prepared).await?;
        }
        *open = Some(client);
        Ok(())
    }

    async fn connect(&self) -> Result<Arc<ClientWrapper>, PoolError> {
        // It leaves the pool for good, so that one that is given up is never given out again.
        Ok(Arc::new(Object::take(self.pool.get().await?)))
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
        open.take_if(|client| client.is_closed());
        let client = match &*open {
            Some(client) => client,
            None => open.insert(self.connect().await?),
        };
        // One is the worker's own, and each of the others is under way.
        let under_way = Arc::strong_count(client);
        // A statement that has the connection to itself is sent however long others took, so that it is known when they get faster.
        let is_in_time = under_way == 1 || self.time.times(under_way) <= in_time(self.patience);
        Ok((under_way <= MAX_UNDER_WAY && is_in_time).then(|| Shared {
            client: Arc::clone(client),
            connection: Arc::clone(self),
            is_sound: true,
            under_way,
        }))
    }
}

impl Shared {
    /// Waits for the answer to a statement. When nobody waits for it any more before it is there, whoever comes next would wait behind
    /// it, so that the connection is given up; so it is after an error that the session may be the cause of.
    pub(super) async fn answer<T>(
        mut self,
        statement: &'static str,
        work: impl AsyncFnOnce(&ClientWrapper) -> Result<T>,
    ) -> Result<T> {
        self.is_sound = false;
        let begun = Instant::now();
        let timeout = self.connection.answer_timeout;
        let answer = within(timeout, statement, work(&self.client)).await;
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
            open.take_if(|client| Arc::ptr_eq(client, &self.client));
        }
    }
}
