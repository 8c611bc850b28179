//! Whether the functions exist that the service's statements call, and may be called by its role.
//!
//! The server is asked to explain every statement, without values: it then looks up each function, table and column, and each grant
//! of what it would run, and runs nothing.

use std::{collections::BTreeSet, sync::LazyLock};

use tokio_postgres::{
    Client,
    error::SqlState,
    types::{ToSql, Type},
};

use super::{Database, Sql, sent::SENT};
use crate::{error::Result, sql};

const CALLED: Sql = sql!("called_functions", [TEXT_ARRAY]);

/// The names of the functions that statements call.
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let names: BTreeSet<&str> = SENT.iter().flat_map(|sent| called(sent.text)).collect();
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

/// The functions that statements call by name and that the service's role may call, as one text to compare with an earlier one.
///
/// # Errors
///
/// When the database cannot be asked.
pub async fn fingerprint(database: &Database) -> Result<String> {
    let rows = database.read_unbound(&CALLED, &[&*NAMES]).await?;
    match rows.first() {
        Some(row) => row.try_get(0).map_err(CALLED.shape()),
        None => Ok(String::new()),
    }
}

/// Makes sure that every statement that the service sends can run, in a migrated database.
///
/// # Errors
///
/// [`FunctionError::Missing`] for the first one that cannot.
pub async fn check(client: &Client) -> std::result::Result<(), FunctionError> {
    client.batch_execute(BEGIN).await?;
    for sent in SENT {
        let values = vec![(NOTHING, Type::UNKNOWN); parameters(sent.text)];
        let explained = client
            .query_typed(&format!("explain {}", sent.text), &values)
            .await;
        let Err(error) = explained else { continue };
        if let Some(message) = lacks(&error) {
            client.batch_execute("rollback").await?;
            return Err(FunctionError::Missing {
                statement: sent.name,
                message,
            });
        }
        if error.as_db_error().is_none() {
            return Err(error.into());
        }
        // A function that the planner ran refused to work on nothing: so it is there.
        client.batch_execute("rollback").await?;
        client.batch_execute(BEGIN).await?;
    }
    Ok(client.batch_execute("rollback").await?)
}

/// Null, of whatever type the server takes a parameter to be.
const NOTHING: &(dyn ToSql + Sync) = &None::<&str>;

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
