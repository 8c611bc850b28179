//! The tools in the form in which Vapi takes them (`POST /tool`), and what an assistant is told about using them.
//!
//! Source: Vapi's API reference, `CreateFunctionToolDTO`.

use serde_json::{Value, json};
use url::Url;

use crate::tools::{TOOLS, tool::Tool};

/// What an assistant's prompt should say of the tools.
pub const PROMPT: &str = include_str!("prompt.txt");

/// How long Vapi waits for an answer, in seconds: well beyond the service's own deadline, which is at most 15 s.
const TIMEOUT_SECONDS: u32 = 20;

/// When the caller is told that it takes longer, in milliseconds; Vapi recommends this.
const DELAYED_MILLISECONDS: u32 = 4_000;

/// The statuses after which Vapi must not ask again: all that HTTP defines from 400 to 499. The same message would be refused again.
const REFUSALS: [u16; 28] = [
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421,
    422, 423, 424, 425, 426, 428, 429, 431, 451,
];

/// Where Vapi finds the service, and how it authenticates itself.
#[derive(Clone, Debug)]
pub struct Server {
    /// The address of the webhook.
    pub url: Url,
    /// Vapi's id of the credential that it signs with; none where the phone number or the assistant has one.
    pub credential_id: Option<String>,
}

/// All tools, by name.
#[must_use]
pub fn tools(server: &Server) -> Vec<Value> {
    TOOLS.iter().map(|tool| definition(tool, server)).collect()
}

fn definition(tool: &Tool, server: &Server) -> Value {
    let backend = json!({
        "url": server.url.as_str(),
        "timeoutSeconds": TIMEOUT_SECONDS,
        // Nothing is done twice: a repeated tool call is answered with what was said the first time.
        "backoffPlan": {
            "type": "exponential",
            "maxRetries": 2,
            "baseDelaySeconds": 1,
            "excludedStatusCodes": REFUSALS,
        },
        "credentialId": server.credential_id,
    });
    json!({
        "type": "function",
        "async": false,
        "function": {
            "name": tool.name,
            "description": tool.definition.description,
            "parameters": tool.definition.parameters(),
        },
        // Filled in by Vapi. The service believes the call that a message is about and nothing that a model says of it.
        "parameters": [
            { "key": "caller_number", "value": "{{ customer.number }}" },
            { "key": "call_id", "value": "{{ call.id }}" },
        ],
        "server": without_nulls(backend),
        "messages": messages(tool),
    })
}

/// An object's fields that say something.
fn without_nulls(object: Value) -> Value {
    match object {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            Value::Object(fields)
        }
        other => other,
    }
}

/// What the caller hears besides the answer. There is no message for success: it would be spoken in place of the answer.
fn messages(tool: &Tool) -> Value {
    let delayed = [
        "It is taking a moment longer. Thank you for waiting.",
        "Tarda un poco más. Gracias por esperar.",
    ];
    // Without one Vapi makes something up; an empty one is silence.
    let start = match tool.definition.start {
        ["", _] => json!({ "type": "request-start", "content": "", "blocking": false }),
        spoken => {
            json!({ "type": "request-start", "contents": contents(spoken), "blocking": false })
        }
    };
    json!([
        start,
        {
            "type": "request-response-delayed",
            "contents": contents(delayed),
            "timingMilliseconds": DELAYED_MILLISECONDS,
        },
        { "type": "request-failed", "contents": contents(tool.outage.failed) },
    ])
}

/// A text in both languages, of which Vapi speaks the one of the call.
fn contents([english, spanish]: [&str; 2]) -> Value {
    json!([
        { "type": "text", "text": english, "language": "en" },
        { "type": "text", "text": spanish, "language": "es" },
    ])
}
