//! The pieces of a spoken date or time: words, numbers and the few signs that say something.
//!
//! Numbers are numbers however they are said: "14", "14th", "fourteenth", "veintiuno", "treinta y uno".

use crate::domain::{language::Language, numerals, words::Spoken};

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

/// A number that is one word, up to the minutes of an hour.
pub(super) fn spoken(word: &str) -> Option<Number> {
    let numeral = numerals::heard(word).filter(|numeral| (1..60).contains(&numeral.value))?;
    Some(Number {
        value: numeral.value,
        digits: 0,
        is_ordinal: numeral.is_ordinal,
    })
}

/// A count of a language that is one word.
fn count(word: &str, language: Language) -> Option<u32> {
    let numeral = numerals::heard(word)?;
    let is_count = !numeral.is_ordinal && (1..60).contains(&numeral.value);
    (is_count && numeral.language == language).then_some(numeral.value)
}

/// "One" or "first", behind tens: "twenty one", "thirty first".
pub(super) fn unit_of(word: &str) -> Option<Number> {
    let is_spanish = count(word, Language::Spanish).is_some();
    spoken(word).filter(|unit| !is_spanish && (1..=9).contains(&unit.value))
}

/// "Una", behind "treinta y".
pub(super) fn spanish_unit(word: &str) -> Option<u32> {
    count(word, Language::Spanish).filter(|unit| (1..=9).contains(unit))
}

/// Tens, of which a unit may follow.
pub(super) fn tens(word: &str, language: Language) -> Option<u32> {
    count(word, language).filter(|tens| *tens >= 20 && tens.is_multiple_of(10))
}
