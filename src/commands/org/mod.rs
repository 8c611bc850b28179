//! `frontdesk org`: sets up organizations, so that nobody has to write SQL to begin.

mod create;
mod credentials;
mod hours;
mod people;
mod routing;
mod secret;
mod settings;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};
use serde_json::Value;
use tokio_postgres::{Client, Row, types::ToSql};
use uuid::Uuid;

use super::connection;
use crate::{
    config::DatabaseSettings,
    db::{Params, Sql},
};

/// `frontdesk org` and its subcommands.
#[derive(Args)]
pub struct OrgCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one JSON object instead of a sentence.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Makes an organization and prints its id.
    Create(create::Create),
    /// Assigns a telephone number, so that calls to it are this organization's.
    AddPhone(routing::AddPhone),
    /// Enters a Vapi assistant, so that calls it answers are this organization's.
    AddAssistant(routing::AddAssistant),
    /// Enters a person who takes emergencies.
    AddContact(people::AddContact),
    /// Makes a webhook secret of the organization's own and prints it once.
    WebhookSecret(secret::WebhookSecret),
    /// Keeps a credential with others, such as twilio-auth-token, encrypted; read from standard input.
    SetSecret(credentials::SetSecret),
    /// Forgets a credential with others.
    RemoveSecret(credentials::RemoveSecret),
    /// Sets opening hours: mon=08:00-18:00 sat=closed.
    SetHours(hours::SetHours),
    /// Sets rules and columns: `capacity=3` `lead_minutes=0` `transfer_phone_number=+13035550100`.
    Set(settings::Set),
}

/// What a command prints: a sentence for people, an object for programs.
struct Report {
    sentence: String,
    object: Value,
}

/// Runs one subcommand.
///
/// # Errors
///
/// An argument that cannot be used, or what the database refused, with its reason.
pub async fn run(command: OrgCommand) -> anyhow::Result<()> {
    let database = command.database.understand()?;
    let action = command.action;
    let report = connection::with(&database, |mut client| async move {
        match action {
            Action::Create(action) => action.run(&client).await,
            Action::AddPhone(action) => action.run(&client).await,
            Action::AddAssistant(action) => action.run(&client).await,
            Action::AddContact(action) => action.run(&client).await,
            Action::WebhookSecret(action) => action.run(&mut client).await,
            Action::SetSecret(action) => action.run(&client).await,
            Action::RemoveSecret(action) => action.run(&client).await,
            Action::SetHours(action) => action.run(&client).await,
            Action::Set(action) => action.run(&mut client).await,
        }
    })
    .await?;
    if command.json {
        println!("{}", report.object);
    } else {
        println!("{}", report.sentence);
    }
    Ok(())
}

/// Sends one statement; what the database refuses is passed on in its own words, which name the key and the reason.
async fn query(
    client: &impl tokio_postgres::GenericClient,
    statement: &Sql,
    params: Params<'_>,
) -> anyhow::Result<Vec<Row>> {
    let typed: Vec<(&(dyn ToSql + Sync), tokio_postgres::types::Type)> = params
        .iter()
        .copied()
        .zip(statement.types.iter().cloned())
        .collect();
    client
        .query_typed(statement.text, &typed)
        .await
        .map_err(|error| match error.as_db_error() {
            Some(refusal) => anyhow!("{}", refusal.message()),
            None => anyhow::Error::new(error).context("the database cannot be asked"),
        })
}

/// The one row of a statement that touches one organization.
fn only_row(rows: &[Row], organization_id: Uuid) -> anyhow::Result<&Row> {
    rows.first()
        .with_context(|| format!("there is no organization {organization_id}"))
}

/// A telephone number as it is stored.
fn phone(text: &str) -> anyhow::Result<String> {
    crate::domain::phone::Phone::parse(text)
        .map(|phone| phone.as_str().to_owned())
        .map_err(|_problem| {
            anyhow!(
                "{text} is no telephone number; write it with its country code, as in +13035550100"
            )
        })
}

/// The client as the commands that need a transaction take it.
async fn transaction(client: &mut Client) -> anyhow::Result<tokio_postgres::Transaction<'_>> {
    client
        .transaction()
        .await
        .context("no transaction could be begun")
}
