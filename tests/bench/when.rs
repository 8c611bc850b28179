//! How long it takes to understand what a caller says: every phrase of the tables in turn. `cargo bench --bench when`.

use chrono::DateTime;
use chrono_tz::{America::Denver, Tz};
use divan::{Bencher, black_box, counter::ItemsCount};
use frontdesk::domain::when::understand;

fn main() {
    divan::main();
}

fn now() -> DateTime<Tz> {
    // Tuesday, November 24th, 2026, 10:00 in Denver, as in the tables.
    DateTime::from_timestamp(1_795_539_600, 0)
        .unwrap_or_default()
        .with_timezone(&Denver)
}

fn phrases(table: &'static str) -> Vec<&'static str> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| Some(line.split_once(" | ")?.0))
        .collect()
}

#[divan::bench(args = ["english", "spanish"])]
fn every_phrase_of_a_table(bencher: Bencher<'_, '_>, language: &str) {
    let phrases = phrases(match language {
        "english" => include_str!("../../fixtures/when/english.txt"),
        _ => include_str!("../../fixtures/when/spanish.txt"),
    });
    let now = now();
    bencher.counter(ItemsCount::new(phrases.len())).bench(|| {
        for phrase in &phrases {
            let _ = black_box(understand(Some(black_box(phrase)), None, now));
        }
    });
}

#[divan::bench(args = [
    "2026-12-01T09:00",
    "tomorrow",
    "Tuesday the first of December at half past two in the afternoon",
    "el martes que viene a las tres menos cuarto",
    "what is not understood at all, and goes on for quite a while before it comes to an end",
])]
fn one_phrase(phrase: &str) -> bool {
    understand(Some(black_box(phrase)), None, black_box(now())).is_ok()
}
