//! The answers to contacts who acknowledge an incident, pass it on, report it done, or ask about it.

use super::{
    acknowledge::Way,
    incident::{Incident, Status},
    words::{MAX_ADDRESS, MAX_MESSAGE, MAX_NAME, at_time, call_back, codes, place},
};
use crate::domain::{keyword::Asked, language::Language, speech};

/// The answer to whoever takes an emergency: what they need to go there, and what else is open for them.
#[must_use]
pub fn you_have_it(incident: &Incident, others: &[i16], way: Way, language: Language) -> String {
    let message = speech::quoted(&incident.message, MAX_MESSAGE);
    let place = incident
        .address
        .as_deref()
        .map_or_else(String::new, |address| {
            format!(" {}.", speech::quoted(address, MAX_ADDRESS))
        });
    let callback = incident
        .callback
        .as_deref()
        .map_or_else(String::new, |callback| {
            let callback = if way == Way::Voice {
                speech::digits(callback, language)
            } else {
                callback.to_owned()
            };
            format!(" {}", call_back(&callback, language))
        });
    let more = also_open(others, language);
    let done = match (language, way) {
        (Language::English, Way::Sms) => "Reply 3 when it is done.",
        (Language::English, Way::Voice) => "Text 3 to this number when it is done.",
        (Language::English, Way::Link) => "Press the button when it is done.",
        (Language::Spanish, Way::Sms) => "Responda 3 cuando termine.",
        (Language::Spanish, Way::Voice) => "Envíe un 3 a este número cuando termine.",
        (Language::Spanish, Way::Link) => "Pulse el botón cuando termine.",
    };
    match language {
        Language::English => format!(
            "You have it. Emergency {}: {message}.{place}{callback} {done}{more}",
            incident.code
        ),
        Language::Spanish => format!(
            "Es suya. Emergencia {}: {message}.{place}{callback} {done}{more}",
            incident.code
        ),
    }
}

/// The answer to whoever takes what they have already.
#[must_use]
pub fn yours_already(incident: &Incident, language: Language) -> String {
    match language {
        Language::English => format!("You already have emergency {}.", incident.code),
        Language::Spanish => format!("Ya tiene la emergencia {}.", incident.code),
    }
}

/// The answer to whoever comes second.
#[must_use]
pub fn taken_before(incident: &Incident, language: Language) -> String {
    let name = incident
        .acknowledged_name
        .as_deref()
        .map(|name| speech::quoted(name, MAX_NAME));
    let at = incident
        .acknowledged_at
        .map_or_else(String::new, |at| at_time(at, incident.zone, language));
    match (language, name) {
        (Language::English, Some(name)) => format!(
            "{name} took emergency {} {at}. Nothing to do.",
            incident.code
        ),
        (Language::English, None) => {
            format!("Emergency {} was taken {at}. Nothing to do.", incident.code)
        }
        (Language::Spanish, Some(name)) => format!(
            "{name} aceptó la emergencia {} {at}. No tiene que hacer nada.",
            incident.code
        ),
        (Language::Spanish, None) => format!(
            "La emergencia {} se aceptó {at}. No tiene que hacer nada.",
            incident.code
        ),
    }
}

/// The answer about an emergency that is closed.
#[must_use]
pub fn closed(code: i16, language: Language) -> String {
    match language {
        Language::English => format!("Emergency {code} is closed. Nothing to do."),
        Language::Spanish => {
            format!("La emergencia {code} está cerrada. No tiene que hacer nada.")
        }
    }
}

/// The answer to whoever passes.
#[must_use]
pub fn passed(code: i16, was_their_turn: bool, has_next: bool, language: Language) -> String {
    match (language, was_their_turn) {
        (Language::English, true) if has_next => {
            format!("Passed on. Emergency {code} goes to the next person.")
        }
        (Language::English, true) => format!(
            "Passed, but nobody is next. Emergency {code} stays open; reply 1 if you can take it after all."
        ),
        (Language::Spanish, true) if !has_next => format!(
            "Pasada, pero no sigue nadie más. La emergencia {code} queda abierta; responda 1 si al final puede aceptarla."
        ),
        (Language::English, false) => format!("Emergency {code} is no longer with you."),
        (Language::Spanish, true) => {
            format!("Pasada. La emergencia {code} va a la siguiente persona.")
        }
        (Language::Spanish, false) => format!("La emergencia {code} ya no está con usted."),
    }
}

/// The answer to whoever says that it is done.
#[must_use]
pub fn done(code: i16, language: Language) -> String {
    match language {
        Language::English => format!("Emergency {code} is closed. Thank you."),
        Language::Spanish => format!("La emergencia {code} queda cerrada. Gracias."),
    }
}

/// The answer to words that nothing can be made of.
#[must_use]
pub fn help(code: i16, language: Language) -> String {
    match language {
        Language::English => {
            format!("Emergency {code} is open. Reply 1 to take it, 2 to pass, 3 when it is done.")
        }
        Language::Spanish => format!(
            "La emergencia {code} está abierta. Responda 1 para aceptarla, 2 para pasarla, 3 cuando termine."
        ),
    }
}

/// The answer to words that nothing can be made of, of somebody who has taken the emergency.
#[must_use]
pub fn help_with_theirs(code: i16, language: Language) -> String {
    match language {
        Language::English => format!(
            "You have emergency {code}. Reply 3 when it is done, or ask for the address, the number or what happened."
        ),
        Language::Spanish => format!(
            "Usted tiene la emergencia {code}. Responda 3 cuando termine, o pregunte la dirección, el teléfono o qué pasó."
        ),
    }
}

/// What somebody is told who asks for something of an emergency that they were paged for.
#[must_use]
pub fn told(incident: &Incident, asked: Asked, is_theirs: bool, language: Language) -> String {
    let mut parts = vec![match language {
        Language::English => format!("Emergency {}.", incident.code),
        Language::Spanish => format!("Emergencia {}.", incident.code),
    }];
    if asked.what {
        parts.push(format!(
            "{}.",
            speech::quoted(&incident.message, MAX_MESSAGE)
        ));
    }
    let address = incident.address.as_deref();
    if asked.address || asked.what && address.is_some() {
        parts.push(match (language, address) {
            (_, Some(address)) => place(address, language),
            (Language::English, None) => "No address was given.".to_owned(),
            (Language::Spanish, None) => "No dieron dirección.".to_owned(),
        });
    }
    let callback = incident.callback.as_deref();
    // Without an address the number is what helps on.
    let wants_number = asked.number || asked.what || address.is_none();
    match (language, callback) {
        (_, Some(callback)) if wants_number => parts.push(call_back(callback, language)),
        (Language::English, None) if asked.number => parts.push("No number was given.".to_owned()),
        (Language::Spanish, None) if asked.number => parts.push("No dieron teléfono.".to_owned()),
        _ => {}
    }
    let next = match (language, is_theirs) {
        (Language::English, true) => "Reply 3 when it is done.",
        (Language::English, false) => "Reply 1 to take it, 2 to pass.",
        (Language::Spanish, true) => "Responda 3 cuando termine.",
        (Language::Spanish, false) => "Responda 1 para aceptarla, 2 para pasarla.",
    };
    if incident.status != Status::Closed {
        parts.push(next.to_owned());
    }
    parts.join(" ")
}

fn also_open(others: &[i16], language: Language) -> String {
    let Some(first) = others.first() else {
        return String::new();
    };
    match language {
        Language::English => format!(
            " Also open: {}. Reply 1 {first} to take that one too.",
            codes(others)
        ),
        Language::Spanish => format!(
            " También abiertas: {}. Responda 1 {first} para aceptarla también.",
            codes(others)
        ),
    }
}
