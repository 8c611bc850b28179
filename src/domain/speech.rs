//! Text that is read aloud: one line without surprises, and dates, hours and lists as people say them.
//!
//! Numbers stay digits: text-to-speech reads "December 1st" and "9:30 AM" well, and transcripts stay short.

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use serde::{Serialize, Serializer};

use super::language::Language;

#[cfg(test)]
mod tests;

/// The most characters of one answer: half a minute of speech, beyond which nobody listens.
const MOST_CHARACTERS: usize = 500;

/// One line of text to be read aloud.
///
/// Vapi asks for tool results on a single line (<https://docs.vapi.ai/tools/custom-tools-troubleshooting>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Speech(String);

impl Speech {
    /// Makes text speakable: control characters and line breaks become spaces, runs of spaces one, and what is beyond
    /// 500 characters is dropped at the end of a word.
    #[must_use]
    pub fn new<T: Into<String>>(text: T) -> Self {
        let line = one_line(&text.into());
        Self(capped(&line, MOST_CHARACTERS))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Speech {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Speech {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Free text of a caller or a customer's record, made fit to be spoken within a sentence: one line of at most `most`
/// characters, without the brackets by which text-to-speech marks its commands.
#[must_use]
pub fn quoted(text: &str, most: usize) -> String {
    let unmarked: String = text
        .chars()
        .map(|letter| {
            if matches!(letter, '<' | '>') {
                ' '
            } else {
                letter
            }
        })
        .collect();
    capped(&one_line(&unmarked), most)
}

/// A day as it is spoken: "Tuesday, December 1st", "martes 1 de diciembre".
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

/// A day with its year, for when the year is the question: "Tuesday, December 1st, 2026".
#[must_use]
pub fn date_with_year(day: NaiveDate, language: Language) -> String {
    let spoken = date(day, language);
    let year = day.year();
    match language {
        Language::English => format!("{spoken}, {year}"),
        Language::Spanish => format!("{spoken} de {year}"),
    }
}

/// An hour as it is spoken: "9:30 AM", "noon", "2:30 de la tarde", "12 del mediodía". Seconds are not spoken.
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
    let spoken = time(at, language);
    let (_, hour) = at.hour12();
    match language {
        Language::English => format!("at {spoken}"),
        Language::Spanish if hour == 1 => format!("a la {spoken}"),
        Language::Spanish => format!("a las {spoken}"),
    }
}

/// Alternatives in one breath: "a, b or c", "a, b o c".
///
/// Spanish says "u" before the sound of an o: "7 u 8", "lunes u hoy", "10 u 11".
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T], language: Language) -> String {
    let Some((last, before)) = items.split_last() else {
        return String::new();
    };
    let last = last.as_ref();
    if before.is_empty() {
        return last.to_owned();
    }
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    let or = match language {
        Language::English => "or",
        Language::Spanish if sounds_like_o(last) => "u",
        Language::Spanish => "o",
    };
    format!("{} {or} {last}", before.join(", "))
}

/// Whether Spanish text begins with the sound of an o: ocho, once, ochenta, hoy.
fn sounds_like_o(text: &str) -> bool {
    let number: String = text.chars().take_while(char::is_ascii_digit).collect();
    let lower = text.to_lowercase();
    number == "11"
        || number.starts_with('8')
        || ["o", "ó", "ho", "hó"]
            .iter()
            .any(|sound| lower.starts_with(sound))
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

fn weekday(date: NaiveDate, language: Language) -> &'static str {
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

fn month(date: NaiveDate, language: Language) -> &'static str {
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

/// Text on one line, its spaces single.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|letter| if unspeakable(letter) { ' ' } else { letter })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and the invisible ones that break lines, join words or turn the direction of text.
fn unspeakable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// The first `most` characters, less the word that they would cut, unless that is the only one.
fn capped(line: &str, most: usize) -> String {
    let Some((cut, next)) = line.char_indices().nth(most) else {
        return line.to_owned();
    };
    let kept = line.get(..cut).unwrap_or_default();
    let whole = if next == ' ' {
        kept
    } else {
        kept.rsplit_once(' ').map_or(kept, |(words, _)| words)
    };
    whole.trim_end().to_owned()
}
