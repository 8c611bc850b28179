//! How long something takes, as it is said and as it is written: "1 hour", "hora y media", `PT1H30M`.

use super::{fold, numerals};

#[cfg(test)]
mod tests;

/// The most characters that are read of a text.
const MAX_CHARACTERS: usize = 80;

/// The minutes of a duration; `None` where it cannot be read or is zero.
///
/// A number alone counts minutes, so that "90" and "90.0" are an hour and a half; but a fraction alone, "1.5", may be of
/// an hour or of anything, and is not read. Neither is a choice, "one or two hours". Whether a duration is one that can be
/// booked is for the caller to judge.
#[must_use]
pub fn minutes(said: &str) -> Option<u32> {
    let said = said.trim();
    // As most models give it.
    if (1..=5).contains(&said.len()) && said.bytes().all(|digit| digit.is_ascii_digit()) {
        return said.parse().ok().filter(|minutes| *minutes > 0);
    }
    if said.chars().nth(MAX_CHARACTERS).is_some() {
        return None;
    }
    let folded = fold::fold(said);
    if folded.starts_with('-') {
        return None;
    }
    let hundredths = iso(&folded)
        .or_else(|| clock(&folded))
        .or_else(|| spoken(&pieces(&folded)?))?;
    let minutes = hundredths.checked_add(50)? / 100;
    (minutes > 0).then_some(minutes)
}

/// `PT1H30M`, `PT90M`, `PT1.5H`.
fn iso(text: &str) -> Option<u32> {
    let mut rest = text.strip_prefix("pt")?;
    let mut sum = 0u32;
    let mut has_any = false;
    while !rest.is_empty() {
        let end = rest.find(|sign: char| sign.is_ascii_alphabetic())?;
        let (figure, unit) = rest.split_at_checked(end)?;
        let value = hundredths(figure)?;
        let (times, behind) = match unit.as_bytes().first()? {
            b'h' => (60, unit.get(1..)?),
            b'm' => (1, unit.get(1..)?),
            b's' => return (has_any && value == 0).then_some(sum),
            _ => return None,
        };
        sum = sum.checked_add(value.checked_mul(times)?)?;
        has_any = true;
        rest = behind;
    }
    has_any.then_some(sum)
}

/// `1:30`, `01:30:00`: hours and minutes.
fn clock(text: &str) -> Option<u32> {
    let text = text.trim_end_matches(['h', 'r', 's', ' ']);
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
    if parts.next().is_some() || !is_pair(minutes) || seconds != "00" || hours.len() > 2 {
        return None;
    }
    let minutes: u32 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
    let hours: u32 = hours.parse().ok()?;
    (hours * 60 + minutes).checked_mul(100)
}

/// A figure in hundredths: "90", "1.5", "1,5", "90.0".
fn hundredths(figure: &str) -> Option<u32> {
    let (whole, fraction) = figure.split_once(['.', ',']).unwrap_or((figure, ""));
    let whole: u32 = whole.parse().ok()?;
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut digits = fraction.bytes().map(|digit| u32::from(digit - b'0'));
    let fraction = digits.next().unwrap_or(0) * 10 + digits.next().unwrap_or(0);
    whole.checked_mul(100)?.checked_add(fraction)
}

/// A piece of a spoken duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// A number, in hundredths.
    Number(u32),
    /// A fraction of what stands beside it, in hundredths: "half", "1/2", "cuarto".
    Fraction(u32),
    /// "A", "un": one, or nothing at all.
    One,
    Hours,
    Minutes,
    And,
}

use Piece::{And, Fraction, Hours, Minutes, Number, One};

/// The pieces of a text; `None` where one word is not known.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest
                .char_indices()
                .find(|(at, sign)| {
                    let continues = rest.get(at + sign.len_utf8()..).is_some_and(|behind| {
                        behind.starts_with(|next: char| next.is_ascii_digit())
                    });
                    !(sign.is_ascii_digit() || (matches!(sign, '.' | ',' | '/') && continues))
                })
                .map_or(rest.len(), |(at, _)| at);
            let (figure, behind) = rest.split_at_checked(end)?;
            pieces.push(match figure.split_once('/') {
                Some(("1", "2")) => Fraction(50),
                Some(("1", "4")) => Fraction(25),
                Some(("3", "4")) => Fraction(75),
                Some(_) => return None,
                None => Number(hundredths(figure)?),
            });
            rest = behind;
        } else if first.is_alphabetic() {
            let end = rest
                .find(|sign: char| !sign.is_alphabetic())
                .unwrap_or(rest.len());
            let (word, behind) = rest.split_at_checked(end)?;
            push_word(word, &mut pieces)?;
            rest = behind;
        } else {
            match first {
                '½' => pieces.push(Fraction(50)),
                '¼' => pieces.push(Fraction(25)),
                '¾' => pieces.push(Fraction(75)),
                '-' | '–' | '.' | ',' | '~' | '!' | '?' => {}
                _ if first.is_whitespace() => {}
                _ => return None,
            }
            rest = rest.get(first.len_utf8()..)?;
        }
    }
    Some(pieces)
}

fn push_word(word: &str, pieces: &mut Vec<Piece>) -> Option<()> {
    let piece = match word {
        "hour" | "hours" | "hr" | "hrs" | "h" | "hora" | "horas" | "horita" | "horitas" | "hs" => {
            Hours
        }
        "minute" | "minutes" | "min" | "mins" | "m" | "minuto" | "minutos" | "minutitos" => Minutes,
        "and" | "y" | "con" => And,
        "a" | "an" | "un" | "una" => One,
        "half" | "media" | "medio" => Fraction(50),
        "quarter" | "cuarto" => Fraction(25),
        "quarters" | "cuartos" => {
            // "Three quarters": the count is before it.
            let Some(Number(300)) = pieces.pop() else {
                return None;
            };
            Fraction(75)
        }
        "couple" | "par" => {
            if pieces.last() == Some(&One) {
                pieces.pop();
            }
            Number(200)
        }
        "hundred" => {
            let hundreds = match pieces.pop() {
                Some(Number(value)) if value <= 900 => value,
                Some(One) | None => 100,
                Some(_) => return None,
            };
            Number(hundreds.checked_mul(100)?)
        }
        // What is said around it and changes nothing.
        "of" | "de" | "about" | "around" | "like" | "roughly" | "approximately" | "approx"
        | "maybe" | "long" | "or" | "so" | "unos" | "unas" | "como" | "aproximadamente" | "mas"
        | "menos" | "o" | "total" | "full" | "please" | "por" | "favor" | "for" | "para"
        | "visit" | "appointment" | "cita" | "the" | "la" => {
            return is_harmless(word, pieces);
        }
        word => Number(number(word)? * 100),
    };
    // "Ninety five", "ciento veinte", "treinta y cinco"
    if let Number(unit) = piece {
        let joined = match pieces.as_slice() {
            [.., Number(tens)] if joins(*tens, unit) => Some((*tens, 1)),
            [.., Number(tens), And] if joins(*tens, unit) && *tens < 10_000 && unit < 1_000 => {
                Some((*tens, 2))
            }
            [.., Number(hundreds), And] if *hundreds >= 10_000 && joins(*hundreds, unit) => {
                Some((*hundreds, 2))
            }
            _ => None,
        };
        if let Some((tens, count)) = joined
            && number(word).is_some()
        {
            pieces.truncate(pieces.len().saturating_sub(count));
            pieces.push(Number(tens + unit));
            return Some(());
        }
    }
    pieces.push(piece);
    Some(())
}

/// "Or" is read only in "or so", "o más o menos": a choice of two durations is not a duration.
fn is_harmless(word: &str, pieces: &[Piece]) -> Option<()> {
    match word {
        "or" | "o" => {
            (pieces.last() == Some(&Hours) || pieces.last() == Some(&Minutes)).then_some(())
        }
        _ => Some(()),
    }
}

/// Whether a unit can follow tens or hundreds as one number.
fn joins(tens: u32, unit: u32) -> bool {
    let tens_of = tens % 10_000;
    (tens >= 10_000 && tens_of == 0 && unit < 10_000)
        || ((2_000..=9_000).contains(&tens_of) && tens_of.is_multiple_of(1_000) && unit < 1_000)
}

fn number(word: &str) -> Option<u32> {
    let numeral = numerals::heard(word).filter(|numeral| !numeral.is_ordinal)?;
    (1..=100).contains(&numeral.value).then_some(numeral.value)
}

/// What the pieces mean, in hundredths of a minute.
fn spoken(pieces: &[Piece]) -> Option<u32> {
    // A number alone counts minutes.
    if let [Number(value)] = pieces {
        return value.is_multiple_of(100).then_some(*value);
    }
    let mut sum = 0u32;
    let mut rest = pieces;
    let mut last_unit = None;
    while !rest.is_empty() {
        let (value, behind) = term(rest, last_unit)?;
        sum = sum.checked_add(value.0)?;
        last_unit = Some(value.1);
        rest = match behind {
            [And, behind @ ..] if !behind.is_empty() => behind,
            [And] => return None,
            behind => behind,
        };
    }
    Some(sum)
}

type Term = (u32, Piece);

/// One count with its unit; behind hours a number without a unit counts minutes, and a fraction is one of an hour.
fn term(pieces: &[Piece], last: Option<Piece>) -> Option<(Term, &[Piece])> {
    let hour = |count: u32| count.checked_mul(60);
    Some(match (pieces, last) {
        // "One and a half hours", "2 1/2 hours", "dos y media horas"
        (
            [Number(count), And, One, Fraction(part), Hours, rest @ ..]
            | [Number(count), And, Fraction(part), Hours, rest @ ..]
            | [Number(count), Fraction(part), Hours, rest @ ..],
            None,
        ) => ((hour(count + part)?, Hours), rest),
        ([Number(count), Hours, rest @ ..], None) => ((hour(*count)?, Hours), rest),
        ([One, Hours, rest @ ..] | [Hours, rest @ ..], None) => ((hour(100)?, Hours), rest),
        // "Half an hour", "a half hour", "three quarters of an hour", "cuarto de hora"
        (
            [One, Fraction(part), One, Hours, rest @ ..]
            | [Fraction(part), One, Hours, rest @ ..]
            | [One, Fraction(part), Hours, rest @ ..]
            | [Fraction(part), Hours, rest @ ..],
            None,
        ) => ((hour(*part)?, Minutes), rest),
        // "An hour and a half", "hora y cuarto", "1 hora y media hora"
        ([One, Fraction(part), rest @ ..] | [Fraction(part), rest @ ..], Some(Hours)) => {
            let rest = match rest {
                [One, Hours, rest @ ..] | [Hours, rest @ ..] | rest => rest,
            };
            ((hour(*part)?, Minutes), rest)
        }
        ([Number(count), Minutes, rest @ ..], None | Some(Hours)) => ((*count, Minutes), rest),
        ([Number(count), rest @ ..], Some(Hours)) if *count < 6_000 => ((*count, Minutes), rest),
        _ => return None,
    })
}
