//! The days that a phrase names, and which of them are meant.

use chrono::{Datelike, Days as Count, Months, NaiveDate, Weekday};

use super::Unclear;

/// For how many days a date without a year may be a slip rather than next year's.
const JUST_PASSED: i64 = 92;

/// The day, or the days, that a caller would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Days {
    /// This day.
    On(NaiveDate),
    /// Any day from the first to the last, both included.
    Within(NaiveDate, NaiveDate),
    /// This day or any after it.
    From(NaiveDate),
}

impl Days {
    /// The first of them.
    #[must_use]
    pub fn first(self) -> NaiveDate {
        match self {
            Self::On(day) | Self::Within(day, _) | Self::From(day) => day,
        }
    }

    /// The last of them, if there is one.
    #[must_use]
    pub fn last(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) | Self::Within(_, day) => Some(day),
            Self::From(_) => None,
        }
    }

    /// Whether a day is one of them.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first() <= day && self.last().is_none_or(|last| day <= last)
    }

    /// All of them together where the one ends on the day before the other begins: "Thursday or Friday".
    pub(super) fn adjoining(self, other: Self) -> Option<Self> {
        let (first, second) = if self.first() <= other.first() {
            (self, other)
        } else {
            (other, self)
        };
        (first.last()?.succ_opt()? == second.first()).then_some(match second.last() {
            Some(last) => Self::Within(first.first(), last),
            None => Self::From(first.first()),
        })
    }

    /// The one day, if it is one.
    #[must_use]
    pub fn exact(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(day),
            Self::Within(..) | Self::From(_) => None,
        }
    }
}

/// A piece of a phrase that says something of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DaySaid {
    /// A day that is known: today, in three days, at Christmas.
    Day(NaiveDate),
    Weekday(Weekday, Which),
    /// The fourteenth, of a month that is not named.
    OfMonth(u32),
    Date {
        month: u32,
        day: u32,
        year: Option<i32>,
    },
    Span(NaiveDate, NaiveDate),
    /// All days before or after one that is named.
    Bounded(Days),
    /// Two readings that are both common.
    Either(Days, Days),
}

/// Which of the weeks a weekday belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The next one, strictly after today.
    Coming,
    /// The next one, today included.
    This,
    /// The one before today.
    Last,
    /// The one after the coming one.
    AfterNext,
}

/// The days that the pieces name together.
///
/// # Errors
///
/// An [`Unclear`] when they contradict each other, or name a day that does not exist; `Ok(None)` when there are none.
pub(super) fn together(said: &[DaySaid], today: NaiveDate) -> Result<Option<Days>, Unclear> {
    let mut weekdays = None;
    let mut span = None;
    let mut date = None;
    for piece in said {
        match *piece {
            DaySaid::Weekday(day, which) => {
                if weekdays.is_some_and(|(other, _)| other != day) {
                    let other = weekdays.unwrap_or((day, which));
                    return Err(Unclear::WhichDay(
                        Days::On(weekday(other, today).ok_or(Unclear::Day)?),
                        Days::On(weekday((day, which), today).ok_or(Unclear::Day)?),
                    ));
                }
                // "Tuesday, this Tuesday": what says more wins.
                if weekdays.is_none() || which != Which::Coming {
                    weekdays = Some((day, which));
                }
            }
            DaySaid::Span(first, last) => span = Some(Days::Within(first, last)),
            DaySaid::Bounded(days) => span = Some(days),
            DaySaid::Either(one, other) => return Err(Unclear::WhichDay(one, other)),
            DaySaid::Day(_) | DaySaid::OfMonth(_) | DaySaid::Date { .. } => {}
        }
    }
    for piece in said {
        let found = match (dated(*piece, span, today), *piece, weekdays) {
            // The weekday tells that next year's is meant.
            (Err(Unclear::Past { next, .. }), DaySaid::Date { year: None, .. }, Some((day, _)))
                if next.weekday() == day =>
            {
                Some(next)
            }
            (found, ..) => found?,
        };
        let Some(found) = found else {
            continue;
        };
        match date {
            Some(other) if other != found => {
                return Err(Unclear::WhichDay(Days::On(other), Days::On(found)));
            }
            _ => date = Some(found),
        }
    }
    match (date, weekdays, span) {
        (Some(date), Some((day, _)), _) if date.weekday() != day => Err(Unclear::Mismatch {
            by_weekday: nearest_weekday(date, day, today).ok_or(Unclear::Day)?,
            by_date: date,
        }),
        (Some(date), _, _) => Ok(Some(Days::On(date))),
        (None, Some(named), Some(span)) => within(named, span, today).map(Some),
        (None, Some(named), None) => weekday(named, today)
            .map(|day| Some(Days::On(day)))
            .ok_or(Unclear::Day),
        (None, None, span) => Ok(span),
    }
}

/// The day that a piece names by itself, or within a span.
fn dated(
    piece: DaySaid,
    span: Option<Days>,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, Unclear> {
    match (piece, span) {
        (DaySaid::Day(day), _) => Ok(Some(day)),
        (DaySaid::OfMonth(day), Some(Days::Within(first, last))) => {
            of_span(day, first, last, today).map(Some)
        }
        (DaySaid::OfMonth(day), _) => of_month(day, today).map(Some),
        (DaySaid::Date { month, day, year }, _) => in_year(month, day, year, today).map(Some),
        (
            DaySaid::Weekday(..) | DaySaid::Span(..) | DaySaid::Bounded(_) | DaySaid::Either(..),
            _,
        ) => Ok(None),
    }
}

/// The day of that number within a span; of a month of which it is over, that of the next one.
fn of_span(
    day: u32,
    first: NaiveDate,
    last: NaiveDate,
    today: NaiveDate,
) -> Result<NaiveDate, Unclear> {
    let mut days = first.iter_days().take_while(|date| *date <= last);
    if let Some(found) = days.find(|date| date.day() == day) {
        return Ok(found);
    }
    let is_month = last_of_month(first) == Some(last);
    match first.with_day(day) {
        None if is_month => Err(no_such_day(first, day)),
        Some(_) if is_month => of_month(day, today),
        _ => Err(Unclear::Day),
    }
}

/// A weekday of a week, a weekend or a month that is named as well.
fn within((day, _): (Weekday, Which), span: Days, today: NaiveDate) -> Result<Days, Unclear> {
    let first = span.first().max(today);
    let found = ahead(first, day, true).ok_or(Unclear::Day)?;
    if span.last().is_some_and(|last| found > last) {
        return Err(Unclear::Day);
    }
    Ok(Days::On(found))
}

/// The next such weekday, `from` included or not.
pub(super) fn ahead(from: NaiveDate, day: Weekday, from_counts: bool) -> Option<NaiveDate> {
    let days = u64::from(day.days_since(from.weekday()));
    let days = if days == 0 && !from_counts { 7 } else { days };
    from.checked_add_days(Count::new(days))
}

/// The day that a weekday's name means.
pub(super) fn weekday((day, which): (Weekday, Which), today: NaiveDate) -> Option<NaiveDate> {
    match which {
        Which::This => ahead(today, day, true),
        Which::Coming => ahead(today, day, false),
        Which::AfterNext => ahead(today, day, false)?.checked_add_days(Count::new(7)),
        Which::Last => ahead(today, day, true)?.checked_sub_days(Count::new(7)),
    }
}

/// Such a weekday near a date, and not in the past.
fn nearest_weekday(date: NaiveDate, day: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let after = ahead(date, day, true)?;
    let before = after.checked_sub_days(Count::new(7))?;
    let is_nearer = (date - before) < (after - date);
    Some(if is_nearer && before >= today {
        before
    } else {
        after
    })
}

/// The next such day of a month, today included.
fn of_month(day: u32, today: NaiveDate) -> Result<NaiveDate, Unclear> {
    match today.with_day(day) {
        Some(date) if date >= today => Ok(date),
        None => Err(no_such_day(today, day)),
        Some(_) => {
            let next = month_after(today, 1).ok_or(Unclear::Day)?;
            next.with_day(day).ok_or_else(|| no_such_day(next, day))
        }
    }
}

/// What to say of a month that does not have such a day.
fn no_such_day(month: NaiveDate, day: u32) -> Unclear {
    let next = (1..=3).find_map(|months| month_after(month, months)?.with_day(day));
    match (last_of_month(month), next) {
        (Some(last), Some(next)) => Unclear::NoSuchDay { last, next },
        _ => Unclear::Day,
    }
}

/// The first day of the month so many months after that of `day`.
pub(super) fn month_after(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(months))
}

/// The last day of a month.
pub(super) fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    month_after(day, 1)?.pred_opt()
}

/// A day of a named month.
///
/// Without a year it is the next such day; but where it has only just passed the caller is asked.
fn in_year(
    month: u32,
    day: u32,
    year: Option<i32>,
    today: NaiveDate,
) -> Result<NaiveDate, Unclear> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(Unclear::Day);
    }
    let first = |year| NaiveDate::from_ymd_opt(year, month, 1).ok_or(Unclear::Day);
    let date = |year| {
        let first = first(year)?;
        first.with_day(day).ok_or_else(|| no_such_day(first, day))
    };
    if let Some(year) = year {
        let said = date(year)?;
        return of_a_living_year(said, today);
    }
    let is_over = last_of_month(first(today.year())?).is_some_and(|last| last < today);
    let said = match date(today.year()) {
        Err(_) if is_over => return date(today.year() + 1),
        said => said?,
    };
    if said >= today {
        return Ok(said);
    }
    match date(today.year() + 1) {
        Ok(next) if (today - said).num_days() <= JUST_PASSED => Err(Unclear::Past { said, next }),
        next => next,
    }
}

/// Models that have no clock write the year of their training, so the day is right more often than the year is; but it
/// must be confirmed.
fn of_a_living_year(said: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Unclear> {
    if said.year() >= today.year() {
        return Ok(said);
    }
    // February 29th comes back within eight years, whatever the century.
    let next = (0..=8)
        .filter_map(|years| said.with_year(today.year().checked_add(years)?))
        .find(|day| *day >= today)
        .unwrap_or(today);
    Err(Unclear::Past { said, next })
}

/// The weekday of that number in the month that begins on `first`, or its last one.
pub(super) fn in_month(nth: Option<u32>, weekday: Weekday, first: NaiveDate) -> Option<NaiveDate> {
    match nth {
        Some(nth) => {
            let first_such = ahead(first, weekday, true)?;
            let found = first_such.checked_add_days(Count::new(u64::from(nth - 1) * 7))?;
            (found.month() == first.month()).then_some(found)
        }
        None => ahead(last_of_month(first)?, weekday, false)?.checked_sub_days(Count::new(7)),
    }
}
