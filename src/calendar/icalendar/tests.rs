use std::{collections::BTreeMap, fs, path::PathBuf};

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::domain::external_calendar::EventTime;

/// What another program makes of a calendar (tests/calendar/oracle.py).
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    ics: String,
    first: chrono::NaiveDate,
    last: chrono::NaiveDate,
    zone: chrono_tz_name::Name,
    events: Vec<(String, String, bool)>,
}

mod chrono_tz_name {
    pub struct Name(pub chrono_tz::Tz);

    impl<'de> serde::Deserialize<'de> for Name {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            let name = String::deserialize(from)?;
            name.parse().map(Self).map_err(serde::de::Error::custom)
        }
    }
}

/// Where we mean something else; `fixtures/calendar/README.md` says why.
const DIFFERENT: [&str; 2] = ["clock_skips", "until_is_a_date"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/calendar")
}

impl Answer {
    fn window(&self) -> Window {
        Window {
            first: self.first,
            last: self.last,
            zone: self.zone.0,
        }
    }
}

pub(super) fn read(ics: &str, window: &Window) -> Contents {
    Reader::new(window, &[]).read(ics.as_bytes()).unwrap()
}

pub(super) fn written(contents: &Contents) -> Vec<(String, String, bool)> {
    let mut found: Vec<_> = contents
        .events
        .iter()
        .map(|event| match event.time {
            EventTime::Timed { start, end } => (write::utc(start), write::utc(end), event.is_busy),
            EventTime::Days { first, end } => (
                first.format("%Y%m%d").to_string(),
                end.format("%Y%m%d").to_string(),
                event.is_busy,
            ),
        })
        .collect();
    found.sort();
    found
}

#[test]
fn calendars_are_read_as_another_program_reads_them() {
    let answers = fs::read_to_string(folder().join("answers.json")).unwrap();
    let answers: BTreeMap<String, Answer> = serde_json::from_str(&answers).unwrap();
    assert!(answers.len() > 40);
    let mut wrong = Vec::new();
    for (name, answer) in &answers {
        let ics = fs::read_to_string(folder().join(format!("{name}.ics"))).unwrap();
        let ours = written(&read(&ics, &answer.window()));
        let is_known = DIFFERENT.contains(&name.as_str());
        if (ours == answer.events) == is_known {
            wrong.push(format!(
                "{name}:\nours   {ours:?}\ntheirs {:?}\n",
                answer.events
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn generated_calendars_are_read_as_another_program_reads_them() {
    let answers = fs::read_to_string(folder().join("generated.json")).unwrap();
    let answers: Vec<Answer> = serde_json::from_str(&answers).unwrap();
    assert_eq!(answers.len(), 200);
    let mut wrong = Vec::new();
    for answer in &answers {
        let ours = written(&read(&answer.ics, &answer.window()));
        if ours != answer.events {
            wrong.push(format!(
                "{}ours   {ours:?}\ntheirs {:?}\n",
                answer.ics, answer.events
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of 200:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

pub(super) fn november() -> Window {
    Window {
        first: "2026-11-01".parse().unwrap(),
        last: "2026-11-30".parse().unwrap(),
        zone: chrono_tz::America::Denver,
    }
}

/// A calendar with events of these properties.
pub(super) fn calendar(events: &[&str]) -> String {
    let mut ics = "BEGIN:VCALENDAR\n".to_owned();
    for event in events {
        ics = ics + "BEGIN:VEVENT\nUID:1\n" + event + "\nEND:VEVENT\n";
    }
    ics + "END:VCALENDAR\n"
}

/// When the events of a calendar are, those of no busy time in brackets.
pub(super) fn times(events: &[&str]) -> Vec<String> {
    let found = written(&read(&calendar(events), &november()));
    let show = |(start, end, is_busy): (String, String, bool)| {
        if is_busy {
            format!("{start}/{end}")
        } else {
            format!("({start}/{end})")
        }
    };
    found.into_iter().map(show).collect()
}

#[test]
fn what_begins_in_a_skipped_hour_takes_its_time() {
    let window = Window {
        first: "2026-03-08".parse().unwrap(),
        last: "2026-03-08".parse().unwrap(),
        ..november()
    };
    let ics = calendar(&[
        "DTSTART;TZID=America/Denver:20260307T023000\nDTEND;TZID=America/Denver:20260307T033000\nRRULE:FREQ=DAILY",
    ]);
    let expected = (
        "20260308T093000Z".to_owned(),
        "20260308T103000Z".to_owned(),
        true,
    );
    assert_eq!(written(&read(&ics, &window)), [expected]);
}

#[test]
fn a_rule_until_a_day_has_that_day() {
    let last = times(&[
        "DTSTART;TZID=America/Denver:20261104T200000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261105",
    ]);
    assert_eq!(
        last,
        [
            "20261105T030000Z/20261105T040000Z",
            "20261106T030000Z/20261106T040000Z"
        ]
    );
}

#[test]
fn what_takes_no_time_is_not_busy() {
    assert_eq!(
        times(&["DTSTART:20261105T100000Z"]),
        ["(20261105T100000Z/20261105T100000Z)"]
    );
    assert_eq!(
        times(&["DTSTART:20261105T100000Z\nDTEND:20261105T090000Z"]),
        ["(20261105T100000Z/20261105T100000Z)"]
    );
    // A day that ends on itself is that day.
    assert_eq!(
        times(&["DTSTART;VALUE=DATE:20261105\nDTEND;VALUE=DATE:20261105"]),
        ["20261105/20261106"]
    );
}

#[test]
fn what_its_owner_declined_is_not_busy() {
    let event = "DTSTART:20261105T100000Z\nDTEND:20261105T110000Z\n\
                 ATTENDEE;PARTSTAT=DECLINED:mailto:Ann@Example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com";
    let is_busy = |me: &str| {
        let me = [me.to_owned()];
        let mut reader = Reader::new(&november(), &me);
        reader.read(calendar(&[event]).as_bytes()).unwrap().events[0].is_busy
    };
    assert!(!is_busy("ann@example.com"));
    assert!(is_busy("bob@example.com"));
    assert!(is_busy("office"));
}

#[test]
fn an_instance_is_named_by_its_place_in_the_series() {
    let ics = calendar(&[
        "DTSTART;TZID=America/Denver:20261102T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2",
        "RECURRENCE-ID;TZID=America/Denver:20261103T090000\nDTSTART;TZID=America/Denver:20261109T090000\nDURATION:PT1H",
    ]);
    let names = |ics: &str| {
        read(ics, &november())
            .events
            .into_iter()
            .map(|event| event.instance)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&ics), ["20261102T160000Z", "20261103T160000Z"]);
    assert_eq!(
        names(&calendar(&[
            "DTSTART;VALUE=DATE:20261102\nRRULE:FREQ=DAILY;COUNT=1"
        ])),
        ["20261102"]
    );
    assert_eq!(names(&calendar(&["DTSTART;VALUE=DATE:20261102"])), [""]);
    // Of a whole calendar, each name is there once.
    let both = ics.replace("END:VCALENDAR\n", "")
        + &ics
            .replace("UID:1", "UID:2")
            .replace("BEGIN:VCALENDAR\n", "");
    let found = names(&both);
    assert_eq!(found.len(), 4);
    assert_eq!(
        found
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        4
    );
}

#[test]
fn a_place_that_is_told_twice_without_its_series_is_told_by_the_newest() {
    let told = |sequence: u32, hour: u32| {
        format!(
            "RECURRENCE-ID:20261103T090000Z\nSEQUENCE:{sequence}\nDTSTART:20261103T{hour:02}0000Z\nDURATION:PT1H"
        )
    };
    for events in [[told(2, 15), told(1, 12)], [told(1, 12), told(2, 15)]] {
        let found = read(
            &calendar(&events.each_ref().map(String::as_str)),
            &november(),
        );
        assert_eq!(
            written(&found),
            [(
                "20261103T150000Z".to_owned(),
                "20261103T160000Z".to_owned(),
                true
            )]
        );
    }
}

#[test]
fn the_last_day_of_a_series_of_days_is_the_one_that_begins_at_a_moment_in_utc() {
    let berlin = Window {
        zone: chrono_tz::Europe::Berlin,
        ..november()
    };
    let days = |until: &str, window: &Window| {
        let event = format!("DTSTART;VALUE=DATE:20261102\nRRULE:FREQ=DAILY;UNTIL={until}");
        written(&read(&calendar(&[&event]), window)).len()
    };
    // East of Greenwich it is the day before there.
    assert_eq!(days("20261103T230000Z", &berlin), 3);
    assert_eq!(days("20261104T070000Z", &november()), 3);
    assert_eq!(days("20261104", &berlin), 3);
}

#[test]
fn what_tells_one_of_a_series_without_a_zone_is_on_the_clock_of_the_series() {
    let found = read(
        &calendar(&[
            "DTSTART;TZID=America/New_York:20261102T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261103T090000\n\
             RDATE:20261106T090000",
            "RECURRENCE-ID:20261104T090000\nDTSTART;TZID=America/New_York:20261104T150000\nDURATION:PT1H",
        ]),
        &november(),
    );
    let starts: Vec<String> = written(&found)
        .into_iter()
        .map(|(start, ..)| start)
        .collect();
    assert_eq!(
        starts,
        ["20261102T140000Z", "20261104T200000Z", "20261106T140000Z"]
    );
}

#[test]
fn an_object_is_cancelled_when_all_of_it_is() {
    let is_cancelled = |events: &[&str]| read(&calendar(events), &november()).is_cancelled;
    let (rule, exception) = (
        "DTSTART:20261102T090000Z\nRRULE:FREQ=DAILY",
        "RECURRENCE-ID:20261103T090000Z\nDTSTART:20261103T090000Z",
    );
    let cancelled = |event: &str| format!("{event}\nSTATUS:CANCELLED");
    assert!(is_cancelled(&[&cancelled(rule)]));
    assert!(!is_cancelled(&[rule, &cancelled(exception)]));
    assert!(!is_cancelled(&[&cancelled(rule), exception]));
    assert!(!is_cancelled(&[]));
}

#[test]
fn zones_are_found_by_whatever_name() {
    let at = |tzid: &str| {
        times(&[&format!(
            "DTSTART;TZID={tzid}:20261105T100000\nDURATION:PT1H"
        )])
    };
    let denver = at("America/Denver");
    assert_eq!(denver, ["20261105T170000Z/20261105T180000Z"]);
    for name in [
        "Mountain Standard Time",
        "/mozilla.org/20050126_1/America/Denver",
        "\"America/Denver\"",
        "Nobody knows it",
    ] {
        assert_eq!(at(name), denver, "{name}");
    }
    // What the whole calendar says comes before the organization's zone.
    let ics = calendar(&["DTSTART;TZID=Nobody knows it:20261105T100000\nDURATION:PT1H"]);
    let ics = ics.replacen('\n', "\nX-WR-TIMEZONE:Europe/Berlin\n", 1);
    let found = written(&read(&ics, &november()));
    assert_eq!(found[0].0, "20261105T090000Z");
}

#[test]
fn what_cannot_be_read_is_counted() {
    let contents = read(
        &calendar(&[
            "DTSTART:tomorrow",
            "DTSTART:20261105T100000Z\nDURATION:PT1H\nRRULE:FREQ=NEVER",
        ]),
        &november(),
    );
    assert_eq!((contents.unreadable, contents.events.len()), (2, 1));
    let contradiction = "DTSTART:20261105T100000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYMONTHDAY=5";
    let contents = read(&calendar(&[contradiction]), &november());
    assert_eq!((contents.unreadable, contents.events.len()), (1, 1));
}

#[test]
fn work_is_limited() {
    let read = |ics: &str| Reader::new(&november(), &[]).read(ics.as_bytes());
    let series = |rule: &str| {
        read(&calendar(&[&format!(
            "DTSTART:00010101T000000Z\nDURATION:PT1S\nRRULE:{rule}"
        )]))
    };
    assert_eq!(series("FREQ=SECONDLY"), Err(CalendarError::TooLarge));
    assert_eq!(
        series("FREQ=SECONDLY;COUNT=4000000000"),
        Err(CalendarError::TooLarge)
    );
    assert_eq!(series("FREQ=HOURLY").unwrap().events.len(), 30 * 24 + 1);
    for never in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ] {
        assert_eq!(series(never).unwrap().events, [], "{never}");
    }
    let many = vec!["DTSTART:20261105T100000Z"; 20_000];
    assert_eq!(read(&calendar(&many)), Err(CalendarError::TooLarge));
    assert_eq!(
        read(&"x".repeat(lines::BYTES_LIMIT + 1)),
        Err(CalendarError::TooLarge)
    );
    assert_eq!(
        read(&"BEGIN:VCALENDAR\n".repeat(1000)),
        Err(CalendarError::TooLarge)
    );
    assert_eq!(
        read("<html>"),
        Err(CalendarError::Unreadable("no iCalendar"))
    );
}

#[test]
fn rules_that_never_come_to_pass_are_given_up() {
    let never =
        calendar(&["DTSTART:20261105T100000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"]);
    let window = november();
    let mut reader = Reader::new(&window, &[]);
    let read = (0..100).find(|_| reader.read(never.as_bytes()).is_err());
    assert!(read.is_some_and(|times| times <= 20));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        drop(Reader::new(&november(), &[]).read(&bytes));
    }

    #[test]
    fn no_properties_panic(
        lines in proptest::collection::vec(
            (
                "BEGIN|END|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|TZOFFSETFROM|TZOFFSETTO|TZID",
                "(;TZID=X|;VALUE=DATE|;RANGE=THISANDFUTURE)?",
                "VEVENT|VTIMEZONE|STANDARD|[0-9]{8}(T[0-9]{6}Z?)?|99991231T235959|00000101|-?P[0-9]{1,19}[WD]|PT[0-9]{1,19}[HMS]|[+-][0-9]{4}|X|.*",
            ),
            0..12,
        ),
    ) {
        let mut ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261105T100000Z\n".to_owned();
        for (name, params, value) in lines {
            ics = ics + &name + &params + ":" + &value + "\n";
        }
        drop(Reader::new(&november(), &[]).read(ics.as_bytes()));
    }
}

proptest! {
    // Rules that never come to pass take a while.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_rule_panics(
        start in "[0-2][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(T[012][0-9][0-5][0-9]00Z?)?",
        rule in "FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY|SECONDLY)(;(COUNT=[0-9]{1,9}|INTERVAL=[0-9]{1,5}|UNTIL=[0-9]{8}|BYDAY=[+-]?[0-9]?(MO|TU|SU)|BYSETPOS=-?[0-9]{1,3}|BYMONTH=[0-9]{1,2}|BYMONTHDAY=-?[0-9]{1,2}|BYYEARDAY=-?[0-9]{1,3}|BYWEEKNO=-?[0-9]{1,2}|BYHOUR=[0-9]{1,2}|BYSECOND=[0-9]{1,2}|WKST=SU)){0,4}",
    ) {
        drop(Reader::new(&november(), &[]).read(calendar(&[&format!("DTSTART:{start}\nDURATION:PT1H\nRRULE:{rule}")]).as_bytes()));
    }
}
