//! Whether this program may use a database.

use tokio_postgres::Client;

use super::{MigrateError, ledger::Ledger, preflight};

/// Tells whether the database serves this program: it has this program's migrations, and, where it is not of a later release, its functions
/// and policies.
///
/// # Errors
///
/// [`MigrateError::Ahead`], [`MigrateError::Edited`] or [`MigrateError::Behind`] when it does not.
pub async fn check(client: &Client) -> Result<(), MigrateError> {
    preflight::require_server(client).await?;
    let Some(ledger) = Ledger::read(client).await? else {
        return Err(MigrateError::Behind("everything".to_owned()));
    };
    let is_newer = match &ledger.release {
        Some(release) => {
            release.require_service()?;
            release.is_newer()?
        }
        None => false,
    };
    ledger.refuse_edited()?;
    let mut pending = ledger.pending_migrations();
    // The texts of a later release serve this program too.
    if !is_newer {
        pending.extend(ledger.pending_code());
    }
    match pending.first() {
        None => Ok(()),
        Some(file) => Err(MigrateError::Behind(file.name.to_owned())),
    }
}
