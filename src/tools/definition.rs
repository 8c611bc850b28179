//! What a voice agent is told of the tools: their names, what they are for, and what they take.
//!
//! Each tool's stands in its own file, beside what reads the arguments, so that it cannot say anything else.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// What a voice agent is told of one tool.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What it is for and how it is used, for the model.
    pub description: &'static str,
    /// What the caller hears while it begins, in English and in Spanish; nothing if empty.
    pub start: [&'static str; 2],
    /// The schema of its arguments.
    pub parameters: fn() -> Schema,
    /// Those without which nothing can be done; the code asks the caller for them all the same.
    pub required: &'static [&'static str],
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
