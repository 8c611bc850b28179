//! `frontdesk org show`: everything about one organization that an operator asks for.

use clap::Args;
use tokio_postgres::GenericClient;

use crate::commands::org::organization::OrganizationArg;

use super::{overview::Overview, page, report::Report, sender::ServiceSender, warnings};

/// One organization.
#[derive(Args)]
pub struct Show {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    #[command(flatten)]
    service: ServiceSender,
}

impl Show {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        let overview = Overview::read(client, organization_id).await?;
        let warnings = warnings::of(&overview, &self.service);
        Ok(Report {
            sentence: page::of(&overview, &warnings),
            object: overview.object(&warnings),
        })
    }
}
