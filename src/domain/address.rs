//! Addresses as callers say them. Which of them are the same is for the database to say (`private.is_same_address`), since the search for
//! free time asks it too.

use super::fold;

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
    use super::{postal_code, postal_code_within};

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
}
