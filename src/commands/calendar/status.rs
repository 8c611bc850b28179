//! `frontdesk calendar status`: how current each linked calendar is.

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;

use super::list::Linked;
use crate::commands::org::{
    ask::query,
    organization::OrganizationArg,
    report::{Report, count},
};
use crate::{db::Sql, sql};

const NOW: Sql = sql!("org_clock", []);

/// When each linked calendar was read, what it said, and what went wrong.
#[derive(Args)]
pub struct Status {
    /// The organization's id or its name.
    organization: OrganizationArg,
}

impl Status {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        let linked = Linked::of(client, organization_id).await?;
        let rows = query(client, &NOW, &[]).await?;
        let now: DateTime<Utc> = rows
            .first()
            .map(|row| row.try_get(0))
            .transpose()?
            .unwrap_or_default();
        let pages: Vec<String> = linked.iter().map(|link| page(link, now)).collect();
        Ok(Report {
            sentence: if pages.is_empty() {
                "No calendar is linked; `frontdesk calendar connect` links one.".to_owned()
            } else {
                pages.join("\n\n")
            },
            object: json!({ "organization_id": organization_id, "at": now, "calendars": linked }),
        })
    }
}

fn page(link: &Linked, now: DateTime<Utc>) -> String {
    let mut lines = vec![
        format!("{}, {} ({})", link.provider, link.calendar, link.scope()),
        format!("  read {}", ago(link.synced_at, now)),
        format!(
            "  {}, {} of ours, {}",
            count(link.events, "event"),
            count(link.copies, "appointment"),
            count(link.conflicts, "conflict")
        ),
    ];
    if link.state == "revoked" {
        lines.push("  revoked: connect it again".to_owned());
    } else if let Some(failure) = &link.failure {
        lines.push(format!(
            "  failed {}: {failure}; tried again {}",
            count(link.failures.into(), "time"),
            in_time(link.due_at, now)
        ));
    } else if link.due_at.is_some() {
        lines.push(format!("  read again {}", in_time(link.due_at, now)));
    }
    if link.waiting > 0 {
        lines.push(format!(
            "  {} to be written",
            count(link.waiting, "appointment")
        ));
    }
    lines.join("\n")
}

/// How long ago a moment was, in words.
pub(super) fn ago(moment: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    moment.map_or_else(
        || "never".to_owned(),
        |moment| match (now - moment).num_minutes() {
            ..1 => "less than a minute ago".to_owned(),
            minutes @ 1..120 => format!("{} ago", count(minutes, "minute")),
            minutes => format!("{} ago", count(minutes / 60, "hour")),
        },
    )
}

fn in_time(moment: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    moment.map_or_else(
        || "never".to_owned(),
        |moment| match (moment - now).num_minutes() {
            ..1 => "within a minute".to_owned(),
            minutes => format!("in {}", count(minutes, "minute")),
        },
    )
}
