//! What is understood of dates and times, and what is not.

use std::fmt::Write;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::{America::Denver, America::New_York, Asia::Kolkata, Tz};
use proptest::prelude::*;

use super::{
    DayPart, Days, Moment, Occurrence, Reading, TimeOfDay, Unclear, in_zone, moment, occurrence,
    understand, understand_move, understood,
};
use crate::domain::{
    language::Language::{English, Spanish},
    speech,
};

/// A Tuesday.
fn now() -> DateTime<Tz> {
    at("2026-11-24T10:00:00")
}

fn at(local: &str) -> DateTime<Tz> {
    let local: NaiveDateTime = local.parse().unwrap();
    Denver.from_local_datetime(&local).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A result in the notation of the tables.
fn shown(found: Result<Reading, Unclear>) -> String {
    let reading = match found {
        Ok(reading) => reading,
        Err(unclear) => return shown_question(unclear),
    };
    let days = reading.days.map(shown_days).unwrap_or_default();
    let time = reading.time.map(shown_time).unwrap_or_default();
    let zone = reading.zone.map(Tz::name).unwrap_or_default();
    [days.as_str(), &time, zone]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn shown_question(unclear: Unclear) -> String {
    match unclear {
        Unclear::Day => "?day".to_owned(),
        Unclear::Time => "?time".to_owned(),
        Unclear::NoSuchTime => "?no-such-time".to_owned(),
        Unclear::NoSuchDay { last, next } => {
            format!("?no-such-day {} {}", shown_day(last), shown_day(next))
        }
        Unclear::Past { said, next } => format!("?past {} {}", shown_day(said), shown_day(next)),
        Unclear::Mismatch {
            by_weekday,
            by_date,
        } => format!("?mismatch {} {}", shown_day(by_weekday), shown_day(by_date)),
        Unclear::WhichDay(one, other) => {
            format!("?which-day {} {}", shown_days(one), shown_days(other))
        }
        Unclear::WhichTime(one, other) => {
            format!("?which-time {} {}", shown_time(one), shown_time(other))
        }
    }
}

fn shown_day(day: NaiveDate) -> String {
    let text = day.to_string();
    text.strip_prefix("2026-").unwrap_or(&text).to_owned()
}

fn shown_days(days: Days) -> String {
    match days {
        Days::On(day) => shown_day(day),
        Days::Within(first, last) => format!("{}..{}", shown_day(first), shown_day(last)),
        Days::From(first) => format!("{}..", shown_day(first)),
    }
}

fn shown_time(time: TimeOfDay) -> String {
    let clock = |time: NaiveTime| time.format("%H:%M").to_string();
    match time {
        TimeOfDay::At(time) => clock(time),
        TimeOfDay::Part(DayPart::Morning) => "morning".to_owned(),
        TimeOfDay::Part(DayPart::Afternoon) => "afternoon".to_owned(),
        TimeOfDay::Part(DayPart::Evening) => "evening".to_owned(),
        TimeOfDay::Window { from, until: None } => format!("{}-", clock(from)),
        TimeOfDay::Window {
            from: NaiveTime::MIN,
            until: Some(until),
        } => format!("-{}", clock(until)),
        TimeOfDay::Window {
            from,
            until: Some(until),
        } => format!("{}-{}", clock(from), clock(until)),
        TimeOfDay::First => "first".to_owned(),
        TimeOfDay::Last => "last".to_owned(),
        TimeOfDay::Any => "any".to_owned(),
    }
}

/// The moment of a line such as `@now 2026-11-18T09:20:00 America/Chicago`.
fn moment_of(line: &str) -> DateTime<Tz> {
    let (local, zone) = line.split_once(' ').unwrap();
    let (local, zone): (NaiveDateTime, Tz) = (local.parse().unwrap(), zone.parse().unwrap());
    zone.from_local_datetime(&local).unwrap()
}

/// A line of a table: when it is said, which argument it is given as, the phrase, and what it means.
struct Row<'a> {
    now: DateTime<Tz>,
    about: &'a str,
    phrase: &'a str,
    meaning: &'a str,
}

fn rows(table: &str) -> Vec<Row<'_>> {
    let (mut about, mut now) = ("@day", now());
    let mut rows = Vec::new();
    for line in table.lines() {
        match line.split_once(" | ") {
            _ if line.starts_with('#') => {}
            Some((phrase, meaning)) => rows.push(Row {
                now,
                about,
                phrase,
                meaning,
            }),
            None if let Some(moment) = line.strip_prefix("@now ") => now = moment_of(moment),
            None if line.starts_with('@') => about = line,
            None => {}
        }
    }
    rows
}

fn hold(table: &str) {
    let rows = rows(table);
    assert!(rows.len() >= 300, "{} rows", rows.len());
    let mut wrong = String::new();
    for row in rows {
        let phrase = Some(row.phrase);
        let found = shown(match row.about {
            "@day" => understand(phrase, None, row.now),
            _ => understand(None, phrase, row.now),
        });
        if found != row.meaning {
            let (about, phrase, meaning) = (row.about, row.phrase, row.meaning);
            writeln!(wrong, "{about} {phrase:?}: {found:?}, and not {meaning:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn english_phrases_are_understood() {
    hold(include_str!("../../../fixtures/when/english.txt"));
}

#[test]
fn spanish_phrases_are_understood() {
    hold(include_str!("../../../fixtures/when/spanish.txt"));
}

#[test]
fn both_arguments_are_read_together() {
    let table = [
        ("tomorrow", "afternoon", "11-25 afternoon"),
        ("2026-12-01", "morning", "12-01 morning"),
        ("2026-12-01", "9", "12-01 09:00"),
        ("2026-12-01", "14:30", "12-01 14:30"),
        ("2026-12-01T09:00", "10:00", "12-01 10:00"),
        ("2026-12-01", "2026-12-01T09:00", "12-01 09:00"),
        ("tomorrow", "2026-12-01T09:00", "?which-day 11-25 12-01"),
        ("Tuesday", "Tuesday at 3", "12-01 15:00"),
        ("Tuesday", "Wednesday at 3", "?which-day 12-01 11-25"),
        ("tomorrow evening", "7", "11-25 19:00"),
        ("tomorrow afternoon", "9 am", "?time"),
        ("tomorrow morning", "9:00", "11-25 09:00"),
        ("mañana", "por la mañana", "11-25 morning"),
        ("next week", "Tuesday", "12-01"),
        ("tomorrow", "asap", "11-25 first"),
        ("tomorrow at 3", "4", "?which-time 15:00 16:00"),
        ("tomorrow", "banana", "?time"),
        ("banana", "9", "?day"),
        ("", "9", "?day"),
        ("tomorrow", " ", "?time"),
    ];
    for (day, time, meaning) in table {
        let found = understand(Some(day), Some(time), now());
        assert_eq!(shown(found), meaning, "{day:?} {time:?}");
    }
    assert_eq!(understand(None, None, now()), Ok(Reading::default()));
    let alone = understand(None, Some("tomorrow at 3"), now());
    assert_eq!(shown(alone), "11-25 15:00");
}

/// The tables of `moves.txt`: the day and the time that are given, an `-` for none, for the appointment under `@from`.
#[test]
fn a_new_time_may_be_counted_from_the_old_one() {
    let mut now = now();
    let mut from = now.naive_local();
    let mut wrong = String::new();
    let mut rows = 0;
    for line in include_str!("../../../fixtures/when/moves.txt").lines() {
        if let Some(moment) = line.strip_prefix("@now ") {
            now = moment_of(moment);
        } else if let Some(moment) = line.strip_prefix("@from ") {
            from = moment.parse().unwrap();
        }
        let mut parts = line.split(" | ");
        let (Some(date), Some(time), Some(meaning)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if line.starts_with('#') {
            continue;
        }
        let given = |text: &'static str| (text != "-").then_some(text);
        rows += 1;
        let found = shown(understand_move(given(date), given(time), from, now));
        if found != meaning {
            writeln!(
                wrong,
                "{date:?} {time:?} from {from}: {found:?}, and not {meaning:?}"
            )
            .unwrap();
        }
    }
    assert!(rows >= 100, "{rows} rows");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn of_what_is_not_understood_the_rest_is_kept() {
    let table = [
        (Some("Tuesday if my wife agrees"), None, "12-01"),
        (Some("the second one on Tuesday"), None, "12-01"),
        (Some("either one on Friday"), None, "11-27"),
        (Some("el jueves si mi esposa quiere"), None, "11-26"),
        (Some("Tuesday"), Some("when the kids nap"), "12-01"),
        (
            Some("Tuesday"),
            Some("3 pm or whenever it rains"),
            "12-01 15:00",
        ),
        (Some("banana"), Some("3 pm"), "15:00"),
        (
            Some("next week sometime after the wedding"),
            None,
            "11-30..12-06",
        ),
        (
            Some("mañana por la tarde cuando lleguen"),
            None,
            "11-25 afternoon",
        ),
        (Some("Friday"), Some("either"), "11-27 any"),
        (
            None,
            Some("Friday around three thirty my good man"),
            "11-27 15:30",
        ),
        (Some("not Tuesday"), None, ""),
        (Some("any day but Tuesday"), None, ""),
        (Some("menos el martes"), None, ""),
        (Some("5 people are here"), Some("2 dogs bark"), ""),
        (Some("the first one"), Some("that one"), ""),
        (None, None, ""),
        (Some("😀"), Some("%%%"), ""),
    ];
    for (day, time, meaning) in table {
        let found = understood(day, time, now());
        assert_eq!(shown(Ok(found)), meaning, "{day:?} {time:?}");
    }
}

#[test]
fn both_arguments_of_an_answer_to_an_offer_are_read_together() {
    let now = moment_of("2026-11-18T09:20:00 America/Chicago");
    let table = [
        ("Tuesday", "either one", "11-24 any"),
        ("Tuesday", "the first one", "?time"),
        ("Tuesday", "one", "11-24 13:00"),
        ("Tuesday", "1", "11-24 13:00"),
        ("Tuesday", "the 9 to 11 slot", "11-24 09:00-11:00"),
        ("the first one", "9", "?day"),
        ("Thursday or Friday", "3 pm", "11-19..11-20 15:00"),
        ("Thursday", "Friday at 3", "?which-day 11-19 11-20"),
        (
            "whatever works",
            "after ten but not after two",
            "11-18.. 10:00-14:00",
        ),
        ("2026-11-19", "5 pm Eastern", "11-19 16:00 America/New_York"),
        ("2026-11-19", "14:00-16:00", "11-19 14:00-16:00"),
        (
            "2026-11-19/2026-11-20",
            "2 p.m. sharp",
            "11-19..11-20 14:00",
        ),
        ("el jueves o el viernes", "da igual", "11-19..11-20 any"),
        ("entre semana", "diez pa las tres", "11-18..11-20 14:50"),
        ("viernes", "más tarde", "11-20 12:00-"),
        ("mañana", "en la tardecita", "11-19 afternoon"),
    ];
    for (day, time, meaning) in table {
        let found = understand(Some(day), Some(time), now);
        assert_eq!(shown(found), meaning, "{day:?} {time:?}");
    }
}

#[test]
fn a_zone_is_named_only_where_its_clocks_differ() {
    let phoenix = moment_of("2026-07-01T09:20:00 America/Phoenix");
    let table = [
        // In summer the clocks of Denver are ahead of those in Phoenix, where "Mountain" means Phoenix.
        ("today at 3 pm Mountain", "07-01 15:00"),
        ("today at 3 pm MST", "07-01 15:00"),
        ("today at 3 pm Denver time", "07-01 14:00 America/Denver"),
        ("today at 3 pm Pacific", "07-01 15:00"),
        ("today at 3 pm Eastern", "07-01 12:00 America/New_York"),
    ];
    for (said, meaning) in table {
        assert_eq!(
            shown(understand(Some(said), None, phoenix)),
            meaning,
            "{said}"
        );
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
        let start = now() + chrono::TimeDelta::days(start);
        for (place, name) in (0u8..).zip(names) {
            let ahead = |phrase: &str| {
                let found = understand(Some(phrase), None, start).unwrap();
                let found = found.days.unwrap().exact().unwrap();
                assert_eq!(found.weekday(), chrono::Weekday::try_from(place).unwrap());
                (found - start.date_naive()).num_days()
            };
            assert!((1..=7).contains(&ahead(name)), "{name} from {start}");
            assert_eq!(ahead(&format!("next {name}")), ahead(name));
            assert_eq!(ahead(&format!("this {name}")), ahead(name) % 7);
            assert_eq!(ahead(&format!("a week from {name}")), ahead(name) + 7);
        }
    }
}

#[test]
fn tomorrow_said_at_half_past_midnight_is_asked_about() {
    let tonight = at("2026-11-24T00:30:00");
    for phrase in ["tomorrow", "mañana", "tomorrow at 9", "mañana por la tarde"] {
        let found = shown(understand(Some(phrase), None, tonight));
        assert_eq!(found, "?which-day 11-24 11-25", "{phrase:?}");
    }
    for phrase in ["2026-11-25", "Wednesday", "in one day"] {
        let found = shown(understand(Some(phrase), None, tonight));
        assert_eq!(found, "11-25", "{phrase:?}");
    }
    let morning = at("2026-11-24T04:00:00");
    assert_eq!(shown(understand(Some("tomorrow"), None, morning)), "11-25");
}

#[test]
fn of_a_week_that_has_begun_the_part_that_is_left_is_meant() {
    // Thursday.
    let now = at("2026-11-26T10:00:00");
    for (said, expected) in [
        ("the middle of this week", "11-26..11-26"),
        ("the middle of the week of the 29th", "11-26..11-26"),
        ("late this week", "11-26..11-29"),
        ("early next week", "11-30..12-02"),
        ("the middle of next week", "12-01..12-03"),
    ] {
        let found = understand(Some(said), None, now);
        assert_eq!(shown(found), expected, "{said}");
    }
}

#[test]
fn tomorrow_is_that_of_the_zone() {
    // 21:30 in Los Angeles is the next day in UTC.
    let zone = chrono_tz::America::Los_Angeles;
    let now = day("2026-11-24").and_hms_opt(21, 30, 0).unwrap();
    let now = zone.from_local_datetime(&now).unwrap();
    assert_eq!(shown(understand(Some("tomorrow"), None, now)), "11-25");
}

#[test]
fn hours_are_counted_over_a_change_of_clocks() {
    // One in the morning, an hour before the clocks go forward.
    let now = day("2026-03-08").and_hms_opt(1, 0, 0).unwrap();
    let now = New_York.from_local_datetime(&now).unwrap();
    assert_eq!(
        shown(understand(Some("in two hours"), None, now)),
        "03-08 04:00"
    );
}

#[test]
fn an_hour_may_come_never_or_twice_in_a_night() {
    let table = [
        ("2026-03-08T01:30:00", Occurrence::Once),
        ("2026-03-08T02:30:00", Occurrence::Never),
        ("2026-03-08T03:00:00", Occurrence::Once),
        ("2026-11-01T01:30:00", Occurrence::Twice),
        ("2026-11-01T02:00:00", Occurrence::Once),
    ];
    for (local, expected) in table {
        assert_eq!(
            occurrence(local.parse().unwrap(), New_York),
            expected,
            "{local}"
        );
    }
}

#[test]
fn a_long_text_is_not_read() {
    let long = "tuesday ".repeat(500);
    assert_eq!(understand(Some(&long), None, now()), Err(Unclear::Day));
    assert_eq!(
        understand(None, Some(&"9".repeat(5000)), now()),
        Err(Unclear::Time)
    );
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
        let local = "2026-12-01T09:00:00".parse().unwrap();
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
    let table = [
        ("2026-12-01T21:00:00Z", Denver, "2026-12-01T14:00:00"),
        ("2026-07-01T21:00:00Z", Denver, "2026-07-01T15:00:00"),
        ("2026-12-01T03:00:00Z", Denver, "2026-11-30T20:00:00"),
        ("2026-12-01T09:00:00Z", Kolkata, "2026-12-01T14:30:00"),
        ("2026-12-01T09:00:00", Denver, "2026-12-01T09:00:00"),
        ("2026-12-01T09:00:00-07:00", Denver, "2026-12-01T09:00:00"),
    ];
    for (text, zone, expected) in table {
        let expected: NaiveDateTime = expected.parse().unwrap();
        assert_eq!(in_zone(moment(text).unwrap(), zone), expected, "{text}");
    }
}

/// Words that times are made of, in any order.
const WORDS: &str = "(next|this|last|the|el|la|las|at|a|de|del|en|por|in|on|or|o|y|and|to|from|after|before|between|\
    tuesday|martes|friday|mañana|tomorrow|today|week|semana|weekend|month|mes|december|14th|14|1|2|31|99|2026|\
    9:30|25:00|12/1|-|half|past|quarter|menos|media|cuarto|morning|tarde|noche|pm|am|first|thing|early|fin|que|\
    viene|days|ocho|asap|any|noon|one|either|later|an|hour|same|eastern|slot|day|before|una|semana|thanksgiving| ){0,9}";

proptest! {
    #[test]
    fn any_text_is_answered(
        day in "\\PC{0,120}|[0-9TZtz:+. /-]{0,30}",
        time in "\\PC{0,60}|[0-9TZtz:+. /-]{0,30}",
        seconds in proptest::num::i64::ANY,
    ) {
        let now = DateTime::from_timestamp(seconds % 8_000_000_000_000, 0).unwrap();
        for zone in [Denver, Kolkata] {
            let now = now.with_timezone(&zone);
            let from = now.naive_local();
            for reading in [
                understand(Some(&day), Some(&time), now),
                understand(Some(&day), None, now),
                understand_move(Some(&day), Some(&time), from, now),
                Ok(understood(Some(&day), Some(&time), now)),
            ] {
                let days = reading.ok().and_then(|reading| reading.days);
                prop_assert!(days.is_none_or(|days| days.last().is_none_or(|last| days.first() <= last)));
            }
        }
        if let Some(moment) = moment(&day) {
            prop_assert!(in_zone(moment, Denver).signed_duration_since(moment.local).num_hours().abs() < 48);
        }
    }

    #[test]
    fn the_words_of_times_in_any_order_are_answered(
        words in proptest::collection::vec(WORDS, 0..3),
        ahead in 0i64..4000,
    ) {
        let text = words.join(" ");
        let now = now() + chrono::TimeDelta::hours(ahead * 7);
        let from = now.naive_local();
        let _ = (understand_move(Some(&text), None, from, now), understood(None, Some(&text), now));
        let is_said = text.contains("last") || text.contains("2026");
        if let Ok(Reading { days: Some(days), .. }) = understand(Some(&text), None, now) {
            // A day that is over comes only of words that say so.
            prop_assert!(is_said || days.first() >= now.date_naive(), "{text:?}: {days:?}");
            prop_assert!(days.last().is_none_or(|last| days.first() <= last), "{text:?}: {days:?}");
        }
    }

    #[test]
    fn what_is_spoken_is_understood(ahead in 0u64..360, minutes in 0u32..1440) {
        let date = now().date_naive() + chrono::Days::new(ahead);
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0).unwrap();
        let expected = Reading { days: Some(Days::On(date)), time: Some(TimeOfDay::At(time)), zone: None };
        for language in [English, Spanish] {
            let spoken = format!("{} {}", speech::date(date, language), speech::at_time(time, language));
            prop_assert_eq!(understand(Some(&spoken), None, now()), Ok(expected), "{}", spoken);
            let year = speech::date_with_year(date, language);
            let days = understand(Some(&year), None, now()).map(|reading| reading.days);
            prop_assert_eq!(days, Ok(Some(Days::On(date))), "{}", year);
            let clock = speech::time(time, language);
            let read = understand(None, Some(&clock), now()).map(|reading| reading.time);
            prop_assert_eq!(read, Ok(Some(TimeOfDay::At(time))), "{}", clock);
        }
    }

    #[test]
    fn what_chrono_writes_is_read_back(seconds in 0i64..4_000_000_000, offset in -26i32..=28) {
        let utc = DateTime::from_timestamp(seconds, 0).unwrap();
        let offset = FixedOffset::east_opt(offset * 1800).unwrap();
        let there = utc.with_timezone(&offset);
        let written = there.to_rfc3339();
        let read = moment(&written).unwrap();
        prop_assert_eq!(read, Moment { local: there.naive_local(), offset: Some(offset) });
        prop_assert_eq!(in_zone(read, Denver), utc.with_timezone(&Denver).naive_local());
        let noon = there.date_naive().and_hms_opt(12, 0, 0).unwrap();
        let noon = Denver.from_local_datetime(&noon).unwrap();
        let expected = Reading {
            days: Some(Days::On(there.date_naive())),
            time: Some(TimeOfDay::At(there.time())),
            zone: None,
        };
        prop_assert_eq!(understand(Some(&written), None, noon), Ok(expected));
    }
}
