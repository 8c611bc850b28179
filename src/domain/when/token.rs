//! The pieces of a spoken date or time: words, numbers and the few signs that say something.
//!
//! Numbers are numbers however they are said: "14", "14th", "fourteenth", "veintiuno", "treinta y uno".

use crate::domain::words::Spoken;

/// A piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A word, folded.
    Word(&'a str),
    /// A number.
    Number(Number),
    /// `:`, or a full stop between two digits.
    Colon,
    /// `/`.
    Slash,
    /// `-` or a longer dash.
    Dash,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// Its value.
    pub value: u32,
    /// How many digits it was written with; 0 for a word.
    pub digits: u8,
    /// Whether it counts a place: "14th", "first", "1º".
    pub is_ordinal: bool,
}

/// What is left of a text.
pub(super) type Rest<'t, 'a> = &'t [Token<'a>];

impl Spoken for Token<'_> {
    fn initial(&self) -> &str {
        match self {
            Token::Word(word) => word,
            // No phrase begins with another number.
            Token::Number(number) if number.is_ordinal && number.value == 1 => "first",
            _ => "",
        }
    }

    fn is(&self, word: &str) -> bool {
        match self {
            Token::Word(said) => *said == word,
            // "First", "ocho": numbers are no longer words.
            Token::Number(number) => number.digits == 0 && spoken(word) == Some(*number),
            _ => false,
        }
    }
}

/// What stands behind the first token where that is one of these words; else all of it.
pub(super) fn skip<'t, 'a>(words: &[&str], tokens: Rest<'t, 'a>) -> Rest<'t, 'a> {
    match tokens {
        [Token::Word(word), rest @ ..] if words.contains(word) => rest,
        _ => tokens,
    }
}

/// A number that is one word.
pub(super) fn spoken(word: &str) -> Option<Number> {
    let count = cardinal(word)
        .or_else(|| spanish(word))
        .or_else(|| spanish_tens(word));
    let (value, is_ordinal) = match count {
        Some(value) => (value, false),
        None => (ordinal(word).or_else(|| spanish_ordinal(word))?, true),
    };
    Some(Number {
        value,
        digits: 0,
        is_ordinal,
    })
}

pub(super) fn unit_of(word: &str) -> Option<Number> {
    spoken(word).filter(|unit| (1..=9).contains(&unit.value) && spanish(word).is_none())
}

pub(super) fn english_tens(word: &str) -> Option<u32> {
    Some(match word {
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        _ => return None,
    })
}

fn cardinal(word: &str) -> Option<u32> {
    Some(match word {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        _ => return english_tens(word),
    })
}

fn ordinal(word: &str) -> Option<u32> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}

pub(super) fn spanish_tens(word: &str) -> Option<u32> {
    Some(match word {
        "veinte" => 20,
        "treinta" => 30,
        "cuarenta" => 40,
        "cincuenta" => 50,
        _ => return None,
    })
}

/// "Cuarto" is left out: it is a quarter far more often.
fn spanish_ordinal(word: &str) -> Option<u32> {
    Some(match word {
        "primero" | "primer" | "primera" => 1,
        "segundo" | "segunda" => 2,
        "tercero" | "tercer" | "tercera" => 3,
        "quinto" | "quinta" => 5,
        _ => return None,
    })
}

pub(super) fn spanish(word: &str) -> Option<u32> {
    Some(match word {
        "uno" | "una" => 1,
        "dos" => 2,
        "tres" => 3,
        "cuatro" => 4,
        "cinco" => 5,
        "seis" => 6,
        "siete" => 7,
        "ocho" => 8,
        "nueve" => 9,
        "diez" => 10,
        "once" => 11,
        "doce" => 12,
        "trece" => 13,
        "catorce" => 14,
        "quince" => 15,
        "dieciseis" => 16,
        "diecisiete" => 17,
        "dieciocho" => 18,
        "diecinueve" => 19,
        "veintiun" | "veintiuno" | "veintiuna" => 21,
        "veintidos" => 22,
        "veintitres" => 23,
        "veinticuatro" => 24,
        "veinticinco" => 25,
        "veintiseis" => 26,
        "veintisiete" => 27,
        "veintiocho" => 28,
        "veintinueve" => 29,
        _ => return None,
    })
}
