//! The page of one organization that people read.

use serde_json::Value;

use super::{
    calendars,
    contact::{self, with_extension},
    hours::spoken,
    overview::{Organization, Overview},
    report::{count, table, yes},
    services,
    special_days::SpecialDay,
};

/// The page; the warnings stand last, where a terminal leaves them in sight.
pub(super) fn of(overview: &Overview, warnings: &[String]) -> String {
    let organization = &overview.organization;
    let mut sections = vec![
        head(organization),
        section("Phone numbers", phone_numbers(organization)),
        section("Assistants", assistants(organization)),
        section("Hours", hours(organization)),
        section("Rules", rules(organization)),
        section("Services", services::listed(&overview.services)),
        section("Special days", special_days(&overview.special_days)),
        section("Contacts", contacts(overview)),
        section("Calendars", calendars::listed(&organization.calendars)),
    ];
    if !warnings.is_empty() {
        sections.push(section("Warnings", Some(warnings.join("\n"))));
    }
    sections.join("\n\n")
}

fn head(organization: &Organization) -> String {
    let o = organization;
    let transfer = o.transfer_phone_number.as_ref().map_or_else(
        || "no number".to_owned(),
        |number| {
            let number = with_extension(number, o.transfer_phone_extension.as_deref());
            format!(
                "{number}, {}, within {} s",
                o.transfer_mode, o.max_transfer_wait_time
            )
        },
    );
    let since: Vec<String> = o
        .webhook_secrets
        .iter()
        .map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string())
        .collect();
    let secrets = if since.is_empty() {
        "none live".to_owned()
    } else {
        format!("{} live, since {}", since.len(), since.join(" and "))
    };
    let members = [
        count(o.members.owner, "owner"),
        count(o.members.admin, "admin"),
        count(o.members.member, "member"),
    ];
    let facts = [
        ("id", o.id.to_string()),
        ("industry", o.industry.clone()),
        (
            "time zone",
            format!(
                "{}, now {}",
                o.timezone,
                o.local_time.format("%a %Y-%m-%d %H:%M")
            ),
        ),
        ("transfers", transfer),
        (
            "emergency number",
            o.emergency_contact_phone.as_deref().map_or_else(
                || "none".to_owned(),
                |number| with_extension(number, o.emergency_phone_extension.as_deref()),
            ),
        ),
        ("members", members.join(", ")),
        ("webhook secrets", secrets),
        (
            "credentials",
            if o.credentials.is_empty() {
                "none".to_owned()
            } else {
                o.credentials.join(", ")
            },
        ),
    ];
    let lines: Vec<String> = facts
        .into_iter()
        .map(|(name, fact)| format!("  {name:18}{fact}"))
        .collect();
    format!("{}\n{}", o.name, lines.join("\n"))
}

/// A titled part of the page, set in; `none` when there is nothing to show.
fn section(title: &str, lines: Option<String>) -> String {
    let lines = lines.unwrap_or_else(|| "none".to_owned());
    let lines: Vec<String> = lines.lines().map(|line| format!("  {line}")).collect();
    format!("{title}\n{}", lines.join("\n"))
}

/// A table, or nothing when it has no rows.
fn rows(headings: &[&str], rows: &[Vec<String>]) -> Option<String> {
    (!rows.is_empty()).then(|| table(headings, rows))
}

fn phone_numbers(organization: &Organization) -> Option<String> {
    let lines: Vec<_> = organization
        .phone_numbers
        .iter()
        .map(|phone| {
            vec![
                phone.number.clone(),
                yes(phone.active),
                phone.provider.clone(),
                phone.capabilities.join(","),
                phone.vapi_phone_number_id.clone().unwrap_or_default(),
                phone.vapi_assistant_id.clone().unwrap_or_default(),
            ]
        })
        .collect();
    rows(
        &[
            "number",
            "active",
            "provider",
            "for",
            "vapi phone number id",
            "vapi assistant id",
        ],
        &lines,
    )
}

fn assistants(organization: &Organization) -> Option<String> {
    let lines: Vec<_> = organization
        .assistants
        .iter()
        .map(|assistant| {
            vec![
                assistant.name.clone(),
                assistant.language.clone(),
                yes(assistant.active),
                assistant.vapi_assistant_id.clone(),
            ]
        })
        .collect();
    rows(&["name", "language", "active", "vapi assistant id"], &lines)
}

fn hours(organization: &Organization) -> Option<String> {
    let lines: Vec<_> = organization
        .hours
        .iter()
        .map(|day| {
            vec![
                day.day.clone(),
                spoken(&day.windows),
                origin(day.is_default),
            ]
        })
        .collect();
    rows(&["day", "hours", ""], &lines)
}

fn rules(organization: &Organization) -> Option<String> {
    let value = |value: &Value| match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            items.join(",")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let lines: Vec<_> = organization
        .rules
        .iter()
        .map(|rule| {
            vec![
                rule.name.clone(),
                value(&rule.value),
                origin(rule.is_default),
            ]
        })
        .collect();
    rows(&["rule", "value", ""], &lines)
}

fn special_days(days: &[SpecialDay]) -> Option<String> {
    let lines: Vec<_> = days.iter().map(SpecialDay::cells).collect();
    rows(&["date", "hours", "reason"], &lines)
}

fn contacts(overview: &Overview) -> Option<String> {
    let contacts = &overview.coverage.contacts;
    (!contacts.is_empty()).then(|| contact::listed(contacts))
}

fn origin(is_default: bool) -> String {
    if is_default { "default" } else { "" }.to_owned()
}
