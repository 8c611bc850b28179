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

use super::{
    fold,
    words::{Phrases, Words},
};

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

/// Those that stop are the words of Twilio's default list, of the FCC's since April 2025, and their Spanish kin
/// (<https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>).
static CONSENTS: Phrases<Consent> = Phrases::new(&[
    (
        Consent::Stop,
        "stop, stopall, unsubscribe, end, quit, revoke, optout, opt-out, alto, parar, pare, baja, \
         detener, salir, stop all, opt out, darme de baja, no mas|more, no mas mensajes, \
         no more messages, no me escriban",
    ),
    (
        Consent::StopOrCancel,
        "cancel, cancelar, cancela, cancelo, cancele",
    ),
    (
        Consent::Start,
        "start, unstop, subscribe, alta, iniciar, empezar",
    ),
    (Consent::StartIfStopped, "yes, si"),
    (
        Consent::Help,
        "help, info, information, ayuda, informacion, quien es|eres, who is this, who are you",
    ),
]);
/// The words that Twilio answers by itself where nothing else is set up: its default lists, in any case, and nothing beside them.
static ANSWERED_BY_TWILIO: Words =
    Words::new(&["stop stopall unsubscribe cancel end quit revoke optout start yes unstop"]);
static APPOINTMENTS: Phrases<Appointment> = Phrases::new(&[
    (
        Appointment::Confirm,
        "1, confirm, confirmed, confirmo, confirmar, confirmado, confirmada, yes, y, yep, si, ok, \
         okay, vale, i confirm, de acuerdo",
    ),
    (Appointment::Cancel, "c"),
]);
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
    CONSENTS.get(&plain(text, MAX_CHARACTERS)?)
}

/// Whether Twilio itself tells the sender that there will be no more messages, or messages again.
#[must_use]
pub fn is_answered_by_twilio(text: &str) -> bool {
    ANSWERED_BY_TWILIO.has(&text.trim().to_ascii_lowercase())
}

/// What a message says of an appointment; `None` when it says nothing of that.
#[must_use]
pub fn appointment(text: &str) -> Option<Appointment> {
    if is_thumb(text) {
        return Some(Appointment::Confirm);
    }
    APPOINTMENTS.get(&plain(text, MAX_CHARACTERS)?)
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
