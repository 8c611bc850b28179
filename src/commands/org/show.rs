//! `frontdesk org show`: everything about one organization that an operator asks for.

use clap::Args;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{overview::Overview, page, report::Report, warnings};

/// One organization.
#[derive(Args)]
pub struct Show {
    /// The organization's id.
    organization_id: Uuid,
}

impl Show {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let overview = Overview::read(client, self.organization_id).await?;
        let warnings = warnings::of(&overview);
        Ok(Report {
            sentence: page::of(&overview, &warnings),
            object: overview.object(&warnings),
        })
    }
}
