//! Reads a tool's arguments as models write them: numbers as text, text as numbers, nulls and blanks for what is left out.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::need::Need;

/// The longest argument that is kept, in characters; a description is a few sentences, and more is cut off.
const LONGEST: usize = 2_000;

/// Reads the arguments into what the tool takes.
///
/// # Errors
///
/// [`Need::Arguments`] when an argument is of a kind that cannot be meant, such as a list for a date.
pub fn read<T: DeserializeOwned>(arguments: &Map<String, Value>) -> Result<T, Need> {
    T::deserialize(arguments).map_err(|_unreadable| Need::Arguments)
}

/// Text, or a number written out; blank and null are nothing. Control characters become spaces, since what a caller
/// says is stored and returns to the model later.
///
/// # Errors
///
/// For a list, an object or a truth value, none of which can be meant.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(clean(&text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(D::Error::custom("text is expected"))
        }
    }
}

/// A visit's length in minutes: a number, or text that begins with one ("90", "90 minutes").
///
/// Anything else reads as zero minutes, which no visit can last, so that the caller is asked.
///
/// # Errors
///
/// As [`text`].
pub fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i32>, D::Error> {
    let Some(text) = text(deserializer)? else {
        return Ok(None);
    };
    let number = text.split_whitespace().next().unwrap_or_default();
    let whole = number.strip_suffix(".0").unwrap_or(number);
    Ok(Some(whole.parse().unwrap_or(0)))
}

/// The visit's length, within the bounds of the schema.
///
/// # Errors
///
/// [`Need::Duration`] outside 1 to 480 minutes.
pub fn duration(minutes: Option<i32>) -> Result<Option<i32>, Need> {
    match minutes {
        None | Some(1..=480) => Ok(minutes),
        Some(_) => Err(Need::Duration),
    }
}

/// The words in a value of any kind: a text, a number written out, and those within a list or an object; `None` when there
/// are none. For what must be understood whatever its form.
#[must_use]
pub fn words(value: &Value) -> Option<String> {
    clean(&texts(value).join(". "))
}

/// Every text and number within a value, in order.
#[must_use]
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
    }
}

/// The words in arguments that are no JSON, such as a text that was cut off: what stands in quotes and is no key, or all of
/// it where there are no quotes.
#[must_use]
pub fn words_of_broken(json: &str) -> Option<String> {
    if let Ok(value) = serde_json::from_str(json) {
        return words(&value);
    }
    let parts: Vec<&str> = quoted(json);
    if parts.len() < 2 {
        return clean(json);
    }
    let is_key = |at: usize| {
        let behind = parts.get(at + 1).map(|behind| behind.trim_start());
        behind.is_some_and(|behind| behind.starts_with(':'))
    };
    let said: Vec<String> = parts
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 2 == 1 && !is_key(*at))
        .map(|(_, part)| serde_json::from_str(&format!("\"{part}\"")).unwrap_or((*part).to_owned()))
        .collect();
    clean(&said.join(". "))
}

/// A text cut at its quotation marks, but for those behind a backslash: every second part stood within them.
fn quoted(text: &str) -> Vec<&str> {
    let mut is_escaped = false;
    text.split(|letter: char| {
        let ends = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    })
    .collect()
}

fn clean(text: &str) -> Option<String> {
    let printable: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    let trimmed = printable.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// The digest under which the same question is recognised when the model asks it again under a new id.
///
/// Case, spacing, the order of the arguments and blank ones make no difference.
#[must_use]
pub fn digest(tool: &str, arguments: &Map<String, Value>) -> Vec<u8> {
    let mut names: Vec<&String> = arguments.keys().collect();
    names.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(tool.as_bytes());
    for name in names {
        let Some(value) = arguments.get(name) else {
            continue;
        };
        let normal = match value {
            Value::Null => continue,
            Value::String(text) => text
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase(),
            other => other.to_string(),
        };
        if normal.is_empty() {
            continue;
        }
        // Lengths keep ("ab", "c") and ("a", "bc") apart.
        for part in [name.as_str(), normal.as_str()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().to_vec()
}
