//! `frontdesk calendar list`: the linked calendars of an organization.

use chrono::{DateTime, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{
    commands::org::{
        ask::records,
        organization::OrganizationArg,
        report::{Report, table, yes},
    },
    db::Sql,
    sql,
    sync::account::Account,
};

const QUERY: Sql = sql!("org_calendars", [UUID]);

/// The linked calendars of an organization.
#[derive(Args)]
pub struct List {
    /// The organization's id or its name.
    organization: OrganizationArg,
}

/// A linked calendar.
#[expect(
    clippy::struct_excessive_bools,
    reason = "it is a row as the database has it"
)]
#[derive(Deserialize, Serialize)]
pub(super) struct Linked {
    pub(super) id: Uuid,
    pub(super) provider: String,
    pub(super) address: Option<String>,
    pub(super) username: Option<String>,
    pub(super) calendar: String,
    pub(super) scope: String,
    pub(super) crew: Option<i32>,
    pub(super) reads: bool,
    pub(super) writes: bool,
    pub(super) state: String,
    pub(super) is_enabled: bool,
    pub(super) is_stale: bool,
    pub(super) synced_at: Option<DateTime<Utc>>,
    pub(super) listed_at: Option<DateTime<Utc>>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) failures: i32,
    pub(super) failure: Option<String>,
    pub(super) events: i64,
    pub(super) copies: i64,
    pub(super) waiting: i64,
    pub(super) copy_failure: Option<String>,
    pub(super) conflicts: i64,
    pub(super) has_channel: bool,
}

impl Linked {
    /// Those of an organization.
    pub(super) async fn of(
        client: &impl GenericClient,
        organization_id: Uuid,
    ) -> anyhow::Result<Vec<Self>> {
        records(client, &QUERY, &[&organization_id]).await
    }

    /// Whether it is one of this account, or of the same that was connected before.
    pub(super) fn is_of(&self, account: &Account) -> bool {
        (&self.provider, &self.address, &self.username)
            == (&account.provider, &account.address, &account.username)
    }

    /// Whose time it is.
    pub(super) fn scope(&self) -> String {
        match (self.scope.as_str(), self.crew) {
            ("crew", Some(crew)) => format!("crew {crew}"),
            ("any", _) => "any crew".to_owned(),
            (scope, _) => scope.to_owned(),
        }
    }
}

impl List {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        let linked = Linked::of(client, organization_id).await?;
        let rows: Vec<Vec<String>> = linked
            .iter()
            .map(|link| {
                vec![
                    link.id.to_string(),
                    link.provider.clone(),
                    link.calendar.clone(),
                    link.scope(),
                    yes(link.reads),
                    yes(link.writes),
                    link.state.clone(),
                ]
            })
            .collect();
        Ok(Report {
            sentence: if rows.is_empty() {
                "No calendar is linked; `frontdesk calendar connect` links one.".to_owned()
            } else {
                table(
                    &[
                        "link", "provider", "calendar", "of", "read", "written", "state",
                    ],
                    &rows,
                )
            },
            object: json!({ "organization_id": organization_id, "calendars": linked }),
        })
    }
}
