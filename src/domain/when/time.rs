//! The hour, or the part of the day, that a text means.

use std::ops::RangeInclusive;

use chrono::NaiveTime;

use super::moment::{Written, halves, number, written_clock, written_date};
use crate::domain::fold;

/// The most characters that are read of a time.
const MOST_CHARACTERS: usize = 100;

/// When in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeOfDay {
    /// At this hour.
    At(NaiveTime),
    /// In this part of the day.
    Part(DayPart),
    /// Whenever there is room.
    Any,
}

/// A part of the day, as callers mean it when they want a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayPart {
    /// From 6:00 to 12:00.
    Morning,
    /// From 12:00 to 17:00.
    Afternoon,
    /// From 17:00 to 21:00.
    Evening,
}

impl DayPart {
    /// When the part begins, and when it is over.
    #[must_use]
    pub fn window(self) -> (NaiveTime, NaiveTime) {
        let (from, until) = match self {
            Self::Morning => (6, 12),
            Self::Afternoon => (12, 17),
            Self::Evening => (17, 21),
        };
        let full = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        (full(from), full(until))
    }

    /// Whether a visit that starts at `time` starts in this part.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        let (from, until) = self.window();
        from <= time && time < until
    }
}

/// Why a text is not a time that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeProblem {
    /// Nothing was given.
    #[error("no time was given")]
    Missing,
    /// There is no such hour, as in 25:00. So is 24:00: whether it begins or ends the day must be asked.
    #[error("there is no such hour")]
    Impossible,
    /// The words are not known.
    #[error("the time was not understood")]
    NotUnderstood,
}

/// Reads the hour, or the part of the day, that a text means.
///
/// * ISO times, also within a full date-time, whose offset is left to [`moment`](super::moment()); an hour of two
///   digits with minutes (`02:30`), and one followed by "h", are of the 24-hour clock.
/// * "9 AM", "2:30 pm", "2 de la tarde", "8 de la noche", "noon", "medianoche"; 12 AM is midnight.
/// * An hour without any of these is one of the usual working day: 7 to 11 in the morning, 12 noon, 1 to 6 in the
///   afternoon.
/// * "Morning", "por la tarde", "tonight" are parts of the day. "Mañana" alone is the day, and not understood here.
/// * "Any time", "first available", "cualquier hora" are any time.
///
/// # Errors
///
/// A [`TimeProblem`] that says what to ask.
pub fn time(text: &str) -> Result<TimeOfDay, TimeProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TimeProblem::Missing);
    }
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Err(TimeProblem::NotUnderstood);
    }
    match iso(text) {
        Some(Written::Real(time)) => return Ok(TimeOfDay::At(time)),
        Some(Written::Impossible) => return Err(TimeProblem::Impossible),
        None => {}
    }
    let marks = marks(text).ok_or(TimeProblem::NotUnderstood)?;
    let words: Option<Vec<&str>> = marks.iter().map(Mark::word).collect();
    match words {
        Some(words) => said(&words).ok_or(TimeProblem::NotUnderstood),
        None => clock(&marks).map(TimeOfDay::At),
    }
}

fn iso(text: &str) -> Option<Written<NaiveTime>> {
    let clock = match halves(text) {
        // The time of a full date-time is read, whatever its date turns out to be.
        Some((day, clock)) if day.is_empty() || written_date(day).is_some() => clock,
        _ => text,
    };
    match written_clock(clock)? {
        Written::Real((time, _)) => Some(Written::Real(time)),
        Written::Impossible => Some(Written::Impossible),
    }
}

/// A time without digits.
fn said(words: &[&str]) -> Option<TimeOfDay> {
    const ANY: &[&str] = &[
        "any",
        "anytime",
        "any time",
        "any hour",
        "whenever",
        "flexible",
        "no preference",
        "any time works",
        "anytime works",
        "all day",
        "asap",
        "as soon as possible",
        "earliest",
        "earliest available",
        "the earliest available",
        "first available",
        "the first available",
        "first one available",
        "first opening",
        "next available",
        "cualquiera",
        "cualquier hora",
        "a cualquier hora",
        "a la hora que sea",
        "cuando sea",
        "cuando puedan",
        "todo el dia",
        "lo antes posible",
        "la primera disponible",
        "primera disponible",
        "el primero disponible",
        "la primera hora disponible",
        "sin preferencia",
        "me da igual",
    ];
    let words = match words {
        ["at" | "al" | "el", rest @ ..] => rest,
        _ => words,
    };
    let hour = match words {
        ["noon" | "midday" | "mediodia"] | ["medio", "dia"] => NaiveTime::from_hms_opt(12, 0, 0),
        ["midnight" | "medianoche"] | ["a" | "la", "medianoche"] | ["media", "noche"] => {
            NaiveTime::from_hms_opt(0, 0, 0)
        }
        _ => None,
    };
    if let Some(hour) = hour {
        return Some(TimeOfDay::At(hour));
    }
    if ANY.contains(&words.join(" ").as_str()) {
        return Some(TimeOfDay::Any);
    }
    part(words).map(TimeOfDay::Part)
}

/// A part of the day: its name after words that change nothing, so that "not in the morning" is not understood.
fn part(words: &[&str]) -> Option<DayPart> {
    const LEADS: &[&str] = &[
        "in", "the", "this", "during", "early", "late", "later", "mid", "first", "thing",
        "sometime", "some", "time", "tomorrow", "today", "at", "por", "en", "de", "la", "esta",
        "durante", "temprano", "hoy", "manana", "a",
    ];
    let (name, leads) = words.split_last()?;
    if !leads.iter().all(|word| LEADS.contains(word)) {
        return None;
    }
    match *name {
        "morning" | "mornings" => Some(DayPart::Morning),
        // "Mañana" is the morning only behind its article; alone it is tomorrow.
        "manana" if matches!(leads.last(), Some(&"la" | &"esta")) => Some(DayPart::Morning),
        "afternoon" | "afternoons" | "tarde" | "tardes" => Some(DayPart::Afternoon),
        "evening" | "evenings" | "night" | "tonight" | "noche" | "noches" => Some(DayPart::Evening),
        _ => None,
    }
}

/// A piece of a spoken time.
#[derive(Debug, PartialEq, Eq)]
enum Mark {
    Number(String),
    Word(String),
    /// The sign between hours and minutes.
    Colon,
}

impl Mark {
    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Number(_) | Self::Colon => None,
        }
    }
}

/// The pieces of a text; `None` when it has a sign that no time has.
fn marks(text: &str) -> Option<Vec<Mark>> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut joined = false;
    for letter in fold::fold(text).chars() {
        let goes_on = std::mem::replace(&mut joined, true);
        match (marks.last_mut(), letter) {
            (Some(Mark::Number(number)), '0'..='9') if goes_on => number.push(letter),
            (_, '0'..='9') => marks.push(Mark::Number(letter.into())),
            (Some(Mark::Word(word)), _) if goes_on && letter.is_alphabetic() => word.push(letter),
            // "a.m.", "p. m."
            (Some(Mark::Word(word)), 'm') if word == "a" || word == "p" => word.push(letter),
            (_, _) if letter.is_alphabetic() => marks.push(Mark::Word(letter.into())),
            // Spoken clocks are also written "2.30".
            (Some(Mark::Number(_)), ':' | '.') => marks.push(Mark::Colon),
            (_, '.' | ',' | '!' | '?' | '¡' | '¿') => joined = false,
            (_, _) if letter.is_whitespace() => joined = false,
            _ => return None,
        }
    }
    // A full stop after the hour ends a sentence.
    if marks.last() == Some(&Mark::Colon) {
        marks.pop();
    }
    Some(marks)
}

/// Which half of the day an hour belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
    /// "De la noche", "at night": late in the evening, or after midnight.
    Night,
    /// Written on a 24-hour clock.
    Exact,
    /// Not said.
    Unsaid,
}

/// A time with digits.
fn clock(marks: &[Mark]) -> Result<NaiveTime, TimeProblem> {
    let marks = match marks {
        [Mark::Word(word), rest @ ..] if word == "at" || word == "alas" => rest,
        [Mark::Word(a), Mark::Word(article), rest @ ..]
            if a == "a" && (article == "las" || article == "la") =>
        {
            rest
        }
        [Mark::Word(article), rest @ ..] if article == "las" || article == "la" => rest,
        _ => marks,
    };
    let (hour, minute, rest, hours_mark) = match marks {
        [
            Mark::Number(hour),
            Mark::Colon,
            Mark::Number(minute),
            rest @ ..,
        ] if minute.len() == 2 => (hour.as_str(), minute.as_str(), rest, false),
        [
            Mark::Number(hour),
            Mark::Word(h),
            Mark::Number(minute),
            rest @ ..,
        ] if h == "h" && minute.len() == 2 => (hour.as_str(), minute.as_str(), rest, true),
        [Mark::Number(digits), rest @ ..] => {
            let (hour, minute) = match digits.len() {
                3 | 4 => digits
                    .split_at_checked(digits.len() - 2)
                    .ok_or(TimeProblem::NotUnderstood)?,
                _ => (digits.as_str(), "00"),
            };
            (hour, minute, rest, false)
        }
        _ => return Err(TimeProblem::NotUnderstood),
    };
    let words: Option<Vec<&str>> = rest.iter().map(Mark::word).collect();
    let words = words.ok_or(TimeProblem::NotUnderstood)?.join(" ");
    let mut half = half(&words).ok_or(TimeProblem::NotUnderstood)?;
    if half == Half::Unsaid && (hours_mark || hour.starts_with('0')) {
        half = Half::Exact;
    }
    let hour = number(hour, 1..=2).ok_or(TimeProblem::NotUnderstood)?;
    let minute = number(minute, 2..=2).ok_or(TimeProblem::NotUnderstood)?;
    of_the_day(hour, half)
        .and_then(|hour| NaiveTime::from_hms_opt(hour, minute, 0))
        .ok_or(TimeProblem::Impossible)
}

/// The half of the day that the words behind an hour name.
fn half(words: &str) -> Option<Half> {
    Some(match words {
        "" | "oclock" | "en punto" | "sharp" => Half::Unsaid,
        "h" | "hr" | "hrs" | "hs" | "hours" | "horas" => Half::Exact,
        "am" | "a" | "in the morning" | "this morning" | "de la manana" | "de la madrugada"
        | "por la manana" | "en la manana" => Half::Morning,
        "pm" | "p" | "in the afternoon" | "this afternoon" | "in the evening" | "this evening"
        | "de la tarde" | "por la tarde" | "en la tarde" | "noon" | "del mediodia"
        | "del medio dia" => Half::Afternoon,
        "at night" | "tonight" | "de la noche" | "por la noche" | "en la noche" | "midnight"
        | "de la medianoche" => Half::Night,
        _ => return None,
    })
}

/// The hour on the 24-hour clock.
///
/// An hour over 12 is taken as it is, even behind "14:00 pm", but not with "am", which contradicts it.
fn of_the_day(hour: u32, half: Half) -> Option<u32> {
    let after_noon = |hours: RangeInclusive<u32>| {
        if hours.contains(&hour) {
            hour + 12
        } else {
            hour
        }
    };
    let hour = match half {
        Half::Exact => hour,
        Half::Morning if hour > 12 => return None,
        Half::Morning => hour % 12,
        Half::Afternoon if hour == 0 => return None,
        Half::Afternoon => after_noon(1..=11),
        Half::Night if hour == 12 => 0,
        // "2 de la noche" is after midnight, "7 de la noche" before it.
        Half::Night => after_noon(5..=11),
        Half::Unsaid => after_noon(1..=6),
    };
    Some(hour)
}
