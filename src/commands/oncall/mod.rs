//! `frontdesk oncall`: who is on call when, and where that leaves a gap.

mod gaps;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::connection;
use crate::config::DatabaseSettings;

/// `frontdesk oncall` and its subcommands.
#[derive(Args)]
pub struct OncallCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of a table or lines.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Shows who is on call when, on the organization's clock.
    Show(show::Show),
    /// Warns of times when nobody is on call and of contacts who could not be told; exits with 1 when there is anything.
    Gaps(gaps::Gaps),
}

/// Runs one subcommand; the exit code tells whether it warned.
///
/// # Errors
///
/// An organization that does not exist, or a database that cannot be asked.
pub async fn run(command: OncallCommand) -> anyhow::Result<ExitCode> {
    let database = command.database.for_owner()?;
    let action = command.action;
    let (report, is_well) = connection::with_schema(&database, |client| async move {
        match action {
            Action::Show(action) => action.run(&client).await.map(|report| (report, true)),
            Action::Gaps(action) => action.run(&client).await,
        }
    })
    .await?;
    report.print(command.json)?;
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
