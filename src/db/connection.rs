//! A pooled connection in use: every answer is awaited within a bound, and only a connection in a known state is used again.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use deadpool_postgres::{Object, PoolError};

use super::admission::Admitted;
use crate::error::{Error, Result};

/// A connection taken from the pool. It goes back by [`Connection::release`] only: one that is dropped, because its task was or because
/// an answer did not come, is closed, since the next user would wait behind what is still under way.
pub(super) struct Connection {
    client: Option<Object>,
    /// How long one answer may take.
    answer_timeout: Duration,
    is_spoilt: AtomicBool,
    /// The place of its user, for as long as it is used.
    admitted: Option<Admitted>,
}

impl Connection {
    pub(super) fn new(client: Object, answer_timeout: Duration) -> Self {
        Self {
            client: Some(client),
            answer_timeout,
            is_spoilt: AtomicBool::new(false),
            admitted: None,
        }
    }

    /// The same connection, whose user has this place until it is let go of.
    pub(super) fn admitted(mut self, admitted: Admitted) -> Self {
        self.admitted = Some(admitted);
        self
    }

    pub(super) fn client(&self) -> Result<&Object> {
        self.client.as_ref().ok_or(Error::Abandoned)
    }

    /// Awaits an answer over this connection, and notes whether the connection can be used afterwards.
    pub(super) async fn bounded<T>(
        &self,
        statement: &'static str,
        answer: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let answer = within(self.answer_timeout, statement, answer).await;
        if let Err(error) = &answer {
            self.note(error);
        }
        answer
    }

    /// Notes whether the connection can be used after an error. What makes one session read-only or silent has usually met those that are
    /// idle as well, so they are closed too.
    pub(super) fn note(&self, error: &Error) {
        if !error.spoils_connection() {
            return;
        }
        self.is_spoilt.store(true, Ordering::Relaxed);
        if (error.is_read_only() || matches!(error, Error::Silent { .. }))
            && let Some(pool) = self.client.as_ref().and_then(Object::pool)
        {
            pool.retain(|_, _| false);
        }
    }

    /// Whether the connection is closed when it is let go of.
    pub(super) fn is_spoilt(&self) -> bool {
        self.is_spoilt.load(Ordering::Relaxed)
    }

    /// Gives the connection back to the pool, or closes it when it is not to be used again. Nothing may be under way on it, and it must be
    /// out of its transaction.
    pub(super) fn release(mut self) {
        if !self.is_spoilt() {
            drop(self.client.take());
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}

/// Awaits the answer to a statement, which a server that lives gives before this time is over.
pub(super) async fn within<T>(
    timeout: Duration,
    statement: &'static str,
    answer: impl Future<Output = Result<T>>,
) -> Result<T> {
    match tokio::time::timeout(timeout, answer).await {
        Ok(answer) => answer,
        Err(_elapsed) => {
            tracing::warn!(
                statement,
                "the database did not answer; the connection is given up"
            );
            Err(Error::Silent { statement })
        }
    }
}

pub(super) fn unreachable(error: PoolError) -> Error {
    match error {
        PoolError::Backend(source) => Error::Unreachable(source.into()),
        other => Error::Unreachable(other.into()),
    }
}
