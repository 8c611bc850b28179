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
     vivimos tiene tienen sigue y antes vez ultima pasada",
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

/// Words of these that take back by themselves; the others only where they stand between two commas.
static TAKING_BACK: Words =
    Words::new(&["sorry wait actually mean perdon perdone espere digo mejor"]);

/// The longest text that is looked through for corrections, in characters; in a longer one all of it stays.
const MAX_CORRECTED: usize = 300;

/// An address without what was taken back: "no, 24 Elm Street", "12 Elm Street, sorry, 24 Elm Street", "Calle Olmo 12, no, 14". Where it is not
/// clear what is, all of it stays.
#[must_use]
pub fn corrected(said: &str) -> String {
    if said.chars().nth(MAX_CORRECTED).is_some() {
        return said.to_owned();
    }
    let parts: Vec<&str> = said.split(',').map(str::trim).collect();
    let found = (0..parts.len()).rev().find_map(|place| {
        let behind = behind_correction(parts.get(place)?, place == 0)?;
        let others = parts.get(place + 1..)?.iter().copied();
        let behind: Vec<&str> = std::iter::once(behind)
            .chain(others)
            .filter(|part| !part.is_empty())
            .collect();
        (!behind.is_empty()).then(|| (place, behind.join(", ")))
    });
    let Some((place, behind)) = found else {
        return said.to_owned();
    };
    let mut before = parts.get(..place).unwrap_or_default();
    while let [others @ .., last] = before
        && behind_correction(last, false) == Some("")
    {
        before = others;
    }
    let before = corrected(&before.join(", "));
    if before.is_empty() || is_whole(&behind) {
        return behind;
    }
    let is_number = behind.chars().all(|letter| letter.is_ascii_digit());
    let mut numbers = before
        .split(' ')
        .filter(|word| word.trim_end_matches(',').parse::<u32>().is_ok());
    match (numbers.next(), numbers.next()) {
        (Some(number), None) if is_number => {
            let number = number.trim_end_matches(',');
            before.replacen(number, &behind, 1)
        }
        _ => said.to_owned(),
    }
}

/// What stands behind the words in a part of an address that take back what was before it.
fn behind_correction(part: &str, is_first: bool) -> Option<&str> {
    let mut rest = part;
    let (mut takes_back, mut has_corrected) = (false, false);
    while let Some(word) = rest.split_whitespace().next() {
        let plain = fold::words(word).join(" ");
        // "No. 5" is a number.
        if !CORRECTING.has(&plain) || word.ends_with('.') {
            break;
        }
        (takes_back, has_corrected) = (takes_back || TAKING_BACK.has(&plain), true);
        rest = rest.get(word.len()..)?.trim_start();
    }
    let is_alone = has_corrected && rest.is_empty();
    (is_alone || (takes_back && !is_first)).then_some(rest)
}

/// What a street is called, behind its name in English and before it in Spanish.
static STREETS: Words = Words::new(&[
    "alley avenue ave boulevard blvd circle court ct drive dr highway hwy lane ln loop parkway pkwy place pl road rd \
     square street st terrace trail way",
    "andador avenida av boulevard bulevar calle calzada callejon camino carretera cerrada circuito paseo privada",
]);

/// The most words of an address that stands by itself, up to its first comma: "3 houses down the street" is none.
const MAX_WHOLE: usize = 4;

/// Whether words are an address by themselves: "24 Elm Street", "Calle Olmo 14, Denver".
fn is_whole(said: &str) -> bool {
    let words = fold::words(said.split(',').next().unwrap_or_default());
    let is_number = |word: &String| word.chars().all(|letter| letter.is_ascii_digit());
    match words.as_slice() {
        [first, _, .., last] if words.len() <= MAX_WHOLE => {
            is_number(first) && STREETS.has(last) || STREETS.has(first) && is_number(last)
        }
        _ => false,
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
            ("12 Elm Street, no, 14 Elm Street", "14 Elm Street"),
            (
                "12 Elm Street, sorry, 14 Elm Street, Denver",
                "14 Elm Street, Denver",
            ),
            ("12 Elm Street, no wait 14 Elm Street", "14 Elm Street"),
            ("12 Elm Street, Denver, no, 14", "14 Elm Street, Denver"),
            ("Calle Roble 12, no, perdón, 14", "Calle Roble 14"),
            ("Calle Roble 12, digo, Calle Olmo 14", "Calle Olmo 14"),
            ("12 Elm Street, no, 14, no, 16", "16 Elm Street"),
            ("12 Elm Street, No. 5", "12 Elm Street, No. 5"),
            ("12 Elm Street, no 5", "12 Elm Street, no 5"),
            (
                "12 Elm Street, apartment 3, no, apartment 4",
                "12 Elm Street, apartment 3, no, apartment 4",
            ),
            (
                "12 Elm Street, sorry, 3 floor",
                "12 Elm Street, sorry, 3 floor",
            ),
            (
                "12 Elm Street, sorry, the back door",
                "12 Elm Street, sorry, the back door",
            ),
            (
                "12 Elm Street, actually, 3 houses down the street",
                "12 Elm Street, actually, 3 houses down the street",
            ),
            (
                "12 Elm Street, wait, 24 Hour Fitness",
                "12 Elm Street, wait, 24 Hour Fitness",
            ),
            (
                "Calle Roble 12, perdón, la casa 3",
                "Calle Roble 12, perdón, la casa 3",
            ),
        ] {
            assert_eq!(corrected(said), address, "{said}");
        }
        let long = "12, no, ".repeat(200);
        assert_eq!(corrected(&long), long);
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
            "la misma de antes",
            "la misma de la última vez",
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
