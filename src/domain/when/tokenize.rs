//! How a folded text is cut into tokens: numbers that are said in several words become one, and misspelled words are corrected.

use super::{
    references, spelling,
    token::{Number, Token, spanish_unit, spoken, tens, unit_of},
};
use crate::domain::language::Language::{English, Spanish};

/// The most pieces that are looked at: a longer text is a story and not a time.
const MAX_TOKENS: usize = 40;

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
                if let Some(tens) = self::tens(tens, English)
                    && !references::points_behind_minutes(unit, before)
                    && let Some(unit) = unit_of(unit) =>
            {
                (spelled(tens + unit.value, unit.is_ordinal), after)
            }
            // "twenty-one"
            (Token::Word(tens), [Token::Dash, Token::Word(unit), after @ ..])
                if let Some(tens) = self::tens(tens, English)
                    && let Some(unit) = unit_of(unit) =>
            {
                (spelled(tens + unit.value, unit.is_ordinal), after)
            }
            (Token::Word(tens), [Token::Word("y"), Token::Word(unit), after @ ..])
                if let Some(tens) = self::tens(tens, Spanish)
                    && let Some(unit) = spanish_unit(unit) =>
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
