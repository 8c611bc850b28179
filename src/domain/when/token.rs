//! The pieces of a spoken date or time: words, numbers and the few signs that say something.
//!
//! Numbers are numbers however they are said: "14", "14th", "fourteenth", "veintiuno", "treinta y uno".

use super::{references, spelling};

/// The most pieces that are looked at: a longer text is a story and not a time.
const MAX_TOKENS: usize = 40;

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

/// The pieces of a folded text; `None` for one that is too long or has a sign that no time has.
pub(super) fn tokens(folded: &str) -> Option<Vec<Token<'_>>> {
    let mut raw = Vec::with_capacity(12);
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let (token, after) = next(first, rest, folded)?;
        raw.extend(token);
        if raw.len() > MAX_TOKENS * 2 {
            return None;
        }
        rest = after;
    }
    let tokens = merged(&raw);
    (tokens.len() <= MAX_TOKENS).then_some(tokens)
}

type Read<'a> = (Option<Token<'a>>, &'a str);

fn next<'a>(first: char, rest: &'a str, whole: &'a str) -> Option<Read<'a>> {
    let width = first.len_utf8();
    let behind = rest.get(width..)?;
    Some(match first {
        '0'..='9' => number(rest)?,
        'º' | 'ª' | '°' => (None, behind),
        _ if first.is_alphabetic() => word(rest)?,
        ':' => (Some(Token::Colon), behind),
        '.' => {
            let at = whole.len() - rest.len();
            let before = whole.get(..at).and_then(|text| text.chars().next_back());
            let is_clock = before.is_some_and(|sign| sign.is_ascii_digit())
                && behind.starts_with(|sign: char| sign.is_ascii_digit());
            (is_clock.then_some(Token::Colon), behind)
        }
        '/' => (Some(Token::Slash), behind),
        '&' => (Some(Token::Word("and")), behind),
        '-' | '–' | '—' => (Some(Token::Dash), behind),
        ',' | ';' | '!' | '?' | '¡' | '¿' | '"' | '“' | '”' | '«' | '»' | '(' | ')' | '#' | '~'
        | '…' | '@' => (None, behind),
        _ if first.is_whitespace() => (None, behind),
        _ => return None,
    })
}

fn number(rest: &str) -> Option<Read<'_>> {
    let end = rest
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, behind) = rest.split_at_checked(end)?;
    // What has more digits is no part of any date.
    if digits.len() > 8 {
        return None;
    }
    let ending = behind.strip_prefix('.').unwrap_or(behind);
    let letters_end = ending
        .find(|sign: char| !sign.is_alphabetic() && sign != '°')
        .unwrap_or(ending.len());
    let (letters, after) = ending.split_at_checked(letters_end)?;
    let is_ordinal = matches!(
        letters,
        "st" | "nd"
            | "rd"
            | "th"
            | "ro"
            | "er"
            | "do"
            | "to"
            | "mo"
            | "vo"
            | "no"
            | "º"
            | "ª"
            | "°"
    );
    let number = Number {
        value: digits.parse().ok()?,
        digits: u8::try_from(digits.len()).ok()?,
        is_ordinal,
    };
    let behind = if is_ordinal { after } else { behind };
    Some((Some(Token::Number(number)), behind))
}

fn word(rest: &str) -> Option<Read<'_>> {
    let end = rest
        .find(|sign: char| !sign.is_alphabetic())
        .unwrap_or(rest.len());
    let (word, behind) = rest.split_at_checked(end)?;
    // "a.m.", "p. m."
    if matches!(word, "a" | "p")
        && let Some(half) = behind.strip_prefix('.')
        && let Some(after) = half.trim_start().strip_prefix('m')
        && !after.starts_with(char::is_alphabetic)
    {
        let name = if word == "a" { "am" } else { "pm" };
        return Some((Some(Token::Word(name)), after));
    }
    // "Threeish": the ending is a word of its own.
    if let Some(stem) = spelling::without_ish(word) {
        return Some((Some(Token::Word(stem)), rest.get(stem.len()..)?));
    }
    Some((Some(Token::Word(spelling::corrected(word))), behind))
}

/// Puts spoken numbers together: "twenty one", "thirty first", "treinta y uno".
fn merged<'a>(raw: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut tokens = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, behind @ ..] = rest {
        let before = raw.get(..raw.len() - rest.len()).unwrap_or_default();
        let (token, after) = match (first, behind) {
            (Token::Word(tens), [Token::Word(unit), after @ ..])
                if let Some(tens) = english_tens(tens)
                    && !references::points_behind_minutes(unit, before)
                    && let Some(unit) = unit_of(unit) =>
            {
                (spelled(tens + unit.value, unit.is_ordinal), after)
            }
            // "twenty-one"
            (Token::Word(tens), [Token::Dash, Token::Word(unit), after @ ..])
                if let Some(tens) = english_tens(tens)
                    && let Some(unit) = unit_of(unit) =>
            {
                (spelled(tens + unit.value, unit.is_ordinal), after)
            }
            (Token::Word(tens), [Token::Word("y"), Token::Word(unit), after @ ..])
                if let Some(tens) = spanish_tens(tens)
                    && let Some(unit @ 1..=9) = spanish(unit) =>
            {
                (spelled(tens + unit, false), after)
            }
            (Token::Word(word), after) => match spoken(word) {
                Some(number) if !references::points(word, before, after) => {
                    (Token::Number(number), after)
                }
                _ => (*first, after),
            },
            (_, after) => (*first, after),
        };
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn spelled<'a>(value: u32, is_ordinal: bool) -> Token<'a> {
    Token::Number(Number {
        value,
        digits: 0,
        is_ordinal,
    })
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

fn unit_of(word: &str) -> Option<Number> {
    spoken(word).filter(|unit| (1..=9).contains(&unit.value) && spanish(word).is_none())
}

fn english_tens(word: &str) -> Option<u32> {
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

fn spanish_tens(word: &str) -> Option<u32> {
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

fn spanish(word: &str) -> Option<u32> {
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
