//! One hour as it is spoken: "2:30 pm", "half past two", "tres menos cuarto", "noon".

use super::{
    clock::{Clock, Half},
    token::{
        Number, Rest,
        Token::{Colon, Dash, Number as N, Word as W},
        skip,
    },
    zones,
};
use crate::domain::words::Phrases;

/// One hour, with all that says which.
pub(super) fn clock<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    let (mut clock, rest) = reading(tokens)?;
    let behind = skip_exactness(rest);
    if behind.len() < rest.len() || zones::zone(rest).is_some() {
        clock.is_bare = false;
    }
    let rest = behind;
    // "El viernes 4 por la tarde" may be a day: the part of the day is read by itself.
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
    let named = match tokens {
        [Dash, rest @ ..] if matches!(rest, [W("ish"), ..]) => rest,
        _ => tokens,
    };
    EXACTLY
        .begin(named)
        .map_or(tokens, |((), rest)| skip_exactness(rest))
}

static EXACTLY: Phrases<()> = Phrases::new(&[(
    (),
    "oclock, o clock, sharp, ish, approximately, exactly, exacto, exactas, en punto, on the dot",
)]);

/// Hours and minutes.
fn reading<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    if let Some(found) = named(tokens).or_else(|| to_the_hour(tokens)) {
        return Some(found);
    }
    let [N(hour), rest @ ..] = tokens else {
        return None;
    };
    // "1200 days from now" is no hour.
    let is_counted = matches!(
        rest,
        [
            W("day" | "days" | "dia" | "dias" | "weeks" | "semanas" | "months" | "meses"),
            ..
        ]
    );
    if hour.is_ordinal || is_counted {
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
    skip(&["minutes", "minutos"], tokens)
}

/// Noon and midnight.
fn named<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    let (hour, rest) = NAMED.begin(match tokens {
        [N(number), rest @ ..] if number.value == 12 => rest,
        _ => tokens,
    })?;
    let clock = Clock {
        hour,
        minute: 0,
        half: Half::Exact,
        is_bare: false,
    };
    Some((clock, rest))
}

static NAMED: Phrases<u32> = Phrases::new(&[
    (
        12,
        "noon, noonish, midday, mediodia, medio dia, del mediodia",
    ),
    (0, "midnight, medianoche, media noche, de la medianoche"),
]);

/// "Quarter to three", "half past two", "ten past nine", "cuarto para las tres", "faltan diez para las dos".
fn to_the_hour<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    let (minutes, spelled, rest) = match tokens {
        [W("falta" | "faltan" | "faltando"), N(number), rest @ ..] => (number.value, true, rest),
        [N(number), rest @ ..] if !number.is_ordinal => (number.value, number.digits == 0, rest),
        _ => {
            let (minutes, rest) = FRACTIONS.begin(tokens)?;
            (minutes, true, rest)
        }
    };
    let is_round = spelled && matches!(minutes, 5 | 10 | 15 | 20 | 25);
    let (is_past, rest) = match skip_minutes(rest) {
        [W("past"), rest @ ..] => (true, rest),
        [W("after"), rest @ ..] if spelled => (true, rest),
        [W("to" | "till" | "til" | "before"), rest @ ..]
            if is_round || matches!(minutes, 20 | 25) =>
        {
            (false, rest)
        }
        [W("of"), rest @ ..] if is_round => (false, rest),
        [W("para" | "pa"), rest @ ..] => {
            let rest = skip(&["las", "la"], rest);
            matches!(rest, [N(_), ..]).then_some((false, rest))?
        }
        _ => return None,
    };
    let (hour, rest) = hour_of(rest)?;
    let clock = if is_past {
        timed(hour, minutes)?
    } else {
        to(hour, minutes)
    };
    (1..=30).contains(&minutes).then_some((clock, rest))
}

static FRACTIONS: Phrases<u32> = Phrases::new(&[
    (15, "a|un quarter|cuarto, falta un cuarto, quarter, cuarto"),
    (30, "half"),
]);

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
static HALVES: Phrases<Half> = Phrases::new(&[
    (
        Half::Morning,
        "am, a m, in the morning, this morning, de|por|en|a la manana, de|en la madrugada",
    ),
    (
        Half::Afternoon,
        "pm, p, p m, in the afternoon|evening, this afternoon|evening, de|por|en|a la tarde, \
         del mediodia, del medio dia",
    ),
    (Half::Night, "at night, de|por|en|a la noche"),
    (Half::Exact, "h, hr, hrs, hs, hours, horas"),
]);

fn half<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Half, Rest<'t, 'a>)> {
    match tokens {
        // "9a"; with more behind it, it leads to another hour.
        [W("a")] => Some((Half::Morning, &[])),
        _ => HALVES.begin(tokens),
    }
}
