//! `frontdesk customer forget`: removes what names a person, and prints what was changed and what is kept.

use std::{collections::BTreeMap, path::PathBuf};

use clap::ArgGroup;
use tokio_postgres::types::{FromSqlOwned, ToSql};

use super::spool::{self, Found};
use crate::commands::{field, input::asked, prelude::*};

/// A customer who is to be forgotten.
#[derive(Args)]
#[group(skip)]
#[command(group = ArgGroup::new("who").required(true).multiple(true).args(["phones", "emails", "customers"]))]
pub struct Forget {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// A telephone number, with its country code: +13035550199. It is found however it was written.
    #[arg(long = "phone", value_name = "NUMBER", value_parser = field::phone)]
    phones: Vec<String>,
    /// An e-mail address.
    #[arg(long = "email", value_name = "ADDRESS", value_parser = email)]
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
    reached: Reached,
    reached_numbers: Vec<String>,
    stop_entries_kept: i64,
    still_found: BTreeMap<String, i64>,
    vapi_call_ids: Vec<String>,
    twilio_message_sids: Vec<String>,
}

/// How many numbers and customers were found from those that were named.
#[derive(Deserialize, Serialize)]
struct Reached {
    numbers: usize,
    customers: usize,
}

/// What a run found.
struct Outcome {
    receipt: Receipt,
    spooled: Found,
    /// Why it would be refused; asked for a dry run only, since another one ends with the first of them.
    refusals: Vec<String>,
}

fn email(text: &str) -> anyhow::Result<String> {
    let parts = text.split_once('@');
    ensure!(
        parts.is_some_and(|(name, host)| !name.trim().is_empty() && !host.trim().is_empty()),
        "{text} is not an e-mail address"
    );
    Ok(text.to_owned())
}

impl Action for Forget {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization = self.organization.find(&*client).await?;
        if !self.confirm && !self.dry_run {
            let first = self.forget(client, organization.id, false).await?;
            if first.is_empty() {
                return Ok(self.report(&organization, &first));
            }
            self.require_yes(&first.receipt)?;
        }
        let outcome = self.forget(client, organization.id, !self.dry_run).await?;
        Ok(self.report(&organization, &outcome))
    }
}

impl Forget {
    /// Forgets the customer and keeps that, or undoes it once it is known what it changes.
    async fn forget(
        &self,
        client: &mut Client,
        organization_id: Uuid,
        is_kept: bool,
    ) -> anyhow::Result<Outcome> {
        let transaction = client.transaction().await?;
        transaction
            .batch_execute("set local statement_timeout = 0; set local lock_timeout = '30s'")
            .await?;
        self.require_customers(&transaction, organization_id)
            .await?;
        let (spooled, waiting) = self.in_spool(&transaction, organization_id).await?;
        let mut refusals = Vec::new();
        let receipt = if self.dry_run {
            let asked = "select private.forget_refusals($1, $2, $3, $4, $5)";
            refusals = self.ask(&transaction, &organization_id, asked).await?;
            refusals.extend(waiting);
            "select private.forget_traces($1, $2, $3, $4)"
        } else {
            if let Some(waiting) = waiting {
                bail!("{waiting}. Nothing was changed.");
            }
            "select private.forget_customer($1, $2, $3, $4, $5)"
        };
        let receipt = self.ask(&transaction, &organization_id, receipt).await;
        let receipt: Value = receipt.map_err(|error| match error.as_db_error() {
            Some(refused) => anyhow!("{}", refused.message()),
            None => anyhow::Error::new(error).context("nothing was changed"),
        })?;
        if is_kept {
            transaction.commit().await?;
            spooled.remove()?;
        } else {
            transaction.rollback().await?;
        }
        Ok(Outcome {
            receipt: serde_json::from_value(receipt)?,
            spooled,
            refusals,
        })
    }

    /// Asks a function that takes the organization and who is to be forgotten, and perhaps whether appointments to come are cancelled.
    async fn ask<T: FromSqlOwned>(
        &self,
        client: &Transaction<'_>,
        organization_id: &Uuid,
        statement: &str,
    ) -> Result<T, tokio_postgres::Error> {
        let (phones, emails, customers) = (&self.phones, &self.emails, &self.customers);
        let all: [&(dyn ToSql + Sync); 5] = [
            organization_id,
            phones,
            emails,
            customers,
            &self.also_upcoming,
        ];
        let params = all.into_iter().take(statement.matches('$').count());
        let params: Vec<_> = params.collect();
        client.query_one(statement, &params).await?.try_get(0)
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

    /// The files of the spool that name the customer, and why they must wait if the service is still to take one up.
    async fn in_spool(
        &self,
        transaction: &Transaction<'_>,
        organization_id: Uuid,
    ) -> anyhow::Result<(Found, Option<String>)> {
        let Some(folder) = &self.spool else {
            return Ok((Found::default(), None));
        };
        let traces = "select t.pattern from private.customer_traces($1, $2, $3, $4) as t";
        let pattern: String = self.ask(transaction, &organization_id, traces).await?;
        spool::find(transaction, folder, organization_id, &pattern).await
    }

    /// Asks whether to go on; refuses where nobody is there to be asked.
    fn require_yes(&self, receipt: &Receipt) -> anyhow::Result<()> {
        let rows = count(receipt.total(), "row");
        let reached = self.reached(receipt).map(|reached| reached + "\n");
        let typed = asked(
            &format!(
                "{}This changes {rows} for good. Type \"forget\" to go on: ",
                reached.unwrap_or_default()
            ),
            &format!(
                "this changes {rows} for good; look at them with --dry-run, and add --confirm to do it"
            ),
        )?;
        ensure!(typed.trim() == "forget", "nothing was changed");
        Ok(())
    }

    fn report(&self, organization: &Named, outcome: &Outcome) -> Report {
        let name = &organization.name;
        let receipt = &outcome.receipt;
        let rows: Vec<Vec<String>> = receipt
            .rows
            .iter()
            .filter(|(_, rows)| **rows > 0)
            .map(|(table, rows)| vec![table.clone(), rows.to_string()])
            .collect();
        let sentence = if outcome.is_empty() {
            "Nothing of this customer is found; nothing was changed.".to_owned()
        } else {
            let done = if self.dry_run {
                format!("In {name}, this would change")
            } else {
                format!("The customer is forgotten in {name}. This changed")
            };
            let mut parts = vec![format!(
                "{done} {} of {}:\n{}",
                count(receipt.total(), "row"),
                count(rows.len(), "table"),
                table(&["table", "rows"], &rows)
            )];
            parts.extend(self.remarks(outcome));
            parts.join("\n\n")
        };
        Report::new(
            sentence,
            json!({
                "organization_id": organization.id,
                "organization": name,
                "would_be_refused": outcome.refusals,
                "reached": receipt.reached,
                "reached_numbers": receipt.reached_numbers,
                "dry_run": self.dry_run,
                "pseudonym": receipt.pseudonym,
                "rows": receipt.rows,
                "stop_entries_kept": receipt.stop_entries_kept,
                "still_found": receipt.still_found,
                "spool_files": outcome.spooled.len(),
                "vapi_call_ids": receipt.vapi_call_ids,
                "twilio_message_sids": receipt.twilio_message_sids,
            }),
        )
    }

    /// What the named numbers and customers lead to, where that is more than was named.
    fn reached(&self, receipt: &Receipt) -> Option<String> {
        let is_more = receipt.reached.numbers > self.phones.len().max(1)
            || receipt.reached.customers > self.customers.len().max(1);
        is_more.then(|| {
            format!(
                "This reaches {} ({}) and {}.",
                count(receipt.reached.numbers, "number"),
                receipt.reached_numbers.join(", "),
                count(receipt.reached.customers, "customer"),
            )
        })
    }

    fn remarks(&self, outcome: &Outcome) -> Vec<String> {
        let (receipt, found) = (&outcome.receipt, &outcome.spooled);
        let mut remarks: Vec<String> = outcome
            .refusals
            .iter()
            .map(|refusal| format!("It would be refused: {refusal}."))
            .collect();
        remarks.extend(self.reached(receipt));
        remarks.push(format!(
            "Kept as {}: appointments with date, service and state, and that there were calls, texts and incidents.",
            receipt.pseudonym
        ));
        if receipt.stop_entries_kept > 0 {
            remarks.push(
                "Kept with the number: that it must not be texted. Without the number nobody could hold to it.".to_owned(),
            );
        }
        if !found.is_empty() {
            let files = count(found.len(), "file");
            let done = if self.dry_run {
                "would be removed"
            } else {
                "removed"
            };
            remarks.push(format!(
                "In the spool: {files} that could not be replayed {done}."
            ));
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
                count(receipt.vapi_call_ids.len(), "call"),
                count(receipt.twilio_message_sids.len(), "message"),
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

impl Outcome {
    fn is_empty(&self) -> bool {
        self.receipt.is_empty() && self.spooled.is_empty() && self.refusals.is_empty()
    }
}
