//! `frontdesk incident`: who was told of an emergency when, by which channel, and what came of it; and that it is over.

mod close;
mod find;
mod list;
mod page;
mod record;
mod show;

use clap::{Args, Subcommand};

use super::{connection, org::ask};
use crate::config::DatabaseSettings;

/// `frontdesk incident` and its subcommands.
#[derive(Args)]
pub struct IncidentCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of a page or a table.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Lists the incidents of an organization, the last first.
    List(list::List),
    /// Shows one incident: its steps, its pages, and what happened in order.
    Show(show::Show),
    /// Closes one: nobody is paged for it any more, and whoever was paged is told.
    Close(close::Close),
}

/// Runs one subcommand.
///
/// # Errors
///
/// An organization or an incident that does not exist, or a database that cannot be asked.
pub async fn run(command: IncidentCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let action = command.action;
    let report = connection::with_schema(&database, |mut client| async move {
        match action {
            Action::List(action) => action.run(&ask::snapshot(&mut client).await?).await,
            Action::Show(action) => action.run(&ask::snapshot(&mut client).await?).await,
            Action::Close(action) => action.run(&client).await,
        }
    })
    .await?;
    report.print(command.json)
}
