//! Whether the functions exist that the service's statements call, and may be called by its role.
//!
//! The server is asked to explain every statement, without values: it then looks up each function, table and column, and each grant
//! of what it would run, and runs nothing.

use std::{collections::BTreeSet, sync::LazyLock};

use futures_util::future;
use tokio_postgres::{
    Client,
    error::SqlState,
    types::{ToSql, Type},
};

use super::{
    Database, Sql,
    files::{self, File},
};
use crate::sql;

const CALLED: Sql = sql!("called_functions", [TEXT_ARRAY]);

/// The names of the functions that statements call, and of those that these and the triggers call.
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let called = files::sent().flat_map(|sent| called(sent.text));
    let names: BTreeSet<&str> = called.chain(files::function_names()).collect();
    names.into_iter().collect()
});

/// A statement that the service sends and this database cannot run.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// Something that it names is missing, or the service's role may not use it.
    #[error(
        "the statement {statement} cannot run on this database ({message}): its functions were dropped, renamed or revoked; run `frontdesk migrate`, or restore them"
    )]
    Missing {
        /// The file in `sql/queries/`.
        statement: &'static str,
        /// The server's code and message.
        message: String,
    },
    /// It could not be found out.
    #[error("the functions of the database could not be looked up")]
    Database(#[from] tokio_postgres::Error),
    /// They could not be looked up through the pool.
    #[error(transparent)]
    Pool(#[from] crate::error::Error),
}

/// What statements depend on, as one text to compare with an earlier one: functions, tables, the rights to both, and the releases.
///
/// # Errors
///
/// [`FunctionError::Missing`] where a function is missing, [`FunctionError::Pool`] when the database cannot be asked.
pub async fn fingerprint(database: &Database) -> Result<String, FunctionError> {
    let rows = database.read_unbound(&CALLED, &[&*NAMES]).await?;
    let Some(row) = rows.first() else {
        return Ok(String::new());
    };
    if let Some(name) = row
        .try_get::<_, Option<String>>(1)
        .map_err(CALLED.shape())?
    {
        return Err(FunctionError::Missing {
            statement: CALLED.name,
            message: format!("42883 function {name} does not exist"),
        });
    }
    Ok(row.try_get(0).map_err(CALLED.shape())?)
}

/// Makes sure that every statement that the service sends can run, in a migrated database.
///
/// # Errors
///
/// [`FunctionError::Missing`] for the first one that cannot.
pub async fn check(client: &Client) -> Result<(), FunctionError> {
    if explain_all(client).await.is_ok() {
        return Ok(());
    }
    // The first failure ends the transaction, and need not be the one to be told.
    for sent in files::sent() {
        client.batch_execute(BEGIN).await?;
        let explained = explain(client, sent).await;
        client.batch_execute("rollback").await?;
        let Err(error) = explained else { continue };
        if let Some(message) = lacks(&error) {
            return Err(FunctionError::Missing {
                statement: sent.name,
                message,
            });
        }
        // A function that the planner ran may refuse to work on nothing: so it is there.
        if error.as_db_error().is_none() {
            return Err(error.into());
        }
    }
    Ok(())
}

/// Has the server explain all statements at once, which takes hardly longer than the way to it and back.
///
/// # Errors
///
/// The first one; what it is about need not be missing.
pub async fn explain_all(client: &Client) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(BEGIN).await?;
    let explained = future::try_join_all(files::sent().map(|sent| explain(client, sent))).await;
    client.batch_execute("rollback").await?;
    explained.map(drop)
}

async fn explain(client: &Client, sent: &File) -> Result<(), tokio_postgres::Error> {
    // Null, of whatever type a parameter is.
    let values: Vec<(&(dyn ToSql + Sync), Type)> =
        vec![(&None::<&str>, Type::UNKNOWN); parameters(sent.text)];
    let text = format!("explain {}", sent.text);
    client.query_typed(&text, &values).await.map(drop)
}

/// As the service's role, in a transaction, so that a transaction pooler is no obstacle.
const BEGIN: &str = "begin read only; set local role frontdesk_app";

/// What the server says where something is missing or not allowed.
fn lacks(error: &tokio_postgres::Error) -> Option<String> {
    let error = error.as_db_error()?;
    [
        SqlState::UNDEFINED_FUNCTION,
        SqlState::UNDEFINED_TABLE,
        SqlState::UNDEFINED_COLUMN,
        SqlState::UNDEFINED_OBJECT,
        SqlState::INVALID_SCHEMA_NAME,
        SqlState::INSUFFICIENT_PRIVILEGE,
    ]
    .contains(error.code())
    .then(|| format!("{} {}", error.code().code(), error.message()))
}

/// How many parameters a statement has.
fn parameters(text: &str) -> usize {
    text.split('$')
        .skip(1)
        .filter_map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .max()
        .unwrap_or(0)
}

/// The functions of ours that a statement calls, each with its schema.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || "._(".contains(c)))
        .flat_map(|word| {
            // Of `coalesce(private.bind(` each piece but the last is followed by a bracket.
            word.rsplit_once('(')
                .map_or("", |(before, _)| before)
                .split('(')
        })
        .filter(|name| name.starts_with("private.") || name.starts_with("public."))
}
