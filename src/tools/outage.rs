//! What the caller hears when a tool could not do its work: what is known, and what can be done instead.
//!
//! Never "no openings" and never "you're booked": an outage says nothing about the calendar.

use super::{
    book_appointment, cancel_appointment, check_availability, context::Request, find_appointments,
    flag_emergency, hold_slot, reschedule_appointment, take_message, transfer_call,
};
use crate::{
    domain::{language::Language, speech::Speech},
    error::Kind,
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

/// The words for a tool that was stopped.
#[must_use]
pub fn sentence(tool: &str, kind: Kind, language: Language) -> &'static str {
    match language {
        Language::English => english(tool, kind),
        Language::Spanish => spanish(tool, kind),
    }
}

/// What Vapi says by itself when a tool call gave an error or no answer at all. It must be true whatever the cause: the database or a
/// provider is away, the answer is late, or the arguments could not be read.
#[must_use]
pub fn failed(tool: &str, language: Language) -> &'static str {
    match (language, tool) {
        (Language::English, check_availability::NAME | find_appointments::NAME) => {
            "That did not work just now, so I can't tell you yet what is there. Let me try again, or I can take your number so that someone calls you."
        }
        (Language::English, book_appointment::NAME) => {
            "That did not go through just now, so I can't say yet whether it is booked. Let me check again."
        }
        (Language::English, hold_slot::NAME) => {
            "That did not go through just now, so please don't count on that time yet. Let me try again."
        }
        (Language::English, cancel_appointment::NAME | reschedule_appointment::NAME) => {
            "That did not go through just now, so I can't say yet whether your visit has changed. Let me check again."
        }
        (Language::English, take_message::NAME) => {
            "That did not go through just now, so I can't say yet whether your message is left. Let me check again."
        }
        (Language::English, transfer_call::NAME) => {
            "That did not work just now, so I can't tell yet whether you are being put through. Please stay on the line."
        }
        (Language::English, flag_emergency::NAME) => {
            "That did not go through just now, so I don't know whether anyone has been told. Let me try again, and if there is any danger, call 911."
        }
        (Language::English, _) => "That did not work just now. Let me try again.",
        (Language::Spanish, check_availability::NAME | find_appointments::NAME) => {
            "Eso no funcionó, así que todavía no le puedo decir qué hay. Déjeme intentarlo otra vez, o puedo tomar su número para que le llamen."
        }
        (Language::Spanish, book_appointment::NAME) => {
            "Eso no pasó, así que todavía no sé si quedó agendado. Déjeme revisarlo otra vez."
        }
        (Language::Spanish, hold_slot::NAME) => {
            "Eso no pasó, así que todavía no cuente con esa hora. Déjeme intentarlo otra vez."
        }
        (Language::Spanish, cancel_appointment::NAME | reschedule_appointment::NAME) => {
            "Eso no pasó, así que todavía no sé si su visita cambió. Déjeme revisarlo otra vez."
        }
        (Language::Spanish, take_message::NAME) => {
            "Eso no pasó, así que todavía no sé si su recado quedó. Déjeme revisarlo otra vez."
        }
        (Language::Spanish, transfer_call::NAME) => {
            "Eso no funcionó, así que todavía no sé si su llamada está pasando. Por favor, no cuelgue."
        }
        (Language::Spanish, flag_emergency::NAME) => {
            "Eso no pasó, así que no sé si alguien está avisado. Déjeme intentarlo otra vez y, si hay peligro, llame al 911."
        }
        (Language::Spanish, _) => "Eso no funcionó. Déjeme intentarlo otra vez.",
    }
}

fn english(tool: &str, kind: Kind) -> &'static str {
    match (tool, kind) {
        (check_availability::NAME | find_appointments::NAME, _) => {
            "I can't see the schedule right now, so I can't tell yet what is there. I can try again in a moment, or take your number so that someone calls you."
        }
        (book_appointment::NAME, Kind::Late) => {
            "The schedule is slow to answer, so I can't say yet whether that is booked. Give me a moment and let me check again."
        }
        (book_appointment::NAME, _) => {
            "I can't reach the schedule right now, so nothing is booked yet. I can try again in a moment, or take your number so that someone calls you."
        }
        (hold_slot::NAME, _) => {
            "I can't reach the schedule right now, so nothing is held for you. I can try again in a moment."
        }
        (cancel_appointment::NAME | reschedule_appointment::NAME, Kind::Late) => {
            "The schedule is slow to answer, so I can't say yet whether your visit has changed. Give me a moment and let me check again."
        }
        (cancel_appointment::NAME | reschedule_appointment::NAME, _) => {
            "I can't reach the schedule right now, so your visit is as it was. I can try again in a moment."
        }
        (take_message::NAME, Kind::Late) => {
            "I can't say yet whether your message is left. Give me a moment and let me check again."
        }
        (take_message::NAME, _) => {
            "I could not leave your message just now. Let me try again in a moment."
        }
        (transfer_call::NAME, Kind::Late) => {
            "I can't tell yet whether your call is being put through. Please stay on the line."
        }
        (transfer_call::NAME, _) => {
            "I can't put you through right now. I can try again in a moment, or take your number so that someone calls you."
        }
        (flag_emergency::NAME, _) => {
            "I could not reach our emergency system just now, so I don't know whether anyone has been told. Let me try again, and if there is any danger, call 911."
        }
        _ => "I can't do that right now. Let me try again in a moment.",
    }
}

fn spanish(tool: &str, kind: Kind) -> &'static str {
    match (tool, kind) {
        (check_availability::NAME | find_appointments::NAME, _) => {
            "En este momento no puedo ver la agenda, así que todavía no sé qué hay. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen."
        }
        (book_appointment::NAME, Kind::Late) => {
            "La agenda tarda en responder, así que todavía no sé si quedó agendado. Deme un momento y lo reviso otra vez."
        }
        (book_appointment::NAME, _) => {
            "En este momento no puedo ver la agenda, así que todavía no hay nada agendado. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen."
        }
        (hold_slot::NAME, _) => {
            "En este momento no puedo ver la agenda, así que no le aparté nada. Puedo intentarlo otra vez en un momento."
        }
        (cancel_appointment::NAME | reschedule_appointment::NAME, Kind::Late) => {
            "La agenda tarda en responder, así que todavía no sé si su visita cambió. Deme un momento y lo reviso otra vez."
        }
        (cancel_appointment::NAME | reschedule_appointment::NAME, _) => {
            "En este momento no puedo ver la agenda, así que su visita sigue como estaba. Puedo intentarlo otra vez en un momento."
        }
        (take_message::NAME, Kind::Late) => {
            "Todavía no sé si su recado quedó. Deme un momento y lo reviso otra vez."
        }
        (take_message::NAME, _) => {
            "No pude dejar su recado. Déjeme intentarlo otra vez en un momento."
        }
        (transfer_call::NAME, Kind::Late) => {
            "Todavía no sé si su llamada está pasando. Por favor, no cuelgue."
        }
        (transfer_call::NAME, _) => {
            "En este momento no puedo pasar su llamada. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen."
        }
        (flag_emergency::NAME, _) => {
            "No pude llegar a nuestro sistema de emergencias, así que no sé si alguien está avisado. Déjeme intentarlo otra vez y, si hay peligro, llame al 911."
        }
        _ => "En este momento no puedo hacer eso. Déjeme intentarlo otra vez en un momento.",
    }
}

/// What a caller hears whose number belongs to no organization here.
#[must_use]
pub fn unknown_organization(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "I'm sorry, this number is not set up yet, so I can't look anything up. Please call the office directly."
        }
        Language::Spanish => {
            "Lo siento, este número todavía no está configurado y no puedo consultar nada. Por favor, llame directamente a la oficina."
        }
    })
}

/// What a caller hears of everything but an emergency while the operator has suspended the organization.
#[must_use]
pub fn suspended(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "I'm sorry, we are not taking bookings or messages on this line at the moment, so I have done nothing. If this is an emergency, tell me what happened and I will pass it on at once."
        }
        Language::Spanish => {
            "Lo siento, por ahora no tomamos citas ni recados en esta línea, así que no hice nada. Si es una emergencia, dígame qué pasó y lo paso enseguida."
        }
    })
}

/// What a caller hears when the model asks for more at once than is worked on.
#[must_use]
pub fn too_many(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "That was too much at once, so I have done none of it. Let me try one thing at a time."
        }
        Language::Spanish => "Fue demasiado a la vez y no hice nada. Vamos una cosa a la vez.",
    })
}

/// What a caller hears when the model asks for a tool that does not exist.
#[must_use]
pub fn unknown_tool(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "I'm sorry, I can't do that from here. Is there something else I can help with?"
        }
        Language::Spanish => {
            "Lo siento, no puedo hacer eso desde aquí. ¿Le puedo ayudar con otra cosa?"
        }
    })
}

/// What a caller hears when a call cannot even be begun or handed over.
#[must_use]
pub fn not_now(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "I'm sorry, our system does not answer right now. Please call again in a few minutes."
        }
        Language::Spanish => {
            "Lo siento, nuestro sistema no responde en este momento. Por favor, llame otra vez en unos minutos."
        }
    })
}
