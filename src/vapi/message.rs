//! What a webhook message says, as far as it matters here.
//!
//! The parser is total: for any bytes it gives a message or a problem. Unknown types, unknown fields, nulls and fields of
//! an unexpected type are all in order; nothing about the call is required, since web calls, SIP calls and withheld numbers
//! leave most of it out. Only a body that is no JSON object, or names no type, is a problem.
//!
//! Source: Vapi's pages on server events, its published schema (`ServerMessage*`), and captured messages.

#[cfg(test)]
mod fixtures;

use std::fmt;

use super::{
    fields::{Envelope, Fields},
    report::Report,
    tool_call::{self, ToolCall},
    transfer_report,
};
use crate::{
    calls::{Call, line::Carrier, transfer::ListedTransfer},
    domain::phone::Phone,
};

/// The longest identifier that is accepted, in characters; longer ones count as absent.
const MAX_ID: usize = 200;

/// The longest telephone number or URI that is accepted, in characters.
const MAX_NUMBER: usize = 100;

/// The longest name of a person or a message type that is accepted, in characters.
const MAX_NAME: usize = 100;

/// The most transfers of one call that are read.
const MAX_TRANSFERS: usize = 20;

/// One verified and understood webhook message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What it wants or tells.
    pub kind: Kind,
    /// The call it belongs to.
    pub call: CallFacts,
    /// What became of the call's transfers, as far as the message says so.
    pub transfers: Vec<ListedTransfer>,
}

/// What a message wants or tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The model calls tools; answered by one result for each.
    ToolCalls(Vec<ToolCall>),
    /// The older form of a single tool call, which has no id and a reply of its own.
    FunctionCall(ToolCall),
    /// The call's status changed.
    StatusUpdate {
        /// `ringing`, `in-progress`, `ended` and so on; Vapi may add others.
        status: String,
        /// Why the call ended, an open set; only together with `ended`.
        ended_reason: Option<String>,
    },
    /// The caller was heard to speak this language, as a tag or a name.
    LanguageChange(String),
    /// The call is over and this is what became of it.
    EndOfCallReport(Box<Report>),
    /// Vapi asks where the caller should be transferred.
    TransferDestinationRequest,
    /// Vapi asks which assistant should take the call; Vapi waits 7.5 seconds and no longer.
    AssistantRequest,
    /// A message that needs nothing but an acknowledgement; its type, in at most 100 characters.
    Other(String),
}

/// What a message says of its call, every part of which may be missing.
///
/// Numbers are as Vapi wrote them: they may be no telephone numbers at all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CallFacts {
    /// The provider's id of the call: mostly a UUID, but any text from test tools.
    pub vapi_call_id: Option<String>,
    /// The provider's id of the telephone number that was called.
    pub phone_number_id: Option<String>,
    /// The telephone number that was called.
    pub called_number: Option<String>,
    /// The provider's id of the assistant; none before it is chosen.
    pub assistant_id: Option<String>,
    /// The number of the customer on the line, or the user of their SIP address.
    pub caller_number: Option<String>,
    /// The name that came with the call, which nobody has verified.
    pub caller_name: Option<String>,
    /// Where commands for the live call go; whoever has it can command the call.
    pub control_url: Option<String>,
    /// Who carries the call.
    pub carrier: Option<Carrier>,
}

impl CallFacts {
    /// The call, with the numbers that can be read.
    #[must_use]
    pub fn call(&self) -> Call {
        Call {
            vapi_call_id: self.vapi_call_id.clone(),
            vapi_assistant_id: self.assistant_id.clone(),
            caller: self.caller_number.as_deref().and_then(Phone::signalled),
            called: self.called_number.as_deref().and_then(Phone::signalled),
        }
    }
}

impl fmt::Debug for CallFacts {
    /// Shows identifiers only: numbers and names are personal, and the control URL is a capability.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CallFacts")
            .field("vapi_call_id", &self.vapi_call_id)
            .field("phone_number_id", &self.phone_number_id)
            .field("assistant_id", &self.assistant_id)
            .finish_non_exhaustive()
    }
}

/// Why a body is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageProblem {
    /// It is not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// It is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// It is JSON, but no object.
    #[error("the body is not an object")]
    NotAnObject,
    /// Neither the body nor its `message` names a type.
    #[error("the message names no type")]
    NoType,
}

/// Reads a webhook body.
///
/// The message stands under `message`; some callers and proxies send it bare.
///
/// # Errors
///
/// [`MessageProblem`] names what makes the body unreadable and quotes nothing of it.
pub fn parse(body: &[u8]) -> Result<Message, MessageProblem> {
    let text = std::str::from_utf8(body).map_err(|_position| MessageProblem::NotUtf8)?;
    let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|problem| {
        if problem.is_data() {
            MessageProblem::NotAnObject
        } else {
            MessageProblem::NotJson
        }
    })?;
    let message = match envelope.message.raw("type") {
        Some(_) => envelope.message,
        None => envelope.fields,
    };
    let name = message.text("type").ok_or(MessageProblem::NoType)?;
    let call = message.object("call");
    let kind = kind(name, &message, &call);
    Ok(Message {
        call: facts(&message, &call),
        transfers: match kind {
            // What a tool is asked for depends on none, and they stand among all that was said.
            Kind::ToolCalls(_) | Kind::FunctionCall(_) => Vec::new(),
            _ => transfers(&message),
        },
        kind,
    })
}

fn kind(name: String, message: &Fields<'_>, call: &Fields<'_>) -> Kind {
    match name.as_str() {
        "tool-calls" => Kind::ToolCalls(tool_call::of_lists(message)),
        "function-call" => Kind::FunctionCall(tool_call::of_function_call(message)),
        "end-of-call-report" => Kind::EndOfCallReport(Box::new(Report::read(message, call))),
        "transfer-destination-request" => Kind::TransferDestinationRequest,
        "assistant-request" => Kind::AssistantRequest,
        "status-update" => match message.short_text("status", MAX_NAME) {
            Some(status) => Kind::StatusUpdate {
                status,
                ended_reason: message.short_text("endedReason", MAX_ID),
            },
            // Without a status it tells nothing.
            None => Kind::Other(name),
        },
        "language-change-detected" | "language-changed" => {
            match message.short_text("language", MAX_NAME) {
                Some(language) => Kind::LanguageChange(language),
                None => Kind::Other(name),
            }
        }
        _ => Kind::Other(name.chars().take(MAX_NAME).collect()),
    }
}

fn facts(message: &Fields<'_>, call: &Fields<'_>) -> CallFacts {
    // The number's own record is the message's; a call has one only where the message has none.
    let numbers = [message, call].map(|place| place.object("phoneNumber"));
    let of_number = |key, longest| {
        numbers
            .iter()
            .find_map(|number| number.short_text(key, longest))
    };
    // What the call was given comes first.
    let customers = [call.object("customer"), message.object("customer")];
    let of_customer = |key, longest| {
        customers
            .iter()
            .find_map(|customer| customer.short_text(key, longest))
    };
    CallFacts {
        vapi_call_id: call.short_text("id", MAX_ID),
        phone_number_id: call
            .short_text("phoneNumberId", MAX_ID)
            .or_else(|| of_number("id", MAX_ID)),
        called_number: of_number("number", MAX_NUMBER),
        assistant_id: call.short_text("assistantId", MAX_ID).or_else(|| {
            [message, call]
                .into_iter()
                .find_map(|place| place.object("assistant").short_text("id", MAX_ID))
        }),
        caller_number: of_customer("number", MAX_NUMBER).or_else(|| {
            let uri = of_customer("sipUri", MAX_NUMBER)?;
            sip_user(&uri).map(str::to_owned)
        }),
        caller_name: of_customer("name", MAX_NAME),
        control_url: call.object("monitor").text("controlUrl"),
        carrier: carrier(call, &numbers),
    }
}

/// Who carries the call: its transport, else the two fields that came before it (Vapi's published schema, `Call`). `numbers` are the
/// records of the number that was called.
fn carrier(call: &Fields<'_>, numbers: &[Fields<'_>]) -> Option<Carrier> {
    let transport = call.object("transport");
    let text = |place: &Fields<'_>, key| place.short_text(key, MAX_ID);
    Some(Carrier {
        provider: text(&transport, "provider").or_else(|| text(call, "phoneCallProvider"))?,
        call_sid: text(&transport, "callSid").or_else(|| text(call, "phoneCallProviderId")),
        account_sid: text(&transport, "accountSid").or_else(|| {
            let mut numbers = numbers.iter();
            numbers.find_map(|number| text(number, "twilioAccountSid"))
        }),
    })
}

/// The transfers in the artifact. One without a state tells nothing, and keeps its place.
fn transfers(message: &Fields<'_>) -> Vec<ListedTransfer> {
    message
        .object("artifact")
        .objects("transfers")
        .into_iter()
        .take(MAX_TRANSFERS)
        .map(|entry| ListedTransfer {
            number: entry.object("destination").short_text("number", MAX_NUMBER),
            report: entry
                .short_text("status", MAX_NAME)
                .map(|status| transfer_report::entry(&status)),
        })
        .collect()
}

/// The user of a SIP URI, without password and parameters (RFC 3261, section 19.1.1).
fn sip_user(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    if !["sip", "sips"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return None;
    }
    let (user, _host) = rest.split_once('@')?;
    user.split([':', ';'])
        .next()
        .filter(|user| !user.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn understood(body: &Value) -> Message {
        parse(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_body_that_is_no_message_is_a_problem_of_its_own_kind() {
        for (body, problem) in [
            (&b"\xff{}"[..], MessageProblem::NotUtf8),
            (b"", MessageProblem::NotJson),
            (b"{\"message\":", MessageProblem::NotJson),
            (b"{} trailing", MessageProblem::NotJson),
            (b"[]", MessageProblem::NotAnObject),
            (b"null", MessageProblem::NotAnObject),
            (b"\"tool-calls\"", MessageProblem::NotAnObject),
            (b"{}", MessageProblem::NoType),
            (b"{\"message\":null}", MessageProblem::NoType),
            (b"{\"message\":{\"type\":null}}", MessageProblem::NoType),
            (
                b"{\"message\":{\"type\":[\"tool-calls\"]}}",
                MessageProblem::NoType,
            ),
        ] {
            assert_eq!(parse(body), Err(problem), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn a_message_may_come_bare_even_beside_a_text_named_message() {
        let bare = json!({"type": "tool-calls", "message": "hello", "toolCalls": [{"id": "a", "name": "n"}]});
        assert!(matches!(understood(&bare).kind, Kind::ToolCalls(calls) if calls.len() == 1));
    }

    #[test]
    fn fields_of_another_type_never_fail_the_message() {
        for wrong in [
            json!(7),
            json!("x"),
            json!([[]]),
            json!({"id": {"id": 1}}),
            json!(null),
        ] {
            for kind in [
                "tool-calls",
                "function-call",
                "end-of-call-report",
                "status-update",
                "language-change-detected",
                "hang",
            ] {
                let body = json!({"message": {
                    "type": kind, "call": wrong, "customer": wrong, "phoneNumber": wrong, "assistant": wrong,
                    "timestamp": wrong, "artifact": wrong, "analysis": wrong, "toolCallList": wrong,
                    "toolCalls": wrong, "toolWithToolCallList": wrong, "functionCall": wrong,
                    "startedAt": wrong, "durationSeconds": wrong, "cost": wrong, "messages": wrong,
                }});
                assert_eq!(understood(&body).call.vapi_call_id, None, "{kind} {wrong}");
            }
        }
    }

    #[test]
    fn the_callers_number_is_looked_for_in_the_call_then_the_message_then_the_sip_address() {
        let caller = |body: &Value| understood(body).call.caller_number;
        let mut body = json!({"message": {
            "type": "hang",
            "customer": {"number": "+13035550143", "sipUri": "sip:+13035550144@host"},
            "call": {"customer": {"number": "+13035550142"}},
        }});
        assert_eq!(caller(&body).as_deref(), Some("+13035550142"));
        body["message"]["call"]["customer"] = json!({"number": null});
        assert_eq!(caller(&body).as_deref(), Some("+13035550143"));
        body["message"]["customer"]["number"] = json!("");
        assert_eq!(caller(&body).as_deref(), Some("+13035550144"));
        body["message"]["customer"] = json!(null);
        assert_eq!(caller(&body), None);
    }

    #[test]
    fn the_user_of_a_sip_address_stands_before_its_host() {
        for (uri, user) in [
            (
                "sip:+13035550142@10.0.0.1:5060;transport=udp",
                Some("+13035550142"),
            ),
            (
                "SIPS:+13035550142;phone-context=x:secret@host",
                Some("+13035550142"),
            ),
            ("sip:host", None),
            ("sip:@host", None),
            ("+13035550142@host", None),
            ("tel:+13035550142", None),
        ] {
            assert_eq!(sip_user(uri), user, "{uri}");
        }
    }

    #[test]
    fn a_call_id_that_is_too_long_is_no_call_id() {
        let body = |id: String| json!({"message": {"type": "hang", "call": {"id": id}}});
        assert!(
            understood(&body("x".repeat(200)))
                .call
                .vapi_call_id
                .is_some()
        );
        assert_eq!(understood(&body("x".repeat(201))).call.vapi_call_id, None);
    }

    #[test]
    fn the_debug_form_shows_no_number_no_name_and_no_control_url() {
        let message = understood(&json!({"message": {"type": "hang", "call": {
            "id": "call-1", "customer": {"number": "+13035550142", "name": "Rosa"},
            "monitor": {"controlUrl": "https://control.vapi.ai/abc/control"},
        }, "phoneNumber": {"number": "+13035550100"}}}));
        assert!(message.call.control_url.is_some() && message.call.caller_name.is_some());
        let shown = format!("{message:?}");
        assert!(shown.contains("call-1"));
        for hidden in ["5550142", "5550100", "Rosa", "control.vapi.ai"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_a_message_or_a_problem(body: Vec<u8>) {
            drop(parse(&body));
        }

        #[test]
        fn any_text_in_the_place_of_arguments_gives_a_message(arguments: String) {
            let body = json!({"message": {"type": "tool-calls", "toolCallList": [
                {"id": "a", "function": {"name": "n", "arguments": arguments}},
            ]}});
            let kind = understood(&body).kind;
            proptest::prop_assert!(matches!(kind, Kind::ToolCalls(calls) if calls.len() == 1));
        }
    }
}
