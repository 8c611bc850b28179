//! What Vapi says of a transfer, as a report of it.
//!
//! Sources: Vapi's published schema (`Artifact.transfers`, `endedReason`) and its page on call ended reasons
//! (<https://docs.vapi.ai/calls/call-ended-reason>).

use crate::calls::transfer::{Outcome, Report, Verdict};

/// What a `status-update` says; `None` when it says nothing of a transfer.
pub(super) fn status(status: &str) -> Option<Report> {
    let verdict = of_status(status)?;
    Some(Report::new("vapi_status", status, Some(verdict)))
}

/// What an entry of `artifact.transfers` says.
pub(super) fn entry(status: &str) -> Report {
    Report::new("vapi_transfer", status, of_transfer(status))
}

/// What the reason for the end of the call says; `None` when it says nothing of a transfer.
pub(super) fn end(reason: &str) -> Option<Report> {
    is_about_a_transfer(reason).then(|| Report::new("vapi_end", reason, of_end(reason)))
}

/// What Vapi's `status-update` says of a transfer; `None` for a state of the call that says nothing of one.
fn of_status(status: &str) -> Option<Verdict> {
    (status == "forwarding").then_some(Verdict::Underway)
}

/// What an entry of Vapi's `artifact.transfers` says; `None` for a state that is not known.
///
/// A transfer that Vapi's agent called off is one that the target did not take: for no answer and for a machine there are states of
/// their own.
fn of_transfer(status: &str) -> Option<Verdict> {
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
fn of_end(reason: &str) -> Option<Verdict> {
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
fn is_about_a_transfer(reason: &str) -> bool {
    reason.contains("forward") || reason.contains("transfer")
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
    fn of_the_states_of_a_vapi_call_only_forwarding_speaks_of_a_transfer() {
        assert_eq!(of_status("forwarding"), Some(Verdict::Underway));
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
            assert_eq!(of_status(status), None, "{status}");
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
            assert_eq!(of_transfer(status), verdict, "{status}");
        }
    }

    #[test]
    fn a_forwarded_call_is_no_proof_that_anybody_answered() {
        assert_eq!(of_end("assistant-forwarded-call"), Some(Verdict::Underway));
    }

    #[test]
    fn the_reasons_of_that_are_about_a_transfer_are_understood() {
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
            assert_eq!(of_end(reason), Some(verdict), "{reason}");
            assert!(is_about_a_transfer(reason), "{reason}");
        }
    }

    #[test]
    fn the_other_reasons_of_say_nothing_of_a_transfer() {
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
            assert_eq!(of_end(reason), None, "{reason}");
            assert!(!is_about_a_transfer(reason), "{reason}");
        }
        assert_eq!(of_end("call.forwarding.of-the-future"), None);
        assert!(is_about_a_transfer("call.forwarding.of-the-future"));
    }
}
