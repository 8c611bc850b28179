//! Brings a database to the schema of this program, and tells whether this program may use a database.
//!
//! Two kinds of file: `sql/migrations/` (tables, types, indexes, backfills), each applied once and frozen; and `sql/functions/` and
//! `sql/policies/`, each the one true text of something that can be replaced. The second kind only creates and replaces, and all that
//! changed is applied in one transaction, so that a call meets the old functions or the new ones. `sql/retired.sql` then drops what
//! the release before last needed. Everything runs under one advisory lock, so that two instances may start at once. refinery was
//! weighed: it knows no files of the second kind and takes no lock.
//!
//! A database serves the release before and after it (`docs/upgrading.md`): the ledger knows its release and the oldest program that
//! may still use it.

use std::time::{Duration, Instant};

use tokio_postgres::{Client, error::SqlState};

mod apply;
mod check;
mod ledger;
mod locks;
mod preflight;
mod release;
mod retry;
pub mod roles;

pub use check::check;
pub use release::{OLDEST_PROGRAM, RELEASE};
pub use retry::Retry;

/// The service's own role.
const SERVICE_ROLE: &str = "frontdesk_app";

/// The roles that the schema gives rights to: the service's own, and those that Supabase has and migration 0001 makes elsewhere.
const ROLES: [(&str, &str); 4] = [
    (SERVICE_ROLE, "nologin"),
    ("anon", "nologin noinherit"),
    ("authenticated", "nologin noinherit"),
    ("service_role", "nologin noinherit bypassrls"),
];

/// "frontdesk" in a form that fits the key of an advisory lock.
const LOCK_KEY: i64 = 0x0066_726f_6e74_6465;

/// How long another migration is waited for.
const MIGRATION_TIMEOUT: Duration = Duration::from_mins(10);

/// Why a database cannot be brought to this program's schema, or cannot be used by this program.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The server is too old for what the schema uses.
    #[error("PostgreSQL {0} is too old: version 15 or newer is needed")]
    OldServer(String),
    /// The database cannot hold every name.
    #[error(
        "the database is encoded in {0}, which cannot hold every name: create one with `create database ... encoding 'UTF8' template template0`"
    )]
    Encoding(String),
    /// The service's role belongs to another owner of this cluster.
    #[error(
        "the role frontdesk_app of this cluster was created by another login, and {0} may not grant it; as an administrator: grant frontdesk_app to \"{0}\"; then run `frontdesk migrate` again"
    )]
    ForeignRole(String),
    /// The tables belong to another login.
    #[error(
        "the tables belong to {owner}, and this login is {login}: give FRONTDESK_OWNER_URL with the login {owner}"
    )]
    NotOwner {
        /// Whose they are.
        owner: String,
        /// Who asked.
        login: String,
    },
    /// Another program migrates the database for too long.
    #[error(
        "another session has been migrating this database for {} s (process {process} of the server): wait for it, or end it with pg_terminate_backend({process})", MIGRATION_TIMEOUT.as_secs()
    )]
    Occupied {
        /// The server's process.
        process: i32,
    },
    /// The database no longer serves this program.
    #[error(
        "the database is ahead of this program: it has release {release}, which serves programs from {oldest} on, and this is {RELEASE}; run a newer version"
    )]
    Ahead {
        /// The database's release.
        release: String,
        /// The oldest program that it serves.
        oldest: String,
    },
    /// The database is of a later release, which the command would undo.
    #[error(
        "the database has release {0}, which is newer than this program ({RELEASE}): run the command of that release"
    )]
    Newer(String),
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
    /// A lock could not be had, however often it was tried.
    #[error(
        "{file} was rolled back {attempts} times because other sessions hold locks that it needs ({message}); nothing of it was kept, and what came before it stands: end long transactions and run `frontdesk migrate` again"
    )]
    Busy {
        /// The file in `sql/`.
        file: String,
        /// How often it was tried.
        attempts: u32,
        /// The server's code and message of the last attempt.
        message: String,
        /// What the driver reported.
        #[source]
        source: tokio_postgres::Error,
    },
    /// A row of the ledger holds no version.
    #[error("private.schema_releases names {0:?}, which is not a version")]
    Version(String),
    /// The ledger could not be read or written.
    #[error("the database cannot be read or written")]
    Database(#[from] tokio_postgres::Error),
}

/// What [`migrate`] did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The files that were run, in order.
    pub files: Vec<&'static str>,
    /// The database's release, where that is newer than this program, which then changes nothing.
    pub newer: Option<String>,
}

/// Applies what is missing, in order; does nothing when the database is current, or of a newer release that serves this program.
///
/// It may be interrupted at any point and run again.
///
/// # Errors
///
/// Before anything is changed: [`MigrateError::Ahead`], [`MigrateError::Edited`], and what the server and the cluster lack.
/// [`MigrateError::File`] or [`MigrateError::Busy`] when a file fails, with the files before it kept.
pub async fn migrate(client: &mut Client) -> Result<Applied, MigrateError> {
    migrate_with(client, Retry::default()).await
}

/// As [`migrate`], with another timeout for locks.
///
/// # Errors
///
/// As [`migrate`].
pub async fn migrate_with(client: &mut Client, retry: Retry) -> Result<Applied, MigrateError> {
    preflight::require_server(client).await?;
    lock(client).await?;
    let applied = apply::migrate_locked(client, &retry).await;
    // A lost connection has lost the lock with it, so the error worth reporting is the one before.
    let unlocked = client
        .execute("select pg_advisory_unlock($1)", &[&LOCK_KEY])
        .await;
    let applied = applied?;
    unlocked?;
    Ok(applied)
}

/// Waits until nobody else migrates, and says for whom it waits.
async fn lock(client: &Client) -> Result<(), MigrateError> {
    let begun = Instant::now();
    let mut told = None;
    loop {
        let row = client
            .query_one(
                "select pg_try_advisory_lock($1), (
                     select l.pid from pg_catalog.pg_locks as l
                     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                         and (l.classid::int8 << 32 | l.objid::int8) = $1
                         and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
                     limit 1
                 )",
                &[&LOCK_KEY],
            )
            .await?;
        if row.get(0) {
            return Ok(());
        }
        // It may have ended meanwhile.
        if let Some(process) = row.get::<_, Option<i32>>(1) {
            if begun.elapsed() > MIGRATION_TIMEOUT {
                return Err(MigrateError::Occupied { process });
            }
            if told != Some(process) {
                told = Some(process);
                tracing::warn!(
                    process,
                    "another session migrates this database: waiting for it"
                );
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The server's code and message, or the driver's.
fn message(source: &tokio_postgres::Error) -> String {
    source.as_db_error().map_or_else(
        || source.to_string(),
        |error| format!("{} {}", error.code().code(), error.message()),
    )
}

fn failed(file: impl Into<String>, source: tokio_postgres::Error) -> MigrateError {
    MigrateError::File {
        file: file.into(),
        message: message(&source),
        source,
    }
}

/// Whether a statement failed because of other sessions, so that it may succeed when it is run again.
fn is_busy(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::LOCK_NOT_AVAILABLE,
        ]
        .contains(code)
    })
}
