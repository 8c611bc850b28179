//! The day that a text means.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::moment::{Written, halves, written_clock, written_date};
use crate::domain::fold;

/// The most characters that are read of a date.
const MOST_CHARACTERS: usize = 100;

/// Why a text is not a day that can be used; each leads to another question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    /// Nothing was given.
    #[error("no date was given")]
    Missing,
    /// There is no such day, as in February 30th.
    #[error("there is no such day")]
    Impossible,
    /// The words are not known.
    #[error("the date was not understood")]
    NotUnderstood,
    /// The year is over. Models that have no clock write the year of their training, so the day is right more often
    /// than the year is; but it must be confirmed.
    #[error("the date is of a year that is over")]
    PastYear {
        /// The date as it was given.
        said: NaiveDate,
        /// The same day of the year when it comes next, today included.
        suggestion: NaiveDate,
    },
}

/// Reads the day that a text means, on a calendar that shows `today`.
///
/// * ISO dates, with or without a time. A time's offset does not move the date;
///   [`moment`](super::moment()) tells of it.
/// * "today", "tomorrow", "day after tomorrow", "hoy", "mañana", "pasado mañana", also with a part of the day.
/// * A weekday is the next such day strictly after today: said on that very weekday it means a week from today, and so
///   does "next Tuesday" on a Tuesday. "Next" never skips a week. "This Tuesday", "este martes", said on a Tuesday is
///   today.
///
/// A day of this year that is past is returned as it is: the calendar knows how to answer for it.
///
/// # Errors
///
/// A [`DateProblem`] that says what to ask.
pub fn date(text: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateProblem::Missing);
    }
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Err(DateProblem::NotUnderstood);
    }
    match iso(text) {
        Some(Written::Real(said)) => of_a_living_year(said, today),
        Some(Written::Impossible) => Err(DateProblem::Impossible),
        None => said(text, today),
    }
}

fn iso(text: &str) -> Option<Written<NaiveDate>> {
    if let Some(date) = written_date(text) {
        return Some(date);
    }
    let (day, clock) = halves(text)?;
    // An hour that does not exist is a question about the time, not about the day.
    written_clock(clock)?;
    written_date(day)
}

fn of_a_living_year(said: NaiveDate, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    if said.year() >= today.year() {
        return Ok(said);
    }
    // February 29th comes back within eight years, whatever the century.
    let suggestion = (0..=8)
        .filter_map(|years| said.with_year(today.year().checked_add(years)?))
        .find(|day| *day >= today)
        .unwrap_or(today);
    Err(DateProblem::PastYear { said, suggestion })
}

fn said(text: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    let words = fold::words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let days = match without_part_of_day(&words) {
        ["today" | "tonight" | "hoy"] => Some(0),
        ["this", "morning" | "afternoon" | "evening"] | ["esta", "manana" | "tarde" | "noche"] => {
            Some(0)
        }
        ["tomorrow" | "manana"] => Some(1),
        ["the", "day", "after", "tomorrow"]
        | ["day", "after", "tomorrow"]
        | ["pasado", "manana"] => Some(2),
        named => weekday_ahead(named, today.weekday()),
    };
    days.and_then(|days| today.checked_add_days(Days::new(days)))
        .ok_or(DateProblem::NotUnderstood)
}

/// The words before "in the morning", "por la tarde" and the like, which say nothing of the day.
///
/// "This morning", "esta tarde" and "la mañana" alone stay whole.
fn without_part_of_day<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    if matches!(words, ["this", _]) {
        return words;
    }
    match words {
        [day @ .., "in", "the", "morning" | "afternoon" | "evening"]
        | [day @ .., "at", "night"]
        | [
            day @ ..,
            "por" | "en" | "a" | "de",
            "la",
            "manana" | "tarde" | "noche",
        ]
        | [day @ .., "morning" | "afternoon" | "evening" | "night"] => day,
        _ => words,
    }
}

/// How many days ahead a weekday is, from its name and the words around it.
fn weekday_ahead(words: &[&str], today: Weekday) -> Option<u64> {
    let words = match words {
        ["on" | "for" | "para", rest @ ..] => rest,
        _ => words,
    };
    let (today_counts, name) = match words {
        ["this", "coming", name]
        | ["the" | "el", "next" | "coming" | "proximo", name]
        | [
            "next" | "coming" | "proximo" | "the" | "el" | "este",
            name,
            "que",
            "viene",
        ]
        | ["next" | "coming" | "proximo" | "the" | "el", name]
        | ["el", name, "proximo"]
        | [name, "que", "viene"]
        | [name, "proximo"]
        | [name] => (false, *name),
        ["this" | "este", name] => (true, *name),
        _ => return None,
    };
    let ahead = u64::from(weekday(name)?.days_since(today));
    Some(if ahead == 0 && !today_counts {
        7
    } else {
        ahead
    })
}

/// A weekday by its folded name or abbreviation, in English or Spanish.
fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" | "mon" | "lunes" | "lun" => Weekday::Mon,
        "tuesday" | "tue" | "tues" | "martes" | "mar" => Weekday::Tue,
        "wednesday" | "wed" | "weds" | "miercoles" | "mie" | "mier" => Weekday::Wed,
        "thursday" | "thu" | "thur" | "thurs" | "jueves" | "jue" => Weekday::Thu,
        "friday" | "fri" | "viernes" | "vie" => Weekday::Fri,
        "saturday" | "sat" | "sabado" | "sab" => Weekday::Sat,
        "sunday" | "sun" | "domingo" | "dom" => Weekday::Sun,
        _ => return None,
    })
}
