//! What Vapi is answered.
//!
//! A reply is sent with status 200 whatever came of the work, since Vapi drops every other. A result is always one line of
//! text: Vapi's pages name objects, lists and line breaks as reasons why a result is lost, and an empty one counts as none.
//!
//! Source: Vapi's published schema (`ServerMessageResponseToolCalls`, `ToolCallResult`,
//! `ServerMessageResponseTransferDestinationRequest`, `ServerMessageResponseAssistantRequest`).

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::destination::{TransferDestination, single_line, spoken_line};

/// What the model reads where a tool gave no words; a defect, told as a failure so that nothing is claimed as done.
const NO_WORDS: &str = "The tool gave no answer.";

/// What came of one tool call.
#[derive(Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// The tool's name as the message gave it: the model may not see a result without it.
    pub name: String,
    /// The id of the tool call as the message gave it; never the id of the tool.
    pub tool_call_id: Option<String>,
    /// The words: `Ok` is a result, `Err` makes the model tell of a failure.
    pub body: Result<String, String>,
}

impl fmt::Debug for ToolResult {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ToolResult")
            .field("name", &self.name)
            .field("tool_call_id", &self.tool_call_id)
            .field("succeeded", &self.body.is_ok())
            .finish_non_exhaustive()
    }
}

/// The reply to a `tool-calls` message.
#[derive(Serialize)]
pub struct ToolResults<'a> {
    results: &'a [ToolResult],
}

impl Serialize for ToolResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, words) = outcome(&self.body);
        let mut result = serializer.serialize_struct("ToolResult", 3)?;
        result.serialize_field("name", &self.name)?;
        // Vapi's schema requires it, so a call without an id gets an empty one.
        let id = self.tool_call_id.as_deref().unwrap_or_default();
        result.serialize_field("toolCallId", id)?;
        result.serialize_field(key, &words)?;
        result.end()
    }
}

/// Answers every tool call of a message, in the given order.
#[must_use]
pub fn tool_results(results: &[ToolResult]) -> ToolResults<'_> {
    ToolResults { results }
}

/// The field for the words, and the words.
fn outcome(body: &Result<String, String>) -> (&'static str, Cow<'_, str>) {
    match body {
        Ok(words) => match single_line(words) {
            words if words.is_empty() => ("error", NO_WORDS.into()),
            words => ("result", words),
        },
        Err(words) => ("error", failure(words).into()),
    }
}

/// A failure's words, which are never empty.
fn failure(words: &str) -> String {
    match spoken_line(words) {
        words if words.is_empty() => NO_WORDS.to_owned(),
        words => words,
    }
}

/// The reply to a legacy `function-call` message.
#[derive(Serialize)]
pub struct FunctionResult {
    result: String,
}

/// Answers a legacy `function-call` message, whose reply has no place for a failure but the result itself.
#[must_use]
pub fn function_result(body: &Result<String, String>) -> FunctionResult {
    let (_, result) = outcome(body);
    FunctionResult {
        result: result.into_owned(),
    }
}

/// The reply to a `transfer-destination-request`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TransferReply {
    /// Where the caller is transferred.
    Destination(TransferDestination),
    /// Nobody can take the call; Vapi gives the words to the model.
    Error(String),
}

/// Answers a `transfer-destination-request`: where to, or why not.
#[must_use]
pub fn transfer_reply(destination: Result<TransferDestination, &str>) -> TransferReply {
    match destination {
        Ok(destination) => TransferReply::Destination(destination),
        Err(words) => TransferReply::Error(failure(words)),
    }
}

/// The assistant that takes a call.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssistantChoice {
    /// Vapi's id of the assistant.
    pub assistant_id: String,
    /// What is set for this call only.
    #[serde(skip_serializing_if = "AssistantOverrides::is_empty")]
    pub assistant_overrides: AssistantOverrides,
}

/// What is set for an assistant in one call only.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssistantOverrides {
    /// The values of the variables in the assistant's prompt, by name.
    pub variable_values: BTreeMap<String, String>,
}

impl AssistantOverrides {
    fn is_empty(&self) -> bool {
        self.variable_values.is_empty()
    }
}

/// The reply to an `assistant-request`.
#[derive(Serialize)]
#[serde(untagged)]
pub enum AssistantReply {
    /// This assistant takes the call.
    Assistant(AssistantChoice),
    /// No assistant takes the call.
    Refused {
        /// What Vapi speaks to the caller before it hangs up.
        error: String,
    },
}

/// Answers an `assistant-request`: who takes the call, or what the caller hears instead.
#[must_use]
pub fn assistant_reply(choice: Result<AssistantChoice, &str>) -> AssistantReply {
    match choice {
        Ok(choice) => AssistantReply::Assistant(choice),
        Err(words) => AssistantReply::Refused {
            error: failure(words),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vapi::destination::Handover;
    use serde_json::{Value, json};

    fn written(reply: impl Serialize) -> Value {
        serde_json::to_value(reply).unwrap()
    }

    fn result(id: Option<&str>, body: Result<&str, &str>) -> ToolResult {
        ToolResult {
            name: "book_appointment".to_owned(),
            tool_call_id: id.map(str::to_owned),
            body: body.map(str::to_owned).map_err(str::to_owned),
        }
    }

    #[test]
    fn every_call_is_answered_in_order_with_exactly_one_of_result_and_error() {
        let results = [
            result(Some("call_a"), Ok("Booked for Tuesday,\r\nnine a.m.")),
            result(Some("call_b"), Err("The calendar is\u{2028}away.")),
            result(None, Ok("Done.")),
        ];
        assert_eq!(
            written(tool_results(&results)),
            json!({"results": [
                {"name": "book_appointment", "toolCallId": "call_a", "result": "Booked for Tuesday, nine a.m."},
                {"name": "book_appointment", "toolCallId": "call_b", "error": "The calendar is away."},
                {"name": "book_appointment", "toolCallId": "", "result": "Done."},
            ]})
        );
        assert_eq!(written(tool_results(&[])), json!({"results": []}));
    }

    #[test]
    fn no_words_are_told_as_a_failure() {
        for body in [Ok(""), Ok(" \n"), Err("")] {
            let result = result(Some("a"), body);
            assert_eq!(
                written(tool_results(std::slice::from_ref(&result)))["results"][0]["error"],
                json!(NO_WORDS)
            );
            assert_eq!(
                written(function_result(&result.body)),
                json!({"result": NO_WORDS})
            );
        }
    }

    #[test]
    fn the_legacy_reply_is_a_bare_result() {
        assert_eq!(
            written(function_result(&Ok("Nine\ta.m.".to_owned()))),
            json!({"result": "Nine a.m."})
        );
        assert_eq!(
            written(function_result(&Err("Not now.".to_owned()))),
            json!({"result": "Not now."})
        );
    }

    #[test]
    fn a_transfer_request_is_answered_by_a_destination_or_an_error() {
        let destination = TransferDestination {
            number: "+13035550150".to_owned(),
            extension: None,
            message: None,
            handover: Handover::Blind,
            fallback: None,
        };
        assert_eq!(
            written(transfer_reply(Ok(destination))),
            json!({"destination": {
                "type": "number", "number": "+13035550150", "transferPlan": {"mode": "blind-transfer"},
            }})
        );
        assert_eq!(
            written(transfer_reply(Err("Nobody is on call."))),
            json!({"error": "Nobody is on call."})
        );
    }

    #[test]
    fn an_assistant_request_is_answered_by_an_assistant_or_an_error() {
        let mut choice = AssistantChoice {
            assistant_id: "22222222-bbbb-4000-8000-000000000001".to_owned(),
            assistant_overrides: AssistantOverrides::default(),
        };
        assert_eq!(
            written(assistant_reply(Ok(choice.clone()))),
            json!({"assistantId": "22222222-bbbb-4000-8000-000000000001"})
        );
        let values = &mut choice.assistant_overrides.variable_values;
        values.insert("today".to_owned(), "Monday".to_owned());
        assert_eq!(
            written(assistant_reply(Ok(choice)))["assistantOverrides"],
            json!({"variableValues": {"today": "Monday"}})
        );
        assert_eq!(
            written(assistant_reply(Err("Please call again later."))),
            json!({"error": "Please call again later."})
        );
    }

    #[test]
    fn the_debug_form_shows_no_words() {
        let shown = format!("{:?}", result(Some("call_a"), Ok("Booked for Rosa.")));
        assert!(
            shown.contains("call_a") && !shown.contains("Rosa"),
            "{shown}"
        );
    }
}
