//! Which times of a plain day are free.
//!
//! The slots and the busy time of a plain day can be looked up; `private.plain_day()` defines which days are plain. Booking asks the
//! database, which must give the same answer: `tests/api/busy_days.rs` compares them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// The calendar of an organization, as `private.calendar_of()` gives it.
#[derive(Clone, Debug, Deserialize)]
pub struct Calendar {
    /// Changes whenever the calendar does.
    pub version: i64,
    capacity: usize,
    lead_minutes: i64,
    lead_days: i64,
    horizon_days: i64,
    before_minutes: i64,
    after_minutes: i64,
    travel_minutes: i64,
    odd_days: Vec<NaiveDate>,
    odd_since: NaiveDate,
    odd_until: NaiveDate,
    /// From Sunday on.
    weekdays: [Weekday; 7],
}

#[derive(Clone, Debug, Deserialize)]
struct Weekday {
    starts: Vec<NaiveTime>,
    /// Minutes from each start to the end of the opening hours.
    rooms: Vec<i64>,
    /// Minutes from midnight to the first start and to the last end.
    opens: i64,
    closes: i64,
}

/// What an appointment takes from the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// How long it is, in minutes.
    pub minutes: i64,
    /// Minutes that must be free before it, where its service says.
    pub before_minutes: Option<i64>,
    /// The same after it.
    pub after_minutes: Option<i64>,
}

/// The time between two moments of the organization's clock, without the second one: microseconds since 2000, as PostgreSQL counts them.
pub type Span = (i64, i64);

const MINUTE: i64 = 60_000_000;

/// Midnight of January 1st, 2000, in microseconds since 1970.
const BEGINNING: i64 = 946_684_800_000_000;

/// The slots of a plain day that start early enough and late enough, each with the time that must be free for it.
#[derive(Debug)]
pub struct PlainDay {
    capacity: usize,
    slots: Vec<(NaiveTime, Span)>,
}

fn microseconds(moment: NaiveDateTime) -> i64 {
    moment.and_utc().timestamp_micros() - BEGINNING
}

impl Calendar {
    /// Whether it takes time to get from one appointment to another.
    #[must_use]
    pub fn travels(&self) -> bool {
        self.travel_minutes > 0
    }

    /// The slots of a day, if it is a plain one.
    #[must_use]
    pub fn plain_day(
        &self,
        date: NaiveDate,
        needs: Needs,
        now: DateTime<Utc>,
        zone: Tz,
    ) -> Option<PlainDay> {
        let today = now.with_timezone(&zone).date_naive();
        let days = (date - today).num_days();
        let before = needs.before_minutes.unwrap_or(self.before_minutes) + self.travel_minutes;
        let after = needs.after_minutes.unwrap_or(self.after_minutes) + self.travel_minutes;
        let weekday = self.weekday(date)?;
        let is_plain = (self.odd_since..=self.odd_until).contains(&date)
            && !self.odd_days.contains(&date)
            && (self.lead_days..=self.horizon_days).contains(&days)
            && weekday.opens >= before
            && weekday.closes + after <= 24 * 60;
        if !is_plain {
            return None;
        }
        let earliest = now + TimeDelta::minutes(self.lead_minutes);
        let earliest = microseconds(earliest.with_timezone(&zone).naive_local());
        let midnight = microseconds(date.and_time(NaiveTime::MIN));
        let starts = weekday.starts.iter().zip(&weekday.rooms);
        let mut slots = Vec::with_capacity(starts.len());
        let fitting = starts
            .filter(|(_, room)| **room >= needs.minutes)
            .map(|(start, _)| {
                let second = i64::from(start.num_seconds_from_midnight());
                (*start, midnight + second * 1_000_000)
            })
            .filter(|(_, at)| *at >= earliest)
            .map(|(start, at)| {
                let until = at + (needs.minutes + after) * MINUTE;
                (start, (at - before * MINUTE, until))
            });
        slots.extend(fitting);
        Some(PlainDay {
            capacity: self.capacity,
            slots,
        })
    }

    fn weekday(&self, date: NaiveDate) -> Option<&Weekday> {
        let nth = usize::try_from(date.weekday().num_days_from_sunday()).ok()?;
        self.weekdays.get(nth)
    }
}

impl PlainDay {
    /// The starts at which some crew is free. `busy` has the time of each crew that is busy at all that day.
    #[must_use]
    pub fn free(&self, busy: &[Vec<Span>]) -> Vec<NaiveTime> {
        let is_busy = |crew: &[Span], (from, until): Span| {
            crew.iter()
                .any(|(begins, ends)| *begins < until && from < *ends)
        };
        self.slots
            .iter()
            .filter(|(_, span)| {
                busy.len() < self.capacity || !busy.iter().all(|crew| is_busy(crew, *span))
            })
            .map(|(start, _)| *start)
            .collect()
    }
}
