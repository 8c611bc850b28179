//! Other forms in which programs write dates and times: `Thu Nov 19 2026 14:00:00 GMT-0600 (Central Standard Time)`, RFC
//! 2822, and intervals of ISO 8601.

use chrono::{NaiveDate, NaiveTime, Timelike, Weekday};

use super::{Written, halves, written_clock, written_date, written_offset};
use crate::domain::{
    duration,
    when::{
        Unclear,
        calendar::DaySaid,
        clock::{TimeOfDay, minutes_of, time_at},
    },
};

/// A weekday, a date and a time as JavaScript, RFC 2822 and `ctime` write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::when) struct Stamp {
    pub weekday: Weekday,
    pub date: (i32, u32, u32),
    pub clock: Written,
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The place of a word in a list, by its first three letters.
fn place(word: &str, of: &[&str]) -> Option<usize> {
    let start = word.get(..3)?;
    of.iter().position(|name| name.eq_ignore_ascii_case(start))
}

/// Reads `Thu Nov 19 2026 14:00:00 GMT-0600 (...)`, `Thu, 19 Nov 2026 14:00:00 -0600` or `Thu Nov 19 14:00:00 2026`.
pub(in crate::domain::when) fn stamp(text: &str) -> Option<Stamp> {
    if text.len() < 20 || !text.contains(':') || place(text, &WEEKDAYS).is_none() {
        return None;
    }
    let mut words = text
        .split_whitespace()
        .map(|word| word.trim_end_matches(','));
    let weekday = words.next()?;
    let weekday = u8::try_from(place(weekday, &WEEKDAYS)?).ok()?;
    let weekday = Weekday::try_from(weekday).ok()?;
    let (one, two) = (words.next()?, words.next()?);
    let (month, day) = match place(one, &MONTHS) {
        Some(month) => (month, two),
        None => (place(two, &MONTHS)?, one),
    };
    let day = figure(day, 2)?;
    let (third, fourth) = (words.next()?, words.next()?);
    let (year, clock) = if third.contains(':') {
        (fourth, third)
    } else {
        (third, fourth)
    };
    if year.len() != 4 || !clock.contains(':') {
        return None;
    }
    let zone = words.next().filter(|zone| !zone.starts_with('('));
    let mut clock = written_clock(clock)?;
    if let (Some(zone), Written::Real(time, _)) = (zone, clock) {
        let offset = zone
            .strip_prefix("GMT")
            .or_else(|| zone.strip_prefix("UTC"))
            .unwrap_or(zone);
        let offset = match offset {
            "" | "Z" => "+0000",
            offset => offset,
        };
        clock = Written::Real(time, Some(written_offset(offset)?));
    }
    Some(Stamp {
        weekday,
        date: (
            i32::try_from(figure(year, 4)?).ok()?,
            u32::try_from(month).ok()? + 1,
            day,
        ),
        clock,
    })
}

fn figure(text: &str, digits: usize) -> Option<u32> {
    let fits = text.len() <= digits && text.bytes().all(|digit| digit.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Reads two clocks that bound a window, `09:00-11:00`, which might be a clock with an offset.
///
/// No offset so far west is in use but in the Pacific, and a window ends after it begins.
pub(in crate::domain::when) fn clock_window(text: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (from, until) = text.split_once(['-', '–'])?;
    let (from, until) = (from.trim(), until.trim());
    if from.len() != 5 || until.len() != 5 {
        return None;
    }
    match (written_clock(from)?, written_clock(until)?) {
        (Written::Real(from, None), Written::Real(until, None))
            if from < until && until.hour() >= 9 =>
        {
            Some((from, until))
        }
        _ => None,
    }
}

/// What an interval says: days, and a window of hours.
pub(in crate::domain::when) type Interval = (Option<DaySaid>, Option<TimeOfDay>);

/// Reads an interval of ISO 8601: two dates, two date-times, two clocks, or one of these and a duration.
///
/// # Errors
///
/// An [`Unclear`] for one that ends before it begins, or that is over.
pub(in crate::domain::when) fn interval(
    text: &str,
    today: NaiveDate,
) -> Result<Option<Interval>, Unclear> {
    let mut split = text.split_once('/');
    if split.is_none() && text.contains(['T', 't']) && text.contains(':') {
        split = [" - ", " – ", "--", " to ", " until ", " a "]
            .iter()
            .find_map(|mark| text.split_once(mark));
    }
    let Some((begins, ends)) = split else {
        return Ok(None);
    };
    let (Some(first), ends) = (point(begins.trim()), ends.trim()) else {
        return Ok(None);
    };
    let minutes = ends
        .starts_with(['P', 'p'])
        .then(|| duration::minutes(ends))
        .flatten();
    let last = match (point(ends), minutes, first.1) {
        (Some(last), ..) => last,
        (None, Some(minutes), Some(from)) => {
            let until = minutes_of(from) + minutes.min(24 * 60);
            (None, Some(time_at(until.min(24 * 60 - 1))))
        }
        _ => return Ok(None),
    };
    let window = |from: NaiveTime, until: NaiveTime| {
        (from < until)
            .then_some(TimeOfDay::between(from, until))
            .ok_or(Unclear::Time)
    };
    Ok(Some(match (first, last) {
        ((Some(day), Some(from)), (other, Some(until)))
            if other.is_none_or(|other| other == day) =>
        {
            (Some(date(day)), Some(window(from, until)?))
        }
        ((None, Some(from)), (None, Some(until))) => (None, Some(window(from, until)?)),
        ((Some(day), from), (Some(other), until)) => {
            let real =
                |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).ok_or(Unclear::Day);
            // A whole day ends at the midnight behind it.
            let is_whole = from == Some(NaiveTime::MIN) && until == Some(NaiveTime::MIN);
            let mut last = real(other)?;
            if is_whole {
                last = last.pred_opt().ok_or(Unclear::Day)?;
            }
            let first = real(day)?;
            if first == last {
                return Ok(Some((Some(date(day)), None)));
            }
            if last < first || last < today {
                return Err(Unclear::Day);
            }
            (Some(DaySaid::Span(first.max(today), last)), None)
        }
        _ => return Ok(None),
    }))
}

fn date((year, month, day): (i32, u32, u32)) -> DaySaid {
    DaySaid::Date {
        month,
        day,
        year: Some(year),
    }
}

/// A date, a clock, or both.
type Point = (Option<(i32, u32, u32)>, Option<NaiveTime>);

fn point(text: &str) -> Option<Point> {
    let real = |clock| match written_clock(clock)? {
        Written::Real(time, _) => Some(time),
        Written::Impossible => None,
    };
    match halves(text) {
        Some(("", clock)) => Some((None, Some(real(clock)?))),
        Some((day, clock)) => Some((Some(written_date(day)?), Some(real(clock)?))),
        None if text.contains(':') => Some((None, Some(real(text)?))),
        None => Some((Some(written_date(text)?), None)),
    }
}
