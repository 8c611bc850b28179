//! A transaction bound to one organization.

use std::{sync::Arc, time::Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::future::join;
use tokio::sync::Notify;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    Params, Sql, Statements,
    connection::Connection,
    connector::Server,
    options::Mode,
    prepared::{Prepared, failed},
};
use crate::{
    error::{Error, Result},
    stage::Stage,
};

/// Whom a transaction is for, and what time it is for every rule in it.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The organization whose rows may be touched.
    pub organization_id: Uuid,
    /// The instant that the rules of this request take as now.
    pub now: DateTime<Utc>,
}

impl Binding {
    /// The instant as a statement that binds itself takes it.
    #[must_use]
    pub fn at(&self) -> String {
        self.now.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// Both, as the text that `set_config` takes.
    pub(super) fn values(&self) -> [String; 2] {
        [self.organization_id.to_string(), self.at()]
    }
}

/// A transaction that may touch the rows of one organization only; [`super::Database::transaction`] makes it.
///
/// It owns its connection. One that is dropped in the middle, because its task was, takes the connection out of the
/// pool with it, and the server rolls back.
pub struct OrgTx {
    connection: Connection,
    statements: Statements,
    committed: Arc<Notify>,
}

impl OrgTx {
    /// Begins on `connection` and sends a statement that binds itself, in one round trip; with the transaction come its rows.
    pub(super) async fn begin(
        connection: Connection,
        server: &Server,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<(Self, Vec<Row>)> {
        let client = connection.client()?;
        let command = server.options.opening(Mode::Writes);
        // Boxed here and below: every future that begins or uses a transaction would else hold all of this several times.
        let opening = Box::pin(async {
            // Prepared first, or it would be sent before the transaction begins.
            let first = Prepared::new(client, server.options.statements, statement).await?;
            let at = Instant::now();
            let (begun, rows) =
                join(client.batch_execute(&command), first.query(client, params)).await;
            begun.map_err(failed("begin"))?;
            let rows = rows?;
            if statement.get(statement.first(&rows)?, "is_read_only")? {
                return Err(Error::ReadOnly);
            }
            Stage::Database.ended(at);
            Ok(rows)
        });
        let opened = connection.bounded("begin", opening).await;
        let transaction = Self {
            connection,
            statements: server.options.statements,
            committed: Arc::clone(&server.committed),
        };
        match opened {
            Ok(rows) => Ok((transaction, rows)),
            Err(error) => {
                // The first error is the one to report; a connection that cannot roll back is dropped.
                drop(transaction.roll_back().await);
                Err(error)
            }
        }
    }

    /// Sends one statement and collects its rows.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Statement`], after which the transaction can only be rolled back.
    pub async fn query(&self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let at = Instant::now();
        let client = self.connection.client()?;
        let answer = Box::pin(async {
            let prepared = Prepared::new(client, self.statements, statement).await?;
            prepared.query(client, params).await
        });
        let rows = self.connection.bounded(statement.name, answer).await;
        Stage::Database.ended(at);
        rows
    }

    /// Commits.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Statement`] named `commit` when the connection is lost, so that it is not known whether the work was
    /// kept.
    pub async fn commit(self) -> Result<()> {
        let committed = Arc::clone(&self.committed);
        let ended = self.end("commit").await;
        committed.notify_one();
        ended
    }

    /// Sends a last statement, collects its rows and commits, in one round trip.
    ///
    /// # Errors
    ///
    /// As [`OrgTx::commit`]; when the statement fails nothing is kept, since the server rolls a failed transaction back.
    pub async fn commit_with(self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let at = Instant::now();
        let client = self.connection.client()?;
        let answer = Box::pin(async {
            let last = Prepared::new(client, self.statements, statement).await?;
            let (done, committed) =
                join(last.query(client, params), client.batch_execute("commit")).await;
            committed.map_err(failed("commit"))?;
            Ok(done)
        });
        let done = self.connection.bounded("commit", answer).await;
        Stage::Database.ended(at);
        self.committed.notify_one();
        let done = done?;
        if let Err(error) = &done {
            self.connection.note(error);
        }
        self.connection.release();
        done
    }

    /// Undoes everything.
    ///
    /// # Errors
    ///
    /// When the connection is lost, which undoes everything as well.
    pub async fn roll_back(self) -> Result<()> {
        if self.connection.is_spoilt() {
            return Ok(());
        }
        self.end("rollback").await
    }

    async fn end(self, how: &'static str) -> Result<()> {
        let at = Instant::now();
        let client = self.connection.client()?;
        let answer = self.connection.bounded(how, async {
            client.batch_execute(how).await.map_err(failed(how))
        });
        let ended = answer.await;
        Stage::Database.ended(at);
        ended?;
        self.connection.release();
        Ok(())
    }
}
