//! `frontdesk org create`.

use anyhow::Context;
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{ask::query, field, industry::industry, report::Report};
use crate::{db::Sql, sql};

const QUERY: Sql = sql!("org_create", [TEXT, TEXT, TEXT]);

/// A new organization.
#[derive(Args)]
pub struct Create {
    /// Its name, as it may be spoken.
    #[arg(long)]
    name: String,
    /// What it does: plumbing, electrical, hvac, or another trade.
    #[arg(long)]
    industry: String,
    /// Its IANA time zone, which decides what "tomorrow" is.
    #[arg(long, default_value = "America/New_York")]
    timezone: String,
}

impl Create {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let zone: chrono_tz::Tz = self.timezone.parse().map_err(|_unknown| {
            anyhow::anyhow!(
                "{} is no IANA time zone; write it as in America/Denver",
                self.timezone
            )
        })?;
        let name = field::name("--name", &self.name)?;
        let industry = industry("--industry", &self.industry)?;
        let rows = query(client, &QUERY, &[&name, &industry, &zone.name()]).await?;
        let id: Uuid = rows.first().context("no row came back")?.try_get(0)?;
        Ok(Report {
            sentence: format!("Made organization {id}: {name} in {}.", zone.name()),
            object: json!({ "id": id, "name": name, "timezone": zone.name() }),
        })
    }
}
