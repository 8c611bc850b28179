//! Twilio's statuses of messages and calls, and what they mean for a job.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::callback::is_machine;
use crate::jobs::delivery_report::{Progress, Report};

/// How far a message or a call has come.
#[derive(Clone, Debug)]
pub struct ProviderState {
    /// Twilio's word for it.
    status: String,
    /// How far along it is; `None` for a status that is not known.
    rank: Option<i32>,
    progress: Progress,
    is_final: bool,
    /// Why it failed.
    code: Option<String>,
}

impl ProviderState {
    /// The state of a message (<https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>), with Twilio's error
    /// code if it has one.
    #[must_use]
    pub fn message(status: &str, error_code: Option<&str>) -> Self {
        let status = status.trim().to_ascii_lowercase();
        let (rank, progress, is_final) = match status.as_str() {
            "accepted" | "scheduled" => (Some(0), Progress::Underway, false),
            "queued" => (Some(1), Progress::Underway, false),
            "sending" => (Some(2), Progress::Underway, false),
            "sent" => (Some(3), Progress::Sent, false),
            "delivered" | "partially_delivered" => (Some(4), Progress::Delivered, true),
            "undelivered" | "failed" | "canceled" => (Some(4), Progress::Failed, true),
            "read" => (Some(5), Progress::Delivered, true),
            _ => (None, Progress::Underway, false),
        };
        Self {
            status,
            rank,
            progress,
            is_final,
            code: error_code.map(str::to_owned),
        }
    }

    /// The state of a call (<https://www.twilio.com/docs/voice/api/call-resource#call-status-values>), and who picked up, as far as
    /// Twilio can tell. A call that is over without a key that acknowledges has failed.
    #[must_use]
    pub fn call(status: &str, answered_by: Option<&str>) -> Self {
        let status = status.trim().to_ascii_lowercase();
        let code = match status.as_str() {
            _ if answered_by.is_some_and(is_machine) => Some("voicemail"),
            // Somebody picked up, and pressed no key that means anything.
            "completed" => Some("not_accepted"),
            "busy" => Some("busy"),
            "no-answer" => Some("no_answer"),
            "canceled" => Some("canceled"),
            "failed" => Some("failed"),
            _ => None,
        };
        let (rank, progress) = match status.as_str() {
            _ if code.is_some() => (Some(4), Progress::Failed),
            "queued" => (Some(0), Progress::Underway),
            "initiated" => (Some(1), Progress::Underway),
            "ringing" => (Some(2), Progress::Underway),
            "in-progress" => (Some(3), Progress::Sent),
            _ => (None, Progress::Underway),
        };
        Self {
            status,
            rank,
            progress,
            is_final: code.is_some(),
            code: code.map(str::to_owned),
        }
    }

    /// What it says of the job that it belongs to.
    #[must_use]
    pub fn report<'a>(
        &'a self,
        attempt: Option<Uuid>,
        sid: Option<&'a str>,
        check_again_at: Option<DateTime<Utc>>,
    ) -> Report<'a> {
        Report {
            attempt,
            sid,
            status: &self.status,
            rank: self.rank,
            progress: self.progress,
            is_final: self.is_final,
            code: self.code.as_deref(),
            check_again_at,
        }
    }

    /// Whether it has left Twilio: a message is with the carrier, a call was picked up.
    #[must_use]
    pub fn has_left(&self) -> bool {
        matches!(self.progress, Progress::Sent | Progress::Delivered)
    }
}
