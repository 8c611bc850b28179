//! Dates and hours as they are written in a text message: "Tuesday, December 1st", "9:30 AM", "a las 9:30 de la mañana".

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::{
    language::Language,
    speech::{month, weekday},
};

/// A day as it is written: "Tuesday, December 1st", "martes 1 de diciembre".
#[must_use]
pub fn date(date: NaiveDate, language: Language) -> String {
    let weekday = weekday(date, language);
    let month = month(date, language);
    let day = date.day();
    match language {
        Language::English => format!("{weekday}, {month} {day}{}", ordinal(day)),
        Language::Spanish => format!("{weekday} {day} de {month}"),
    }
}

/// An hour as it is written: "9:30 AM", "noon", "2:30 de la tarde", "12 del mediodía". Seconds are left out.
#[must_use]
pub fn time(time: NaiveTime, language: Language) -> String {
    let (afternoon, hour) = time.hour12();
    let clock = match time.minute() {
        0 => hour.to_string(),
        minute => format!("{hour}:{minute:02}"),
    };
    match language {
        Language::English => match (time.hour(), time.minute()) {
            (0, 0) => "midnight".to_owned(),
            (12, 0) => "noon".to_owned(),
            _ if afternoon => format!("{clock} PM"),
            _ => format!("{clock} AM"),
        },
        Language::Spanish => {
            let part = match (time.hour(), time.minute()) {
                (0, 0) => "de la medianoche",
                (12, 0) => "del mediodía",
                (1..=5, _) => "de la madrugada",
                (6..=11, _) => "de la mañana",
                (12..=18, _) => "de la tarde",
                _ => "de la noche",
            };
            format!("{clock} {part}")
        }
    }
}

/// An hour with the word that leads it in a sentence: "at 9 AM", "a la 1 de la tarde", "a las 2 de la tarde".
#[must_use]
pub fn at_time(at: NaiveTime, language: Language) -> String {
    let written = time(at, language);
    let (_, hour) = at.hour12();
    match language {
        Language::English => format!("at {written}"),
        Language::Spanish if hour == 1 => format!("a la {written}"),
        Language::Spanish => format!("a las {written}"),
    }
}

/// A day with its hour: "Tuesday, December 1st at 9:30 AM".
#[must_use]
pub fn moment(day: NaiveDate, hour: NaiveTime, language: Language) -> String {
    format!("{} {}", date(day, language), at_time(hour, language))
}

/// The ending of an English ordinal.
fn ordinal(day: u32) -> &'static str {
    match (day / 10, day % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::{at_time, date, time};
    use crate::domain::language::Language::{English, Spanish};
    use chrono::{NaiveDate, NaiveTime};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn clock(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    #[test]
    fn dates_are_written_with_figures() {
        assert_eq!(date(day(12, 1), English), "Tuesday, December 1st");
        assert_eq!(date(day(12, 2), English), "Wednesday, December 2nd");
        assert_eq!(date(day(12, 3), English), "Thursday, December 3rd");
        assert_eq!(date(day(12, 11), English), "Friday, December 11th");
        assert_eq!(date(day(11, 13), English), "Friday, November 13th");
        assert_eq!(date(day(11, 21), English), "Saturday, November 21st");
        assert_eq!(date(day(12, 1), Spanish), "martes 1 de diciembre");
    }

    #[test]
    fn hours_are_written_with_figures_and_their_half_of_the_day() {
        let table = [
            (0, 0, "midnight", "12 de la medianoche"),
            (0, 30, "12:30 AM", "12:30 de la noche"),
            (5, 0, "5 AM", "5 de la madrugada"),
            (9, 0, "9 AM", "9 de la mañana"),
            (9, 5, "9:05 AM", "9:05 de la mañana"),
            (12, 0, "noon", "12 del mediodía"),
            (12, 30, "12:30 PM", "12:30 de la tarde"),
            (14, 30, "2:30 PM", "2:30 de la tarde"),
            (20, 0, "8 PM", "8 de la noche"),
        ];
        for (hour, minute, english, spanish) in table {
            assert_eq!(time(clock(hour, minute), English), english);
            assert_eq!(time(clock(hour, minute), Spanish), spanish);
        }
        assert_eq!(at_time(clock(13, 0), Spanish), "a la 1 de la tarde");
        assert_eq!(at_time(clock(9, 0), English), "at 9 AM");
    }
}
