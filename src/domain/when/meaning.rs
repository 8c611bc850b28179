//! What the pieces of a phrase mean together.

use chrono::{DateTime, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::{
    Reading, Unclear,
    calendar::{self, DaySaid, Days},
    clock::{Clock, DayPart, Half, TimeOfDay, minutes_of, stretch, time_at},
    hours::Hours,
    parts::{PartSaid, Third},
};

/// The pieces of one alternative: "Tuesday at 3" of "Tuesday at 3 or Wednesday at 4".
#[derive(Debug, Default)]
pub(super) struct Alternative {
    pub days: Vec<DaySaid>,
    pub hours: Vec<Hours>,
    pub parts: Vec<PartSaid>,
    /// A number of which nothing says whether it is a day or an hour.
    pub bare: Option<Clock>,
    /// Whether the bare number stands behind a weekday's name in Spanish, and is a day of the month: "el lunes 10".
    pub bare_is_day: bool,
    /// An hour, or two of them, as a program writes them.
    pub written: Option<TimeOfDay>,
}

impl Alternative {
    /// Whether nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
            && self.hours.is_empty()
            && self.parts.is_empty()
            && self.bare.is_none()
            && self.written.is_none()
    }

    /// The half of the day that is named apart from any hour.
    fn half(&self) -> Option<Half> {
        self.parts.iter().find_map(|part| match part {
            PartSaid::Part(half, _) | PartSaid::Stretch(_, _, half) => Some(*half),
            _ => None,
        })
    }

    fn has(&self, part: PartSaid) -> bool {
        self.parts.contains(&part)
    }

    /// Whether something is said of the hour.
    fn says_hour(&self) -> bool {
        !(self.hours.is_empty() && self.parts.is_empty())
            || self.bare.is_some()
            || self.written.is_some()
    }

    /// Adds what another says.
    pub fn add(&mut self, other: Self) {
        self.days.extend(other.days);
        self.hours.extend(other.hours);
        self.parts.extend(other.parts);
        self.bare = other.bare.or(self.bare);
        self.bare_is_day |= other.bare_is_day;
        self.written = other.written.or(self.written);
    }

    /// This in place of another, of which the day and the hour stay that are not named anew; `None` where it is not clear what is: "Thursday,
    /// no, nine", "two pm, no, ten".
    pub fn correcting(mut self, old: Self) -> Option<Self> {
        let is_today = |part: &PartSaid| matches!(part, PartSaid::Part(_, true));
        let names_day = !self.days.is_empty()
            || self.parts.iter().any(is_today)
            || self.hours.iter().any(|hours| matches!(hours, Hours::In(_)));
        if self.says_hour() {
            let is_number_alone = self.bare.is_some() && !names_day;
            if is_number_alone && !old.days.is_empty() && !old.says_hour() {
                return None;
            }
            let is_late = |half| matches!(half, Half::Afternoon | Half::Night);
            let was_late = old.half().is_some_and(is_late)
                || matches!(old.hours.as_slice(), [Hours::At(clock)] if is_late(clock.half));
            let may_be_early = |hours: &Hours| matches!(hours, Hours::At(clock) if clock.half == Half::Unsaid && (7..=11).contains(&clock.hour));
            if was_late && self.half().is_none() && self.hours.iter().any(may_be_early) {
                return None;
            }
        } else {
            self.hours = old.hours;
            self.parts = old.parts;
            self.bare = old.bare;
            self.bare_is_day = old.bare_is_day;
            self.written = old.written;
            for part in &mut self.parts {
                if let PartSaid::Part(half, true) = *part {
                    *part = PartSaid::Part(half, false);
                }
            }
        }
        if !names_day {
            self.days = old.days;
        }
        Some(self)
    }

    /// Decides what a bare number is.
    ///
    /// Beside a weekday it is the day of the month if that day is one, and too large for an hour it is one as well.
    /// Behind an hour, as in "at 3 or 4", it is an hour.
    fn decide_bare(&mut self, today: NaiveDate, is_about_hours: bool) {
        let Some(clock) = self.bare.take() else {
            return;
        };
        let as_day = DaySaid::OfMonth(clock.hour);
        let is_day = match self.days.as_slice() {
            // "Five in the afternoon"
            [] => !is_about_hours && (clock.hour > 12 || self.half().is_none()),
            [weekday @ DaySaid::Weekday(..)] => {
                clock.hour > 12
                    || !self.hours.is_empty()
                    || (self.bare_is_day && self.half().is_none())
                    || calendar::together(&[*weekday, as_day], today).is_ok()
            }
            // "November 19 and 20"
            days => {
                clock.hour > 12
                    && matches!(
                        days.last(),
                        Some(DaySaid::Date { .. } | DaySaid::OfMonth(_))
                    )
            }
        };
        if is_day {
            self.days.push(as_day);
        } else {
            self.hours.push(Hours::At(clock));
        }
    }
}

/// What one or more alternatives mean.
///
/// # Errors
///
/// An [`Unclear`] where they contradict each other, or where the caller must choose.
pub(super) fn together(
    mut alternatives: Vec<Alternative>,
    now: DateTime<Tz>,
) -> Result<Reading, Unclear> {
    let today = now.date_naive();
    // "At 2 or 3 in the afternoon", "Tuesday morning or Wednesday at 9"
    let half = alternatives
        .iter()
        .filter(|said| !said.hours.is_empty())
        .find_map(Alternative::half);
    let said_last = alternatives
        .iter()
        .rev()
        .find_map(|said| match said.hours.as_slice() {
            [Hours::At(clock)] if !matches!(clock.half, Half::Unsaid | Half::Exact) => {
                Some(clock.half)
            }
            _ => None,
        });
    let mut readings = Vec::with_capacity(alternatives.len());
    let mut is_about_hours = false;
    // "9 or 10" may be hours, so that it is asked about.
    let is_bare = alternatives.iter().all(|said| said.bare.is_some());
    for said in &mut alternatives {
        said.decide_bare(today, is_about_hours);
        is_about_hours = !said.hours.is_empty();
        readings.push(meaning(said, half.or(said_last), now)?);
    }
    let mut readings = readings.into_iter();
    let mut reading = readings.next().unwrap_or_default();
    for other in readings {
        match (reading.days, other.days) {
            (Some(one), Some(next)) if one != next => {
                let is_one_time = matches!(reading.time, None | Some(TimeOfDay::Any))
                    || reading.time == other.time;
                let days = one.adjoining(next).filter(|_| is_one_time && !is_bare);
                reading.days = Some(days.ok_or(Unclear::WhichDay(one, next))?);
            }
            (one, other) => reading.days = one.or(other),
        }
        match (reading.time, other.time) {
            (Some(one), Some(other)) if one != other => {
                reading.time = Some(joined(one, other).ok_or(Unclear::WhichTime(one, other))?);
            }
            (one, other) => reading.time = one.or(other),
        }
    }
    Ok(reading)
}

/// "Morning or afternoon" is one stretch.
fn joined(one: TimeOfDay, other: TimeOfDay) -> Option<TimeOfDay> {
    let (TimeOfDay::Part(one), TimeOfDay::Part(other)) = (one, other) else {
        return None;
    };
    let ((from, meets), (begins, until)) = (one.window(), other.window());
    (meets == begins).then_some(TimeOfDay::between(from, until))
}

/// What one alternative means; `half` may be said in another one.
fn meaning(said: &Alternative, half: Option<Half>, now: DateTime<Tz>) -> Result<Reading, Unclear> {
    let today = now.date_naive();
    let mut days = said.days.clone();
    let is_tonight = said.has(PartSaid::Part(Half::Night, true));
    if said
        .parts
        .iter()
        .any(|part| matches!(part, PartSaid::Part(_, true)))
    {
        days.push(DaySaid::Day(today));
    }
    let mut time = None;
    for hours in &said.hours {
        let found = match hours {
            Hours::In(minutes) => {
                let then = now
                    .checked_add_signed(TimeDelta::minutes(i64::from(*minutes)))
                    .ok_or(Unclear::Time)?
                    .naive_local();
                days.push(DaySaid::Day(then.date()));
                TimeOfDay::At(time_at(minutes_of(then.time())))
            }
            hours => at(*hours, said.half(), half)?,
        };
        time = Some(match time {
            Some(other) if other != found => {
                overlap(other, found).ok_or(Unclear::WhichTime(other, found))?
            }
            _ => found,
        });
    }
    if let Some(written) = said.written {
        time = Some(written);
    }
    let has_bound = days.iter().any(|day| matches!(day, DaySaid::Bounded(_)));
    if has_bound && matches!(time, Some(TimeOfDay::At(_))) {
        // "Before tomorrow at noon" bounds the hour, and not every day's hour.
        return Err(Unclear::Day);
    }
    let mut days = calendar::together(&days, today)?;
    let mut time = preferred(said, time)?;
    if said.has(PartSaid::Later) && time.is_none() {
        (days, time) = later(days, now);
    }
    if is_tonight
        && let (Some(Days::On(day)), Some(TimeOfDay::At(hour))) = (days, time)
        && minutes_of(hour) < 5 * 60
    {
        days = Some(Days::On(day.succ_opt().ok_or(Unclear::Day)?));
    }
    if days.is_none() && (said.has(PartSaid::AnyDay) || said.has(PartSaid::Soonest)) {
        days = Some(Days::From(today));
    }
    Ok(Reading {
        days,
        time,
        zone: None,
    })
}

/// "Later" is from now on, and on another day behind noon.
fn later(days: Option<Days>, now: DateTime<Tz>) -> (Option<Days>, Option<TimeOfDay>) {
    let today = Days::On(now.date_naive());
    let from = |minutes| Some(TimeOfDay::from(time_at(minutes)));
    match days {
        None => (Some(today), from(minutes_of(now.time()))),
        Some(days) if days == today => (Some(days), None),
        Some(days) => (Some(days), from(12 * 60)),
    }
}

/// Hours that were said, in the half of the day that stands elsewhere in the phrase, or in another alternative.
fn at(hours: Hours, half: Option<Half>, of_other: Option<Half>) -> Result<TimeOfDay, Unclear> {
    let in_half = |clock: Clock| clock.or_half(half.or(of_other).unwrap_or(Half::Unsaid));
    let minutes = |clock: Clock| {
        let minutes = in_half(clock).minutes().ok_or(Unclear::NoSuchTime)?;
        let fits = match half {
            Some(Half::Morning) => minutes < 13 * 60,
            Some(Half::Afternoon) => (11 * 60..=21 * 60).contains(&minutes),
            Some(Half::Night) => !(6 * 60..16 * 60).contains(&minutes),
            Some(Half::Exact | Half::Unsaid) | None => true,
        };
        if fits {
            Ok(minutes)
        } else {
            Err(Unclear::Time)
        }
    };
    Ok(match hours {
        Hours::At(clock) => TimeOfDay::At(time_at(minutes(clock)?)),
        Hours::After(clock) => TimeOfDay::from(time_at(minutes(clock)?)),
        Hours::Before(clock) => window(0, minutes(clock)?),
        Hours::Between(from, until) => {
            let (from, until) =
                stretch(in_half(from), in_half(until)).ok_or(Unclear::NoSuchTime)?;
            window(from, until)
        }
        Hours::Ambiguous(from, until) => {
            let before = Clock {
                minute: -i32::try_from(from.hour).unwrap_or(0),
                ..until
            };
            let before = TimeOfDay::At(time_at(minutes(before)?));
            match stretch(in_half(from), in_half(until)) {
                Some((from, until)) => return Err(Unclear::WhichTime(before, window(from, until))),
                None => before,
            }
        }
        Hours::In(_) => return Err(Unclear::Time),
    })
}

/// What two windows have in common.
fn overlap(one: TimeOfDay, other: TimeOfDay) -> Option<TimeOfDay> {
    let ((from, until), (begins, ends)) = (one.bounds()?, other.bounds()?);
    let from = from.max(begins);
    let until = match (until, ends) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    until
        .is_none_or(|until| from < until)
        .then_some(TimeOfDay::Window { from, until })
}

/// The time with the preferences that name no hour.
fn preferred(said: &Alternative, time: Option<TimeOfDay>) -> Result<Option<TimeOfDay>, Unclear> {
    let third = said.parts.iter().find_map(|part| match part {
        PartSaid::Third(third) => Some(*third),
        _ => None,
    });
    let mut part = None;
    for said in &said.parts {
        let found = match *said {
            PartSaid::Part(half, _) => match third {
                Some(third) => third_of(third, half),
                None => TimeOfDay::Part(day_part(half)),
            },
            PartSaid::Stretch(from, until, _) => window(from, until),
            PartSaid::From(from) => TimeOfDay::from(time_at(from)),
            _ => continue,
        };
        part = Some(match part {
            Some(other) if other != found => {
                overlap(other, found).ok_or(Unclear::WhichTime(other, found))?
            }
            _ => found,
        });
    }
    let part = part.or_else(|| third.map(|third| third_of(third, Half::Unsaid)));
    let edge = |part: Option<TimeOfDay>| {
        let in_the_morning = matches!(part, None | Some(TimeOfDay::Part(DayPart::Morning)));
        let first = said.has(PartSaid::First) || said.has(PartSaid::Soonest);
        match part {
            _ if first && in_the_morning => Some(TimeOfDay::First),
            None if said.has(PartSaid::Last) => Some(TimeOfDay::Last),
            None if said.has(PartSaid::Any) => Some(TimeOfDay::Any),
            part => part,
        }
    };
    Ok(match (time, part) {
        (Some(time), Some(part)) => Some(overlap(time, part).unwrap_or(time)),
        (Some(time), None) => Some(time),
        (None, part) => edge(part),
    })
}

fn window(from: u32, until: u32) -> TimeOfDay {
    TimeOfDay::between(time_at(from), time_at(until))
}

fn third_of(third: Third, half: Half) -> TimeOfDay {
    let (from, until) = third.of(half);
    window(from, until)
}

fn day_part(half: Half) -> DayPart {
    match half {
        Half::Afternoon => DayPart::Afternoon,
        Half::Night => DayPart::Evening,
        Half::Morning | Half::Exact | Half::Unsaid => DayPart::Morning,
    }
}
