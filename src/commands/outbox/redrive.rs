//! `frontdesk outbox redrive`: has what was given up tried again from the start.

use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{
    commands::org::{
        ask::query,
        report::{Report, count},
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!("org_redrive", [UUID_ARRAY]);

/// Has what was given up tried again; pages of emergencies that somebody has are left alone.
#[derive(Args)]
pub struct Redrive {
    /// What `frontdesk outbox list` shows.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<Uuid>,
}

impl Redrive {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let again = query(client, &QUERY, &[&self.ids])
            .await?
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<Uuid>, _>>()?;
        let left = self.ids.len() - again.len();
        let tried = count(i64::try_from(again.len())?, "effect");
        let sentence = if left == 0 {
            format!("{tried} will be tried again.")
        } else {
            format!(
                "{tried} will be tried again; {left} not: unknown, not given up, or of an emergency that somebody has."
            )
        };
        Ok(Report {
            sentence,
            object: json!({ "redriven": again }),
        })
    }
}
