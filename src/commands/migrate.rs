//! `frontdesk migrate`: brings the database to this program's schema.

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::{database, output};
use crate::{
    config::{DatabaseConfig, DatabaseSettings},
    db::migrate::{self, Applied, roles},
    telemetry::{self, LogFormat},
};

/// `frontdesk migrate`.
#[derive(Args)]
pub struct MigrateCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Only makes the roles that the schema grants rights to: before a dump is restored into a cluster without them.
    #[arg(long)]
    roles_only: bool,
    /// Makes those roles and grants them their rights again: after a dump was restored without them.
    #[arg(long, conflicts_with = "roles_only")]
    grants: bool,
}

/// Migrates and prints what was applied; exit code 0 when the database is current afterwards.
///
/// # Errors
///
/// When the database cannot be reached, is ahead, was edited, or a file fails.
pub async fn run(command: &MigrateCommand) -> anyhow::Result<()> {
    // What it waits for is logged meanwhile.
    telemetry::start_logs(EnvFilter::new("warn"), LogFormat::Pretty);
    let owner = command.database.for_owner()?;
    if command.roles_only || command.grants {
        return output::line(mend(&owner, command.grants).await?);
    }
    let applied = apply(&owner).await?;
    if let Some(newer) = &applied.newer {
        output::line(format_args!(
            "Nothing to do: the database has release {newer}, which serves this program ({}).",
            migrate::RELEASE
        ))
    } else if applied.files.is_empty() {
        output::line("The database is current.")
    } else {
        for file in &applied.files {
            output::line(format_args!("applied {file}"))?;
        }
        output::line(format_args!(
            "The database is current: {} files applied.",
            applied.files.len()
        ))
    }
}

/// Migrates the database.
///
/// # Errors
///
/// As [`run`].
pub async fn apply(owner: &DatabaseConfig) -> anyhow::Result<Applied> {
    database::with(owner, |mut client| async move {
        Ok(migrate::migrate(&mut client).await?)
    })
    .await
}

/// Makes the roles, and grants them their rights again if that is requested; says what was done.
async fn mend(owner: &DatabaseConfig, with_grants: bool) -> anyhow::Result<String> {
    let made = database::with(owner, |mut client| async move {
        Ok(if with_grants {
            roles::restore_grants(&mut client).await?
        } else {
            roles::make(&client).await?
        })
    })
    .await?;
    let roles = if made.is_empty() {
        "No role was missing.".to_owned()
    } else {
        format!("Made the roles {}.", made.join(", "))
    };
    let grants = if with_grants {
        " Applied every function, policy and grant."
    } else {
        ""
    };
    let login = if made.contains(&"frontdesk_app") {
        "\nThe service logs in as frontdesk_app: give it a password with `alter role frontdesk_app login password '...'`."
    } else {
        ""
    };
    Ok(format!("{roles}{grants}{login}"))
}
