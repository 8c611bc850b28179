//! By how much something is moved: "an hour and a half", "30 minutes", "a couple of days".

use super::token::{
    Rest,
    Token::{Number as N, Word as W},
};
use crate::domain::words::Phrases;

/// How much later or earlier.
pub(super) enum Amount {
    Minutes(i64),
    Days(i64),
    Months(i64),
}

/// "An hour and a half", "30 minutes", "a couple of days", "una semana".
pub(super) fn amount<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Amount, Rest<'t, 'a>)> {
    if let Some((minutes, rest)) = FRACTIONS.begin(tokens) {
        return Some((Amount::Minutes(minutes), rest));
    }
    let (count, rest) = match tokens {
        [N(number), rest @ ..] if !number.is_ordinal && (1..=600).contains(&number.value) => {
            (i64::from(number.value), rest)
        }
        // "Another hour later", "otra hora más"
        [W("another" | "otra" | "otro"), rest @ ..] => (1, rest),
        _ => COUNTS.begin(tokens)?,
    };
    let [W(unit), rest @ ..] = rest else {
        return None;
    };
    match *unit {
        "hour" | "hours" | "hr" | "hrs" | "hora" | "horas" | "horita" | "ahorita" => {
            let (half, rest) = match rest {
                [W("and"), W("a"), W("half"), rest @ ..] | [W("y"), W("media"), rest @ ..] => {
                    (30, rest)
                }
                _ => (0, rest),
            };
            Some((Amount::Minutes(count * 60 + half), rest))
        }
        "minute" | "minutes" | "min" | "mins" | "minuto" | "minutos" => {
            Some((Amount::Minutes(count), rest))
        }
        "day" | "days" | "dia" | "dias" => Some((Amount::Days(count), rest)),
        "week" | "weeks" | "semana" | "semanas" => Some((Amount::Days(count * 7), rest)),
        "month" | "months" | "mes" | "meses" => Some((Amount::Months(count), rest)),
        _ => None,
    }
}

/// How many of a unit of time these words count.
pub(super) static COUNTS: Phrases<i64> = Phrases::new(&[
    (1, "a, an, un, una"),
    (2, "a couple of, a couple, un par de"),
]);

static FRACTIONS: Phrases<i64> = Phrases::new(&[
    (
        30,
        "half an hour, a half hour, half hour, media hora|horita",
    ),
    (
        15,
        "a quarter of an hour, quarter of an hour, un cuarto de hora, cuarto de hora",
    ),
    (90, "hora y media"),
]);
