//! `frontdesk messages preview`: what customers are texted, and what it costs.

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, Subcommand};
use serde_json::json;
use tokio_postgres::GenericClient;

use super::{
    connection,
    org::organization::OrganizationArg,
    org::{
        ask::{only_row, query},
        report::{Report, count},
    },
};
use crate::{
    config::DatabaseSettings,
    db::Sql,
    domain::{language::Language, segments},
    messages::template::{AppointmentFacts, Template},
    sql,
};

const SAMPLE: Sql = sql!("org_sample_appointment", [UUID]);

/// `frontdesk messages` and its subcommands.
#[derive(Args)]
pub struct MessagesCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one line of JSON instead of the texts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Shows the texts that an organization's customers get, with the number of parts that each is sent in.
    Preview(Preview),
}

/// The texts that an organization's customers get, for its next appointment or a made-up one.
#[derive(Args)]
struct Preview {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// In one language only: en or es.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// One text only: confirmation, change, cancellation or reminder.
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
}

/// Runs one subcommand.
///
/// # Errors
///
/// An organization, a language or a text that does not exist, or a database that cannot be asked.
pub async fn run(command: MessagesCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let Action::Preview(preview) = command.action;
    let report = connection::with_schema(
        &database,
        |client| async move { preview.run(&client).await },
    )
    .await?;
    report.print(command.json)
}

impl Preview {
    async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        let languages =
            match &self.language {
                None => vec![Language::English, Language::Spanish],
                Some(name) => vec![Language::parse(name).ok_or_else(|| {
                    anyhow::anyhow!("the language is \"{name}\"; allowed: en or es")
                })?],
            };
        let templates = match &self.template {
            None => Template::ALL.to_vec(),
            Some(name) => vec![Template::parse(name).ok_or_else(|| {
                anyhow::anyhow!(
                    "the text is \"{name}\"; allowed: confirmation, change, cancellation or reminder"
                )
            })?],
        };
        let rows = query(client, &SAMPLE, &[&organization_id]).await?;
        let row = only_row(&rows, organization_id)?;
        let (organization, address): (String, Option<String>) =
            (row.try_get("name")?, row.try_get("service_address")?);
        let (date, time): (NaiveDate, NaiveTime) = (
            row.try_get("scheduled_date")?,
            row.try_get("scheduled_time")?,
        );
        let appointment = AppointmentFacts {
            organization: &organization,
            date,
            time,
            address: address.as_deref(),
        };
        let mut lines = Vec::new();
        let mut objects = Vec::new();
        for template in templates {
            for language in &languages {
                let text = template.text(&appointment, *language);
                let parts = segments::count(&text);
                let counted = count(i64::try_from(parts)?, "part");
                lines.push(format!(
                    "{} ({}, {counted})\n  {text}",
                    template.code(),
                    language.code()
                ));
                objects.push(json!({
                    "template": template.code(),
                    "language": language.code(),
                    "parts": parts,
                    "text": text,
                }));
            }
        }
        Ok(Report {
            sentence: lines.join("\n"),
            object: objects.into(),
        })
    }
}
