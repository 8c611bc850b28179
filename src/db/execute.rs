//! Writing with one statement that is a transaction of its own, and finding out whether writing is possible.

use std::time::Instant;

use deadpool_postgres::ClientWrapper;
use futures_util::future::join3;
use tokio_postgres::Row;

use super::{
    Binding, Database, Params, Sql, Statements,
    options::Mode,
    prepared::{Prepared, failed},
};
use crate::{
    error::{Error, Result},
    sql,
    stage::Stage,
};

/// Writes without touching a table, and tells whether the session takes writes.
const CHECK_WRITABLE: Sql = sql!("check_writable", []);

impl Database {
    /// Sends one statement that binds itself and writes, as a transaction of its own. It is never sent twice, unless it is known that nothing
    /// was done.
    ///
    /// # Errors
    ///
    /// As [`Database::read`]; one named `commit` when no answer comes or the connection is lost, so that it is not known whether the work was kept.
    pub async fn execute(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        match self.execute_once(binding, statement, params).await {
            // A pooled connection whose server restarted shows it only when it is used, or when the statement is prepared.
            Err(error) if error.is_read_only() || is_unsent(&error) => {
                self.execute_once(binding, statement, params).await
            }
            answer => answer,
        }
    }

    /// As [`Database::execute`], for a statement that does no harm when it is done twice: on a connection that turns out to be closed nobody
    /// knows whether it was done, and it is sent again.
    ///
    /// # Errors
    ///
    /// As [`Database::read`].
    pub async fn write(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        match self.execute(binding, statement, params).await {
            Err(error) if error.is_closed() => self.execute(binding, statement, params).await,
            answer => answer,
        }
    }

    async fn execute_once(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let connection = self.connection(Some(binding)).await?;
        let client = connection.client()?;
        let statements = self.server.options.statements;
        // Boxed, or the future of every tool would be larger by it.
        let answer = Box::pin(connection.bounded("commit", async {
            let prepared = Prepared::new(client, statements, statement).await?;
            let at = Instant::now();
            let rows = match statements {
                Statements::Prepared => prepared.query(client, params).await,
                Statements::Unnamed => self.within_limits(client, &prepared, params).await,
            };
            Stage::Database.ended(at);
            rows.map_err(Error::at_the_end)
        }));
        let rows = answer.await;
        self.server.committed.notify_one();
        connection.release();
        rows
    }

    /// Behind a transaction pooler the time limits are those of the transaction, so one is begun for them.
    async fn within_limits(
        &self,
        client: &ClientWrapper,
        prepared: &Prepared<'_>,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let opening = self.server.options.opening(Mode::Writes);
        let (begun, rows, ended) = join3(
            client.batch_execute(&opening),
            prepared.query(client, params),
            client.batch_execute("commit"),
        )
        .await;
        begun.map_err(failed("begin"))?;
        let rows = rows?;
        ended.map_err(failed("commit"))?;
        Ok(rows)
    }

    /// Writes a little, to find out whether the database takes writes.
    ///
    /// # Errors
    ///
    /// As [`Database::read`]; [`Error::ReadOnly`] when it takes none.
    pub async fn check_writable(&self) -> Result<()> {
        match self.try_write().await {
            Err(error) if error.is_read_only() => self.try_write().await,
            done => done,
        }
    }

    async fn try_write(&self) -> Result<()> {
        let connection = self.connection(None).await?;
        let client = connection.client()?;
        let answer = connection.bounded(CHECK_WRITABLE.name, async {
            let rows = self.send(client, &CHECK_WRITABLE, &[]).await?;
            let is_writable = rows.first().map(|row| row.try_get(0)).transpose();
            match is_writable.map_err(CHECK_WRITABLE.shape())? {
                Some(true) => Ok(()),
                _ => Err(Error::ReadOnly),
            }
        });
        let done = answer.await;
        connection.release();
        done
    }
}

/// Whether the connection was closed before the statement was sent.
fn is_unsent(error: &Error) -> bool {
    let may_be_done = matches!(
        error,
        Error::Statement {
            statement: "commit",
            ..
        }
    );
    error.is_closed() && !may_be_done
}
