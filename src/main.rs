//! The command line: one arm a subcommand, nothing else.

use std::{process::ExitCode, sync::LazyLock};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use frontdesk::{
    commands::{
        self, archive, calendar, call, customer, dev, explain, health, incident, messages, migrate,
        oncall, org, outbox, secrets, serve, tools,
    },
    config::{Settings, without_blank_variables},
};
use mimalloc::MiMalloc;

/// A check takes 12 % fewer instructions than with glibc's allocator, in as much memory: without huge pages, with which it would take half as
/// much again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The program's version, and that of the time zones that it was built with: a rule that a country changed later is not in it.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let zones = chrono_tz::IANA_TZDB_VERSION;
    format!("{} (time zones {zones})", env!("CARGO_PKG_VERSION"))
});

/// The server behind a voice receptionist's tool calls.
#[derive(Parser)]
#[command(name = "frontdesk", version = VERSION.as_str(), about, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers Vapi's webhook from the database.
    Serve(Box<Settings>),
    /// Runs a demonstration: a private PostgreSQL, a demo organization, and the service.
    Dev(Box<dev::DevSettings>),
    /// Brings the database to this program's schema; does nothing if it is current.
    Migrate(migrate::MigrateCommand),
    /// Sets up and manages organizations: numbers, assistants, contacts, hours, members, webhook secrets.
    Org(org::OrgCommand),
    /// Erases a customer's personal data.
    Customer(customer::CustomerCommand),
    /// Shows who is on call when, and warns of gaps.
    Oncall(oncall::OncallCommand),
    /// Links calendars that are kept elsewhere, shows how current they are, and makes feeds to subscribe to.
    Calendar(calendar::CalendarCommand),
    /// Shows calls: who called, what each tool was asked and answered, and what came of it.
    Call(call::CallCommand),
    /// Shows emergencies, who was told when, by which channel, and what came of it; and closes them.
    Incident(incident::IncidentCommand),
    /// Shows which times of a day are offered, and why the others are not.
    Explain(explain::ExplainCommand),
    /// Shows the texts that customers get.
    Messages(messages::MessagesCommand),
    /// Lists what could not be texted, called or mailed, and retries it.
    Outbox(outbox::OutboxCommand),
    /// Makes and changes the keys that encrypt organizations' credentials in the database.
    Secrets(secrets::SecretsCommand),
    /// Prints the tools for Vapi as JSON, or updates a Vapi account to match.
    Tools(tools::ToolsCommand),
    /// Moves old rows that nobody needs any more to compressed files.
    Archive(archive::ArchiveCommand),
    /// Reads the files of an archive back.
    RestoreArchive(archive::RestoreCommand),
    /// Asks a running service on this machine whether it is live, serving or ready; for a container's health check.
    Health(health::HealthSettings),
}

// Requests are served by threads of their own; what goes on beside them waits for others most of the time, and one thread wakes sooner
// than the one of several that is chosen.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = without_blank_variables(Cli::command()).get_matches();
    let command = match Cli::from_arg_matches(&arguments) {
        Ok(cli) => cli.command,
        Err(error) => error.exit(),
    };
    let done = match command {
        Command::Serve(settings) => well(serve::run(*settings).await),
        Command::Dev(settings) => well(Box::pin(dev::run(*settings)).await),
        Command::Migrate(settings) => well(migrate::run(&settings).await),
        Command::Org(command) => command.run().await,
        Command::Customer(command) => command.run().await,
        Command::Oncall(command) => command.run().await,
        Command::Calendar(command) => command.run().await,
        Command::Call(command) => command.run().await,
        Command::Incident(command) => command.run().await,
        Command::Explain(command) => command.run().await,
        Command::Messages(command) => command.run().await,
        Command::Outbox(command) => command.run().await,
        Command::Secrets(command) => well(secrets::run(command).await),
        Command::Tools(command) => well(tools::run(command).await),
        Command::Archive(command) => command.run().await,
        Command::RestoreArchive(command) => command.run().await,
        Command::Health(settings) => well(health::run(&settings).await),
    };
    commands::exit_code(done)
}

/// A command that has done what it was asked.
fn well(done: anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    done.map(|()| ExitCode::SUCCESS)
}
