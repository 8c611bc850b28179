//! Several days at once: "next week", "the weekend", "from Tuesday to Thursday", "a fines de mes".

use chrono::{Datelike, Days as Count, NaiveDate, Weekday};

use super::{
    calendar::{DaySaid, Days, ahead, last_of_month, month_after},
    days::{day, month_named, resolved},
    names,
    token::{
        Rest,
        Token::{Dash, Number as N, Word as W},
        skip,
    },
    weekends,
};
use crate::domain::words::Phrases;

type Found<'t, 'a> = Option<(DaySaid, Rest<'t, 'a>)>;

/// Reads a span of days at the beginning of `tokens`.
pub(super) fn span<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    weekends::weekend(tokens, today)
        .or_else(|| weekends::workdays(tokens, today))
        .or_else(|| week(tokens, today))
        .or_else(|| month(tokens, today))
        .or_else(|| bounded(tokens, today))
        .or_else(|| between(tokens, today))
        .or_else(|| numbered(tokens, today))
        .or_else(|| week_of_month(tokens, today))
        .or_else(|| coming(tokens, today))
}

fn plus(day: NaiveDate, days: u64) -> Option<NaiveDate> {
    day.checked_add_days(Count::new(days))
}

/// The days of a week that begins on Monday, those before today left out.
fn week_of(day: NaiveDate, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let sunday = ahead(day, Weekday::Sun, true)?;
    let monday = sunday.checked_sub_days(Count::new(6))?;
    Some((monday.max(today.min(sunday)), sunday))
}

/// Which days of a week or a month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Third {
    Begin,
    Middle,
    End,
    All,
}

/// "Early next …", "a principios de …", "the end of …".
fn third<'t, 'a>(tokens: Rest<'t, 'a>) -> (Third, Rest<'t, 'a>) {
    let named = match tokens {
        [W("a" | "al"), rest @ ..] => rest,
        [W("the"), rest @ ..]
            if matches!(rest, [W("end" | "beginning" | "start" | "middle"), ..]) =>
        {
            rest
        }
        _ => tokens,
    };
    let [W(name), rest @ ..] = named else {
        return (Third::All, tokens);
    };
    let third = match *name {
        "early" | "beginning" | "start" | "principio" | "principios" | "inicio" | "inicios"
        | "comienzos" => Third::Begin,
        "middle" | "mid" | "mediados" | "mitad" => Third::Middle,
        "late" | "later" | "end" | "fin" | "fines" | "final" | "finales" => Third::End,
        _ => return (Third::All, tokens),
    };
    let rest = match rest {
        [W("in" | "of" | "de" | "del") | Dash, rest @ ..] => rest,
        _ => rest,
    };
    (third, rest)
}

/// "Next week", "la semana que viene", "the week of the 7th", "early next week".
fn week<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    if let [W("later"), W("in"), W("the"), W("week"), rest @ ..] = tokens {
        let (_, last) = week_of(today, today)?;
        let first = last.checked_sub_days(Count::new(3))?.max(today);
        return Some((DaySaid::Span(first, last), rest));
    }
    let (third, named) = third(tokens);
    let named = skip(&["the", "la"], named);
    let (day, rest) = match named {
        [W("week" | "semana"), W("of" | "de" | "del"), rest @ ..] => {
            let (said, rest) = day(rest, today).or_else(|| match rest {
                [N(number), rest @ ..] if (1..=31).contains(&number.value) => {
                    Some((DaySaid::OfMonth(number.value), rest))
                }
                _ => None,
            })?;
            (resolved(said, today)?, rest)
        }
        // "The week after Thanksgiving"
        [W("week"), W("after"), rest @ ..] if !matches!(rest, [W("next"), ..]) => {
            let (said, rest) = day(rest, today)?;
            (plus(resolved(said, today)?, 7)?, rest)
        }
        _ => {
            let (weeks, rest) = WEEKS.begin(named)?;
            (plus(today, weeks * 7)?, rest)
        }
    };
    let (first, last) = week_of(day, today)?;
    let before_sunday = |days| last.checked_sub_days(Count::new(days));
    let (first, last) = match third {
        Third::All => (first, last),
        Third::Begin => (before_sunday(6)?, before_sunday(4)?),
        Third::Middle => (before_sunday(5)?, before_sunday(3)?),
        Third::End => (before_sunday(3)?, last),
    };
    // Of a week that has begun, what is over cannot be meant.
    (third == Third::All || last >= today)
        .then_some((DaySaid::Span(first.max(today.min(last)), last), rest))
}

/// How many weeks after this one a week is.
static WEEKS: Phrases<u64> = Phrases::new(&[
    (0, "this|esta week|semana"),
    (
        1,
        "next|coming|following week, proxima|siguiente semana, semana que viene|entra|sigue, \
         semana proxima|siguiente|entrante",
    ),
    (2, "week after next"),
]);

/// "Next month", "in December", "the end of the month", "a principios de enero".
fn month<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let (third, named) = third(tokens);
    let (named, has_lead) = match named {
        [
            W("in" | "en" | "for" | "para" | "during" | "del" | "de"),
            rest @ ..,
        ] => (rest, true),
        _ => (named, third != Third::All),
    };
    // The names of some months are other words as well.
    if let ([W(name), ..], false) = (named, has_lead)
        && names::month(name).is_some()
        && (name.len() < 4 || matches!(named, [_, N(_), ..]))
    {
        return None;
    }
    if matches!(named, [W("mes"), ..])
        && !has_lead
        && third == Third::All
        && !matches!(named, [_, W("que" | "proximo" | "siguiente"), ..])
    {
        return None;
    }
    let (first, rest) = month_named(named, today)?;
    let (first, last) = third.of_month(first)?;
    // "A principios de mes", when this month's are over
    if last < today
        && matches!(
            named,
            [W("the" | "el"), W("month" | "mes"), ..] | [W("mes"), ..]
        )
    {
        let (first, last) = third.of_month(month_after(today, 1)?)?;
        return matches!(third, Third::Begin | Third::Middle)
            .then_some((DaySaid::Span(first, last), rest));
    }
    // The days that are over cannot be meant.
    (last >= today).then_some((DaySaid::Span(first.max(today), last), rest))
}

impl Third {
    /// The first and the last of these days, in the month that begins on `first`.
    fn of_month(self, first: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let last = last_of_month(first)?;
        let on = |day| first.with_day(day);
        Some(match self {
            Self::All => (first, last),
            Self::Begin => (first, on(10)?),
            Self::Middle => (on(11)?, on(20)?),
            Self::End => (on(last.day().saturating_sub(6))?, last),
        })
    }
}

/// "After Tuesday", "starting Monday", "before Friday", "a partir del lunes", "antes del 14".
fn bounded<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let (bound, rest) = BOUNDS.begin(tokens)?;
    let (date, rest) = end(rest, today).or_else(|| contracted(tokens, rest, today))?;
    if bound == Bound::From
        && let Some((last, rest)) = other_end(rest, TO, date, today)
    {
        return Some((DaySaid::Span(date, last), rest));
    }
    let until = |last: Option<NaiveDate>| {
        let last = last.filter(|last| *last >= today)?;
        Some(DaySaid::Bounded(Days::Within(today, last)))
    };
    let said = match bound {
        Bound::After => DaySaid::Bounded(Days::From(date.succ_opt()?)),
        Bound::From => DaySaid::Bounded(Days::From(date)),
        Bound::Before => until(date.pred_opt())?,
        Bound::By => until(Some(date))?,
    };
    let rest = match rest {
        [W("on" | "onward" | "onwards"), rest @ ..] | [W("en"), W("adelante"), rest @ ..] => rest,
        _ => rest,
    };
    Some((said, rest))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    After,
    From,
    Before,
    By,
}

static BOUNDS: Phrases<Bound> = Phrases::new(&[
    (Bound::After, "after, despues del|de"),
    (
        Bound::From,
        "from, starting, beginning, desde, a partir del|de",
    ),
    (Bound::Before, "before, any day|time before, antes del|de"),
    (Bound::By, "by, until, hasta, no later than, a mas tardar"),
]);

/// "Después del 14": the article is within "del".
fn contracted<'t, 'a>(
    tokens: Rest<'t, 'a>,
    rest: Rest<'t, 'a>,
    today: NaiveDate,
) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    let before = tokens.len().checked_sub(rest.len() + 1)?;
    match (tokens.get(before), rest) {
        (Some(W("del" | "el")), [N(number), rest @ ..]) if (1..=31).contains(&number.value) => {
            resolved(DaySaid::OfMonth(number.value), today).map(|day| (day, rest))
        }
        _ => None,
    }
}

/// A day at an end of a span, with the words that lead it.
fn end<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    let (said, rest) = day(tokens, today).or_else(|| match tokens {
        [W("the" | "el" | "on"), rest @ ..] => day(rest, today),
        _ => None,
    })?;
    // "Friday, December 4th"
    let (said, rest) = match (said, day(rest, today)) {
        (
            DaySaid::Weekday(..),
            Some((date @ (DaySaid::Date { .. } | DaySaid::OfMonth(_)), rest)),
        ) => (date, rest),
        _ => (said, rest),
    };
    Some((resolved(said, today)?, rest))
}

/// "Between Tuesday and Thursday", "Monday to Wednesday", "del martes al jueves", "December 3rd through 7th".
fn between<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let (named, words): (_, &[&str]) = match tokens {
        [W("between" | "entre"), rest @ ..] => (rest, &["and", "y"]),
        _ => (skip(&["from", "de", "del"], tokens), TO),
    };
    let (first, rest) = end(named, today).or_else(|| figure(named, today))?;
    // "Thursday until 3" is an hour.
    if let ([W(name), ..], [W("until" | "till" | "hasta"), N(_), ..]) = (named, rest)
        && names::weekday(name).is_some()
    {
        return None;
    }
    let (last, rest) = other_end(rest, words, first, today)?;
    Some((DaySaid::Span(first, last), rest))
}

/// What leads the last day of a span.
const TO: &[&str] = &["to", "through", "thru", "until", "till", "a", "al", "hasta"];

/// The other end of a span that has begun, behind a dash or one of `words`.
fn other_end<'t, 'a>(
    tokens: Rest<'t, 'a>,
    words: &[&str],
    first: NaiveDate,
    today: NaiveDate,
) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    match tokens {
        [Dash, rest @ ..] => last_end(rest, first, today),
        [W(word), rest @ ..] if words.contains(word) => last_end(rest, first, today),
        _ => None,
    }
}

/// The last day of a span: the next such day after the first.
fn last_end<'t, 'a>(
    tokens: Rest<'t, 'a>,
    first: NaiveDate,
    today: NaiveDate,
) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    // Counted from the first day, so that "Thursday to Monday" ends after it begins.
    let (last, rest) = end(tokens, first)
        .or_else(|| end(tokens, today))
        .or_else(|| figure(tokens, first))?;
    (last > first).then_some((last, rest))
}

/// A bare number as the day of a month: "from December 3 to 7".
fn figure<'t, 'a>(tokens: Rest<'t, 'a>, from: NaiveDate) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    match tokens {
        [N(number), rest @ ..]
            if matches!(number.digits, 1 | 2) && matches!(rest, [] | [W("de" | "of"), ..]) =>
        {
            resolved(DaySaid::OfMonth(number.value), from).map(|day| (day, rest))
        }
        _ => None,
    }
}

/// "Del 3 al 7 de diciembre", "the 3rd to the 7th of December".
fn numbered<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = skip(&["del", "de", "from"], tokens);
    let [
        N(first),
        W("al" | "a" | "to" | "through") | Dash,
        N(last),
        rest @ ..,
    ] = named
    else {
        return None;
    };
    let [W(name), rest @ ..] = skip(&["de", "of"], rest) else {
        return None;
    };
    let month = names::month(name)?;
    let year = None;
    let of = |day: u32| resolved(DaySaid::Date { month, day, year }, today);
    let (first, last) = (of(first.value)?, of(last.value)?);
    (first < last).then_some((DaySaid::Span(first, last), rest))
}

/// "The first week of December", "la última semana del mes".
fn week_of_month<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = skip(&["the", "la"], tokens);
    let (nth, rest) = match named {
        [N(nth), rest @ ..] if nth.is_ordinal && (1..=4).contains(&nth.value) => {
            (Some(nth.value), rest)
        }
        [W("last" | "ultima"), rest @ ..] => (None, rest),
        _ => return None,
    };
    let [
        W("week" | "semana"),
        W("of" | "in" | "de" | "del"),
        rest @ ..,
    ] = rest
    else {
        return None;
    };
    let (month, rest) = month_named(rest, today)?;
    let last = last_of_month(month)?;
    let (first, last) = match nth {
        Some(nth) => (month.with_day(nth * 7 - 6)?, month.with_day(nth * 7)?),
        None => (last.checked_sub_days(Count::new(6))?, last),
    };
    (last >= today).then_some((DaySaid::Span(first.max(today), last), rest))
}

/// "Within three days", "in the next two weeks", "en los próximos días" without a number is not understood.
fn coming<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let ((), counted) = WITHIN.begin(tokens)?;
    let (days, rest) = match counted {
        [N(number), W("days" | "dias"), rest @ ..] => (number.value, rest),
        [N(number), W("weeks" | "semanas"), rest @ ..] => (number.value.checked_mul(7)?, rest),
        [W("week"), rest @ ..] | [W("a"), W("week"), rest @ ..] => (7, rest),
        _ => return None,
    };
    let days = u64::from(days.min(366));
    Some((DaySaid::Span(today, plus(today, days)?), rest))
}

static WITHIN: Phrases<()> = Phrases::new(&[(
    (),
    "within|in|over|during the next, within, en|durante los proximos, en|durante las proximas",
)]);
