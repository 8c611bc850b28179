//! What callers ask for: the fixtures, each time as another call, with ids, an organization and a day of their own.

use std::fmt::Write;

use anyhow::{Context, Result};
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

/// The text of a fixture.
macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/vapi/", $name, ".json"))
    };
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

    /// Its fixtures: those with all arguments that the tool needs, in every form of a message.
    fn fixtures(self) -> &'static [&'static str] {
        match self {
            Self::Check => &[
                fixture!("check_availability/string_arguments"),
                fixture!("check_availability/object_arguments"),
                fixture!("check_availability/declared_with_string_arguments"),
                fixture!("check_availability/flat_name_and_arguments"),
            ],
            Self::Book => &[
                fixture!("book_appointment/string_arguments"),
                fixture!("book_appointment/object_arguments"),
                fixture!("book_appointment/spanish_arguments"),
            ],
            Self::Transfer => &[
                fixture!("transfer_call/object_arguments"),
                fixture!("transfer_call/flat_name_and_parameters"),
            ],
            Self::Emergency => &[
                fixture!("flag_emergency/object_arguments"),
                fixture!("flag_emergency/string_arguments"),
            ],
        }
    }
}

/// What stands around the name of a value that differs from call to call.
const MARK: &str = "@@";

/// A fixture, cut at its marks: text and the name of a value in turn.
#[derive(Debug)]
struct Template(Vec<String>);

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
    /// Reads the fixtures; `run` goes into every call's id.
    pub fn new(run: String) -> Result<Self> {
        let read = |tool: Tool| -> Result<_> {
            let templates = tool.fixtures().iter().map(|text| {
                Template::read(text)
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
    fn read(text: &str) -> Result<Self> {
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
        // Without a control URL the service commands no call.
        if let Some(Value::Object(call)) = body.pointer_mut("/message/call") {
            for field in ["monitor", "transport", "phoneCallProvider"] {
                call.remove(field);
            }
        }
        let mut text = serde_json::to_string(&body)?;
        for (known, name) in [
            (call_id.as_str(), "call"),
            (&tool_call_id, "tool call"),
            ("11111111-aaaa-4000-8000-000000000001", "number id"),
            ("22222222-bbbb-4000-8000-000000000001", "assistant id"),
            ("+13035550100", "called"),
            ("+13035550142", "caller"),
        ] {
            text = text.replace(known, &mark(name));
        }
        Ok(Self(text.split(MARK).map(str::to_owned).collect()))
    }

    fn fill(&self, ask: &Ask, run: &str) -> String {
        let length: usize = self.0.iter().map(|piece| piece.len() + 24).sum();
        let mut body = String::with_capacity(length);
        let organization = ask.organization;
        for (nth, piece) in self.0.iter().enumerate() {
            if nth.is_multiple_of(2) {
                body.push_str(piece);
                continue;
            }
            let written = match piece.as_str() {
                "call" => write!(body, "load-{run}-{}", ask.number),
                "tool call" => write!(body, "call_{}", ask.number),
                "number id" => write!(body, "big-number-{organization}-1"),
                "assistant id" => write!(body, "big-assistant-{organization}-en"),
                "called" => write!(body, "+1719{:07}", 2 * organization + 1),
                // Ten thousand callers, so that most have called before.
                "caller" => write!(body, "+1303555{:04}", ask.number % 10_000),
                "date" => write!(body, "{}", ask.date),
                _ => write!(body, "{:02}:00", ask.hour),
            };
            debug_assert!(written.is_ok(), "a text takes whatever is written to it");
        }
        body
    }
}

fn mark(name: &str) -> String {
    format!("{MARK}{name}{MARK}")
}

fn id_at(body: &Value, places: &[&str]) -> Result<String> {
    places
        .iter()
        .find_map(|place| body.pointer(place)?.as_str())
        .map(str::to_owned)
        .with_context(|| format!("it has none of {}", places.join(", ")))
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
    for name in ["date", "time"] {
        if let Some(field) = fields.get_mut(name) {
            *field = Value::String(mark(name));
        }
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
        let messages = Messages::new("test".to_owned()).unwrap();
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
                assert!(!body.contains(MARK), "{body}");
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
}
