//! Opening connections before the first caller needs one.

use futures_util::future::try_join_all;

use super::{Database, Sql, connection::Connection, prepared::Prepared};
use crate::error::Result;

impl Database {
    /// Opens a worker's own connection before the first caller needs it, with these statements prepared.
    ///
    /// # Errors
    ///
    /// As [`Database::warm`].
    pub async fn warm_worker(&self, statements: &[&Sql]) -> Result<()> {
        match &self.worker {
            Some(connection) => connection.warm(statements).await,
            None => Ok(()),
        }
    }

    /// Opens all connections of the pool before the first caller needs one, with these statements prepared in each.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Unreachable`] when the first of them cannot be made, [`crate::error::Error::Statement`] when a statement cannot be prepared.
    pub async fn warm(&self, statements: &[&Sql]) -> Result<()> {
        // None is given back before all are there, or it would be taken for another. They are opened one after another, so that those who
        // are answered meanwhile have processors left.
        let mut opened = Vec::new();
        let done = self.open_all(&mut opened, statements).await;
        opened.into_iter().for_each(Connection::release);
        done
    }

    async fn open_all(&self, opened: &mut Vec<Connection>, statements: &[&Sql]) -> Result<()> {
        for _ in 0..self.pool.status().max_size {
            let status = self.pool.status();
            if status.available == 0 && status.size >= status.max_size {
                // Callers have the others. To wait for them would keep these from everybody.
                break;
            }
            let connection = self.any_connection().await?;
            let client = connection.client()?;
            let preparing = statements.iter().map(|statement| {
                let prepared = Prepared::new(client, self.server.options.statements, statement);
                connection.bounded(statement.name, prepared)
            });
            try_join_all(preparing).await?;
            opened.push(connection);
        }
        Ok(())
    }
}
