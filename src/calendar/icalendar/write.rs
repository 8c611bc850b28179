//! Lines of iCalendar: text that is escaped, and lines that are folded.

use chrono::{DateTime, Utc};

/// The most bytes of a line, without its line break.
const LINE_LIMIT: usize = 75;

/// A text as the value of a property.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '\r' => {
                characters.next_if_eq(&'\n');
                escaped.push_str("\\n");
            }
            '\n' => escaped.push_str("\\n"),
            _ if is_allowed(character) => escaped.push(character),
            _ => {}
        }
    }
    escaped
}

/// The text of a value that is escaped.
#[must_use]
pub fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match (character, characters.as_str().chars().next()) {
            ('\\', Some(escaped)) => {
                characters.next();
                text.push(if matches!(escaped, 'n' | 'N') {
                    '\n'
                } else {
                    escaped
                });
            }
            _ => text.push(character),
        }
    }
    text
}

/// Appends one line, such as `SUMMARY` or `DTSTART;VALUE=DATE` with its value. It is folded between characters, so that no line is longer
/// than 75 bytes, and ends with CRLF.
pub fn line(out: &mut String, name_and_params: &str, value: &str) {
    let mut used = 0;
    let characters = name_and_params
        .chars()
        .chain([':'])
        .chain(value.chars())
        .filter(|character| is_allowed(*character));
    for character in characters {
        if used + character.len_utf8() > LINE_LIMIT {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(character);
        used += character.len_utf8();
    }
    out.push_str("\r\n");
}

/// A moment in UTC, such as `20261105T143000Z`.
#[must_use]
pub fn utc(moment: DateTime<Utc>) -> String {
    moment.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A line break within a value would begin another property, and RFC 5545 allows no other control characters than the tab.
fn is_allowed(character: char) -> bool {
    character == '\t' || !character.is_control()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            escape("Smith; 5, Elm St\\rear\r\ngate\rkey\nbell"),
            "Smith\\; 5\\, Elm St\\\\rear\\ngate\\nkey\\nbell"
        );
        assert_eq!(escape("a\u{0}b\u{7f}c\td\u{85}e"), "abc\tde");
    }

    #[test]
    fn a_long_line_is_folded_between_characters() {
        let mut out = String::new();
        line(&mut out, "SUMMARY", &"ü".repeat(60));
        let lines: Vec<_> = out.split_terminator("\r\n").collect();
        assert_eq!(
            lines,
            [
                format!("SUMMARY:{}", "ü".repeat(33)),
                format!(" {}", "ü".repeat(27))
            ]
        );
        let mut out = String::new();
        line(&mut out, "A", &"x".repeat(73));
        assert_eq!(out, format!("A:{}\r\n", "x".repeat(73)));
    }

    #[test]
    fn a_line_break_in_a_value_begins_no_property() {
        let mut out = String::new();
        line(&mut out, "UID", "1\r\nATTENDEE:mailto:a@example.com");
        assert_eq!(out, "UID:1ATTENDEE:mailto:a@example.com\r\n");
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        let moment = DateTime::from_timestamp(1_793_889_000, 0).unwrap();
        assert_eq!(utc(moment), "20261105T143000Z");
    }

    proptest! {
        #[test]
        fn what_was_folded_can_be_unfolded(text in ".*") {
            let mut out = String::new();
            line(&mut out, "DESCRIPTION;LANGUAGE=en", &escape(&text));
            prop_assert!(out.ends_with("\r\n"));
            prop_assert!(out.split("\r\n").all(|line| line.len() <= LINE_LIMIT));
            let unfolded = out.replace("\r\n ", "");
            prop_assert_eq!(unfolded, format!("DESCRIPTION;LANGUAGE=en:{}\r\n", escape(&text)));
        }
    }
}
