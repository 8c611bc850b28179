//! How the commands ask the database: over one connection, as the owner of the tables.

use anyhow::{Context, anyhow, ensure};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_postgres::{
    Client, GenericClient, IsolationLevel, Row, Transaction,
    error::SqlState,
    types::{FromSqlOwned, ToSql, Type},
};

use super::refusals;
use crate::{
    config::DatabaseConfig,
    db::{Params, Sql, migrate, tls},
};

/// Connects, does the work, and waits until the connection is closed.
pub(super) async fn with<T, Work: Future<Output = anyhow::Result<T>>>(
    database: &DatabaseConfig,
    work: impl FnOnce(Client) -> Work,
) -> anyhow::Result<T> {
    let tls = tls::connector(database.ca_file.as_deref())?;
    let (client, connection) = database
        .owner
        .connect(tls)
        .await
        .context("the database in FRONTDESK_OWNER_URL (or DATABASE_URL) cannot be reached")?;
    let driver = tokio::spawn(connection);
    let done = work(client).await;
    // A connection that breaks while it is closed has nothing left to lose.
    drop(driver.await);
    done.map_err(without_rights)
}

/// What the database says of a login that has too few rights, in words that name the setting.
fn without_rights(error: anyhow::Error) -> anyhow::Error {
    let refused = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<tokio_postgres::Error>())
        .filter_map(tokio_postgres::Error::as_db_error)
        .find(|refusal| *refusal.code() == SqlState::INSUFFICIENT_PRIVILEGE)
        .map(refusals::words);
    refused.map_or(error, anyhow::Error::msg)
}

/// Connects as [`with`] does, to a database that has this program's schema.
pub(super) async fn with_schema<T, Work: Future<Output = anyhow::Result<T>>>(
    database: &DatabaseConfig,
    work: impl FnOnce(Client) -> Work,
) -> anyhow::Result<T> {
    with(database, |client| async move {
        migrate::check(&client).await?;
        sees_everything(&client).await?;
        // What a command asks is answered sooner than it is compiled.
        client
            .batch_execute("set jit = off; set timezone = 'UTC'")
            .await?;
        work(client).await
    })
    .await
}

/// Refuses a role that row level security holds: it would be shown nothing, and nothing would look like all is well.
async fn sees_everything(client: &Client) -> anyhow::Result<()> {
    const QUERY: &str = "select row_security_active('public.organizations'), current_user::text";
    let row = client.query_typed_one(QUERY, &[]).await?;
    let (is_held, role): (bool, String) = (row.try_get(0)?, row.try_get(1)?);
    ensure!(
        !is_held,
        "the role {role} sees no organization, because row level security holds for it; connect as the owner of the tables, with \
         FRONTDESK_OWNER_URL"
    );
    Ok(())
}

/// Sends one statement; what the database refuses comes back as a sentence ([`refusals::words`]).
pub(super) async fn query(
    client: &impl GenericClient,
    statement: &Sql,
    params: Params<'_>,
) -> anyhow::Result<Vec<Row>> {
    let types = statement.types.iter().cloned();
    let params: Vec<(&(dyn ToSql + Sync), Type)> = params.iter().copied().zip(types).collect();
    client
        .query_typed(statement.text, &params)
        .await
        .map_err(|error| match error.as_db_error() {
            Some(refusal) => anyhow!("{}", refusals::words(refusal)),
            None => anyhow::Error::new(error).context("the database cannot be asked"),
        })
}

/// Sends one statement whose rows are JSON objects, and reads them.
pub(super) async fn records<T: DeserializeOwned>(
    client: &impl GenericClient,
    statement: &Sql,
    params: Params<'_>,
) -> anyhow::Result<Vec<T>> {
    query(client, statement, params)
        .await?
        .iter()
        .map(|row| {
            let record: Value = row.try_get(0)?;
            serde_json::from_value(record)
                .with_context(|| format!("{} gave what cannot be read", statement.name))
        })
        .collect()
}

/// Sends one statement that gives one value, or none.
pub(super) async fn value<T: FromSqlOwned>(
    client: &impl GenericClient,
    statement: &Sql,
    params: Params<'_>,
) -> anyhow::Result<Option<T>> {
    let rows = query(client, statement, params).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// Sends one statement that gives the one value that there must be, such as the id of a row that was made.
pub(super) async fn only<T: FromSqlOwned>(
    client: &impl GenericClient,
    statement: &Sql,
    params: Params<'_>,
) -> anyhow::Result<T> {
    let found = value(client, statement, params).await?;
    found.context("no row came back")
}

/// Begins a transaction.
pub(super) async fn transaction(client: &mut Client) -> anyhow::Result<Transaction<'_>> {
    let begun = client.transaction().await;
    begun.context("no transaction could be begun")
}

/// A transaction that only reads, and sees one state of the database throughout.
pub(super) async fn snapshot(client: &mut Client) -> anyhow::Result<Transaction<'_>> {
    let transaction = client
        .build_transaction()
        .read_only(true)
        .isolation_level(IsolationLevel::RepeatableRead);
    let begun = transaction.start().await;
    begun.context("no transaction could be begun")
}
