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
//! * A day of the month is the next such day, today included; a date without a year is the next one too, unless it lies
//!   within the last three months: then the caller is asked.
//!
//! | file | about |
//! |---|---|
//! | `token` | words, numbers however they are said, and signs |
//! | `names` | weekdays, months, and words that say nothing |
//! | `days`, `dates`, `spans` | single days, and several at once |
//! | `reading`, `hours`, `parts` | one hour, stretches of hours, and parts of the day |
//! | `phrases` | how fixed phrases are found |
//! | `calendar`, `clock` | which day, and which hour, is meant |
//! | `meaning` | what the pieces of a phrase mean together |
//! | `moment` | written date-times, and instants on an organization's clocks |

mod calendar;
mod clock;
mod dates;
mod days;
mod hours;
mod meaning;
mod moment;
mod names;
mod parts;
mod phrases;
mod reading;
mod spans;
mod token;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Timelike};
use chrono_tz::Tz;

pub use calendar::Days;
pub use clock::{DayPart, TimeOfDay};
pub use moment::{Moment, Occurrence, in_zone, moment, occurrence};

use crate::domain::fold;
use calendar::DaySaid;
use hours::Hours;
use meaning::Alternative;
use moment::{Written, halves, written_clock, written_date};
use parts::PartSaid;
use token::Token;

/// The most characters that are read of a text: more is a story, and no time.
const MOST_CHARACTERS: usize = 200;

/// Before this hour of the night "tomorrow" may be the day that has begun.
const NIGHT_ENDS: u32 = 4;

/// What a text says of the day and of the time; either may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The day or the days.
    pub days: Option<Days>,
    /// When in the day.
    pub time: Option<TimeOfDay>,
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

/// Which of a tool's arguments a text is; a number alone is a day in one and an hour in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Day,
    Time,
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
    let today = now.date_naive();
    let mut said = vec![Alternative::default()];
    if let Some(text) = day {
        hear(text, About::Day, today, &mut said)?;
        if time.is_some() {
            for said in &mut said {
                said.written = None;
            }
        }
    }
    if let Some(text) = time {
        hear(text, About::Time, today, &mut said)?;
    }
    let reading = meaning::together(said, now)?;
    let says_tomorrow = |text: &str| {
        fold::words(text)
            .iter()
            .any(|word| matches!(word.as_str(), "tomorrow" | "manana"))
    };
    match reading.days {
        // Said in the night, "tomorrow" is the coming daylight to some and the day after it to others.
        Some(Days::On(date))
            if now.hour() < NIGHT_ENDS
                && Some(date) == today.succ_opt()
                && [day, time].into_iter().flatten().any(says_tomorrow) =>
        {
            Err(Unclear::WhichDay(Days::On(today), Days::On(date)))
        }
        _ => Ok(reading),
    }
}

/// Adds the pieces of a text to those that are there.
fn hear(
    text: &str,
    about: About,
    today: NaiveDate,
    said: &mut Vec<Alternative>,
) -> Result<(), Unclear> {
    let unclear = match about {
        About::Day => Unclear::Day,
        About::Time => Unclear::Time,
    };
    let text = text.trim();
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Err(unclear);
    }
    let mut current = said.pop().unwrap_or_default();
    if written(text, &mut current)? {
        said.push(current);
        return Ok(());
    }
    let folded = fold::fold(text);
    let tokens = token::tokens(&folded).ok_or(unclear)?;
    let mut rest = tokens.as_slice();
    let mut has_said = false;
    while let Some(first) = rest.first() {
        let before = rest.len();
        if let Token::Word("or" | "o" | "u") = first
            && !current.is_empty()
            && parts::wish(rest).is_none()
        {
            said.push(std::mem::take(&mut current));
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        rest = piece(rest, about, today, &mut current).ok_or(unclear)?;
        has_said |= before - rest.len() > 1
            || !matches!(first, Token::Word(word) if names::is_filler(word));
    }
    if current.is_empty() && !said.is_empty() {
        return Err(unclear);
    }
    said.push(current);
    if has_said { Ok(()) } else { Err(unclear) }
}

/// Reads one piece; `None` for a word that is not known.
fn piece<'t, 'a>(
    rest: &'t [Token<'a>],
    about: About,
    today: NaiveDate,
    said: &mut Alternative,
) -> Option<&'t [Token<'a>]> {
    if let Some((wish, rest)) = parts::wish(rest) {
        said.parts.push(match wish {
            // Any time, where a day was asked for, is any day.
            PartSaid::Any if about == About::Day && said.days.is_empty() && rest.is_empty() => {
                PartSaid::AnyDay
            }
            wish => wish,
        });
        return Some(rest);
    }
    // "2026-12" is no hour.
    if about == About::Day
        && let [Token::Number(year), Token::Dash, ..] = rest
        && year.digits == 4
        && days::day(rest, today).is_none()
    {
        return None;
    }
    if let Some((day, rest)) = spans::span(rest, today).or_else(|| days::day(rest, today)) {
        said.days.push(day);
        return Some(rest);
    }
    // "12-1" beside a day is from noon to one.
    if about == About::Day
        && said.days.is_empty()
        && let [
            Token::Number(first),
            Token::Dash,
            Token::Number(second),
            rest @ ..,
        ] = rest
        && !matches!(
            rest,
            [Token::Colon | Token::Dash | Token::Word("am" | "pm"), ..]
        )
        && first.digits <= 2
        && second.digits <= 2
        && let Some(day) = dates::in_figures(*first, *second, None)
    {
        said.days.push(day);
        return Some(rest);
    }
    if let Some((part, rest)) = parts::part(rest) {
        said.parts.push(part);
        return Some(rest);
    }
    if let Some((found, behind)) = hours::hours(rest) {
        match found {
            Hours::At(clock)
                if clock.is_bare
                    && about == About::Day
                    && rest.len() - behind.len() == 1
                    && said.bare.is_none() =>
            {
                said.bare = Some(clock);
            }
            hours => said.hours.push(hours),
        }
        return Some(behind);
    }
    match rest {
        [Token::Word(word), rest @ ..] if names::is_filler(word) => Some(rest),
        [Token::Dash, rest @ ..] => Some(rest),
        _ => None,
    }
}

/// Reads a date, a time or both as programs write them; whether it was one.
fn written(text: &str, said: &mut Alternative) -> Result<bool, Unclear> {
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
    let clock = match clock.map(written_clock) {
        Some(None) => return Ok(false),
        clock => clock.flatten(),
    };
    if let Some((year, month, day)) = day {
        said.days.push(DaySaid::Date {
            month,
            day,
            year: Some(year),
        });
    }
    match clock {
        Some(Written::Real(time, _)) => said.written = Some(time),
        Some(Written::Impossible) => return Err(Unclear::NoSuchTime),
        None => {}
    }
    Ok(day.is_some() || clock.is_some())
}
