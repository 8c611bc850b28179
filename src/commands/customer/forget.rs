//! `frontdesk customer forget`: removes what names a person, and prints what was changed and what is kept.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{anyhow, ensure};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::{Client, GenericClient, Transaction};
use uuid::Uuid;

use super::spool::{self, Found};
use crate::commands::{
    org::{
        ask::phone,
        report::{Report, count, table},
    },
    organization::OrganizationArg,
};

/// A customer who is to be forgotten.
#[derive(Args)]
#[group(id = "who", required = true, multiple = true, args = ["phones", "emails", "customers"])]
pub struct Forget {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// A telephone number, with its country code: +13035550199. It is found however it was written.
    #[arg(long = "phone", value_name = "NUMBER")]
    phones: Vec<String>,
    /// An e-mail address.
    #[arg(long = "email", value_name = "ADDRESS")]
    emails: Vec<String>,
    /// The id of a row of public.customers.
    #[arg(long = "customer", value_name = "ID")]
    customers: Vec<Uuid>,
    /// Show what would be changed, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do not ask. Without a terminal nothing is changed unless this is given.
    #[arg(long)]
    confirm: bool,
    /// Cancel appointments that are still to come, without a text, and forget the customer all the same.
    #[arg(long)]
    also_upcoming: bool,
    /// The folder in which the service keeps what callers say while the database is away.
    #[arg(long, env = "FRONTDESK_SPOOL", value_name = "FOLDER")]
    spool: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Receipt {
    pseudonym: String,
    rows: BTreeMap<String, i64>,
    stop_entries_kept: i64,
    still_found: BTreeMap<String, i64>,
    vapi_call_ids: Vec<String>,
    twilio_message_sids: Vec<String>,
}

impl Forget {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let phones = self
            .phones
            .iter()
            .map(|text| phone(text))
            .collect::<anyhow::Result<Vec<_>>>()?;
        for email in &self.emails {
            ensure!(email.contains('@'), "{email} is no e-mail address");
        }
        if !self.confirm && !self.dry_run {
            let (receipt, found) = self.forget(client, organization_id, &phones, false).await?;
            if receipt.is_empty() && found.is_empty() {
                return Ok(self.report(organization_id, &receipt, &found));
            }
            require_yes(&receipt)?;
        }
        let (receipt, found) = self
            .forget(client, organization_id, &phones, !self.dry_run)
            .await?;
        Ok(self.report(organization_id, &receipt, &found))
    }

    /// Forgets the customer and keeps that, or undoes it once it is known what it changes.
    async fn forget(
        &self,
        client: &mut Client,
        organization_id: Uuid,
        phones: &[String],
        is_kept: bool,
    ) -> anyhow::Result<(Receipt, Found)> {
        let transaction = client.transaction().await?;
        transaction
            .batch_execute("set local statement_timeout = 0; set local lock_timeout = '30s'")
            .await?;
        self.require_customers(&transaction, organization_id)
            .await?;
        let found = self.in_spool(&transaction, organization_id, phones).await?;
        let receipt: Value = transaction
            .query_one(
                "select private.forget_customer($1, $2, $3, $4, $5)",
                &[
                    &organization_id,
                    &phones,
                    &self.emails,
                    &self.customers,
                    &self.also_upcoming,
                ],
            )
            .await
            .map_err(|error| match error.as_db_error() {
                Some(refused) => anyhow!("{}", refused.message()),
                None => anyhow::Error::new(error).context("nothing was changed"),
            })?
            .try_get(0)?;
        if is_kept {
            transaction.commit().await?;
            found.remove()?;
        } else {
            transaction.rollback().await?;
        }
        Ok((serde_json::from_value(receipt)?, found))
    }

    /// Refuses an id that no customer of the organization has.
    async fn require_customers(
        &self,
        client: &impl GenericClient,
        organization_id: Uuid,
    ) -> anyhow::Result<()> {
        for id in &self.customers {
            let row = client
                .query_one(
                    "select exists (select from public.customers as c where c.id = $1 and c.organization_id = $2)",
                    &[id, &organization_id],
                )
                .await?;
            ensure!(
                row.try_get::<_, bool>(0)?,
                "organization {organization_id} has no customer {id}"
            );
        }
        Ok(())
    }

    async fn in_spool(
        &self,
        transaction: &Transaction<'_>,
        organization_id: Uuid,
        phones: &[String],
    ) -> anyhow::Result<Found> {
        let Some(folder) = self
            .spool
            .as_ref()
            .filter(|path| !path.as_os_str().is_empty())
        else {
            return Ok(Found::default());
        };
        let row = transaction
            .query_one(
                "select t.pattern from private.customer_traces($1, $2, $3, $4) as t",
                &[&organization_id, &phones, &self.emails, &self.customers],
            )
            .await?;
        let pattern: String = row.try_get(0)?;
        spool::find(transaction, folder, organization_id, &pattern).await
    }

    fn report(&self, organization_id: Uuid, receipt: &Receipt, found: &Found) -> Report {
        let rows: Vec<Vec<String>> = receipt
            .rows
            .iter()
            .filter(|(_, rows)| **rows > 0)
            .map(|(table, rows)| vec![table.clone(), rows.to_string()])
            .collect();
        let sentence = if receipt.is_empty() && found.is_empty() {
            "Nothing of this customer is found; nothing was changed.".to_owned()
        } else {
            let done = if self.dry_run {
                "This would change"
            } else {
                "The customer is forgotten. This changed"
            };
            let mut parts = vec![format!(
                "{done} {} of {}:\n{}",
                count(receipt.total(), "row"),
                count(i64::try_from(rows.len()).unwrap_or(i64::MAX), "table"),
                table(&["table", "rows"], &rows)
            )];
            parts.extend(self.remarks(receipt, found));
            parts.join("\n\n")
        };
        Report {
            sentence,
            object: json!({
                "organization_id": organization_id,
                "dry_run": self.dry_run,
                "pseudonym": receipt.pseudonym,
                "rows": receipt.rows,
                "stop_entries_kept": receipt.stop_entries_kept,
                "still_found": receipt.still_found,
                "spool_files": found.len(),
                "vapi_call_ids": receipt.vapi_call_ids,
                "twilio_message_sids": receipt.twilio_message_sids,
            }),
        }
    }

    fn remarks(&self, receipt: &Receipt, found: &Found) -> Vec<String> {
        let mut remarks = vec![format!(
            "Kept as {}: appointments with date, service and state, and that there were calls, texts and incidents.",
            receipt.pseudonym
        )];
        if receipt.stop_entries_kept > 0 {
            remarks.push(
                "Kept with the number: that it must not be texted. Without the number nobody could hold to it.".to_owned(),
            );
        }
        if !found.is_empty() {
            let files = count(i64::try_from(found.len()).unwrap_or(i64::MAX), "file");
            let done = if self.dry_run {
                "would be removed"
            } else {
                "removed"
            };
            remarks.push(format!("In the spool: {files} that nobody took up {done}."));
        }
        if !receipt.still_found.is_empty() {
            let tables: Vec<&str> = receipt.still_found.keys().map(String::as_str).collect();
            remarks.push(format!(
                "The number or address is still in {}: there it belongs to the organization itself, such as a contact of its own.",
                tables.join(", ")
            ));
        }
        if !receipt.vapi_call_ids.is_empty() || !receipt.twilio_message_sids.is_empty() {
            remarks.push(format!(
                "At the providers: {} at Vapi and {} at Twilio are not touched; --json lists their ids. Backups and files that were \
                 exported are not touched either.",
                count(length(&receipt.vapi_call_ids), "call"),
                count(length(&receipt.twilio_message_sids), "message"),
            ));
        }
        remarks
    }
}

impl Receipt {
    fn total(&self) -> i64 {
        self.rows.values().sum()
    }

    fn is_empty(&self) -> bool {
        self.total() == 0
    }
}

fn length(ids: &[String]) -> i64 {
    i64::try_from(ids.len()).unwrap_or(i64::MAX)
}

/// Asks whether to go on; refuses where nobody is there to be asked.
fn require_yes(receipt: &Receipt) -> anyhow::Result<()> {
    let rows = count(receipt.total(), "row");
    ensure!(
        io::stdin().is_terminal(),
        "this changes {rows} for good; look at them with --dry-run, and add --confirm to do it"
    );
    eprint!("This changes {rows} for good. Type \"forget\" to go on: ");
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    ensure!(typed.trim() == "forget", "nothing was changed");
    Ok(())
}
