//! Dates and hours as people say them.
//!
//! An hour of the usual working day, from seven in the morning until six in the evening, is spoken without its half of the
//! day: it is how callers are understood as well (`domain::when`).

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::numbers::{day_of_month, number, year};
use crate::domain::language::Language;

/// In which language something is said, and on which day: what is near is "today" and "tomorrow".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The language.
    pub language: Language,
    /// The day on which it is said, in the organization's zone.
    pub today: NaiveDate,
}

impl Voice {
    /// "Today" or "tomorrow", if it is.
    fn near(self, date: NaiveDate) -> Option<&'static str> {
        let is_tomorrow = self.today.succ_opt() == Some(date);
        match self.language {
            Language::English if date == self.today => Some("today"),
            Language::English if is_tomorrow => Some("tomorrow"),
            Language::Spanish if date == self.today => Some("hoy"),
            Language::Spanish if is_tomorrow => Some("mañana"),
            _ => None,
        }
    }

    /// Whether a day without its year is taken for this one: it is of this year, or comes sooner than this day of the next.
    fn is_assumed(self, date: NaiveDate) -> bool {
        let days_of_year = |day: NaiveDate| (day.month(), day.day());
        match date.year() - self.today.year() {
            0 => true,
            1 => days_of_year(date) < days_of_year(self.today),
            _ => false,
        }
    }
}

/// A day with its weekday, and with its year where another would be assumed: "Tuesday, December first, twenty twenty-seven".
#[must_use]
pub fn dated(day: NaiveDate, voice: Voice) -> String {
    if voice.is_assumed(day) {
        date(day, voice.language)
    } else {
        date_with_year(day, voice.language)
    }
}

/// A day in a sentence: "today", "Tuesday, December first", "mañana", "el martes primero de diciembre".
#[must_use]
pub fn day(day: NaiveDate, voice: Voice) -> String {
    match (voice.near(day), voice.language) {
        (Some(near), _) => near.to_owned(),
        (None, Language::English) => dated(day, voice),
        (None, Language::Spanish) => format!("el {}", dated(day, voice)),
    }
}

/// When something is: "tomorrow", "on Tuesday, December first", "hoy", "el martes primero de diciembre".
#[must_use]
pub fn on_day(date: NaiveDate, voice: Voice) -> String {
    let spoken = day(date, voice);
    match (voice.near(date), voice.language) {
        (None, Language::English) => ["on ", &spoken].concat(),
        _ => spoken,
    }
}

/// A day and an hour: "tomorrow at nine", "Tuesday, December first, at nine", "el martes primero de diciembre a las nueve".
#[must_use]
pub fn moment(date: NaiveDate, time: NaiveTime, voice: Voice) -> String {
    let (day, hour) = (day(date, voice), at_time(time, voice.language));
    match (voice.near(date), voice.language) {
        (None, Language::English) => format!("{day}, {hour}"),
        _ => format!("{day} {hour}"),
    }
}

/// When something is, with its hour: "tomorrow at nine", "on Tuesday, December first, at nine", "el martes primero de diciembre a las nueve".
#[must_use]
pub fn on_moment(date: NaiveDate, time: NaiveTime, voice: Voice) -> String {
    let moment = moment(date, time, voice);
    match (voice.near(date), voice.language) {
        (None, Language::English) => format!("on {moment}"),
        _ => moment,
    }
}

/// A day and an hour in full, as in a confirmation: "tomorrow, Tuesday, November twenty-fourth, at nine".
#[must_use]
pub fn full_moment(day: NaiveDate, time: NaiveTime, voice: Voice) -> String {
    let Some(near) = voice.near(day) else {
        return moment(day, time, voice);
    };
    let (date, hour) = (date(day, voice.language), at_time(time, voice.language));
    format!("{near}, {date}, {hour}")
}

/// Spanish "de" before a day: "del martes", "de mañana".
#[must_use]
pub fn of(day: &str) -> String {
    match day.strip_prefix("el ") {
        Some(day) => format!("del {day}"),
        None => format!("de {day}"),
    }
}

/// A sentence's beginning in a capital letter.
#[must_use]
pub fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let mut capitalized = String::with_capacity(sentence.len());
    capitalized.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    capitalized.push_str(letters.as_str());
    capitalized
}

/// A day as it is spoken: "Tuesday, December first", "martes primero de diciembre".
#[must_use]
pub fn date(date: NaiveDate, language: Language) -> String {
    let weekday = weekday(date, language);
    let day = day_and_month(date, language);
    match language {
        Language::English => [weekday, ", ", &day].concat(),
        Language::Spanish => [weekday, " ", &day].concat(),
    }
}

/// A day with its year, for when the year is the question: "Tuesday, December first, twenty twenty-six".
#[must_use]
pub fn date_with_year(day: NaiveDate, language: Language) -> String {
    let spoken = date(day, language);
    let year = year(day.year(), language);
    match language {
        Language::English => format!("{spoken}, {year}"),
        Language::Spanish => format!("{spoken} de {year}"),
    }
}

/// A day without its weekday: "December first", "primero de diciembre".
#[must_use]
pub fn day_and_month(date: NaiveDate, language: Language) -> String {
    let day = day_of_month(date.day(), language);
    let month = month(date, language);
    match language {
        Language::English => [month, " ", &day].concat(),
        Language::Spanish => [&day, " de ", month].concat(),
    }
}

/// An hour as it is spoken: "nine thirty", "noon", "eight in the evening", "nueve y media", "ocho de la noche". Seconds are
/// not spoken.
#[must_use]
pub fn time(time: NaiveTime, language: Language) -> Cow<'static, str> {
    let (_, hour) = time.hour12();
    match language {
        Language::English => english_time(time, hour),
        Language::Spanish => spanish_time(time, hour),
    }
}

fn english_time(time: NaiveTime, hour: u32) -> Cow<'static, str> {
    let hour = number(hour, Language::English);
    let clock = match time.minute() {
        0 => hour,
        minute @ 1..10 => format!("{hour} oh {}", number(minute, Language::English)).into(),
        minute => format!("{hour} {}", number(minute, Language::English)).into(),
    };
    match (time.hour(), time.minute()) {
        (0, 0) => "midnight".into(),
        (12, 0) => "noon".into(),
        (7..18, _) => clock,
        (1..7, _) => format!("{clock} in the morning").into(),
        (18..21, _) => format!("{clock} in the evening").into(),
        _ => format!("{clock} at night").into(),
    }
}

fn spanish_time(time: NaiveTime, hour: u32) -> Cow<'static, str> {
    let hour = match hour {
        1 => "una".into(),
        hour => number(hour, Language::Spanish),
    };
    let clock = match time.minute() {
        0 => hour,
        15 => format!("{hour} y cuarto").into(),
        30 => format!("{hour} y media").into(),
        minute => format!("{hour} y {}", number(minute, Language::Spanish)).into(),
    };
    match (time.hour(), time.minute()) {
        (12, 0) => format!("{clock} del mediodía").into(),
        (7..18, _) => clock,
        (1..6, _) => format!("{clock} de la madrugada").into(),
        (6, _) => format!("{clock} de la mañana").into(),
        (18, _) => format!("{clock} de la tarde").into(),
        _ => format!("{clock} de la noche").into(),
    }
}

/// An hour with the word that leads it in a sentence: "at nine", "a la una", "a las dos y media".
#[must_use]
pub fn at_time(at: NaiveTime, language: Language) -> String {
    let spoken = time(at, language);
    let (_, hour) = at.hour12();
    match language {
        Language::English => format!("at {spoken}"),
        Language::Spanish if hour == 1 => format!("a la {spoken}"),
        Language::Spanish => format!("a las {spoken}"),
    }
}

/// The name of a date's weekday.
#[must_use]
pub fn weekday(date: NaiveDate, language: Language) -> &'static str {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let (english, spanish) = match date.weekday() {
        Mon => ("Monday", "lunes"),
        Tue => ("Tuesday", "martes"),
        Wed => ("Wednesday", "miércoles"),
        Thu => ("Thursday", "jueves"),
        Fri => ("Friday", "viernes"),
        Sat => ("Saturday", "sábado"),
        Sun => ("Sunday", "domingo"),
    };
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}

/// The name of a date's month.
#[must_use]
pub fn month(date: NaiveDate, language: Language) -> &'static str {
    let (english, spanish) = match date.month() {
        1 => ("January", "enero"),
        2 => ("February", "febrero"),
        3 => ("March", "marzo"),
        4 => ("April", "abril"),
        5 => ("May", "mayo"),
        6 => ("June", "junio"),
        7 => ("July", "julio"),
        8 => ("August", "agosto"),
        9 => ("September", "septiembre"),
        10 => ("October", "octubre"),
        11 => ("November", "noviembre"),
        _ => ("December", "diciembre"),
    };
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}
