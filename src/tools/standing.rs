//! What a caller is told of the state of their emergency: who took it, who is being paged, or that nobody is.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::{
    db::OrgTx,
    domain::{
        language::{Language, say},
        speech,
    },
    error::Result,
    escalation::{
        escalate::Told,
        incident::{self, Incident, Paging, Status},
    },
};

/// The longest name that is spoken, in characters.
const MAX_SPOKEN_NAME: usize = 40;

/// Where an emergency stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody is being paged: a contact, or the emergency line.
    Paging {
        /// Whom, if they have a name.
        name: Option<String>,
        /// Whether somebody else is told after them.
        has_next: bool,
    },
    /// Somebody is to be paged, and no page could be sent yet; it is tried again and again.
    Delayed(Option<String>),
    /// Somebody has it.
    Taken {
        /// Who; `None` for the emergency line or the office.
        name: Option<String>,
        /// Since when.
        at: DateTime<Utc>,
        /// On whose clock.
        zone: Tz,
    },
    /// Everybody was tried, and nobody took it.
    Exhausted,
    /// Nobody could be tried at all: there is nobody, no way to reach them, or the day's pages are used up.
    Nobody,
    /// It is done.
    Closed,
}

/// Reads where an emergency stands.
///
/// # Errors
///
/// When the database fails.
pub async fn read(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Standing> {
    let known = incident::read_with_paging(transaction, organization_id, incident_id).await?;
    Ok(known.map_or(Standing::Nobody, |(incident, paging)| {
        Standing::of(incident, paging)
    }))
}

impl From<Told> for Standing {
    fn from(told: Told) -> Self {
        match told {
            Told::Paging { name, has_next } => Self::Paging { name, has_next },
            Told::Staff => Self::Nobody,
        }
    }
}

impl Standing {
    /// Where this emergency stands.
    #[must_use]
    pub fn of(incident: Incident, paging: Paging) -> Self {
        match (incident.status, incident.acknowledged_at) {
            (Status::Acknowledged, Some(at)) => Self::Taken {
                name: incident.acknowledged_name,
                at,
                zone: incident.zone,
            },
            (Status::Open, _) if paging.is_delayed => Self::Delayed(paging.name),
            (Status::Open | Status::Acknowledged, _) => Self::Paging {
                name: paging.name,
                has_next: paging.has_next,
            },
            (Status::Exhausted, _) if paging.was_tried => Self::Exhausted,
            (Status::Exhausted, _) => Self::Nobody,
            (Status::Closed, _) => Self::Closed,
        }
    }

    /// It in one or two sentences.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match self {
            Self::Taken { name, at, zone } => {
                let name = name.as_deref().map(spoken_name);
                let at = speech::at_time(at.with_timezone(zone).time(), language);
                match name {
                    Some(name) => say!(
                        language,
                        "{name} took your emergency {at}.",
                        "{name} tomó su emergencia {at}."
                    ),
                    None => say!(
                        language,
                        "Your emergency was taken {at}.",
                        "Ya alguien tomó su emergencia {at}."
                    ),
                }
            }
            Self::Paging { name, has_next } => {
                paging(name.as_deref().map(spoken_name), *has_next, language)
            }
            Self::Delayed(name) => delayed(name.as_deref().map(spoken_name).as_deref(), language),
            Self::Exhausted => language.pick("I have tried everyone on call, but nobody has confirmed yet. I've asked the office to call you back.", "Intenté avisar a todas las personas de guardia, pero nadie ha confirmado todavía. La oficina tiene el recado de llamarle.")
            .to_owned(),
            Self::Nobody => language.pick("I have written this down as an emergency, but I could not alert anyone on call. I've asked the office to call you back.", "Lo anoté como emergencia, pero no pude avisar a nadie de guardia. La oficina tiene el recado de llamarle.")
            .to_owned(),
            Self::Closed => language.pick("Your emergency is reported as done.", "Su emergencia ya quedó resuelta.")
            .to_owned(),
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Paging { .. } => "paging",
            Self::Delayed(_) => "delayed",
            Self::Taken { .. } => "taken",
            Self::Exhausted => "exhausted",
            Self::Nobody => "nobody",
            Self::Closed => "closed",
        }
    }
}

fn paging(name: Option<String>, has_next: bool, language: Language) -> String {
    let unconfirmed = language.pick(
        "Nobody has confirmed yet; ask me at any time.",
        "Nadie ha confirmado todavía; pregúnteme cuando quiera.",
    );
    match name {
        Some(name) if has_next => say!(
            language,
            "I am alerting {name} now, then the next person. {unconfirmed}",
            "Aviso ahora a {name} y después a quien sigue. {unconfirmed}"
        ),
        Some(name) => say!(
            language,
            "I am alerting {name} now. {unconfirmed}",
            "Aviso ahora a {name}. {unconfirmed}"
        ),
        None => say!(
            language,
            "I am alerting our emergency line now. {unconfirmed}",
            "Estoy avisando ahora a nuestra línea de emergencias. {unconfirmed}"
        ),
    }
}

fn delayed(name: Option<&str>, language: Language) -> String {
    let line = language.pick("our emergency line", "nuestra línea de emergencias");
    let name = name.unwrap_or(line);
    say!(
        language,
        "I cannot reach {name} yet, and I keep trying. If anyone is in danger, call 911.",
        "Todavía no logro comunicarme con {name}, y sigo intentando. Si alguien corre peligro, llame al 911."
    )
}

fn spoken_name(name: &str) -> String {
    speech::quoted(name, MAX_SPOKEN_NAME)
}
