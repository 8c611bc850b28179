//! Warnings of what would hurt an organization's callers, before one of them meets it.

use super::{
    contact::Contact,
    coverage::{Coverage, Source},
    overview::{LinkedCalendar, Organization, Overview},
    reachability::{self, Warning},
    services,
};
use crate::commands::{local::Local, output::ago, prelude::*};

/// One sentence for each thing that would hurt; empty when all is well.
pub(super) fn of(overview: &Overview, service: &ServiceSender) -> Vec<String> {
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
    warnings.extend(service.why_nothing_is_texted(organization));
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

/// The service's own account, as far as this environment knows it.
#[derive(Args)]
#[expect(
    clippy::struct_field_names,
    reason = "a field's name is that of its option, as `frontdesk serve` has it"
)]
pub(super) struct ServiceSender {
    /// The service's Twilio account, from which organizations without one text and call.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", value_name = "SID")]
    twilio_account_sid: Option<String>,
    /// The service's own number.
    #[arg(long, env = "TWILIO_FROM", value_name = "NUMBER")]
    twilio_from: Option<String>,
    /// The service's messaging service, which picks a number.
    #[arg(long, env = "TWILIO_MESSAGING_SERVICE_SID", value_name = "SID")]
    twilio_messaging_service_sid: Option<String>,
}

impl ServiceSender {
    /// What keeps the organization's messages from being sent; nothing when they can be.
    pub(super) fn why_nothing_is_texted(&self, organization: &Organization) -> Option<String> {
        let id = organization.id;
        let has_number = organization.phone_numbers.iter().any(|number| {
            let capabilities = number["capabilities"].as_array();
            number["active"] == true
                && number["provider"] == "twilio"
                && capabilities.is_some_and(|list| list.contains(&json!("sms")))
        });
        let has_token = organization
            .credentials
            .iter()
            .any(|name| name == "twilio_auth_token");
        let add_phone = format!(
            "`frontdesk org add-phone {id} --number NUMBER --provider twilio --capabilities voice,sms`"
        );
        if organization.has_account != has_token {
            let (has, lacks, remedy) = if has_token {
                (
                    "auth token",
                    "account SID",
                    "set twilio_account_sid of the organization".to_owned(),
                )
            } else {
                (
                    "account SID",
                    "auth token",
                    format!("`frontdesk org set-secret {id} twilio-auth-token` sets it"),
                )
            };
            return Some(format!(
                "Nothing is texted from its own Twilio account: it has an {has} and no {lacks}; {remedy}."
            ));
        }
        if organization.has_account {
            return (!has_number).then(|| {
                format!(
                    "Nothing can be texted: it has a Twilio account of its own and no active number of it with sms; {add_phone} adds one."
                )
            });
        }
        if self.twilio_account_sid.is_none() {
            return Some(
                "Nothing can be texted: it has no Twilio account, and TWILIO_ACCOUNT_SID is not set here; give the service one (and this \
                 command, to check it), or bring the organization's own with twilio_account_sid and `frontdesk org set-secret`."
                    .to_owned(),
            );
        }
        let has_from = self.twilio_from.is_some() || self.twilio_messaging_service_sid.is_some();
        (!has_number && !has_from).then(|| {
            format!(
                "Nothing can be texted: it has no active number at Twilio with sms, and neither TWILIO_FROM nor TWILIO_MESSAGING_SERVICE_SID \
                 is set; {add_phone} adds a number."
            )
        })
    }
}
