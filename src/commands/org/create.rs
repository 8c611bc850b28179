//! `frontdesk org create`.

use anyhow::Context;
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{ask::query, report::Report};
use crate::{db::Sql, sql};

const QUERY: Sql = sql!("org_create", [TEXT, TEXT, TEXT]);

/// A new organization.
#[derive(Args)]
pub struct Create {
    /// Its name, as it may be spoken.
    #[arg(long)]
    name: String,
    /// What it does: plumbing, electrical, hvac.
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
        let rows = query(client, &QUERY, &[&self.name, &self.industry, &zone.name()]).await?;
        let id: Uuid = rows.first().context("no row came back")?.try_get(0)?;
        Ok(Report {
            sentence: format!("Made organization {id}: {} in {}.", self.name, zone.name()),
            object: json!({ "id": id, "name": self.name, "timezone": zone.name() }),
        })
    }
}
