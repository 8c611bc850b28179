//! How the commands ask the database, and say that there is no such organization.

use anyhow::{Context, anyhow};
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_postgres::{Client, GenericClient, IsolationLevel, Row, Transaction, types::ToSql};
use uuid::Uuid;

use crate::{
    commands::refusals,
    db::{Params, Sql},
    sql,
};

const TODAY: Sql = sql!("org_today", [UUID]);
const LOCK: Sql = sql!("org_lock", [UUID]);

/// Sends one statement; what the database refuses comes back as a sentence ([`refusals::words`]).
pub(in crate::commands) async fn query(
    client: &impl GenericClient,
    statement: &Sql,
    params: Params<'_>,
) -> anyhow::Result<Vec<Row>> {
    let typed: Vec<(&(dyn ToSql + Sync), tokio_postgres::types::Type)> = params
        .iter()
        .copied()
        .zip(statement.types.iter().cloned())
        .collect();
    client
        .query_typed(statement.text, &typed)
        .await
        .map_err(|error| match error.as_db_error() {
            Some(refusal) => anyhow!("{}", refusals::words(refusal)),
            None => anyhow::Error::new(error).context("the database cannot be asked"),
        })
}

/// Sends one statement whose rows are JSON objects, and reads them.
pub(in crate::commands) async fn records<T: DeserializeOwned>(
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

/// The one row of a statement that touches one organization.
pub(in crate::commands) fn only_row(rows: &[Row], organization_id: Uuid) -> anyhow::Result<&Row> {
    rows.first()
        .with_context(|| format!("there is no organization {organization_id}"))
}

/// What day it is for an organization; refuses one that does not exist.
pub(super) async fn today(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> anyhow::Result<NaiveDate> {
    let rows = query(client, &TODAY, &[&organization_id]).await?;
    Ok(only_row(&rows, organization_id)?.try_get(0)?)
}

/// The client as the commands that need a transaction take it.
pub(super) async fn transaction(client: &mut Client) -> anyhow::Result<Transaction<'_>> {
    client
        .transaction()
        .await
        .context("no transaction could be begun")
}

/// A transaction that holds the organization's row, so that two operators do not decide on the same thing at once; refuses
/// an organization that does not exist.
pub(in crate::commands) async fn hold(
    client: &mut Client,
    organization_id: Uuid,
) -> anyhow::Result<Transaction<'_>> {
    let transaction = transaction(client).await?;
    let rows = query(&transaction, &LOCK, &[&organization_id]).await?;
    only_row(&rows, organization_id)?;
    Ok(transaction)
}

/// A telephone number as it is stored.
pub(in crate::commands) fn phone(text: &str) -> anyhow::Result<String> {
    crate::domain::phone::Phone::parse(text)
        .map(|phone| phone.as_str().to_owned())
        .map_err(|_problem| {
            anyhow!(
                "{text} is no telephone number; write it with its country code, as in +13035550100"
            )
        })
}

/// A transaction that only reads, and sees one state of the database throughout.
pub(in crate::commands) async fn snapshot(client: &mut Client) -> anyhow::Result<Transaction<'_>> {
    client
        .build_transaction()
        .read_only(true)
        .isolation_level(IsolationLevel::RepeatableRead)
        .start()
        .await
        .context("no transaction could be begun")
}
