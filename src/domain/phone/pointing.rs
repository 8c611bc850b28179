//! Words in the place of a number that stand for nothing, or for the number that is calling.

use crate::domain::fold;

/// Whether a text is there only because a field had to be filled, or points at the number that is calling.
pub(super) fn stands_for_nothing(text: &str) -> bool {
    if is_template(text.trim()) {
        return true;
    }
    let words = fold::words(text);
    let said = words.join(" ");
    if NOTHING.contains(&said.as_str()) {
        return true;
    }
    let points = words.iter().any(|word| POINTING.contains(&word.as_str()));
    let is_known =
        |word: &String| POINTING.contains(&word.as_str()) || AROUND.contains(&word.as_str());
    points && words.iter().all(is_known)
}

/// An unfilled template: `{{customer.number}}`, `${phone}`, `<phone>`, `[phone number]`.
fn is_template(text: &str) -> bool {
    let has_letters = text.contains(|sign: char| sign.is_alphabetic());
    let is_within = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
    has_letters
        && (is_within("{", "}")
            || is_within("${", "}")
            || is_within("<", ">")
            || is_within("[", "]")
            || is_within("%", "%"))
}

const NOTHING: &[&str] = &[
    "",
    "none",
    "null",
    "nil",
    "nan",
    "n a",
    "na",
    "tbd",
    "unknown",
    "undefined",
    "anonymous",
    "private",
    "restricted",
    "blocked",
    "string",
    "phone",
    "phone number",
    "customer phone",
    "caller phone",
    "not provided",
    "not specified",
    "not given",
    "not available",
    "no phone",
    "no number",
    "same",
    "customer number",
    "the one im on",
    "the one im on right now",
    "the number im on",
    "the phone im on",
    "ninguno",
    "desconocido",
    "no disponible",
    "no proporcionado",
    "sin numero",
    "numero de telefono",
    "telefono",
];

/// Words that point at the number that is calling.
const POINTING: &[&str] = &[
    "my", "mine", "this", "same", "caller", "callers", "current", "calling", "called", "mi", "mio",
    "este", "esta", "mismo", "misma", "llamo", "llamando", "llame", "hablo", "hablando", "marco",
    "marcando",
];

/// Words that may stand beside them and name no other number.
const AROUND: &[&str] = &[
    "a",
    "am",
    "at",
    "back",
    "call",
    "cell",
    "cellphone",
    "cellular",
    "from",
    "here",
    "i",
    "id",
    "im",
    "is",
    "it",
    "its",
    "just",
    "line",
    "me",
    "mobile",
    "now",
    "number",
    "on",
    "one",
    "phone",
    "please",
    "right",
    "sure",
    "telephone",
    "text",
    "thats",
    "that",
    "the",
    "to",
    "use",
    "with",
    "yeah",
    "yes",
    "you",
    "youre",
    "have",
    "aqui",
    "ahorita",
    "al",
    "cel",
    "celular",
    "de",
    "del",
    "desde",
    "donde",
    "el",
    "en",
    "es",
    "estoy",
    "favor",
    "la",
    "le",
    "les",
    "linea",
    "lo",
    "los",
    "me",
    "movil",
    "no",
    "numero",
    "por",
    "que",
    "si",
    "telefono",
    "tengo",
    "un",
    "use",
    "usa",
    "claro",
    "yo",
    "cual",
];
