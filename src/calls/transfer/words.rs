//! What the agent of the call, the caller and the staff are told of a transfer that failed.

use super::outcome::Outcome;
use crate::domain::{
    language::{Language, say},
    speech::{self, Speech},
};

/// The most of a caller's reason that a task has, in characters.
const MAX_REASON: usize = 200;

/// What the agent of a live call is told when a transfer failed.
#[must_use]
pub fn failed_for_agent(outcome: Outcome, language: Language) -> String {
    let what = match outcome {
        Outcome::Busy => language.pick("the line was busy", "la línea estaba ocupada"),
        Outcome::NoAnswer => language.pick("nobody answered", "nadie contestó"),
        Outcome::Declined => {
            language.pick("nobody could take the call", "nadie pudo tomar la llamada")
        }
        Outcome::Voicemail => {
            language.pick("only a voicemail answered", "solo contestó un buzón de voz")
        }
        _ => language.pick(
            "the call could not be put through",
            "no se pudo pasar la llamada",
        ),
    };
    say!(
        language,
        "The transfer came to nothing: {what}. The caller is with you again. Say so honestly in one sentence, and offer to try somebody else with transfer_call, or to take a name and a number so that someone calls back.",
        "La transferencia no resultó: {what}. El cliente está otra vez con usted. Dígaselo con franqueza en una frase y ofrézcale intentarlo con otra persona mediante transfer_call, o tomar su nombre y su número para que le llamen."
    )
}

/// What a caller hears from the line itself when nobody is left who could take the call.
#[must_use]
pub fn nobody_left(language: Language) -> Speech {
    Speech::new(language.pick("I'm sorry, nobody could take your call. I have left a note so that someone calls you back. Goodbye.", "Lo siento, nadie pudo tomar su llamada. Dejé un recado para que le llamen. Adiós."))
}

/// What a caller hears from the line itself while somebody is rung.
#[must_use]
pub fn connecting(language: Language) -> &'static str {
    language.pick(
        "I'm connecting you now. Please stay on the line.",
        "Le comunico ahora. Por favor, no cuelgue.",
    )
}

/// What a caller hears from the line itself when it goes on to the next who could take the call.
#[must_use]
pub fn trying_the_next(language: Language) -> &'static str {
    language.pick(
        "I'm trying somebody else. Please stay on the line.",
        "Intento con otra persona. Por favor, no cuelgue.",
    )
}

/// What a caller hears who is brought back to the agent after a failed transfer.
#[must_use]
pub fn back_again(language: Language) -> &'static str {
    language.pick(
        "I'm sorry, nobody could take the call just now.",
        "Lo siento, nadie pudo tomar la llamada en este momento.",
    )
}

/// What the staff reads of a caller who reached nobody.
#[must_use]
pub fn task(reason: Option<&str>) -> String {
    let reason = reason.map_or_else(String::new, |reason| {
        format!(" ({})", speech::quoted(reason, MAX_REASON))
    });
    format!("A caller wanted a person{reason} and could not be put through. Call them back.")
}
