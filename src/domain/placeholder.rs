//! Placeholders: what models and forms write where they have no value, and the names of callers who gave none.
//!
//! The database knows the same words (`private.is_placeholder`, `private.is_nobody`), and a test holds both together.

use super::{fold, words::Phrases};

/// What is written for a value that there is not, folded, in words. Apostrophes may be read as blanks.
static PLACEHOLDERS: Phrases<()> = Phrases::new(&[(
    (),
    "null, none, nil, undefined, unknown, unspecified, unnamed, unavailable, na, tbd, tba, todo, \
     empty, blank, missing, string, text, value, placeholder, nulo, nula, ninguno, ninguna, \
     desconocido, desconocida, indefinido, indefinida, vacio, n a, \
     not provided|given|available|applicable|specified|stated|known|mentioned|said|set, \
     none given|provided, nothing provided, \
     no data|value|information|answer, no proporcionado|proporcionada|dado|dada|disponible|aplica, \
     no indicado|indicada|especificado|especificada|mencionado|mencionada, \
     to be determined|provided, your|customer|caller|client|user|callers|customers|insert name, \
     your name here, caller|customer s name, your address, your phone number, phone number, \
     sin dato|datos|especificar|informacion, por definir, nombre del cliente, su|tu nombre",
)]);

/// What callers are called who gave no name, beside [`PLACEHOLDERS`], and what a telephone shows for them.
static NOBODIES: Phrases<()> = Phrases::new(&[(
    (),
    "name, caller, private, restricted, blocked, anonymous, customer, client, user, guest, \
     person, nobody, somebody, someone, nombre, cliente, clienta, llamante, persona, usuario, \
     usuaria, invitado, anonimo, anonima, nadie, alguien, me, myself, xxx, homeowner, yo, \
     full|first|last|no|unknown name, no name given|provided, name unknown, \
     the|a|new|current|unknown|anonymous|wireless|private caller, caller id, \
     private|unknown number, the|a|new|existing|valued|unknown customer, the|a|new client, \
     the|a|unknown user, the|a guest, the person|homeowner|owner|tenant, no one|dijo, \
     nombre completo|desconocido, sin nombre, el|la|nuevo cliente, \
     la clienta|llamante|usuaria|duena, cliente nuevo|desconocido, el llamante|usuario|dueno, \
     la persona que llama, quien llama, first last, firstname lastname, no dio nombre, \
     home owner, yo mismo",
)]);

/// Whether folded words are one of [`PLACEHOLDERS`].
pub(super) fn is_listed_one(said: &str) -> bool {
    PLACEHOLDERS.get(said).is_some()
}

/// Every text of both lists, for whoever holds them against those of the database.
pub fn listed() -> impl Iterator<Item = String> {
    PLACEHOLDERS.iter().chain(NOBODIES.iter())
}

/// Whether a text is a placeholder: it has no letter or digit, is a template that was not filled in (`{{name}}`, `<name>`, `[name]`), or
/// one of [`PLACEHOLDERS`]. Only the whole text counts: "Noé None" is a name.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let trimmed = text.trim();
    !trimmed.chars().any(char::is_alphanumeric)
        || trimmed.contains("{{")
        || is_bracketed(trimmed)
        || is_listed(trimmed, &PLACEHOLDERS)
        || is_repeated(trimmed)
}

/// Whether a name is nobody's: a placeholder, or what somebody is called who gave none. "John Doe" may be somebody.
#[must_use]
pub fn is_nobody(name: &str) -> bool {
    is_placeholder(name) || is_listed(name, &NOBODIES)
}

/// Whether it is one placeholder repeated, such as a first and a last name of "null".
fn is_repeated(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next().is_some_and(|first| {
        words.clone().next().is_some()
            && words.all(|word| word.eq_ignore_ascii_case(first))
            && is_listed(first, &PLACEHOLDERS)
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

fn is_listed(text: &str, listed: &Phrases<()>) -> bool {
    // None of them has a figure.
    if text.contains(char::is_numeric) {
        return false;
    }
    listed.get(&fold::words(text).join(" ")).is_some()
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
