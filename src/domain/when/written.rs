//! What a date, a time or an interval that a program wrote adds to what was said.

use chrono::{DateTime, NaiveTime, Offset, Timelike};
use chrono_tz::Tz;

use super::{
    Unclear,
    calendar::{DaySaid, Which},
    clock::TimeOfDay,
    meaning::Alternative,
    moment::{Written, halves, programs, written_clock, written_date},
};

/// Reads a date, a time or both as programs write them; whether it was one.
pub(super) fn written(
    text: &str,
    now: DateTime<Tz>,
    said: &mut Alternative,
) -> Result<bool, Unclear> {
    if let Some(stamp) = programs::stamp(text) {
        let (year, month, day) = stamp.date;
        said.days
            .push(DaySaid::Weekday(stamp.weekday, Which::Coming));
        return put(Some((year, month, day)), Some(stamp.clock), said);
    }
    if let Some((day, time)) = programs::interval(text, now.date_naive())? {
        said.days.extend(day);
        said.written = time.or(said.written);
        return Ok(true);
    }
    let (day, clock) = match halves(text) {
        Some(("", clock)) => (None, Some(clock)),
        Some((day, clock)) => (Some(day), Some(clock)),
        None if written_date(text).is_some() => (Some(text), None),
        None => (None, Some(text)),
    };
    let day = match day.map(written_date) {
        Some(None) => return Ok(false),
        day => day.flatten(),
    };
    if let Some((from, until)) = clock.and_then(programs::clock_window)
        && !is_own_offset(until, now)
    {
        put(day, None, said)?;
        said.written = Some(TimeOfDay::between(from, until));
        return Ok(true);
    }
    let clock = match clock.map(written_clock) {
        Some(None) => return Ok(false),
        clock => clock.flatten(),
    };
    put(day, clock, said)
}

/// Whether a clock behind a dash is the organization's own offset, give or take the hour of summer time.
fn is_own_offset(west: NaiveTime, now: DateTime<Tz>) -> bool {
    let own = now.offset().fix().utc_minus_local();
    i32::try_from(west.num_seconds_from_midnight()).is_ok_and(|west| (west - own).abs() <= 3600)
}

fn put(
    day: Option<(i32, u32, u32)>,
    clock: Option<Written>,
    said: &mut Alternative,
) -> Result<bool, Unclear> {
    if let Some((year, month, day)) = day {
        said.days.push(DaySaid::Date {
            month,
            day,
            year: Some(year),
        });
    }
    match clock {
        Some(Written::Real(time, _)) => said.written = Some(TimeOfDay::At(time)),
        Some(Written::Impossible) => return Err(Unclear::NoSuchTime),
        None => {}
    }
    Ok(day.is_some() || clock.is_some())
}
