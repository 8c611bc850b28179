//! What is counted from an appointment, as it is said: "an hour later", "the Monday after", "later than my appointment".

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use super::{
    Unclear,
    amounts::{Amount, amount},
    days, names,
    shift::{BESIDE, Bound, KEPT, Shift},
    token::{
        Rest,
        Token::{self, Number as N, Word as W},
        skip,
    },
};
use crate::domain::words::{Phrases, Words};

/// Words that only say that something is to be moved.
static MOVING: Words = Words::new(&[
    "move moved moving push pushed bring reschedule rescheduled change changed switch switched \
     instead keep mover muevala muevela moverla cambiar cambiarla cambiala cambiela pasar pasarla \
     pasala pasela recorrer recorrerla recorrela reprogramar reagendar dejar dejarla",
]);

/// What is counted from the appointment, and the tokens that are left.
pub(super) fn read<'a>(
    tokens: &[Token<'a>],
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<(Shift, Vec<Token<'a>>), Unclear> {
    let mut shift = Shift::NONE;
    let mut left = Vec::new();
    let mut rest = tokens;
    while let [first, behind @ ..] = rest {
        // "Tomorrow or the day after", "lo más temprano posible"
        let is_counted = !matches!(
            left.as_slice(),
            [.., W("lo")]
                | [_, .., W("or" | "and" | "o" | "y")]
                | [_, .., W("or" | "and" | "o" | "y"), W("the" | "el")]
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
        if !matches!(first, W(word) if MOVING.has(word)) {
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
    if let Some(kept) = KEPT.begin(tokens) {
        return Ok(Some(kept));
    }
    // "The day after that", and not "that Friday"
    if let Some((shift, [W("that" | "eso" | "ese")] | [W("de" | "a"), W("eso" | "ese")])) =
        BESIDE.begin(tokens)
    {
        return Ok(Some((shift, &[])));
    }
    if let Some((shift, rest)) = BESIDE.begin(tokens)
        && days::day(rest, today).is_none()
        && !matches!(
            rest,
            [W("the" | "de" | "del" | "next" | "that" | "this"), ..]
        )
    {
        return Ok(Some((shift, rest)));
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
    Some((Shift::days(days), rest))
}

/// "An hour later", "back half an hour", "una semana después".
fn by_an_amount<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    // "Push it back an hour", "move it up an hour", "delay it an hour"
    let (sign, rest) = match MOVES.begin(tokens) {
        Some((sign, rest)) => (Some(sign), skip(&["it"], rest)),
        None => (None, tokens),
    };
    let rest = skip(&["by", "about"], rest);
    let (amount, rest) = amount(rest)?;
    let (sign, rest) = match (sign, direction(rest)) {
        (_, Some((sign, rest))) => (sign, rest),
        (Some(sign), None) => (sign, rest),
        (None, None) => return None,
    };
    let keeping = Shift::keeping(true, false);
    let shift = match amount {
        Amount::Minutes(minutes) => Shift {
            minutes: Some(sign * minutes),
            ..Shift::NONE
        },
        Amount::Days(days) => Shift {
            days: Some(sign * days),
            ..keeping
        },
        Amount::Months(months) => Shift {
            months: Some(sign * months),
            ..keeping
        },
    };
    Some((shift, rest))
}

/// Words that move an appointment to later, or to earlier.
static MOVES: Phrases<i64> = Phrases::new(&[
    (1, "back, delay, delayed, postpone, atrasar, posponer"),
    (-1, "up, adelantar, adelantarla, adelantela, adelantala"),
]);

/// Later or earlier, behind an amount.
fn direction<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(i64, Rest<'t, 'a>)> {
    let tokens = match tokens {
        [W("or"), W("so"), rest @ ..] => rest,
        _ => tokens,
    };
    if let [W("mas")] = tokens {
        return Some((1, &[]));
    }
    let ((sign, is_definite), rest) = DIRECTIONS.begin(tokens)?;
    let after = its_name(skip(&["than", "de", "que", "del"], rest));
    match after {
        Some((_, after)) => Some((sign, after)),
        None if is_definite && !matches!(rest, [W("than" | "que"), ..]) => Some((sign, rest)),
        None if rest.is_empty() => Some((sign, rest)),
        None => None,
    }
}

/// Later (1) or earlier (-1), and whether nothing need follow.
static DIRECTIONS: Phrases<(i64, bool)> = Phrases::new(&[
    ((1, true), "later, afterwards, mas tarde|tardecito|adelante"),
    ((-1, true), "earlier, sooner, mas temprano"),
    ((1, false), "after, despues"),
    ((-1, false), "before, antes"),
]);

/// "Later", "earlier than my Monday appointment", "después de mi cita".
fn bounded<'t, 'a>(tokens: Rest<'t, 'a>, from: NaiveDateTime) -> Result<Found<'t, 'a>, Unclear> {
    let Some((is_later, rest)) = BOUNDS.begin(tokens) else {
        return Ok(None);
    };
    let shift = |names_it| Shift {
        bound: Some(Bound { is_later, names_it }),
        ..Shift::NONE
    };
    let behind = skip(&["than", "que", "de", "del"], rest);
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
        || match rest {
            [W("in"), W("the"), W("week" | "month"), ..] | [N(_), ..] => true,
            [W(next), ..] => matches!(
                *next,
                "this" | "next" | "today" | "tonight" | "hoy" | "esta" | "la" | "las" | "of"
            ),
            _ => false,
        };
    Ok((!is_other && !needs_name).then(|| (shift(false), rest)))
}

static BOUNDS: Phrases<bool> = Phrases::new(&[
    (
        true,
        "any time later, anytime later, a little bit later, a little|bit later, later that day, \
         later the same day, later in the day, later, after, despues, un poco|poquito mas tarde, \
         mas tarde|tardecito, un poco|poquito despues",
    ),
    (
        false,
        "any time earlier, anytime earlier, a little bit earlier, a little|bit earlier, \
         earlier that day, earlier the same day, earlier in the day, an earlier time, earlier, \
         sooner, before, antes, un poco mas temprano, un poco antes, mas temprano",
    ),
]);

/// The appointment itself, as in "than my Monday appointment", and the weekday by which it was named.
fn its_name<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Option<Weekday>, Rest<'t, 'a>)> {
    let mut rest = match tokens {
        [
            W("that" | "it" | "this" | "eso" | "esa" | "mine"),
            rest @ ..,
        ] => {
            return Some((None, skip(&["one", "appointment", "cita"], rest)));
        }
        [W("my" | "the" | "our" | "mi" | "la" | "nuestra"), rest @ ..] => rest,
        [W("what"), W("i"), W("have"), rest @ ..]
        | [W("i"), W("have"), rest @ ..]
        | [W("lo"), W("que"), W("tengo"), rest @ ..]
        | [W("now" | "ahora"), rest @ ..] => {
            return Some((None, skip(&["now", "ahora", "ahorita"], rest)));
        }
        _ => return None,
    };
    let mut weekday = None;
    // A few words name it: "my two o'clock appointment on Monday".
    for _ in 0..5 {
        match rest {
            [W(name), behind @ ..] if NAMES.has(name) => {
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

/// What an appointment is called.
static NAMES: Words = Words::new(&["appointment appt visit one cita visita booking"]);
