//! The feed as a calendar program reads it: iCalendar (RFC 5545, RFC 7986), the same bytes as long as nothing changes.

use chrono::{DateTime, Duration, Utc};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    calendar::icalendar::write::{escape, line, utc},
    domain::event_text::EventText,
};

/// How often a program is asked to look again.
const REFRESH: &str = "PT15M";

/// Writes the feed of these rows of `calendar_feed`, of which there is at least one.
pub(super) fn document(
    rows: &[Row],
    crew: Option<i32>,
) -> Result<Option<String>, tokio_postgres::Error> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let organization: &str = first.try_get("name")?;
    let name = match crew {
        Some(crew) => format!("{organization} (crew {crew})"),
        None => organization.to_owned(),
    };
    let mut out = String::with_capacity(512 * (rows.len() + 1));
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//frontdesk//frontdesk//EN");
    line(&mut out, "X-WR-CALNAME", &escape(&name));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
    line(&mut out, "X-PUBLISHED-TTL", REFRESH);
    for row in rows {
        if let Some(id) = row.try_get("id")? {
            event(&mut out, id, row)?;
        }
    }
    line(&mut out, "END", "VCALENDAR");
    Ok(Some(out))
}

fn event(out: &mut String, id: Uuid, row: &Row) -> Result<(), tokio_postgres::Error> {
    let starts_at: DateTime<Utc> = row.try_get("starts_at")?;
    let minutes: i32 = row.try_get("duration_minutes")?;
    let changed_at: DateTime<Utc> = row.try_get("changed_at")?;
    let revision: i32 = row.try_get("revision")?;
    let place: Option<&str> = row.try_get("service_address")?;
    let text = EventText {
        service: row.try_get("service")?,
        customer: row.try_get("customer_name")?,
        description: row.try_get("service_description")?,
        phone: row.try_get("customer_phone")?,
    };
    let status = match row.try_get("status")? {
        "cancelled" => "CANCELLED",
        "pending" => "TENTATIVE",
        _ => "CONFIRMED",
    };
    line(out, "BEGIN", "VEVENT");
    line(out, "UID", &format!("{id}@frontdesk"));
    line(out, "SEQUENCE", &revision.to_string());
    line(out, "DTSTAMP", &utc(changed_at));
    line(out, "LAST-MODIFIED", &utc(changed_at));
    line(out, "DTSTART", &utc(starts_at));
    let ends_at = starts_at + Duration::minutes(minutes.into());
    line(out, "DTEND", &utc(ends_at));
    line(out, "STATUS", status);
    line(out, "SUMMARY", &escape(&text.title()));
    if let Some(place) = place.map(str::trim).filter(|place| !place.is_empty()) {
        line(out, "LOCATION", &escape(place));
    }
    if let Some(notes) = text.notes() {
        line(out, "DESCRIPTION", &escape(&notes));
    }
    line(out, "END", "VEVENT");
    Ok(())
}
