//! `frontdesk org set-hours`: when appointments can be booked.

use anyhow::{Context, ensure};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio_postgres::GenericClient;

use super::{
    ask::{only_row, query},
    report::Report,
    times,
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const QUERY: Sql = sql!("org_set_hours", [UUID, JSONB]);

/// Opening hours of some days; the others keep theirs.
#[derive(Args)]
pub struct SetHours {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Days and their hours: mon-fri=8am-6pm, tue=08:00-12:00,13:00-17:00, fri=20:00-03:00, sat=closed.
    #[arg(required = true, value_name = "DAY=HOURS")]
    hours: Vec<String>,
}

/// A time window on the organization's clock; a close that is not after the open is on the next day.
#[derive(Serialize, Deserialize)]
pub(super) struct Window {
    open: String,
    close: String,
}

impl SetHours {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let mut hours = Map::new();
        for entry in &self.hours {
            let (name, windows) = entry.split_once('=').with_context(|| {
                format!("{entry} is no DAY=HOURS, as in mon=08:00-18:00 or mon-fri=8am-6pm")
            })?;
            let windows = windows_of(windows)?;
            for name in times::days(name)? {
                ensure!(!hours.contains_key(name), "{name} is given twice");
                hours.insert(name.to_owned(), windows.clone());
            }
        }
        let rows = query(client, &QUERY, &[&organization_id, &Value::Object(hours)]).await?;
        let stored: Value = only_row(&rows, organization_id)?.try_get(0)?;
        Ok(Report {
            sentence: format!("The hours are now {stored}."),
            object: json!({ "id": organization_id, "hours": stored }),
        })
    }
}

/// The windows in 08:00-12:00,13:00-17:00, as they are stored, and none for closed; the database holds them to what can be meant.
pub(super) fn windows_of(text: &str) -> anyhow::Result<Value> {
    if text.eq_ignore_ascii_case("closed") {
        return Ok(json!([]));
    }
    text.split(',')
        .map(|window| {
            let (open, close) = times::window(window)?;
            Ok(json!({ "open": open, "close": close }))
        })
        .collect()
}

/// The hours of a day for people: 08:00-12:00, 13:00-17:00, or closed.
pub(super) fn spoken(windows: &[Window]) -> String {
    if windows.is_empty() {
        return "closed".to_owned();
    }
    let windows: Vec<_> = windows
        .iter()
        .map(|window| format!("{}-{}", window.open, window.close))
        .collect();
    windows.join(", ")
}
