//! Text messages that are one word: consent, an answer about a visit, an answer to a page. English and Spanish, with and without
//! accents, capitals, quotation marks and full stops; the whole message must be the word, since a sentence that holds one says
//! something else.
//!
//! One text may mean several things ("yes" takes an emergency, confirms a visit, and wants messages again). Which of them
//! counts is for the situation to decide, so each reading is a function of its own.

use super::fold;

#[cfg(test)]
mod tests;

/// The most characters of a message that is one word.
const MOST_CHARACTERS: usize = 40;

/// What a message says of wanting messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// No more of them.
    Stop,
    /// No more of them, and perhaps not the visit either: "cancel" means both.
    StopOrCancel,
    /// Them again.
    Start,
    /// Them again, if they had been stopped: "yes" is said to much else.
    StartIfStopped,
    /// Who is this?
    Help,
}

/// What a message says of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// The customer will be there.
    Confirm,
    /// The visit is not to be.
    Cancel,
}

/// What a message answers to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Whoever was paged takes it.
    Take,
    /// They pass it on.
    Pass,
    /// It is done.
    Done,
}

/// An answer to a page, and which emergency it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageReply {
    /// What is answered.
    pub page: Page,
    /// By what the emergency is named, if it is.
    pub code: Option<i16>,
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
const TAKE: &[&str] = &[
    "1",
    "ok",
    "okay",
    "k",
    "yes",
    "y",
    "yep",
    "yeah",
    "sure",
    "ack",
    "a",
    "acknowledge",
    "acknowledged",
    "accept",
    "accepted",
    "i accept",
    "mine",
    "i have it",
    "i got it",
    "got it",
    "on it",
    "im on it",
    "on my way",
    "omw",
    "going",
    "voy",
    "ya voy",
    "voy para alla",
    "voy en camino",
    "en camino",
    "si",
    "si voy",
    "va",
    "vale",
    "dale",
    "claro",
    "acepto",
    "aceptar",
    "aceptada",
    "aceptado",
    "yo voy",
    "la tengo",
    "lo tomo",
    "la tomo",
    "recibido",
];
const PASS: &[&str] = &[
    "2", "no", "nope", "n", "pass", "decline", "cant", "i cant", "cannot", "i cannot", "not me",
    "no puedo", "paso", "pasar", "pasala", "yo no", "no voy",
];
const DONE: &[&str] = &[
    "3",
    "done",
    "all done",
    "closed",
    "close",
    "fixed",
    "finished",
    "resolved",
    "listo",
    "lista",
    "hecho",
    "hecha",
    "terminado",
    "terminada",
    "termine",
    "resuelto",
    "resuelta",
    "arreglado",
];
/// Signs that people answer with instead of a word.
const THUMBS: &[char] = &['👍', '✅', '👌', '🆗', '✔', '☑', '💪', '🏃'];

/// What a message says of wanting messages; `None` when it says nothing of that.
#[must_use]
pub fn consent(text: &str) -> Option<Consent> {
    let word = plain(text)?;
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

/// What a message says of a visit; `None` when it says nothing of that.
#[must_use]
pub fn visit(text: &str) -> Option<Visit> {
    if is_thumb(text) {
        return Some(Visit::Confirm);
    }
    let word = plain(text)?;
    if CONFIRM.contains(&word.as_str()) {
        Some(Visit::Confirm)
    } else if CANCEL.contains(&word.as_str()) {
        Some(Visit::Cancel)
    } else {
        None
    }
}

/// What a message answers to a page: a word, a word and the emergency's number, or the number alone, which takes it.
#[must_use]
pub fn page(text: &str) -> Option<PageReply> {
    if is_thumb(text) {
        return Some(PageReply {
            page: Page::Take,
            code: None,
        });
    }
    let plain = plain(text)?;
    let (words, code) = match plain.rsplit_once(' ') {
        Some((words, last)) => match code(last) {
            Some(code) => (words, Some(code)),
            None => (plain.as_str(), None),
        },
        None => match code(&plain) {
            Some(code) => ("1", Some(code)),
            None => (plain.as_str(), None),
        },
    };
    let is = |list: &[&str]| list.contains(&words);
    let page = if is(TAKE) {
        Page::Take
    } else if is(PASS) {
        Page::Pass
    } else if is(DONE) {
        Page::Done
    } else {
        return None;
    };
    Some(PageReply { page, code })
}

/// An emergency is named by three digits.
fn code(word: &str) -> Option<i16> {
    let digits = word.trim_start_matches('#');
    (digits.len() == 3)
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|code| *code >= 100)
}

/// Whether a message is nothing but signs, one of which says yes.
fn is_thumb(text: &str) -> bool {
    text.chars().any(|sign| THUMBS.contains(&sign)) && !text.chars().any(char::is_alphanumeric)
}

/// A short message in lower case, without accents, marks and signs; words one blank apart.
fn plain(text: &str) -> Option<String> {
    if text.chars().nth(MOST_CHARACTERS).is_some() {
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
