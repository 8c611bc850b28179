//! Addresses as callers say them.

use super::fold;

/// What of an address tells it from another: the number of the house and the first word after it, since callers and
/// models write the rest in many ways ("12 Elm Street", "12 Elm St., Denver"). Without a number it is the whole address.
#[must_use]
pub fn key(address: &str) -> Option<String> {
    let folded = fold::fold(address);
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let house = words
        .iter()
        .position(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    let key = match house {
        // English puts the number first, Spanish last: "Calle Olmo 12".
        Some(0) => words.get(..2).unwrap_or(&words).join(" "),
        Some(place) => {
            let before = place.checked_sub(1).and_then(|before| words.get(before));
            [words.get(place), before]
                .into_iter()
                .flatten()
                .copied()
                .collect::<Vec<_>>()
                .join(" ")
        }
        None => words.join(" "),
    };
    (!key.is_empty()).then_some(key)
}

/// A postal code as it was said, in the form in which codes are compared: capital letters and digits alone, and of nine
/// digits the first five ("80202-1234" is in 80202).
#[must_use]
pub fn postal_code(said: &str) -> Option<String> {
    let mut code: String = said
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    if code.len() == 9 && code.chars().all(|letter| letter.is_ascii_digit()) {
        code.truncate(5);
    }
    (2..=10).contains(&code.len()).then_some(code)
}

/// The postal code within an address: the last five digits that stand alone and are not the number of the house.
#[must_use]
pub fn postal_code_within(address: &str) -> Option<String> {
    let words = fold::words(address);
    words
        .iter()
        .enumerate()
        .rev()
        .find(|(place, word)| {
            *place > 0 && word.len() == 5 && word.chars().all(|letter| letter.is_ascii_digit())
        })
        .map(|(_, word)| word.clone())
}

#[cfg(test)]
mod tests {
    use super::{key, postal_code, postal_code_within};

    #[test]
    fn a_postal_code_is_compared_by_its_letters_and_digits() {
        for (said, code) in [
            ("80202", Some("80202")),
            (" 80202-1234 ", Some("80202")),
            ("8 0 2 0 2", Some("80202")),
            ("k1a 0b1", Some("K1A0B1")),
            ("8", None),
            ("eight", Some("EIGHT")),
            ("¿?", None),
            ("a very long thing to say", None),
        ] {
            assert_eq!(postal_code(said).as_deref(), code, "{said}");
        }
        for (address, code) in [
            ("12 Elm Street, Denver, CO 80202", Some("80202")),
            ("12 Elm Street, Denver 80202-1234", Some("80202")),
            ("80202", None),
            ("12345 Elm Street", None),
            ("12345 Elm Street, 80202, apt 4", Some("80202")),
        ] {
            assert_eq!(postal_code_within(address).as_deref(), code, "{address}");
        }
    }

    #[test]
    fn an_address_is_told_by_its_house_number_and_street() {
        for (one, other) in [
            ("12 Elm Street", "12 elm st., Denver"),
            ("12 Elm Street, Apt 4", "12 Elm"),
            ("Calle Olmo 12", "calle OLMO 12, Denver"),
            ("the old mill", "The old mill."),
        ] {
            assert_eq!(key(one), key(other), "{one} and {other}");
        }
        for (one, other) in [
            ("12 Elm Street", "14 Elm Street"),
            ("12 Elm Street", "12 Oak Street"),
            ("the old mill", "the new mill"),
        ] {
            assert_ne!(key(one), key(other), "{one} and {other}");
        }
        assert_eq!(key("  , "), None);
    }
}
