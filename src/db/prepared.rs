//! Statements that are ready to be sent.

use tokio_postgres::{Row, error::SqlState, types::ToSql};

use super::{Params, Sql, Statements};
use crate::{
    error::{Error, Result},
    sql,
};

/// Tells the database whom a transaction is for, and what time it is.
pub const BIND: Sql = sql!("bind_organization", [TEXT, TEXT]);

/// A statement ready to be sent without another round trip.
pub(super) enum Prepared<'a> {
    Named(&'a Sql, tokio_postgres::Statement),
    Unnamed(&'a Sql),
}

impl<'a> Prepared<'a> {
    pub(super) async fn new(
        client: &deadpool_postgres::ClientWrapper,
        statements: Statements,
        statement: &'a Sql,
    ) -> Result<Self> {
        match statements {
            Statements::Unnamed => Ok(Self::Unnamed(statement)),
            Statements::Prepared => client
                .prepare_typed_cached(statement.text, statement.types)
                .await
                .map(|prepared| Self::Named(statement, prepared))
                .map_err(failed(statement.name)),
        }
    }

    pub(super) async fn both(
        client: &deadpool_postgres::ClientWrapper,
        statements: Statements,
        statement: &'a Sql,
    ) -> Result<(Self, Self)> {
        let (bind, prepared) = futures_util::future::try_join(
            Self::new(client, statements, &BIND),
            Self::new(client, statements, statement),
        )
        .await?;
        Ok((bind, prepared))
    }

    pub(super) async fn query(
        &self,
        client: &tokio_postgres::Client,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let (name, rows) = match self {
            Self::Named(sql, prepared) => (sql.name, client.query(prepared, params).await),
            Self::Unnamed(sql) => {
                let typed: Vec<(&(dyn ToSql + Sync), tokio_postgres::types::Type)> = params
                    .iter()
                    .copied()
                    .zip(sql.types.iter().cloned())
                    .collect();
                (sql.name, client.query_typed(sql.text, &typed).await)
            }
        };
        rows.map_err(failed(name))
    }
}

/// Names the statement that failed.
pub(super) fn failed(statement: &'static str) -> impl Fn(tokio_postgres::Error) -> Error {
    move |source| {
        if let Some(hint) = pooler_hint(&source) {
            tracing::error!(statement, hint, "a prepared statement is missing");
        }
        Error::Statement { statement, source }
    }
}

/// What to do where a prepared statement is gone, or there already: the next one to use the connection was given another session.
#[must_use]
pub fn pooler_hint(error: &tokio_postgres::Error) -> Option<&'static str> {
    [
        SqlState::INVALID_SQL_STATEMENT_NAME,
        SqlState::DUPLICATE_PSTATEMENT,
    ]
    .contains(error.code()?)
    .then_some(
        "a transaction pooler stands between: set FRONTDESK_STATEMENTS=unnamed for the service, and FRONTDESK_OWNER_URL to a direct connection for the other commands",
    )
}
