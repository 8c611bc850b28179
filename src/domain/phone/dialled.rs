//! The digits of a number in a text: written, said one by one or in pairs, with words around them.

use super::{PhoneProblem, digit};
use crate::domain::{numerals, words::Words};

/// What would be dialled: the digits of a text, and whether a plus sign came before them.
#[derive(Debug, Default)]
pub(super) struct Dialled {
    pub digits: String,
    pub international: bool,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Digit(char),
    Word(&'a str),
    Plus,
    /// A space, a dash, a dot: what stands between digits and says nothing.
    Separator,
    /// A comma, a semicolon, a slash: what may part two numbers.
    Break,
    /// `#`, which leads an extension.
    Hash,
    Other,
}

fn pieces(folded: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let width = if let Some(digit) = digit(first) {
            pieces.push(Piece::Digit(digit));
            first.len_utf8()
        } else if first.is_alphabetic() {
            let end = rest
                .find(|sign: char| !sign.is_alphabetic())
                .unwrap_or(rest.len());
            pieces.push(Piece::Word(rest.get(..end).unwrap_or_default()));
            end
        } else {
            pieces.push(sign(first));
            first.len_utf8()
        };
        rest = rest.get(width..).unwrap_or_default();
    }
    pieces
}

fn sign(sign: char) -> Piece<'static> {
    match sign {
        '+' | '＋' => Piece::Plus,
        ',' | '/' => Piece::Break,
        '#' => Piece::Hash,
        '-' | '.' | '(' | ')' | '[' | ']' | '_' | '·' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
            Piece::Separator
        }
        _ if sign.is_whitespace() => Piece::Separator,
        _ => Piece::Other,
    }
}

/// How "trescientos dos" is put together: as 302, or as 300 and 2.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hundreds {
    TakeUnits,
    Stand,
}

impl Dialled {
    /// Reads the digits of a folded text up to the first whole number; `is_whole` says which digits are one.
    ///
    /// Words that follow a whole number are no part of it. Words before it are passed over, and so are those between
    /// its digits that people say there; another word within a number makes it unreadable.
    pub fn read(
        folded: &str,
        hundreds: Hundreds,
        is_whole: impl Fn(&Self) -> bool,
    ) -> Result<Self, PhoneProblem> {
        let pieces = pieces(folded);
        let mut dialled = Self::default();
        let mut has_words = false;
        let mut is_written = false;
        let mut rest = pieces.as_slice();
        while let [first, behind @ ..] = rest {
            let before = dialled.digits.len();
            match first {
                Piece::Digit(digit) => {
                    dialled.digits.push(*digit);
                    is_written = true;
                }
                Piece::Plus if dialled.digits.is_empty() => dialled.international = true,
                Piece::Break | Piece::Plus if begins_number(behind) && is_whole(&dialled) => break,
                Piece::Separator | Piece::Break => {}
                Piece::Word(word) => {
                    let words = spoken(word, behind, hundreds);
                    // Behind a written number a spoken one counts something else: "312-555-0199, two dogs".
                    let goes_on = !(is_written && before >= 10 && is_whole(&dialled));
                    if let Some((digits, after)) = words.filter(|_| goes_on) {
                        dialled.digits.push_str(&digits);
                        rest = after;
                        continue;
                    }
                    if is_whole(&dialled) {
                        return tail_is_plain(behind).map(|()| dialled);
                    }
                    has_words = true;
                    if dialled.digits.is_empty() {
                        if DENIALS.has(word) {
                            return Err(PhoneProblem::Invalid);
                        }
                        // "Plus one"
                        dialled.international |= *word == "plus" && begins_number(behind);
                    } else if !BETWEEN.has(word) {
                        return Err(PhoneProblem::Invalid);
                    }
                }
                Piece::Hash if is_whole(&dialled) => return Ok(dialled),
                Piece::Plus | Piece::Hash | Piece::Other => {
                    let is_extension = *first == Piece::Other
                        && matches!(behind, [Piece::Word("ext" | "isub"), ..]);
                    if is_extension && is_whole(&dialled) {
                        return Ok(dialled);
                    }
                    // Before the number quotation marks and the like say nothing.
                    if !dialled.digits.is_empty() || !has_words {
                        return Err(PhoneProblem::Invalid);
                    }
                }
            }
            rest = behind;
        }
        if dialled.digits.is_empty() {
            return Err(if has_words {
                PhoneProblem::Invalid
            } else {
                PhoneProblem::Missing
            });
        }
        Ok(dialled)
    }
}

/// What stands behind a number need not be understood, but it must be words.
fn tail_is_plain(tail: &[Piece<'_>]) -> Result<(), PhoneProblem> {
    if tail.contains(&Piece::Other) {
        return Err(PhoneProblem::Invalid);
    }
    Ok(())
}

/// Whether another whole number follows: ten digits or more.
fn begins_number(pieces: &[Piece<'_>]) -> bool {
    let mut count = 0;
    for piece in pieces {
        match piece {
            Piece::Digit(_) => count += 1,
            Piece::Word(word) if spoken(word, &[], Hundreds::Stand).is_some() => count += 1,
            Piece::Separator | Piece::Plus => {}
            _ => break,
        }
    }
    count >= 10 || (count > 0 && pieces.len() > 10 && count >= 7)
}

/// What people say between the digits of a number.
static BETWEEN: Words = Words::new(&[
    "and area code codigo dash de dot e eh el guion hyphen is es luego number numero okay period \
     punto space then uh um y ok the plus mas comma coma entonces este lada",
]);

/// What makes the number behind it one that is not to be used.
static DENIALS: Words = Words::new(&["no not never dont except wrong"]);

type Spoken<'t, 'a> = Option<(String, &'t [Piece<'a>])>;

/// The digits that a word and the ones behind it say: "twelve", "fifty-five", "double five", "trescientos doce".
fn spoken<'t, 'a>(word: &str, behind: &'t [Piece<'a>], hundreds: Hundreds) -> Spoken<'t, 'a> {
    let times = match word {
        "double" | "doble" => 2,
        "triple" | "treble" => 3,
        _ => 0,
    };
    if times > 0 {
        let (next, after) = next(behind)?;
        let digit = match next {
            Piece::Digit(digit) => digit,
            Piece::Word(word) => char::from_digit(unit(word)?, 10)?,
            _ => return None,
        };
        return Some((String::from(digit).repeat(times), after));
    }
    if let Some(hundred) = spanish_hundreds(word) {
        let (below, after) = below_hundred(behind, hundreds);
        return Some((format!("{hundred}{below:02}"), after));
    }
    if let Some(digit) = unit(word) {
        return Some(match next(behind) {
            // "Eight hundred", "five hundred fifty five"
            Some((Piece::Word("hundred"), after)) if digit > 0 => {
                let (below, after) = below_hundred(after, hundreds);
                (format!("{digit}{below:02}"), after)
            }
            Some((Piece::Word("thousand" | "mil"), after)) if digit > 0 => {
                (format!("{digit}000"), after)
            }
            _ => (digit.to_string(), behind),
        });
    }
    let (value, after) = two_digits(word, behind)?;
    Some((format!("{value:02}"), after))
}

/// The next piece that says something.
fn next<'t, 'a>(pieces: &'t [Piece<'a>]) -> Option<(Piece<'a>, &'t [Piece<'a>])> {
    match pieces {
        [Piece::Separator, rest @ ..] => next(rest),
        [first, rest @ ..] => Some((*first, rest)),
        [] => None,
    }
}

/// What is said below a hundred, behind one: "trescientos doce", "three hundred and twelve".
fn below_hundred<'t, 'a>(behind: &'t [Piece<'a>], hundreds: Hundreds) -> (u32, &'t [Piece<'a>]) {
    let led = match next(behind) {
        Some((Piece::Word("and" | "y"), after)) => after,
        _ => behind,
    };
    let Some((Piece::Word(word), after)) = next(led) else {
        return (0, behind);
    };
    if let Some(found) = two_digits(word, after) {
        return found;
    }
    match unit(word) {
        Some(unit) if unit > 0 && hundreds == Hundreds::TakeUnits => (unit, after),
        _ => (0, behind),
    }
}

/// A number of two digits: "twelve", "ninety nine", "noventa y nueve".
fn two_digits<'t, 'a>(word: &str, behind: &'t [Piece<'a>]) -> Option<(u32, &'t [Piece<'a>])> {
    if let Some(value) = teen(word) {
        return Some((value, behind));
    }
    let tens = tens(word)?;
    let (unit_word, after) = match next(behind) {
        Some((Piece::Word("y"), after)) => match next(after) {
            Some((Piece::Word(word), after)) => (word, after),
            _ => return Some((tens, behind)),
        },
        Some((Piece::Word(word), after)) => (word, after),
        _ => return Some((tens, behind)),
    };
    Some(match unit(unit_word) {
        Some(unit) if unit > 0 => (tens + unit, after),
        _ => (tens, behind),
    })
}

fn unit(word: &str) -> Option<u32> {
    match word {
        "oh" | "o" | "nought" | "naught" => Some(0),
        "un" => Some(1),
        "niner" => Some(9),
        _ => count(word).filter(|count| *count < 10),
    }
}

fn teen(word: &str) -> Option<u32> {
    count(word).filter(|count| (10..30).contains(count) && *count != 20)
}

fn tens(word: &str) -> Option<u32> {
    count(word).filter(|count| (20..100).contains(count) && count.is_multiple_of(10))
}

fn spanish_hundreds(word: &str) -> Option<u32> {
    count(word)
        .filter(|count| *count >= 100)
        .map(|count| count / 100)
}

fn count(word: &str) -> Option<u32> {
    numerals::heard(word)
        .filter(|numeral| !numeral.is_ordinal)
        .map(|numeral| numeral.value)
}
