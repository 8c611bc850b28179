//! Twilio's statuses of messages and calls, and what they mean for a job.

use uuid::Uuid;

use super::callback::{CallStatus, MessageStatus, is_machine};
use crate::jobs::delivery_report::{Progress, Report};

/// How far a message has come.
#[derive(Clone, Debug)]
pub struct MessageState {
    status: MessageStatus,
    error_code: Option<String>,
}

/// How far a call has come.
#[derive(Clone, Debug)]
pub struct CallState {
    status: CallStatus,
    code: Option<&'static str>,
}

/// How far a message or a call has come, in Twilio's words.
#[derive(Clone, Debug)]
pub enum ProviderState {
    /// A message.
    Message(MessageState),
    /// A call.
    Call(CallState),
}

impl MessageState {
    /// The state by its name, and Twilio's error code if it has one.
    #[must_use]
    pub fn new(status: &str, error_code: Option<&str>) -> Self {
        Self {
            status: MessageStatus::from(status),
            error_code: error_code.map(str::to_owned),
        }
    }
}

impl CallState {
    /// The state by its name, and who picked up, as far as Twilio can tell.
    #[must_use]
    pub fn new(status: &str, answered_by: Option<&str>) -> Self {
        let is_machine = answered_by.is_some_and(is_machine);
        let code = match status {
            _ if is_machine => Some("voicemail"),
            // Somebody picked up, and pressed no key that means anything.
            "completed" => Some("not_accepted"),
            "busy" => Some("busy"),
            "no-answer" => Some("no_answer"),
            "canceled" => Some("canceled"),
            "failed" => Some("failed"),
            _ => None,
        };
        Self {
            status: CallStatus::from(status),
            code,
        }
    }
}

impl ProviderState {
    /// What it says of the effect that it belongs to.
    #[must_use]
    pub fn report<'a>(
        &'a self,
        attempt: Option<Uuid>,
        sid: Option<&'a str>,
        check_again_at: Option<chrono::DateTime<chrono::Utc>>,
    ) -> Report<'a> {
        let (status, rank, code) = match self {
            Self::Message(state) => (
                state.status.as_str(),
                state.status.rank(),
                state.error_code.as_deref(),
            ),
            Self::Call(state) if state.code == Some("voicemail") => {
                (state.status.as_str(), Some(END_OF_CALL), state.code)
            }
            Self::Call(state) => (state.status.as_str(), state.status.rank(), state.code),
        };
        let (progress, is_final) = self.progress();
        Report {
            attempt,
            sid,
            status,
            rank: rank.map(i32::from),
            progress,
            is_final,
            code,
            check_again_at,
        }
    }

    /// Whether it has left Twilio: a message is with the carrier, a call was picked up.
    #[must_use]
    pub fn has_left(&self) -> bool {
        matches!(self.progress().0, Progress::Sent | Progress::Delivered)
    }

    fn progress(&self) -> (Progress, bool) {
        match self {
            Self::Message(state) => match state.status.as_str() {
                "sent" => (Progress::Sent, false),
                "delivered" | "read" | "partially_delivered" => (Progress::Delivered, true),
                "undelivered" | "failed" | "canceled" => (Progress::Failed, true),
                _ => (Progress::Underway, false),
            },
            Self::Call(state) if state.code.is_some() => (Progress::Failed, true),
            Self::Call(state) => match state.status.as_str() {
                "in-progress" => (Progress::Sent, false),
                _ => (Progress::Underway, false),
            },
        }
    }
}

/// The rank of a call that is over.
const END_OF_CALL: u8 = 4;
