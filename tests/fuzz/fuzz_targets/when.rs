//! Whatever is said of a day and a time is answered: no panic, no span that ends before it begins, and no day in the past
//! unless a word says so.
#![no_main]

use chrono::{DateTime, TimeDelta};
use chrono_tz::{America::Denver, Asia::Kathmandu, Pacific::Apia};
use frontdesk::domain::when::{moment, understand};
use libfuzzer_sys::fuzz_target;

/// What says that a day is over, or names a year, of which a part may be over.
const PAST: &[&str] = &[
    "last",
    "past",
    "pasado",
    "yesterday",
    "ayer",
    "antier",
    "daybefore",
    "antes",
    "twenty",
    "thousand",
    "mil",
];

fuzz_target!(|input: (u32, bool, &str)| {
    let (seconds, is_day, text) = input;
    // A moment between 2001 and 2137, in a zone with changes of clocks, one with odd minutes, or one that crossed the date line.
    let Some(now) = DateTime::from_timestamp(1_000_000_000, 0)
        .and_then(|start| start.checked_add_signed(TimeDelta::seconds(i64::from(seconds))))
    else {
        return;
    };
    let zone = [Denver, Kathmandu, Apia][seconds as usize % 3];
    let now = now.with_timezone(&zone);
    let _ = moment(text);
    let (day, time) = if is_day {
        (Some(text), None)
    } else {
        (text.split_once('|').map(|(day, _)| day), Some(text))
    };
    let Ok(reading) = understand(day, time, now) else {
        return;
    };
    let Some(days) = reading.days else {
        return;
    };
    if let Some(last) = days.last() {
        assert!(days.first() <= last, "{text:?} at {now}: {days:?}");
    }
    // Accents and apostrophes are not heard, so only plain text can be looked at for a word.
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let says_so = !text.is_ascii()
        || text.contains(|letter: char| letter.is_ascii_digit())
        || PAST
            .iter()
            .any(|word| letters.to_lowercase().contains(word));
    assert!(
        says_so || days.first() >= now.date_naive(),
        "{text:?} at {now}: {days:?}"
    );
});
