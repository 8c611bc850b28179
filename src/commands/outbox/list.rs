//! `frontdesk outbox list`: what was given up, and what could not even be tried. Whom it was for and what it said stay in the organization's tables.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::{Value, json};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::{
    commands::{
        org::organization::OrganizationArg,
        org::{
            ask::query,
            report::{Report, table, yes},
        },
        unreached::Unreached,
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!("org_dead_letters", [UUID, INT8]);

/// What was given up, the last first.
#[derive(Args)]
pub struct List {
    /// Of one organization only.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
    /// How many at most.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    most: u32,
}

struct Entry {
    id: Uuid,
    organization_id: Uuid,
    organization: String,
    kind: String,
    attempts: i32,
    reason: Option<String>,
    given_up_at: Option<DateTime<Utc>>,
    is_over: bool,
}

impl List {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = match &self.org {
            Some(organization) => Some(organization.resolve_to_read(client).await?),
            None => None,
        };
        let entries = query(client, &QUERY, &[&organization_id, &i64::from(self.most)])
            .await?
            .iter()
            .map(Entry::from_row)
            .collect::<anyhow::Result<Vec<_>>>()?;
        let rows: Vec<_> = entries.iter().map(Entry::cells).collect();
        let unreached = Unreached::read(client, organization_id).await?;
        let mut sections = Vec::new();
        if !rows.is_empty() {
            sections.push(table(
                &[
                    "id",
                    "organization",
                    "kind",
                    "attempts",
                    "reason",
                    "given up at",
                    "emergency is over",
                ],
                &rows,
            ));
        }
        sections.extend(unreached.sections());
        if sections.is_empty() {
            sections.push("Nothing was given up.".to_owned());
        }
        let given_up = entries.iter().map(Entry::object);
        Ok(Report {
            sentence: sections.join("\n\n"),
            object: given_up.chain(unreached.objects()).collect(),
        })
    }
}

impl Entry {
    fn from_row(row: &Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            organization_id: row.try_get("organization_id")?,
            organization: row.try_get("organization_name")?,
            kind: row.try_get("kind")?,
            attempts: row.try_get("attempts")?,
            reason: row.try_get("error_code")?,
            given_up_at: row.try_get("settled_at")?,
            is_over: row.try_get("is_over")?,
        })
    }

    fn given_up_at(&self) -> Option<String> {
        self.given_up_at
            .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.organization.clone(),
            self.kind.clone(),
            self.attempts.to_string(),
            self.reason.clone().unwrap_or_default(),
            self.given_up_at().unwrap_or_default(),
            yes(self.is_over),
        ]
    }

    fn object(&self) -> Value {
        json!({
            "id": self.id,
            "organization_id": self.organization_id,
            "kind": self.kind,
            "attempts": self.attempts,
            "reason": self.reason,
            "given_up_at": self.given_up_at(),
            "is_over": self.is_over,
        })
    }
}
