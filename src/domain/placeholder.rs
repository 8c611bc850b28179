//! Text that stands for nothing: what a model or a form writes where it has nothing to write, and what callers are called who gave no name.
//!
//! The database knows the same words (`private.is_placeholder`, `private.is_nobody`), and a test holds both together.

use super::fold;

/// What is written for a value that there is not, folded, in words. Apostrophes may be read as blanks.
pub const PLACEHOLDERS: &[&str] = &[
    "null",
    "none",
    "nil",
    "undefined",
    "unknown",
    "unspecified",
    "unnamed",
    "unavailable",
    "na",
    "n a",
    "tbd",
    "tba",
    "todo",
    "empty",
    "blank",
    "missing",
    "string",
    "text",
    "value",
    "placeholder",
    "not provided",
    "not given",
    "not available",
    "not applicable",
    "not specified",
    "not stated",
    "not known",
    "not mentioned",
    "not said",
    "not set",
    "none given",
    "none provided",
    "nothing provided",
    "no data",
    "no value",
    "no information",
    "no answer",
    "to be determined",
    "to be provided",
    "your name",
    "your name here",
    "customer name",
    "caller name",
    "client name",
    "user name",
    "callers name",
    "customers name",
    "caller s name",
    "customer s name",
    "your address",
    "your phone number",
    "phone number",
    "insert name",
    "nulo",
    "nula",
    "ninguno",
    "ninguna",
    "desconocido",
    "desconocida",
    "indefinido",
    "indefinida",
    "vacio",
    "no proporcionado",
    "no proporcionada",
    "no dado",
    "no dada",
    "no indicado",
    "no indicada",
    "no especificado",
    "no especificada",
    "no mencionado",
    "no mencionada",
    "no disponible",
    "no aplica",
    "sin dato",
    "sin datos",
    "sin especificar",
    "sin informacion",
    "por definir",
    "nombre del cliente",
    "su nombre",
    "tu nombre",
];

/// What callers are called who gave no name, beside [`PLACEHOLDERS`], and what a telephone shows for them.
pub const NOBODIES: &[&str] = &[
    "name",
    "full name",
    "first name",
    "last name",
    "no name",
    "no name given",
    "no name provided",
    "name unknown",
    "unknown name",
    "caller",
    "the caller",
    "a caller",
    "new caller",
    "current caller",
    "unknown caller",
    "anonymous caller",
    "wireless caller",
    "caller id",
    "private",
    "private caller",
    "private number",
    "unknown number",
    "restricted",
    "blocked",
    "anonymous",
    "customer",
    "the customer",
    "a customer",
    "new customer",
    "existing customer",
    "valued customer",
    "unknown customer",
    "client",
    "the client",
    "a client",
    "new client",
    "user",
    "the user",
    "a user",
    "unknown user",
    "guest",
    "the guest",
    "a guest",
    "person",
    "the person",
    "nobody",
    "no one",
    "somebody",
    "someone",
    "nombre",
    "nombre completo",
    "sin nombre",
    "nombre desconocido",
    "cliente",
    "el cliente",
    "la cliente",
    "la clienta",
    "clienta",
    "nuevo cliente",
    "cliente nuevo",
    "cliente desconocido",
    "llamante",
    "el llamante",
    "la llamante",
    "la persona que llama",
    "persona",
    "quien llama",
    "usuario",
    "el usuario",
    "usuaria",
    "la usuaria",
    "invitado",
    "anonimo",
    "anonima",
    "nadie",
    "alguien",
    "me",
    "myself",
    "first last",
    "firstname lastname",
    "xxx",
    "no dijo",
    "no dio nombre",
    "homeowner",
    "the homeowner",
    "home owner",
    "the owner",
    "the tenant",
    "yo",
    "yo mismo",
    "el dueno",
    "la duena",
];

/// Whether a text stands for nothing: it has no letter or figure, is a template that was not filled in (`{{name}}`, `<name>`, `[name]`), or
/// one of [`PLACEHOLDERS`]. Only the whole text counts: "Noé None" is a name.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let trimmed = text.trim();
    !trimmed.chars().any(char::is_alphanumeric)
        || trimmed.contains("{{")
        || is_bracketed(trimmed)
        || is_listed(trimmed, PLACEHOLDERS)
        || is_repeated(trimmed)
}

/// Whether a name is nobody's: a placeholder, or what somebody is called who gave none. "John Doe" may be somebody.
#[must_use]
pub fn is_nobody(name: &str) -> bool {
    is_placeholder(name) || is_listed(name, NOBODIES)
}

/// Whether it is one word said again and again, which stands for nothing: a first and a last name of "null".
fn is_repeated(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().is_some_and(|first| {
        words.clone().next().is_some()
            && words.all(|word| word.eq_ignore_ascii_case(first))
            && is_listed(first, PLACEHOLDERS)
    })
}

/// Whether all of a text stands in one pair of brackets, as a template's field does.
fn is_bracketed(text: &str) -> bool {
    let text = text.trim_matches(|letter: char| matches!(letter, '"' | '\'' | '.' | '$'));
    [('<', '>'), ('[', ']'), ('{', '}'), ('%', '%')]
        .into_iter()
        .any(|(open, close)| {
            text.strip_prefix(open)
                .and_then(|rest| rest.strip_suffix(close))
                .is_some_and(|within| !within.contains([open, close]))
        })
}

fn is_listed(text: &str, words: &[&str]) -> bool {
    // None of them has a figure.
    if text.contains(char::is_numeric) {
        return false;
    }
    let said = fold::words(text).join(" ");
    words.contains(&said.as_str())
}

#[cfg(test)]
mod tests {
    use super::{is_nobody, is_placeholder};

    #[test]
    fn what_stands_for_nothing_is_known_in_any_spelling() {
        for text in [
            "",
            " ",
            "-",
            "--",
            "?",
            "...",
            "null",
            "NULL",
            "\"null\"",
            "None",
            "none.",
            "nil",
            "undefined",
            "Unknown",
            "n/a",
            "N/A",
            "N.A.",
            "NA",
            "not provided",
            "Not Provided.",
            "(not given)",
            "string",
            "{{customer_name}}",
            "{{ name }} Lopez",
            "<name>",
            "[name]",
            "[Your Name]",
            "${name}",
            "{name}",
            "%name%",
            "your name",
            "ninguno",
            "Desconocido",
            "no proporcionado",
            "NO ESPECIFICADO",
            "sin información",
            "TBD",
            "caller's name",
        ] {
            assert!(is_placeholder(text), "{text}");
            assert!(is_nobody(text), "{text}");
        }
    }

    #[test]
    fn what_callers_are_called_is_nobodys_name_and_still_a_text() {
        for name in [
            "caller",
            "The Caller",
            "customer",
            "Client",
            "user",
            "guest",
            "no name",
            "cliente",
            "el cliente",
            "La Clienta",
            "llamante",
            "sin nombre",
            "Anónimo",
            "Wireless Caller",
            "someone",
        ] {
            assert!(is_nobody(name), "{name}");
            assert!(!is_placeholder(name), "{name}");
        }
    }

    #[test]
    fn names_of_people_stay() {
        for name in [
            "Noé None",
            "John Doe",
            "Maria Lopez",
            "Nan Guest",
            "Null Island Bakery",
            "Nadia",
            "Callie",
            "Ana",
            "Jo",
            "X Æ",
            "李雷",
            "Guest House Inn",
            "Bill Customer",
            "Señor Cliente",
            "Noname Jones",
            "Sam (wife)",
            "Lopez <maria>",
        ] {
            assert!(!is_nobody(name), "{name}");
        }
    }
}
