//! `frontdesk org block`, `unblock` and `blocked`: the numbers whose calls are not taken.

use anyhow::ensure;
use chrono::{DateTime, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::{Client, GenericClient};

use super::{
    ask::{hold, phone, query, records, today},
    report::{Report, count, table},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const BLOCK: Sql = sql!("org_block", [UUID, TEXT, TEXT]);
const UNBLOCK: Sql = sql!("org_unblock", [UUID, TEXT]);
const LIST: Sql = sql!("org_blocked", [UUID]);

/// A number whose calls are not taken any more.
#[derive(Args)]
pub struct Block {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The number, with its country code: +13035550199.
    number: String,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
}

/// A number whose calls are taken again.
#[derive(Args)]
pub struct Unblock {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The number, with its country code: +13035550199.
    number: String,
}

/// The numbers whose calls are not taken.
#[derive(Args)]
pub struct Blocked {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    number: String,
    reason: Option<String>,
    since: DateTime<Utc>,
}

impl Block {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let number = phone(&self.number)?;
        let transaction = hold(client, organization_id).await?;
        let params: crate::db::Params<'_> = &[&organization_id, &number, &self.reason];
        query(&transaction, &BLOCK, params).await?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("Calls from {number} are refused where Vapi asks who takes them."),
            object: json!({ "id": organization_id, "blocked": number }),
        })
    }
}

impl Unblock {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let number = phone(&self.number)?;
        let transaction = hold(client, organization_id).await?;
        let rows = query(&transaction, &UNBLOCK, &[&organization_id, &number]).await?;
        ensure!(
            !rows.is_empty(),
            "{number} is not blocked; `frontdesk org blocked` lists those that are"
        );
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("Calls from {number} are taken again."),
            object: json!({ "id": organization_id, "unblocked": number }),
        })
    }
}

impl Blocked {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        today(client, organization_id).await?;
        let entries: Vec<Entry> = records(client, &LIST, &[&organization_id]).await?;
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                vec![
                    entry.number.clone(),
                    entry.since.format("%Y-%m-%d %H:%M UTC").to_string(),
                    entry.reason.clone().unwrap_or_default(),
                ]
            })
            .collect();
        let sentence = if rows.is_empty() {
            "No number is blocked.".to_owned()
        } else {
            let blocked = count(i64::try_from(rows.len())?, "blocked number");
            format!(
                "{blocked}.\n{}",
                table(&["number", "since", "reason"], &rows)
            )
        };
        Ok(Report {
            sentence,
            object: serde_json::to_value(&entries)?,
        })
    }
}
