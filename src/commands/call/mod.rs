//! `frontdesk call`: who called, what each tool was asked and answered, and what that set off.

mod list;
mod record;
mod show;

use clap::{Args, Subcommand};

use super::{connection, org::ask};
use crate::config::DatabaseSettings;

/// `frontdesk call` and its subcommands.
#[derive(Args)]
pub struct CallCommand {
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
    /// Lists the calls of an organization, the last first.
    List(list::List),
    /// Shows one call: each tool call in order, what was answered and why, and what it set off.
    Show(show::Show),
}

/// Runs one subcommand; nothing is changed.
///
/// # Errors
///
/// An organization or a call that does not exist, or a database that cannot be asked.
pub async fn run(command: CallCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let action = command.action;
    let report = connection::with_schema(&database, |mut client| async move {
        let snapshot = ask::snapshot(&mut client).await?;
        match action {
            Action::List(action) => action.run(&snapshot).await,
            Action::Show(action) => action.run(&snapshot).await,
        }
    })
    .await?;
    report.print(command.json)
}
