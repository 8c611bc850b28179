//! What is understood of dates and times, and what is not.

use chrono::{Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::{America::Denver, Asia::Kolkata};
use proptest::prelude::*;

use super::{
    DateProblem, DayPart, Moment,
    TimeOfDay::{Any, At, Part},
    TimeProblem, date, in_zone, moment, time,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clock(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn reading(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// A Tuesday.
fn today() -> NaiveDate {
    day("2026-11-24")
}

#[test]
fn written_dates_are_read_as_local_days() {
    let table = [
        ("2026-12-01", "2026-12-01"),
        (" 2026-12-01 ", "2026-12-01"),
        ("2026-12-1", "2026-12-01"),
        ("2026/12/01", "2026-12-01"),
        ("20261201", "2026-12-01"),
        ("2026-12-01T09:00", "2026-12-01"),
        ("2026-12-01t09:00", "2026-12-01"),
        ("2026-12-01 09:00", "2026-12-01"),
        ("2026-12-01T09:00:00", "2026-12-01"),
        ("2026-12-01T09:00:00.000", "2026-12-01"),
        ("2026-12-01T23:30:00Z", "2026-12-01"),
        ("2026-12-01T09:00:00.123456Z", "2026-12-01"),
        ("2026-12-01T23:00:00-07:00", "2026-12-01"),
        ("2026-12-01T09:00+0530", "2026-12-01"),
        ("2026-12-01T25:00", "2026-12-01"),
        ("2028-02-29", "2028-02-29"),
        ("2027-01-05", "2027-01-05"),
    ];
    for (text, expected) in table {
        assert_eq!(date(text, today()), Ok(day(expected)), "{text:?}");
    }
}

#[test]
fn a_past_day_of_this_year_is_left_to_the_calendar() {
    assert_eq!(date("2026-01-05", today()), Ok(day("2026-01-05")));
}

#[test]
fn a_year_that_is_over_is_asked_about_with_the_next_such_day() {
    let table = [
        ("2024-08-16", "2027-08-16"),
        ("2023-12-25", "2026-12-25"),
        ("2025-11-24", "2026-11-24"),
        ("2025-11-23", "2027-11-23"),
        ("2024-02-29", "2028-02-29"),
        ("0000-01-01", "2027-01-01"),
        ("2024-08-16T09:00:00Z", "2027-08-16"),
    ];
    for (text, expected) in table {
        let said = day(text.split('T').next().unwrap());
        let problem = DateProblem::PastYear {
            said,
            suggestion: day(expected),
        };
        assert_eq!(date(text, today()), Err(problem), "{text:?}");
    }
    assert_eq!(
        date("2024-02-29", day("2097-03-01")),
        Err(DateProblem::PastYear {
            said: day("2024-02-29"),
            suggestion: day("2104-02-29")
        })
    );
}

#[test]
fn what_is_no_day_says_why() {
    let long = "tuesday ".repeat(500);
    let table = [
        ("", DateProblem::Missing),
        ("  \n ", DateProblem::Missing),
        ("2026-02-30", DateProblem::Impossible),
        ("2027-02-29", DateProblem::Impossible),
        ("2026-13-01", DateProblem::Impossible),
        ("2026-11-31T09:00", DateProblem::Impossible),
        ("20261301", DateProblem::Impossible),
        ("someday", DateProblem::NotUnderstood),
        ("la mañana", DateProblem::NotUnderstood),
        ("por la tarde", DateProblem::NotUnderstood),
        ("Friday the 14th", DateProblem::NotUnderstood),
        ("not tuesday", DateProblem::NotUnderstood),
        ("2026-12", DateProblem::NotUnderstood),
        ("2026-12-01-02", DateProblem::NotUnderstood),
        ("2026-12-01Tnine", DateProblem::NotUnderstood),
        ("1764579600", DateProblem::NotUnderstood),
        ("+2026-12-01", DateProblem::NotUnderstood),
        ("२०२६-१२-०१", DateProblem::NotUnderstood),
        (&long, DateProblem::NotUnderstood),
    ];
    for (text, expected) in table {
        assert_eq!(date(text, today()), Err(expected), "{text:.40?}");
    }
}

#[test]
fn today_and_tomorrow_are_understood_in_both_languages() {
    let table = [
        ("today", 0),
        ("Today!", 0),
        ("tonight", 0),
        ("this afternoon", 0),
        ("hoy", 0),
        ("esta tarde", 0),
        ("esta mañana", 0),
        ("tomorrow", 1),
        ("tomorrow morning", 1),
        ("tomorrow in the afternoon", 1),
        ("mañana", 1),
        ("manana", 1),
        ("MAÑANA", 1),
        ("man\u{303}ana", 1),
        ("mañana por la mañana", 1),
        ("manana en la tarde", 1),
        ("day after tomorrow", 2),
        ("the day after tomorrow", 2),
        ("pasado mañana", 2),
        ("pasado manana", 2),
    ];
    for (text, days) in table {
        let expected = today() + Days::new(days);
        assert_eq!(date(text, today()), Ok(expected), "{text:?}");
    }
}

#[test]
fn a_weekday_is_the_next_such_day_in_any_of_its_names() {
    let table = [
        ("Wednesday", 1),
        ("wed", 1),
        ("miércoles", 1),
        ("miercoles", 1),
        ("el miércoles", 1),
        ("Thursday", 2),
        ("thurs", 2),
        ("on Thursday", 2),
        ("this Friday", 3),
        ("next Friday", 3),
        ("next viernes", 3),
        ("friday morning", 3),
        ("el viernes por la tarde", 3),
        ("el próximo viernes", 3),
        ("próximo viernes", 3),
        ("el viernes que viene", 3),
        ("viernes que viene", 3),
        ("este viernes", 3),
        ("el viernes próximo", 3),
        ("sábado", 4),
        ("sabado", 4),
        ("Sat.", 4),
        ("sunday", 5),
        ("domingo", 5),
        ("lunes", 6),
        ("mon", 6),
        ("this coming Monday", 6),
    ];
    for (text, days) in table {
        let expected = today() + Days::new(days);
        assert_eq!(date(text, today()), Ok(expected), "{text:?}");
    }
}

#[test]
fn a_weekday_said_on_that_weekday_means_next_week_unless_it_is_this_one() {
    for text in [
        "tuesday",
        "next tuesday",
        "on tuesday",
        "martes",
        "el martes",
        "el próximo martes",
        "el martes que viene",
    ] {
        assert_eq!(date(text, today()), Ok(day("2026-12-01")), "{text:?}");
    }
    for text in ["this tuesday", "este martes"] {
        assert_eq!(date(text, today()), Ok(today()), "{text:?}");
    }
}

#[test]
fn every_weekday_is_found_from_every_weekday() {
    let names = [
        "monday",
        "martes",
        "wednesday",
        "jueves",
        "friday",
        "sabado",
        "sunday",
    ];
    for start in 0..7 {
        let start = today() + Days::new(start);
        for (place, name) in names.iter().enumerate() {
            let found = date(name, start).unwrap();
            assert_eq!(
                found.weekday(),
                Weekday::try_from(u8::try_from(place).unwrap()).unwrap()
            );
            let ahead = (found - start).num_days();
            assert!((1..=7).contains(&ahead), "{name} from {start}");
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn hours_are_understood_as_they_are_written_and_said() {
    let table = [
        ("09:00", "09:00"),
        ("9:00", "09:00"),
        ("09:00:00", "09:00"),
        ("09:00:00.000Z", "09:00"),
        ("09:00-07:00", "09:00"),
        ("T09:00", "09:00"),
        ("2026-12-01T09:00", "09:00"),
        ("2026-12-01T09:00:00Z", "09:00"),
        ("2026-12-01T09:00+05:30", "09:00"),
        ("2026-12-01 14:30", "14:30"),
        ("2026-02-30T09:00", "09:00"),
        ("02:30", "02:30"),
        ("2:30", "14:30"),
        ("14:30", "14:30"),
        ("14h", "14:00"),
        ("14h30", "14:30"),
        ("14 hrs", "14:00"),
        ("1400", "14:00"),
        ("930", "09:30"),
        ("0230", "02:30"),
        ("9", "09:00"),
        ("7", "07:00"),
        ("11", "11:00"),
        ("12", "12:00"),
        ("1", "13:00"),
        ("6", "18:00"),
        ("17", "17:00"),
        ("0:30", "00:30"),
        ("9am", "09:00"),
        ("9 AM", "09:00"),
        ("9 a.m.", "09:00"),
        ("9 a. m.", "09:00"),
        ("9:15 a.m", "09:15"),
        ("2 pm", "14:00"),
        ("2pm.", "14:00"),
        ("2:30pm", "14:30"),
        ("2.30 pm", "14:30"),
        ("12am", "00:00"),
        ("12:30 am", "00:30"),
        ("12pm", "12:00"),
        ("12 noon", "12:00"),
        ("12 midnight", "00:00"),
        ("14:00 pm", "14:00"),
        ("9 o'clock", "09:00"),
        ("3 o’clock", "15:00"),
        ("at 9", "09:00"),
        ("at 7 in the morning", "07:00"),
        ("8 at night", "20:00"),
        ("noon", "12:00"),
        ("at noon", "12:00"),
        ("midnight", "00:00"),
        ("mediodía", "12:00"),
        ("al mediodia", "12:00"),
        ("medianoche", "00:00"),
        ("a las 2", "14:00"),
        ("a la 1", "13:00"),
        ("las 9", "09:00"),
        ("a las 9 de la mañana", "09:00"),
        ("2 de la tarde", "14:00"),
        ("2:30 de la tarde", "14:30"),
        ("8 de la noche", "20:00"),
        ("12 de la noche", "00:00"),
        ("5 de la madrugada", "05:00"),
        ("a las 12 del mediodía", "12:00"),
    ];
    for (text, expected) in table {
        assert_eq!(time(text), Ok(At(clock(expected))), "{text:?}");
    }
    let exact = NaiveTime::from_hms_opt(9, 0, 30).unwrap();
    assert_eq!(time("09:00:30"), Ok(At(exact)));
}

#[test]
fn parts_of_the_day_are_understood_and_the_afternoon_is_not_noon() {
    let table = [
        ("morning", DayPart::Morning),
        ("in the morning", DayPart::Morning),
        ("tomorrow morning", DayPart::Morning),
        ("first thing in the morning", DayPart::Morning),
        ("la mañana", DayPart::Morning),
        ("por la manana", DayPart::Morning),
        ("mañana por la mañana", DayPart::Morning),
        ("afternoon", DayPart::Afternoon),
        ("this afternoon", DayPart::Afternoon),
        ("late afternoon", DayPart::Afternoon),
        ("en la tarde", DayPart::Afternoon),
        ("evening", DayPart::Evening),
        ("tonight", DayPart::Evening),
        ("por la noche", DayPart::Evening),
    ];
    for (text, expected) in table {
        assert_eq!(time(text), Ok(Part(expected)), "{text:?}");
    }
}

#[test]
fn any_time_is_understood() {
    for text in [
        "any",
        "anytime",
        "Any time",
        "whenever",
        "first available",
        "cualquier hora",
        "a cualquier hora",
    ] {
        assert_eq!(time(text), Ok(Any), "{text:?}");
    }
}

#[test]
fn what_is_no_time_says_why() {
    let long = "9".repeat(5000);
    let table = [
        ("", TimeProblem::Missing),
        (" ", TimeProblem::Missing),
        ("25:00", TimeProblem::Impossible),
        ("24:00", TimeProblem::Impossible),
        ("09:60", TimeProblem::Impossible),
        ("9:75", TimeProblem::Impossible),
        ("2026-12-01T25:00", TimeProblem::Impossible),
        ("26", TimeProblem::Impossible),
        ("14 am", TimeProblem::Impossible),
        ("0 pm", TimeProblem::Impossible),
        ("mañana", TimeProblem::NotUnderstood),
        ("not in the morning", TimeProblem::NotUnderstood),
        ("after 3", TimeProblem::NotUnderstood),
        ("9 to 11", TimeProblem::NotUnderstood),
        ("9-11", TimeProblem::NotUnderstood),
        ("9:5", TimeProblem::NotUnderstood),
        ("9 y media", TimeProblem::NotUnderstood),
        ("banana", TimeProblem::NotUnderstood),
        ("12345", TimeProblem::NotUnderstood),
        ("٩", TimeProblem::NotUnderstood),
        ("!?", TimeProblem::NotUnderstood),
        (&long, TimeProblem::NotUnderstood),
    ];
    for (text, expected) in table {
        assert_eq!(time(text), Err(expected), "{text:.40?}");
    }
}

#[test]
fn parts_of_the_day_meet_without_a_gap_or_an_overlap() {
    let (_, morning_ends) = DayPart::Morning.window();
    let (afternoon_begins, afternoon_ends) = DayPart::Afternoon.window();
    let (evening_begins, _) = DayPart::Evening.window();
    assert_eq!(
        (morning_ends, afternoon_ends),
        (afternoon_begins, evening_begins)
    );
    assert!(!DayPart::Morning.contains(morning_ends));
    assert!(DayPart::Afternoon.contains(morning_ends));
}

#[test]
fn a_moment_keeps_its_reading_apart_from_its_offset() {
    let offset = |hours: i32| FixedOffset::east_opt(hours * 1800);
    let table = [
        ("2026-12-01T09:00", None),
        ("2026-12-01T09:00:00", None),
        ("2026-12-01T09:00Z", offset(0)),
        ("2026-12-01T09:00:00.5z", offset(0)),
        ("2026-12-01T09:00-07:00", offset(-14)),
        ("2026-12-01T09:00+0530", offset(11)),
        ("2026-12-01 09:00:00 +05:30", offset(11)),
        ("2026-12-01T09:00+02", offset(4)),
    ];
    for (text, offset) in table {
        let local = reading("2026-12-01T09:00:00");
        assert_eq!(moment(text), Some(Moment { local, offset }), "{text:?}");
    }
    for text in [
        "",
        "2026-12-01",
        "09:00",
        "2026-12-01T24:00",
        "2026-02-30T09:00",
        "2026-12-01T09:00+5",
        "2026-12-01T09:00+99:00",
        "tomorrow at 9",
    ] {
        assert_eq!(moment(text), None, "{text:?}");
    }
}

#[test]
fn an_instant_is_shown_on_the_clocks_of_a_zone() {
    let shown = |text, zone| in_zone(moment(text).unwrap(), zone);
    assert_eq!(
        shown("2026-12-01T21:00:00Z", Denver),
        reading("2026-12-01T14:00:00")
    );
    assert_eq!(
        shown("2026-07-01T21:00:00Z", Denver),
        reading("2026-07-01T15:00:00")
    );
    assert_eq!(
        shown("2026-12-01T03:00:00Z", Denver),
        reading("2026-11-30T20:00:00")
    );
    assert_eq!(
        shown("2026-12-01T09:00:00Z", Kolkata),
        reading("2026-12-01T14:30:00")
    );
    assert_eq!(
        shown("2026-12-01T09:00:00", Denver),
        reading("2026-12-01T09:00:00")
    );
    assert_eq!(
        shown("2026-12-01T09:00:00-07:00", Denver),
        reading("2026-12-01T09:00:00")
    );
}

proptest! {
    #[test]
    fn any_text_is_answered(
        text in "\\PC{0,120}|[0-9TZtz:+. -]{0,30}|(next|el|this|at|a las|2|14:00|mañana|por la|pm| ){0,6}",
        year in -262_000i32..262_000,
    ) {
        let today = NaiveDate::from_yo_opt(year, 1).unwrap();
        for today in [today, NaiveDate::MIN, NaiveDate::MAX] {
            if let Ok(day) = date(&text, today) {
                prop_assert!(day.year() >= today.year());
            }
        }
        if let Ok(At(time)) = time(&text) {
            prop_assert!(time <= clock("23:59") + chrono::TimeDelta::seconds(59));
        }
        if let Some(moment) = moment(&text) {
            prop_assert!(in_zone(moment, Denver).signed_duration_since(moment.local).num_hours().abs() < 48);
        }
    }

    #[test]
    fn what_chrono_writes_is_read_back(seconds in 0i64..4_000_000_000, offset in -26i32..=28) {
        let utc = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let offset = FixedOffset::east_opt(offset * 1800).unwrap();
        let there = utc.with_timezone(&offset);
        let read = moment(&there.to_rfc3339()).unwrap();
        prop_assert_eq!(read, Moment { local: there.naive_local(), offset: Some(offset) });
        prop_assert_eq!(in_zone(read, Denver), utc.with_timezone(&Denver).naive_local());
        let day = there.date_naive();
        prop_assert_eq!(date(&day.to_string(), day), Ok(day));
        prop_assert_eq!(time(&there.format("%H:%M:%S").to_string()), Ok(At(there.time())));
    }
}
