//! Reads a tool's arguments as models write them: numbers as text, text as numbers, lists and objects for text, several accepted names,
//! nulls, blanks and placeholders for what is left out; and asks for what is missing.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

use crate::domain::{
    address, duration,
    language::Language,
    name,
    phone::{Phone, PhoneProblem},
    placeholder,
    speech::Speech,
};

/// The longest argument that is kept, in characters; a description is a few sentences, and more is cut off.
const MAX_CHARACTERS: usize = 2_000;

/// The longest appointment, in minutes, as in the schema.
const MAX_MINUTES: u32 = 480;

/// The arguments of one tool call. Nothing in them is refused for its form: what cannot be read counts as left out.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a>(pub &'a Map<String, Value>);

impl Arguments<'_> {
    /// The text under the first of these names that has any. Control characters become spaces, since what a caller says is stored and
    /// returns to the model later.
    #[must_use]
    pub fn text(self, names: &[&str]) -> Option<String> {
        let mut values = names.iter().filter_map(|name| self.0.get(*name));
        values.find_map(|value| text(value).filter(|text| !placeholder::is_placeholder(text)))
    }

    /// The address under the first of these names that has any. "Same address" and "my house" say none.
    #[must_use]
    pub fn address(self, names: &[&str]) -> Option<String> {
        self.text(names)
            .map(|said| address::corrected(&said))
            .filter(|said| !address::only_points(said))
    }

    /// The words for a day or an hour under the first of these names that has any. Of a list or an object only its texts count: a number
    /// in it may be anything.
    #[must_use]
    pub fn when(self, names: &[&str]) -> Option<String> {
        let mut values = names.iter().filter_map(|name| self.0.get(*name));
        values.find_map(|value| moment(value).filter(|text| !placeholder::is_placeholder(text)))
    }

    /// The name under the first of these names that has any, as it is stored and spoken.
    #[must_use]
    pub fn name(self, names: &[&str]) -> Option<String> {
        let mut values = names.iter().filter_map(|name| self.0.get(*name));
        values.find_map(|value| text(value).and_then(|text| name::name(&text)))
    }

    /// The length of an appointment in minutes, in any of the forms of [`duration::minutes`]. Zero counts as left out.
    #[must_use]
    pub fn minutes(self, names: &[&str]) -> Option<u32> {
        self.text(names)
            .and_then(|text| duration::minutes(&text))
            .filter(|minutes| *minutes > 0)
    }
}

/// A text, a number written out, or the parts of a list or an object as one text: an address in its fields.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => clean(text),
        Value::Number(number) => Some(written(number)),
        other => clean(&texts(other).join(", ")),
    }
}

/// As [`text`], but without the numbers in a list or an object.
fn moment(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => clean(
            &values
                .iter()
                .filter_map(moment_within)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Value::Object(fields) => clean(
            &fields
                .values()
                .filter_map(moment_within)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        plain => text(plain),
    }
}

fn moment_within(value: &Value) -> Option<String> {
    match value {
        Value::Number(_) => None,
        other => moment(other),
    }
}

/// The names of arguments that say when.
const WHEN: &[&str] = &[
    "date",
    "day",
    "new_date",
    "time",
    "new_time",
    "part_of_day",
    "time_of_day",
];

/// The most arguments that the model is told of as unreadable.
const MAX_UNREADABLE: usize = 5;

/// The names of arguments that say something of which nothing can be used, such as `true` for a text or half a telephone number. The tool
/// does without them, and the model is told to ask for them.
#[must_use]
pub fn unreadable(arguments: &Map<String, Value>) -> Vec<&str> {
    let said = |value: &Value| text(value).filter(|text| !placeholder::is_placeholder(text));
    let is_unreadable = |name: &str, value: &Value| match (name, value) {
        (_, Value::Bool(_)) => true,
        (name, Value::Array(_) | Value::Object(_)) if WHEN.contains(&name) => {
            moment(value).is_none() && text(value).is_some()
        }
        ("customer_phone" | "phone" | "callback_number", _) => said(value).is_some_and(|text| {
            matches!(
                Phone::parse(&text),
                Err(PhoneProblem::Incomplete | PhoneProblem::Invalid)
            )
        }),
        ("duration_minutes", _) => {
            said(value).is_some_and(|text| duration::minutes(&text).is_none())
        }
        _ => false,
    };
    let names = arguments
        .iter()
        .filter(|(name, value)| is_unreadable(name, value));
    names
        .map(|(name, _)| name.as_str())
        .take(MAX_UNREADABLE)
        .collect()
}

/// The length of an appointment, within the bounds of the schema.
///
/// # Errors
///
/// [`MissingArgument::Duration`] for more than 480 minutes.
pub fn duration(minutes: Option<u32>) -> Result<Option<i32>, MissingArgument> {
    match minutes {
        Some(minutes) if minutes > MAX_MINUTES => Err(MissingArgument::Duration),
        minutes => Ok(minutes.and_then(|minutes| i32::try_from(minutes).ok())),
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
        Value::Number(number) => vec![written(number)],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
    }
}

/// A number as a person writes it: `14` for the 14.0 of a model.
fn written(number: &Number) -> String {
    let mut text = number.to_string();
    if text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
    text
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
    let mut printable = Cow::Borrowed(text);
    if text.len() > MAX_CHARACTERS || text.contains(char::is_control) {
        let letters = text.chars().take(MAX_CHARACTERS);
        printable = letters
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
    }
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

/// An argument that is missing or cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingArgument {
    /// The customer's name.
    Name,
    /// A number to reach the customer at; none was given and the caller's is withheld.
    Phone,
    /// A number that was given, but cannot be a telephone number.
    WholePhone,
    /// What happened.
    Description,
    /// What the caller wants to be passed on.
    Message,
    /// The postal code of the address.
    PostalCode,
    /// An appointment's length within bounds.
    Duration,
    /// Arguments that can be read at all.
    Arguments,
}

impl MissingArgument {
    /// What is to be asked for where a number was given that cannot be one.
    #[must_use]
    pub fn phone(problem: PhoneProblem) -> Self {
        match problem {
            PhoneProblem::Missing => Self::Phone,
            PhoneProblem::Incomplete | PhoneProblem::Invalid => Self::WholePhone,
        }
    }

    /// The question to the caller.
    #[must_use]
    pub fn say(self, language: Language) -> Speech {
        Speech::new(match self {
            Self::Name => language.pick("I still need a name. Who is the visit for?", "Me falta el nombre. ¿A nombre de quién es la visita?"),
            Self::Phone => language.pick("I still need a phone number. What is the best number to reach you, with the area code?", "Me falta un número de teléfono. ¿Cuál es el mejor número para llamarle, con el código de área?"),
            Self::WholePhone => language.pick("That phone number does not seem complete. Could you give it to me again, with the area code?", "Ese número de teléfono parece incompleto. ¿Me lo repite con el código de área?"),
            Self::Description => language.pick("I still need to know what is happening. Could you tell me in a few words?", "Me falta saber qué está pasando. ¿Me lo cuenta en pocas palabras?"),
            Self::Message => language.pick("I still need the message. What should I pass on?", "Me falta el recado. ¿Qué quiere que les diga?"),
            Self::PostalCode => language.pick("I still need the zip code. What is the zip code of the address?", "Me falta el código postal. ¿Cuál es el código postal de la dirección?"),
            Self::Duration => language.pick("A visit can last from one minute to eight hours. How long should it be?", "Una visita puede durar de un minuto a ocho horas. ¿Cuánto debe durar?"),
            Self::Arguments => language.pick("I did not get the details right. Could you say that again?", "No entendí bien los datos. ¿Me los repite?"),
        })
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "needs_name",
            Self::Phone | Self::WholePhone => "needs_phone",
            Self::Description => "needs_description",
            Self::Message => "needs_message",
            Self::PostalCode => "needs_postal_code",
            Self::Duration => "needs_duration",
            Self::Arguments => "needs_arguments",
        }
    }
}
