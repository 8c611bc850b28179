//! `frontdesk org remove-phone` and `remove-assistant`: what an organization has no more, so that another one can have it.

use anyhow::ensure;
use clap::Args;
use serde_json::json;
use tokio_postgres::Client;

use super::{
    ask::{hold, phone, query},
    report::{Report, count},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const REMOVE_PHONE: Sql = sql!("org_remove_phone", [UUID, TEXT]);
const REMOVE_ASSISTANT: Sql = sql!("org_remove_assistant", [UUID, TEXT]);

/// A telephone number that is not the organization's any more.
#[derive(Args)]
pub struct RemovePhone {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The number, with its country code: +13035550100.
    number: String,
}

/// An assistant that is not the organization's any more. An id that an organization entered and does not own is taken from it by this.
#[derive(Args)]
pub struct RemoveAssistant {
    /// The organization that has entered it: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Vapi's id of the assistant.
    #[arg(value_name = "ASSISTANT_ID")]
    vapi_assistant_id: String,
}

impl RemovePhone {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let number = phone(&self.number)?;
        let organization = self.organization.find(&*client).await?;
        let transaction = hold(client, organization.id).await?;
        let rows = query(&transaction, &REMOVE_PHONE, &[&organization.id, &number]).await?;
        ensure!(
            !rows.is_empty(),
            "{} has no number {number}; `frontdesk org show {}` lists those that it has",
            organization.name,
            organization.id
        );
        let remaining: i64 = rows.first().map_or(Ok(0), |row| row.try_get("remaining"))?;
        transaction.commit().await?;
        let rest = if remaining == 0 {
            " It has no active number now: callers reach it by its assistants only.".to_owned()
        } else {
            format!(" It keeps {}.", count(remaining, "active number"))
        };
        Ok(Report {
            sentence: format!("Took {number} from {}.{rest}", organization.name),
            object: json!({ "id": organization.id, "removed": number, "active_numbers": remaining }),
        })
    }
}

impl RemoveAssistant {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let assistant = self.vapi_assistant_id.trim();
        let organization = self.organization.find(&*client).await?;
        let transaction = hold(client, organization.id).await?;
        let rows = query(
            &transaction,
            &REMOVE_ASSISTANT,
            &[&organization.id, &assistant],
        )
        .await?;
        let Some(row) = rows.first() else {
            anyhow::bail!(
                "{} has no assistant {assistant}; `frontdesk org show {}` lists those that it has",
                organization.name,
                organization.id
            );
        };
        let (name, numbers): (String, i64) = (row.try_get("name")?, row.try_get("numbers")?);
        transaction.commit().await?;
        let rest = if numbers == 0 {
            String::new()
        } else {
            format!(
                " {} had it; `frontdesk org add-phone {} --number NUMBER --vapi-assistant-id ASSISTANT_ID` gives them another.",
                count(numbers, "number"),
                organization.id
            )
        };
        Ok(Report {
            sentence: format!(
                "Took {name} ({assistant}) from {}; any organization can enter it now.{rest}",
                organization.name
            ),
            object: json!({ "id": organization.id, "removed": assistant, "name": name, "numbers": numbers }),
        })
    }
}
