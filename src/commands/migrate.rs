//! `frontdesk migrate`: brings the database to this program's schema.

use super::connection;
use crate::{
    config::{DatabaseConfig, DatabaseSettings},
    db::migrate::{self, Applied},
};

/// Migrates and prints what was applied; exit code 0 when the database is current afterwards.
///
/// # Errors
///
/// When the database cannot be reached, is ahead, was edited, or a file fails.
pub async fn run(settings: &DatabaseSettings) -> anyhow::Result<()> {
    let applied = apply(&settings.understand()?).await?;
    if let Some(newer) = &applied.newer {
        println!(
            "Nothing to do: the database has release {newer}, which serves this program ({}).",
            migrate::RELEASE
        );
    } else if applied.files.is_empty() {
        println!("The database is current.");
    } else {
        for file in &applied.files {
            println!("applied {file}");
        }
        println!(
            "The database is current: {} files applied.",
            applied.files.len()
        );
    }
    Ok(())
}

/// Migrates the database.
///
/// # Errors
///
/// As [`run`].
pub async fn apply(database: &DatabaseConfig) -> anyhow::Result<Applied> {
    connection::with(database, |mut client| async move {
        Ok(migrate::migrate(&mut client).await?)
    })
    .await
}
