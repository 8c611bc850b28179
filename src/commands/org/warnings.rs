//! Warnings of what would hurt an organization's callers, before one of them meets it.

use super::{
    contact::Contact,
    coverage::{Coverage, Source},
    overview::{LinkedCalendar, Overview},
    reachability::{self, Warning},
    sender::Obstacle,
    services,
};
use crate::commands::{local::Local, output::ago, prelude::*};

/// One sentence for each thing that would hurt; empty when all is well.
pub(super) fn of(overview: &Overview, obstacle: Option<&Obstacle>) -> Vec<String> {
    let organization = &overview.organization;
    let mut warnings = Vec::new();
    let mut warn = |is_so: bool, words: &str| {
        if is_so {
            warnings.push(words.to_owned());
        }
    };
    let has_active = |list: &[Value]| list.iter().any(|one| one["active"] == true);
    warn(
        !has_active(&organization.phone_numbers),
        "No number is active; `frontdesk org add-phone` adds one.",
    );
    warn(
        !has_active(&organization.assistants),
        "No assistant is active; `frontdesk org add-assistant` adds one.",
    );
    warn(
        organization.hours.iter().all(|day| day.windows.is_empty()),
        "It is closed all week; `frontdesk org set-hours` opens it.",
    );
    warn(
        organization.members.owner == 0,
        "It has no owner; `frontdesk org add-member ... --role owner` makes one.",
    );
    if let Some(since) = organization.suspended_at {
        warnings.push(format!(
            "It is suspended since {}{}: callers can report emergencies and nothing else; `frontdesk org resume {}` ends that.",
            Local::of(&organization.timezone).stamp(since),
            organization
                .suspension_reason
                .as_ref()
                .map_or_else(String::new, |reason| format!(" ({reason})")),
            organization.id
        ));
    }
    warnings.extend(organization.disputes.iter().map(|dispute| {
        format!(
            "Calls to it come with the assistant {0}, which {1} ({2}) has entered; if it is not theirs, `frontdesk org remove-assistant {2} {0}` \
             takes it from there, and `frontdesk org add-assistant` enters it here.",
            dispute.assistant_id, dispute.owner, dispute.owner_id
        )
    }));
    warnings.extend(
        organization
            .calendars
            .iter()
            .filter_map(LinkedCalendar::warning),
    );
    warnings.extend(obstacle.map(|it| format!("{}; {}.", it.what, it.remedy)));
    warnings.extend(overview.services.iter().filter_map(services::warning));
    warnings.extend(nobody(&overview.coverage));
    warnings.extend(
        reachability::of_contacts(&overview.coverage)
            .iter()
            .map(Warning::line),
    );
    warnings
}

/// Whether an emergency could find nobody, at any hour of the week: whoever reads this now would not learn of the night.
fn nobody(coverage: &Coverage) -> Option<String> {
    let stretch = coverage
        .stretches
        .iter()
        .find(|stretch| stretch.source == Source::Nobody)?;
    let from = stretch.starts().local().format("%A at %H:%M").to_string();
    let takes_any = |contact: &Contact| contact.active && !contact.phone.trim().is_empty();
    if !coverage.contacts.iter().any(takes_any) {
        return Some(
            "Nobody takes emergencies: no contact is active, and there is no emergency number."
                .to_owned(),
        );
    }
    Some(format!(
        "Nobody is on call at some hours, such as {}, and there is no primary contact and no emergency number.",
        from.to_lowercase()
    ))
}

impl LinkedCalendar {
    /// What is wrong with one, for whoever sees the page.
    fn warning(&self) -> Option<String> {
        if !self.is_stale {
            return None;
        }
        let why = if self.state == "revoked" {
            "is not connected any more, because its provider does not take the credential; `frontdesk calendar connect` connects it again".to_owned()
        } else {
            let age = match self.age_minutes {
                None => "has not been read yet".to_owned(),
                Some(_) => format!("was last read {}", ago(self.age_minutes)),
            };
            format!("{age}; `frontdesk calendar status` says why")
        };
        Some(format!(
            "The calendar {} ({}) {why}. Until then appointments are booked as pending.",
            self.calendar, self.provider
        ))
    }
}
