//! Whether this program may use a database.

use futures_util::future::join;
use tokio_postgres::Client;

use super::{MigrateError, ledger::Ledger, preflight};

/// Tells whether the database serves this program: it has this program's migrations, and, where it is not of a later release, its functions
/// and policies.
///
/// # Errors
///
/// [`MigrateError::Ahead`], [`MigrateError::Edited`] or [`MigrateError::Behind`] when it does not.
pub async fn check(client: &Client) -> Result<(), MigrateError> {
    look(client).await.map(drop)
}

/// Refuses a database that has not exactly this program's functions and policies: also one of a later release.
pub(super) async fn require_own(client: &Client) -> Result<(), MigrateError> {
    match look(client).await? {
        None => Ok(()),
        Some(newer) => Err(MigrateError::Newer(newer)),
    }
}

/// Checks; the database's release, where that is later than this program.
async fn look(client: &Client) -> Result<Option<String>, MigrateError> {
    let (server, ledger) = join(preflight::require_server(client), Ledger::read(client)).await;
    server?;
    let Some(ledger) = ledger? else {
        return Err(MigrateError::Behind("everything".to_owned()));
    };
    let newer = ledger.later_release()?;
    ledger.refuse_edited()?;
    let mut pending = ledger.pending_migrations();
    // The texts of a later release serve this program too.
    if newer.is_none() {
        pending.extend(ledger.pending_code());
    }
    match pending.first() {
        None => Ok(newer),
        Some(file) => Err(MigrateError::Behind(file.name.to_owned())),
    }
}
