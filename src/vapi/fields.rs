//! The fields of one JSON object of a message, each read only when it is asked for.
//!
//! A message carries the assistant's whole configuration and the whole conversation, of which a few hundred bytes matter
//! here. So an object is split into its fields without looking into them, and a field of an unexpected type is an absent
//! field: it can never spoil the message around it.

use std::{borrow::Cow, fmt};

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Value, value::RawValue};

/// One JSON object whose values are still text.
///
/// A list and no map: an object of a message has a dozen fields, and few of them are asked for.
#[derive(Default)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A message's outermost object, read in one go with the object in its field `message`, which is nearly all of it.
pub(super) struct Envelope<'a> {
    /// The other fields.
    pub(super) fields: Fields<'a>,
    /// The fields of the object in `message`, none unless there is one.
    pub(super) message: Fields<'a>,
}

impl<'a> Fields<'a> {
    /// Splits the text of one JSON object; of a key that is there twice the last counts.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, or JSON of another type.
    pub(super) fn read(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The fields of one raw value, none unless it is an object.
    pub(super) fn of(raw: &'a RawValue) -> Self {
        Self::read(raw.get()).unwrap_or_default()
    }

    /// The raw value of a field; `None` for null.
    pub(super) fn raw(&self, key: &str) -> Option<&'a RawValue> {
        let (_, raw) = self.0.iter().rev().find(|(known, _)| known == key)?;
        Some(*raw).filter(|raw| raw.get() != "null")
    }

    /// The fields of the object in a field, none unless there is one.
    pub(super) fn object(&self, key: &str) -> Self {
        self.raw(key).map(Self::of).unwrap_or_default()
    }

    /// The elements of the list in a field, none unless there is one.
    pub(super) fn list(&self, key: &str) -> Vec<&'a RawValue> {
        self.raw(key)
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default()
    }

    /// The objects in the list in a field; an element of another type is one without fields.
    pub(super) fn objects(&self, key: &str) -> Vec<Self> {
        let Some(raw) = self.raw(key) else {
            return Vec::new();
        };
        match serde_json::from_str::<Vec<AnyFields<'a>>>(raw.get()) {
            Ok(objects) => objects.into_iter().map(|AnyFields(it)| it).collect(),
            // One that cannot be split spoils no other.
            Err(_) => self.list(key).into_iter().map(Self::of).collect(),
        }
    }

    /// The text in a field, or a number or truth value written out; `None` when it is blank.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let raw = self.raw(key)?;
        match raw.get().chars().next()? {
            '"' => text(raw).filter(|text| !text.trim().is_empty()),
            '{' | '[' => None,
            _ => Some(raw.get().to_owned()),
        }
    }

    /// The text in a field, unless it has more than `longest` characters: a cut identifier would be another's.
    pub(super) fn short_text(&self, key: &str, longest: usize) -> Option<String> {
        self.text(key)
            .filter(|text| text.len() <= longest || text.chars().nth(longest).is_none())
    }

    /// The number in a field, also when it is written as text.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    /// The instant in a field: RFC 3339 text, or a number of milliseconds since 1970.
    pub(super) fn instant(&self, key: &str) -> Option<DateTime<Utc>> {
        let text = self.text(key)?;
        match text.parse() {
            Ok(milliseconds) => DateTime::from_timestamp_millis(milliseconds),
            Err(_) => DateTime::parse_from_rfc3339(&text)
                .ok()
                .map(|instant| instant.to_utc()),
        }
    }

    /// Whatever is in a field, read whole.
    pub(super) fn value(&self, key: &str) -> Option<Value> {
        any_value(self.raw(key)?.get())
    }

    /// Tells whether there is no field at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The name of a field, which is copied only where it is written with escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Split;

        impl<'de> Visitor<'de> for Split {
            type Value = Fields<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::with_capacity(16);
                while let Some(Key(key)) = map.next_key()? {
                    fields.push((key, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Split)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Envelope<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Open;

        impl<'de> Visitor<'de> for Open {
            type Value = Envelope<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
                let (mut fields, mut message) = (Vec::new(), Fields::default());
                while let Some(Key(key)) = map.next_key()? {
                    if key == "message" {
                        message = map.next_value::<AnyFields<'_>>()?.0;
                    } else {
                        fields.push((key, map.next_value()?));
                    }
                }
                Ok(Envelope {
                    fields: Fields(fields),
                    message,
                })
            }
        }

        deserializer.deserialize_map(Open)
    }
}

/// The fields of an object; none of anything else.
struct AnyFields<'a>(Fields<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for AnyFields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor).map(Self)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fields<'de>, A::Error> {
        Fields::deserialize(MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Fields<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Fields::default())
    }

    fn visit_bool<E>(self, _other: bool) -> Result<Fields<'de>, E> {
        Ok(Fields::default())
    }

    fn visit_i64<E>(self, _other: i64) -> Result<Fields<'de>, E> {
        Ok(Fields::default())
    }

    fn visit_u64<E>(self, _other: u64) -> Result<Fields<'de>, E> {
        Ok(Fields::default())
    }

    fn visit_f64<E>(self, _other: f64) -> Result<Fields<'de>, E> {
        Ok(Fields::default())
    }

    fn visit_str<E>(self, _other: &str) -> Result<Fields<'de>, E> {
        Ok(Fields::default())
    }

    fn visit_unit<E>(self) -> Result<Fields<'de>, E> {
        Ok(Fields::default())
    }
}

/// The text of a raw JSON string; `None` for any other type.
///
/// Half a surrogate pair, which a principal makes when it cuts a text within an emoji, becomes U+FFFD, and so does the NUL
/// character, which the database cannot keep.
pub(super) fn text(raw: &RawValue) -> Option<String> {
    let within = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    // Without an escape it is written as it is.
    if !within.contains('\\') {
        return Some(within.to_owned());
    }
    serde_json::from_str(raw.get())
        .ok()
        .map(|Lenient(text)| without_nul(text))
}

/// Any JSON; half a surrogate pair in it becomes U+FFFD, and so does the NUL character, as in [`text`].
pub(super) fn any_value(json: &str) -> Option<Value> {
    let value = serde_json::from_str(json)
        .or_else(|_| serde_json::from_str(&without_half_pairs(json)))
        .ok()?;
    // It can only be written as an escape.
    let has_nul = json.contains("\\u0000");
    Some(if has_nul { kept(value) } else { value })
}

/// JSON in which every `\\u` escape of half a surrogate pair is one of U+FFFD.
fn without_half_pairs(json: &str) -> String {
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('\\') {
        whole.push_str(before);
        let half = |text: &str, first: [char; 4]| {
            let digits = text.strip_prefix('u')?.get(..4)?;
            let starts = digits.to_ascii_lowercase();
            let is_half = starts.starts_with('d') && starts.get(1..2)?.starts_with(first);
            is_half.then(|| digits.to_owned())
        };
        let (escape, length) = match half(after, ['8', '9', 'a', 'b']) {
            Some(high) => {
                let low = after
                    .get(5..)
                    .and_then(|next| next.strip_prefix('\\'))
                    .and_then(|next| half(next, ['c', 'd', 'e', 'f']));
                match low {
                    Some(low) => (format!("\\u{high}\\u{low}"), 11),
                    None => ("\\ufffd".to_owned(), 5),
                }
            }
            None if half(after, ['c', 'd', 'e', 'f']).is_some() => ("\\ufffd".to_owned(), 5),
            // Whatever is escaped is passed over with its backslash, so that an escaped backslash begins nothing.
            None => {
                let escaped = after.chars().next().map(String::from).unwrap_or_default();
                (format!("\\{escaped}"), escaped.len())
            }
        };
        whole.push_str(&escape);
        rest = after.get(length..).unwrap_or_default();
    }
    whole.push_str(rest);
    whole
}

/// A value whose texts can all be kept by the database: its `jsonb` refuses the NUL character.
fn kept(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_nul(text)),
        Value::Array(values) => values.into_iter().map(kept).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let fields = fields.map(|(key, value)| (without_nul(key), kept(value)));
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

/// A JSON string in which half a surrogate pair is no error.
struct Lenient(String);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(LenientVisitor)
    }
}

struct LenientVisitor;

impl Visitor<'_> for LenientVisitor {
    type Value = Lenient;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Lenient, E> {
        Ok(Lenient(match String::from_utf8_lossy(bytes) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        }))
    }
}

#[cfg(test)]
mod tests;
