//! What became of a transfer, in words that are no provider's, and what each provider's words mean in them.
//!
//! Sources: Vapi's published schema (`Artifact.transfers`, `endedReason`) and its page on call ended reasons
//! (<https://docs.vapi.ai/calls/call-ended-reason>); Twilio's pages on call states
//! (<https://www.twilio.com/docs/voice/api/call-resource#call-status-values>), on `<Dial>`
//! (<https://www.twilio.com/docs/voice/twiml/dial>) and on answering machines
//! (<https://www.twilio.com/docs/voice/answering-machine-detection>).

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
    /// It came to nothing, and in this way.
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

/// What Vapi's `status-update` says of a transfer; `None` for a state of the call that says nothing of one.
#[must_use]
pub fn of_vapi_status(status: &str) -> Option<Verdict> {
    (status == "forwarding").then_some(Verdict::Underway)
}

/// What an entry of Vapi's `artifact.transfers` says; `None` for a state that is not known.
///
/// A transfer that Vapi's agent called off is one that the target did not take: for no answer and for a machine there are states of
/// their own.
#[must_use]
pub fn of_vapi_transfer(status: &str) -> Option<Verdict> {
    Some(match status {
        "connected" => Verdict::Connected,
        "completed" => Verdict::Completed,
        "no-answer" => Verdict::Nothing(Outcome::NoAnswer),
        "busy" => Verdict::Nothing(Outcome::Busy),
        "voicemail" => Verdict::Nothing(Outcome::Voicemail),
        "failed" => Verdict::Nothing(Outcome::Failed),
        "cancelled" => Verdict::Nothing(Outcome::Declined),
        _ => return None,
    })
}

/// What Vapi's reason for the end of a call says of its last transfer; `None` for a reason that says nothing of one.
///
/// `assistant-forwarded-call` says that Vapi began to forward, not that anybody answered. `voicemail`, `customer-busy` and
/// `customer-did-not-answer` are about calls that Vapi placed itself.
#[must_use]
pub fn of_vapi_end(reason: &str) -> Option<Verdict> {
    let family = "call.in-progress.error-warm-transfer-";
    Some(match reason {
        "assistant-forwarded-call" => Verdict::Underway,
        "call.forwarding.operator-busy" => Verdict::Nothing(Outcome::Busy),
        "call.forwarding.no-answer" | "call.in-progress.error-warm-transfer-silence-timeout" => {
            Verdict::Nothing(Outcome::NoAnswer)
        }
        "call.in-progress.error-warm-transfer-assistant-cancelled" => {
            Verdict::Nothing(Outcome::Declined)
        }
        // The caller hung up before anybody had taken them over.
        "call.in-progress.error-transfer-failed"
        | "customer-ended-call-before-warm-transfer"
        | "customer-ended-call-after-warm-transfer-attempt"
        | "customer-ended-call-during-transfer" => Verdict::Nothing(Outcome::Failed),
        _ if reason.starts_with(family) => Verdict::Nothing(Outcome::Failed),
        _ => return None,
    })
}

/// Whether a reason for the end of a call is about a transfer, known or not: one that is not known is kept.
#[must_use]
pub fn is_about_a_transfer(reason: &str) -> bool {
    reason.contains("forward") || reason.contains("transfer")
}

/// What Twilio's `CallStatus` of the call to the target says, with `AnsweredBy` where it listened for a machine; `None` for a state
/// that is not known.
#[must_use]
pub fn of_twilio_call(status: &str, answered_by: Option<&str>) -> Option<Verdict> {
    if answered_by.is_some_and(is_machine) {
        return Some(Verdict::Nothing(Outcome::Voicemail));
    }
    Some(match status {
        "queued" | "initiated" | "ringing" => Verdict::Underway,
        "in-progress" | "answered" => Verdict::Connected,
        "completed" => Verdict::Completed,
        "busy" => Verdict::Nothing(Outcome::Busy),
        // It was ended before anybody picked up.
        "no-answer" | "canceled" => Verdict::Nothing(Outcome::NoAnswer),
        "failed" => Verdict::Nothing(Outcome::Failed),
        _ => return None,
    })
}

/// What Twilio's `DialCallStatus` says, and `DialBridged` where it is given; `None` for a state that is not known.
#[must_use]
pub fn of_twilio_dial(status: &str, is_bridged: Option<bool>) -> Option<Verdict> {
    match status {
        // They picked up and were never put together with the caller.
        "completed" | "answered" if is_bridged == Some(false) => {
            Some(Verdict::Nothing(Outcome::Declined))
        }
        "completed" | "answered" => Some(Verdict::Completed),
        "busy" | "no-answer" | "canceled" | "failed" => of_twilio_call(status, None),
        _ => None,
    }
}

fn is_machine(who: &str) -> bool {
    who.starts_with("machine_") || who == "fax"
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: Verdict = Verdict::Nothing(Outcome::Busy);
    const NO_ANSWER: Verdict = Verdict::Nothing(Outcome::NoAnswer);
    const DECLINED: Verdict = Verdict::Nothing(Outcome::Declined);
    const VOICEMAIL: Verdict = Verdict::Nothing(Outcome::Voicemail);
    const FAILED: Verdict = Verdict::Nothing(Outcome::Failed);

    #[test]
    fn each_verdict_has_its_status_and_its_outcome() {
        for (verdict, status, outcome) in [
            (Verdict::Underway, "connecting", None),
            (Verdict::Connected, "connected", Some("connected")),
            (Verdict::Completed, "completed", Some("connected")),
            (BUSY, "failed", Some("busy")),
            (NO_ANSWER, "no_answer", Some("no_answer")),
            (DECLINED, "failed", Some("declined")),
            (VOICEMAIL, "no_answer", Some("voicemail")),
            (FAILED, "failed", Some("failed")),
        ] {
            assert_eq!(verdict.status().code(), status);
            assert_eq!(verdict.outcome().map(Outcome::code), outcome);
        }
    }

    #[test]
    fn of_the_states_of_a_vapi_call_only_forwarding_speaks_of_a_transfer() {
        assert_eq!(of_vapi_status("forwarding"), Some(Verdict::Underway));
        for status in [
            "scheduled",
            "queued",
            "ringing",
            "in-progress",
            "ended",
            "not-found",
            "deletion-failed",
            "",
        ] {
            assert_eq!(of_vapi_status(status), None, "{status}");
        }
    }

    #[test]
    fn every_state_of_a_vapi_transfer_is_understood() {
        for (status, verdict) in [
            ("connected", Some(Verdict::Connected)),
            ("completed", Some(Verdict::Completed)),
            ("no-answer", Some(NO_ANSWER)),
            ("busy", Some(BUSY)),
            ("voicemail", Some(VOICEMAIL)),
            ("failed", Some(FAILED)),
            ("cancelled", Some(DECLINED)),
            ("canceled", None),
            ("", None),
        ] {
            assert_eq!(of_vapi_transfer(status), verdict, "{status}");
        }
    }

    #[test]
    fn a_forwarded_call_is_no_proof_that_anybody_answered() {
        assert_eq!(
            of_vapi_end("assistant-forwarded-call"),
            Some(Verdict::Underway)
        );
    }

    #[test]
    fn the_reasons_of_vapi_that_are_about_a_transfer_are_understood() {
        let warm = "call.in-progress.error-warm-transfer-";
        for (reason, verdict) in [
            ("call.forwarding.operator-busy", BUSY),
            ("call.forwarding.no-answer", NO_ANSWER),
            ("call.in-progress.error-transfer-failed", FAILED),
            (&format!("{warm}silence-timeout"), NO_ANSWER),
            (&format!("{warm}assistant-cancelled"), DECLINED),
            (&format!("{warm}max-duration"), FAILED),
            (&format!("{warm}microphone-timeout"), FAILED),
            ("customer-ended-call-before-warm-transfer", FAILED),
            ("customer-ended-call-after-warm-transfer-attempt", FAILED),
            ("customer-ended-call-during-transfer", FAILED),
        ] {
            assert_eq!(of_vapi_end(reason), Some(verdict), "{reason}");
            assert!(is_about_a_transfer(reason), "{reason}");
        }
    }

    #[test]
    fn the_other_reasons_of_vapi_say_nothing_of_a_transfer() {
        for reason in [
            "customer-ended-call",
            "customer-busy",
            "customer-did-not-answer",
            "assistant-ended-call",
            "assistant-said-end-call-phrase",
            "silence-timed-out",
            "exceeded-max-duration",
            "voicemail",
            "manually-canceled",
            "call.in-progress.error-vapifault-x",
            "pipeline-error-x",
            "",
        ] {
            assert_eq!(of_vapi_end(reason), None, "{reason}");
            assert!(!is_about_a_transfer(reason), "{reason}");
        }
        assert_eq!(of_vapi_end("call.forwarding.of-the-future"), None);
        assert!(is_about_a_transfer("call.forwarding.of-the-future"));
    }

    #[test]
    fn every_state_of_a_twilio_call_is_understood() {
        for (status, verdict) in [
            ("queued", Some(Verdict::Underway)),
            ("initiated", Some(Verdict::Underway)),
            ("ringing", Some(Verdict::Underway)),
            ("in-progress", Some(Verdict::Connected)),
            ("answered", Some(Verdict::Connected)),
            ("completed", Some(Verdict::Completed)),
            ("busy", Some(BUSY)),
            ("no-answer", Some(NO_ANSWER)),
            ("canceled", Some(NO_ANSWER)),
            ("failed", Some(FAILED)),
            ("of-the-future", None),
            ("", None),
        ] {
            assert_eq!(of_twilio_call(status, None), verdict, "{status}");
        }
    }

    #[test]
    fn a_machine_that_picks_up_is_a_voicemail_whatever_the_call_says() {
        for who in [
            "machine_start",
            "machine_end_beep",
            "machine_end_silence",
            "machine_end_other",
            "fax",
        ] {
            for status in ["in-progress", "completed"] {
                assert_eq!(of_twilio_call(status, Some(who)), Some(VOICEMAIL), "{who}");
            }
        }
        for who in ["human", "unknown", "of-the-future", ""] {
            let verdict = of_twilio_call("in-progress", Some(who));
            assert_eq!(verdict, Some(Verdict::Connected), "{who}");
        }
    }

    #[test]
    fn every_end_of_a_dial_is_understood() {
        for (status, is_bridged, verdict) in [
            ("completed", None, Some(Verdict::Completed)),
            ("completed", Some(true), Some(Verdict::Completed)),
            ("completed", Some(false), Some(DECLINED)),
            ("answered", None, Some(Verdict::Completed)),
            ("answered", Some(false), Some(DECLINED)),
            ("busy", None, Some(BUSY)),
            ("no-answer", Some(false), Some(NO_ANSWER)),
            ("canceled", None, Some(NO_ANSWER)),
            ("failed", None, Some(FAILED)),
            ("in-progress", None, None),
            ("of-the-future", Some(true), None),
        ] {
            assert_eq!(of_twilio_dial(status, is_bridged), verdict, "{status}");
        }
    }
}
