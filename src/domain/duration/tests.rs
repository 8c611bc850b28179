//! Durations as they are said and written, and what is none.

use super::minutes;
use proptest::prelude::*;

#[test]
fn durations_are_read_as_they_are_said_and_written() {
    let table = [
        ("1 hour", 60),
        ("an hour", 60),
        ("one hour", 60),
        ("hour", 60),
        ("1 hr", 60),
        ("1h", 60),
        ("one-hour", 60),
        ("about an hour", 60),
        ("an hour or so", 60),
        ("1.0 hours", 60),
        ("1 hora", 60),
        ("una hora", 60),
        ("una horita", 60),
        ("como una hora", 60),
        ("90", 90),
        ("90.0", 90),
        ("90 min", 90),
        ("90min", 90),
        ("90 mins.", 90),
        ("90 minutes", 90),
        ("90-minute", 90),
        ("ninety minutes", 90),
        ("noventa minutos", 90),
        ("noventa", 90),
        ("1.5 hours", 90),
        ("1,5 horas", 90),
        ("1.50 hrs", 90),
        ("1 1/2 hours", 90),
        ("1½ hours", 90),
        ("one and a half hours", 90),
        ("an hour and a half", 90),
        ("an hour and half", 90),
        ("1 hour and a half", 90),
        ("1 hour 30 minutes", 90),
        ("1 hour and 30 minutes", 90),
        ("1 hr 30 min", 90),
        ("1h30", 90),
        ("1h30m", 90),
        ("1:30", 90),
        ("01:30", 90),
        ("01:30:00", 90),
        ("PT1H30M", 90),
        ("PT90M", 90),
        ("PT1.5H", 90),
        ("pt5400s", 0),
        ("hora y media", 90),
        ("una hora y media", 90),
        ("una hora con treinta minutos", 90),
        ("1 hora 30", 90),
        ("hora y cuarto", 75),
        ("an hour and a quarter", 75),
        ("half an hour", 30),
        ("half hour", 30),
        ("a half hour", 30),
        ("half-hour", 30),
        ("media hora", 30),
        ("media horita", 30),
        ("30m", 30),
        ("PT30M", 30),
        ("0:30", 30),
        ("quarter of an hour", 15),
        ("un cuarto de hora", 15),
        ("three quarters of an hour", 45),
        ("tres cuartos de hora", 45),
        ("3/4 hour", 45),
        ("45 minutos", 45),
        ("forty-five minutes", 45),
        ("cuarenta y cinco minutos", 45),
        ("forty five", 45),
        ("two hours", 120),
        ("2 hrs", 120),
        ("2h", 120),
        ("dos horas", 120),
        ("a couple of hours", 120),
        ("a couple hours", 120),
        ("un par de horas", 120),
        ("one hundred twenty minutes", 120),
        ("a hundred and twenty minutes", 120),
        ("ciento veinte minutos", 120),
        ("2 1/2 hours", 150),
        ("two and a half hours", 150),
        ("dos horas y media", 150),
        ("dos horas y cuarenta y cinco minutos", 165),
        ("three hours", 180),
        ("8 hours", 480),
    ];
    for (said, expected) in table {
        let expected = (expected > 0).then_some(expected);
        assert_eq!(minutes(said), expected, "{said:?}");
    }
}

#[test]
fn what_is_no_duration_is_not_guessed() {
    let long = "1 hour ".repeat(50);
    for said in [
        "",
        " ",
        "0",
        "0 minutes",
        "-30",
        "1.5",
        "half",
        "an",
        "and",
        "hour and",
        "one or two hours",
        "1 or 2 hours",
        "60 to 90 minutes",
        "a few hours",
        "less than an hour",
        "not an hour",
        "all day",
        "a day",
        "un día",
        "hours hours",
        "1 hour 90",
        "1:75",
        "1:5",
        "2/3 hour",
        "PT",
        "P1D",
        "PTH",
        "banana",
        "{{duration}}",
        "99999999999999999999",
        "😀",
        &long,
    ] {
        assert_eq!(minutes(said), None, "{said:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(said in "\\PC{0,90}|[0-9hm:., PT/½]{0,20}|(an|hour|half|and|a|one|two|quarters|hora|y|media|1|30|cien|par| |-){0,9}") {
        let _ = minutes(&said);
    }

    #[test]
    fn minutes_and_hours_are_read_back(count in 1u32..2000) {
        prop_assert_eq!(minutes(&count.to_string()), Some(count));
        prop_assert_eq!(minutes(&format!("{count}.0")), Some(count));
        prop_assert_eq!(minutes(&format!("{count} min")), Some(count));
        prop_assert_eq!(minutes(&format!("{}h{:02}", count / 60, count % 60)), Some(count));
        prop_assert_eq!(minutes(&format!("PT{}H{}M", count / 60, count % 60)), Some(count));
        prop_assert_eq!(minutes(&format!("{count} horas")), Some(count * 60));
    }
}
