//! The outcome of a transfer. `vapi/transfer_report.rs` and `twilio/transfer_report.rs` translate those of the providers.

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is written down.
    Initiated,
    /// The provider rings the target.
    Connecting,
    /// The caller speaks with the target.
    Connected,
    /// They have spoken.
    Completed,
    /// The target could not be had.
    Failed,
    /// Nobody picked up.
    NoAnswer,
}

/// What became of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody took the caller over.
    Connected,
    /// The target was speaking with somebody else.
    Busy,
    /// Nobody picked up.
    NoAnswer,
    /// Whoever picked up did not take the caller.
    Declined,
    /// A machine picked up.
    Voicemail,
    /// It could not be made, or was broken off.
    Failed,
}

/// What a report means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is being tried.
    Underway,
    /// The caller speaks with the target.
    Connected,
    /// They have spoken.
    Completed,
    /// It failed, in this way.
    Nothing(Outcome),
}

impl Status {
    /// The name under which it is recorded.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Initiated => "initiated",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::NoAnswer => "no_answer",
        }
    }
}

impl Outcome {
    /// The name under which it is recorded.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Busy => "busy",
            Self::NoAnswer => "no_answer",
            Self::Declined => "declined",
            Self::Voicemail => "voicemail",
            Self::Failed => "failed",
        }
    }
}

impl Verdict {
    /// How far the transfer is then.
    #[must_use]
    pub fn status(self) -> Status {
        match self {
            Self::Underway => Status::Connecting,
            Self::Connected | Self::Nothing(Outcome::Connected) => Status::Connected,
            Self::Completed => Status::Completed,
            Self::Nothing(Outcome::NoAnswer | Outcome::Voicemail) => Status::NoAnswer,
            Self::Nothing(Outcome::Busy | Outcome::Declined | Outcome::Failed) => Status::Failed,
        }
    }

    /// What became of it, once that is known.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Underway => None,
            Self::Connected | Self::Completed => Some(Outcome::Connected),
            Self::Nothing(outcome) => Some(outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_its_status_and_its_outcome() {
        for (verdict, status, outcome) in [
            (Verdict::Underway, "connecting", None),
            (Verdict::Connected, "connected", Some("connected")),
            (Verdict::Completed, "completed", Some("connected")),
            (Verdict::Nothing(Outcome::Busy), "failed", Some("busy")),
            (
                Verdict::Nothing(Outcome::NoAnswer),
                "no_answer",
                Some("no_answer"),
            ),
            (
                Verdict::Nothing(Outcome::Declined),
                "failed",
                Some("declined"),
            ),
            (
                Verdict::Nothing(Outcome::Voicemail),
                "no_answer",
                Some("voicemail"),
            ),
            (Verdict::Nothing(Outcome::Failed), "failed", Some("failed")),
        ] {
            assert_eq!(verdict.status().code(), status);
            assert_eq!(verdict.outcome().map(Outcome::code), outcome);
        }
    }
}
