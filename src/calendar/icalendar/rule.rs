//! Recurrence rules: when a series takes place, on the clock of its zone.

use chrono::{DateTime, Datelike, Months, NaiveDateTime, TimeDelta, Utc};
use rrule::{RRule, Tz, Unvalidated};

use super::value::Value;
use crate::domain::external_calendar::CalendarError;

/// How many periods of recurrence rules are gone through while one listing is read: a second or so. Rules that repeat without end from the
/// beginning of time are begun shortly before the window; what remains are rules that count, and ones that never come to pass.
const PERIODS_LIMIT: u32 = 2_000_000;

/// What may still be spent on recurrence rules.
#[derive(Debug)]
pub struct Budget(u32);

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    parts: RRule<Unvalidated>,
    period: Period,
    interval: u16,
    /// How often it takes place.
    count: Option<u32>,
    /// Its last day or moment.
    pub until: Option<Value>,
}

/// What lies between the repetitions.
#[derive(Clone, Copy, Debug)]
enum Period {
    Fixed(TimeDelta),
    Months(u16),
}

impl Default for Budget {
    fn default() -> Self {
        Self(PERIODS_LIMIT)
    }
}

impl Budget {
    fn spend(&mut self, periods: u32) -> Result<(), CalendarError> {
        self.0 = self.0.checked_sub(periods).ok_or(CalendarError::TooLarge)?;
        Ok(())
    }
}

impl Rule {
    /// Reads the value of an RRULE.
    pub fn new(text: &str) -> Option<Self> {
        let (mut count, mut interval, mut until) = (None, 1, None);
        let mut period = None;
        let mut parts = Vec::new();
        for (name, value) in text.split(';').filter_map(|part| part.split_once('=')) {
            let (name, value) = (
                name.trim().to_ascii_uppercase(),
                value.trim().to_ascii_uppercase(),
            );
            match name.as_str() {
                // Some write each part, also one that says nothing.
                _ if value.is_empty() => continue,
                "INTERVAL" if value == "0" => continue,
                // Written in UTC, it means another day than the clock of the series says; it is held against each time instead.
                "UNTIL" => {
                    until = Some(Value::new(&value)?);
                    continue;
                }
                "COUNT" => count = Some(value.parse().ok()?),
                "INTERVAL" => interval = value.parse().ok().filter(|interval| *interval > 0)?,
                "FREQ" => period = Period::new(&value),
                "BYSECOND" | "BYMINUTE" | "BYHOUR" | "BYDAY" | "BYMONTHDAY" | "BYYEARDAY"
                | "BYWEEKNO" | "BYMONTH" | "BYSETPOS" | "WKST" => {}
                _ => continue,
            }
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-,".contains(&byte);
            parts.push(format!("{name}={value}"));
            if !value.bytes().all(is_plain) {
                return None;
            }
        }
        let parts: RRule<Unvalidated> = parts.join(";").parse().ok()?;
        // One that contradicts itself is refused here, so that it is counted as one that cannot be read.
        parts
            .clone()
            .build(DateTime::<Utc>::UNIX_EPOCH.with_timezone(&Tz::UTC))
            .ok()?;
        Some(Self {
            parts,
            period: period?,
            interval,
            count,
            until,
        })
    }

    /// When it takes place, in order, if it begins at `start`: between `from` and `to`, and perhaps a little before. The start itself
    /// is part of it only where the rule says so.
    ///
    /// # Errors
    ///
    /// When the budget is spent, or there are more than `limit`.
    pub fn times(
        &self,
        start: NaiveDateTime,
        (from, to): (NaiveDateTime, NaiveDateTime),
        limit: usize,
        budget: &mut Budget,
    ) -> Result<Vec<NaiveDateTime>, CalendarError> {
        let start = if self.count.is_none() {
            self.advanced(start, from)
        } else {
            start
        };
        let Ok(set) = self
            .parts
            .clone()
            .build(start.and_utc().with_timezone(&Tz::UTC))
        else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let (mut before, mut total) = (start, 0);
        for time in &set.limit() {
            let time = time.naive_utc();
            budget.spend(self.periods(before, time))?;
            total += 1;
            if time > to {
                return Ok(found);
            }
            if time >= from {
                found.push(time);
            }
            if found.len() > limit {
                return Err(CalendarError::TooLarge);
            }
            before = time;
        }
        if self.count.is_none_or(|count| total < count) {
            // It was given up.
            budget.spend(PERIODS_LIMIT / 20)?;
        }
        Ok(found)
    }

    /// A later start with the same times from `from` on.
    fn advanced(&self, start: NaiveDateTime, from: NaiveDateTime) -> NaiveDateTime {
        let later = match self.period {
            Period::Fixed(period) => {
                let step = period.num_seconds() * i64::from(self.interval);
                let steps = (from - start).num_seconds() / step - 1;
                TimeDelta::try_seconds(steps * step)
                    .filter(|all| *all > TimeDelta::zero())
                    .and_then(|all| start.checked_add_signed(all))
            }
            // The last days of a month are not in each of them.
            Period::Months(_) if start.day() > 28 => None,
            Period::Months(months) => {
                let step = i64::from(months) * i64::from(self.interval);
                let months = |moment: NaiveDateTime| {
                    i64::from(moment.year()) * 12 + i64::from(moment.month0())
                };
                // A year more, since a week of one year may begin in the year before.
                let steps = (months(from) - 12 - months(start)) / step - 1;
                u32::try_from(steps * step)
                    .ok()
                    .and_then(|all| start.checked_add_months(Months::new(all)))
            }
        };
        later.unwrap_or(start)
    }

    fn periods(&self, from: NaiveDateTime, to: NaiveDateTime) -> u32 {
        let period = match self.period {
            Period::Fixed(period) => period.num_seconds(),
            Period::Months(months) => i64::from(months) * 28 * 86_400,
        };
        let passed = (to - from).num_seconds() / (period * i64::from(self.interval)) + 1;
        u32::try_from(passed).unwrap_or(u32::MAX)
    }
}

impl Period {
    fn new(frequency: &str) -> Option<Self> {
        Some(match frequency {
            "SECONDLY" => Self::Fixed(TimeDelta::seconds(1)),
            "MINUTELY" => Self::Fixed(TimeDelta::minutes(1)),
            "HOURLY" => Self::Fixed(TimeDelta::hours(1)),
            "DAILY" => Self::Fixed(TimeDelta::days(1)),
            "WEEKLY" => Self::Fixed(TimeDelta::weeks(1)),
            "MONTHLY" => Self::Months(1),
            "YEARLY" => Self::Months(12),
            _ => return None,
        })
    }
}
