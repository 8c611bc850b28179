//! One hour as it is spoken: "2:30 pm", "half past two", "tres menos cuarto", "noon".

use super::{
    clock::{Clock, Half},
    phrases::{self, Rest},
    token::{
        Number,
        Token::{Colon, Dash, Number as N, Word as W},
    },
    zones,
};

/// One hour, with all that says which.
pub(super) fn clock<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    let (mut clock, rest) = reading(tokens)?;
    let behind = skip_exactness(rest);
    if behind.len() < rest.len() || zones::zone(rest).is_some() {
        clock.is_bare = false;
    }
    let rest = behind;
    // "El viernes 4 por la tarde" may be a day: the part of the day is left to stand for itself.
    if clock.is_bare
        && matches!(
            rest,
            [W("in"), W("the"), ..] | [W("por" | "en"), W("la"), ..]
        )
    {
        return Some((clock, rest));
    }
    // "Two hours" is no hour, but "14 hours" is.
    let is_count = clock.is_bare
        && clock.hour < 7
        && matches!(
            rest,
            [W("hours" | "horas" | "hr" | "hrs" | "hour" | "hora"), ..]
        );
    let Some((half, rest)) = half(rest).filter(|_| !is_count) else {
        return Some((clock, rest));
    };
    clock.is_bare = false;
    // "02:30 pm" says what the nought before it would deny.
    if half != Half::Exact || clock.half == Half::Unsaid {
        clock.half = half;
    }
    Some((clock, skip_exactness(rest)))
}

/// "O'clock", "sharp", "on the dot", "en punto", "-ish": what is behind an hour and only says that it is one.
fn skip_exactness<'t, 'a>(tokens: Rest<'t, 'a>) -> Rest<'t, 'a> {
    match tokens {
        [
            W("oclock" | "sharp" | "ish" | "approximately" | "exactly" | "exacto" | "exactas"),
            rest @ ..,
        ]
        | [W("o"), W("clock"), rest @ ..]
        | [W("en"), W("punto"), rest @ ..]
        | [W("on"), W("the"), W("dot"), rest @ ..]
        | [Dash, W("ish"), rest @ ..] => skip_exactness(rest),
        _ => tokens,
    }
}

/// Hours and minutes.
fn reading<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    if let Some(found) = named(tokens).or_else(|| to_the_hour(tokens)) {
        return Some(found);
    }
    let [N(hour), rest @ ..] = tokens else {
        return None;
    };
    if hour.is_ordinal {
        return None;
    }
    let twelve = hour.digits <= 2 && (1..=12).contains(&hour.value);
    match rest {
        // "2:30", "14:30:00"
        [Colon, N(minute), rest @ ..] if minute.digits == 2 && hour.digits <= 2 => {
            let rest = match rest {
                [Colon, N(second), rest @ ..] if second.digits == 2 => rest,
                _ => rest,
            };
            Some((timed(*hour, minute.value)?, rest))
        }
        // "14h30"
        [W("h"), N(minute), rest @ ..] if minute.digits == 2 && hour.digits <= 2 => {
            let clock = timed(*hour, minute.value)?;
            Some((clock.or_half(Half::Exact), rest))
        }
        [W("hundred"), rest @ ..] if hour.value <= 24 => {
            Some((timed(*hour, 0)?.or_half(Half::Exact), rest))
        }
        // "nine oh five"
        [W("oh" | "zero" | "cero"), N(minute), rest @ ..] if twelve && minute.value <= 9 => {
            Some((timed(*hour, minute.value)?, rest))
        }
        [W("y"), W("media"), rest @ ..] if hour.value <= 12 => Some((timed(*hour, 30)?, rest)),
        [W("y" | "con"), W("cuarto"), rest @ ..] if hour.value <= 12 => {
            Some((timed(*hour, 15)?, rest))
        }
        [W("y" | "con"), N(minute), rest @ ..]
            if twelve && (1..=59).contains(&minute.value) && !minute.is_ordinal =>
        {
            Some((timed(*hour, minute.value)?, skip_minutes(rest)))
        }
        [W("menos"), W("cuarto"), rest @ ..] if twelve => Some((to(*hour, 15), rest)),
        [W("menos"), N(minute), rest @ ..] if twelve && (1..=30).contains(&minute.value) => {
            Some((to(*hour, minute.value), skip_minutes(rest)))
        }
        // "two-thirty", but not "nine-eleven"
        [Dash, N(minute), rest @ ..]
            if twelve
                && hour.digits == 0
                && minute.digits == 0
                && (13..=59).contains(&minute.value) =>
        {
            Some((timed(*hour, minute.value)?, rest))
        }
        // "two thirty", "dos quince"
        [N(minute), rest @ ..]
            if hour.value <= 23
                && hour.digits <= 2
                && (10..=59).contains(&minute.value)
                && !minute.is_ordinal
                && matches!(minute.digits, 0 | 2)
                && !matches!(rest, [Colon, ..] | [W("h"), N(_), ..]) =>
        {
            Some((timed(*hour, minute.value)?, rest))
        }
        _ => Some((whole(*hour)?, rest)),
    }
}

fn skip_minutes<'t, 'a>(tokens: Rest<'t, 'a>) -> Rest<'t, 'a> {
    match tokens {
        [W("minutes" | "minutos"), rest @ ..] => rest,
        _ => tokens,
    }
}

/// Noon and midnight.
fn named<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    let twelve = |tokens: Rest<'t, 'a>| match tokens {
        [N(number), rest @ ..] if number.value == 12 => rest,
        _ => tokens,
    };
    let (hour, rest) = match twelve(tokens) {
        [W("noon" | "noonish" | "midday" | "mediodia"), rest @ ..]
        | [W("medio"), W("dia"), rest @ ..]
        | [W("del"), W("mediodia"), rest @ ..] => (12, rest),
        [W("midnight" | "medianoche"), rest @ ..]
        | [W("media"), W("noche"), rest @ ..]
        | [W("de"), W("la"), W("medianoche"), rest @ ..] => (0, rest),
        _ => return None,
    };
    let clock = Clock {
        hour,
        minute: 0,
        half: Half::Exact,
        is_bare: false,
    };
    Some((clock, rest))
}

/// "Quarter to three", "half past two", "ten past nine", "cuarto para las tres", "faltan diez para las dos".
fn to_the_hour<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    let (minutes, spelled, rest) = match tokens {
        [W("a" | "un"), W("quarter" | "cuarto"), rest @ ..]
        | [W("falta"), W("un"), W("cuarto"), rest @ ..]
        | [W("quarter" | "cuarto"), rest @ ..] => (15, true, rest),
        [W("half"), rest @ ..] => (30, true, rest),
        [W("falta" | "faltan" | "faltando"), N(number), rest @ ..] => (number.value, true, rest),
        [N(number), rest @ ..] if !number.is_ordinal => (number.value, number.digits == 0, rest),
        _ => return None,
    };
    if !(1..=30).contains(&minutes) {
        return None;
    }
    let is_round = matches!(minutes, 5 | 10 | 15 | 20 | 25);
    let rest = skip_minutes(rest);
    match rest {
        [W("past"), rest @ ..] => {
            let (hour, rest) = hour_of(rest)?;
            Some((timed(hour, minutes)?, rest))
        }
        [W("after"), rest @ ..] if spelled => {
            let (hour, rest) = hour_of(rest)?;
            Some((timed(hour, minutes)?, rest))
        }
        [W("to" | "till" | "til" | "before"), rest @ ..]
            if (spelled && is_round) || matches!(minutes, 20 | 25) =>
        {
            let (hour, rest) = hour_of(rest)?;
            Some((to(hour, minutes), rest))
        }
        [W("of"), rest @ ..] if spelled && is_round => {
            let (hour, rest) = hour_of(rest)?;
            Some((to(hour, minutes), rest))
        }
        [W("para" | "pa"), W("las" | "la"), rest @ ..] | [W("para" | "pa"), rest @ ..]
            if matches!(rest, [N(_), ..]) =>
        {
            let (hour, rest) = hour_of(rest)?;
            Some((to(hour, minutes), rest))
        }
        _ => None,
    }
}

/// The hour that minutes are counted from.
fn hour_of<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Number, Rest<'t, 'a>)> {
    match tokens {
        [W("noon" | "midday"), rest @ ..] => {
            let noon = Number {
                value: 12,
                digits: 0,
                is_ordinal: false,
            };
            Some((noon, rest))
        }
        [N(hour), rest @ ..]
            if (1..=12).contains(&hour.value)
                && !hour.is_ordinal
                && !matches!(rest, [Colon, ..]) =>
        {
            Some((*hour, rest))
        }
        _ => None,
    }
}

/// A number alone: an hour, or hours and minutes written without a sign (`1430`).
pub(super) fn whole(number: Number) -> Option<Clock> {
    let (hour, minute) = match number.digits {
        0..=2 => (number.value, 0),
        3 | 4 => (number.value / 100, number.value % 100),
        _ => return None,
    };
    let is_exact = matches!(number.digits, 2 | 4) && hour < 10;
    Some(Clock {
        hour,
        minute: i32::try_from(minute).ok()?,
        half: if is_exact { Half::Exact } else { Half::Unsaid },
        is_bare: number.digits <= 2,
    })
}

fn timed(hour: Number, minute: u32) -> Option<Clock> {
    Some(Clock {
        minute: i32::try_from(minute).ok()?,
        is_bare: false,
        ..whole(hour)?
    })
}

fn to(hour: Number, minutes: u32) -> Clock {
    Clock {
        hour: hour.value,
        minute: -i32::try_from(minutes).unwrap_or(0),
        half: Half::Unsaid,
        is_bare: false,
    }
}

/// What says behind an hour which half of the day it is in.
const HALVES: &[(&str, Half)] = &[
    ("am", Half::Morning),
    ("a m", Half::Morning),
    ("in the morning", Half::Morning),
    ("this morning", Half::Morning),
    ("de la manana", Half::Morning),
    ("por la manana", Half::Morning),
    ("en la manana", Half::Morning),
    ("a la manana", Half::Morning),
    ("de la madrugada", Half::Morning),
    ("en la madrugada", Half::Morning),
    ("pm", Half::Afternoon),
    ("p m", Half::Afternoon),
    ("p", Half::Afternoon),
    ("in the afternoon", Half::Afternoon),
    ("in the evening", Half::Afternoon),
    ("this afternoon", Half::Afternoon),
    ("this evening", Half::Afternoon),
    ("de la tarde", Half::Afternoon),
    ("por la tarde", Half::Afternoon),
    ("en la tarde", Half::Afternoon),
    ("a la tarde", Half::Afternoon),
    ("del mediodia", Half::Afternoon),
    ("del medio dia", Half::Afternoon),
    ("at night", Half::Night),
    ("de la noche", Half::Night),
    ("por la noche", Half::Night),
    ("en la noche", Half::Night),
    ("a la noche", Half::Night),
    ("h", Half::Exact),
    ("hr", Half::Exact),
    ("hrs", Half::Exact),
    ("hs", Half::Exact),
    ("hours", Half::Exact),
    ("horas", Half::Exact),
];

fn half<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Half, Rest<'t, 'a>)> {
    match tokens {
        // "9a"; with more behind it, it leads to another hour.
        [W("a")] => Some((Half::Morning, &[])),
        _ => phrases::first(HALVES, tokens),
    }
}

#[cfg(test)]
mod tests {
    use super::HALVES;
    use crate::domain::when::phrases::shadowed;

    #[test]
    fn no_phrase_stands_behind_one_that_it_begins_with() {
        assert_eq!(shadowed(HALVES.iter().map(|(phrase, _)| *phrase)), []);
    }
}
