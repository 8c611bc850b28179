//! Dates and times, as they are said and as they are written, in English, in Spanish, and in both at once.
//!
//! [`understand`] reads the caller's words, or whatever a model makes of them. It is total and knows no clock: any text
//! has an answer, and now and the zone are given. What is not understood, what contradicts itself and what has two
//! readings is an [`Unclear`] that names the choices, never a guess: a phrase with one word that is not known is not
//! understood at all, since that word may be "not".
//!
//! What is meant where people differ, and what every reply says back in full:
//!
//! * A weekday is the next such day strictly after today, also behind "next", which never skips a week; "this Tuesday",
//!   "este martes", said on a Tuesday is today.
//! * An hour of which nothing says the half of the day is one of the usual working day: 7 to 11 in the morning, 12
//!   noon, 1 to 6 in the afternoon. Two digits with minutes (`02:30`) are of the 24-hour clock.
//! * "Mañana" is tomorrow, and behind an article the morning.
//! * 3/4 is March 4th, as in the United States, in both languages.
//! * Days that follow one another, "Thursday or Friday", are a span; of others the caller must choose.
//! * What points at an offer, "either one", "the first one", is neither a day nor an hour; "one" is an hour only where an
//!   hour is being said.
//! * A number behind a weekday's name in Spanish is the day of the month, "el lunes 10".
//! * A time in a zone that is named is converted to the organization's; one whose clocks agree is not worth a word.
//! * A day of the month is the next such day, today included; a date without a year is the next one too, unless it lies
//!   within the last three months: then the caller is asked.
//!
//! | file | about |
//! |---|---|
//! | `hearing` | a text piece by piece |
//! | `corrections` | what is taken back within a text |
//! | `token`, `tokenize`, `spelling` | words, numbers however they are said, and signs |
//! | `names` | weekdays, months, and words that say nothing |
//! | `references` | what points at an offer, and is no day and no hour |
//! | `days`, `dates`, `holidays` | single days |
//! | `spans`, `weekends` | several days at once |
//! | `reading`, `hours`, `parts`, `preferences` | one hour, stretches of hours, and parts of the day |
//! | `calendar`, `clock` | which day, and which hour, is meant |
//! | `meaning` | what the pieces of a phrase mean together |
//! | `moment` (and `programs` below it), `written` | written date-times and intervals, and instants on an organization's clocks |
//! | `zones` | time zones that are named |
//! | `moves`, `shift`, `shifts`, `amounts` | a new time for an appointment, by the one it has |

mod amounts;
mod calendar;
mod clock;
mod corrections;
mod dates;
mod days;
mod hearing;
mod holidays;
mod hours;
mod meaning;
mod moment;
mod moves;
mod names;
mod parts;
mod preferences;
mod reading;
mod references;
mod shift;
mod shifts;
mod spans;
mod spelling;
mod token;
mod tokenize;
mod weekends;
mod written;
mod zones;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Timelike};
use chrono_tz::Tz;

pub use calendar::Days;
pub use clock::{DayPart, TimeOfDay};
pub use moment::{Moment, Occurrence, in_zone, moment, occurrence};
pub use moves::{may_count, understand_beside, understand_move};

use crate::domain::fold;
use hearing::{About, Heard};

/// Before this hour of the night "tomorrow" may be the day that has begun.
const NIGHT_ENDS: u32 = 4;

/// What a text says of the day and of the time; either may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The day or the days.
    pub days: Option<Days>,
    /// When in the day.
    pub time: Option<TimeOfDay>,
    /// The zone in which the time was named, if its clocks differ from the organization's at that moment; the time and
    /// the days are converted.
    pub zone: Option<Tz>,
}

/// Why a text cannot be used as it is; each leads to another question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// The day was not understood.
    #[error("the day was not understood")]
    Day,
    /// The time was not understood.
    #[error("the time was not understood")]
    Time,
    /// There is no such hour, as in 25:00. So is 24:00: whether it begins or ends the day must be asked.
    #[error("there is no such hour")]
    NoSuchTime,
    /// The month does not have so many days.
    #[error("there is no such day")]
    NoSuchDay {
        /// The last day that the month has.
        last: NaiveDate,
        /// The next day of that number, in a month that has one.
        next: NaiveDate,
    },
    /// The date is over, and was perhaps meant for another year.
    #[error("the date is over")]
    Past {
        /// The date as it was given.
        said: NaiveDate,
        /// The same day of the year when it comes next, today included.
        next: NaiveDate,
    },
    /// The weekday and the date that were named together are not of the same day.
    #[error("the weekday is not that of the date")]
    Mismatch {
        /// The nearest such weekday.
        by_weekday: NaiveDate,
        /// The date.
        by_date: NaiveDate,
    },
    /// One of these.
    #[error("the day has two readings")]
    WhichDay(Days, Days),
    /// One of these.
    #[error("the time has two readings")]
    WhichTime(TimeOfDay, TimeOfDay),
}

/// Reads the words that are given for a day and for a time; each may say something of both.
///
/// Where both name an hour, and the day's is a date-time as a program writes it, that of the time counts.
///
/// # Errors
///
/// An [`Unclear`] that says what to ask.
pub fn understand(
    day: Option<&str>,
    time: Option<&str>,
    now: DateTime<Tz>,
) -> Result<Reading, Unclear> {
    let mut heard = Heard::default();
    if let Some(text) = day {
        heard.hear(text, About::Day, now)?;
        if time.is_some() {
            heard.leave_written_times();
        }
    }
    if let Some(text) = time {
        heard.hear(text, About::Time, now)?;
    }
    let reading = heard.reading(now)?;
    asked_at_night(reading, [day, time], now)
}

/// What can be read of two texts of which at least one is not understood, for a question that names it.
///
/// Of "Tuesday if my wife agrees" that is Tuesday, and of "not Tuesday" nothing at all. Unlike [`understand`] it knows
/// no errors: what is unclear is left out.
#[must_use]
pub fn understood(day: Option<&str>, time: Option<&str>, now: DateTime<Tz>) -> Reading {
    let of = |text: Option<&str>, about| {
        let text = text?;
        let whole = match about {
            About::Day => understand(Some(text), None, now),
            About::Time => understand(None, Some(text), now),
        };
        whole.or_else(|_| hearing::partly(text, about, now)).ok()
    };
    let day = of(day, About::Day).unwrap_or_default();
    let time = of(time, About::Time).unwrap_or_default();
    Reading {
        days: day.days.or(time.days),
        time: time.time.or(day.time),
        zone: time.zone.or(day.zone),
    }
}

/// The reading, unless it is a "tomorrow" that was said in the night: the coming daylight to some and the day after it
/// to others.
fn asked_at_night(
    reading: Reading,
    texts: [Option<&str>; 2],
    now: DateTime<Tz>,
) -> Result<Reading, Unclear> {
    let today = now.date_naive();
    let says_tomorrow = |text: &str| {
        fold::words(text)
            .iter()
            .any(|word| matches!(spelling::corrected(word), "tomorrow" | "manana"))
    };
    match reading.days {
        Some(Days::On(date))
            if now.hour() < NIGHT_ENDS
                && Some(date) == today.succ_opt()
                && texts.into_iter().flatten().any(says_tomorrow) =>
        {
            Err(Unclear::WhichDay(Days::On(today), Days::On(date)))
        }
        _ => Ok(reading),
    }
}
