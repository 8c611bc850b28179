//! What Twilio says of a transfer, as a report of it.
//!
//! Sources: Twilio's pages on call states (<https://www.twilio.com/docs/voice/api/call-resource#call-status-values>), on `<Dial>`
//! (<https://www.twilio.com/docs/voice/twiml/dial>) and on answering machines
//! (<https://www.twilio.com/docs/voice/answering-machine-detection>).

use crate::calls::transfer::{Outcome, Report, Verdict};

/// What a status callback of the call to the target says.
pub(super) fn call(status: &str, answered_by: Option<&str>, sid: &str) -> Report {
    let text = match answered_by {
        Some(who) => format!("{status} {who}"),
        None => status.to_owned(),
    };
    Report::new("twilio_call", &text, of_call(status, answered_by)).of_call(Some(sid))
}

/// What is said at the end of `<Dial>`.
pub(super) fn dial(status: &str, is_bridged: Option<bool>, sid: Option<&str>) -> Report {
    Report::new("twilio_dial", status, of_dial(status, is_bridged)).of_call(sid)
}

/// What Twilio's `CallStatus` of the call to the target says, with `AnsweredBy` where it listened for a machine; `None` for a state
/// that is not known.
fn of_call(status: &str, answered_by: Option<&str>) -> Option<Verdict> {
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
fn of_dial(status: &str, is_bridged: Option<bool>) -> Option<Verdict> {
    match status {
        // They picked up and were never put together with the caller.
        "completed" | "answered" if is_bridged == Some(false) => {
            Some(Verdict::Nothing(Outcome::Declined))
        }
        "completed" | "answered" => Some(Verdict::Completed),
        "busy" | "no-answer" | "canceled" | "failed" => of_call(status, None),
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
            assert_eq!(of_call(status, None), verdict, "{status}");
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
                assert_eq!(of_call(status, Some(who)), Some(VOICEMAIL), "{who}");
            }
        }
        for who in ["human", "unknown", "of-the-future", ""] {
            let verdict = of_call("in-progress", Some(who));
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
            assert_eq!(of_dial(status, is_bridged), verdict, "{status}");
        }
    }
}
