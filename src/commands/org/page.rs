//! The page of one organization that people read.

use super::{
    contact::{self, with_extension},
    hours::spoken,
    overview::{LinkedCalendar, Organization, Overview},
    services, special_days,
};
use crate::commands::{
    output::{ago, cell, part, rows, section, whose},
    prelude::*,
};

/// The page; the warnings stand last, where a terminal leaves them in sight.
pub(super) fn of(overview: &Overview, warnings: &[String]) -> anyhow::Result<String> {
    let organization = &overview.organization;
    let numbers = [
        ("number", "number"),
        ("active", "active"),
        ("provider", "provider"),
        ("for", "capabilities"),
        ("vapi phone number id", "vapi_phone_number_id"),
        ("vapi assistant id", "vapi_assistant_id"),
    ];
    let assistants = [
        ("name", "name"),
        ("language", "language"),
        ("active", "active"),
        ("vapi assistant id", "vapi_assistant_id"),
    ];
    let origin = |is_default: bool| if is_default { "default" } else { "" }.to_owned();
    let hours = organization.hours.iter();
    let hours = hours.map(|day| vec![day.day.clone(), spoken(&day.windows), origin(day.default)]);
    let rules = organization.rules.iter();
    let rules = rules.map(|rule| vec![rule.name.clone(), cell(&rule.value), origin(rule.default)]);
    let calendars = organization.calendars.iter().map(LinkedCalendar::cells);
    let contacts = &overview.coverage.contacts;
    let contacts = (!contacts.is_empty()).then(|| contact::table_of(contacts));
    let mut sections = vec![
        head(organization),
        part(
            "Phone numbers",
            listed(&organization.phone_numbers, &numbers)?,
        ),
        part("Assistants", listed(&organization.assistants, &assistants)?),
        part("Hours", rows(&["day", "hours", ""], hours)),
        part("Rules", rows(&["rule", "value", ""], rules)),
        part("Services", services::table_of(&overview.services)?),
        part("Special days", special_days::listed(&overview.special_days)),
        part("Contacts", contacts),
        part(
            "Calendars",
            rows(
                &["provider", "calendar", "of", "state", "last read"],
                calendars,
            ),
        ),
    ];
    if !warnings.is_empty() {
        sections.push(section("Warnings", &warnings.join("\n")));
    }
    Ok(sections.join("\n\n"))
}

fn head(o: &Organization) -> String {
    let transfer = o.transfer.phone_number.as_ref().map(|number| {
        let number = with_extension(number, o.transfer.extension.as_deref());
        format!(
            "{number}, {}, within {} s",
            o.transfer.mode, o.transfer.max_wait_seconds
        )
    });
    let emergency = o.emergency_contact_phone.as_deref();
    let emergency =
        emergency.map(|number| with_extension(number, o.emergency_contact_extension.as_deref()));
    let since = o.webhook_secrets.since.iter();
    let since: Vec<String> = since.map(|at| utc(*at)).collect();
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
    let now = o.local_time.format("%a %Y-%m-%d %H:%M");
    let or_none = |names: &[String]| match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let facts = [
        ("id", o.id.to_string()),
        ("industry", o.industry.clone()),
        ("time zone", format!("{}, now {now}", o.timezone)),
        (
            "transfers",
            transfer.unwrap_or_else(|| "no number".to_owned()),
        ),
        (
            "emergency number",
            emergency.unwrap_or_else(|| "none".to_owned()),
        ),
        (
            "twilio account",
            o.twilio_account_sid
                .clone()
                .unwrap_or_else(|| "the service's".to_owned()),
        ),
        ("members", members.join(", ")),
        ("webhook secrets", secrets),
        ("credentials", or_none(&o.credentials)),
    ];
    let lines = facts.map(|(name, fact)| format!("{name:18}{fact}"));
    section(&o.name, &lines.join("\n"))
}

impl LinkedCalendar {
    fn cells(&self) -> Vec<String> {
        vec![
            self.provider.clone(),
            self.calendar.clone(),
            whose(&self.scope, self.crew),
            self.state.clone(),
            ago(self.age_minutes),
        ]
    }
}
