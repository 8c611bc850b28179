//! A new time for an appointment, said by the one that it has: "an hour later", "same time next week", "3 pm".

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::{
    Reading, Unclear, asked_at_night,
    calendar::{Days, ahead},
    clock::TimeOfDay,
    corrections,
    hearing::{About, Heard, trimmed},
    names::is_filler,
    shift::{Bound, Shift},
    shifts,
    token::Token,
    tokenize::tokens,
};
use crate::domain::fold;

/// Reads the day and the time to which the appointment at `from` is to be moved.
///
/// It reads what [`super::understand`] reads, and what is counted from the appointment. A time without a day is one of
/// the day of the appointment, and a day without a time leaves the time open; but what moves it by whole days, "a week
/// later", keeps its hour. "Later" and "earlier" are windows of its day that begin or end at its hour, so that the
/// window of "later" has the appointment's own hour in it.
///
/// # Errors
///
/// An [`Unclear`] that says what to ask; [`Unclear::Past`] for a day that is over, with the next such weekday.
pub fn understand_move(
    date: Option<&str>,
    time: Option<&str>,
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<Reading, Unclear> {
    let mut heard = Heard::default();
    let mut shift = Shift::NONE;
    for (text, about) in [(date, About::Day), (time, About::Time)] {
        let Some(text) = text else { continue };
        let text = trimmed(text, about)?;
        if about == About::Time {
            heard.leave_written_times();
        }
        let folded = fold::fold(text);
        // "An hour later, no, two hours later"
        let counts = |text| is_counted(text, from, now);
        let corrected = corrections::split(&folded)
            .filter(|(before, behind)| counts(before) || counts(behind))
            .map(|(_, behind)| behind);
        let text = corrected.unwrap_or(text);
        let folded = corrected.unwrap_or(&folded);
        let tokens = tokens(folded).unwrap_or_default();
        let (found, rest) = shifts::read(&tokens, from, now)?;
        let has_shift = found != Shift::NONE;
        shift = shift.and(found);
        // "No, an hour earlier"
        let rest = match rest.as_slice() {
            [Token::Word("no"), rest @ ..] if has_shift && found.bound.is_none() => rest,
            rest => rest,
        };
        if rest.len() == tokens.len() {
            heard.hear(text, about, now)?;
        } else if !(has_shift && rest.iter().all(is_filler)) {
            heard.listen(rest, about, now)?;
        }
    }
    let reading = heard.reading(now)?;
    let reading = shift.applied(reading, from)?;
    let today = now.date_naive();
    if let Some(Days::On(said)) = reading.days
        && said < today
    {
        let next = ahead(today, said.weekday(), true).ok_or(Unclear::Day)?;
        return Err(Unclear::Past { said, next });
    }
    asked_at_night(reading, [date, time], now)
}

/// Whether a folded text counts from the appointment.
fn is_counted(folded: &str, from: NaiveDateTime, now: DateTime<Tz>) -> bool {
    let tokens = tokens(folded).unwrap_or_default();
    shifts::read(&tokens, from, now).is_ok_and(|(shift, _)| shift != Shift::NONE)
}

/// Whether words may count from a time that was offered: "an hour later", "same time on Friday", "the next day", "later".
#[must_use]
pub fn may_count(date: Option<&str>, time: Option<&str>, now: DateTime<Tz>) -> bool {
    let mut said = [date, time].into_iter().flatten();
    // Figures alone do not, and most days come in figures.
    said.any(|text| text.contains(char::is_alphabetic))
        && counted([date, time], now.naive_local(), now).is_some()
}

/// Reads what counts from the times that were offered, which is one time, or one day where no hour counts; `None` where the words count from
/// nothing, or it is not clear from which.
///
/// # Errors
///
/// As [`understand_move`].
#[must_use]
pub fn understand_beside(
    date: Option<&str>,
    time: Option<&str>,
    offered: &[NaiveDateTime],
    now: DateTime<Tz>,
) -> Option<Result<Reading, Unclear>> {
    let (first, last) = (offered.iter().min()?, offered.iter().max()?);
    let shift = counted([date, time], *first, now)?;
    let is_later = shift.bound.is_some_and(|bound| bound.is_later);
    let from = if is_later { *last } else { *first };
    if first == last {
        return Some(understand_move(date, time, from, now));
    }
    let moves_day = shift.days.is_some() || shift.months.is_some();
    let needs_hour = shift.minutes.is_some() || (shift.keeps_time && !moves_day);
    if needs_hour || first.date() != last.date() {
        return None;
    }
    let read = understand_move(date, time, from, now);
    Some(read.map(|reading| Reading {
        // Of several hours none is kept.
        time: reading.time.filter(|_| !shift.keeps_time),
        ..reading
    }))
}

/// What is counted in either text; none where "later" is said of a day that is named beside it.
fn counted(texts: [Option<&str>; 2], from: NaiveDateTime, now: DateTime<Tz>) -> Option<Shift> {
    let mut shift = Shift::NONE;
    let mut names_more = false;
    for text in texts.into_iter().flatten() {
        let folded = fold::fold(trimmed(text, About::Day).ok()?);
        let tokens = tokens(&folded)?;
        let (found, rest) = shifts::read(&tokens, from, now).ok()?;
        shift = shift.and(found);
        names_more |= !rest.iter().all(is_filler);
    }
    let is_bound_alone = Shift {
        bound: None,
        ..shift
    } == Shift::NONE;
    (shift != Shift::NONE && !(is_bound_alone && names_more)).then_some(shift)
}

impl Shift {
    /// The reading of everything else, counted from the appointment.
    fn applied(self, reading: Reading, from: NaiveDateTime) -> Result<Reading, Unclear> {
        let Reading { days, time, zone } = reading;
        let moved_by_days = self.days.is_some() || self.months.is_some() || self.week_after;
        if (days.is_some() && moved_by_days) || (time.is_some() && self.minutes.is_some()) {
            // "A day later, on Friday" is one of the two.
            return Err(if days.is_some() && moved_by_days {
                Unclear::Day
            } else {
                Unclear::Time
            });
        }
        let day = self.day(from)?;
        let moved = day
            .and_time(from.time())
            .checked_add_signed(TimeDelta::minutes(self.minutes.unwrap_or(0)))
            .ok_or(Unclear::Time)?;
        let has_day = moved_by_days || self.minutes.is_some() || self.keeps_day;
        let days = match days {
            Some(days) if self.keeps_time || self.keeps_day => {
                Some(same_weekday(days, from.date()))
            }
            Some(days) => Some(days),
            None if self.week_after && !self.keeps_time => Some(week_of(day)?),
            None if has_day || self.bound.is_some() => Some(Days::On(moved.date())),
            // "The same time" says no more than what is.
            None if self.keeps_time => return Err(Unclear::Day),
            None if is_of_a_day(time) => Some(Days::On(from.date())),
            None => None,
        };
        let same =
            (self.minutes.is_some() || self.keeps_time).then_some(TimeOfDay::At(moved.time()));
        let time = match (time, same) {
            (Some(time), Some(same)) if time != same => {
                return Err(Unclear::WhichTime(same, time));
            }
            (time, same) => time.or(same),
        };
        let is_its_day = days == Some(Days::On(from.date()));
        let time = match self.bound {
            Some(bound) if time.is_none() && (bound.names_it || is_its_day) => {
                Some(bound.window(from.time()))
            }
            _ => time,
        };
        Ok(Reading { days, time, zone })
    }

    fn day(self, from: NaiveDateTime) -> Result<NaiveDate, Unclear> {
        let days = self.days.unwrap_or(0) + if self.week_after { 7 } else { 0 };
        let day = from
            .date()
            .checked_add_signed(TimeDelta::days(days))
            .ok_or(Unclear::Day)?;
        let months = self.months.unwrap_or(0);
        let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(0));
        let day = if months < 0 {
            day.checked_sub_months(count)
        } else {
            day.checked_add_months(count)
        };
        day.ok_or(Unclear::Day)
    }
}

impl Bound {
    fn window(self, hour: NaiveTime) -> TimeOfDay {
        let (from, until) = if self.is_later {
            (hour, None)
        } else {
            (NaiveTime::MIN, Some(hour))
        };
        TimeOfDay::Window { from, until }
    }
}

/// Whether a time says when in a day, so that one without a day is of the appointment's.
fn is_of_a_day(time: Option<TimeOfDay>) -> bool {
    !matches!(time, None | Some(TimeOfDay::Any))
}

/// Of "the same time next week" the appointment's weekday; of the appointment's own week the one after it.
fn same_weekday(days: Days, of: NaiveDate) -> Days {
    let Days::Within(first, last) = days else {
        return days;
    };
    if (last - first).num_days() > 6 {
        return days;
    }
    let found = ahead(first, of.weekday(), true).filter(|day| *day <= last);
    match found {
        Some(day) if day == of => of
            .checked_add_signed(TimeDelta::days(7))
            .map_or(days, Days::On),
        Some(day) => Days::On(day),
        None => days,
    }
}

fn week_of(day: NaiveDate) -> Result<Days, Unclear> {
    let sunday = ahead(day, Weekday::Sun, true).ok_or(Unclear::Day)?;
    let monday = sunday
        .checked_sub_signed(TimeDelta::days(6))
        .ok_or(Unclear::Day)?;
    Ok(Days::Within(monday, sunday))
}
