//! Dates and times as programs write them: ISO 8601 in the extended form, and the compact form of a date.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

pub(super) mod programs;

/// A written date and time, and the offset that was written with it.
///
/// Models write local times with a `Z`, so the offset is kept apart from the reading of the clock: which of the two is
/// meant shows when the calendar is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The reading of the clock, as it is written.
    pub local: NaiveDateTime,
    /// The offset from UTC that was written with it; `Z` is nought.
    pub offset: Option<FixedOffset>,
}

/// What a written clock turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A time, and the offset that was written with it.
    Real(NaiveTime, Option<FixedOffset>),
    /// The right shape, but there is no such hour.
    Impossible,
}

/// How often the clocks of a zone show a time on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// As always.
    Once,
    /// The clocks go forward and skip it.
    Never,
    /// The clocks go back, and it comes again.
    Twice,
}

/// How often the clocks in `zone` show this date and time.
#[must_use]
pub fn occurrence(local: NaiveDateTime, zone: Tz) -> Occurrence {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(_) => Occurrence::Once,
        LocalResult::None => Occurrence::Never,
        LocalResult::Ambiguous(..) => Occurrence::Twice,
    }
}

/// Reads a full ISO date and time: `2026-12-01T09:00`, with or without seconds, fraction, `Z` or offset.
#[must_use]
pub fn moment(text: &str) -> Option<Moment> {
    let text = without_zone_name(text.trim());
    if let Some(stamp) = programs::stamp(text) {
        let (year, month, day) = stamp.date;
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        return match stamp.clock {
            Written::Real(time, offset) => Some(Moment {
                local: date.and_time(time),
                offset,
            }),
            Written::Impossible => None,
        };
    }
    let (day, clock) = halves(text)?;
    if programs::clock_window(clock).is_some() {
        return None;
    }
    let (year, month, day) = written_date(day)?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    match written_clock(clock)? {
        Written::Real(time, offset) => Some(Moment {
            local: date.and_time(time),
            offset,
        }),
        Written::Impossible => None,
    }
}

/// What the clocks in `zone` show at the moment's instant; a moment without an offset is already local.
#[must_use]
pub fn in_zone(moment: Moment, zone: Tz) -> NaiveDateTime {
    let Some(offset) = moment.offset else {
        return moment.local;
    };
    // At the ends of the calendar the instant may not exist; the reading is then the best answer.
    moment
        .local
        .checked_sub_offset(offset)
        .map_or(moment.local, |utc| {
            DateTime::<chrono::Utc>::from_naive_utc_and_offset(utc, chrono::Utc)
                .with_timezone(&zone)
                .naive_local()
        })
}

/// A written date-time without the name of its zone: `2026-12-01T09:00-06:00[America/Chicago]` (RFC 9557).
pub(super) fn without_zone_name(text: &str) -> &str {
    match text
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once('['))
    {
        Some((before, _)) => before.trim_end(),
        None => text,
    }
}

/// The date and the time of a written date-time.
pub(super) fn halves(text: &str) -> Option<(&str, &str)> {
    let (day, clock) = text.split_once(['T', 't', ' '])?;
    Some((day, clock.trim_start()))
}

/// Reads the year, the month and the day of `2026-12-01`, `2026-12-1`, `2026/12/01` or `20261201`; there need not be such
/// a day.
pub(super) fn written_date(text: &str) -> Option<(i32, u32, u32)> {
    let (year, month, day) = if number(text, 8..=8).is_some() {
        (text.get(..4)?, text.get(4..6)?, text.get(6..)?)
    } else {
        let mark = if text.contains('/') { '/' } else { '-' };
        let mut parts = text.split(mark);
        let parts = (parts.next()?, parts.next()?, parts.next()?, parts.next());
        let (year, month, day, None) = parts else {
            return None;
        };
        (year, month, day)
    };
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    Some((year, number(month, 1..=2)?, number(day, 1..=2)?))
}

/// Reads a clock of the extended form: two digits of hours, and perhaps seconds, a fraction, an offset.
pub(super) fn written_clock(text: &str) -> Option<Written> {
    let (clock, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock.trim_end(), Some(FixedOffset::east_opt(0)?)),
        None => match text.rfind(['+', '-']) {
            Some(at) => (
                text.get(..at)?.trim_end(),
                Some(written_offset(text.get(at..)?)?),
            ),
            None => (text, None),
        },
    };
    let (clock, fraction) = match clock.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next());
    // A fraction is one of a second, and is not kept: nothing here is that exact.
    let fraction_is_right = match fraction {
        Some(fraction) => second.is_some() && number(fraction, 1..=9).is_some(),
        None => true,
    };
    if parts.next().is_some() || !fraction_is_right {
        return None;
    }
    let hour = number(hour, 2..=2)?;
    let minute = number(minute, 2..=2)?;
    let second = number(second.unwrap_or("00"), 2..=2)?;
    Some(match NaiveTime::from_hms_opt(hour, minute, second) {
        Some(time) => Written::Real(time, offset),
        None => Written::Impossible,
    })
}

/// Reads `+05:30`, `-0700` or `+02`.
pub(super) fn written_offset(text: &str) -> Option<FixedOffset> {
    let (east, digits) = match text.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('-')?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => (digits.get(..2)?, digits.get(2..)?),
        None => (digits, "00"),
    };
    let minutes =
        number(hours, 2..=2)? * 60 + number(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    let seconds = i32::try_from(minutes * 60).ok()?;
    if east {
        FixedOffset::east_opt(seconds)
    } else {
        FixedOffset::west_opt(seconds)
    }
}

/// A number of ASCII digits, as many as allowed.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let fits = digits.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}
