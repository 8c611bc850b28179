//! `frontdesk incident close`: an emergency that is over.

use anyhow::bail;
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;

use super::find::meant;
use crate::{
    commands::{
        local::Local,
        org::organization::OrganizationArg,
        org::{ask::query, report::Report},
    },
    db::Sql,
    sql,
};

const CLOSE: Sql = sql!("org_close_incident", [UUID]);

/// An incident that needs nobody any more.
#[derive(Args)]
pub struct Close {
    /// The incident's code, as pages name it, or its id; of several with one code the last one that is not closed.
    code: String,
    /// Only if it is an incident of this organization: its id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
}

impl Close {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization = match &self.org {
            Some(organization) => Some(organization.resolve(client).await?),
            None => None,
        };
        let found = meant(client, &self.code, organization).await?;
        let open = found.iter().find(|one| one.status != "closed");
        let closed = match open {
            Some(one) => query(client, &CLOSE, &[&one.id]).await?,
            None => Vec::new(),
        };
        let (Some(one), Some(row)) = (open, closed.first()) else {
            bail!("incident {} is closed already", self.code);
        };
        let at: chrono::DateTime<chrono::Utc> = row.try_get("closed_at")?;
        Ok(Report {
            sentence: format!(
                "Closed incident {} of {}, opened {}. Pages that were still to be sent are cancelled, and whoever was paged is told.",
                one.code,
                one.organization,
                Local::of(&one.timezone).stamp(one.opened_at)
            ),
            object: json!({
                "id": one.id,
                "code": one.code,
                "organization_id": one.organization_id,
                "status": "closed",
                "closed_at": at,
            }),
        })
    }
}
