//! `frontdesk org block`, `unblock` and `blocked`: the numbers whose calls are refused.

use crate::commands::{field::phone, prelude::*};

const BLOCK: Sql = sql!("org_block", [UUID, TEXT, TEXT]);
const UNBLOCK: Sql = sql!("org_unblock", [UUID, TEXT]);
const LIST: Sql = sql!("org_blocked", [UUID]);

/// A number whose calls are refused from now on.
#[derive(Args)]
pub struct Block {
    /// The number, with its country code: +13035550199.
    #[arg(value_parser = phone)]
    number: String,
    /// Why.
    #[arg(long)]
    reason: Option<String>,
}

/// A number whose calls are accepted again.
#[derive(Args)]
pub struct Unblock {
    /// The number, with its country code: +13035550199.
    #[arg(value_parser = phone)]
    number: String,
}

/// The numbers whose calls are refused.
#[derive(Args)]
pub struct Blocked {}

impl OnOrganization for Block {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, number) = (organization.id, self.number);
        query(client, &BLOCK, &[&id, &number, &self.reason]).await?;
        Ok(Report::new(
            format!("Calls from {number} are refused where Vapi asks who takes them."),
            json!({ "id": id, "blocked": number }),
        ))
    }
}

impl OnOrganization for Unblock {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, number) = (organization.id, self.number);
        ensure!(
            !query(client, &UNBLOCK, &[&id, &number]).await?.is_empty(),
            "{number} is not blocked; `frontdesk org blocked` lists those that are"
        );
        Ok(Report::new(
            format!("Calls from {number} are accepted again."),
            json!({ "id": id, "unblocked": number }),
        ))
    }
}

impl OnOrganization for Blocked {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let blocked: Vec<Value> = records(client, &LIST, &[&organization.id]).await?;
        let columns = [
            ("number", "number"),
            ("since", "since"),
            ("reason", "reason"),
        ];
        Report::list(
            &blocked,
            Some("blocked number"),
            &columns,
            "No number is blocked.",
        )
    }
}
