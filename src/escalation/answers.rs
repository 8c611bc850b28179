//! The answers to contacts who acknowledge an incident, pass it on, report it done, or ask about it.

use super::{
    acknowledge::Way,
    incident::{Incident, Status},
    words::{MAX_ADDRESS, MAX_MESSAGE, MAX_NAME, at_time, call_back, codes, place},
};
use crate::domain::{
    keyword::Asked,
    language::{Language, say},
    speech,
};

/// The answer to whoever acknowledges an incident: what they need to go there, and what else is open for them.
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
    let done = match way {
        Way::Sms => language.pick("Reply 3 when it is done.", "Responda 3 cuando termine."),
        Way::Voice => language.pick(
            "Text 3 to this number when it is done.",
            "Envíe un 3 a este número cuando termine.",
        ),
        Way::Link => language.pick(
            "Press the button when it is done.",
            "Pulse el botón cuando termine.",
        ),
    };
    let code = incident.code;
    say!(
        language,
        "You have it. Emergency {code}: {message}.{place}{callback} {done}{more}",
        "Es suya. Emergencia {code}: {message}.{place}{callback} {done}{more}"
    )
}

/// The answer to whoever acknowledges what they have acknowledged already.
#[must_use]
pub fn yours_already(incident: &Incident, language: Language) -> String {
    let code = incident.code;
    say!(
        language,
        "You already have emergency {code}.",
        "Ya tiene la emergencia {code}."
    )
}

/// The answer about an incident that somebody else acknowledged.
#[must_use]
pub fn acknowledged_before(incident: &Incident, language: Language) -> String {
    let name = incident
        .acknowledged_name
        .as_deref()
        .map(|name| speech::quoted(name, MAX_NAME));
    let at = incident
        .acknowledged_at
        .map_or_else(String::new, |at| at_time(at, incident.zone, language));
    let code = incident.code;
    match name {
        Some(name) => say!(
            language,
            "{name} took emergency {code} {at}. Nothing to do.",
            "{name} aceptó la emergencia {code} {at}. No tiene que hacer nada."
        ),
        None => say!(
            language,
            "Emergency {code} was taken {at}. Nothing to do.",
            "La emergencia {code} se aceptó {at}. No tiene que hacer nada."
        ),
    }
}

/// The answer about an incident that is closed.
#[must_use]
pub fn closed(code: i16, language: Language) -> String {
    say!(
        language,
        "Emergency {code} is closed. Nothing to do.",
        "La emergencia {code} está cerrada. No tiene que hacer nada."
    )
}

/// The answer to whoever declines.
#[must_use]
pub fn passed(code: i16, was_their_turn: bool, has_next: bool, language: Language) -> String {
    match (was_their_turn, has_next) {
        (true, true) => say!(
            language,
            "Passed on. Emergency {code} goes to the next person.",
            "Pasada. La emergencia {code} va a la siguiente persona."
        ),
        (true, false) => say!(
            language,
            "Passed, but nobody is next. Emergency {code} stays open; reply 1 if you can take it after all.",
            "Pasada, pero no sigue nadie más. La emergencia {code} queda abierta; responda 1 si al final puede aceptarla."
        ),
        (false, _) => say!(
            language,
            "Emergency {code} is no longer with you.",
            "La emergencia {code} ya no está con usted."
        ),
    }
}

/// The answer to whoever says that it is done.
#[must_use]
pub fn done(code: i16, language: Language) -> String {
    say!(
        language,
        "Emergency {code} is closed. Thank you.",
        "La emergencia {code} queda cerrada. Gracias."
    )
}

/// The answer to words that are not understood.
#[must_use]
pub fn help(code: i16, language: Language) -> String {
    say!(
        language,
        "Emergency {code} is open. Reply 1 to take it, 2 to pass, 3 when it is done.",
        "La emergencia {code} está abierta. Responda 1 para aceptarla, 2 para pasarla, 3 cuando termine."
    )
}

/// The same for somebody who acknowledged the incident.
#[must_use]
pub fn help_with_theirs(code: i16, language: Language) -> String {
    say!(
        language,
        "You have emergency {code}. Reply 3 when it is done, or ask for the address, the number or what happened.",
        "Usted tiene la emergencia {code}. Responda 3 cuando termine, o pregunte la dirección, el teléfono o qué pasó."
    )
}

/// The answer to a question about an incident.
#[must_use]
pub fn details(incident: &Incident, asked: Asked, is_theirs: bool, language: Language) -> String {
    let code = incident.code;
    let mut parts = vec![say!(language, "Emergency {code}.", "Emergencia {code}.")];
    if asked.what {
        parts.push(format!(
            "{}.",
            speech::quoted(&incident.message, MAX_MESSAGE)
        ));
    }
    let address = incident.address.as_deref();
    if asked.address || asked.what && address.is_some() {
        let none = language.pick("No address was given.", "No dieron dirección.");
        parts.push(address.map_or_else(|| none.to_owned(), |address| place(address, language)));
    }
    let callback = incident.callback.as_deref();
    // Without an address the number is what helps on.
    let wants_number = asked.number || asked.what || address.is_none();
    match callback {
        Some(callback) if wants_number => parts.push(call_back(callback, language)),
        None if asked.number => {
            let none = language.pick("No number was given.", "No dieron teléfono.");
            parts.push(none.to_owned());
        }
        _ => {}
    }
    let next = if is_theirs {
        language.pick("Reply 3 when it is done.", "Responda 3 cuando termine.")
    } else {
        language.pick(
            "Reply 1 to take it, 2 to pass.",
            "Responda 1 para aceptarla, 2 para pasarla.",
        )
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
    let open = codes(others);
    say!(
        language,
        " Also open: {open}. Reply 1 {first} to take that one too.",
        " También abiertas: {open}. Responda 1 {first} para aceptarla también."
    )
}
