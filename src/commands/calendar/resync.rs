//! `frontdesk calendar resync`: reads linked calendars as a whole.

use anyhow::ensure;
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{
    commands::org::{
        ask::query,
        organization::OrganizationArg,
        report::{Report, count},
    },
    db::Sql,
    sql,
};

const RESYNC: Sql = sql!("org_resync_calendars", [UUID, UUID]);

/// Linked calendars, read as a whole by the service, at once.
#[derive(Args)]
pub struct Resync {
    /// The organization's id or its name.
    organization: OrganizationArg,
    /// Only this link; `frontdesk calendar list` has their ids.
    #[arg(long, value_name = "ID")]
    link: Option<Uuid>,
}

impl Resync {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let rows = query(client, &RESYNC, &[&organization_id, &self.link]).await?;
        ensure!(!rows.is_empty(), "there is no such link");
        let number = i64::try_from(rows.len())?;
        Ok(Report {
            sentence: format!(
                "The service reads {} as a whole, at once.",
                count(number, "calendar")
            ),
            object: json!({ "organization_id": organization_id, "calendars": number }),
        })
    }
}
