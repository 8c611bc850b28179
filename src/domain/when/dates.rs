//! Dates as they are written and spoken: "12/1", "December 14th", "14 de diciembre de 2026" and "el 14".

use super::{
    calendar::DaySaid,
    names, references,
    token::{
        Number, Rest,
        Token::{self, Colon, Dash, Number as N, Slash, Word as W},
        skip,
    },
};
use crate::domain::words::Words;

type Found<'t, 'a> = Option<(DaySaid, Rest<'t, 'a>)>;

/// Reads a date at the beginning of `tokens`.
pub(super) fn date<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    written(tokens)
        .or_else(|| of_named_month(tokens))
        .or_else(|| of_month(tokens))
}

/// Dates in figures: "2026-12-01", "12/1", "12/1/26", "25/12", "12-01-2026".
///
/// Of two numbers the first is the month, as in the United States, unless only the second can be one.
fn written<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    let (first, second, rest) = match tokens {
        [N(year), Slash, N(month), Slash, N(day), rest @ ..]
        | [N(year), Dash, N(month), Dash, N(day), rest @ ..]
            if year.digits == 4 =>
        {
            let said = DaySaid::Date {
                month: month.value,
                day: day.value,
                year: i32::try_from(year.value).ok(),
            };
            return Some((said, rest));
        }
        [N(first), Slash, N(second), Slash, N(year), rest @ ..]
        | [N(first), Dash, N(second), Dash, N(year), rest @ ..]
            if matches!(year.digits, 2 | 4) =>
        {
            let century = if year.digits == 2 { 2000 } else { 0 };
            let year = i32::try_from(year.value + century).ok();
            // "13/13/2027" is no day, and no hour either.
            return Some((in_order(*first, *second, year), rest));
        }
        [N(first), Slash, N(second), rest @ ..] => (first, second, rest),
        _ => return None,
    };
    Some((in_figures(*first, *second)?, rest))
}

/// A month and a day in figures.
pub(super) fn in_figures(first: Number, second: Number) -> Option<DaySaid> {
    let said = in_order(first, second, None);
    let DaySaid::Date { month, day, .. } = said else {
        return None;
    };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(said)
}

/// The month first, unless only the second number can be one.
fn in_order(first: Number, second: Number, year: Option<i32>) -> DaySaid {
    let (first, second) = (first.value, second.value);
    let (month, day) = if first > 12 && second <= 12 {
        (second, first)
    } else {
        (first, second)
    };
    DaySaid::Date { month, day, year }
}

/// "December 14th", "the 14th of December", "14 de diciembre de 2026".
fn of_named_month<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    let is_day = |number: &Number| (1..=31).contains(&number.value);
    let (month, day, rest) = match tokens {
        [W(name), N(number), rest @ ..] | [W(name), W("the" | "el"), N(number), rest @ ..]
            if let Some(month) = names::month(name)
                && is_day(number)
                && !is_clock(*number, rest) =>
        {
            (month, number.value, rest)
        }
        _ => match skip(&["the", "el", "dia"], tokens) {
            // "El 32 de enero" is no day, and no hour either.
            [N(number), rest @ ..] if (0..=99).contains(&number.value) => {
                let [W(name), rest @ ..] = skip(&["of", "de", "del"], rest) else {
                    return None;
                };
                (names::month(name)?, number.value, rest)
            }
            _ => return None,
        },
    };
    let (year, rest) = year(rest);
    Some((DaySaid::Date { month, day, year }, rest))
}

/// A year behind a date.
fn year<'t, 'a>(tokens: Rest<'t, 'a>) -> (Option<i32>, Rest<'t, 'a>) {
    let named = skip(&["of", "de", "del", "in"], tokens);
    let (value, rest) = match named {
        [N(year), rest @ ..] if year.digits == 4 && (1900..2200).contains(&year.value) => {
            (year.value, rest)
        }
        [N(century), N(year), rest @ ..]
            if (century.value, century.digits, year.digits) == (20, 0, 0)
                && (10..=99).contains(&year.value) =>
        {
            (2000 + year.value, rest)
        }
        [N(two), W("thousand"), W("and"), N(year), rest @ ..]
        | [N(two), W("mil" | "thousand"), N(year), rest @ ..]
            if two.value == 2 && year.value < 100 =>
        {
            (2000 + year.value, rest)
        }
        _ => return (None, tokens),
    };
    (i32::try_from(value).ok(), rest)
}

/// A day of a month that is not named: "the 14th", "el 14", "día 14".
fn of_month<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    let (number, rest) = match tokens {
        [
            W("the" | "el" | "dia"),
            W("dia" | "day"),
            N(number),
            rest @ ..,
        ]
        | [W("the" | "el" | "dia"), N(number), rest @ ..] => (number, rest),
        // "In a second" is no day.
        [N(number), rest @ ..] if number.is_ordinal && (number.value, number.digits) != (2, 0) => {
            (number, rest)
        }
        _ => return None,
    };
    let is_other = matches!(rest, [W(name), ..] if COUNTED.has(name));
    if !(1..=31).contains(&number.value)
        || is_other
        || is_clock(*number, rest)
        || references::is_of_several(rest)
    {
        return None;
    }
    Some((DaySaid::OfMonth(number.value), rest))
}

/// What an ordinal counts that is no day.
static COUNTED: Words = Words::new(&[
    "available thing opening option choice slot appointment one week weeks time days floor visit",
    "que hora disponible cita turno espacio semana semanas dias",
]);

/// Whether what stands behind a number makes it an hour.
fn is_clock(number: Number, behind: &[Token<'_>]) -> bool {
    !number.is_ordinal
        && match behind {
            [
                Colon | W("am" | "pm" | "oclock" | "h" | "hs" | "hrs" | "hours" | "horas" | "ish"),
                ..,
            ] => true,
            [N(minute), ..] => {
                !minute.is_ordinal
                    && (10..=59).contains(&minute.value)
                    && minute.digits != 4
                    && !matches!(behind, [_, Colon, ..])
                    && (minute.value, minute.digits) != (20, 0)
            }
            _ => false,
        }
}
