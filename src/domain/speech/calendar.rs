//! Dates and hours as people say them.
//!
//! An hour of the usual working day, from seven in the morning until six in the evening, is spoken without its half of the
//! day: it is how callers are understood as well (`domain::when`).

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::numbers::{day_of_month, number, year};
use crate::domain::language::Language;

/// A day as it is spoken: "Tuesday, December first", "martes primero de diciembre".
#[must_use]
pub fn date(date: NaiveDate, language: Language) -> String {
    let weekday = weekday(date, language);
    let day = day_and_month(date, language);
    match language {
        Language::English => format!("{weekday}, {day}"),
        Language::Spanish => format!("{weekday} {day}"),
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
        Language::English => format!("{month} {day}"),
        Language::Spanish => format!("{day} de {month}"),
    }
}

/// An hour as it is spoken: "nine thirty", "noon", "eight in the evening", "nueve y media", "ocho de la noche". Seconds are
/// not spoken.
#[must_use]
pub fn time(time: NaiveTime, language: Language) -> String {
    let (_, hour) = time.hour12();
    match language {
        Language::English => english_time(time, hour),
        Language::Spanish => spanish_time(time, hour),
    }
}

fn english_time(time: NaiveTime, hour: u32) -> String {
    let hour = number(hour, Language::English);
    let clock = match time.minute() {
        0 => hour,
        minute @ 1..10 => format!("{hour} oh {}", number(minute, Language::English)),
        minute => format!("{hour} {}", number(minute, Language::English)),
    };
    match (time.hour(), time.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "noon".to_owned(),
        (7..18, _) => clock,
        (1..7, _) => format!("{clock} in the morning"),
        (18..21, _) => format!("{clock} in the evening"),
        _ => format!("{clock} at night"),
    }
}

fn spanish_time(time: NaiveTime, hour: u32) -> String {
    let hour = match hour {
        1 => "una".to_owned(),
        hour => number(hour, Language::Spanish),
    };
    let clock = match time.minute() {
        0 => hour,
        15 => format!("{hour} y cuarto"),
        30 => format!("{hour} y media"),
        minute => format!("{hour} y {}", number(minute, Language::Spanish)),
    };
    match (time.hour(), time.minute()) {
        (12, 0) => format!("{clock} del mediodía"),
        (7..18, _) => clock,
        (1..6, _) => format!("{clock} de la madrugada"),
        (6, _) => format!("{clock} de la mañana"),
        (18, _) => format!("{clock} de la tarde"),
        _ => format!("{clock} de la noche"),
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
