//! What a text message says: consent, an answer about an appointment, an answer to a page. English and Spanish, with and without
//! accents, capitals, quotation marks and full stops.
//!
//! An answer about an appointment is the whole message, since a sentence that holds the word says something else. An answer to a page
//! may be a few words of that kind (`page`), and no more messages may be asked for in any words (`opt_out`).
//!
//! One text may mean several things ("yes" takes an emergency, confirms an appointment, and wants messages again). Which of them
//! counts is for the situation to decide, so each reading is a function of its own.

mod echo;
mod opt_out;
mod page;
mod spoken;

#[cfg(test)]
mod tests;

pub use echo::{is_echo, is_wordless};
pub use page::{Asked, Page, PageReply, page};
pub use spoken::language;

use super::fold;

/// The most characters of a message that is one word.
const MAX_CHARACTERS: usize = 40;

/// What a message says of wanting messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// No more of them.
    Stop,
    /// No more of them, and perhaps not the appointment either: "cancel" means both.
    StopOrCancel,
    /// Them again.
    Start,
    /// Them again, if they had been stopped: "yes" is said to much else.
    StartIfStopped,
    /// Who is this?
    Help,
}

/// What a message says of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appointment {
    /// The customer will be there.
    Confirm,
    /// The appointment is not to be.
    Cancel,
}

/// The words of Twilio's default list, of the FCC's since April 2025, and their Spanish kin
/// (<https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>).
const STOP: &[&str] = &[
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "end",
    "quit",
    "revoke",
    "optout",
    "opt out",
    "opt-out",
    "alto",
    "parar",
    "pare",
    "baja",
    "darme de baja",
    "detener",
    "salir",
    "no mas",
    "no mas mensajes",
    "no more",
    "no more messages",
    "no me escriban",
];
/// The words that Twilio answers by itself where nothing else is set up: its default lists, in any case, and nothing beside them.
const ANSWERED_BY_TWILIO: &[&str] = &[
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "start",
    "yes",
    "unstop",
];
const STOP_OR_CANCEL: &[&str] = &["cancel", "cancelar", "cancela", "cancelo", "cancele"];
const START: &[&str] = &["start", "unstop", "subscribe", "alta", "iniciar", "empezar"];
const START_IF_STOPPED: &[&str] = &["yes", "si"];
const HELP: &[&str] = &[
    "help",
    "info",
    "information",
    "ayuda",
    "informacion",
    "quien es",
    "quien eres",
    "who is this",
    "who are you",
];
const CONFIRM: &[&str] = &[
    "1",
    "confirm",
    "confirmed",
    "i confirm",
    "confirmo",
    "confirmar",
    "confirmado",
    "confirmada",
    "yes",
    "y",
    "yep",
    "si",
    "ok",
    "okay",
    "vale",
    "de acuerdo",
];
const CANCEL: &[&str] = &["c"];
/// Signs that people answer with instead of a word.
const THUMBS: &[char] = &['👍', '✅', '👌', '🆗', '✔', '☑', '💪', '🏃'];

/// What a message says of wanting messages; `None` when it says nothing of that.
#[must_use]
pub fn consent(text: &str) -> Option<Consent> {
    // What a telephone quotes was written by us, and may hold "Reply STOP".
    if is_echo(text) {
        return None;
    }
    word_of_consent(text).or_else(|| opt_out::read(text))
}

fn word_of_consent(text: &str) -> Option<Consent> {
    let word = plain(text, MAX_CHARACTERS)?;
    let is = |words: &[&str]| words.contains(&word.as_str());
    if is(STOP) {
        Some(Consent::Stop)
    } else if is(STOP_OR_CANCEL) {
        Some(Consent::StopOrCancel)
    } else if is(START) {
        Some(Consent::Start)
    } else if is(START_IF_STOPPED) {
        Some(Consent::StartIfStopped)
    } else if is(HELP) {
        Some(Consent::Help)
    } else {
        None
    }
}

/// Whether Twilio itself tells the sender that there will be no more messages, or messages again.
#[must_use]
pub fn is_answered_by_twilio(text: &str) -> bool {
    ANSWERED_BY_TWILIO.contains(&text.trim().to_ascii_lowercase().as_str())
}

/// What a message says of an appointment; `None` when it says nothing of that.
#[must_use]
pub fn appointment(text: &str) -> Option<Appointment> {
    if is_thumb(text) {
        return Some(Appointment::Confirm);
    }
    let word = plain(text, MAX_CHARACTERS)?;
    if CONFIRM.contains(&word.as_str()) {
        Some(Appointment::Confirm)
    } else if CANCEL.contains(&word.as_str()) {
        Some(Appointment::Cancel)
    } else {
        None
    }
}

/// Whether a message is nothing but signs, one of which says yes.
fn is_thumb(text: &str) -> bool {
    text.chars().any(|sign| THUMBS.contains(&sign)) && !text.chars().any(char::is_alphanumeric)
}

/// A message of at most so many characters in lower case, without accents, marks and signs; words one blank apart.
fn plain(text: &str, most: usize) -> Option<String> {
    if text.chars().nth(most).is_some() {
        return None;
    }
    let folded = fold::fold(text);
    let kept: String = folded
        .chars()
        .filter(|letter| !matches!(letter, '\'' | '’' | '`'))
        .map(|letter| {
            if letter.is_alphanumeric() || matches!(letter, '-' | '#') {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
