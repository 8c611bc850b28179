//! `frontdesk calendar disconnect`: ends a link.

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use super::{connect, list::Linked};
use crate::{
    commands::org::{
        ask::query,
        organization::OrganizationArg,
        report::{Report, count},
    },
    config::{CalendarSettings, SecretsSettings},
    db::Sql,
    domain::external_calendar::{CalendarError, Written},
    sql,
    sync::account::Account,
};

const UNLINK: Sql = sql!("org_unlink_calendar", [UUID, UUID]);
const COPIES: Sql = sql!("org_calendar_copies", [UUID, UUID]);
const ACCOUNT: Sql = sql!("org_account_of_link", [UUID, UUID]);

/// A link that ends: what its calendar says blocks nothing any more, and nothing is written there.
#[derive(Args)]
pub struct Disconnect {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// Which link; if left out, the only one. `frontdesk calendar list` has their ids.
    #[arg(long, value_name = "ID")]
    link: Option<Uuid>,
    /// Remove our events from the calendar first.
    #[arg(long)]
    remove_events: bool,
    #[command(flatten)]
    secrets: SecretsSettings,
    #[command(flatten)]
    settings: CalendarSettings,
}

impl Disconnect {
    pub(super) async fn run(self, client: &Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let linked = Linked::of(client, organization_id).await?;
        let link = match (self.link, linked.as_slice()) {
            (Some(id), _) => linked
                .iter()
                .find(|link| link.id == id)
                .with_context(|| format!("there is no link {id}"))?,
            (None, [only]) => only,
            (None, []) => bail!("no calendar is linked"),
            (None, _) => bail!(
                "several calendars are linked; say which with --link ID, from `frontdesk calendar list`"
            ),
        };
        let removed = if self.remove_events {
            self.remove_events(client, organization_id, link).await?
        } else {
            0
        };
        query(client, &UNLINK, &[&organization_id, &link.id]).await?;
        let events = if self.remove_events {
            format!(" Removed {} from it.", count(removed, "event"))
        } else {
            String::new()
        };
        Ok(Report {
            sentence: format!("{} is not linked any more.{events}", link.calendar),
            object: json!({ "link": link.id, "removed_events": removed }),
        })
    }

    /// Removes our events; one that somebody deleted already counts as well.
    async fn remove_events(
        &self,
        client: &impl GenericClient,
        organization_id: Uuid,
        link: &Linked,
    ) -> anyhow::Result<i64> {
        let config = self.settings.understand()?;
        let calendars = connect::calendars(&config, &self.secrets.understand()?)?;
        let rows = query(client, &ACCOUNT, &[&organization_id, &link.id]).await?;
        let row = rows.first().context("the link has no account")?;
        let account = Account::read(row, organization_id, &ACCOUNT)?;
        let mut removed = 0;
        for row in query(client, &COPIES, &[&organization_id, &link.id]).await? {
            let written = Written {
                resource: row.try_get("resource")?,
                etag: None,
            };
            match calendars.remove(&account, &link.calendar, &written).await {
                Ok(()) | Err(CalendarError::Gone) => removed += 1,
                Err(problem) => bail!("after {}: {problem}", count(removed, "event")),
            }
        }
        Ok(removed)
    }
}
