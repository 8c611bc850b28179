//! The sheets of what callers say, in both languages: each phrase and the danger that it is.

use super::{Danger, find};

const SHEETS: [&str; 2] = [
    include_str!("../../../fixtures/danger/english.txt"),
    include_str!("../../../fixtures/danger/spanish.txt"),
];

/// The phrases of a sheet and what they mean.
fn phrases(sheet: &str) -> Vec<(&str, Option<Danger>)> {
    sheet
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (phrase, meaning) = line.split_once(" | ").expect("phrase | meaning");
            (phrase, read(meaning))
        })
        .collect()
}

fn read(meaning: &str) -> Option<Danger> {
    match meaning {
        "gas" => Some(Danger::Gas),
        "fire" => Some(Danger::Fire),
        "carbon monoxide" => Some(Danger::CarbonMonoxide),
        "electric shock" => Some(Danger::ElectricShock),
        "injury" => Some(Danger::Injury),
        "none" => None,
        other => panic!("no meaning: {other}"),
    }
}

#[test]
fn every_phrase_of_the_sheets_is_the_danger_that_it_means() {
    let wrong: Vec<String> = SHEETS
        .into_iter()
        .flat_map(phrases)
        .filter(|(phrase, meaning)| find(phrase) != *meaning)
        .map(|(phrase, meaning)| format!("{phrase} | {meaning:?}, not {:?}", find(phrase)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_sheets_are_long_and_say_nothing_twice() {
    let mut all: Vec<&str> = SHEETS
        .into_iter()
        .flat_map(phrases)
        .map(|(phrase, _)| phrase)
        .collect();
    assert!(all.len() >= 400, "{}", all.len());
    all.sort_unstable();
    let count = all.len();
    all.dedup();
    assert_eq!(all.len(), count);
}

/// Accents, capitals and a greeting make no difference.
#[test]
fn a_phrase_means_the_same_however_it_is_written() {
    for (phrase, meaning) in SHEETS.into_iter().flat_map(phrases) {
        let plain = crate::domain::fold::fold(phrase);
        for written in [
            plain.clone(),
            phrase.to_uppercase(),
            format!("Hi. {phrase}. Please hurry."),
            format!("Buenas. {phrase}."),
        ] {
            assert_eq!(find(&written), meaning, "{written}");
        }
    }
}
