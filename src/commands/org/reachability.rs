//! Whether an organization's contacts can be paged: each obstacle, and the command that removes it.

use chrono::FixedOffset;

use super::{
    contact::Contact,
    coverage::{Coverage, Covered, Stretch},
};
use crate::commands::prelude::*;
use crate::domain::{
    dial_policy::{self, Unreachable},
    phone::Phone,
};

/// Something that would hurt in an emergency.
pub(in crate::commands) struct Warning {
    kind: &'static str,
    what: String,
    /// What to do, and the command if one is enough.
    remedy: String,
    command: Option<String>,
    /// From when until when it holds, where it does not always.
    time: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
}

impl Warning {
    /// A warning under a name for programs, with the command that fixes it.
    pub(in crate::commands) fn new(kind: &'static str, what: String, command: String) -> Self {
        Self {
            kind,
            what,
            remedy: format!("`{command}` fixes it"),
            command: Some(command),
            time: None,
        }
    }

    /// A warning for which it takes more than one command.
    pub(in crate::commands) fn advised(kind: &'static str, what: String, remedy: String) -> Self {
        Self {
            kind,
            what,
            remedy,
            command: None,
            time: None,
        }
    }

    /// The same for the time of one stretch.
    pub(in crate::commands) fn during(mut self, stretch: &Stretch) -> Self {
        self.time = Some((stretch.starts().local(), stretch.ends().local()));
        self
    }

    /// One line for people.
    pub(in crate::commands) fn line(&self) -> String {
        format!("{}; {}.", self.what, self.remedy)
    }

    /// The object that programs read.
    pub(in crate::commands) fn object(&self) -> Value {
        let (from, until) = self.time.unzip();
        json!({
            "kind": self.kind,
            "what": self.what,
            "remedy": self.remedy,
            "command": self.command,
            "from": from,
            "until": until,
        })
    }
}

/// What keeps active contacts from being paged.
pub(in crate::commands) fn of_contacts(coverage: &Coverage) -> Vec<Warning> {
    coverage
        .contacts
        .iter()
        .filter(|contact| contact.active)
        .flat_map(|contact| of_contact(&coverage.organization, contact))
        .collect()
}

/// What keeps the number of last resort from being paged.
pub(in crate::commands) fn of_last_resort(organization: &Covered) -> Option<Warning> {
    let id = organization.id;
    let set = format!("frontdesk org set {id} emergency_contact_phone=NUMBER");
    let Some(number) = &organization.emergency_contact_phone else {
        return Some(Warning::new(
            "no_last_resort",
            "There is no emergency number of last resort".to_owned(),
            set,
        ));
    };
    let (why, command) = undialled(organization, number, set)?;
    Some(Warning::new(
        "last_resort_undialled",
        format!("The emergency number of last resort cannot be called: {why}"),
        command,
    ))
}

fn of_contact(organization: &Covered, contact: &Contact) -> Vec<Warning> {
    let name = &contact.name;
    let set = |change: &str| {
        format!(
            "frontdesk org set-contact {} {} {change}",
            organization.id, contact.id
        )
    };
    let mut warnings = Vec::new();
    let mut warn = |kind, what: String, command: String| {
        warnings.push(Warning::new(kind, what, command));
    };
    if contact.phone.trim().is_empty() {
        warn(
            "no_number",
            format!("{name} has no telephone number, and is never asked"),
            set("--phone NUMBER"),
        );
    } else if let Some((why, command)) =
        undialled(organization, &contact.phone, set("--phone NUMBER"))
    {
        warn(
            "number_undialled",
            format!("{name} can be neither called nor sent messages: {why}"),
            command,
        );
    }
    if !contact.is_reachable() {
        warn(
            "no_channel",
            format!("{name} could not be paged: no channel is on that can be used"),
            set("--sms true --call true"),
        );
    } else if contact.email_enabled && !contact.has_address() {
        warn(
            "no_address",
            format!("E-mail is on for {name}, who has no address"),
            set("--email ADDRESS"),
        );
    }
    if contact.sms && !contact.call && has_opted_out(organization, contact) {
        warn(
            "opted_out",
            format!("{name} wants no messages on that number any more, and takes no calls"),
            set("--call true"),
        );
    }
    if contact.has_no_day() && (contact.hours.is_some() || !contact.primary) {
        warn(
            "no_day",
            format!("{name} has no day on call, so that their hours are never used"),
            set("--days every"),
        );
    }
    warnings
}

/// Numbers are compared as they are dialled: a dashboard may have written one with its separators.
fn has_opted_out(organization: &Covered, contact: &Contact) -> bool {
    let form = |text: &str| {
        Phone::parse(text).map_or_else(
            |_problem| text.trim().to_owned(),
            |phone| phone.as_str().to_owned(),
        )
    };
    let number = form(&contact.phone);
    organization
        .opted_out
        .iter()
        .any(|other| form(other) == number)
}

/// Why a number cannot be dialled, and the command that fixes it: another number (`other`), unless the country only has to be allowed.
fn undialled(organization: &Covered, number: &str, other: String) -> Option<(String, String)> {
    let countries = organization.dial_countries();
    let phone = match Phone::parse(number) {
        Ok(phone) => phone,
        Err(problem) => return Some((problem.to_string(), other)),
    };
    let why = dial_policy::check(&phone, &countries).err()?;
    let command = match why {
        Unreachable::Foreign(country) => {
            let codes: Vec<&str> = countries
                .iter()
                .chain([&country])
                .map(dial_policy::Country::code)
                .collect();
            format!(
                "frontdesk org set {} dial_countries={}",
                organization.id,
                codes.join(",")
            )
        }
        Unreachable::Premium | Unreachable::Special => other,
    };
    Some((why.to_string(), command))
}
