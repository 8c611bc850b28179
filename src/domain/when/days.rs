//! Single days as they are spoken: "tomorrow", "next Tuesday", "December 14th", "de hoy en ocho".

use chrono::{Datelike, Days as Count, Months, NaiveDate};

use super::{
    calendar::{self, DaySaid, Days, Which, in_month, last_of_month, month_after},
    dates, holidays, names,
    phrases::Rest,
    token::{
        Number,
        Token::{self, Number as N, Word as W},
    },
};

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
    let count = Count::new(days.unsigned_abs());
    if days < 0 {
        day.checked_sub_days(count)
    } else {
        day.checked_add_days(count)
    }
}

/// Today and the days around it.
fn near<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    // "Tomorrow or the day after" is two days, and the second is named by the first.
    if let [W("tomorrow"), W("or" | "and"), rest @ ..] = tokens
        && let [W("the"), W("day"), W("after"), rest @ ..]
        | [W("the"), W("next" | "following"), W("day"), rest @ ..] = rest
    {
        let rest = match rest {
            [W("that" | "tomorrow"), rest @ ..] => rest,
            _ => rest,
        };
        return Some((
            DaySaid::Span(days_from(today, 1)?, days_from(today, 2)?),
            rest,
        ));
    }
    let (days, rest) = match tokens {
        [W("day"), W("after"), W("tomorrow"), rest @ ..]
        | [W("the"), W("day"), W("after"), W("tomorrow"), rest @ ..]
        | [W("overmorrow"), rest @ ..]
        | [W("pasado"), W("manana"), rest @ ..] => (2, rest),
        // "Mañana o pasado"
        [W("pasado"), rest @ ..] if rest.is_empty() => (2, rest),
        [W("today"), W("later"), rest @ ..]
        | [W("hoy"), W("mas"), W("tarde"), rest @ ..]
        | [W("today" | "hoy"), rest @ ..] => (0, rest),
        [W("tomorrow" | "tmr" | "manana"), rest @ ..] => (1, rest),
        [W("yesterday" | "ayer"), rest @ ..] => (-1, rest),
        [W("anteayer" | "antier"), rest @ ..] => (-2, rest),
        _ => return None,
    };
    Some((DaySaid::Day(days_from(today, days)?), rest))
}

/// "The day after Thanksgiving", "el día antes de Navidad".
fn beside<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let tokens = match tokens {
        [W("the" | "el" | "un"), rest @ ..] if matches!(rest, [W("day" | "dia"), ..]) => rest,
        _ => tokens,
    };
    let (days, rest) = match tokens {
        [W("day"), W("after"), rest @ ..]
        | [W("dia"), W("despues"), W("de" | "del"), rest @ ..]
        | [
            W("dia"),
            W("siguiente"),
            W("de" | "del" | "a" | "al"),
            rest @ ..,
        ] => (1, rest),
        [W("day"), W("before"), rest @ ..] | [W("dia"), W("antes"), W("de" | "del"), rest @ ..] => {
            (-1, rest)
        }
        _ => return None,
    };
    let (said, rest) = simple(skip_article(rest), today)?;
    Some((DaySaid::Day(days_from(resolved(said, today)?, days)?), rest))
}

/// "The Wednesday before Thanksgiving", "el viernes después de Navidad".
fn weekday_beside<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = match tokens {
        [W("the" | "el"), rest @ ..] => rest,
        _ => tokens,
    };
    let (name, is_after, rest) =
        match named {
            [W(name), W("after"), rest @ ..]
            | [W(name), W("despues"), W("de" | "del"), rest @ ..] => (name, true, rest),
            [W(name), W("before"), rest @ ..]
            | [W(name), W("antes"), W("de" | "del"), rest @ ..] => (name, false, rest),
            _ => return None,
        };
    let weekday = names::weekday(name)?;
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
    let (counted, must_say_from) = match tokens {
        [W("in" | "en"), rest @ ..]
        | [W("dentro"), W("de"), rest @ ..]
        | [W("de"), W("aqui" | "hoy"), W("a" | "en"), rest @ ..] => (rest, false),
        _ => (tokens, true),
    };
    let (count, rest) = match counted {
        [W("a"), W("couple"), W("of"), rest @ ..]
        | [W("a"), W("couple"), rest @ ..]
        | [W("un"), W("par"), W("de"), rest @ ..] => (2, rest),
        [W("a" | "un"), rest @ ..] => (1, rest),
        [W("week"), W("from"), ..] if must_say_from => (1, counted),
        [N(number), rest @ ..] if !number.is_ordinal && (1..=365).contains(&number.value) => {
            (i64::from(number.value), rest)
        }
        _ => return None,
    };
    let (unit, rest) = match rest {
        [W("day" | "days"), rest @ ..] => (Unit::Days(count), rest),
        // A week is eight days in Spanish, and two are fifteen, as both ends are counted.
        [W("dia" | "dias"), rest @ ..] => (
            Unit::Days(match count {
                8 => 7,
                15 => 14,
                days => days,
            }),
            rest,
        ),
        [W("week" | "weeks" | "semana" | "semanas"), rest @ ..] => (Unit::Days(count * 7), rest),
        [W("fortnight" | "quincena"), rest @ ..] => (Unit::Days(count * 14), rest),
        [W("month" | "months" | "mes" | "meses"), rest @ ..] => (Unit::Months, rest),
        _ => return None,
    };
    let (from, rest) = match rest {
        // "In a day or two"
        [W("or" | "o"), N(_), ..] => return None,
        [W("from"), W("now"), rest @ ..] => (today, rest),
        [W("from" | "after" | "on"), rest @ ..] if must_say_from => {
            let (said, rest) = simple(skip_article(rest), today)?;
            (resolved(said, today)?, rest)
        }
        [W("despues"), W("de" | "del"), rest @ ..] => {
            let (said, rest) = simple(skip_article(rest), today)?;
            (resolved(said, today)?, rest)
        }
        _ if must_say_from => return None,
        [W("time"), rest @ ..] => (today, rest),
        _ => (today, rest),
    };
    let day = match unit {
        Unit::Days(days) => days_from(from, days)?,
        Unit::Months => from.checked_add_months(Months::new(u32::try_from(count).ok()?))?,
    };
    Some((DaySaid::Day(day), rest))
}

/// "De hoy en ocho" is a week from today, "del martes en quince" a fortnight from Tuesday.
fn en_ocho<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let named = match tokens {
        [W("de" | "del"), W("el"), rest @ ..] | [W("de" | "del"), rest @ ..] => rest,
        _ => tokens,
    };
    let (said, rest) = near(named, today).or_else(|| weekday(named))?;
    let (days, rest) = match rest {
        [W("en" | "a"), N(Number { value: 8, .. }), rest @ ..] => (7, rest),
        [W("en" | "a"), N(Number { value: 15, .. }), rest @ ..] => (14, rest),
        _ => return None,
    };
    let rest = match rest {
        [W("dias"), rest @ ..] => rest,
        _ => rest,
    };
    Some((DaySaid::Day(days_from(resolved(said, today)?, days)?), rest))
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
    let named = match tokens {
        [W("the" | "el"), rest @ ..] => rest,
        _ => tokens,
    };
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
    let named = match tokens {
        [W("the" | "el"), rest @ ..] => rest,
        _ => tokens,
    };
    let (is_last, rest) = match named {
        [
            W("last" | "ultimo" | "final"),
            W("day" | "dia"),
            W("of" | "in" | "de" | "del"),
            rest @ ..,
        ] => (true, rest),
        [
            N(Number {
                value: 1,
                is_ordinal: true,
                ..
            }),
            W("day" | "dia"),
            W("of" | "in" | "de" | "del"),
            rest @ ..,
        ] => (false, rest),
        _ => return None,
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
    let (months, rest) = match tokens {
        [W("the"), W("month"), rest @ ..]
        | [W("this" | "este" | "el"), W("month" | "mes"), rest @ ..]
            if !matches!(rest, [W("que" | "proximo" | "siguiente"), ..]) =>
        {
            (0, rest)
        }
        [W("mes"), rest @ ..] if !matches!(rest, [W("que" | "proximo" | "siguiente"), ..]) => {
            (0, rest)
        }
        [W("next"), W("month"), rest @ ..]
        | [W("the"), W("next"), W("month"), rest @ ..]
        | [W("proximo"), W("mes"), rest @ ..]
        | [W("el"), W("proximo"), W("mes"), rest @ ..]
        | [W("el"), W("mes"), W("proximo" | "siguiente"), rest @ ..]
        | [W("mes"), W("proximo" | "siguiente"), rest @ ..]
        | [
            W("el"),
            W("mes"),
            W("que"),
            W("viene" | "entra" | "sigue"),
            rest @ ..,
        ]
        | [
            W("mes"),
            W("que"),
            W("viene" | "entra" | "sigue"),
            rest @ ..,
        ] => (1, rest),
        [W(name), rest @ ..] => {
            let month = names::month(name)?;
            let year = if month < today.month() {
                today.year() + 1
            } else {
                today.year()
            };
            return Some((NaiveDate::from_ymd_opt(year, month, 1)?, rest));
        }
        _ => return None,
    };
    Some((month_after(today, months)?, rest))
}
