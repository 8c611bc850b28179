//! What other programs write that RFC 5545 does not say, or says otherwise. Each case is of a public report on some calendar program.

use super::tests::{november, read, times, written};
use crate::calendar::icalendar::{Contents, Reader};

const TEN_TO_ELEVEN: [&str; 1] = ["20261105T170000Z/20261105T180000Z"];

/// A calendar with these lines before an event at ten, in a zone.
fn at_ten(lines: &str, tzid: &str) -> Contents {
    let ics = format!(
        "BEGIN:VCALENDAR\n{lines}BEGIN:VEVENT\nUID:1\nDTSTART;TZID={tzid}:20261105T100000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    read(&ics, &november())
}

fn starts(contents: &Contents) -> Vec<String> {
    let starts = written(contents).into_iter();
    starts.map(|(start, ..)| start).collect()
}

/// A zone of one offset.
fn zone(id: &str, offset: &str) -> String {
    format!(
        "BEGIN:VTIMEZONE\nTZID:{id}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\n\
         END:VTIMEZONE\n"
    )
}

#[test]
fn a_zone_is_found_however_its_name_is_quoted_or_escaped() {
    let bern = "(UTC+01:00) Amsterdam, Berlin, Bern";
    let escaped = bern.replace(',', "\\,");
    for (id, tzid) in [
        ("GMT+05:30", "GMT+05:30"),
        ("GMT+05:30", "\"GMT+05:30\""),
        (bern, &*format!("\"{bern}\"")),
        (&*escaped, &*format!("\"{bern}\"")),
        (&*escaped, bern),
        ("GMT Standard Time 1", "GMT Standard Time 1"),
        ("Customized Time Zone", "Customized Time Zone"),
    ] {
        let found = at_ten(&zone(id, "+0530"), tzid);
        assert_eq!(starts(&found), ["20261105T043000Z"], "{tzid}");
        assert_eq!(found.unreadable, 0, "{tzid}");
    }
}

#[test]
fn a_zone_that_nothing_defines_is_known_by_its_name_or_offset() {
    for (tzid, start) in [
        ("tzone://Microsoft/Utc", "20261105T100000Z"),
        ("utc", "20261105T100000Z"),
        ("america/denver", "20261105T170000Z"),
        ("GMT+05:30", "20261105T043000Z"),
        ("UTC+05:30", "20261105T043000Z"),
        ("GMT-0700", "20261105T170000Z"),
        ("UTC+3", "20261105T070000Z"),
        ("Etc/GMT+7", "20261105T170000Z"),
        // Nobody knows these, so that they are on the organization's clock.
        ("UTC+99", "20261105T170000Z"),
        ("tzone://Microsoft/Custom", "20261105T170000Z"),
    ] {
        assert_eq!(starts(&at_ten("", tzid)), [start], "{tzid}");
    }
}

#[test]
fn several_events_that_share_an_id_are_all_busy() {
    let one = "DTSTART:20261105T170000Z\nDURATION:PT1H";
    let other = "DTSTART:20261106T170000Z\nDURATION:PT1H";
    let both = [
        "20261105T170000Z/20261105T180000Z",
        "20261106T170000Z/20261106T180000Z",
    ];
    assert_eq!(times(&[one, other]), both);
    assert_eq!(times(&[other, one]), both);
    // A newer one takes the place of those before.
    let newer = other.to_owned() + "\nSEQUENCE:1";
    assert_eq!(times(&[one, &newer]), both[1..]);
    let series = "DTSTART:20261102T170000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2";
    assert_eq!(times(&[series, one]).len(), 3);
    let ics = super::tests::calendar(&[one, other]);
    let events = read(&ics, &november()).events;
    assert_ne!(events[0].instance, events[1].instance);
}

#[test]
fn a_rule_of_exceptions_leaves_out_what_it_says() {
    let series =
        "DTSTART;TZID=America/Denver:20261105T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3";
    assert_eq!(times(&[series]).len(), 3);
    let but = |rule: &str| times(&[&format!("{series}\nEXRULE:{rule}")]);
    assert_eq!(
        but("FREQ=WEEKLY;INTERVAL=2"),
        ["20261112T170000Z/20261112T180000Z"]
    );
    assert_eq!(but("FREQ=WEEKLY;UNTIL=20261112T170000Z").len(), 1);
    assert_eq!(but("FREQ=NEVER").len(), 3);
}

#[test]
fn days_that_are_left_out_are_known_by_the_moment_at_which_they_begin() {
    let berlin = super::Window {
        zone: chrono_tz::Europe::Berlin,
        ..november()
    };
    for (exception, window) in [
        ("EXDATE:20261103", &berlin),
        ("EXDATE;VALUE=DATE:20261103", &berlin),
        ("EXDATE:20261103T000000", &berlin),
        (
            "EXDATE;TZID=W. Europe Standard Time:20261103T000000",
            &berlin,
        ),
        ("EXDATE:20261103T000000Z", &berlin),
        ("EXDATE:20261102T230000Z", &berlin),
        ("EXDATE:20261103T000000Z", &november()),
        ("EXDATE:20261103T070000Z", &november()),
    ] {
        let event = format!("DTSTART;VALUE=DATE:20261102\nRRULE:FREQ=DAILY;COUNT=3\n{exception}");
        let found = read(&super::tests::calendar(&[&event]), window);
        assert_eq!(starts(&found), ["20261102", "20261104"], "{exception}");
    }
}

#[test]
fn lines_end_however_a_machine_ends_them() {
    let event = "DTSTART:20261105T17\n 0000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COU\n NT=1";
    let ics = super::tests::calendar(&[event]);
    for end in ["\n", "\r\n", "\r", "\r\r\n"] {
        let found = read(&ics.replace('\n', end), &november());
        assert_eq!(starts(&found), ["20261105T170000Z"], "{end:?}");
    }
    // A line that is folded within a character, and what is not closed.
    let mut bytes = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:\xc3\r\n \xbc\r\nDTSTART:20261105T170000Z\r\nDTEND:20261105T180000Z".to_vec();
    for _ in 0..2 {
        let found = Reader::new(&november(), &[]).read(&bytes).unwrap();
        assert_eq!(starts(&found), ["20261105T170000Z"]);
        bytes.splice(..0, *b"\xef\xbb\xbf");
    }
}

#[test]
fn a_day_or_time_may_be_written_with_hyphens_and_colons() {
    assert_eq!(
        times(&["DTSTART:2026-11-05T17:00:00Z\nDTEND:2026-11-05T18:00:00Z"]),
        TEN_TO_ELEVEN
    );
    assert_eq!(
        times(&["DTSTART;VALUE=DATE:2026-11-05"]),
        ["20261105/20261106"]
    );
    let series =
        "DTSTART:20261105T170000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=2026-11-06T23:59:59Z";
    assert_eq!(times(&[series]).len(), 2);
}

#[test]
fn what_is_cancelled_is_spelled_in_two_ways() {
    let event = "DTSTART:20261105T170000Z\nDURATION:PT1H";
    for status in ["CANCELLED", "CANCELED", "cancelled"] {
        let event = format!("{event}\nSTATUS:{status}");
        let found = read(&super::tests::calendar(&[&event]), &november());
        assert!(found.events.is_empty() && found.is_cancelled, "{status}");
    }
}

#[test]
fn a_rule_that_says_nothing_of_a_part_is_a_rule() {
    let many = |rule: &str| {
        let event = format!("DTSTART:20261102T170000Z\nDURATION:PT1H\nRRULE:{rule}");
        let found = read(&super::tests::calendar(&[&event]), &november());
        (found.events.len(), found.unreadable)
    };
    for (rule, count) in [
        ("FREQ=WEEKLY;COUNT=3;", 3),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=", 3),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=", 3),
        ("FREQ=WEEKLY;COUNT=3;INTERVAL=", 3),
        ("FREQ=WEEKLY;COUNT=3;INTERVAL=0", 3),
        ("FREQ=WEEKLY; COUNT=3; WKST = SU", 3),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261109T170000Z", 2),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20261130T170000Z", 2),
        ("RSCALE=GREGORIAN;FREQ=WEEKLY;COUNT=3;SKIP=OMIT", 3),
        ("freq=weekly;count=3;byday=mo", 3),
    ] {
        assert_eq!(many(rule), (count, 0), "{rule}");
    }
}

#[test]
fn an_exception_that_repeats_the_rule_is_one_exception() {
    let found = times(&[
        "DTSTART:20261102T170000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3",
        "RECURRENCE-ID:20261103T170000Z\nDTSTART:20261103T200000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3",
    ]);
    assert_eq!(
        found,
        [
            "20261102T170000Z/20261102T180000Z",
            "20261103T200000Z/20261103T210000Z",
            "20261104T170000Z/20261104T180000Z",
        ]
    );
}

#[test]
fn an_end_that_cannot_be_read_is_counted_and_a_length_beside_it_is_believed() {
    let event = "DTSTART:20261105T170000Z\nDTEND:soon";
    let found = read(&super::tests::calendar(&[event]), &november());
    assert_eq!(found.unreadable, 1);
    assert_eq!(times(&[&format!("{event}\nDURATION:PT1H")]), TEN_TO_ELEVEN);
    for duration in ["PT60M", "P0DT1H", "PT1H0M0S", "+PT1H", "-PT1H", "P0W0DT1H"] {
        let event = format!("DTSTART:20261105T170000Z\nDURATION:{duration}");
        assert_eq!(times(&[&event]), TEN_TO_ELEVEN, "{duration}");
    }
}

#[test]
fn the_first_and_the_last_year_are_read_like_any_other() {
    assert_eq!(
        times(&["DTSTART:00010101T000000Z\nDTEND:99991231T235959Z"]),
        ["00010101T000000Z/99991231T235959Z"]
    );
    assert_eq!(
        times(&["DTSTART;VALUE=DATE:16041105\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=5"]),
        ["20261105/20261106"]
    );
    let until = "DTSTART:20261128T170000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=99991231T235959Z";
    assert_eq!(times(&[until]).len(), 3);
}

#[test]
fn a_day_that_is_not_in_each_year_or_month_is_left_out_there() {
    let leap = "DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY";
    for (year, count) in [(2026, 0), (2028, 1)] {
        let window = super::Window {
            first: chrono::NaiveDate::from_ymd_opt(year, 2, 1).unwrap(),
            last: chrono::NaiveDate::from_ymd_opt(year, 3, 31).unwrap(),
            ..november()
        };
        let found = read(&super::tests::calendar(&[leap]), &window);
        assert_eq!(found.events.len(), count, "{year}");
    }
    assert_eq!(
        times(&["DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY"]),
        Vec::<String>::new()
    );
}

#[test]
fn nobody_is_away_for_days_that_they_were_invited_to_and_did_not_answer() {
    let me = ["ann@example.com".to_owned()];
    let is_busy = |time: &str, answer: &str| {
        let event = format!("{time}\nATTENDEE;PARTSTAT={answer}:mailto:ann@example.com");
        let ics = super::tests::calendar(&[&event]);
        Reader::new(&november(), &me)
            .read(ics.as_bytes())
            .unwrap()
            .events[0]
            .is_busy
    };
    let (day, hour) = (
        "DTSTART;VALUE=DATE:20261105",
        "DTSTART:20261105T170000Z\nDURATION:PT1H",
    );
    assert!(!is_busy(day, "NEEDS-ACTION") && is_busy(hour, "NEEDS-ACTION"));
    assert!(!is_busy(day, "DECLINED") && !is_busy(hour, "DECLINED"));
    assert!(is_busy(day, "TENTATIVE") && is_busy(day, "ACCEPTED"));
}
