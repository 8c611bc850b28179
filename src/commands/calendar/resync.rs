//! `frontdesk calendar resync`: reads linked calendars as a whole.

use anyhow::{bail, ensure};
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::list::Linked;
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
        let linked = Linked::of(client, organization_id).await?;
        let meant: Vec<&Linked> = linked
            .iter()
            .filter(|link| self.link.is_none_or(|id| link.id == id))
            .collect();
        match (meant.as_slice(), self.link) {
            ([], Some(id)) => {
                bail!("there is no link {id}; `frontdesk calendar list` lists them")
            }
            ([], None) => bail!("no calendar is linked; `frontdesk calendar connect` links one"),
            _ => {}
        }
        ensure!(
            meant.iter().all(|link| link.is_enabled),
            "calendars are switched off: organizations.calendar_sync_enabled is false"
        );
        ensure!(
            meant.iter().any(|link| link.state == "live"),
            "the provider does not take the credential any more; `frontdesk calendar connect` connects it again"
        );
        let rows = query(client, &RESYNC, &[&organization_id, &self.link]).await?;
        let number = i64::try_from(rows.len())?;
        Ok(Report {
            sentence: format!(
                "The service reads {} as a whole, at once; `frontdesk calendar status` shows when it has.",
                count(number, "calendar")
            ),
            object: json!({ "organization_id": organization_id, "calendars": number }),
        })
    }
}
