//! `frontdesk org suspend` and `resume`: an organization that takes no bookings for a while.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;
use tokio_postgres::Client;

use super::{
    ask::{hold, query},
    report::Report,
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const SUSPEND: Sql = sql!("org_suspend", [UUID, TEXT]);
const RESUME: Sql = sql!("org_resume", [UUID]);

/// An organization whose callers can report emergencies and reach a person, and nothing else.
#[derive(Args)]
pub struct Suspend {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Why, in up to 500 characters; for the operator, callers are not told.
    #[arg(long, value_parser = reason)]
    reason: Option<String>,
}

/// An organization that is answered for as before.
#[derive(Args)]
pub struct Resume {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// The most characters of a reason.
const MAX_REASON: usize = 500;

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if (1..=MAX_REASON).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(format!("it takes 1 to {MAX_REASON} characters"))
    }
}

impl Suspend {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization = self.organization.find(&*client).await?;
        let transaction = hold(client, organization.id).await?;
        let params: crate::db::Params<'_> = &[&organization.id, &self.reason];
        let rows = query(&transaction, &SUSPEND, params).await?;
        let since: DateTime<Utc> = rows.first().context("no row came back")?.try_get(0)?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!(
                "{} is suspended: its callers can report emergencies and be put through to a person, and nothing else. Visits that are \
                 booked stand, and reminders of them go out. `frontdesk org resume {}` ends it.",
                organization.name, organization.id
            ),
            object: json!({ "id": organization.id, "suspended_at": since, "reason": self.reason }),
        })
    }
}

impl Resume {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization = self.organization.find(&*client).await?;
        let transaction = hold(client, organization.id).await?;
        let rows = query(&transaction, &RESUME, &[&organization.id]).await?;
        if rows.is_empty() {
            bail!("{} is not suspended", organization.name);
        }
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("{} is answered for again.", organization.name),
            object: json!({ "id": organization.id, "suspended_at": null }),
        })
    }
}
