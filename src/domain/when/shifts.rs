//! What is counted from an appointment, as it is said: "an hour later", "the Monday after", "later than my appointment".

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use super::{
    Unclear,
    amounts::{Amount, amount},
    days, names,
    phrases::{self, Rest},
    shift::{BESIDE, Bound, Change, KEPT, Shift},
    token::{Token, Token::Number as N, Token::Word as W},
};

/// Words that only say that something is to be moved.
const MOVING: &[&str] = &[
    "move",
    "moved",
    "moving",
    "push",
    "pushed",
    "bring",
    "reschedule",
    "rescheduled",
    "change",
    "changed",
    "switch",
    "switched",
    "instead",
    "keep",
    "mover",
    "muevala",
    "muevela",
    "moverla",
    "cambiar",
    "cambiarla",
    "cambiala",
    "cambiela",
    "pasar",
    "pasarla",
    "pasala",
    "pasela",
    "recorrer",
    "recorrerla",
    "recorrela",
    "reprogramar",
    "reagendar",
    "dejar",
    "dejarla",
];

/// What is counted from the appointment, and the tokens that are left.
pub(super) fn read<'a>(
    tokens: &[Token<'a>],
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<(Shift, Vec<Token<'a>>), Unclear> {
    let mut shift = Shift::default();
    let mut left = Vec::new();
    let mut rest = tokens;
    while let [first, behind @ ..] = rest {
        // "Tomorrow or the day after", "lo más temprano posible"
        let is_counted = !matches!(
            left.as_slice(),
            [.., W("or" | "and" | "o" | "y" | "lo")]
                | [.., W("or" | "and" | "o" | "y"), W("the" | "el")]
        );
        if is_counted && let Some((found, after)) = shift_at(rest, from, now)? {
            shift = shift.and(found);
            // "Same time but on Tuesday", and not "but not after three"
            rest = match after {
                [W("but" | "pero"), behind @ ..]
                    if !matches!(
                        behind,
                        [
                            W("not" | "no" | "before" | "after" | "antes" | "despues"),
                            ..
                        ]
                    ) =>
                {
                    behind
                }
                _ => after,
            };
            continue;
        }
        if !matches!(first, W(word) if MOVING.contains(word)) {
            left.push(*first);
        }
        rest = behind;
    }
    Ok((shift, left))
}

type Found<'t, 'a> = Option<(Shift, Rest<'t, 'a>)>;

/// What tokens begin with, if it is counted from the appointment.
fn shift_at<'t, 'a>(
    tokens: Rest<'t, 'a>,
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<Found<'t, 'a>, Unclear> {
    let today = now.date_naive();
    if let Some((change, rest)) = phrases::first(KEPT, tokens) {
        return Ok(Some((change.shift(), rest)));
    }
    if let Some((change, rest)) = phrases::first(BESIDE, tokens)
        && days::day(rest, today).is_none()
        && !matches!(
            rest,
            [W("the" | "de" | "del" | "next" | "that" | "this"), ..]
        )
    {
        return Ok(Some((change.shift(), rest)));
    }
    if let Some(found) = by_an_amount(tokens).or_else(|| weekday_beside(tokens, from, today)) {
        return Ok(Some(found));
    }
    bounded(tokens, from)
}

/// "The Monday after", where no other day is named behind it.
fn weekday_beside<'t, 'a>(
    tokens: Rest<'t, 'a>,
    from: NaiveDateTime,
    today: NaiveDate,
) -> Found<'t, 'a> {
    let [W("the" | "el"), named @ ..] = tokens else {
        return None;
    };
    let (name, is_after, rest) = match named {
        [W(name), W("after" | "siguiente"), rest @ ..] => (name, true, rest),
        [W(name), W("before" | "anterior"), rest @ ..] => (name, false, rest),
        _ => return None,
    };
    let weekday = names::weekday(name)?;
    if matches!(rest, [N(_) | W("next" | "noon" | "the"), ..]) || days::day(rest, today).is_some() {
        return None;
    }
    let ahead = i64::from(weekday.days_since(from.weekday()));
    let days = match (is_after, ahead) {
        (true, 0) => 7,
        (true, ahead) => ahead,
        (false, ahead) => ahead - 7,
    };
    Some((Change::Days(days).shift(), rest))
}

/// "An hour later", "back half an hour", "una semana después".
fn by_an_amount<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    let (sign, rest) = match tokens {
        // "Push it back an hour", "move it up an hour", "delay it an hour"
        [
            W("back" | "delay" | "delayed" | "postpone" | "atrasar" | "posponer"),
            rest @ ..,
        ] => (Some(1), rest),
        [
            W("up" | "adelantar" | "adelantarla" | "adelantela" | "adelantala"),
            rest @ ..,
        ] => (Some(-1), rest),
        _ => (None, tokens),
    };
    let rest = match rest {
        [W("it"), rest @ ..] if sign.is_some() => rest,
        _ => rest,
    };
    let rest = match rest {
        [W("by" | "about"), rest @ ..] => rest,
        _ => rest,
    };
    let (amount, rest) = amount(rest)?;
    let (sign, rest) = match (sign, direction(rest)) {
        (_, Some((sign, rest))) => (sign, rest),
        (Some(sign), None) => (sign, rest),
        (None, None) => return None,
    };
    let shift = Shift::default();
    let shift = match amount {
        Amount::Minutes(minutes) => Shift {
            minutes: Some(sign * minutes),
            ..shift
        },
        Amount::Days(days) => Shift {
            days: Some(sign * days),
            keeps_time: true,
            ..shift
        },
        Amount::Months(months) => Shift {
            months: Some(sign * months),
            keeps_time: true,
            ..shift
        },
    };
    Some((shift, rest))
}

/// Later or earlier, behind an amount.
fn direction<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(i64, Rest<'t, 'a>)> {
    let tokens = match tokens {
        [W("or"), W("so"), rest @ ..] => rest,
        _ => tokens,
    };
    let (sign, rest, is_definite) = match tokens {
        [W("later" | "afterwards"), rest @ ..]
        | [W("mas"), W("tarde" | "tardecito" | "adelante"), rest @ ..] => (1, rest, true),
        [W("earlier" | "sooner"), rest @ ..] | [W("mas"), W("temprano"), rest @ ..] => {
            (-1, rest, true)
        }
        [W("after" | "despues"), rest @ ..] => (1, rest, false),
        [W("before" | "antes"), rest @ ..] => (-1, rest, false),
        [W("mas")] => return Some((1, &[])),
        _ => return None,
    };
    let after = match rest {
        [W("than" | "de" | "que" | "del"), rest @ ..] => its_name(rest),
        _ => its_name(rest),
    };
    match after {
        Some((_, after)) => Some((sign, after)),
        None if is_definite && !matches!(rest, [W("than" | "que"), ..]) => Some((sign, rest)),
        None if rest.is_empty() => Some((sign, rest)),
        None => None,
    }
}

/// "Later", "earlier than my Monday appointment", "después de mi cita".
fn bounded<'t, 'a>(tokens: Rest<'t, 'a>, from: NaiveDateTime) -> Result<Found<'t, 'a>, Unclear> {
    let Some((is_later, rest)) = phrases::first(BOUNDS, tokens) else {
        return Ok(None);
    };
    let shift = |names_it| Shift {
        bound: Some(Bound { is_later, names_it }),
        ..Shift::default()
    };
    let behind = match rest {
        [W("than" | "que" | "de" | "del"), behind @ ..] => behind,
        _ => rest,
    };
    let needs_name = matches!(tokens, [W("after" | "before"), ..])
        || (matches!(tokens, [W("antes" | "despues"), ..]) && !rest.is_empty());
    if (needs_name || behind.len() < rest.len())
        && let Some((weekday, rest)) = its_name(behind)
    {
        return match weekday {
            Some(day) if day != from.weekday() => Err(Unclear::Day),
            _ => Ok(Some((shift(true), rest))),
        };
    }
    // "Later this week", "later than two" and "antes del lunes" are not counted from the appointment.
    let is_other = behind.len() < rest.len()
        || matches!(rest, [W("in"), W("the"), W("week" | "month"), ..])
        || matches!(
            rest,
            [
                W("this" | "next" | "today" | "tonight" | "hoy" | "esta" | "la" | "las" | "of"),
                ..
            ]
        )
        || matches!(rest, [N(_), ..]);
    Ok((!is_other && !needs_name).then(|| (shift(false), rest)))
}

const BOUNDS: &[(&str, bool)] = &[
    ("any time later", true),
    ("anytime later", true),
    ("any time earlier", false),
    ("anytime earlier", false),
    ("a little bit later", true),
    ("a little later", true),
    ("a bit later", true),
    ("later that day", true),
    ("later the same day", true),
    ("later in the day", true),
    ("later", true),
    ("after", true),
    ("un poco mas tarde", true),
    ("un poquito mas tarde", true),
    ("mas tarde", true),
    ("mas tardecito", true),
    ("un poco despues", true),
    ("un poquito despues", true),
    ("despues", true),
    ("a little bit earlier", false),
    ("a little earlier", false),
    ("a bit earlier", false),
    ("earlier that day", false),
    ("earlier the same day", false),
    ("earlier in the day", false),
    ("an earlier time", false),
    ("earlier", false),
    ("sooner", false),
    ("before", false),
    ("un poco mas temprano", false),
    ("un poco antes", false),
    ("mas temprano", false),
    ("antes", false),
];

/// The appointment itself, as in "than my Monday appointment", and the weekday by which it was named.
fn its_name<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Option<Weekday>, Rest<'t, 'a>)> {
    let mut rest = match tokens {
        [
            W("that" | "it" | "this" | "eso" | "esa" | "mine"),
            W("one" | "appointment" | "cita"),
            rest @ ..,
        ]
        | [
            W("that" | "it" | "this" | "eso" | "esa" | "mine"),
            rest @ ..,
        ] => {
            return Some((None, rest));
        }
        [W("my" | "the" | "our" | "mi" | "la" | "nuestra"), rest @ ..] => rest,
        [W("what"), W("i"), W("have"), rest @ ..]
        | [W("i"), W("have"), rest @ ..]
        | [W("lo"), W("que"), W("tengo"), rest @ ..]
        | [W("now" | "ahora"), rest @ ..] => {
            return Some(match rest {
                [W("now" | "ahora" | "ahorita"), rest @ ..] => (None, rest),
                _ => (None, rest),
            });
        }
        _ => return None,
    };
    let mut weekday = None;
    // A few words name it: "my two o'clock appointment on Monday".
    for _ in 0..5 {
        match rest {
            [
                W("appointment" | "appt" | "visit" | "one" | "cita" | "visita" | "booking"),
                behind @ ..,
            ] => {
                return Some(match behind {
                    [W("on" | "del" | "de" | "el"), W(name), behind @ ..]
                        if names::weekday(name).is_some() =>
                    {
                        (names::weekday(name), behind)
                    }
                    [W("que"), W("tengo"), behind @ ..] => (weekday, behind),
                    _ => (weekday, behind),
                });
            }
            [W(name), behind @ ..] => {
                weekday = weekday.or(names::weekday(name));
                rest = behind;
            }
            [_, behind @ ..] => rest = behind,
            [] => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{BESIDE, BOUNDS, KEPT};
    use crate::domain::when::phrases::shadowed;

    #[test]
    fn no_phrase_stands_behind_one_that_it_begins_with() {
        assert_eq!(shadowed(KEPT.iter().map(|(phrase, _)| *phrase)), []);
        assert_eq!(shadowed(BESIDE.iter().map(|(phrase, _)| *phrase)), []);
        assert_eq!(shadowed(BOUNDS.iter().map(|(phrase, _)| *phrase)), []);
    }
}
