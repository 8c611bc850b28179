//! `frontdesk org delete`: removes an organization and every row that belongs to it, for good.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
};

use anyhow::{Context, anyhow, ensure};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::{Client, error::SqlState};
use uuid::Uuid;

use super::report::{Report, count, table};
use crate::commands::org::organization::{Named, OrganizationArg};

/// How often a deletion is tried that met writers of the same rows in the opposite order.
const MAX_TRIES: u32 = 5;

/// An organization and everything that it owns.
#[derive(Args)]
pub struct Delete {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The organization's name, exactly; asked for on a terminal.
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// Also while calls are in progress or incidents are open.
    #[arg(long)]
    force: bool,
}

#[derive(Deserialize)]
struct Receipt {
    rows: BTreeMap<String, i64>,
}

impl Delete {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let Named { id, name } = self.organization.find(&*client).await?;
        let typed = match &self.confirm {
            Some(typed) => typed.clone(),
            None => ask(&name)?,
        };
        ensure!(
            typed == name,
            "the organization is called \"{name}\", not \"{typed}\"; nothing was deleted"
        );
        let receipt = self.delete(client, id).await?;
        let total: i64 = receipt.rows.values().sum();
        let rows: Vec<Vec<String>> = receipt
            .rows
            .iter()
            .filter(|(_, rows)| **rows > 0)
            .map(|(table, rows)| vec![table.clone(), rows.to_string()])
            .collect();
        Ok(Report {
            sentence: format!(
                "{}\n\nDeleted {name} ({}): {}. One entry of the audit log says so, without names.\n\
                 Its numbers, assistants and recordings at Vapi and Twilio, files that were exported and backups are not touched.",
                table(&["table", "rows"], &rows),
                id,
                count(total, "row"),
            ),
            object: json!({ "deleted": id, "rows": receipt.rows }),
        })
    }

    async fn delete(&self, client: &mut Client, id: Uuid) -> anyhow::Result<Receipt> {
        let mut tries = 1;
        loop {
            match self.delete_once(client, id).await {
                Ok(receipt) => {
                    return serde_json::from_value(receipt).context("no receipt came back");
                }
                // The others hold what this needs and wait for what this holds: one of us had to give way.
                Err(error)
                    if error.code() == Some(&SqlState::T_R_DEADLOCK_DETECTED)
                        && tries < MAX_TRIES =>
                {
                    tries += 1;
                }
                Err(error) => {
                    return Err(match error.as_db_error() {
                        Some(refused) => anyhow!("{}", refused.message()),
                        None => anyhow::Error::new(error).context("nothing was deleted"),
                    });
                }
            }
        }
    }

    async fn delete_once(
        &self,
        client: &mut Client,
        id: Uuid,
    ) -> Result<Value, tokio_postgres::Error> {
        let transaction = client.transaction().await?;
        transaction
            .batch_execute(
                "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = '30s'",
            )
            .await?;
        let receipt = transaction
            .query_one(
                "select private.delete_organization($1, $2)",
                &[&id, &self.force],
            )
            .await?
            .try_get(0)?;
        transaction.commit().await?;
        Ok(receipt)
    }
}

/// Asks for the organization's name; refuses where nobody is there to be asked.
fn ask(name: &str) -> anyhow::Result<String> {
    ensure!(
        io::stdin().is_terminal(),
        "this deletes \"{name}\" and everything it owns, for good; add --confirm with the organization's name, exactly"
    );
    eprint!(
        "This deletes \"{name}\" and everything it owns, for good. Type the organization's name: "
    );
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed.trim_end_matches(['\n', '\r']).to_owned())
}
