//! `frontdesk incident show`: one incident by its code or its id.

use anyhow::Context;
use clap::Args;
use serde_json::Value;
use tokio_postgres::GenericClient;

use super::{find::meant, record::Incident};
use crate::{
    commands::{
        local::Local,
        org::organization::OrganizationArg,
        org::{ask::records, report::Report},
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!("org_incident", [UUID]);

/// One incident.
#[derive(Args)]
pub struct Show {
    /// The incident's code, as pages name it, or its id; of several with one code the last one is shown.
    code: String,
    /// Only if it is an incident of this organization: its id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
}

impl Show {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization = match &self.org {
            Some(organization) => Some(organization.resolve_to_read(client).await?),
            None => None,
        };
        let found = meant(client, &self.code, organization).await?;
        let (first, earlier) = found.split_first().context("there is no such incident")?;
        let mut objects: Vec<Value> = records(client, &QUERY, &[&first.id]).await?;
        let mut object = objects.pop().context("the incident is gone")?;
        let incident: Incident = serde_json::from_value(object.clone())
            .context("the incident's record cannot be read")?;
        let local = Local::of(&incident.timezone);
        local.localize(&mut object);
        let mut sections = vec![incident.page(local)];
        if !earlier.is_empty() {
            sections.push("\nEarlier incidents with this code".to_owned());
            let lines = earlier.iter();
            sections
                .extend(lines.map(|one| format!("  {}  {}", local.stamp(one.opened_at), one.id)));
        }
        let sentence = sections.join("\n");
        Ok(Report { sentence, object })
    }
}
