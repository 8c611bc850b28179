//! `frontdesk calendar conflicts`: where linked calendars and appointments contradict each other.

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{
    commands::org::{
        ask::records,
        organization::OrganizationArg,
        report::{Report, table},
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!("org_calendar_conflicts", [UUID]);

/// Where a linked calendar and the appointments contradict each other.
#[derive(Args)]
pub struct Conflicts {
    /// The organization's id or its name.
    organization: OrganizationArg,
}

#[derive(Deserialize, Serialize)]
struct Conflict {
    id: Uuid,
    kind: String,
    appointment_id: Uuid,
    date: NaiveDate,
    time: String,
    calendar: String,
    opened_at: DateTime<Utc>,
    task_id: Option<Uuid>,
}

impl Conflicts {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        let conflicts: Vec<Conflict> = records(client, &QUERY, &[&organization_id]).await?;
        let rows: Vec<Vec<String>> = conflicts
            .iter()
            .map(|conflict| {
                let what = match conflict.kind.as_str() {
                    "overlap" => "an event overlaps it",
                    "moved" => "its event was moved",
                    _ => "its event was deleted",
                };
                vec![
                    format!("{} {}", conflict.date, conflict.time),
                    conflict.appointment_id.to_string(),
                    what.to_owned(),
                    conflict.calendar.clone(),
                ]
            })
            .collect();
        Ok(Report {
            sentence: if rows.is_empty() {
                "No conflicts.".to_owned()
            } else {
                table(&["appointment", "id", "what", "calendar"], &rows)
            },
            object: json!({ "organization_id": organization_id, "conflicts": conflicts }),
        })
    }
}
