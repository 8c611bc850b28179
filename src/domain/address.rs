//! Addresses as callers say them. Which of them are the same is for the database to say (`private.is_same_address`), since the search for
//! free time asks it too.

use super::{fold, words::Words};

/// Words that point at a place that is known already.
static POINTING: Words = Words::new(&[
    "same here this my our home house file usual before previous mismo misma aqui aca mi nuestra esta casa siempre anterior",
]);

/// Words that may stand beside them and name no other place.
static AROUND: Words = Words::new(&[
    "a above address again and as at caller callers customer customers have i im in is it its just last live located \
     location mentioned of on one place property provided residence said still that the time to use usual we where you \
     donde direccion de del domicilio el en es estoy estamos ese la lo lugar misma nuestro que ubicacion ya vivo \
     vivimos tiene tienen sigue y",
]);

/// Words that take back what was said before them.
static CORRECTING: Words =
    Words::new(&["no nope oh sorry wait actually its i mean perdon perdone espere es digo mejor"]);

/// Whether the words for an address only point at one that is known, or at where the caller is: "same address", "my house", "aquí en mi casa".
#[must_use]
pub fn only_points(said: &str) -> bool {
    let words = fold::words(said);
    words.iter().any(|word| POINTING.has(word))
        && words
            .iter()
            .all(|word| POINTING.has(word) || AROUND.has(word))
}

/// An address without the words before it that take back another: "no, 24 Elm Street".
#[must_use]
pub fn corrected(said: &str) -> &str {
    match said.split_once(',') {
        Some((before, address)) if !address.trim().is_empty() => {
            let words = fold::words(before);
            let corrects = !words.is_empty() && words.iter().all(|word| CORRECTING.has(word));
            if corrects { address.trim() } else { said }
        }
        _ => said,
    }
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
    use super::{corrected, only_points, postal_code, postal_code_within};

    #[test]
    fn an_address_stands_behind_the_words_that_correct() {
        for (said, address) in [
            ("no, 24 Elm Street", "24 Elm Street"),
            ("Oh sorry, 24 Elm Street, Denver", "24 Elm Street, Denver"),
            ("perdón, es Calle Olmo 12", "es Calle Olmo 12"),
            ("No, ", "No, "),
            ("12 Elm Street, Denver", "12 Elm Street, Denver"),
            ("No. 5, Park Lane", "No. 5, Park Lane"),
        ] {
            assert_eq!(corrected(said), address, "{said}");
        }
    }

    #[test]
    fn words_that_only_point_at_a_place_are_no_address() {
        for said in [
            "same address",
            "the same address as before",
            "same as last time",
            "here",
            "my house",
            "at home",
            "the address on file",
            "la misma",
            "la misma dirección",
            "aquí en mi casa",
            "mi casa",
            "donde siempre",
        ] {
            assert!(only_points(said), "{said}");
        }
        for said in [
            "12 Home Street",
            "Casa Linda",
            "my mother's house",
            "my office",
            "la casa de mi mamá",
            "This Way 4",
            "the address",
            "apartment 4",
            "",
        ] {
            assert!(!only_points(said), "{said}");
        }
    }

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
