//! `frontdesk customer`: what an organization's customers may ask for.

mod forget;
mod spool;

use clap::{Args, Subcommand};

use super::connection;
use crate::config::DatabaseSettings;

/// `frontdesk customer` and its subcommands.
#[derive(Args)]
pub struct CustomerCommand {
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
    /// Removes a customer's name, numbers, addresses and words, wherever they are, and prints a receipt.
    Forget(forget::Forget),
}

/// Runs one subcommand.
///
/// # Errors
///
/// What the database refused, with its reason.
pub async fn run(command: CustomerCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let Action::Forget(action) = command.action;
    let report = connection::with_schema(&database, |mut client| async move {
        action.run(&mut client).await
    })
    .await?;
    report.print(command.json)
}
