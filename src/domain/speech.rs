//! Text that is read aloud: one line without surprises, and dates, hours, numbers and lists as people say them.

mod calendar;
mod digits;
mod numbers;
mod zones;

use std::fmt;

use serde::{Serialize, Serializer};

pub use calendar::{
    Voice, at_time, capitalized, date, date_with_year, dated, day, day_and_month, full_moment,
    moment, month, of, on_day, on_moment, time, weekday,
};
pub use digits::digits;
pub use numbers::{day_of_month, dollars, length, number};
pub use zones::zone_sentence;

use super::{fold, language::Language, words::Words};

#[cfg(test)]
mod tests;

/// The most characters of one answer: twenty seconds of speech, beyond which nobody listens.
const MAX_CHARACTERS: usize = 300;

/// Words that lead to the next.
static LEADING: Words = Words::new(&[
    "a and at by for from in of on or the to with al con de del e el en la las los o para por y da do dos von van der den",
]);

/// One line of text to be read aloud.
///
/// Vapi asks for tool results on a single line (<https://docs.vapi.ai/tools/custom-tools-troubleshooting>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Speech(String);

impl Speech {
    /// Makes text speakable: control characters and line breaks become spaces, runs of spaces one, and what is beyond
    /// 300 characters is dropped at the end of a word.
    #[must_use]
    pub fn new<T: Into<String>>(text: T) -> Self {
        let text = text.into();
        if text.len() <= MAX_CHARACTERS && is_plain_line(&text) && !ends_twice(&text) {
            return Self(text);
        }
        Self(capped(&single_stops(&one_line(&text)), MAX_CHARACTERS))
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

/// Text in which no sentence ends twice: "Jr.." has one stop, and "Help!." none behind the mark. Three dots and more stay.
#[must_use]
pub fn single_stops(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '.' {
            kept.push(letter);
            continue;
        }
        let mut dots = 1;
        while letters.next_if_eq(&'.').is_some() {
            dots += 1;
        }
        match dots {
            1 | 2 if kept.ends_with(['!', '?', '…']) => {}
            1 | 2 => kept.push('.'),
            _ => kept.extend(std::iter::repeat_n('.', dots)),
        }
    }
    kept
}

/// Whether a text has a stop behind the end of a sentence.
fn ends_twice(text: &str) -> bool {
    let mut ends = text
        .match_indices('.')
        .filter_map(|(end, _)| text.get(..end));
    ends.any(|sentence| sentence.ends_with(['.', '!', '?', '…']))
}

/// Alternatives in one breath: "a, b or c", "a, b o c".
///
/// Spanish says "u" before the sound of an o: "7 u 8", "lunes u hoy", "10 u 11".
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T], language: Language) -> String {
    joined(items, |last| match language {
        Language::English => "or",
        Language::Spanish if sounds_like_o(last) => "u",
        Language::Spanish => "o",
    })
}

/// Several things in one breath: "a, b and c", "a, b y c".
///
/// Spanish says "e" before the sound of an i: "agua e internet".
#[must_use]
pub fn enumeration<T: AsRef<str>>(items: &[T], language: Language) -> String {
    joined(items, |last| match language {
        Language::English => "and",
        Language::Spanish if sounds_like_i(last) => "e",
        Language::Spanish => "y",
    })
}

/// Items with commas between them, and a word before the last.
fn joined<T: AsRef<str>>(items: &[T], word: impl Fn(&str) -> &'static str) -> String {
    let Some((last, before)) = items.split_last() else {
        return String::new();
    };
    let last = last.as_ref();
    if before.is_empty() {
        return last.to_owned();
    }
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    [&before.join(", "), word(last), last].join(" ")
}

/// Whether Spanish text begins with the sound of an i.
fn sounds_like_i(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["i", "í", "hi"]
        .iter()
        .any(|sound| lower.starts_with(sound))
        && !lower.starts_with("hie")
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

/// Whether a text is one line of printable ASCII, its spaces single, as nearly every text is: nothing of it need be replaced.
#[must_use]
pub fn is_plain_line(text: &str) -> bool {
    let is_printable = |so_far, letter| so_far & (b' '..=b'~').contains(&letter);
    // To the end whatever comes: many letters are looked at together.
    text.bytes().fold(true, is_printable) && text.trim() == text && !text.contains("  ")
}

/// Text on one line, its spaces single.
fn one_line(text: &str) -> String {
    if is_plain_line(text) {
        return text.to_owned();
    }
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
    without_leading_words(whole.trim_end()).to_owned()
}

/// A text that was cut off, without the words at its end that lead to what is missing: "Ana Ruiz" of "Ana Ruiz de la".
fn without_leading_words(mut text: &str) -> &str {
    while let Some((before, last)) = text.rsplit_once(' ')
        && LEADING.has(&fold::fold(last))
    {
        text = before.trim_end();
    }
    text
}
