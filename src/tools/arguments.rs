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
