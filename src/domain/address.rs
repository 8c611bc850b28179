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

#[cfg(test)]
mod tests {
    use super::key;

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
