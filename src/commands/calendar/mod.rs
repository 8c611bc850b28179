//! `frontdesk calendar`: calendars that are kept elsewhere, linked to an organization or a crew.

mod choice;
mod conflicts;
mod connect;
mod consent;
mod disconnect;
mod feed;
mod list;
mod resync;
mod status;
mod words;

use clap::{Args, Subcommand};

use super::{connection, org::ask};
use crate::config::DatabaseSettings;

/// `frontdesk calendar` and its subcommands.
#[derive(Args)]
pub struct CalendarCommand {
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
    /// Connects an account and links one of its calendars, and reads it for the first time.
    Connect(connect::Connect),
    /// Lists the linked calendars of an organization.
    List(list::List),
    /// Shows when each linked calendar was read, what it said, and what went wrong.
    Status(status::Status),
    /// Has linked calendars read as a whole.
    Resync(resync::Resync),
    /// Ends a link: what its calendar says blocks nothing any more.
    Disconnect(disconnect::Disconnect),
    /// Lists where a linked calendar and the appointments contradict each other.
    Conflicts(conflicts::Conflicts),
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
    let action = command.action;
    let report = connection::with_schema(&database, |mut client| async move {
        match action {
            Action::Connect(action) => action.run(&mut client, command.json).await,
            Action::List(action) => action.run(&ask::snapshot(&mut client).await?).await,
            Action::Status(action) => action.run(&ask::snapshot(&mut client).await?).await,
            Action::Resync(action) => action.run(&client).await,
            Action::Disconnect(action) => action.run(&client).await,
            Action::Feed(action) => action.run(&mut client).await,
            Action::Conflicts(action) => action.run(&ask::snapshot(&mut client).await?).await,
        }
    })
    .await?;
    report.print(command.json)
}
