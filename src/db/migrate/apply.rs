//! Applying what is missing.

use tokio_postgres::{Client, Transaction};

use super::{
    Applied, MigrateError,
    ledger::{self, Ledger},
    locks, preflight,
    retry::{Failure, Retry},
    roles,
};
use crate::db::files::{BACKFILL, File};

/// How many organizations' calendars are filled in at once.
const FILLED_AT_ONCE: u32 = 20;

/// Does something until it succeeds, or fails otherwise than by what others hold.
macro_rules! until_done {
    ($retry:ident, $work:expr) => {
        let mut attempt = 1;
        while let Err(failure) = $work.await {
            $retry.after(failure, attempt).await?;
            attempt += 1;
        }
    };
}

/// Migrates under the advisory lock.
pub(super) async fn migrate_locked(
    client: &mut Client,
    retry: &Retry,
) -> Result<Applied, MigrateError> {
    client
        .batch_execute("set client_min_messages = warning")
        .await?;
    let found = Ledger::read(client).await?;
    // Where the database is of a later release nothing is done.
    if let Some(ledger) = &found
        && let Some(newer) = ledger.later_release()?
    {
        ledger.refuse_edited()?;
        return Ok(Applied {
            files: Vec::new(),
            newer: Some(newer),
        });
    }
    preflight::require_owner(client).await?;
    if !has_roles(client, found.as_ref()).await? {
        preflight::require_roles(client).await?;
    }
    until_done!(retry, create_ledger(client, retry));
    let ledger = Ledger::read(client)
        .await?
        .ok_or_else(|| MigrateError::Behind("the ledger".to_owned()))?;
    roles::require(client).await?;
    ledger.refuse_edited()?;
    let mut applied = Applied::default();
    for file in ledger.pending_migrations() {
        until_done!(retry, apply_migration(client, file, retry));
        tracing::debug!(file = file.name, "applied");
        applied.files.push(file.name);
    }
    let code = ledger.pending_code();
    until_done!(retry, apply_code(client, &code, retry));
    applied.files.extend(code.iter().map(|file| file.name));
    until_done!(retry, fill_calendars(client));
    roles::check_grants(client).await?;
    Ok(applied)
}

/// Whether the migration that makes the service's role was applied.
async fn has_roles(client: &Client, found: Option<&Ledger>) -> Result<bool, MigrateError> {
    if let Some(ledger) = found {
        let is_pending = |file: &&File| file.name == "migrations/0020_service_role";
        return Ok(!ledger.pending_migrations().iter().any(is_pending));
    }
    let known = "select to_regclass('private.schema_history') is not null";
    Ok(client.query_one(known, &[]).await?.get(0))
}

async fn create_ledger(client: &mut Client, retry: &Retry) -> Result<(), Failure> {
    let transaction = begin(client, retry).await?;
    Ledger::create(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// Runs one migration and records it, both or neither.
async fn apply_migration(
    client: &mut Client,
    file: &'static File,
    retry: &Retry,
) -> Result<(), Failure> {
    let transaction = begin(client, retry).await?;
    locks::take(&transaction, &[file], retry).await?;
    run(&transaction, file).await?;
    ledger::record(&transaction, file).await?;
    Ok(transaction.commit().await?)
}

/// Replaces all functions and policies that changed and records them and the release, all or nothing: a call meets what was there before
/// or what is there afterwards.
async fn apply_code(
    client: &mut Client,
    files: &[&'static File],
    retry: &Retry,
) -> Result<(), Failure> {
    let transaction = begin(client, retry).await?;
    locks::take(&transaction, files, retry).await?;
    for file in files {
        run(&transaction, file).await?;
        ledger::record(&transaction, file).await?;
    }
    run(&transaction, &BACKFILL).await?;
    ledger::record_release(&transaction).await?;
    Ok(transaction.commit().await?)
}

/// Works out what the search for free time reads, for the organizations that lack it, some at a time: their bookings wait meanwhile.
async fn fill_calendars(client: &Client) -> Result<(), Failure> {
    let fill = format!("select private.fill_calendars({FILLED_AT_ONCE})");
    while client.query_one(&fill, &[]).await?.try_get::<_, i32>(0)? > 0 {}
    Ok(())
}

async fn begin<'a>(client: &'a mut Client, retry: &Retry) -> Result<Transaction<'a>, Failure> {
    let transaction = client.transaction().await?;
    // A function may name a table or a function of a later file; the calls themselves are checked when they run.
    transaction
        .batch_execute(&format!(
            "set local check_function_bodies = off; set local lock_timeout = {}",
            retry.lock_timeout.as_millis()
        ))
        .await?;
    Ok(transaction)
}

async fn run(transaction: &Transaction<'_>, file: &File) -> Result<(), Failure> {
    transaction
        .batch_execute(file.text)
        .await
        .map_err(|source| Failure::File(file.name.to_owned(), source))
}
