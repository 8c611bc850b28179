//! `assistant-request`: who takes a call that comes in, and what they know of it before the first word.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use tokio::time::Instant;

use super::{
    VapiState,
    authenticate::Principal,
    message::CallFacts,
    reply::{AssistantChoice, AssistantOverrides},
};
use crate::{
    calls::reception::{Office, Reception},
    directory::Organization,
    domain::{
        language::Language,
        phone::Phone,
        speech::{self, Speech, Voice},
    },
    tools::{lookup_customer, refusal},
};

/// The longest name of an organization that is spoken, in characters.
const MAX_NAME: usize = 80;

impl VapiState {
    /// The assistant that takes a call, with what its prompt and its first message are filled with.
    ///
    /// # Errors
    ///
    /// What the caller hears where no assistant takes the call.
    pub(super) async fn assistant(
        &self,
        principal: Principal,
        facts: &CallFacts,
        deadline: Instant,
        now: DateTime<Utc>,
    ) -> Result<AssistantChoice, Speech> {
        let organization = self.known_organization(principal, facts, deadline).await?;
        let Some(assistant_id) = organization.vapi_assistant_id.clone() else {
            return Err(refusal::unknown_organization(organization.language));
        };
        let caller = facts.caller_number.as_deref().and_then(Phone::signalled);
        let known = Reception::of(&self.database, &organization, caller.as_ref(), now).await;
        let reception = known.unwrap_or_else(|error| {
            tracing::error!(
                error = error.chain(),
                "a call is taken without knowing the caller"
            );
            Reception::unknown(&organization)
        });
        if reception.is_blocked {
            tracing::info!(
                organization.id = %organization.id,
                call.id = facts.vapi_call_id,
                vapi.phone_number_id = facts.phone_number_id,
                vapi.assistant_id = facts.assistant_id,
                "a call from a blocked number was refused"
            );
            return Err(refusal(reception.language));
        }
        // The call is taken all the same: it may be about an emergency.
        let is_suspended = self.directory.suspensions.contains(organization.id);
        Ok(AssistantChoice {
            assistant_id: reception.assistant_id.clone().unwrap_or(assistant_id),
            assistant_overrides: AssistantOverrides {
                variable_values: values(&organization, &reception, is_suspended, now),
            },
        })
    }
}

/// What a caller hears whose calls are not taken.
fn refusal(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "I'm sorry, we cannot take this call. If anybody is in danger, please call 911. Goodbye."
        }
        Language::Spanish => {
            "Lo siento, no podemos atender esta llamada. Si hay peligro, llame al 911. Adiós."
        }
    })
}

/// The variables of the assistant, by name.
fn values(
    organization: &Organization,
    reception: &Reception,
    is_suspended: bool,
    now: DateTime<Utc>,
) -> BTreeMap<String, String> {
    let local = now.with_timezone(&organization.zone).naive_local();
    let language = reception.language;
    let name = speech::quoted(&organization.name, MAX_NAME);
    let (status, office) = match reception.office {
        Office::Open(_) => ("open", spoken_office(reception.office, local, language)),
        Office::Closed(_) => ("closed", spoken_office(reception.office, local, language)),
        Office::Unknown => ("unknown", String::new()),
    };
    [
        (
            "greeting",
            if is_suspended {
                suspended_greeting(&name, language)
            } else {
                greeting(&name, reception, &office)
            },
        ),
        ("business_name", name),
        ("caller_name", reception.name.clone().unwrap_or_default()),
        ("language", language.code().to_owned()),
        // For the model, which reads figures better than words.
        ("local_date", local.format("%A, %B %-d, %Y").to_string()),
        ("local_time", local.format("%-I:%M %p").to_string()),
        ("time_zone", organization.zone.to_string()),
        ("office_status", status.to_owned()),
        ("office_hours", office),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// The first words of a call: whom one reached, and by name if they are known; after hours that nobody is in, and what can be
/// done all the same.
fn greeting(business: &str, reception: &Reception, office: &str) -> String {
    let language = reception.language;
    let is_closed = matches!(reception.office, Office::Closed(_));
    let words = match (language, &reception.name, is_closed) {
        (_, Some(name), false) => {
            let known = lookup_customer::greeting(name, language);
            return with_firm(business, &known, language);
        }
        (Language::English, None, false) => "How can I help?".to_owned(),
        (Language::Spanish, None, false) => "¿En qué puedo ayudarle?".to_owned(),
        (Language::English, name, true) => format!(
            "{}{office} I can book a visit or take a message. If it is an emergency, tell me now. How can I help?",
            hello(name.as_deref(), language)
        ),
        (Language::Spanish, name, true) => format!(
            "{}{office} Puedo reservar una visita o tomar un recado. Si es una emergencia, dígamelo ya. ¿En qué puedo ayudarle?",
            hello(name.as_deref(), language)
        ),
    };
    with_firm(business, &words, language)
}

/// The first words of a call to an organization that the operator has suspended.
fn suspended_greeting(business: &str, language: Language) -> String {
    let words = match language {
        Language::English => {
            "We are not taking bookings or messages on this line at the moment. If this is an emergency, tell me now."
        }
        Language::Spanish => {
            "Por ahora no tomamos citas ni recados en esta línea. Si es una emergencia, dígamelo ya."
        }
    };
    with_firm(business, words, language)
}

fn with_firm(business: &str, words: &str, language: Language) -> String {
    let thanks = match language {
        Language::English => format!("Thank you for calling {business}."),
        Language::Spanish => format!("Gracias por llamar a {business}."),
    };
    Speech::new(format!("{thanks} {words}")).to_string()
}

fn hello(name: Option<&str>, language: Language) -> String {
    match (language, name) {
        (_, None) => String::new(),
        (Language::English, Some(name)) => format!("Hello {name}. "),
        (Language::Spanish, Some(name)) => format!("Hola, {name}. "),
    }
}

/// "We are open until six." "We are closed now and open again on Tuesday, December first, at eight."
fn spoken_office(office: Office, local: NaiveDateTime, language: Language) -> String {
    let voice = Voice {
        language,
        today: local.date(),
    };
    let moment = |at: NaiveDateTime| {
        if at.date() == local.date() {
            speech::at_time(at.time(), language)
        } else {
            speech::on_moment(at.date(), at.time(), voice)
        }
    };
    match (language, office) {
        (_, Office::Unknown) => String::new(),
        // An organization that never closes within the month says no time.
        (Language::English, Office::Open(until)) if is_long(until, local) => {
            "We are open.".to_owned()
        }
        (Language::Spanish, Office::Open(until)) if is_long(until, local) => {
            "Estamos abiertos.".to_owned()
        }
        (Language::English, Office::Open(until)) => {
            format!(
                "We are open until {}.",
                speech::time(until.time(), language)
            )
        }
        (Language::Spanish, Office::Open(until)) => format!(
            "Estamos abiertos hasta {}.",
            speech::at_time(until.time(), language).trim_start_matches("a ")
        ),
        (Language::English, Office::Closed(None)) => "We are closed now.".to_owned(),
        (Language::Spanish, Office::Closed(None)) => "Ahora está cerrado.".to_owned(),
        (Language::English, Office::Closed(Some(at))) => {
            format!("We are closed now and open again {}.", moment(at))
        }
        (Language::Spanish, Office::Closed(Some(at))) => {
            format!("Ahora está cerrado y abrimos {}.", moment(at))
        }
    }
}

/// Whether a closing time is not one of this day or the night after it.
fn is_long(until: NaiveDateTime, local: NaiveDateTime) -> bool {
    until - local > chrono::TimeDelta::hours(24)
}

#[cfg(test)]
mod tests {
    use super::{greeting, spoken_office};
    use crate::{
        calls::reception::{Office, Reception},
        domain::language::Language,
    };

    #[test]
    fn the_longest_greeting_is_spoken_whole() {
        let closed = Office::Closed("2026-11-30T08:30:00".parse().ok());
        let now = "2026-11-26T20:00:00".parse().unwrap();
        for language in [Language::English, Language::Spanish] {
            let reception = Reception {
                name: Some("Guadalupe Fernández de la Concepción".to_owned()),
                language,
                is_blocked: false,
                office: closed,
                assistant_id: None,
            };
            let office = spoken_office(closed, now, language);
            let words = greeting("Front Range Plumbing and Heating", &reception, &office);
            assert!(words.ends_with('?'), "{words}");
        }
    }
}
