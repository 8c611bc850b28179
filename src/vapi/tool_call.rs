//! The tool calls of one message, whichever way it carries them.
//!
//! Vapi's pages, its schema and its traffic disagree on where a call's id, name and arguments sit, and one message
//! carries the same call in two or three lists. The list tells nothing about the shape of its entries, so every shape is
//! looked for in every list, and calls that are the same are told once. What is never read is the declaration of a tool
//! in `toolWithToolCallList`: its `parameters` are a schema, not arguments.
//!
//! Sources: Vapi's published schema (`ServerMessageToolCalls`), its pages on server events and custom tools, and messages
//! captured from 2024 to 2026.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde_json::{Map, Value, value::RawValue};

use super::fields::{self, Fields};

/// How many calls of one message are compared with each other; a model asks for a few at once.
pub(super) const MAX_CALLS: usize = 100;

/// One call of one tool.
#[derive(Clone, PartialEq)]
pub struct ToolCall {
    /// The provider's id, which the reply repeats; not unique across calls. The legacy message has none.
    pub id: Option<String>,
    /// The tool's name as the model wrote it; empty when the entry has none, which is still answered.
    pub name: String,
    /// The arguments; empty when there are none.
    pub arguments: Result<Map<String, Value>, Unreadable>,
}

/// Why arguments cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentsProblem {
    /// A text that is no JSON, such as one that was cut off.
    #[error("the arguments are not JSON")]
    NotJson,
    /// A list, a number or any other JSON that names nothing.
    #[error("the arguments are not an object")]
    NotAnObject,
}

/// Arguments that cannot be read.
#[derive(Clone, PartialEq)]
pub struct Unreadable {
    /// Why not.
    pub problem: ArgumentsProblem,
    /// Their text, in which the caller's words may still be found.
    pub text: String,
}

impl fmt::Debug for Unreadable {
    /// The problem alone; the text is the caller's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(formatter)
    }
}

impl fmt::Debug for ToolCall {
    /// Shows how many arguments there are; what the caller said is for no log.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ToolCall")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("arguments", &self.arguments.as_ref().map(Map::len))
            .finish()
    }
}

/// The calls of a `tool-calls` message, in the order of their first appearance, each once; more than [`MAX_CALLS`] are for
/// whoever answers to refuse.
pub(super) fn of_lists(message: &Fields<'_>) -> Vec<ToolCall> {
    let mut calls = Calls::default();
    for key in ["toolCallList", "toolCalls"] {
        for entry in message.objects(key) {
            if !entry.is_empty() {
                calls.add(entry_call(&entry));
            }
        }
        calls.next_list();
    }
    for declaration in message.objects("toolWithToolCallList") {
        let entry = declaration.object("toolCall");
        if !entry.is_empty() {
            let mut call = entry_call(&entry);
            if call.name.is_empty() {
                call.name = name(&declaration, &declaration.object("function"));
            }
            calls.add(call);
        }
    }
    calls.told()
}

/// The call of a legacy `function-call` message.
pub(super) fn of_function_call(message: &Fields<'_>) -> ToolCall {
    ToolCall {
        id: None,
        ..entry_call(&message.object("functionCall"))
    }
}

fn entry_call(entry: &Fields<'_>) -> ToolCall {
    let function = entry.object("function");
    ToolCall {
        id: entry.text("id"),
        name: name(entry, &function),
        arguments: arguments(entry, &function),
    }
}

fn name(entry: &Fields<'_>, function: &Fields<'_>) -> String {
    function
        .text("name")
        .or_else(|| entry.text("name"))
        .unwrap_or_default()
}

type Arguments = Result<Map<String, Value>, Unreadable>;

/// The richest of the four places in which an entry may have its arguments.
fn arguments(entry: &Fields<'_>, function: &Fields<'_>) -> Arguments {
    let mut richest = Ok(Map::new());
    for place in [function, entry] {
        for key in ["arguments", "parameters"] {
            let Some(raw) = place.raw(key) else { continue };
            // A tool's static parameters are a list of keys and values, which Vapi has merged into the arguments already.
            if key == "parameters" && raw.get().starts_with('[') {
                continue;
            }
            keep_richer(&mut richest, read(raw));
        }
    }
    richest
}

/// Reads arguments that are an object, or JSON of one as text, or that once more as text; nothing and blank text are none.
fn read(raw: &RawValue) -> Arguments {
    let mut text = Cow::Borrowed(raw.get());
    let unreadable = |problem, text: Cow<'_, str>| {
        let text = text.into_owned();
        Err(Unreadable { problem, text })
    };
    for _ in 0..3 {
        match text.trim_start().chars().next() {
            None => return Ok(Map::new()),
            Some('"') => {
                let within: Option<Box<RawValue>> = serde_json::from_str(&text).ok();
                match within.as_deref().and_then(fields::text) {
                    Some(within) => text = Cow::Owned(within),
                    None => return unreadable(ArgumentsProblem::NotJson, text),
                }
            }
            _ => {
                return match fields::any_value(&text) {
                    Some(Value::Object(arguments)) => Ok(arguments),
                    Some(Value::Null) => Ok(Map::new()),
                    Some(_) => unreadable(ArgumentsProblem::NotAnObject, text),
                    None => unreadable(ArgumentsProblem::NotJson, text),
                };
            }
        }
    }
    unreadable(ArgumentsProblem::NotAnObject, text)
}

/// Replaces arguments by others that tell more: the lists of one message do not always carry the same.
///
/// Unreadable arguments tell more than none: the model did give some, and should hear that they were lost.
fn keep_richer(known: &mut Arguments, other: Arguments) {
    let worth = |arguments: &Arguments| match arguments {
        Ok(arguments) if arguments.is_empty() => 0,
        Err(_) => 1,
        Ok(arguments) => 1 + arguments.len(),
    };
    if worth(&other) > worth(known) {
        *known = other;
    }
}

/// The calls found so far, and the number of the list in which each was found first.
#[derive(Default)]
struct Calls {
    found: Vec<(usize, ToolCall)>,
    /// Of all that were found, once there are too many to compare; gathered once.
    ids: Option<HashSet<String>>,
    list: usize,
}

impl Calls {
    fn next_list(&mut self) {
        self.list += 1;
    }

    fn add(&mut self, call: ToolCall) {
        let is_full = self.found.len() >= MAX_CALLS;
        if is_full && !self.is_new(&call) {
            return;
        }
        let same = if is_full { None } else { self.same(&call) };
        let Some(known) = same else {
            self.found.push((self.list, call));
            return;
        };
        known.id = known.id.take().or(call.id);
        if known.name.is_empty() {
            known.name = call.name;
        }
        keep_richer(&mut known.arguments, call.arguments);
    }

    /// Whether a call beyond the most that are compared was not found before; one without an id counts in the first list
    /// only, since nothing tells it from its copies in the others.
    fn is_new(&mut self, call: &ToolCall) -> bool {
        let Some(id) = &call.id else {
            return self.list == 0;
        };
        let found = self.found.iter();
        self.ids
            .get_or_insert_with(|| found.filter_map(|(_, call)| call.id.clone()).collect())
            .insert(id.clone())
    }

    /// The same call, found before: that of the same id, or, where one of the two has none, the first in an earlier list
    /// that asks for the same. Within one list two such entries are two calls.
    fn same(&mut self, call: &ToolCall) -> Option<&mut ToolCall> {
        let list = self.list;
        let index = self
            .found
            .iter()
            .position(|(_, known)| known.id.is_some() && known.id == call.id)
            .or_else(|| {
                self.found.iter().position(|(first_list, known)| {
                    *first_list < list
                        && (known.id.is_none() || call.id.is_none())
                        && known.name == call.name
                        && known.arguments == call.arguments
                })
            })?;
        self.found.get_mut(index).map(|(_, known)| known)
    }

    fn told(self) -> Vec<ToolCall> {
        self.found.into_iter().map(|(_, call)| call).collect()
    }
}

#[cfg(test)]
mod tests;
