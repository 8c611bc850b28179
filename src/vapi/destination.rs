//! Where a caller is transferred and how, as Vapi's replies and live-call commands both write it.
//!
//! Source: Vapi's published schema (`TransferDestinationNumber`, `TransferPlan`).

use std::{borrow::Cow, fmt};

use serde::{Serialize, Serializer};

use crate::{
    calls::{
        line::{Carrier, TransferOrder},
        transfer::words,
    },
    directory::TransferMode,
    domain::speech::is_plain_line,
};

/// The longest text that Vapi speaks for a transfer, in characters.
const MAX_SPOKEN: usize = 1_000;

/// How the caller is handed over.
#[derive(Clone, PartialEq, Eq)]
pub enum Handover {
    /// The line is put through at once.
    Blind,
    /// The person who answers first hears a summary that Vapi makes of the conversation.
    Summary,
    /// The person who answers first hears this text.
    Briefing(String),
}

/// A telephone number to transfer a caller to.
#[derive(Clone, PartialEq, Eq)]
pub struct TransferDestination {
    /// The number, E.164.
    pub number: String,
    /// What is dialled once they have answered: up to ten digits.
    pub extension: Option<String>,
    /// What the caller hears; `None` leaves it to Vapi, which says that the call is being transferred.
    pub message: Option<String>,
    /// How the caller is handed over.
    pub handover: Handover,
    /// What the caller hears when a warm transfer comes to nothing and brings them back to the assistant; `None` where Vapi cannot
    /// bring them back.
    pub fallback: Option<String>,
}

impl fmt::Debug for TransferDestination {
    /// Shows the way only: the number and the texts are personal.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TransferDestination")
            .field("mode", &self.mode())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Handover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.mode())
    }
}

impl Handover {
    fn mode(&self) -> &'static str {
        match self {
            Self::Blind => "blind-transfer",
            Self::Summary => "warm-transfer-say-summary",
            Self::Briefing(_) => "warm-transfer-say-message",
        }
    }
}

impl TransferDestination {
    /// The mode; of the warm ones only the experimental one knows a fallback.
    fn mode(&self) -> &'static str {
        match (&self.handover, &self.fallback) {
            (Handover::Summary | Handover::Briefing(_), Some(_)) => "warm-transfer-experimental",
            (handover, _) => handover.mode(),
        }
    }

    fn fallback_plan(&self) -> Option<FallbackPlan> {
        let message = match self.handover {
            Handover::Blind => None,
            Handover::Summary | Handover::Briefing(_) => self.fallback.as_deref(),
        };
        message.map(|message| FallbackPlan {
            message: spoken_line(message),
            end_call_enabled: false,
        })
    }
}

impl Serialize for TransferDestination {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (message, summary_plan) = match &self.handover {
            Handover::Blind => (None, None),
            Handover::Summary => (None, Some(SUMMARY_PLAN)),
            Handover::Briefing(text) => (Some(spoken_line(text)), None),
        };
        WrittenDestination {
            r#type: "number",
            number: &self.number,
            extension: self.extension.as_deref(),
            message: self.message.as_deref().map(spoken_line),
            transfer_plan: TransferPlan {
                mode: self.mode(),
                message,
                summary_plan,
                fallback_plan: self.fallback_plan(),
            },
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenDestination<'a> {
    r#type: &'static str,
    number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    transfer_plan: TransferPlan,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TransferPlan {
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary_plan: Option<SummaryPlan>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback_plan: Option<FallbackPlan>,
}

/// What happens when nobody takes the caller: without it, and unless it says otherwise, Vapi ends the call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FallbackPlan {
    message: String,
    end_call_enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryPlan {
    enabled: bool,
    timeout_seconds: u8,
}

/// The caller waits on the line while the summary is made, so it may not take long.
const SUMMARY_PLAN: SummaryPlan = SummaryPlan {
    enabled: true,
    timeout_seconds: 5,
};

/// The carriers over which a warm transfer can bring the caller back (<https://docs.vapi.ai/calls/assistant-based-warm-transfer>): the
/// others refuse the only mode that does.
const RETURNING: [&str; 2] = ["twilio", "vapi.sip"];

/// An order in Vapi's words. `message` is what the caller hears; a live command says that in its `content`, and an empty
/// message beside it keeps them from hearing it twice. Where a warm transfer can come back, it does.
#[must_use]
pub fn destination(order: &TransferOrder, message: &str, can_return: bool) -> TransferDestination {
    TransferDestination {
        number: order.number.as_str().to_owned(),
        extension: order.extension.clone(),
        message: Some(message.to_owned()),
        handover: match (order.mode, &order.briefing) {
            (TransferMode::Blind, _) => Handover::Blind,
            (TransferMode::Warm, Some(text)) => Handover::Briefing(text.clone()),
            (TransferMode::Warm, None) => Handover::Summary,
        },
        fallback: can_return.then(|| words::back_again(order.language).to_owned()),
    }
}

/// Whether a warm transfer of a call can bring the caller back to the assistant.
#[must_use]
pub fn can_return(carrier: Option<&Carrier>) -> bool {
    carrier.is_some_and(|carrier| RETURNING.contains(&carrier.provider.as_str()))
}

/// One line without control characters, no longer than Vapi takes for a spoken text.
pub(super) fn spoken_line(text: &str) -> String {
    single_line(text).chars().take(MAX_SPOKEN).collect()
}

/// One line without control characters: Vapi's pages say that a line break in a result cannot be parsed.
///
/// Whatever would break the line becomes a space, and several spaces become one.
pub(super) fn single_line(text: &str) -> Cow<'_, str> {
    if is_plain_line(text) {
        return text.into();
    }
    // White space includes the separators of lines and paragraphs.
    let mut line = String::with_capacity(text.len());
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    for word in words.filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(handover: Handover, message: Option<&str>) -> serde_json::Value {
        serde_json::to_value(TransferDestination {
            number: "+13035550150".to_owned(),
            extension: None,
            message: message.map(str::to_owned),
            handover,
            fallback: None,
        })
        .unwrap()
    }

    #[test]
    fn a_warm_transfer_that_can_come_back_says_so_and_a_blind_one_cannot() {
        let plan = |handover| {
            serde_json::to_value(TransferDestination {
                number: "+13035550150".to_owned(),
                extension: None,
                message: None,
                handover,
                fallback: Some("Nobody\nthere.".to_owned()),
            })
            .unwrap()["transferPlan"]
                .clone()
        };
        let fallback = json!({"message": "Nobody there.", "endCallEnabled": false});
        assert_eq!(
            plan(Handover::Summary),
            json!({
                "mode": "warm-transfer-experimental",
                "summaryPlan": {"enabled": true, "timeoutSeconds": 5},
                "fallbackPlan": fallback,
            })
        );
        assert_eq!(
            plan(Handover::Briefing("A burst pipe.".to_owned())),
            json!({
                "mode": "warm-transfer-experimental", "message": "A burst pipe.", "fallbackPlan": fallback,
            })
        );
        assert_eq!(plan(Handover::Blind), json!({"mode": "blind-transfer"}));
    }

    #[test]
    fn each_way_of_handing_over_is_a_transfer_plan() {
        assert_eq!(
            written(Handover::Blind, None),
            json!({"type": "number", "number": "+13035550150", "transferPlan": {"mode": "blind-transfer"}})
        );
        assert_eq!(
            written(Handover::Summary, Some("One\nmoment.")),
            json!({
                "type": "number", "number": "+13035550150", "message": "One moment.",
                "transferPlan": {
                    "mode": "warm-transfer-say-summary",
                    "summaryPlan": {"enabled": true, "timeoutSeconds": 5},
                },
            })
        );
        assert_eq!(
            written(Handover::Briefing("A burst\tpipe.".to_owned()), None)["transferPlan"],
            json!({"mode": "warm-transfer-say-message", "message": "A burst pipe."})
        );
    }

    #[test]
    fn a_line_has_no_control_character_of_any_kind() {
        for code in (0..=0x1f).chain(0x7f..=0x9f).chain([0x2028, 0x2029]) {
            let c = char::from_u32(code).unwrap();
            assert_eq!(
                single_line(&format!("{c}a{c}{c}b{c}")),
                "a b",
                "U+{code:04X}"
            );
        }
        assert_eq!(single_line("mañana a las 2 😀"), "mañana a las 2 😀");
    }

    #[test]
    fn a_spoken_line_is_no_longer_than_vapi_takes() {
        assert_eq!(spoken_line(&"é".repeat(1_001)).chars().count(), 1_000);
    }

    #[test]
    fn the_debug_form_shows_no_number_and_no_words() {
        let shown = format!(
            "{:?}",
            TransferDestination {
                number: "+13035550150".to_owned(),
                extension: None,
                message: Some("Hold on, Rosa.".to_owned()),
                handover: Handover::Briefing("Rosa's boiler".to_owned()),
                fallback: None,
            }
        );
        assert!(shown.contains("warm-transfer-say-message"), "{shown}");
        assert!(
            !shown.contains("5550150") && !shown.contains("Rosa"),
            "{shown}"
        );
    }
}
