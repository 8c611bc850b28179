//! Hours as they are spoken: "half past two", "2:30 pm", "tres menos cuarto", "between two and four".

use super::{
    clock::Clock,
    reading::{clock, whole},
    token::{
        Rest,
        Token::{self, Dash, Number as N, Word as W},
        skip,
    },
};
use crate::domain::words::Phrases;

/// What a piece of a text says of the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hours {
    At(Clock),
    After(Clock),
    Before(Clock),
    Between(Clock, Clock),
    /// "10 to 3" in digits: ten minutes before three, or from ten until three.
    Ambiguous(Clock, Clock),
    /// So many minutes from now.
    In(u32),
}

/// Reads an hour, or a stretch of hours, at the beginning of `tokens`.
pub(super) fn hours<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Hours, Rest<'t, 'a>)> {
    if let Some(found) = from_now(tokens) {
        return Some(found);
    }
    if let [W("between" | "entre"), rest @ ..] = tokens {
        return until(clock_in_a_pair(led(rest))?, &["and", "y", "to", "a"]);
    }
    if let [W("from" | "de" | "desde"), rest @ ..] = tokens {
        let (first, behind) = clock(led(rest))?;
        if let Some(found) = until(
            (first, behind),
            &["to", "until", "till", "til", "a", "hasta"],
        ) {
            return Some(found);
        }
        return (!matches!(tokens, [W("de"), ..]) || onward(behind).is_some())
            .then(|| (Hours::After(first), onward(behind).unwrap_or(behind)));
    }
    if let Some((is_after, rest)) = LEADS.begin(tokens) {
        let (first, behind) = clock(led(rest))?;
        return Some(if is_after {
            (Hours::After(first), onward(behind).unwrap_or(behind))
        } else {
            (Hours::Before(first), behind)
        });
    }
    let (first, behind) = clock(led(tokens))?;
    // "El martes 1 a las 9" is no stretch.
    let is_day = first.is_bare
        && matches!(
            (tokens, behind),
            ([N(_), ..], [W("a"), W("la" | "las"), ..])
        );
    if !is_day
        && let Some((found, behind)) =
            until((first, behind), &["to", "until", "till", "a", "hasta"])
    {
        return Some((perhaps_minutes(tokens, found), behind));
    }
    Some(match direction(behind) {
        Some((true, behind)) => (Hours::After(first), behind),
        Some((false, behind)) => (Hours::Before(first), behind),
        None => (Hours::At(first), behind),
    })
}

/// "In two hours", "dentro de media hora", "an hour from now".
fn from_now<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Hours, Rest<'t, 'a>)> {
    let (counted, must_say_now) = match tokens {
        [W("in" | "en"), rest @ ..] | [W("dentro"), W("de"), rest @ ..] => (rest, false),
        _ => (tokens, true),
    };
    let (minutes, rest) = MINUTES.begin(counted).or_else(|| match counted {
        [N(number), W(unit), rest @ ..] if number.value > 0 => {
            let minutes = match (*unit, number.value) {
                ("hora", 1) if matches!(rest, [W("y"), W("media"), ..]) => {
                    return Some((90, rest.get(2..)?));
                }
                ("hour" | "hours" | "hora" | "horas" | "hr" | "hrs", hours @ ..=48) => hours * 60,
                (
                    "minute" | "minutes" | "min" | "mins" | "minuto" | "minutos",
                    minutes @ ..=600,
                ) => minutes,
                _ => return None,
            };
            Some((minutes, rest))
        }
        _ => None,
    })?;
    match rest {
        [W("from"), W("now"), rest @ ..] => Some((Hours::In(minutes), rest)),
        _ if must_say_now => None,
        rest => Some((Hours::In(minutes), skip(&["time"], rest))),
    }
}

/// How many minutes these are.
static MINUTES: Phrases<u32> = Phrases::new(&[
    (30, "half a|an hour, a half hour, half hour, media hora"),
    (60, "an|a hour"),
    (90, "an hour and a half"),
    (120, "a couple of hours, un par de horas"),
]);

/// What stands before an hour and says no more than that one follows.
pub(super) fn led<'t, 'a>(tokens: Rest<'t, 'a>) -> Rest<'t, 'a> {
    match tokens {
        [W("a"), W("eso" | "partir"), W("de"), rest @ ..]
        | [W("por"), W("ahi"), W("de"), rest @ ..]
        | [
            W(
                "at" | "around" | "about" | "alas" | "como" | "sobre" | "hacia" | "tipo" | "cerca"
                | "approximately",
            ),
            rest @ ..,
        ] => led(rest),
        [W("a" | "de"), rest @ ..]
            if matches!(
                rest,
                [
                    W("las" | "la"),
                    N(_) | W("un" | "cuarto" | "media" | "medianoche"),
                    ..
                ]
            ) =>
        {
            led(rest)
        }
        [W("las" | "la" | "the"), rest @ ..] if matches!(rest, [N(_) | W("medianoche"), ..]) => {
            led(rest)
        }
        [W("al" | "el"), rest @ ..] if matches!(rest, [W("mediodia" | "medio"), ..]) => rest,
        _ => tokens,
    }
}

/// What leads an hour from which on, or until which, a caller has time; whether it is from there on.
static LEADS: Phrases<bool> = Phrases::new(&[
    (
        true,
        "any time after|past|from, anytime after|past|from, but not before, but after, \
         but no earlier than, pero no antes de|del, pero despues de, later than, not before, \
         no|not earlier than, starting at|from, after, past, pasadas, despues de|del, luego de, \
         mas tarde de, no antes de|del, a partir de|del",
    ),
    (
        false,
        "any time before|until, anytime before|until, but|and not after, but before, \
         but not|no later than, but not past, pero no despues de|del, pero no mas tarde de, \
         pero antes de|del, earlier than, no|not later than, not after|past, before, until, till, by, \
         hasta, antes de|del, a mas tardar, no despues de|del, no mas tarde de",
    ),
]);

/// What makes an hour before it the first of several, or the last.
static DIRECTIONS: Phrases<bool> = Phrases::new(&[
    (
        true,
        "or later|after|afterwards, and after|later|onwards, onward, onwards, at the earliest, \
         o despues, o mas tarde, lo mas temprano, como muy temprano, en|para adelante",
    ),
    (
        false,
        "or earlier|before, at the latest, o antes, como muy tarde, a mas tardar",
    ),
]);

fn direction<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(bool, Rest<'t, 'a>)> {
    match tokens {
        // "At 3 on Tuesday" goes on otherwise.
        [W("on")] => Some((true, &[])),
        _ => DIRECTIONS.begin(tokens),
    }
}

/// What stands behind "… or later".
fn onward<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<Rest<'t, 'a>> {
    direction(tokens).and_then(|(is_onward, rest)| is_onward.then_some(rest))
}

/// The other end of a stretch, behind one of `words` or a dash.
fn until<'t, 'a>(
    (first, rest): (Clock, Rest<'t, 'a>),
    words: &[&str],
) -> Option<(Hours, Rest<'t, 'a>)> {
    let rest = match rest {
        [Dash, rest @ ..] => rest,
        [W(word), rest @ ..] if words.contains(word) => rest,
        _ => return None,
    };
    let (second, rest) = clock(led(rest))?;
    Some((Hours::Between(first, second), rest))
}

/// "10 to 3" may be a transcript of "ten to three".
fn perhaps_minutes(tokens: &[Token<'_>], found: Hours) -> Hours {
    match (tokens, found) {
        ([N(minutes), W("to"), N(hour), ..], Hours::Between(from, until))
            if matches!(minutes.value, 5 | 10) && hour.value <= 12 =>
        {
            Hours::Ambiguous(from, until)
        }
        _ => found,
    }
}

/// The first of two hours that "and" or "y" parts, which is no "y diez".
fn clock_in_a_pair<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Clock, Rest<'t, 'a>)> {
    if let [N(hour), rest @ ..] = tokens
        && matches!(rest, [W("y"), ..])
        && !matches!(rest, [_, W("media" | "cuarto"), ..])
    {
        return Some((whole(*hour)?, rest));
    }
    clock(tokens)
}
