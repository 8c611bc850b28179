//! `frontdesk org delete`: removes an organization and every row that belongs to it, for good.

use std::collections::BTreeMap;

use tokio_postgres::error::SqlState;

use crate::commands::{input::asked, prelude::*};

/// How often a deletion is tried that met writers of the same rows in the opposite order.
const MAX_TRIES: u32 = 5;

/// An organization and everything that it owns.
#[derive(Args)]
pub struct Delete {
    /// The organization: its id or its name.
    organization: OrganizationArg,
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

impl Action for Delete {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let Named { id, name } = self.organization.find(&*client).await?;
        let typed = match &self.confirm {
            Some(typed) => typed.clone(),
            None => asked(
                &format!(
                    "This deletes \"{name}\" and everything it owns, for good. Type the organization's name: "
                ),
                &format!(
                    "this deletes \"{name}\" and everything it owns, for good; add --confirm with the organization's name, exactly"
                ),
            )?,
        };
        ensure!(
            typed == name,
            "the organization is called \"{name}\", not \"{typed}\"; nothing was deleted"
        );
        let receipt = self.delete(client, id).await?;
        let total: i64 = receipt.rows.values().sum();
        let rows = receipt.rows.iter().filter(|(_, rows)| **rows > 0);
        let rows: Vec<Vec<String>> = rows
            .map(|(table, rows)| vec![table.clone(), rows.to_string()])
            .collect();
        Ok(Report::new(
            format!(
                "{}\n\nDeleted {name} ({id}): {}. One entry of the audit log says so, without names.\n\
                 Its numbers, assistants and recordings at Vapi and Twilio, files that were exported and backups are not touched.",
                table(&["table", "rows"], &rows),
                count(total, "row"),
            ),
            json!({ "deleted": id, "rows": receipt.rows }),
        ))
    }
}

impl Delete {
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
