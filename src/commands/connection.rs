//! One connection for one command, as the owner of the tables.

use std::future::Future;

use anyhow::{Context, ensure};
use tokio_postgres::{Client, error::SqlState};

use super::refusals;
use crate::{
    config::DatabaseConfig,
    db::{migrate, tls},
};

/// Connects, does the work, and waits until the connection is closed.
pub async fn with<T, F, Work>(database: &DatabaseConfig, work: F) -> anyhow::Result<T>
where
    F: FnOnce(Client) -> Work,
    Work: Future<Output = anyhow::Result<T>>,
{
    let tls = tls::connector(database.ca_file.as_deref(), database.uses_tls())?;
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
pub async fn with_schema<T, F, Work>(database: &DatabaseConfig, work: F) -> anyhow::Result<T>
where
    F: FnOnce(Client) -> Work,
    Work: Future<Output = anyhow::Result<T>>,
{
    with(database, |client| async move {
        migrate::check(&client).await?;
        sees_everything(&client).await?;
        // What a command asks is answered sooner than it is compiled.
        client.batch_execute("set jit = off").await?;
        work(client).await
    })
    .await
}

/// Refuses a role that row level security holds: it would be shown nothing, and nothing would look like all is well.
async fn sees_everything(client: &Client) -> anyhow::Result<()> {
    const QUERY: &str = "select row_security_active('public.organizations'), current_user::text";
    let rows = client.query_typed(QUERY, &[]).await?;
    let row = rows.first().context("the database did not answer")?;
    let (is_held, role): (bool, String) = (row.try_get(0)?, row.try_get(1)?);
    ensure!(
        !is_held,
        "the role {role} sees no organization, because row level security holds for it; connect as the owner of the tables, with \
         FRONTDESK_OWNER_URL"
    );
    Ok(())
}
