//! Telephone numbers: as callers and models give them, and as the line signals them.

use std::fmt;

use chrono_tz::Tz;
use phonenumber::Mode;

use super::{area, fold, words::Words};
use dialled::{Dialled, Hundreds};
use pointing::stands_for_nothing;

mod dialled;
mod pointing;
#[cfg(test)]
mod tests;

/// The most characters of a spoken number that are read: 15 digits (E.164), each of which may be a word, and some words
/// around them.
const MAX_CHARACTERS: usize = 240;
/// The plus sign and 15 digits (ITU-T E.164).
const MAX_E164: usize = 16;
/// Digits of a number of the North American Numbering Plan without its country code.
const NANP_DIGITS: usize = 10;

/// The area codes of North America that are toll-free (<https://www.nanpa.com>).
pub(super) const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

/// Words that take back the number before them.
static CORRECTING: Words =
    Words::new(&["no wait sorry actually mean rather correction perdon digo espere mejor"]);

/// A telephone number in E.164 form, such as `+13035550123`.
///
/// Its `Debug` text shows the last four digits only, and it has no `Display`: numbers do not belong in logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Why a text is no telephone number; each asks for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneProblem {
    /// Nothing was given: ask for the number.
    #[error("no telephone number was given")]
    Missing,
    /// Digits are missing, such as the area code: ask for the whole number.
    #[error("the telephone number has too few digits")]
    Incomplete,
    /// No such number can exist: ask for it again.
    #[error("that is not a telephone number")]
    Invalid,
}

impl Phone {
    /// Whether whoever has this number may well be in another place than whoever has the other one: another country, or
    /// another area of North America. Of a toll-free number nothing can be said.
    #[must_use]
    pub fn is_far_from(&self, other: &Self) -> bool {
        match (self.area(), other.area()) {
            (Some(here), Some(there)) => {
                here != there && !TOLL_FREE.contains(&here) && !TOLL_FREE.contains(&there)
            }
            (None, None) => false,
            _ => true,
        }
    }

    /// The time zone of the number's area, if it has one that is known.
    #[must_use]
    pub fn zone(&self) -> Option<Tz> {
        area::zone(self.area()?)
    }

    /// The area code of a number in North America.
    fn area(&self) -> Option<&str> {
        self.0.strip_prefix("+1")?.get(..3)
    }

    /// Reads a number as it is said or written; without a country code it is one of the United States.
    ///
    /// Separators, digits that are words ("three twelve", "double five", "noventa y nueve"), `00` and `011` prefixes and
    /// numbers that were written as fractions (`3125550199.0`) are understood. What follows a whole number is no part of
    /// it: words, a second number, and an extension. Text in place of a number that means
    /// "the one I am calling from", or that a model writes for nothing, is [`PhoneProblem::Missing`].
    ///
    /// # Errors
    ///
    /// A [`PhoneProblem`] that says what to ask for.
    pub fn parse(text: &str) -> Result<Self, PhoneProblem> {
        if text.chars().nth(MAX_CHARACTERS).is_some() {
            return Err(PhoneProblem::Invalid);
        }
        if stands_for_nothing(text) {
            return Err(PhoneProblem::Missing);
        }
        let folded = fold::fold(text);
        let folded = folded.trim();
        let folded = folded.strip_prefix("tel:").unwrap_or(folded);
        if let Some(corrected) = Self::corrected(folded) {
            return Ok(corrected);
        }
        if let Some(digits) = of_a_fraction(folded) {
            return Self::of_digits(&digits?, false);
        }
        let is_whole =
            |dialled: &Dialled| Self::of_digits(&dialled.digits, dialled.international).is_ok();
        let read = |hundreds| {
            let dialled = Dialled::read(folded, hundreds, is_whole)?;
            Self::of_digits(&dialled.digits, dialled.international)
        };
        // "Trescientos dos" is 302, and "eight hundred five five five" is 800 and more.
        read(Hundreds::Stand).or_else(|problem| read(Hundreds::TakeUnits).map_err(|_same| problem))
    }

    /// The number that takes back the one before it: "303 555 0123, no, 303 555 0124", and of the last digits alone "no, 0124".
    fn corrected(folded: &str) -> Option<Self> {
        let words: Vec<&str> = folded.split_whitespace().collect();
        let at = words.iter().rposition(|word| {
            CORRECTING.has(word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        })?;
        let (before, after) = words.split_at_checked(at)?;
        let (before, after) = (before.join(" "), after.get(1..)?.join(" "));
        if let Ok(second) = Self::parse(&after) {
            return Some(second);
        }
        let first = Self::parse(&before).ok()?;
        let digits: String = after.chars().filter(char::is_ascii_digit).collect();
        if after.contains(char::is_alphabetic) || ![4, 7].contains(&digits.len()) {
            return None;
        }
        let kept = first.0.get(..first.0.len() - digits.len())?;
        Self::parse(&[kept, &digits].concat()).ok()
    }

    /// The number that digits make, with a country code behind a plus sign.
    fn of_digits(digits: &str, international: bool) -> Result<Self, PhoneProblem> {
        if international {
            return Self::international(digits);
        }
        // "011" is dialled from North America for a country code, "00" from most other places.
        match digits.strip_prefix("011").or(digits.strip_prefix("00")) {
            Some(rest) => Self::international(rest),
            None if digits.len() < NANP_DIGITS => Err(PhoneProblem::Incomplete),
            None if digits.len() == NANP_DIGITS => Self::north_american(digits),
            // A digit too many makes no foreign number of one of North America.
            None if digits.len() == NANP_DIGITS + 1
                && digits
                    .get(..NANP_DIGITS)
                    .is_some_and(|digits| Self::north_american(digits).is_ok()) =>
            {
                Err(PhoneProblem::Invalid)
            }
            None => Self::international(digits),
        }
    }

    /// Reads the caller id that the line signals; `None` when it was withheld or is no number.
    ///
    /// Unlike what is said, a signalled number is E.164, or ten or eleven digits of the North American plan, possibly
    /// within a `tel:` or `sip:` address; anything else would be a guess.
    #[must_use]
    pub fn signalled(text: &str) -> Option<Self> {
        if text.chars().nth(MAX_CHARACTERS).is_some() {
            return None;
        }
        let lower = text.trim().to_ascii_lowercase();
        let address = ["sips:", "sip:", "tel:"]
            .iter()
            .find_map(|scheme| lower.strip_prefix(scheme))
            .unwrap_or(&lower);
        let user = address.split(['@', ';']).next().unwrap_or_default();
        let (digits, international) = match user.strip_prefix('+') {
            Some(digits) => (digits, true),
            None => (user, false),
        };
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        if international {
            if spells_a_withheld_number(digits) {
                return None;
            }
            return Self::international(digits).ok();
        }
        match digits.strip_prefix('1') {
            Some(national) => Self::north_american(national).ok(),
            None => Self::north_american(digits).ok(),
        }
    }

    /// The number in E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number from its country code on.
    fn international(digits: &str) -> Result<Self, PhoneProblem> {
        if let Some(national) = digits.strip_prefix('1') {
            return Self::north_american(national);
        }
        if digits.len() < 8 {
            return Err(PhoneProblem::Incomplete);
        }
        let number = phonenumber::parse(None, format!("+{digits}"))
            .map_err(|_unparsed| PhoneProblem::Invalid)?;
        if !phonenumber::is_valid(&number) {
            return Err(PhoneProblem::Invalid);
        }
        let written = number.format().mode(Mode::E164).to_string();
        // The library lets some national plans exceed what E.164 and the networks carry.
        if written.len() > MAX_E164 {
            return Err(PhoneProblem::Invalid);
        }
        Ok(Self(written))
    }

    /// A number of the North American plan, without its country code.
    ///
    /// The plan's shape is checked rather than the numbers that are in service, which is what the library's `is_valid`
    /// does: new area codes open every year, and 555-01XX, kept free for demonstrations, is never in service.
    /// Area codes and exchanges begin with 2 to 9, and N11 is no area code (<https://www.nanpa.com>).
    fn north_american(national: &str) -> Result<Self, PhoneProblem> {
        if national.len() < NANP_DIGITS {
            return Err(PhoneProblem::Incomplete);
        }
        let [area, b, c, exchange, ..] = national.as_bytes() else {
            return Err(PhoneProblem::Invalid);
        };
        let begins = |digit: &u8| (b'2'..=b'9').contains(digit);
        let service_code = (*b, *c) == (b'1', b'1');
        if national.len() != NANP_DIGITS || !begins(area) || !begins(exchange) || service_code {
            return Err(PhoneProblem::Invalid);
        }
        Ok(Self(["+1", national].concat()))
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown_from = self.0.chars().count().saturating_sub(4);
        let masked: String = self
            .0
            .chars()
            .enumerate()
            .map(|(place, digit)| match digit {
                '+' => '+',
                '1' if place == 1 => '1',
                digit if place >= shown_from => digit,
                _ => '*',
            })
            .collect();
        write!(formatter, "Phone({masked})")
    }
}

/// The digits of a number that a program wrote as a fraction: `3125550199.0`, `3.125550199e9`.
///
/// Where digits would be lost it is no number at all.
fn of_a_fraction(text: &str) -> Option<Result<String, PhoneProblem>> {
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
            (
                mantissa,
                exponent.parse::<usize>().ok().filter(|by| *by <= 15)?,
            )
        }
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    // Digits alone, and "303.5550123", are no fraction.
    if exponent == 0 && (whole.len() < NANP_DIGITS || fraction.is_empty()) {
        return None;
    }
    let (moved, lost) = fraction.split_at_checked(exponent.min(fraction.len()))?;
    if !lost.bytes().all(|digit| digit == b'0') {
        return Some(Err(PhoneProblem::Invalid));
    }
    let noughts = "0".repeat(exponent.saturating_sub(moved.len()));
    Some(Ok(format!("{whole}{moved}{noughts}")))
}

/// Numbers that spell ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN and BLOCKED on a telephone's keys: carriers signal
/// them as if they were E.164 when the caller withholds the number.
fn spells_a_withheld_number(digits: &str) -> bool {
    [
        "266696687",
        "7378742833",
        "86282452253",
        "8656696",
        "2562533",
    ]
    .contains(&digits)
}

/// A decimal digit of the scripts that a keyboard of a caller may write: ASCII, full width, Arabic, Persian.
fn digit(letter: char) -> Option<char> {
    let zero = match letter {
        '0'..='9' => return Some(letter),
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10)
}
