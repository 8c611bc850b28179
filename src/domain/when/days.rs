//! Single days as they are spoken: "tomorrow", "next Tuesday", "December 14th", "de hoy en ocho".

use chrono::{Datelike, Days as Count, Months, NaiveDate, TimeDelta};

use super::{
    amounts::COUNTS,
    calendar::{self, DaySaid, Days, Which, in_month, last_of_month, month_after},
    dates, holidays, names,
    token::{
        Number, Rest,
        Token::{self, Number as N, Word as W},
        skip,
    },
};
use crate::domain::words::Phrases;

type Found<'t, 'a> = Option<(DaySaid, Rest<'t, 'a>)>;

/// Reads a day at the beginning of `tokens`.
pub(super) fn day<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    beside(tokens, today)
        .or_else(|| weekday_beside(tokens, today))
        .or_else(|| counted(tokens, today))
        .or_else(|| simple(tokens, today))
}

/// A day that is named by itself, and not by its distance from another.
fn simple<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    near(tokens, today)
        .or_else(|| holidays::holiday(tokens, today))
        .or_else(|| end_of_month(tokens, today))
        .or_else(|| nth_weekday(tokens, today))
        .or_else(|| other_weekday(tokens, today))
        .or_else(|| weekday(tokens))
        .or_else(|| dates::date(tokens))
}

fn days_from(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::days(days))
}

/// Today and the days around it.
fn near<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    // "Tomorrow or the day after" is two days, and the second is named by the first.
    if let Some(((), rest)) = TWO_DAYS.begin(tokens) {
        let said = DaySaid::Span(days_from(today, 1)?, days_from(today, 2)?);
        return Some((said, skip(&["that", "tomorrow"], rest)));
    }
    let (days, rest) = match tokens {
        // "Mañana o pasado"
        [W("pasado")] => (2, &[][..]),
        _ => NEAR.begin(tokens)?,
    };
    Some((DaySaid::Day(days_from(today, days)?), rest))
}

static TWO_DAYS: Phrases<()> = Phrases::new(&[(
    (),
    "tomorrow or|and the day after, tomorrow or|and the next|following day",
)]);

static NEAR: Phrases<i64> = Phrases::new(&[
    (0, "today, today later, hoy, hoy mas tarde"),
    (1, "tomorrow, tmr, manana"),
    (
        2,
        "day after tomorrow, the day after tomorrow, overmorrow, pasado manana",
    ),
    (-1, "yesterday, ayer"),
    (-2, "anteayer, antier"),
]);

/// "The day after Thanksgiving", "el día antes de Navidad".
fn beside<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let (days, rest) = DAY_BESIDE.begin(skip(&["the", "el", "un"], tokens))?;
    let (day, rest) = day_at(rest, today)?;
    Some((DaySaid::Day(days_from(day, days)?), rest))
}

static DAY_BESIDE: Phrases<i64> = Phrases::new(&[
    (
        1,
        "day after, dia despues de|del, dia siguiente de|del|a|al",
    ),
    (-1, "day before, dia antes de|del"),
]);

/// "The Wednesday before Thanksgiving", "el viernes después de Navidad".
fn weekday_beside<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let [W(name), rest @ ..] = skip(&["the", "el"], tokens) else {
        return None;
    };
    let weekday = names::weekday(name)?;
    let (is_after, rest) = BESIDE.begin(rest)?;
    let rest = match rest {
        [W("the" | "el"), behind @ ..] if !matches!(behind, [N(_), ..]) => behind,
        _ => rest,
    };
    let (said, rest) = holidays::holiday(rest, today).or_else(|| dates::date(rest))?;
    let day = resolved(said, today)?;
    let found = if is_after {
        calendar::ahead(day, weekday, false)?
    } else {
        calendar::ahead(day, weekday, true)?.checked_sub_days(Count::new(7))?
    };
    (found >= today).then_some((DaySaid::Day(found), rest))
}

/// Whether a weekday is the one after a day, or before it.
static BESIDE: Phrases<bool> = Phrases::new(&[
    (true, "after, despues de|del"),
    (false, "before, antes de|del"),
]);

fn skip_article<'t, 'a>(tokens: Rest<'t, 'a>) -> Rest<'t, 'a> {
    match tokens {
        // "The 14th" needs its article.
        [W("the" | "el" | "on"), rest @ ..] if !matches!(rest, [N(_), ..]) => rest,
        _ => tokens,
    }
}

/// A single piece as a date.
pub(super) fn resolved(said: DaySaid, today: NaiveDate) -> Option<NaiveDate> {
    calendar::together(&[said], today).ok()??.exact()
}

/// A unit that days are counted in.
enum Unit {
    Days(i64),
    Months,
}

/// "In two weeks", "dentro de tres días", "a week from Tuesday", "de hoy en ocho".
fn counted<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    if let Some(found) = en_ocho(tokens, today) {
        return Some(found);
    }
    let (counted, must_say_from) = match AHEAD.begin(tokens) {
        Some(((), rest)) => (rest, false),
        None => (tokens, true),
    };
    let (count, rest) = match counted {
        [W("week"), W("from"), ..] if must_say_from => (1, counted),
        [N(number), rest @ ..] if !number.is_ordinal && (1..=365).contains(&number.value) => {
            (i64::from(number.value), rest)
        }
        _ => COUNTS.begin(counted)?,
    };
    let [W(unit), rest @ ..] = rest else {
        return None;
    };
    let unit = match (*unit, count) {
        // A week is eight days in Spanish, and two are fifteen, as both ends are counted.
        ("dia" | "dias", 8) => Unit::Days(7),
        ("dia" | "dias", 15) => Unit::Days(14),
        ("day" | "days" | "dia" | "dias", _) => Unit::Days(count),
        ("week" | "weeks" | "semana" | "semanas", _) => Unit::Days(count * 7),
        ("fortnight" | "quincena", _) => Unit::Days(count * 14),
        ("month" | "months" | "mes" | "meses", _) => Unit::Months,
        _ => return None,
    };
    let (from, rest) = match rest {
        // "In a day or two"
        [W("or" | "o"), N(_), ..] => return None,
        [W("from"), W("now"), rest @ ..] => (today, rest),
        [W("from" | "after" | "on"), rest @ ..] if must_say_from => day_at(rest, today)?,
        [W("despues"), W("de" | "del"), rest @ ..] => day_at(rest, today)?,
        _ if must_say_from => return None,
        _ => (today, skip(&["time"], rest)),
    };
    let day = match unit {
        Unit::Days(days) => days_from(from, days)?,
        Unit::Months => from.checked_add_months(Months::new(u32::try_from(count).ok()?))?,
    };
    Some((DaySaid::Day(day), rest))
}

/// What leads a count of days from today.
static AHEAD: Phrases<()> = Phrases::new(&[((), "in, en, dentro de, de aqui|hoy a|en")]);

/// The day that tokens begin with.
fn day_at<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    let (said, rest) = simple(skip_article(tokens), today)?;
    Some((resolved(said, today)?, rest))
}

/// "De hoy en ocho" is a week from today, "del martes en quince" a fortnight from Tuesday.
fn en_ocho<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = match tokens {
        [W("de" | "del"), rest @ ..] => skip(&["el"], rest),
        _ => tokens,
    };
    let (said, rest) = near(named, today).or_else(|| weekday(named))?;
    let (days, rest) = match rest {
        [W("en" | "a"), N(Number { value: 8, .. }), rest @ ..] => (7, rest),
        [W("en" | "a"), N(Number { value: 15, .. }), rest @ ..] => (14, rest),
        _ => return None,
    };
    let day = days_from(resolved(said, today)?, days)?;
    Some((DaySaid::Day(day), skip(&["dias"], rest)))
}

/// A weekday's name, and what says which one.
pub(super) fn weekday<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    let named = |word: &Token<'_>| match word {
        W(name) => names::weekday(
            name.strip_suffix('s')
                .filter(|_| !is_spanish(name))
                .unwrap_or(name),
        ),
        _ => None,
    };
    let (day, which, rest) = match tokens {
        [W("this" | "este"), W("coming" | "proximo"), name, rest @ ..]
        | [
            W("next" | "coming" | "following" | "proximo" | "siguiente"),
            name,
            rest @ ..,
        ] => (named(name)?, Which::Coming, rest),
        [W("this" | "este"), name, rest @ ..] => (named(name)?, Which::This, rest),
        [W("last" | "past"), name, rest @ ..] => (named(name)?, Which::Last, rest),
        [name, W("after"), W("next"), rest @ ..] => (named(name)?, Which::AfterNext, rest),
        [name, W("pasado"), rest @ ..] if !matches!(rest, [W("manana"), ..]) => {
            (named(name)?, Which::Last, rest)
        }
        [name, rest @ ..] => {
            let day = named(name)?;
            // "Mar 3" and "Mar. 3" are in March.
            if matches!((name, rest), (W("mar"), [N(_), ..])) {
                return None;
            }
            (day, Which::Coming, rest)
        }
        [] => return None,
    };
    // "Monday week" is not this coming one.
    if which == Which::Coming && matches!(rest, [W("week")]) {
        return Some((DaySaid::Weekday(day, Which::AfterNext), &[]));
    }
    let (which, rest) = match rest {
        [W("next" | "coming"), behind @ ..]
            if !matches!(behind, [W("week" | "month" | "weekend" | "available"), ..]) =>
        {
            (which, behind)
        }
        [W("que"), W("viene" | "entra" | "sigue"), rest @ ..]
        | [W("proximo" | "siguiente" | "entrante"), rest @ ..] => (Which::Coming, rest),
        _ => (which, rest),
    };
    Some((DaySaid::Weekday(day, which), rest))
}

/// "El otro lunes": the next one to some, and the one after it to others.
fn other_weekday<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let [W("otro"), W(name), rest @ ..] = tokens else {
        return None;
    };
    let day = names::weekday(name)?;
    let of = |which| calendar::weekday((day, which), today).map(Days::On);
    let said = DaySaid::Either(of(Which::Coming)?, of(Which::AfterNext)?);
    Some((said, rest))
}

/// Whether a weekday's name ends in an s of its own.
fn is_spanish(name: &str) -> bool {
    matches!(
        name,
        "lunes" | "martes" | "miercoles" | "jueves" | "viernes" | "tues" | "weds" | "thurs"
    )
}

/// "The first Monday of December", "el último viernes del mes".
fn nth_weekday<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = skip(&["the", "el"], tokens);
    let (nth, name, rest) = match named {
        [N(nth), W(name), rest @ ..] if nth.is_ordinal && (1..=5).contains(&nth.value) => {
            (Some(nth.value), name, rest)
        }
        [W("last" | "ultimo"), W(name), rest @ ..] => (None, name, rest),
        _ => return None,
    };
    let weekday = names::weekday(name)?;
    let [W("of" | "in" | "de" | "del" | "en"), rest @ ..] = rest else {
        return None;
    };
    let (first, rest) = month_named(rest, today)?;
    // Where this month's is over, that of another month would be a guess.
    let found = in_month(nth, weekday, first).filter(|found| *found >= today)?;
    Some((DaySaid::Day(found), rest))
}

/// "The last day of the month", "el último día de diciembre", "the first day of next month".
fn end_of_month<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = skip(&["the", "el"], tokens);
    let (is_last, rest) = match named {
        [W("last" | "ultimo" | "final"), rest @ ..] => (true, rest),
        [N(number), rest @ ..] if number.is_ordinal && number.value == 1 => (false, rest),
        _ => return None,
    };
    let [W("day" | "dia"), W("of" | "in" | "de" | "del"), rest @ ..] = rest else {
        return None;
    };
    let (first, rest) = month_named(rest, today)?;
    let day = if is_last {
        last_of_month(first)?
    } else {
        first
    };
    (day >= today).then_some((DaySaid::Day(day), rest))
}

/// The first day of a month that is named: "December", "the month", "next month", "el mes que viene".
pub(super) fn month_named<'t, 'a>(
    tokens: Rest<'t, 'a>,
    today: NaiveDate,
) -> Option<(NaiveDate, Rest<'t, 'a>)> {
    if let Some((months, rest)) = MONTHS.begin(tokens) {
        let is_other = months == 0 && matches!(rest, [W("que" | "proximo" | "siguiente"), ..]);
        return month_after(today, months)
            .filter(|_| !is_other)
            .map(|first| (first, rest));
    }
    let [W(name), rest @ ..] = tokens else {
        return None;
    };
    let month = names::month(name)?;
    let year = today.year() + i32::from(month < today.month());
    Some((NaiveDate::from_ymd_opt(year, month, 1)?, rest))
}

/// How many months after this one a month is.
static MONTHS: Phrases<u32> = Phrases::new(&[
    (0, "the month, this|este|el month|mes, mes"),
    (
        1,
        "next|proximo month|mes, the|el next|proximo month|mes, mes proximo|siguiente, \
         el mes proximo|siguiente, mes que viene|entra|sigue, el mes que viene|entra|sigue",
    ),
]);
