//! What Twilio is requested to create, as the fields of a form.

use std::fmt;

use crate::domain::phone::Phone;

/// From where a message is sent.
#[derive(Clone)]
pub enum Sender {
    /// One of the account's numbers.
    Number(Phone),
    /// A messaging service, which chooses one of its numbers.
    Service(String),
}

/// A text message.
#[derive(Clone)]
pub struct NewMessage {
    /// To whom.
    pub to: Phone,
    /// From where.
    pub from: Sender,
    /// What it says, up to 1,600 characters.
    pub body: String,
    /// Where Twilio reports how far it is.
    pub status_callback: Option<String>,
    /// How long it may wait at Twilio, in seconds; ten hours if left out.
    pub validity_seconds: Option<u32>,
}

/// What whoever picks up hears.
#[derive(Clone)]
pub enum CallScript {
    /// What this address answers.
    Url(String),
    /// This document, of up to 4,000 characters.
    Twiml(String),
}

/// A call.
#[derive(Clone)]
pub struct NewCall {
    /// To whom.
    pub to: Phone,
    /// From which of the account's numbers.
    pub from: Phone,
    /// What whoever picks up hears.
    pub script: CallScript,
    /// Where Twilio reports how far it is.
    pub status_callback: Option<String>,
    /// Of which events: `initiated`, `ringing`, `answered`, `completed`.
    pub status_events: &'static [&'static str],
    /// What is dialled once the call is answered ([`send_digits`]).
    pub send_digits: Option<String>,
    /// Whether Twilio listens for an answering machine.
    pub machine_detection: Option<MachineDetection>,
    /// How long it rings, in seconds; 60 if left out.
    pub timeout_seconds: Option<u32>,
    /// How long it may last, in seconds.
    pub time_limit_seconds: Option<u32>,
}

/// The keys that dial an extension, after two seconds in which the switchboard begins to speak: each `w` waits half a second
/// (<https://www.twilio.com/docs/voice/api/call-resource#senddigits>).
#[must_use]
pub fn send_digits(extension: &str) -> String {
    format!("wwww{extension}")
}

/// Listening for an answering machine beside the call, which does not wait for it.
#[derive(Clone)]
pub struct MachineDetection {
    /// Where Twilio reports who picked up.
    pub callback: String,
}

/// A change of a live call.
#[derive(Clone)]
pub enum CallUpdate {
    /// It goes on with this document, of up to 4,000 characters.
    Twiml(String),
    /// It ends, whatever its state.
    Complete,
}

type Fields = Vec<(&'static str, String)>;

impl NewMessage {
    pub(super) fn fields(&self) -> Fields {
        let mut fields = vec![
            ("To", self.to.as_str().to_owned()),
            match &self.from {
                Sender::Number(number) => ("From", number.as_str().to_owned()),
                Sender::Service(sid) => ("MessagingServiceSid", sid.clone()),
            },
            ("Body", self.body.clone()),
        ];
        let callback = self.status_callback.clone();
        fields.extend(callback.map(|url| ("StatusCallback", url)));
        fields.extend(
            self.validity_seconds
                .map(|seconds| ("ValidityPeriod", seconds.to_string())),
        );
        fields
    }
}

impl NewCall {
    pub(super) fn fields(&self) -> Fields {
        let mut fields = vec![
            ("To", self.to.as_str().to_owned()),
            ("From", self.from.as_str().to_owned()),
        ];
        match &self.script {
            CallScript::Url(url) => {
                fields.push(("Url", url.clone()));
                fields.push(("Method", "POST".to_owned()));
            }
            CallScript::Twiml(document) => fields.push(("Twiml", document.clone())),
        }
        if let Some(url) = &self.status_callback {
            fields.push(("StatusCallback", url.clone()));
            fields.push(("StatusCallbackMethod", "POST".to_owned()));
            // The name is repeated for each event; a list in one value names no event.
            fields.extend(
                self.status_events
                    .iter()
                    .map(|event| ("StatusCallbackEvent", (*event).to_owned())),
            );
        }
        if let Some(digits) = &self.send_digits {
            fields.push(("SendDigits", digits.clone()));
        }
        if let Some(detection) = &self.machine_detection {
            fields.push(("MachineDetection", "Enable".to_owned()));
            fields.push(("AsyncAmd", "true".to_owned()));
            fields.push(("AsyncAmdStatusCallback", detection.callback.clone()));
            fields.push(("AsyncAmdStatusCallbackMethod", "POST".to_owned()));
        }
        fields.extend(
            self.timeout_seconds
                .map(|seconds| ("Timeout", seconds.to_string())),
        );
        fields.extend(
            self.time_limit_seconds
                .map(|seconds| ("TimeLimit", seconds.to_string())),
        );
        fields
    }
}

impl CallUpdate {
    pub(super) fn fields(&self) -> Fields {
        match self {
            Self::Twiml(document) => vec![("Twiml", document.clone())],
            Self::Complete => vec![("Status", "completed".to_owned())],
        }
    }
}

/// None of these is shown: they hold numbers, words and addresses that authenticate an attempt's callbacks.
macro_rules! hidden {
    ($($kind:ident),*) => {
        $(impl fmt::Debug for $kind {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(stringify!($kind))
            }
        })*
    };
}

hidden!(
    Sender,
    CallScript,
    NewMessage,
    NewCall,
    MachineDetection,
    CallUpdate
);
