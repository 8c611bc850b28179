//! By how much something is moved: "an hour and a half", "30 minutes", "a couple of days".

use super::{
    phrases::{self, Rest},
    token::Token::{Number as N, Word as W},
};

/// How much later or earlier.
pub(super) enum Amount {
    Minutes(i64),
    Days(i64),
    Months(i64),
}

/// "An hour and a half", "30 minutes", "a couple of days", "una semana".
pub(super) fn amount<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Amount, Rest<'t, 'a>)> {
    let fixed: Option<(i64, Rest<'t, 'a>)> = phrases::first(FRACTIONS, tokens);
    if let Some((minutes, rest)) = fixed {
        return Some((Amount::Minutes(minutes), rest));
    }
    let (count, rest) = match tokens {
        [W("a"), W("couple"), W("of"), rest @ ..]
        | [W("a"), W("couple"), rest @ ..]
        | [W("un"), W("par"), W("de"), rest @ ..] => (2, rest),
        [W("a" | "an" | "un" | "una"), rest @ ..] => (1, rest),
        [N(number), rest @ ..] if !number.is_ordinal && (1..=600).contains(&number.value) => {
            (i64::from(number.value), rest)
        }
        _ => return None,
    };
    match rest {
        [
            W("hour" | "hours" | "hr" | "hrs" | "hora" | "horas" | "horita" | "ahorita"),
            rest @ ..,
        ] => {
            let (half, rest) = match rest {
                [W("and"), W("a"), W("half"), rest @ ..] | [W("y"), W("media"), rest @ ..] => {
                    (30, rest)
                }
                _ => (0, rest),
            };
            Some((Amount::Minutes(count * 60 + half), rest))
        }
        [
            W("minute" | "minutes" | "min" | "mins" | "minuto" | "minutos"),
            rest @ ..,
        ] => Some((Amount::Minutes(count), rest)),
        [W("day" | "days" | "dia" | "dias"), rest @ ..] => Some((Amount::Days(count), rest)),
        [W("week" | "weeks" | "semana" | "semanas"), rest @ ..] => {
            Some((Amount::Days(count * 7), rest))
        }
        [W("month" | "months" | "mes" | "meses"), rest @ ..] => Some((Amount::Months(count), rest)),
        _ => None,
    }
}

const FRACTIONS: &[(&str, i64)] = &[
    ("half an hour", 30),
    ("a half hour", 30),
    ("half hour", 30),
    ("media hora", 30),
    ("media horita", 30),
    ("a quarter of an hour", 15),
    ("quarter of an hour", 15),
    ("un cuarto de hora", 15),
    ("cuarto de hora", 15),
    ("hora y media", 90),
];
