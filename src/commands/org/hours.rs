//! `frontdesk org set-hours`: when appointments can be booked.

use serde_json::Map;

use super::times;
use crate::commands::prelude::*;

const QUERY: Sql = sql!("org_set_hours", [UUID, JSONB]);

/// Opening hours of some days; the others keep theirs.
#[derive(Args)]
pub struct SetHours {
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

impl OnOrganization for SetHours {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let mut hours = Map::new();
        for entry in &self.hours {
            let (name, windows) = entry.split_once('=').with_context(|| {
                format!("{entry} is not DAY=HOURS, as in mon=08:00-18:00 or mon-fri=8am-6pm")
            })?;
            let windows = windows_of(windows)?;
            for name in times::days(name)? {
                ensure!(!hours.contains_key(name), "{name} is given twice");
                hours.insert(name.to_owned(), windows.clone());
            }
        }
        let id = organization.id;
        let stored: Value = only(client, &QUERY, &[&id, &Value::Object(hours)]).await?;
        Ok(Report::new(
            format!("The hours are now: {}.", of_week(&stored)),
            json!({ "id": id, "hours": stored }),
        ))
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

/// The hours that are stored for people, in the order of the week: monday 08:00-18:00; saturday closed.
fn of_week(stored: &Value) -> String {
    let days = times::DAYS.iter().filter_map(|day| {
        let windows = Vec::<Window>::deserialize(stored.get(day)?).ok()?;
        Some(format!("{day} {}", spoken(&windows)))
    });
    days.collect::<Vec<_>>().join("; ")
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
