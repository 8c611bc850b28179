//! What is heard.

use super::{Speech, Voice, at_time, date, date_with_year, day_and_month, list, quoted, time};
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
fn a_sentence_ends_once() {
    for (text, said) in [
        ("Goodbye, Sam Lee Jr..", "Goodbye, Sam Lee Jr."),
        ("At 12 Elm St.. Call back.", "At 12 Elm St. Call back."),
        (
            "From Acme Inc.. Nothing to do.",
            "From Acme Inc. Nothing to do.",
        ),
        ("Help!. Address: 12 Elm.", "Help! Address: 12 Elm."),
        ("Is it gas?. Call.", "Is it gas? Call."),
        ("Wait... what", "Wait... what"),
        ("de Pérez S.A..", "de Pérez S.A."),
        ("At 3.5 miles", "At 3.5 miles"),
    ] {
        assert_eq!(Speech::new(text).as_str(), said);
    }
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
    let speech = Speech::new("mañanas ".repeat(200));
    assert!(speech.as_str().ends_with("mañanas"));
    assert_eq!(speech.as_str().chars().count(), 295);
    assert_eq!(Speech::new("é".repeat(900)).as_str().chars().count(), 300);
    assert_eq!(
        Speech::new(format!("{} b", "a".repeat(300))).as_str().len(),
        300
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
    // A name is not cut behind a word that leads to the next.
    for (name, most, said) in [
        (
            "María Guadalupe Fernández de la Cruz y Mendoza",
            31,
            "María Guadalupe Fernández",
        ),
        ("Ana Ruiz y Mendoza", 10, "Ana Ruiz"),
        ("Friends of the Elm Street Library", 14, "Friends"),
        ("de la Cruz", 5, "de"),
        ("Ana de la", 40, "Ana de la"),
    ] {
        assert_eq!(quoted(name, most), said);
    }
}

#[test]
fn dates_are_spoken_as_people_say_them() {
    assert_eq!(date(day(12, 1), English), "Tuesday, December first");
    assert_eq!(
        date(day(11, 21), English),
        "Saturday, November twenty-first"
    );
    assert_eq!(date(day(12, 1), Spanish), "martes primero de diciembre");
    assert_eq!(date(day(12, 2), Spanish), "miércoles dos de diciembre");
    assert_eq!(
        date_with_year(day(12, 1), English),
        "Tuesday, December first, twenty twenty-six"
    );
    assert_eq!(
        date_with_year(day(12, 1), Spanish),
        "martes primero de diciembre de dos mil veintiséis"
    );
    assert_eq!(day_and_month(day(12, 5), English), "December fifth");
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
        (0, 0, "midnight", "doce de la noche"),
        (0, 30, "twelve thirty at night", "doce y media de la noche"),
        (5, 0, "five in the morning", "cinco de la madrugada"),
        (
            6,
            40,
            "six forty in the morning",
            "seis y cuarenta de la mañana",
        ),
        (7, 0, "seven", "siete"),
        (9, 0, "nine", "nueve"),
        (9, 5, "nine oh five", "nueve y cinco"),
        (9, 30, "nine thirty", "nueve y media"),
        (11, 45, "eleven forty-five", "once y cuarenta y cinco"),
        (12, 0, "noon", "doce del mediodía"),
        (12, 30, "twelve thirty", "doce y media"),
        (13, 15, "one fifteen", "una y cuarto"),
        (14, 30, "two thirty", "dos y media"),
        (17, 59, "five fifty-nine", "cinco y cincuenta y nueve"),
        (18, 0, "six in the evening", "seis de la tarde"),
        (20, 0, "eight in the evening", "ocho de la noche"),
        (
            23,
            59,
            "eleven fifty-nine at night",
            "once y cincuenta y nueve de la noche",
        ),
    ];
    for (hour, minute, english, spanish) in table {
        assert_eq!(time(clock(hour, minute), English), english);
        assert_eq!(time(clock(hour, minute), Spanish), spanish);
    }
}

#[test]
fn the_spanish_article_agrees_with_the_hour() {
    assert_eq!(at_time(clock(13, 0), Spanish), "a la una");
    assert_eq!(
        at_time(clock(1, 15), Spanish),
        "a la una y cuarto de la madrugada"
    );
    assert_eq!(at_time(clock(14, 0), Spanish), "a las dos");
    assert_eq!(at_time(clock(9, 0), English), "at nine");
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
        prop_assert!(speech.as_str().chars().count() <= 300);
        prop_assert!(!speech.as_str().chars().any(char::is_control));
        prop_assert!(!speech.as_str().contains("  "));
        prop_assert!(quoted(&text, most).chars().count() <= most);
    }

    #[test]
    fn text_that_needs_no_change_is_what_any_other_would_become(text in "[ab .!?é…]{0,12}|(a[a-z.] ?){140,160}") {
        // The space has it looked at letter by letter.
        prop_assert_eq!(Speech::new(text.as_str()), Speech::new(format!(" {text}")));
    }
}

#[test]
fn the_year_is_said_where_another_would_be_assumed() {
    let said = |language, written: &str| {
        let voice = Voice {
            language,
            today: day(11, 23),
        };
        super::day(written.parse().unwrap(), voice)
    };
    for (written, english) in [
        ("2026-11-24", "tomorrow"),
        ("2026-11-22", "Sunday, November twenty-second"),
        ("2026-12-01", "Tuesday, December first"),
        ("2027-11-22", "Monday, November twenty-second"),
        (
            "2027-11-23",
            "Tuesday, November twenty-third, twenty twenty-seven",
        ),
        (
            "2027-12-01",
            "Wednesday, December first, twenty twenty-seven",
        ),
        (
            "2028-01-05",
            "Wednesday, January fifth, twenty twenty-eight",
        ),
        ("2025-12-01", "Monday, December first, twenty twenty-five"),
    ] {
        assert_eq!(said(English, written), english);
    }
    assert_eq!(
        said(Spanish, "2027-12-01"),
        "el miércoles primero de diciembre de dos mil veintisiete"
    );
}
