//! A caller on the line: what the agent asks for them, and what they hear.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::{TestApp, eventually};

static CALLS: AtomicU32 = AtomicU32::new(1);

/// One call.
#[derive(Clone)]
pub struct Caller<'a> {
    app: &'a TestApp,
    /// Vapi's id of the call.
    pub call_id: String,
    /// The caller's number; `None` when it is withheld.
    pub number: Option<String>,
    /// Where the call takes commands.
    pub control_url: Option<String>,
    /// Who carries the call, as Vapi says it.
    pub transport: Option<Value>,
    tool_calls: std::sync::Arc<AtomicU32>,
}

/// What the caller hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The words.
    pub words: String,
    /// Whether they came as an error.
    pub is_error: bool,
}

impl<'a> Caller<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        let number = CALLS.fetch_add(1, Ordering::Relaxed);
        Self {
            app,
            call_id: format!("call-{number}"),
            number: Some(format!("+1303555{:04}", 1_000 + number)),
            control_url: None,
            transport: None,
            tool_calls: std::sync::Arc::default(),
        }
    }

    /// The same caller, whose number is withheld.
    pub fn withheld(mut self) -> Self {
        self.number = None;
        self
    }

    /// The same caller, on a call that takes commands.
    pub fn with_line(mut self, control_url: &str) -> Self {
        self.control_url = Some(control_url.to_owned());
        self
    }

    /// The same caller, on a call that an account at Twilio carries.
    pub fn carried_by(mut self, account_sid: &str, call_sid: &str) -> Self {
        self.transport =
            Some(json!({ "provider": "twilio", "callSid": call_sid, "accountSid": account_sid }));
        self
    }

    /// The agent calls a tool under a new id.
    pub async fn asks(&self, tool: &str, arguments: Value) -> Spoken {
        let number = self.tool_calls.fetch_add(1, Ordering::Relaxed);
        self.asks_as(&format!("tool-{number}"), tool, arguments)
            .await
    }

    /// The agent calls a tool under this id.
    pub async fn asks_as(&self, id: &str, tool: &str, arguments: Value) -> Spoken {
        let reply = self
            .app
            .reply(&self.tool_calls(&[(id, tool, arguments)]))
            .await;
        Spoken::of(&reply["results"][0])
    }

    /// Waits until a check of a day is answered.
    pub async fn is_served(&self) {
        eventually("a check is answered", async || {
            let heard = self
                .asks("check_availability", json!({ "date": "2026-12-01" }))
                .await;
            (!heard.is_error).then_some(())
        })
        .await;
    }

    /// A message with these tool calls, in the shape that production sends.
    pub fn tool_calls(&self, calls: &[(&str, &str, Value)]) -> Value {
        let calls: Vec<Value> = calls
            .iter()
            .map(|(id, tool, arguments)| {
                json!({ "id": id, "type": "function", "function": { "name": tool, "arguments": arguments } })
            })
            .collect();
        self.message(json!({ "type": "tool-calls", "toolCallList": calls, "toolCalls": calls }))
    }

    /// A message of this call.
    pub fn message(&self, mut message: Value) -> Value {
        message["call"] = json!({
            "id": self.call_id,
            "type": "inboundPhoneCall",
            "phoneNumberId": self.app.phone_number_id,
            "assistantId": self.app.assistant_id,
            "customer": self.number.as_ref().map(|number| json!({ "number": number })),
            "transport": self.transport,
            "monitor": self.control_url.as_ref().map(|url| json!({ "controlUrl": url })),
        });
        message["phoneNumber"] =
            json!({ "id": self.app.phone_number_id, "number": self.app.called_number });
        json!({ "message": message })
    }
}

impl Spoken {
    /// Reads one element of `results`.
    pub fn of(result: &Value) -> Self {
        let words = |name: &str| result[name].as_str().map(str::to_owned);
        match (words("result"), words("error")) {
            (Some(words), None) => Self {
                words,
                is_error: false,
            },
            (None, Some(words)) => Self {
                words,
                is_error: true,
            },
            _ => panic!("exactly one of result and error is expected: {result}"),
        }
    }

    /// Whether the words contain these.
    pub fn says(&self, part: &str) -> bool {
        self.words.contains(part)
    }

    /// The texts that book the offered options, in the order in which they are spoken.
    pub fn tokens(&self) -> Vec<&str> {
        let note = self.words.rsplit_once(" [").map_or("", |(_, note)| note);
        note.split("; ")
            .find_map(|part| part.strip_prefix("options: "))
            .map(|options| options.split(", ").collect())
            .unwrap_or_default()
    }
}
