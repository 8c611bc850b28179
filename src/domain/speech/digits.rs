//! A telephone number as it is read out: digit by digit, with pauses where people make them.

use crate::domain::language::Language;

const ENGLISH: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];
const SPANISH: [&str; 10] = [
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
];

/// The digits of a number as words: "three zero three, five five five, zero one seven seven".
///
/// A number of North America is read without its country code; others in threes, from the country code on.
#[must_use]
pub fn digits(number: &str, language: Language) -> String {
    let digits: Vec<usize> = number
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .filter_map(|digit| usize::try_from(digit).ok())
        .collect();
    let national = match digits.as_slice() {
        [1, rest @ ..] if rest.len() == 10 => rest,
        all => all,
    };
    let names = match language {
        Language::English => ENGLISH,
        Language::Spanish => SPANISH,
    };
    let said = |group: &[usize]| {
        group
            .iter()
            .filter_map(|digit| names.get(*digit).copied())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let groups: Vec<&[usize]> = if national.len() == 10 {
        let (area, rest) = national.split_at(3);
        let (exchange, line) = rest.split_at(3);
        vec![area, exchange, line]
    } else {
        national.chunks(3).collect()
    };
    groups.into_iter().map(said).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::digits;
    use crate::domain::language::Language::{English, Spanish};

    #[test]
    fn a_number_is_read_digit_by_digit() {
        for (number, language, words) in [
            (
                "+13035550177",
                English,
                "three zero three, five five five, zero one seven seven",
            ),
            (
                "(303) 555-0123",
                Spanish,
                "tres cero tres, cinco cinco cinco, cero uno dos tres",
            ),
            (
                "+525512345678",
                Spanish,
                "cinco dos cinco, cinco uno dos, tres cuatro cinco, seis siete ocho",
            ),
            ("911", English, "nine one one"),
            ("none", English, ""),
        ] {
            assert_eq!(digits(number, language), words, "{number}");
        }
    }
}
