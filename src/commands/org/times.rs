//! Weekdays and times of day, as people write them on a command line: mon-fri, 8:00-18:00, 8am-6pm.

use anyhow::{Context, ensure};

/// The weekdays, as settings and contacts have them.
pub(super) const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The most minutes of a day.
const MIDNIGHT: u32 = 24 * 60;

/// A time of day, with what decides whether another one can be meant.
struct Time {
    minutes: u32,
    /// It could be of the morning or of the afternoon: 6, but neither 06:00, 18 nor 6am.
    is_ambiguous: bool,
}

/// The full names of the weekdays in mon, mon,wed, mon-fri, sat-mon or every.
pub(super) fn days(text: &str) -> anyhow::Result<Vec<&'static str>> {
    let text = text.trim().to_lowercase();
    if matches!(text.as_str(), "every" | "everyday" | "daily") {
        return Ok(DAYS.to_vec());
    }
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (nth(first)?, nth(last)?),
            None => (nth(part)?, nth(part)?),
        };
        let length = (last + DAYS.len() - first) % DAYS.len() + 1;
        days.extend(DAYS.iter().cycle().skip(first).take(length).copied());
    }
    let mut seen = Vec::new();
    for day in days {
        ensure!(!seen.contains(&day), "{day} is given twice");
        seen.push(day);
    }
    Ok(seen)
}

/// Which weekday a name or the first letters of it mean; Monday is 0.
fn nth(text: &str) -> anyhow::Result<usize> {
    let text = text.trim();
    DAYS.iter()
        .position(|name| text.chars().count() >= 3 && is_day(text, name))
        .with_context(|| {
            format!(
                "{text} is not a weekday; write it as in mon or monday, or several as in mon-fri"
            )
        })
}

fn is_day(text: &str, name: &str) -> bool {
    name.starts_with(text) || matches!((text, name), ("tues", "tuesday") | ("weds", "wednesday"))
}

/// The start and the end of a window, as HH:MM: 08:00-18:00, 8-18, 8am-6pm, 20:00-03:00.
pub(super) fn window(text: &str) -> anyhow::Result<(String, String)> {
    let whole = text.trim();
    let parts = whole.split_once(['-', '–']);
    let read = parts.and_then(|(open, close)| Some((time(open)?, time(close)?)));
    let (open, close) = read.with_context(|| {
        format!("{whole} is not a time window; write it as in 08:00-18:00 or 8am-6pm")
    })?;
    ensure!(
        open.minutes < MIDNIGHT,
        "{whole} begins at the end of the day; write midnight at the start as 00:00"
    );
    let is_doubtful =
        close.is_ambiguous && close.minutes <= open.minutes && open.minutes <= 13 * 60;
    ensure!(
        !is_doubtful,
        "{whole} could end in the afternoon or on the next morning; write {}-{} or {}-{}",
        written(open.minutes),
        written(close.minutes + MIDNIGHT / 2),
        written(open.minutes),
        written(close.minutes)
    );
    // Midnight as an end is the end of the day.
    let end = if close.minutes == 0 {
        MIDNIGHT
    } else {
        close.minutes
    };
    Ok((written(open.minutes), written(end)))
}

fn written(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// 8, 08:00, 8:30, 18, 24:00, 8am, 8:30 p.m., noon, midnight.
fn time(text: &str) -> Option<Time> {
    let text = text.trim().to_lowercase().replace('.', "");
    let fixed = |minutes| {
        Some(Time {
            minutes,
            is_ambiguous: false,
        })
    };
    match text.as_str() {
        "noon" => return fixed(MIDNIGHT / 2),
        "midnight" => return fixed(0),
        _ => {}
    }
    let (clock, half) = if let Some(clock) = text.strip_suffix("am") {
        (clock.trim_end(), Some(0))
    } else if let Some(clock) = text.strip_suffix("pm") {
        (clock.trim_end(), Some(MIDNIGHT / 2))
    } else {
        (text.as_str(), None)
    };
    let (hours, minutes) = clock.split_once(':').unwrap_or((clock, "00"));
    if minutes.len() != 2 || hours.is_empty() || hours.len() > 2 {
        return None;
    }
    let number = |digits: &str| {
        digits
            .chars()
            .all(|c| c.is_ascii_digit())
            .then(|| digits.parse::<u32>().ok())
            .flatten()
    };
    let (hour, minute) = (number(hours)?, number(minutes)?);
    if minute > 59 {
        return None;
    }
    match half {
        Some(half) if (1..=12).contains(&hour) => fixed(hour % 12 * 60 + minute + half),
        None if hour < 24 || (hour == 24 && minute == 0) => Some(Time {
            minutes: hour * 60 + minute,
            is_ambiguous: hours.len() == 1 && (1..=9).contains(&hour),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_read_however_it_is_written() {
        for (text, open, close) in [
            ("08:00-18:00", "08:00", "18:00"),
            ("8:00-18:00", "08:00", "18:00"),
            ("8-18", "08:00", "18:00"),
            ("8 - 18:30", "08:00", "18:30"),
            ("8am-6pm", "08:00", "18:00"),
            ("8:30 AM-6 p.m.", "08:30", "18:00"),
            ("12am-12pm", "00:00", "12:00"),
            ("noon-midnight", "12:00", "24:00"),
            ("13:00-24:00", "13:00", "24:00"),
            ("20:00-03:00", "20:00", "03:00"),
            ("20:00-3:00", "20:00", "03:00"),
            ("6pm-8am", "18:00", "08:00"),
            ("07:00-07:00", "07:00", "07:00"),
            ("09:00-06:00", "09:00", "06:00"),
        ] {
            let read = window(text).unwrap();
            assert_eq!(read, (open.to_owned(), close.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_window_or_could_be_two_is_refused() {
        for text in [
            "",
            "8",
            "8-",
            "-18",
            "8-25",
            "8:0-18",
            "8:60-18",
            "0am-6pm",
            "13pm-14",
            "24-25",
            "24:00-08:00",
            "eight-six",
            "008-18",
            "+8-18",
            "8-18-20",
        ] {
            assert!(window(text).is_err(), "{text}");
        }
        for text in ["8-6", "9am-5", "8:00-5:30", "9-9"] {
            let refusal = window(text).unwrap_err().to_string();
            assert!(refusal.contains("could end in the afternoon"), "{refusal}");
        }
    }

    #[test]
    fn days_are_read_by_name_by_list_and_by_range() {
        for (text, read) in [
            ("mon", "monday"),
            ("Thursday", "thursday"),
            ("tues", "tuesday"),
            ("mon,wed", "monday wednesday"),
            ("mon-wed", "monday tuesday wednesday"),
            ("sat-mon", "saturday sunday monday"),
            ("mon-tue,sat", "monday tuesday saturday"),
        ] {
            assert_eq!(days(text).unwrap().join(" "), read, "{text}");
        }
        assert_eq!(days("every").unwrap().len(), 7);
        for text in [
            "",
            "mo",
            "funday",
            "mon-",
            "mon,mon",
            "mon-fri,wed",
            "monday-ish",
        ] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
