//! `frontdesk messages preview`: what customers are texted, and what it costs.

use super::{field, prelude::*};
use crate::{
    config::read,
    domain::{language::Language, segments},
    messages::template::{AppointmentFacts, Template},
};

const SAMPLE: Sql = sql!("org_sample_appointment", [UUID]);

/// `frontdesk messages` and its subcommands.
pub type MessagesCommand = Reporting<Actions>;

actions! {
    /// Shows the texts that an organization's customers get, with the number of parts that each is sent in.
    Preview(On<Preview>),
}

/// The texts that an organization's customers get, for its next appointment or a made-up one.
#[derive(Args)]
pub struct Preview {
    /// In one language only: en or es.
    #[arg(long, value_parser = read(field::language))]
    language: Option<Language>,
    /// One text only: confirmation, change, cancellation or reminder.
    #[arg(long, value_name = "NAME", value_parser = template)]
    template: Option<Template>,
}

fn template(text: &str) -> anyhow::Result<Template> {
    Template::parse(text).with_context(|| {
        format!("the text is \"{text}\"; allowed: confirmation, change, cancellation or reminder")
    })
}

impl OnOrganization for Preview {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let both = vec![Language::English, Language::Spanish];
        let languages = self.language.map_or(both, |language| vec![language]);
        let all = Template::ALL.to_vec();
        let templates = self.template.map_or(all, |template| vec![template]);
        let rows = query(client, &SAMPLE, &[&organization.id]).await?;
        let row = rows.first().context("the organization is gone")?;
        let (name, address): (String, Option<String>) =
            (row.try_get("name")?, row.try_get("service_address")?);
        let appointment = AppointmentFacts {
            organization: &name,
            date: row.try_get("scheduled_date")?,
            time: row.try_get("scheduled_time")?,
            address: address.as_deref(),
        };
        let mut lines = Vec::new();
        let mut objects = Vec::new();
        for template in templates {
            for language in &languages {
                let text = template.text(&appointment, *language);
                let parts = segments::count(&text);
                let counted = count(parts, "part");
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
        Ok(Report::new(lines.join("\n"), objects.into()))
    }
}
