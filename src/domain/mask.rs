//! Arguments of a tool call with everything personal taken out, as the tool log keeps them.
//!
//! What an argument is about decides what is left of it, and only what is known to be harmless is left:
//!
//! | argument | what is left |
//! |---|---|
//! | a telephone number | its last two digits: `...03` |
//! | a name | its initials: `R. M.` |
//! | an e-mail address, a street address | how long it was: `(4 words)` |
//! | a postal code | its first three characters: `802...` |
//! | a day or an hour | the words and figures of calendars and clocks; any other word is `...` |
//! | a service | the words of the organization's own services; any other word is `...` |
//! | minutes, how urgent it is, the language | as given, where they are such |
//! | anything else, such as a description | how long it was: `(12 words)` |
//!
//! No rule finds every name, street and number in free speech, so nothing of it is kept: how long it was still tells whether the model
//! passed it on, and the words themselves are in the call's transcript. A name under which nothing is known is not kept either, since a
//! model may write anything there.

mod moment;

use serde_json::{Map, Value};

use super::{catalogue::Service, fold, language::Language, urgency::Urgency};

#[cfg(test)]
mod tests;

/// The most bytes that masked arguments take as JSON.
pub const MAX_BYTES: usize = 1_000;

/// How deep lists and objects are followed; a model nests once.
const MAX_DEPTH: usize = 4;

/// The most characters of one value, and of a text that is read at all.
const MAX_CHARACTERS: usize = 120;
const MAX_READ: usize = 400;

/// The most values of one list or object.
const MAX_VALUES: usize = 20;

/// What replaces words that are left out.
const HIDDEN: &str = "...";

/// What an argument is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Phone,
    Name,
    PostalCode,
    Moment,
    Service,
    Minutes,
    Urgency,
    Language,
    /// Whatever may have anybody's data in it: addresses, descriptions, what is not known.
    Words,
}

/// The names under which models give arguments: those of the tools, and others that they invent for the same.
const NAMES: &[(&str, Kind)] = &[
    ("customer_phone", Kind::Phone),
    ("phone", Kind::Phone),
    ("phone_number", Kind::Phone),
    ("callback_number", Kind::Phone),
    ("callback", Kind::Phone),
    ("number", Kind::Phone),
    ("customer_name", Kind::Name),
    ("caller_name", Kind::Name),
    ("name", Kind::Name),
    ("postal_code", Kind::PostalCode),
    ("zip", Kind::PostalCode),
    ("zip_code", Kind::PostalCode),
    ("appointment", Kind::Moment),
    ("which", Kind::Moment),
    ("date", Kind::Moment),
    ("day", Kind::Moment),
    ("new_date", Kind::Moment),
    ("time", Kind::Moment),
    ("new_time", Kind::Moment),
    ("part_of_day", Kind::Moment),
    ("time_of_day", Kind::Moment),
    ("service", Kind::Service),
    ("service_type", Kind::Service),
    ("appointment_type", Kind::Service),
    ("duration_minutes", Kind::Minutes),
    ("duration", Kind::Minutes),
    ("minutes", Kind::Minutes),
    ("urgency", Kind::Urgency),
    ("language", Kind::Language),
    ("customer_email", Kind::Words),
    ("email", Kind::Words),
    ("service_address", Kind::Words),
    ("address", Kind::Words),
    ("street", Kind::Words),
    ("city", Kind::Words),
    ("service_description", Kind::Words),
    ("description", Kind::Words),
    ("message", Kind::Words),
    ("reason", Kind::Words),
    ("summary", Kind::Words),
    ("notes", Kind::Words),
    ("details", Kind::Words),
    ("customer", Kind::Words),
    ("caller", Kind::Words),
    ("contact", Kind::Words),
];

/// Masks the arguments of one tool call of an organization with these services. The result takes at most [`MAX_BYTES`] as JSON; what
/// does not fit is counted under `left_out`.
#[must_use]
pub fn arguments(given: &Map<String, Value>, services: &[Service]) -> Value {
    let masked = object(given, None, services, 0);
    within_bounds(masked)
}

/// Masks arguments that could not be read as any.
#[must_use]
pub fn unreadable(text: &str) -> Value {
    Value::from(format!("unreadable {}", length(text)))
}

fn object(
    given: &Map<String, Value>,
    parent: Option<Kind>,
    services: &[Service],
    depth: usize,
) -> Map<String, Value> {
    let mut masked = Map::new();
    for (name, value) in given.iter().take(MAX_VALUES) {
        let known = NAMES.iter().find(|(known, _)| known == name);
        let name = match known {
            Some((name, _)) => (*name).to_owned(),
            None => format!("unknown_{}", masked.len() + 1),
        };
        // What stands within a name or a telephone number under a name of its own is part of it.
        let kind = known.map(|(_, kind)| *kind).or(parent);
        masked.insert(
            name,
            one(value, kind.unwrap_or(Kind::Words), services, depth),
        );
    }
    masked
}

fn one(value: &Value, kind: Kind, services: &[Service], depth: usize) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => Value::from(figure(&number.to_string(), kind)),
        Value::String(text) => Value::from(words(text, kind, services)),
        Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => Value::from(HIDDEN),
        Value::Array(values) => values
            .iter()
            .take(MAX_VALUES)
            .map(|value| one(value, kind, services, depth + 1))
            .collect(),
        Value::Object(fields) => Value::Object(object(fields, Some(kind), services, depth + 1)),
    }
}

/// A JSON number: a short one where one is meant, the end of a telephone number, else nothing.
fn figure(written: &str, kind: Kind) -> String {
    match kind {
        Kind::Minutes | Kind::Moment if written.len() <= 4 => written.to_owned(),
        Kind::Phone => last_digits(written),
        Kind::PostalCode => beginning(written),
        _ => "(a number)".to_owned(),
    }
}

fn words(text: &str, kind: Kind, services: &[Service]) -> String {
    let text = cut(text, MAX_READ);
    let masked = match kind {
        _ if text.trim().is_empty() => String::new(),
        Kind::Phone => last_digits(text),
        Kind::Name => initials(text),
        Kind::PostalCode => beginning(text),
        Kind::Moment | Kind::Minutes => moment::mask(text),
        Kind::Service => of_services(text, services),
        Kind::Urgency => match Urgency::parse(text) {
            Some(urgency) => urgency.code().to_owned(),
            None => length(text),
        },
        Kind::Language => match Language::parse(text) {
            Some(language) => language.code().to_owned(),
            None => length(text),
        },
        Kind::Words => length(text),
    };
    cut(&masked, MAX_CHARACTERS).to_owned()
}

/// The last two digits of a telephone number; of what has fewer than seven only how many it has.
fn last_digits(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [.., tens, ones] if digits.len() >= 7 => format!("...{tens}{ones}"),
        [] => length(text),
        few => format!("({} digits)", few.len()),
    }
}

/// The first letter of each of up to four words.
fn initials(text: &str) -> String {
    let letters: Vec<String> = text
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphabetic()))
        .take(4)
        .map(|letter| format!("{}.", letter.to_uppercase()))
        .collect();
    if letters.is_empty() {
        length(text)
    } else {
        letters.join(" ")
    }
}

/// The first three characters of a postal code, which stand for a district.
fn beginning(text: &str) -> String {
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    match (code.len(), code.get(..3)) {
        (4..=10, Some(district)) if code.chars().any(|c| c.is_ascii_digit()) => {
            format!("{district}...")
        }
        _ => length(text),
    }
}

/// The words that the organization's own services are called by.
fn of_services(text: &str, services: &[Service]) -> String {
    let called: Vec<String> = services
        .iter()
        .flat_map(|service| {
            [Some(&service.name), service.name_es.as_ref()]
                .into_iter()
                .flatten()
                .chain(&service.keywords)
        })
        .flat_map(|phrase| fold::words(phrase))
        .collect();
    let is_harmless = |word: &String| called.contains(word) && !word.contains(char::is_numeric);
    let words = fold::words(text);
    if !words.iter().any(is_harmless) {
        return length(text);
    }
    with_hidden(
        words
            .into_iter()
            .map(|word| if is_harmless(&word) { Some(word) } else { None }),
    )
}

/// Words of which some are left out; a row of those is left out once.
fn with_hidden(words: impl Iterator<Item = Option<String>>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for word in words {
        match word {
            Some(word) => shown.push(word),
            None if shown.last().is_some_and(|last| last == HIDDEN) => {}
            None => shown.push(HIDDEN.to_owned()),
        }
    }
    shown.join(" ")
}

/// How long a text is: `(1 word)`, `(12 words)`.
fn length(text: &str) -> String {
    match text.split_whitespace().count() {
        1 => "(1 word)".to_owned(),
        count => format!("({count} words)"),
    }
}

fn cut(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

/// Those of the arguments that together are no longer than [`MAX_BYTES`].
fn within_bounds(mut masked: Map<String, Value>) -> Value {
    const COUNT: usize = r#"{"left_out":1000}"#.len();
    let all = masked.len();
    let mut used = COUNT;
    masked.retain(|name, value| {
        // Quotes, colon and comma.
        let bytes = name.len() + value.to_string().len() + 4;
        let fits = used + bytes <= MAX_BYTES;
        used += if fits { bytes } else { 0 };
        fits
    });
    if masked.len() < all {
        masked.insert("left_out".to_owned(), Value::from(all - masked.len()));
    }
    Value::Object(masked)
}
