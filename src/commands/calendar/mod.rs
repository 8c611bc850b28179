//! `frontdesk calendar`: an organization's appointments in calendars that are kept elsewhere.

mod feed;

use clap::{Args, Subcommand};

use super::connection;
use crate::config::DatabaseSettings;

/// `frontdesk calendar` and its subcommands.
#[derive(Args)]
pub struct CalendarCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of a sentence.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Makes the address that a calendar program subscribes to, to show the appointments; replaces or removes it.
    Feed(feed::Feed),
}

/// Runs one subcommand.
///
/// # Errors
///
/// What was refused, with its reason.
pub async fn run(command: CalendarCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let Action::Feed(action) = command.action;
    let report = connection::with_schema(&database, |mut client| async move {
        action.run(&mut client).await
    })
    .await?;
    report.print(command.json)
}
