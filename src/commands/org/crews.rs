//! `frontdesk org crews` and `set-crew`: who of the organization can do what.

use anyhow::{Context, ensure};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::{Client, GenericClient};

use super::{
    ask::{hold, query, records, today},
    field,
    report::{Report, count, table},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const LIST: Sql = sql!("org_crews", [UUID]);
const SET: Sql = sql!("org_set_crew", [UUID, INT4, TEXT, TEXT_ARRAY]);

/// The crews of an organization.
#[derive(Args)]
pub struct Crews {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// A crew's name and skills; what is not given stays as it is.
#[derive(Args)]
pub struct SetCrew {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Which crew: 1 to the organization's capacity.
    number: i32,
    /// What it is called: "Van 2".
    #[arg(long)]
    name: Option<String>,
    /// What it can do, in place of what it could: gas,electrical; empty for what needs no skill.
    #[arg(long, value_name = "SKILL,...")]
    skills: Option<String>,
}

/// A crew as it is stored.
#[derive(Serialize, Deserialize)]
struct Crew {
    number: i32,
    name: Option<String>,
    skills: Vec<String>,
}

impl Crews {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        today(client, organization_id).await?;
        let crews: Vec<Crew> = records(client, &LIST, &[&organization_id]).await?;
        let rows: Vec<_> = crews
            .iter()
            .map(|crew| {
                vec![
                    crew.number.to_string(),
                    crew.name.clone().unwrap_or_default(),
                    crew.skills.join(", "),
                ]
            })
            .collect();
        Ok(Report {
            sentence: format!(
                "{}.\n{}",
                count(i64::try_from(crews.len())?, "crew"),
                table(&["crew", "name", "skills"], &rows)
            ),
            object: serde_json::to_value(&crews)?,
        })
    }
}

impl SetCrew {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let skills: Option<Vec<&str>> = self.skills.as_deref().map(|skills| {
            let skills = skills.split(',').map(str::trim);
            skills.filter(|skill| !skill.is_empty()).collect()
        });
        let name = self.name.as_deref();
        let name = name.map(|text| field::name("--name", text)).transpose()?;
        let transaction = hold(client, organization_id).await?;
        let crews: Vec<Crew> = records(&transaction, &LIST, &[&organization_id]).await?;
        ensure!(
            crews.iter().any(|crew| crew.number == self.number),
            "there is no crew {}: this organization has crews 1 to {}; `frontdesk org set {organization_id} capacity=NUMBER` gives it more",
            self.number,
            crews.len()
        );
        let params: crate::db::Params<'_> = &[&organization_id, &self.number, &name, &skills];
        let rows = query(&transaction, &SET, params).await?;
        let stored: Vec<String> = rows.first().context("no row came back")?.try_get(0)?;
        transaction.commit().await?;
        let can = match stored.as_slice() {
            [] => "what needs no skill".to_owned(),
            skills => skills.join(", "),
        };
        Ok(Report {
            sentence: format!("Crew {} can do {can}.", self.number),
            object: json!({ "id": organization_id, "crew": self.number, "skills": stored }),
        })
    }
}
