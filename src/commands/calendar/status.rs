//! `frontdesk calendar status`: how current each linked calendar is.

use chrono::TimeDelta;

use super::{
    links::{Linked, NONE},
    words,
};
use crate::commands::{
    output::{ago, whose},
    prelude::*,
};

const NOW: Sql = sql!("org_clock", []);

/// How long a calendar that is due is left by a service that runs.
const OVERDUE: TimeDelta = TimeDelta::minutes(5);

/// When each linked calendar was read, what it said, and what went wrong.
#[derive(Args)]
pub struct Status {}

impl OnOrganization for Status {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let linked = Linked::of(client, organization.id).await?;
        let now: DateTime<Utc> = only(client, &NOW, &[]).await?;
        let pages: Vec<String> = linked.iter().map(|link| page(link, now)).collect();
        let sentence = if pages.is_empty() {
            NONE.to_owned()
        } else {
            pages.join("\n\n")
        };
        let object = json!({ "organization_id": organization.id, "at": now, "calendars": linked });
        Ok(Report::new(sentence, object))
    }
}

fn page(link: &Linked, now: DateTime<Utc>) -> String {
    let mut lines = vec![
        format!(
            "{}, {} ({})",
            link.provider,
            link.calendar,
            whose(&link.scope, link.crew)
        ),
        format!("  read {}", since(link.synced_at, now)),
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
            "  switched off, so that it blocks nothing; `frontdesk org set ID calendar_sync_enabled=true` switches it on".to_owned(),
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
        format!(
            "was due {}: does the service run?",
            since(Some(due_at), now)
        )
    } else {
        in_time(due_at, now)
    };
    Some(match &link.failure {
        Some(code) => format!(
            "  failed {}: {code} ({}); tried again {again}",
            count(link.failures, "time"),
            words::failure(code)
        ),
        None => format!("  read again {again}"),
    })
}

/// How long ago a moment was, in words.
fn since(moment: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    ago(moment.map(|moment| (now - moment).num_minutes()))
}

fn in_time(moment: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (moment - now).num_minutes() {
        ..1 => "within a minute".to_owned(),
        minutes => format!("in {}", count(minutes, "minute")),
    }
}
