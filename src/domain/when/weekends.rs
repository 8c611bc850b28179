//! The weekend and the working week: "over the weekend", "entre semana", "on a weekday".

use chrono::{Datelike, Days as Count, NaiveDate, Weekday};

use super::{
    calendar::{DaySaid, Days, Which, ahead},
    holidays,
    token::{Rest, Token::Word as W},
};
use crate::domain::words::Phrases;

type Found<'t, 'a> = Option<(DaySaid, Rest<'t, 'a>)>;

fn plus(day: NaiveDate, days: u64) -> Option<NaiveDate> {
    day.checked_add_days(Count::new(days))
}

/// Saturday and Sunday; "next weekend" is this one to some and the one after to others.
pub(super) fn weekend<'t, 'a>(tokens: Rest<'t, 'a>, today: NaiveDate) -> Found<'t, 'a> {
    if let Some(found) = of_a_holiday(tokens, today) {
        return Some(found);
    }
    let (which, rest) = WEEKENDS.begin(tokens)?;
    let sunday = ahead(today, Weekday::Sun, true)?;
    let saturday = sunday.pred_opt()?.max(today);
    let (after_saturday, after_sunday) = (plus(sunday, 6)?, plus(sunday, 7)?);
    let said = match which {
        Which::AfterNext => DaySaid::Span(after_saturday, after_sunday),
        Which::Coming => DaySaid::Either(
            Days::Within(saturday, sunday),
            Days::Within(after_saturday, after_sunday),
        ),
        Which::This | Which::Last => DaySaid::Span(saturday, sunday),
    };
    Some((said, rest))
}

static WEEKENDS: Phrases<Which> = Phrases::new(&[
    (
        Which::AfterNext,
        "the weekend after next, weekend after next",
    ),
    (
        Which::Coming,
        "next weekend, proximo finde, finde que viene|entra, proximo fin de semana, \
         fin de semana que viene|entra, fin de semana proximo|siguiente",
    ),
    (
        Which::This,
        "this|the coming weekend, coming|this|the weekend, over|during the weekend, weekend, finde, \
         weekends, este finde|fin, este fin de semana, fin|fines de semana",
    ),
]);

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
    let ((), rest) = WORKDAYS.begin(tokens)?;
    let friday = ahead(today, Weekday::Fri, false)?;
    let first = match today.weekday() {
        Weekday::Fri | Weekday::Sat | Weekday::Sun => friday.checked_sub_days(Count::new(4))?,
        _ => today,
    };
    Some((DaySaid::Span(first, friday), rest))
}

static WORKDAYS: Phrases<()> = Phrases::new(&[(
    (),
    "during the work week, during the workweek|week, on a weekday, on weekdays, a weekday, \
     weekdays, weekday, entresemana, entre semana, dias|dia de semana, dia habil, dias habiles",
)]);
