//! The weekend and the working week: "over the weekend", "entre semana", "on a weekday".

use chrono::{Datelike, Days as Count, NaiveDate, Weekday};

use super::{
    calendar::{DaySaid, Days, ahead},
    holidays,
    phrases::{self, Rest},
    token::Token::Word as W,
};

type Found<'t, 'a> = Option<(DaySaid, Rest<'t, 'a>)>;

fn plus(day: NaiveDate, days: u64) -> Option<NaiveDate> {
    day.checked_add_days(Count::new(days))
}

/// Saturday and Sunday; "next weekend" is this one to some and the one after to others.
pub(super) fn weekend<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    if let Some(found) = of_a_holiday(tokens, today) {
        return Some(found);
    }
    let sunday = ahead(today, Weekday::Sun, true)?;
    let saturday = sunday.pred_opt()?.max(today);
    let this = DaySaid::Span(saturday, sunday);
    let next = DaySaid::Either(
        Days::Within(saturday, sunday),
        Days::Within(plus(sunday, 6)?, plus(sunday, 7)?),
    );
    if let Some(rest) = phrases::any(&["the weekend after next", "weekend after next"], tokens) {
        return Some((DaySaid::Span(plus(sunday, 6)?, plus(sunday, 7)?), rest));
    }
    phrases::any(NEXT_WEEKEND, tokens)
        .map(|rest| (next, rest))
        .or_else(|| phrases::any(WEEKEND, tokens).map(|rest| (this, rest)))
}

const NEXT_WEEKEND: &[&str] = &[
    "next weekend",
    "proximo finde",
    "finde que viene",
    "finde que entra",
    "proximo fin de semana",
    "fin de semana que viene",
    "fin de semana que entra",
    "fin de semana proximo",
    "fin de semana siguiente",
];

const WEEKEND: &[&str] = &[
    "this coming weekend",
    "the coming weekend",
    "coming weekend",
    "this weekend",
    "over the weekend",
    "during the weekend",
    "the weekend",
    "weekend",
    "este finde",
    "finde",
    "este fin de semana",
    "fin de semana",
    "este fin",
    "fines de semana",
    "weekends",
];

/// "Thanksgiving weekend", "Memorial Day weekend", "Christmas week".
fn of_a_holiday<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let (DaySaid::Day(day), [W(unit @ ("weekend" | "week")), rest @ ..]) =
        holidays::holiday(tokens, today)?
    else {
        return None;
    };
    let sunday = ahead(day, Weekday::Sun, true)?;
    let (first, last) = match (*unit, day.weekday()) {
        // A long weekend ends with its holiday.
        ("weekend", Weekday::Mon) => (day.checked_sub_days(Count::new(2))?, day),
        ("weekend", _) => (sunday.pred_opt()?, sunday),
        _ => (sunday.checked_sub_days(Count::new(6))?, sunday),
    };
    let first = first.max(today);
    (first <= last).then_some((DaySaid::Span(first, last), rest))
}

/// Monday to Friday: what is left of this week's, and from Friday on next week's.
pub(super) fn workdays<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    let rest = phrases::any(WORKDAYS, tokens)?;
    let friday = ahead(today, Weekday::Fri, false)?;
    let first = match today.weekday() {
        Weekday::Fri | Weekday::Sat | Weekday::Sun => friday.checked_sub_days(Count::new(4))?,
        _ => today,
    };
    Some((DaySaid::Span(first, friday), rest))
}

const WORKDAYS: &[&str] = &[
    "during the work week",
    "during the workweek",
    "during the week",
    "on a weekday",
    "on weekdays",
    "a weekday",
    "weekdays",
    "weekday",
    "entre semana",
    "entresemana",
    "dias de semana",
    "dia de semana",
    "dia habil",
    "dias habiles",
];
