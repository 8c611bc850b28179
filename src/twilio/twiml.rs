//! The documents that Twilio runs (<https://www.twilio.com/docs/voice/twiml>).
//!
//! The crate `twiml` writes what it is right about: a message, silence, and single verbs. It keeps one verb of each kind in an
//! order of its own, and cannot write what a page by telephone needs (`<Gather>` with an action, `<Number>` with callbacks); the
//! frames of those are written here around its fragments.

use twiml::{Hangup, Redirect, Response, Say, Twiml, TwimlResult, Voice};

use crate::domain::{language::Language, speech};

#[cfg(test)]
mod tests;

/// A question that a key answers.
#[derive(Clone, Copy, Debug)]
pub struct Gather<'a> {
    /// Where the key is sent.
    pub action: &'a str,
    /// What is said.
    pub prompt: &'a str,
    /// In which language.
    pub language: Language,
    /// How long a key is waited for, in seconds.
    pub timeout_seconds: u32,
    /// What happens without one.
    pub then: Then<'a>,
}

/// What happens when no key came. It stands after the question: Twilio asks for nothing when the time is over.
#[derive(Clone, Copy, Debug)]
pub enum Then<'a> {
    /// The call goes on at another address.
    Redirect(&'a str),
    /// The call ends.
    HangUp,
}

/// Somebody who is to be connected.
#[derive(Clone, Debug)]
pub struct Dial<'a> {
    /// Their number.
    pub number: &'a str,
    /// What is dialled once they have answered (`super::client::send_digits`).
    pub send_digits: Option<String>,
    /// How long it rings, in seconds.
    pub timeout_seconds: u32,
    /// Where Twilio asks what to do when it is over.
    pub action: String,
    /// Where Twilio reports how far it is.
    pub status_callback: Option<String>,
}

/// Nothing is said or sent.
#[must_use]
pub fn silence() -> String {
    "<Response />".to_owned()
}

/// A text message in reply.
#[must_use]
pub fn message(text: &str) -> String {
    let text = printable(text);
    Response::new()
        .msg(text.as_str())
        .build()
        .unwrap_or_else(|_unwritable| silence())
}

/// The end of the call.
#[must_use]
pub fn hang_up() -> String {
    frame(&[Hangup::new().build()])
}

/// A sentence, and the end of the call.
#[must_use]
pub fn hang_up_after(text: &str, language: Language) -> String {
    frame(&[say(text, language), Hangup::new().build()])
}

/// A question that a key answers, once.
#[must_use]
pub fn gather_digit(gather: &Gather<'_>) -> String {
    let question = say(gather.prompt, gather.language).map(|prompt| {
        element(
            "Gather",
            &[
                ("input", "dtmf"),
                ("action", gather.action),
                ("method", "POST"),
                ("timeout", &gather.timeout_seconds.to_string()),
                ("numDigits", "1"),
            ],
            &prompt,
        )
    });
    let after = match gather.then {
        Then::Redirect(url) => Redirect::new(url).build(),
        Then::HangUp => Hangup::new().build(),
    };
    frame(&[question, after])
}

/// A sentence; then the call is connected to somebody, and Twilio asks at `action` what to do when that is over.
#[must_use]
pub fn say_and_dial(text: &str, language: Language, target: &Dial<'_>) -> String {
    frame(&[say(text, language), Ok(dial(target))])
}

fn dial(dial: &Dial<'_>) -> String {
    let mut of_number = Vec::new();
    of_number.extend(dial.send_digits.as_deref().map(|keys| ("sendDigits", keys)));
    if let Some(url) = &dial.status_callback {
        let events = "initiated ringing answered completed";
        of_number.push(("statusCallbackEvent", events));
        of_number.push(("statusCallback", url));
        of_number.push(("statusCallbackMethod", "POST"));
    }
    let number = element("Number", &of_number, &escaped(dial.number));
    let attributes = [
        ("action", dial.action.as_str()),
        ("method", "POST"),
        ("timeout", &dial.timeout_seconds.to_string()),
        ("answerOnBridge", "true"),
    ];
    element("Dial", &attributes, &number)
}

fn say(text: &str, language: Language) -> TwimlResult<String> {
    let text = printable(text);
    Say::new(&text)
        .voice(Voice::alice)
        .lang(match language {
            Language::English => "en-US",
            Language::Spanish => "es-MX",
        })
        .build()
}

/// The verbs in their order. One that cannot be written is left out: the call goes on without it.
fn frame(verbs: &[TwimlResult<String>]) -> String {
    let mut document = "<Response>".to_owned();
    for verb in verbs.iter().flatten() {
        document.push_str(verb);
    }
    document.push_str("</Response>");
    document
}

fn element(name: &str, attributes: &[(&str, &str)], content: &str) -> String {
    let attributes: String = attributes
        .iter()
        .map(|(attribute, value)| [" ", attribute, "=\"", &escaped(value), "\""].concat())
        .collect();
    format!("<{name}{attributes}>{content}</{name}>")
}

fn escaped(text: &str) -> String {
    printable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The text without what XML has no way to write (<https://www.w3.org/TR/xml/#charsets>): Twilio refuses the whole document for one
/// such character (error 12100).
fn printable(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(|letter| {
            matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        })
        .collect();
    speech::single_stops(&shown)
}
