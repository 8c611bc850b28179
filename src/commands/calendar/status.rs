//! `frontdesk calendar status`: how current each linked calendar is.

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;

use super::{list::Linked, words};
use crate::commands::org::{
    ask::query,
    organization::OrganizationArg,
    report::{Report, count},
};
use crate::{db::Sql, sql};

const NOW: Sql = sql!("org_clock", []);

/// How long a calendar that is due is left by a service that runs.
const OVERDUE: TimeDelta = TimeDelta::minutes(5);

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
    lines.extend(condition(link, now));
    if link.is_stale && link.is_enabled {
        lines.push("  stale: appointments are booked as pending until it has been read".to_owned());
    }
    if link.waiting > 0 {
        let failure = link
            .copy_failure
            .as_deref()
            .map_or_else(String::new, |code| {
                format!(", after {code} ({})", words::failure(code))
            });
        lines.push(format!(
            "  {} to be written{failure}",
            count(link.waiting, "appointment")
        ));
    }
    lines.join("\n")
}

/// What is wrong with it, or when it is read next.
fn condition(link: &Linked, now: DateTime<Utc>) -> Option<String> {
    if !link.is_enabled {
        return Some(
            "  switched off: organizations.calendar_sync_enabled is false, so that it blocks nothing".to_owned(),
        );
    }
    if link.state == "revoked" {
        return Some(
            "  revoked: the provider does not take the credential any more; `frontdesk calendar connect` connects it again"
                .to_owned(),
        );
    }
    let due_at = link.due_at?;
    let again = if now - due_at > OVERDUE {
        format!("was due {}: does the service run?", ago(Some(due_at), now))
    } else {
        in_time(due_at, now)
    };
    Some(match &link.failure {
        Some(code) => format!(
            "  failed {}: {code} ({}); tried again {again}",
            count(link.failures.into(), "time"),
            words::failure(code)
        ),
        None => format!("  read again {again}"),
    })
}

/// How long ago a moment was, in words.
fn ago(moment: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    moment.map_or_else(
        || "never".to_owned(),
        |moment| match (now - moment).num_minutes() {
            ..1 => "less than a minute ago".to_owned(),
            minutes @ 1..120 => format!("{} ago", count(minutes, "minute")),
            minutes @ 120..2880 => format!("{} ago", count(minutes / 60, "hour")),
            minutes => format!("{} ago", count(minutes / 1440, "day")),
        },
    )
}

fn in_time(moment: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (moment - now).num_minutes() {
        ..1 => "within a minute".to_owned(),
        minutes => format!("in {}", count(minutes, "minute")),
    }
}
