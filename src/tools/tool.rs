//! A tool: one constant in a file of its own. Every field is required, so that none is forgotten.

use std::{future::Future, pin::Pin};

use chrono::{DateTime, Utc};
use schemars::Schema;
use serde_json::{Map, Value, json};

use super::{
    arguments::Arguments,
    context::{Answer, Context, Failure, Outcome, Request},
};
use crate::{
    db::Priority,
    error::Kind,
    outage::{Fallback, Origin},
};

/// A tool.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// Its name, by which the model calls it.
    pub name: &'static str,
    /// How it touches the world.
    pub mode: Mode,
    /// How urgent its work is.
    pub priority: Priority,
    /// Whether it is run for an organization that the operator has suspended.
    pub runs_when_suspended: bool,
    /// What a voice agent is told of it.
    pub definition: Definition,
    /// Does its work.
    pub run: for<'a> fn(Asked<'a>) -> Running<'a>,
    /// What the caller hears when it could not do its work.
    pub outage: Outage,
    /// Records without the database what the caller said; `None`: it can wait for another try.
    pub fallback: Option<for<'a> fn(Stopped<'a>) -> Recording<'a>>,
}

/// How a tool touches the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Changes nothing, and is cancelled at the deadline.
    Reads,
    /// Changes something, and is completed even after the deadline.
    Writes,
}

/// One call of a tool whose arguments can be read.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The tool.
    pub tool: &'static Tool,
    /// What it may use.
    pub context: &'a Context,
    /// The call.
    pub request: &'a Request,
    /// Its arguments.
    pub arguments: Arguments<'a>,
}

/// A tool at work.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// One call of a tool that could not do its work.
#[derive(Clone, Copy)]
pub struct Stopped<'a> {
    /// The call.
    pub request: &'a Request,
    /// What stopped it.
    pub stopped_by: Kind,
    /// The live call, as far as it is known without the database.
    pub origin: &'a Origin,
    /// What works without the database.
    pub fallback: &'a Fallback,
    /// The instant that the request takes as now.
    pub now: DateTime<Utc>,
}

/// A tool that records without the database: the answer, or `None` when it could not.
pub type Recording<'a> = Pin<Box<dyn Future<Output = Option<Answer>> + Send + 'a>>;

/// What a caller hears when a tool could not do its work, in English and in Spanish.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    /// The database is away or refuses: nothing was done.
    pub unavailable: [&'static str; 2],
    /// The answer is late: it may have been done.
    pub late: [&'static str; 2],
    /// What Vapi says by itself after an error or no answer at all. It must be true whatever the cause: the database or a provider is away,
    /// the answer is late, or the arguments could not be read.
    pub failed: [&'static str; 2],
}

/// What a voice agent is told of one tool. It is beside what reads the arguments, so that it cannot say anything else.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// What it is for and how it is used, for the model.
    pub description: &'static str,
    /// What the caller hears while it begins, in English and in Spanish; nothing if empty.
    pub start: [&'static str; 2],
    /// The schema of its arguments.
    pub parameters: fn() -> Schema,
    /// Those without which nothing can be done; the code asks the caller for them all the same.
    pub required: &'static [&'static str],
}

impl Asked<'_> {
    /// The answer of a tool that only reads.
    ///
    /// # Errors
    ///
    /// None; it has the type of [`Asked::once`].
    pub async fn answer(self, outcome: &impl Outcome) -> Result<Answer, Failure> {
        let language = self.context.language_of(self.request).await;
        Ok(Answer::of(self.context, outcome, language))
    }
}

impl Outage {
    /// For a tool of which nothing else need be said.
    pub const USUAL: Self = Self {
        unavailable: [
            "I can't do that right now. Let me try again in a moment.",
            "En este momento no puedo hacer eso. Déjeme intentarlo otra vez en un momento.",
        ],
        late: [
            "I can't do that right now. Let me try again in a moment.",
            "En este momento no puedo hacer eso. Déjeme intentarlo otra vez en un momento.",
        ],
        failed: [
            "That did not work just now. Let me try again.",
            "Eso no funcionó. Déjeme intentarlo otra vez.",
        ],
    };

    /// For a tool that reads the schedule.
    pub const OF_THE_SCHEDULE: Self = Self {
        unavailable: [
            "I can't see the schedule right now, so I can't tell yet what is there. I can try again in a moment, or take your number so that someone calls you.",
            "En este momento no puedo ver la agenda, así que todavía no sé qué hay. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen.",
        ],
        late: [
            "I can't see the schedule right now, so I can't tell yet what is there. I can try again in a moment, or take your number so that someone calls you.",
            "En este momento no puedo ver la agenda, así que todavía no sé qué hay. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen.",
        ],
        failed: [
            "That did not work just now, so I can't tell you yet what is there. Let me try again, or I can take your number so that someone calls you.",
            "Eso no funcionó, así que todavía no le puedo decir qué hay. Déjeme intentarlo otra vez, o puedo tomar su número para que le llamen.",
        ],
    };

    /// For a tool that changes an appointment.
    pub const OF_A_CHANGE: Self = Self {
        unavailable: [
            "I can't reach the schedule right now, so your visit is as it was. I can try again in a moment.",
            "En este momento no puedo ver la agenda, así que su visita sigue como estaba. Puedo intentarlo otra vez en un momento.",
        ],
        late: [
            "The schedule is slow to answer, so I can't say yet whether your visit has changed. Give me a moment and let me check again.",
            "La agenda tarda en responder, así que todavía no sé si su visita cambió. Deme un momento y lo reviso otra vez.",
        ],
        failed: [
            "That did not go through just now, so I can't say yet whether your visit has changed. Let me check again.",
            "Eso no pasó, así que todavía no sé si su visita cambió. Déjeme revisarlo otra vez.",
        ],
    };
}

impl Definition {
    /// The parameters as a plain JSON Schema: an object whose properties are of one type each and described. Whether an
    /// argument may be null or left out is the same to a model, so only what is needed is said to be required.
    #[must_use]
    pub fn parameters(&self) -> Value {
        let schema = Value::from((self.parameters)());
        let mut properties = Map::new();
        let described = schema.get("properties").and_then(Value::as_object);
        for (name, property) in described.into_iter().flatten() {
            properties.insert(
                name.clone(),
                json!({
                    "type": only_type(property.get("type")),
                    "description": one_line(property.get("description")),
                }),
            );
        }
        properties.insert(
            "language".to_owned(),
            json!({
                "type": "string",
                "enum": ["en", "es"],
                "description": "The language that the caller speaks now.",
            }),
        );
        json!({ "type": "object", "properties": properties, "required": self.required })
    }
}

/// The type that is not null.
fn only_type(types: Option<&Value>) -> &str {
    match types {
        Some(Value::Array(types)) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        other => other.and_then(Value::as_str),
    }
    .unwrap_or("string")
}

/// A comment's lines as one, without the marks of code.
fn one_line(text: Option<&Value>) -> String {
    let text = text.and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('`', "")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::tools::{TOOLS, book_appointment};

    #[test]
    fn every_tool_says_what_it_is_for_and_what_it_takes() {
        for tool in TOOLS {
            let letters = tool.definition.description.chars().count();
            assert!((100..1000).contains(&letters), "{}: {letters}", tool.name);
            let schema = tool.definition.parameters();
            let properties = schema["properties"].as_object().unwrap();
            for (name, property) in properties {
                assert!(
                    property["description"].as_str().unwrap().len() > 10,
                    "{}.{name}",
                    tool.name
                );
            }
            for name in schema["required"].as_array().unwrap() {
                assert!(properties.contains_key(name.as_str().unwrap()), "{name}");
            }
            let outage = [
                tool.outage.unavailable,
                tool.outage.late,
                tool.outage.failed,
            ];
            assert!(outage.as_flattened().iter().all(|words| !words.is_empty()));
        }
        let names: BTreeSet<&str> = TOOLS.iter().map(|tool| tool.name).collect();
        assert_eq!(names.len(), TOOLS.len());
    }

    #[test]
    fn a_number_is_asked_for_as_a_number_and_what_is_needed_is_required() {
        let booking = book_appointment::TOOL.definition.parameters();
        assert_eq!(booking["properties"]["duration_minutes"]["type"], "integer");
        assert_eq!(booking["properties"]["date"]["type"], "string");
        let required = booking["required"].as_array().unwrap();
        assert_eq!(required.len(), 2);
        assert!(required.contains(&"date".into()) && required.contains(&"customer_name".into()));
    }
}
