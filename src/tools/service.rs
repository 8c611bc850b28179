//! What an appointment is for and where it is to be, as far as a caller has said: what it takes from the calendar depends on both.

use schemars::JsonSchema;
use uuid::Uuid;

use super::{
    arguments::{self, Arguments, MissingArgument},
    context::Context,
};
use crate::{
    calls::journal::Reason,
    domain::{
        address,
        catalogue::{self, Service},
        language::{Language, say},
        plain_day::Needs,
        speech,
    },
};

/// How many services are named in a question.
const MAX_NAMED: usize = 4;

/// The longest name of a service that is spoken, in characters.
const MAX_NAME: usize = 40;

/// How long an appointment is of which nothing is said, in minutes.
const USUAL_MINUTES: i64 = 60;

/// What a model gives of the work and its place.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct ServiceArgs {
    /// What the appointment is for, in the caller's words or by the name of a service: `drain cleaning`.
    pub service: Option<String>,
    /// Where the work is to be done, if it is known.
    pub service_address: Option<String>,
    /// The postal code of the address, if it is known.
    pub postal_code: Option<String>,
}

impl ServiceArgs {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            service: given.text(&["service", "service_type", "appointment_type"]),
            service_address: given.address(&["service_address", "address"]),
            postal_code: given.text(&["postal_code", "zip", "zip_code"]),
        }
    }

    /// What is said of an appointment of this length, in minutes.
    #[must_use]
    pub fn said(&self, minutes: Option<u32>) -> Said<'_> {
        Said {
            service: self.service.as_deref(),
            minutes,
            address: self.service_address.as_deref(),
            postal_code: self.postal_code.as_deref(),
        }
    }
}

/// What a tool's arguments say of an appointment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// What it is for.
    pub service: Option<&'a str>,
    /// How long it should be, in minutes.
    pub minutes: Option<u32>,
    /// Where it is to be.
    pub address: Option<&'a str>,
    /// Its postal code, if it was said apart from the address.
    pub postal_code: Option<&'a str>,
}

/// The same, as the database takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The service, in an organization that has a catalogue.
    pub service: Option<Uuid>,
    /// What it is called, in English or in the caller's own words.
    pub kind: Option<String>,
    /// What it is called in Spanish, where the organization says.
    pub kind_es: Option<String>,
    /// How long it should be at least, in minutes; without it as long as the service takes.
    pub minutes: Option<i32>,
    /// Where it is to be.
    pub address: Option<String>,
    /// Its postal code.
    pub postal_code: Option<String>,
    /// What it takes from the calendar; none where only some crews can do it.
    pub needs: Option<Needs>,
}

/// The services between which a caller must choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhichService(pub Vec<Service>);

impl Requirements {
    /// The name of the service as it may be spoken, in the caller's language where the organization has a name for it there; in
    /// an organization without a catalogue, what the caller called it.
    #[must_use]
    pub fn service_name(&self, language: Language) -> Option<String> {
        let name = match (language, &self.kind_es) {
            (Language::Spanish, Some(name)) => Some(name),
            _ => self.kind.as_ref(),
        };
        name.map(|name| speech::quoted(name, MAX_NAME))
            .filter(|name| !name.is_empty())
    }
}

/// Understands what is said of an appointment.
///
/// # Errors
///
/// [`MissingArgument::Duration`] for an impossible length. Within, the question which service is meant.
pub fn understand(
    context: &Context,
    said: Said<'_>,
) -> Result<Result<Requirements, WhichService>, MissingArgument> {
    let service = match choose(&context.organization.services, said.service) {
        Ok(service) => service,
        Err(which) => return Ok(Err(which)),
    };
    let minutes = arguments::duration(said.minutes)?;
    Ok(Ok(Requirements {
        needs: needs(service, minutes),
        service: service.map(|service| service.id),
        kind: service
            .map(|service| service.name.as_str())
            .or(said.service)
            .map(str::to_owned),
        kind_es: service.and_then(|service| service.name_es.clone()),
        minutes,
        address: said.address.map(str::to_owned),
        postal_code: said
            .postal_code
            .and_then(address::postal_code)
            .or_else(|| said.address.and_then(address::postal_code_within)),
    }))
}

/// What an appointment takes from the calendar: as long as the service does, or longer when that is asked for.
fn needs(service: Option<&Service>, minutes: Option<i32>) -> Option<Needs> {
    let asked = minutes.map(i64::from);
    let Some(service) = service else {
        return Some(Needs {
            minutes: asked.unwrap_or(USUAL_MINUTES),
            before_minutes: None,
            after_minutes: None,
        });
    };
    service.required_skill.is_none().then(|| Needs {
        minutes: asked.map_or(service.duration_minutes, |asked| {
            asked.max(service.duration_minutes)
        }),
        before_minutes: service.buffer_before_minutes,
        after_minutes: service.buffer_after_minutes,
    })
}

/// The service that is meant: the one that the words name, else the organization's default. None in an organization without a catalogue.
///
/// # Errors
///
/// When the words can mean several, or none and there is no default.
pub fn choose<'a>(
    services: &'a [Service],
    said: Option<&str>,
) -> Result<Option<&'a Service>, WhichService> {
    let named = said.map_or_else(Vec::new, |said| catalogue::meant(services, said));
    let default = || services.iter().find(|service| service.is_default);
    match (named.as_slice(), services) {
        ([service], _) => Ok(Some(service)),
        ([], []) => Ok(None),
        ([], [only]) if said.is_none() => Ok(Some(only)),
        ([], _) => match default() {
            Some(service) => Ok(Some(service)),
            None => Err(WhichService(services.to_vec())),
        },
        (several, _) => Err(WhichService(several.iter().copied().cloned().collect())),
    }
}

impl WhichService {
    /// The question.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let names: Vec<String> = self
            .0
            .iter()
            .take(MAX_NAMED)
            .map(|service| speech::quoted(service.name(language), MAX_NAME))
            .collect();
        let names = speech::list(&names, language);
        say!(
            language,
            "Which service is it for: {names}?",
            "¿Qué servicio necesita: {names}?"
        )
    }

    /// Which services can be meant.
    #[must_use]
    pub fn reason(&self) -> Reason {
        let names: Vec<&str> = self.0.iter().map(|one| one.name.as_str()).collect();
        Reason::about(self.label(), names.join(", "))
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        "asked_which_service"
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Requirements, WhichService, choose};
    use crate::domain::{catalogue::Service, language::Language};

    fn service(name: &str, is_default: bool) -> Service {
        Service {
            id: Uuid::nil(),
            name: name.to_owned(),
            name_es: None,
            keywords: Vec::new(),
            is_default,
            ..Service::default()
        }
    }

    #[test]
    fn without_a_catalogue_any_words_will_do() {
        assert_eq!(choose(&[], Some("a leak")), Ok(None));
        assert_eq!(choose(&[], None), Ok(None));
    }

    #[test]
    fn what_is_not_in_the_catalogue_is_the_default_or_asked_about() {
        let repair = service("Repair", true);
        let cleaning = service("Cleaning", false);
        let both = [repair.clone(), cleaning.clone()];
        assert_eq!(choose(&both, Some("cleaning")), Ok(Some(&cleaning)));
        assert_eq!(choose(&both, Some("painting")), Ok(Some(&repair)));
        assert_eq!(choose(&both, None), Ok(Some(&repair)));
        let neither = [service("Repair", false), cleaning.clone()];
        let which = WhichService(neither.to_vec());
        assert_eq!(choose(&neither, Some("painting")), Err(which.clone()));
        assert_eq!(
            choose(&neither, Some("a leak, and clean up")),
            Err(which.clone())
        );
        assert_eq!(choose(&neither, None), Err(which.clone()));
        assert_eq!(
            which.say(Language::English),
            "Which service is it for: Repair or Cleaning?"
        );
        let only = [cleaning.clone()];
        assert_eq!(choose(&only, None), Ok(Some(&cleaning)));
        assert_eq!(
            choose(&only, Some("a leak")),
            Err(WhichService(only.to_vec()))
        );
    }

    #[test]
    fn a_service_is_named_in_the_callers_language_or_in_their_words() {
        let appointment = |kind: Option<&str>, kind_es: Option<&str>| Requirements {
            kind: kind.map(str::to_owned),
            kind_es: kind_es.map(str::to_owned),
            ..Requirements::default()
        };
        let both = appointment(Some("Drain cleaning"), Some("Limpieza de drenaje"));
        let name = |known: &Requirements, language| known.service_name(language);
        assert_eq!(
            name(&both, Language::English).as_deref(),
            Some("Drain cleaning")
        );
        assert_eq!(
            name(&both, Language::Spanish).as_deref(),
            Some("Limpieza de drenaje")
        );
        let one = appointment(Some("a <leak>"), None);
        assert_eq!(name(&one, Language::Spanish).as_deref(), Some("a leak"));
        assert_eq!(name(&appointment(None, None), Language::English), None);
    }
}
