//! `frontdesk org list`: every organization, and how much it has.

use clap::Args;
use serde_json::{Value, json};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::{
    ask::query,
    report::{Report, table},
};
use crate::{db::Sql, sql};

const QUERY: Sql = sql!("org_list", []);

/// Every organization.
#[derive(Args)]
pub struct List {}

struct Entry {
    id: Uuid,
    name: String,
    timezone: String,
    active_numbers: i64,
    assistants: i64,
    members: i64,
}

impl List {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let entries = query(client, &QUERY, &[])
            .await?
            .iter()
            .map(Entry::from_row)
            .collect::<anyhow::Result<Vec<_>>>()?;
        let rows: Vec<_> = entries.iter().map(Entry::cells).collect();
        let sentence = if rows.is_empty() {
            "There is no organization yet; make one with `frontdesk org create`.".to_owned()
        } else {
            table(
                &[
                    "id",
                    "name",
                    "time zone",
                    "numbers",
                    "assistants",
                    "members",
                ],
                &rows,
            )
        };
        Ok(Report {
            sentence,
            object: entries.iter().map(Entry::object).collect(),
        })
    }
}

impl Entry {
    fn from_row(row: &Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            timezone: row.try_get("timezone")?,
            active_numbers: row.try_get("active_numbers")?,
            assistants: row.try_get("assistants")?,
            members: row.try_get("members")?,
        })
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            self.timezone.clone(),
            self.active_numbers.to_string(),
            self.assistants.to_string(),
            self.members.to_string(),
        ]
    }

    fn object(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "timezone": self.timezone,
            "active_numbers": self.active_numbers,
            "assistants": self.assistants,
            "members": self.members,
        })
    }
}
