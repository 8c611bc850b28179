//! `frontdesk outbox`: what could not be done outside the database, and having it tried again.

mod list;
mod redrive;

use clap::{Args, Subcommand};

use super::connection;
use crate::config::DatabaseSettings;

/// `frontdesk outbox` and its subcommands.
#[derive(Args)]
pub struct OutboxCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of a sentence or a table.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Lists the messages, calls and e-mails that were given up, the last first, and what reached nobody.
    List(list::List),
    /// Has what was given up tried again.
    Redrive(redrive::Redrive),
}

/// Runs one subcommand.
///
/// # Errors
///
/// A database that cannot be asked.
pub async fn run(command: OutboxCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let action = command.action;
    let report = connection::with_schema(&database, |client| async move {
        match action {
            Action::List(action) => action.run(&client).await,
            Action::Redrive(action) => action.run(&client).await,
        }
    })
    .await?;
    report.print(command.json)
}
