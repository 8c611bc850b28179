//! Brings a database to the schema of this binary, and tells whether it is there.
//!
//! Two kinds of file: `sql/migrations/` (tables, types, indexes), each applied once and frozen; and `sql/functions/` and
//! `sql/policies/`, each the one true text of something that can be replaced, applied again as a whole when its text
//! changes. All are recorded with a checksum in `private.schema_history`, and everything runs under one advisory lock, so that
//! two instances may start at once. refinery was weighed: it knows no files of the second kind and takes no lock.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

mod files;
pub mod roles;

use files::{FUNCTIONS, MIGRATIONS, POLICIES};

/// "frontdesk" in a form that fits the key of an advisory lock.
const LOCK_KEY: i64 = 0x0066_726f_6e74_6465;

/// Why a database cannot be brought, or is not, to this binary's schema.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The server is too old for what the schema uses.
    #[error("PostgreSQL {0} is too old: version 15 or newer is needed")]
    OldServer(String),
    /// The database has a migration that this binary does not know.
    #[error(
        "the database is ahead of this program: it has migration {0}, which this version does not know; run a newer version"
    )]
    Ahead(String),
    /// A migration was changed after it had been applied.
    #[error(
        "migration {0} was edited after it was applied: its text differs from what this database ran"
    )]
    Edited(String),
    /// Something is still to be applied.
    #[error(
        "the database is behind this program: {0} is still to be applied; run `frontdesk migrate`"
    )]
    Behind(String),
    /// The database was restored into a cluster that lacks roles.
    #[error(
        "this cluster has no role {0}, so that what the database grants was lost when it was restored; run `frontdesk migrate --grants`, which makes the roles and grants it again (before a restore: `frontdesk migrate --roles-only`)"
    )]
    MissingRoles(String),
    /// The login may not make a role.
    #[error(
        "the role {0} is missing, and this login may not make roles; as an administrator: create role {0}"
    )]
    MayNotMakeRoles(String),
    /// The roles are there, and what they may do is not.
    #[error(
        "{count} rights are missing, such as {such_as}: the database was restored without its roles; run `frontdesk migrate --grants`, which grants them again"
    )]
    MissingGrants {
        /// How many.
        count: usize,
        /// The first few.
        such_as: String,
    },
    /// A file failed; nothing of it was kept.
    #[error("{file} failed and was rolled back: {message}")]
    File {
        /// The file in `sql/`.
        file: String,
        /// The server's code and message.
        message: String,
        /// What the driver reported.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The ledger could not be read or written.
    #[error("the database cannot be read or written")]
    Database(#[from] tokio_postgres::Error),
}

/// What [`migrate`] did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The files that were run, in order.
    pub files: Vec<&'static str>,
}

/// One file that is compiled in.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// What the ledger says of one file.
struct Recorded {
    name: String,
    checksum: String,
}

/// Applies what is missing, in order; does nothing when the database is current.
///
/// # Errors
///
/// [`MigrateError::Ahead`] or [`MigrateError::Edited`] before anything is changed; [`MigrateError::File`] when a file
/// fails, with the files before it kept.
pub async fn migrate(client: &mut Client) -> Result<Applied, MigrateError> {
    require_version(client).await?;
    client
        .execute("select pg_advisory_lock($1)", &[&LOCK_KEY])
        .await?;
    let applied = migrate_locked(client).await;
    // A lost connection has lost the lock with it, so the error worth reporting is the one before.
    let unlocked = client
        .execute("select pg_advisory_unlock($1)", &[&LOCK_KEY])
        .await;
    let applied = applied?;
    unlocked?;
    Ok(applied)
}

/// Tells whether the database has exactly this binary's schema.
///
/// # Errors
///
/// [`MigrateError::Ahead`], [`MigrateError::Edited`] or [`MigrateError::Behind`] when it has not.
pub async fn check(client: &Client) -> Result<(), MigrateError> {
    require_version(client).await?;
    let ledger = client
        .query_typed_one(
            "select to_regclass('private.schema_history') is not null",
            &[],
        )
        .await?;
    if !ledger.get::<_, bool>(0) {
        return Err(MigrateError::Behind("everything".to_owned()));
    }
    let recorded = recorded(client).await?;
    refuse_foreign(&recorded)?;
    match pending(&recorded).first() {
        None => Ok(()),
        Some(file) => Err(MigrateError::Behind(file.name.to_owned())),
    }
}

async fn require_version(client: &Client) -> Result<(), MigrateError> {
    let row = client
        .query_typed_one(
            "select current_setting('server_version_num')::int4, current_setting('server_version')",
            &[],
        )
        .await?;
    if row.get::<_, i32>(0) < 150_000 {
        return Err(MigrateError::OldServer(row.get(1)));
    }
    Ok(())
}

async fn migrate_locked(client: &mut Client) -> Result<Applied, MigrateError> {
    client
        .batch_execute(
            "set client_min_messages = warning;
             create schema if not exists private;
             revoke all on schema private from public;
             create table if not exists private.schema_history (
                 name text primary key,
                 checksum text not null,
                 applied_at timestamptz not null default now()
             );
             alter table private.schema_history enable row level security;",
        )
        .await?;
    roles::require(client).await?;
    let recorded = recorded(client).await?;
    refuse_foreign(&recorded)?;
    let mut applied = Applied::default();
    for file in pending(&recorded) {
        apply(client, file).await?;
        applied.files.push(file.name);
    }
    // A restore of data leaves out what triggers work out.
    client
        .batch_execute(
            "select private.write_calendars(array(
                 select o.id from public.organizations as o
                 where not exists (select from private.calendars as c where c.organization_id = o.id)
             ))",
        )
        .await?;
    roles::check_grants(client).await?;
    Ok(applied)
}

/// Runs one file and records it, both or neither.
async fn apply(client: &mut Client, file: &'static File) -> Result<(), MigrateError> {
    let transaction = client.transaction().await?;
    // A function may name a table or a function of a later file; the calls themselves are checked when they run. Triggers
    // and policies lock their table for a moment, and a file that waits for that holds up everybody behind it.
    transaction
        .batch_execute("set local check_function_bodies = off; set local lock_timeout = '5s'")
        .await?;
    transaction
        .batch_execute(file.text)
        .await
        .map_err(|source| failed(file, source))?;
    transaction
        .execute(
            "insert into private.schema_history (name, checksum) values ($1, $2)
             on conflict (name) do update set checksum = excluded.checksum, applied_at = now()",
            &[&file.name, &checksum(file.text)],
        )
        .await?;
    transaction.commit().await?;
    tracing::debug!(file = file.name, "applied");
    Ok(())
}

fn failed(file: &File, source: tokio_postgres::Error) -> MigrateError {
    MigrateError::File {
        file: file.name.to_owned(),
        message: source.as_db_error().map_or_else(
            || source.to_string(),
            |error| format!("{} {}", error.code().code(), error.message()),
        ),
        source,
    }
}

async fn recorded(client: &Client) -> Result<Vec<Recorded>, MigrateError> {
    let rows = client
        .query_typed("select name, checksum from private.schema_history", &[])
        .await?;
    Ok(rows
        .iter()
        .map(|row| Recorded {
            name: row.get(0),
            checksum: row.get(1),
        })
        .collect())
}

/// Refuses a database with a migration that is unknown here or was applied with another text.
fn refuse_foreign(recorded: &[Recorded]) -> Result<(), MigrateError> {
    for record in recorded
        .iter()
        .filter(|record| record.name.starts_with("migrations/"))
    {
        match MIGRATIONS.iter().find(|file| file.name == record.name) {
            None => return Err(MigrateError::Ahead(record.name.clone())),
            Some(file) if checksum(file.text) != record.checksum => {
                return Err(MigrateError::Edited(record.name.clone()));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The files that the ledger does not have, or has with another text, in the order in which they are applied.
fn pending(recorded: &[Recorded]) -> Vec<&'static File> {
    MIGRATIONS
        .iter()
        .chain(FUNCTIONS)
        .chain(POLICIES)
        .filter(|file| {
            !recorded
                .iter()
                .any(|record| record.name == file.name && record.checksum == checksum(file.text))
        })
        .collect()
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
