//! What Twilio's callbacks say. Fields that are not read here are ignored, since Twilio adds some without notice; states that
//! are not known are kept as they came.

use actix_web::{HttpResponse, ResponseError};

use super::form::Form;
use crate::domain::phone::Phone;

/// What is requested for a callback that cannot be delivered: three more tries, also after an answer of 5xx (Twilio's connection
/// overrides, <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>).
pub const OVERRIDES: &str = "#rc=3&rp=5xx,ct,rt";

/// A field without which a callback cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field {0} is missing")]
pub struct Missing(&'static str);

impl ResponseError for Missing {
    fn error_response(&self) -> HttpResponse {
        tracing::warn!(problem = %self, "a request of Twilio's could not be read");
        HttpResponse::BadRequest().finish()
    }
}

/// `StatusCallback` of a message.
#[derive(Clone, Debug)]
pub struct MessageStatusCallback {
    /// Twilio's id of the message.
    pub message_sid: String,
    /// Its state.
    pub status: String,
    /// Why it failed, if it did.
    pub error_code: Option<String>,
}

/// `StatusCallback` of a call, and the callback of answering-machine detection.
#[derive(Clone, Debug)]
pub struct CallStatusCallback {
    /// Twilio's id of the call.
    pub call_sid: String,
    /// Its state; the callback of answering-machine detection names none, and comes during the call.
    pub status: String,
    /// Who picked up, as far as Twilio can tell: `human`, `machine_start`, `fax`, `unknown` and so on.
    pub answered_by: Option<String>,
}

/// The result of `<Dial>`, sent to its `action`.
#[derive(Clone, Debug)]
pub struct DialResult {
    /// `completed`, `answered`, `busy`, `no-answer`, `failed`, `canceled`.
    pub status: String,
    /// Twilio's id of the call that it placed.
    pub dial_call_sid: Option<String>,
    /// Whether the two were put together, where Twilio says so.
    pub is_bridged: Option<bool>,
    /// Who called; `None` when the number is withheld.
    pub from: Option<Phone>,
    /// Which number they called.
    pub to: Option<Phone>,
}

/// A text message to one of our numbers.
#[derive(Clone)]
pub struct InboundMessage {
    /// Twilio's id of the message.
    pub message_sid: String,
    /// Who sent it; `None` for a short code or a name.
    pub from: Option<Phone>,
    /// To which of our numbers.
    pub to: Option<Phone>,
    /// The messaging service that its number is in, if it is in one.
    pub messaging_service_sid: Option<String>,
    /// What it says; empty for a picture.
    pub body: String,
    /// `STOP`, `START` or `HELP` when Twilio has handled it already.
    pub opt_out_type: Option<String>,
}

impl MessageStatusCallback {
    /// Reads the callback.
    ///
    /// # Errors
    ///
    /// The field that is [`Missing`].
    pub fn read(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            message_sid: required(form, "MessageSid")?,
            status: required(form, "MessageStatus")?,
            error_code: optional(form, "ErrorCode"),
        })
    }
}

impl CallStatusCallback {
    /// Reads the callback.
    ///
    /// # Errors
    ///
    /// The field that is [`Missing`].
    pub fn read(form: &Form) -> Result<Self, Missing> {
        let answered_by = optional(form, "AnsweredBy");
        let status = match (form.filled("CallStatus"), &answered_by) {
            (Some(status), _) => status,
            (None, Some(_)) => "in-progress",
            (None, None) => return Err(Missing("CallStatus")),
        };
        Ok(Self {
            call_sid: required(form, "CallSid")?,
            status: status.trim().to_ascii_lowercase(),
            answered_by,
        })
    }
}

impl DialResult {
    /// Reads the request.
    ///
    /// # Errors
    ///
    /// The field that is [`Missing`].
    pub fn read(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            status: required(form, "DialCallStatus")?.to_ascii_lowercase(),
            dial_call_sid: optional(form, "DialCallSid"),
            is_bridged: form
                .get("DialBridged")
                .and_then(|text| text.trim().to_ascii_lowercase().parse().ok()),
            from: form.get("From").and_then(Phone::signalled),
            to: form.get("To").and_then(Phone::signalled),
        })
    }
}

impl InboundMessage {
    /// Reads the request.
    ///
    /// # Errors
    ///
    /// The field that is [`Missing`].
    pub fn read(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            message_sid: required(form, "MessageSid")?,
            from: Phone::signalled(form.filled("From").ok_or(Missing("From"))?),
            to: Phone::signalled(form.filled("To").ok_or(Missing("To"))?),
            messaging_service_sid: optional(form, "MessagingServiceSid"),
            body: form.get("Body").unwrap_or_default().to_owned(),
            opt_out_type: optional(form, "OptOutType"),
        })
    }
}

fn required(form: &Form, name: &'static str) -> Result<String, Missing> {
    form.filled(name)
        .map(|value| value.trim().to_owned())
        .ok_or(Missing(name))
}

fn optional(form: &Form, name: &str) -> Option<String> {
    form.filled(name).map(|value| value.trim().to_owned())
}

/// Whether a machine picked up, by `AnsweredBy` (<https://www.twilio.com/docs/voice/answering-machine-detection>).
#[must_use]
pub fn is_machine(answered_by: &str) -> bool {
    answered_by.starts_with("machine") || answered_by == "fax"
}
