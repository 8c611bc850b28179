//! What points at something that was offered: "either one", "the first of the two", "the 9 to 11 slot".
//!
//! Such words name no day and no hour by themselves. Who made the offer knows what they mean.

use super::{
    names::{self, is_filler},
    preferences,
    token::{
        Rest,
        Token::{self, Colon, Dash, Number as N, Word as W},
        skip, spoken,
    },
    zones,
};
use crate::domain::words::{Phrases, Words};

/// Whether a word that may be a number points at something else here: the "one" of "either one", "la primera".
///
/// `before` and `after` are the words around it, of which no number has been read yet.
pub(super) fn points(word: &str, before: &[Token<'_>], after: &[Token<'_>]) -> bool {
    match word {
        "one" => !is_hour(before, after),
        "una" => {
            matches!(after, [W(named), ..] if COUNTED.has(named))
                || matches!(
                    after,
                    [W("de"), W("las" | "los" | "esas" | "ellas" | "estas"), ..]
                )
        }
        "uno" => matches!(
            after,
            [W("de"), W("los" | "las" | "esos" | "ellos" | "estos"), ..] | [W("u"), ..]
        ),
        // A day of the month and an hour are masculine and feminine, but an hour is never counted.
        "primera" | "segunda" | "tercera" | "quinta" => !matches!(after, [W("semana"), ..]),
        _ => false,
    }
}

/// What "una" counts.
static COUNTED: Words = Words::new(&[
    "cita visita opcion ventana consulta vez persona revision inspeccion reparacion manana tarde \
     noche u",
]);

/// Whether "one" behind tens points at an offer: "the two thirty one" is that of half past two.
pub(super) fn points_behind_minutes(unit: &str, before: &[Token<'_>]) -> bool {
    unit == "one"
        && matches!(before, [.., W("the"), W(hour)] if spoken(hour).is_some_and(|hour| hour.value <= 12))
}

/// Whether an hour, a day of a named month or a count is said by "one".
fn is_hour(before: &[Token<'_>], after: &[Token<'_>]) -> bool {
    let is_number = |token: &Token<'_>| match token {
        N(_) | W("noon" | "midday" | "midnight") => true,
        W(word) => spoken(word).is_some(),
        _ => false,
    };
    let is_pointed_at = matches!(
        before.last(),
        Some(W("the" | "that" | "this" | "which" | "either" | "any"))
    );
    let leads_on = match after {
        [W(next), ..] if LEADING_ON.has(next) => true,
        [Dash, W("ish"), ..]
        | [W("o"), W("clock"), ..]
        | [
            W("day"),
            W("from" | "after" | "later" | "earlier" | "before"),
            ..,
        ] => true,
        // "The one in the morning" points at an offer.
        [
            W("in"),
            W("the"),
            W("morning" | "afternoon" | "evening"),
            ..,
        ]
        | [W("this"), W("morning" | "afternoon" | "evening"), ..]
        | [W("at"), W("night"), ..] => !is_pointed_at,
        [
            W("to" | "until" | "till" | "til" | "or" | "and") | Dash,
            other,
            ..,
        ] => is_number(other),
        [W(minutes), ..] if spoken(minutes).is_some_and(|minutes| minutes.value >= 10) => true,
        _ => zones::zone(after).is_some(),
    };
    if leads_on || matches!((before, after), ([.., W("in" | "within")], [W("day"), ..])) {
        return true;
    }
    if matches!(after, [W("of"), ..]) {
        return false;
    }
    match before {
        // "One", "one works": nothing else is said.
        [] => !matches!(after, [W("or" | "and"), ..]) && after.iter().all(is_filler),
        [.., other, W("or" | "and" | "to" | "until" | "till") | Dash] if is_number(other) => true,
        [.., W(last)] if LEADING.has(last) => true,
        [.., W(month)] => names::month(month).is_some(),
        _ => false,
    }
}

/// What makes a "one" before it an hour or a count.
static LEADING_ON: Words =
    Words::new(&["oclock am pm a p oh ish sharp hundred hour hours week month minute hr"]);

/// What makes a "one" behind it an hour or a count.
static LEADING: Words = Words::new(&[
    "at around about by after before past till until til to between from for than of \
     approximately oh zero",
]);

/// Whether tokens point at one of several by its place: "the later one", "la más tarde".
pub(super) fn is_compared(tokens: &[Token<'_>]) -> bool {
    matches!(
        tokens,
        [W("the" | "la"), W("later" | "earlier"), ..] | [W("la"), W("mas"), W("tarde"), ..]
    )
}

/// "Either", where the choice is left to us, and what stands behind it.
pub(super) fn either<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<Rest<'t, 'a>> {
    EITHER.begin(tokens).map(|((), rest)| rest)
}

static EITHER: Phrases<()> = Phrases::new(&[(
    (),
    "either one of the two, either one of those|them|these, either|whichever|any one, \
     either|whichever|any of the two, either|any of those|them|these, any one of those|them, \
     cualquiera de las|los dos|tres, cualquiera de esas|esos|ellas|ellos, cualquier opcion",
)]);

/// Whether tokens are an ordinal and nothing else: "the third", which as a time is one of those that were offered.
pub(super) fn is_ordinal_alone(tokens: &[Token<'_>]) -> bool {
    let named = skip(&["the", "el"], tokens);
    preferences::preference(named).is_none()
        && matches!(
            named,
            [N(number), rest @ ..]
                if number.is_ordinal && number.digits == 0 && rest.iter().all(is_filler)
        )
}

/// Whether tokens point at one of several that were offered: "una de las dos", which is no hour.
pub(super) fn is_one_of_several(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [W("una" | "uno" | "one"), rest @ ..] if is_of_several(rest))
}

/// Whether what stands behind an ordinal says of how many it is one: "the first of the two", "el primero de esos".
pub(super) fn is_of_several(behind: &[Token<'_>]) -> bool {
    match behind {
        [
            W("of" | "de"),
            W("those" | "these" | "them" | "esos" | "esas" | "ellos" | "ellas"),
            ..,
        ] => true,
        [
            W("of" | "de"),
            W("the" | "los" | "las"),
            N(number),
            rest @ ..,
        ] => !number.is_ordinal && !matches!(rest, [Colon, ..]),
        [W("of"), N(number), rest @ ..] => {
            number.digits <= 1 && !matches!(rest, [Dash | Token::Slash, ..])
        }
        _ => false,
    }
}

/// Whether tokens begin with two hours of a window that was offered, and not with a day: "the 9 to 11 slot".
pub(super) fn is_window(tokens: &[Token<'_>]) -> bool {
    let (named, has_article) = match tokens {
        [W("the"), rest @ ..] => (rest, true),
        _ => (tokens, false),
    };
    let [
        N(first),
        W("to" | "until" | "till" | "a") | Dash,
        second,
        behind @ ..,
    ] = named
    else {
        return false;
    };
    let ends = match second {
        N(second) => !second.is_ordinal && second.digits <= 2 && second.value <= 24,
        W("noon" | "midday") => return has_article || names_a_window(behind),
        _ => false,
    };
    if first.is_ordinal || first.digits > 2 || first.value > 24 || !ends {
        return false;
    }
    match behind {
        [] | [Colon, N(_), ..] => has_article,
        [W("am" | "pm"), rest @ ..] => has_article || names_a_window(rest),
        _ => names_a_window(behind),
    }
}

/// Whether tokens begin with one of several days that were offered: "the first day", but not "the first day of December".
pub(super) fn is_day_of_an_offer(tokens: &[Token<'_>]) -> bool {
    matches!(
        skip(&["the", "el"], tokens),
        [N(number), W("day" | "dia"), rest @ ..]
            if number.is_ordinal && !matches!(rest, [W("of" | "in" | "de" | "del"), ..])
    )
}

/// Whether tokens begin with an hour that was offered: "the eleven", which as a time is no day of the month.
pub(super) fn is_hour_of_an_offer(tokens: &[Token<'_>]) -> bool {
    let [W("the"), N(number), behind @ ..] = tokens else {
        return false;
    };
    let is_month = matches!(behind, [W("of"), ..])
        || matches!(behind, [W(name), ..] if names::month(name).is_some());
    !number.is_ordinal
        && number.digits <= 2
        && (1..=12).contains(&number.value)
        && !is_month
        && !matches!(behind, [Token::Slash | Dash, ..])
}

fn names_a_window(behind: &[Token<'_>]) -> bool {
    matches!(behind, [W(name), ..] if WINDOWS.has(name))
}

static WINDOWS: Words =
    Words::new(&["slot slots window one block appointment opening spot arrival time visit"]);
