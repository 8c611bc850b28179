//! Durations as they are said and written, and what is none.

use super::minutes;
use proptest::prelude::*;

#[test]
fn durations_are_read_as_they_are_said_and_written() {
    let mut rows = 0;
    for line in include_str!("../../../fixtures/when/durations.txt").lines() {
        if line.starts_with('#') {
            continue;
        }
        let Some((said, expected)) = line.split_once(" | ") else {
            continue;
        };
        rows += 1;
        assert_eq!(minutes(said), expected.parse().ok(), "{said:?}");
    }
    assert!(rows > 100, "{rows} rows");
}

#[test]
fn nothing_and_a_story_are_no_duration() {
    for said in ["", "  ", &"1 hour ".repeat(50)] {
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
