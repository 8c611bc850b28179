//! Hours as they are spoken: "half past two", "2:30 pm", "tres menos cuarto", "between two and four".

use super::{
    clock::Clock,
    phrases::{self, Rest},
    reading::{clock, whole},
    token::{
        Number,
        Token::{self, Dash, Number as N, Word as W},
    },
};

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
    if let Some(rest) = phrases::any(AFTER, tokens) {
        let (first, behind) = clock(led(rest))?;
        return Some((Hours::After(first), onward(behind).unwrap_or(behind)));
    }
    if let Some(rest) = phrases::any(BEFORE, tokens) {
        let (first, behind) = clock(led(rest))?;
        return Some((Hours::Before(first), behind));
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
    if let Some(behind) = onward(behind) {
        return Some((Hours::After(first), behind));
    }
    if let Some(behind) = phrases::any(OR_BEFORE, behind) {
        return Some((Hours::Before(first), behind));
    }
    Some((Hours::At(first), behind))
}

/// "In two hours", "dentro de media hora", "an hour from now".
fn from_now<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Hours, Rest<'t, 'a>)> {
    let (counted, must_say_now) = match tokens {
        [W("in" | "en"), rest @ ..] | [W("dentro"), W("de"), rest @ ..] => (rest, false),
        _ => (tokens, true),
    };
    let (minutes, rest) = match counted {
        [W("half"), W("a" | "an"), W("hour"), rest @ ..]
        | [W("a"), W("half"), W("hour"), rest @ ..]
        | [W("half"), W("hour"), rest @ ..]
        | [W("media"), W("hora"), rest @ ..] => (30, rest),
        [W("an"), W("hour"), W("and"), W("a"), W("half"), rest @ ..]
        | [
            N(Number { value: 1, .. }),
            W("hora"),
            W("y"),
            W("media"),
            rest @ ..,
        ] => (90, rest),
        [W("an" | "a"), W("hour"), rest @ ..] => (60, rest),
        [W("a"), W("couple"), W("of"), W("hours"), rest @ ..]
        | [W("un"), W("par"), W("de"), W("horas"), rest @ ..] => (120, rest),
        [
            N(number),
            W("hour" | "hours" | "hora" | "horas" | "hr" | "hrs"),
            rest @ ..,
        ] if (1..=48).contains(&number.value) => (number.value * 60, rest),
        [
            N(number),
            W("minute" | "minutes" | "min" | "mins" | "minuto" | "minutos"),
            rest @ ..,
        ] if (1..=600).contains(&number.value) => (number.value, rest),
        _ => return None,
    };
    match rest {
        [W("from"), W("now"), rest @ ..] => Some((Hours::In(minutes), rest)),
        _ if must_say_now => None,
        [W("time"), rest @ ..] => Some((Hours::In(minutes), rest)),
        _ => Some((Hours::In(minutes), rest)),
    }
}

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

/// What leads an hour from which on a caller has time.
const AFTER: &[&str] = &[
    "any time after",
    "any time past",
    "any time from",
    "anytime after",
    "anytime past",
    "anytime from",
    "but not before",
    "but after",
    "but no earlier than",
    "pero no antes de",
    "pero no antes del",
    "pero despues de",
    "later than",
    "not before",
    "no earlier than",
    "not earlier than",
    "starting at",
    "starting from",
    "after",
    "past",
    "pasadas",
    "despues de",
    "despues del",
    "luego de",
    "mas tarde de",
    "no antes de",
    "no antes del",
    "a partir de",
    "a partir del",
];

/// What leads an hour until which a caller has time.
const BEFORE: &[&str] = &[
    "any time before",
    "any time until",
    "anytime before",
    "anytime until",
    "but not after",
    "and not after",
    "but before",
    "but not later than",
    "but no later than",
    "but not past",
    "pero no despues de",
    "pero no despues del",
    "pero no mas tarde de",
    "pero antes de",
    "pero antes del",
    "earlier than",
    "no later than",
    "not later than",
    "not after",
    "not past",
    "before",
    "until",
    "till",
    "by",
    "hasta",
    "antes de",
    "antes del",
    "a mas tardar",
    "no despues de",
    "no despues del",
    "no mas tarde de",
];

/// What makes an hour before it the first of several.
const ONWARD: &[&str] = &[
    "or later",
    "or after",
    "or afterwards",
    "and after",
    "and later",
    "and onwards",
    "onward",
    "onwards",
    "at the earliest",
    "o despues",
    "o mas tarde",
    "lo mas temprano",
    "como muy temprano",
    "en adelante",
    "para adelante",
];

/// What makes an hour before it the last of several.
const OR_BEFORE: &[&str] = &[
    "or earlier",
    "or before",
    "at the latest",
    "o antes",
    "como muy tarde",
    "a mas tardar",
];

/// What stands behind "… or later".
fn onward<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<Rest<'t, 'a>> {
    match tokens {
        // "At 3 on Tuesday" goes on otherwise.
        [W("on")] => Some(&[]),
        _ => phrases::any(ONWARD, tokens),
    }
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
