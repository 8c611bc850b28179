//! What would hurt an organization's callers, told before one of them meets it.

use super::{
    contact::Contact,
    hours::DAYS,
    overview::{Organization, Overview},
};

/// One sentence for each thing that would hurt; empty when all is well.
pub(super) fn of(overview: &Overview) -> Vec<String> {
    let organization = &overview.organization;
    let mut warnings = Vec::new();
    let mut warn = |is_so: bool, words: &str| {
        if is_so {
            warnings.push(words.to_owned());
        }
    };
    warn(
        !organization
            .phone_numbers
            .iter()
            .any(|number| number.active),
        "No number is active; `frontdesk org add-phone` adds one.",
    );
    warn(
        !organization
            .assistants
            .iter()
            .any(|assistant| assistant.active),
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
    warnings.extend(nobody(organization, &overview.contacts));
    warnings.extend(
        overview
            .contacts
            .iter()
            .filter(|contact| contact.active && !contact.is_reachable())
            .map(|contact| {
                format!(
                    "{} could not be told of an emergency: no channel is on that can be used.",
                    contact.name
                )
            }),
    );
    warnings
}

/// Whether an emergency could find nobody, at any hour of the week: whoever reads this now would not learn of the night.
fn nobody(organization: &Organization, contacts: &[Contact]) -> Option<String> {
    let takes_any = |contact: &Contact| contact.active && !contact.phone.trim().is_empty();
    let is_caught = organization
        .emergency_contact_phone
        .as_deref()
        .is_some_and(|number| !number.trim().is_empty())
        || contacts
            .iter()
            .any(|contact| contact.primary && takes_any(contact));
    if is_caught {
        return None;
    }
    if !contacts.iter().any(takes_any) {
        return Some(
            "Nobody takes emergencies: no contact is active, and there is no emergency number."
                .to_owned(),
        );
    }
    let mut week = DAYS
        .iter()
        .enumerate()
        .flat_map(|(nth, day)| (0..24 * 60).map(move |minute| (nth, day, minute)));
    let (_, day, minute) = week.find(|(nth, _, minute)| {
        !contacts
            .iter()
            .any(|contact| contact.is_on_call(*nth, *minute))
    })?;
    Some(format!(
        "Nobody is on call at some hours, such as {day} at {:02}:{:02}, and there is no primary contact and no emergency number.",
        minute / 60,
        minute % 60
    ))
}
