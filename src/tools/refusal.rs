//! What the caller hears when a tool could not do its work: what is known, and what can be done instead.
//!
//! Never "no openings" and never "you're booked": an outage says nothing about the calendar.

use super::{
    context::{Answer, Request},
    flag_emergency,
    tool::Outage,
};
use crate::{
    domain::{language::Language, speech::Speech},
    error::{Error, Kind},
};

/// The sentence for a tool that was stopped.
///
/// # Errors
///
/// The usual case: the tool call failed. `Ok` is for words that must be spoken as they are, because they are about life.
pub fn say(request: &Request, kind: Kind, language: Language) -> Result<Speech, Speech> {
    let words = sentence(&request.name, kind, language);
    match request.danger() {
        Some(danger) => {
            let first = flag_emergency::safety(danger, language);
            Ok(Speech::new(format!("{first} {words}")))
        }
        None => Err(Speech::new(words)),
    }
}

/// The answer of a tool that was stopped: an honest sentence.
#[must_use]
pub fn stopped(request: &Request, error: &Error, language: Language) -> Answer {
    let kind = error.kind();
    Answer {
        stopped_by: Some(kind),
        ..Answer::plain(say(request, kind, language), error.label())
    }
}

/// The words for a tool that was stopped.
#[must_use]
pub fn sentence(tool: &str, kind: Kind, language: Language) -> &'static str {
    let outage = super::find(tool).map_or(Outage::USUAL, |tool| tool.outage);
    let [english, spanish] = match kind {
        Kind::Late => outage.late,
        _ => outage.unavailable,
    };
    language.pick(english, spanish)
}

/// What a caller hears whose number belongs to no organization here.
#[must_use]
pub fn unknown_organization(language: Language) -> Speech {
    Speech::new(language.pick("I'm sorry, this number is not set up yet, so I can't look anything up. Please call the office directly.", "Lo siento, este número todavía no está configurado y no puedo consultar nada. Por favor, llame directamente a la oficina."))
}

/// What a caller hears of everything but an emergency while the operator has suspended the organization.
#[must_use]
pub fn suspended(language: Language) -> Speech {
    Speech::new(language.pick("I'm sorry, we are not taking bookings or messages on this line at the moment, so I have done nothing. If this is an emergency, tell me what happened and I will pass it on at once.", "Lo siento, por ahora no tomamos citas ni recados en esta línea, así que no hice nada. Si es una emergencia, dígame qué pasó y lo paso enseguida."))
}

/// What a caller hears when the model asks for more at once than is worked on.
#[must_use]
pub fn too_many(language: Language) -> Speech {
    Speech::new(language.pick(
        "That was too much at once, so I have done none of it. Let me try one thing at a time.",
        "Fue demasiado a la vez y no hice nada. Vamos una cosa a la vez.",
    ))
}

/// What a caller hears when the model asks for a tool that does not exist.
#[must_use]
pub fn unknown_tool(language: Language) -> Speech {
    Speech::new(language.pick(
        "I'm sorry, I can't do that from here. Is there something else I can help with?",
        "Lo siento, no puedo hacer eso desde aquí. ¿Le puedo ayudar con otra cosa?",
    ))
}

/// What a caller hears when a call cannot even be begun or handed over.
#[must_use]
pub fn not_now(language: Language) -> Speech {
    Speech::new(language.pick("I'm sorry, our system isn't responding right now. Please call again in a few minutes.", "Lo siento, nuestro sistema no responde en este momento. Por favor, llame otra vez en unos minutos."))
}
