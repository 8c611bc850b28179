//! What callers ask for: the fixtures, each time as another call, with ids, an organization and a day of their own.

use std::fmt::Write;

use anyhow::{Context, Result, bail};
use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;

/// A tool that callers use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `check_availability`.
    Check,
    /// `book_appointment`.
    Book,
    /// `transfer_call`.
    Transfer,
    /// `flag_emergency`.
    Emergency,
}

impl Tool {
    /// All of them, in the order in which a mix names them.
    pub const ALL: [Self; 4] = [Self::Check, Self::Book, Self::Transfer, Self::Emergency];

    /// The tool's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Check => "check_availability",
            Self::Book => "book_appointment",
            Self::Transfer => "transfer_call",
            Self::Emergency => "flag_emergency",
        }
    }

    /// Its fixtures: those that carry all that the tool needs, whatever form they carry it in.
    fn fixtures(self) -> &'static [&'static str] {
        match self {
            Self::Check => &[
                include_str!("../../fixtures/vapi/check_availability/string_arguments.json"),
                include_str!("../../fixtures/vapi/check_availability/object_arguments.json"),
                include_str!(
                    "../../fixtures/vapi/check_availability/declared_with_string_arguments.json"
                ),
                include_str!("../../fixtures/vapi/check_availability/flat_name_and_arguments.json"),
            ],
            Self::Book => &[
                include_str!("../../fixtures/vapi/book_appointment/string_arguments.json"),
                include_str!("../../fixtures/vapi/book_appointment/object_arguments.json"),
                include_str!("../../fixtures/vapi/book_appointment/spanish_arguments.json"),
            ],
            Self::Transfer => &[
                include_str!("../../fixtures/vapi/transfer_call/object_arguments.json"),
                include_str!("../../fixtures/vapi/transfer_call/flat_name_and_parameters.json"),
            ],
            Self::Emergency => &[
                include_str!("../../fixtures/vapi/flag_emergency/object_arguments.json"),
                include_str!("../../fixtures/vapi/flag_emergency/string_arguments.json"),
            ],
        }
    }
}

/// Where a value of one call stands in a fixture.
#[derive(Clone, Copy, Debug)]
enum Slot {
    Call,
    ToolCall,
    NumberId,
    AssistantId,
    Called,
    Caller,
    Date,
    Time,
}

const SLOTS: [(&str, Slot); 8] = [
    ("@call@", Slot::Call),
    ("@tool_call@", Slot::ToolCall),
    ("@number_id@", Slot::NumberId),
    ("@assistant_id@", Slot::AssistantId),
    ("@called@", Slot::Called),
    ("@caller@", Slot::Caller),
    ("@date@", Slot::Date),
    ("@time@", Slot::Time),
];

/// A fixture, cut at the places that differ from call to call.
#[derive(Debug)]
struct Template {
    pieces: Vec<(String, Slot)>,
    rest: String,
}

/// One request before it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The tool.
    pub tool: Tool,
    /// The number of the call within the harness's life; no two are alike.
    pub number: u64,
    /// The number of the organization in the big seed, from 1.
    pub organization: u32,
    /// The day that is asked for.
    pub date: NaiveDate,
    /// The full hour that is asked for.
    pub hour: u32,
}

/// All fixtures of the tools, ready to be filled.
pub struct Messages {
    run: String,
    templates: Vec<(Tool, Vec<Template>)>,
}

impl Messages {
    /// Reads the fixtures; `run` goes into every call's id, and `padding` is how many bytes of conversation each carries besides.
    ///
    /// # Errors
    ///
    /// When a fixture is not what it was.
    pub fn new(run: String, padding: usize) -> Result<Self> {
        let read = |tool: Tool| -> Result<_> {
            let templates = tool.fixtures().iter().map(|text| {
                Template::read(text, padding)
                    .with_context(|| format!("a fixture of {} cannot be used", tool.name()))
            });
            Ok((tool, templates.collect::<Result<_>>()?))
        };
        Ok(Self {
            run,
            templates: Tool::ALL.into_iter().map(read).collect::<Result<_>>()?,
        })
    }

    /// What the ids of all calls begin with.
    pub fn prefix(&self) -> String {
        format!("load-{}-", self.run)
    }

    /// Vapi's id of a call.
    pub fn call_id(&self, number: u64) -> String {
        format!("{}{number}", self.prefix())
    }

    /// The body of a request.
    pub fn body(&self, ask: &Ask) -> String {
        let of_tool = self.templates.iter().find(|(tool, _)| *tool == ask.tool);
        let templates = of_tool.map_or(&[][..], |(_, templates)| templates);
        let nth = usize::try_from(ask.number).unwrap_or_default() % templates.len().max(1);
        templates
            .get(nth)
            .map_or_else(String::new, |template| template.fill(ask, &self.run))
    }
}

/// The id of a tool call.
pub fn tool_call_id(number: u64) -> String {
    format!("call_{number}")
}

impl Template {
    fn read(text: &str, padding: usize) -> Result<Self> {
        let mut body: Value = serde_json::from_str(text)?;
        let call_id = id_at(&body, &["/message/call/id"])?;
        let tool_call_id = id_at(
            &body,
            &[
                "/message/toolCallList/0/id",
                "/message/toolCalls/0/id",
                "/message/toolWithToolCallList/0/toolCall/id",
            ],
        )?;
        set_arguments(&mut body);
        if let Some(message) = body.get_mut("message") {
            // Nobody's line is commanded by a load test.
            if let Some(call) = message.get_mut("call").and_then(Value::as_object_mut) {
                call.remove("monitor");
                call.remove("transport");
                call.remove("phoneCallProvider");
            }
            pad(message, padding);
        }
        let mut text = serde_json::to_string(&body)?;
        for (known, slot) in [
            (call_id.as_str(), "@call@"),
            (&tool_call_id, "@tool_call@"),
            ("11111111-aaaa-4000-8000-000000000001", "@number_id@"),
            ("22222222-bbbb-4000-8000-000000000001", "@assistant_id@"),
            ("+13035550100", "@called@"),
            ("+13035550142", "@caller@"),
        ] {
            text = text.replace(known, slot);
        }
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, slot, after)) = next_slot(rest) {
            pieces.push((before.to_owned(), slot));
            rest = after;
        }
        if pieces.is_empty() {
            bail!("it names no call");
        }
        Ok(Self {
            rest: rest.to_owned(),
            pieces,
        })
    }

    fn fill(&self, ask: &Ask, run: &str) -> String {
        let length: usize = self.pieces.iter().map(|(text, _)| text.len() + 24).sum();
        let mut body = String::with_capacity(length + self.rest.len());
        let organization = ask.organization;
        for (text, slot) in &self.pieces {
            body.push_str(text);
            let written = match slot {
                Slot::Call => write!(body, "load-{run}-{}", ask.number),
                Slot::ToolCall => write!(body, "call_{}", ask.number),
                Slot::NumberId => write!(body, "big-number-{organization}-1"),
                Slot::AssistantId => write!(body, "big-assistant-{organization}-en"),
                Slot::Called => write!(body, "+1719{:07}", 2 * organization + 1),
                // Ten thousand callers, so that most have called before.
                Slot::Caller => write!(body, "+1303555{:04}", ask.number % 10_000),
                Slot::Date => write!(body, "{}", ask.date),
                Slot::Time => write!(body, "{:02}:00", ask.hour),
            };
            debug_assert!(written.is_ok(), "a text takes whatever is written to it");
        }
        body.push_str(&self.rest);
        body
    }
}

fn id_at(body: &Value, places: &[&str]) -> Result<String> {
    places
        .iter()
        .find_map(|place| body.pointer(place)?.as_str())
        .map(str::to_owned)
        .with_context(|| format!("it has none of {}", places.join(", ")))
}

/// The first place in a text at which something is to be put, what stands before it, and what behind.
fn next_slot(text: &str) -> Option<(&str, Slot, &str)> {
    SLOTS
        .iter()
        .filter_map(|(mark, slot)| {
            let (before, after) = text.split_once(mark)?;
            Some((before, *slot, after))
        })
        .min_by_key(|(before, ..)| before.len())
}

/// Puts marks in the place of the day and the hour, in arguments of any form.
fn set_arguments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields.iter_mut() {
                match name.as_str() {
                    "arguments" | "parameters" => set_day(inner),
                    _ => set_arguments(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(set_arguments),
        _ => {}
    }
}

fn set_day(arguments: &mut Value) {
    if let Some(text) = arguments.as_str() {
        if let Ok(mut inner @ Value::Object(_)) = serde_json::from_str(text) {
            set_day(&mut inner);
            *arguments = Value::String(inner.to_string());
        }
        return;
    }
    let Some(fields) = arguments.as_object_mut() else {
        return;
    };
    for (name, mark) in [("date", "@date@"), ("time", "@time@")] {
        if let Some(field) = fields.get_mut(name) {
            *field = Value::String(mark.to_owned());
        }
    }
}

/// Adds turns of a conversation until they fill so many bytes: Vapi sends all that was said with every message.
fn pad(message: &mut Value, bytes: usize) {
    let turn = |role: &str| {
        serde_json::json!({
            "role": role,
            "message": "I have water in the basement and it is coming from the wall behind the heater.",
            "time": 1_795_446_000_000_u64, "secondsFromStart": 4.2,
        })
    };
    let (user, bot) = (turn("user"), turn("bot"));
    let size = user.to_string().len() + bot.to_string().len() + 2;
    let turns: Vec<Value> = std::iter::repeat_n([user, bot], bytes / size)
        .flatten()
        .collect();
    if let Some(artifact) = message.get_mut("artifact").and_then(Value::as_object_mut)
        && !turns.is_empty()
    {
        artifact.insert("messages".to_owned(), Value::Array(turns));
    }
}

/// The working days of the eight weeks after `today`.
pub fn working_days(today: NaiveDate) -> Vec<NaiveDate> {
    today
        .iter_days()
        .skip(1)
        .take(56)
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fixture_becomes_a_call_of_its_own() {
        let messages = Messages::new("test".to_owned(), 0).unwrap();
        for tool in Tool::ALL {
            for number in 0..4 {
                let ask = Ask {
                    tool,
                    number,
                    organization: 7,
                    date: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
                    hour: 14,
                };
                let body = messages.body(&ask);
                assert!(!body.contains('@'), "{body}");
                let message = frontdesk::vapi::message::parse(body.as_bytes()).unwrap();
                assert_eq!(
                    message.call.vapi_call_id,
                    Some(messages.call_id(number)),
                    "{tool:?}"
                );
                assert_eq!(message.call.control_url, None);
                let frontdesk::vapi::message::Kind::ToolCalls(calls) = message.kind else {
                    panic!("{tool:?}");
                };
                assert_eq!(calls.len(), 1);
                assert_eq!(calls[0].name, tool.name());
                assert_eq!(calls[0].id, Some(tool_call_id(number)));
                let arguments = calls[0].arguments.clone().unwrap();
                if let Some(date) = arguments.get("date") {
                    assert_eq!(date, "2026-12-01");
                }
            }
        }
    }

    #[test]
    fn padding_makes_a_message_as_long_as_was_asked_for() {
        let ask = Ask {
            tool: Tool::Check,
            number: 0,
            organization: 1,
            date: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
            hour: 9,
        };
        let plain = Messages::new("a".to_owned(), 0).unwrap().body(&ask).len();
        let long = Messages::new("a".to_owned(), 100_000)
            .unwrap()
            .body(&ask)
            .len();
        assert!((99_000..101_500).contains(&(long - plain)), "{long}");
    }
}
