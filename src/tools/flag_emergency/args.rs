//! The arguments of a reported emergency, in any form: any words open one.

use schemars::JsonSchema;
use serde_json::{Map, Value};

use crate::{
    domain::{
        self,
        danger::{self, Danger},
        words::Words,
    },
    tools::arguments,
};

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// What is happening, in the caller's words.
    #[serde(default)]
    pub(super) description: Option<String>,
    /// How bad it is: `low`, `normal`, `high` or `critical`; `high` if left out.
    #[serde(default)]
    pub(super) urgency: Option<String>,
    /// Where it is happening.
    #[serde(default)]
    pub(super) service_address: Option<String>,
    /// Where to call back; the caller's own number if left out.
    #[serde(default)]
    pub(super) callback_number: Option<String>,
    /// The danger to life in any of it.
    #[schemars(skip)]
    pub(super) danger: Option<Danger>,
    /// Whether an address was given in which no word can be read.
    #[schemars(skip)]
    pub(super) is_address_lost: bool,
    /// Whether the address only points at one that was said before: "same address", "my house".
    #[schemars(skip)]
    pub(super) points_at_address: bool,
}

/// Where it is happening.
const ADDRESS: &[&str] = &["service_address", "address"];
/// Where to call back.
const CALLBACK: &[&str] = &[
    "callback_number",
    "callback",
    "phone",
    "customer_phone",
    "phone_number",
];
/// What says nothing of what is happening. A word under any other name does, where there is no description.
static ABOUT_ELSE: Words = Words::new(&[
    "urgency language name customer_name caller_name email customer_email city \
     zip location date time",
]);
/// The parts of an address in the order in which they are written.
const PARTS: &[&str] = &[
    "number",
    "house_number",
    "street_number",
    "street",
    "street_name",
    "line1",
    "address_line1",
    "address1",
    "address",
    "unit",
    "apartment",
    "line2",
    "city",
    "state",
    "zip",
    "zip_code",
    "postal_code",
];

impl Args {
    /// Reads what a model gave, whatever its types: no report of an emergency is refused for its form.
    #[must_use]
    pub fn read(given: &Map<String, Value>) -> Self {
        let text = |names: &[&str]| {
            let mut values = names.iter().filter_map(|name| given.get(*name));
            values.find_map(arguments::words)
        };
        let described = given.get("description").map(arguments::texts);
        let described = described.unwrap_or_default().join(". ");
        let mut danger = danger::find(&described);
        let mut description = text(&["description"]).or_else(|| described_elsewhere(given));
        if danger.is_none() {
            // A danger that the model put under another name is part of what happened.
            let others = given.iter().filter(|(name, _)| *name != "description");
            for words in others.flat_map(|(_, value)| arguments::texts(value)) {
                if let Some(found) = danger::find(&words) {
                    danger = danger.into_iter().chain([found]).min();
                    description = description
                        .into_iter()
                        .chain(arguments::words(&Value::String(words)))
                        .reduce(|before, words| format!("{before}. {words}"));
                }
            }
        }
        let given_address = || ADDRESS.iter().filter_map(|name| given.get(*name));
        let corrected = |said: String| domain::address::corrected(&said);
        let said_address = given_address().find_map(address).map(corrected);
        let is_address_lost =
            said_address.is_none() && given_address().any(|value| !is_blank(value));
        let points = |said: &String| domain::address::only_points(said);
        let points_at_address = said_address.as_ref().is_some_and(points);
        let service_address = said_address.filter(|said| !points(said));
        Self {
            description,
            urgency: text(&["urgency"]),
            service_address,
            callback_number: text(CALLBACK),
            danger,
            is_address_lost,
            points_at_address,
        }
    }
}

/// What happened, under a name that the tool does not know: an emergency opens on any words.
fn described_elsewhere(given: &Map<String, Value>) -> Option<String> {
    let is_else =
        |name: &str| ADDRESS.contains(&name) || CALLBACK.contains(&name) || ABOUT_ELSE.has(name);
    let texts: Vec<String> = given
        .iter()
        .filter(|(name, _)| !is_else(name))
        .flat_map(|(_, value)| arguments::texts(value))
        .collect();
    arguments::words(&texts.into())
}

/// An address as one text; the parts of an object in the order in which they are written.
fn address(value: &Value) -> Option<String> {
    let Value::Object(parts) = value else {
        return arguments::words(value);
    };
    let known: Vec<String> = PARTS
        .iter()
        .filter_map(|name| parts.get(*name))
        .filter_map(arguments::words)
        .collect();
    if known.is_empty() {
        arguments::words(value)
    } else {
        Some(
            known
                .join(", ")
                .replacen(", ", " ", usize::from(starts_with_number(&known))),
        )
    }
}

/// Whether the first part is a house number by itself, which no comma follows.
fn starts_with_number(parts: &[String]) -> bool {
    parts
        .first()
        .is_some_and(|first| first.chars().all(|letter| letter.is_ascii_digit()))
}

/// Whether a value is null or blank.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}
