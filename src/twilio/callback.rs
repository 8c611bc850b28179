//! What Twilio's callbacks say. Fields that are not read here are ignored, since Twilio adds some without notice; states that
//! are not known are kept as they came.

use super::form::Form;
use crate::domain::phone::Phone;

/// What to ask for when a callback cannot be delivered: three more tries, also after an answer of 5xx (Twilio's connection
/// overrides, <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>).
pub const OVERRIDES: &str = "#rc=3&rp=5xx,ct,rt";

/// A field without which a callback cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field {0} is missing")]
pub struct Missing(&'static str);

/// The state of a message (<https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStatus(String);

/// The state of a call (<https://www.twilio.com/docs/voice/api/call-resource#call-status-values>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallStatus(String);

/// `StatusCallback` of a message.
#[derive(Clone, Debug)]
pub struct MessageStatusCallback {
    /// Twilio's id of the message.
    pub message_sid: String,
    /// Its state.
    pub status: MessageStatus,
    /// Why it failed, if it did.
    pub error_code: Option<String>,
}

/// `StatusCallback` of a call, and the callback of answering-machine detection.
#[derive(Clone, Debug)]
pub struct CallStatusCallback {
    /// Twilio's id of the call.
    pub call_sid: String,
    /// Its state; the callback of answering-machine detection names none, and comes during the call.
    pub status: CallStatus,
    /// Who picked up, as far as Twilio can tell: `human`, `machine_start`, `fax`, `unknown` and so on.
    pub answered_by: Option<String>,
}

/// The result of `<Gather>`.
#[derive(Clone, Debug)]
pub struct GatherResult {
    /// Twilio's id of the call.
    pub call_sid: String,
    /// The keys.
    pub digits: Option<String>,
}

/// The result of `<Dial>`, sent to its `action`.
#[derive(Clone, Debug)]
pub struct DialResult {
    /// Twilio's id of the call that dialled.
    pub call_sid: String,
    /// `completed`, `answered`, `busy`, `no-answer`, `failed`, `canceled`.
    pub status: String,
    /// Twilio's id of the call that was made.
    pub dial_call_sid: Option<String>,
    /// How long they spoke, in seconds.
    pub duration_seconds: Option<u32>,
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
    /// `STOP`, `START` or `HELP` when Twilio has dealt with it already.
    pub opt_out_type: Option<String>,
}

impl MessageStatus {
    /// How far along the message is; `None` for a state that is not known.
    #[must_use]
    pub fn rank(&self) -> Option<u8> {
        Some(match self.0.as_str() {
            "accepted" | "scheduled" => 0,
            "queued" => 1,
            "sending" => 2,
            "sent" => 3,
            "delivered" | "undelivered" | "failed" | "canceled" | "partially_delivered" => 4,
            "read" => 5,
            _ => return None,
        })
    }

    /// Twilio's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CallStatus {
    /// How far along the call is; `None` for a state that is not known.
    #[must_use]
    pub fn rank(&self) -> Option<u8> {
        Some(match self.0.as_str() {
            "queued" => 0,
            "initiated" => 1,
            "ringing" => 2,
            "in-progress" => 3,
            "completed" | "busy" | "no-answer" | "failed" | "canceled" => 4,
            _ => return None,
        })
    }

    /// Twilio's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for MessageStatus {
    fn from(status: &str) -> Self {
        Self(status.trim().to_ascii_lowercase())
    }
}

impl From<&str> for CallStatus {
    fn from(status: &str) -> Self {
        Self(status.trim().to_ascii_lowercase())
    }
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
            status: required(form, "MessageStatus")?.as_str().into(),
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
            status: status.into(),
            answered_by,
        })
    }
}

impl GatherResult {
    /// Reads the request.
    ///
    /// # Errors
    ///
    /// The field that is [`Missing`].
    pub fn read(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            call_sid: required(form, "CallSid")?,
            digits: optional(form, "Digits"),
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
            call_sid: required(form, "CallSid")?,
            status: required(form, "DialCallStatus")?.to_ascii_lowercase(),
            dial_call_sid: optional(form, "DialCallSid"),
            duration_seconds: form
                .get("DialCallDuration")
                .and_then(|seconds| seconds.parse().ok()),
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
