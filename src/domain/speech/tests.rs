//! What is heard.

use super::{Speech, at_time, date, date_with_year, list, quoted, time};
use crate::domain::language::Language::{English, Spanish};
use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

#[test]
fn speech_is_one_line_with_single_spaces() {
    let speech = Speech::new("  We have\r\n9 AM\tor\u{2028}10 AM.\u{0} \u{85} \u{202e}ok ");
    assert_eq!(speech.as_str(), "We have 9 AM or 10 AM. ok");
    assert_eq!(speech.to_string(), speech.as_str());
    assert_eq!(
        serde_json::to_string(&speech).unwrap(),
        "\"We have 9 AM or 10 AM. ok\""
    );
}

#[test]
fn speech_that_is_too_long_ends_with_a_whole_word() {
    let speech = Speech::new("mañana ".repeat(200));
    assert!(speech.as_str().ends_with("mañana"));
    assert_eq!(speech.as_str().chars().count(), 496);
    assert_eq!(Speech::new("é".repeat(900)).as_str().chars().count(), 500);
    assert_eq!(
        Speech::new(format!("{} b", "a".repeat(500))).as_str().len(),
        500
    );
}

#[test]
fn quoted_text_cannot_break_out_of_its_sentence() {
    assert_eq!(quoted("Ana\nLópez", 40), "Ana López");
    assert_eq!(
        quoted("<break time=\"9s\"/>Ana", 40),
        "break time=\"9s\"/ Ana"
    );
    assert_eq!(quoted("Ana María López", 10), "Ana María");
    assert_eq!(quoted("   ", 10), "");
}

#[test]
fn dates_are_spoken_as_people_say_them() {
    assert_eq!(date(day(12, 1), English), "Tuesday, December 1st");
    assert_eq!(date(day(12, 2), English), "Wednesday, December 2nd");
    assert_eq!(date(day(12, 3), English), "Thursday, December 3rd");
    assert_eq!(date(day(12, 4), English), "Friday, December 4th");
    assert_eq!(date(day(12, 11), English), "Friday, December 11th");
    assert_eq!(date(day(12, 12), English), "Saturday, December 12th");
    assert_eq!(date(day(11, 13), English), "Friday, November 13th");
    assert_eq!(date(day(11, 21), English), "Saturday, November 21st");
    assert_eq!(date(day(12, 1), Spanish), "martes 1 de diciembre");
    assert_eq!(date(day(12, 2), Spanish), "miércoles 2 de diciembre");
    assert_eq!(
        date_with_year(day(12, 1), English),
        "Tuesday, December 1st, 2026"
    );
    assert_eq!(
        date_with_year(day(12, 1), Spanish),
        "martes 1 de diciembre de 2026"
    );
}

#[test]
fn every_weekday_and_month_has_its_own_name() {
    for language in [English, Spanish] {
        let month_of = |month| {
            date(day(month, 1), language)
                .rsplit(' ')
                .next()
                .unwrap()
                .to_owned()
        };
        let months: std::collections::HashSet<String> = (1..=12)
            .map(|month| match language {
                English => date(day(month, 1), language)
                    .split(' ')
                    .nth(1)
                    .unwrap()
                    .to_owned(),
                Spanish => month_of(month),
            })
            .collect();
        let weekdays: std::collections::HashSet<String> = (1..=7)
            .map(|number| {
                date(day(6, number), language)
                    .split([' ', ','])
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!((months.len(), weekdays.len()), (12, 7));
    }
}

#[test]
fn hours_are_spoken_as_people_say_them() {
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
        (23, 59, "11:59 PM", "11:59 de la noche"),
    ];
    for (hour, minute, english, spanish) in table {
        assert_eq!(time(clock(hour, minute), English), english);
        assert_eq!(time(clock(hour, minute), Spanish), spanish);
    }
}

#[test]
fn the_spanish_article_agrees_with_the_hour() {
    assert_eq!(at_time(clock(13, 0), Spanish), "a la 1 de la tarde");
    assert_eq!(at_time(clock(1, 15), Spanish), "a la 1:15 de la madrugada");
    assert_eq!(at_time(clock(14, 0), Spanish), "a las 2 de la tarde");
    assert_eq!(at_time(clock(11, 0), Spanish), "a las 11 de la mañana");
    assert_eq!(at_time(clock(9, 0), English), "at 9 AM");
    assert_eq!(at_time(clock(12, 0), English), "at noon");
}

#[test]
fn lists_end_with_or() {
    assert_eq!(list::<&str>(&[], English), "");
    assert_eq!(list(&["9 AM"], English), "9 AM");
    assert_eq!(list(&["9 AM", "10 AM"], English), "9 AM or 10 AM");
    assert_eq!(list(&["a", "b", "c"], English), "a, b or c");
    assert_eq!(list(&["a", "b", "c"], Spanish), "a, b o c");
}

#[test]
fn spanish_says_u_before_the_sound_of_an_o() {
    assert_eq!(
        list(&["7 de la noche", "8 de la noche"], Spanish),
        "7 de la noche u 8 de la noche"
    );
    assert_eq!(list(&["10", "11"], Spanish), "10 u 11");
    assert_eq!(list(&["mañana", "hoy"], Spanish), "mañana u hoy");
    assert_eq!(list(&["uno", "otro"], Spanish), "uno u otro");
    assert_eq!(list(&["9", "10"], Spanish), "9 o 10");
    assert_eq!(list(&["10", "1"], Spanish), "10 o 1");
}

proptest! {
    #[test]
    fn any_text_becomes_a_short_line(text in "(\\PC|\\pC| ){0,700}", most in 0usize..80) {
        let speech = Speech::new(text.as_str());
        prop_assert!(speech.as_str().chars().count() <= 500);
        prop_assert!(!speech.as_str().chars().any(char::is_control));
        prop_assert!(!speech.as_str().contains("  "));
        prop_assert!(quoted(&text, most).chars().count() <= most);
    }
}
