//! An appointment as an object of a calendar: written anew, or into what somebody has made of it.

use super::{
    lines::{Line, logical, unfold},
    write::{escape, line, utc},
};
use crate::domain::external_calendar::{CalendarError, Entry};

/// Which appointment an event is of.
const APPOINTMENT: &str = "X-FRONTDESK-APPOINTMENT";

/// What is ours in an event. A `DURATION` would contradict the end.
const OWN: &[&str] = &[
    "DTSTAMP",
    "LAST-MODIFIED",
    "DTSTART",
    "DTEND",
    "DURATION",
    "STATUS",
    "TRANSP",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    APPOINTMENT,
];

/// An event while it is passed over.
#[derive(Default)]
struct Passed<'a> {
    lines: Vec<&'a [u8]>,
    kept: Vec<&'a [u8]>,
    is_of_entry: bool,
    is_exception: bool,
}

/// The object of an appointment.
#[must_use]
pub fn create(entry: &Entry) -> Vec<u8> {
    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//frontdesk//EN");
    line(&mut out, "BEGIN", "VEVENT");
    line(&mut out, "UID", &entry.key.to_string());
    out.push_str(&own(entry));
    line(&mut out, "END", "VEVENT");
    line(&mut out, "END", "VCALENDAR");
    out.into_bytes()
}

/// The object with what is ours in it as it is to be; alarms, people and whatever else somebody added remain. None where it has no event
/// with the id of the entry.
///
/// # Errors
///
/// When it is too large.
pub fn update(object: &[u8], entry: &Entry) -> Result<Option<Vec<u8>>, CalendarError> {
    let key = entry.key.to_string();
    let mut out = Vec::new();
    let mut is_updated = false;
    let mut open: Vec<String> = Vec::new();
    let mut event: Option<Passed<'_>> = None;
    for raw in logical(object) {
        let text = unfold(raw)?;
        let Some(found) = Line::new(text.trim_end()) else {
            continue;
        };
        let value = found.value.trim();
        if found.is("BEGIN") {
            open.push(value.to_ascii_uppercase());
            if open.len() == 2 && value.eq_ignore_ascii_case("VEVENT") {
                event = Some(Passed::default());
            }
        }
        let Some(passed) = &mut event else {
            push(&mut out, raw);
            if found.is("END") {
                open.pop();
            }
            continue;
        };
        passed.lines.push(raw);
        let is_direct = open.len() == 2;
        if is_direct {
            passed.is_of_entry |= found.is("UID") && value == key;
            passed.is_exception |= found.is("RECURRENCE-ID");
        }
        if !(is_direct && OWN.iter().any(|name| found.is(name))) {
            passed.kept.push(raw);
        }
        if found.is("END") {
            open.pop();
            if open.len() < 2 {
                let is_ours = passed.is_of_entry && !passed.is_exception && !is_updated;
                passed.write(&mut out, is_ours.then_some(entry));
                is_updated |= is_ours;
                event = None;
            }
        }
    }
    Ok(is_updated.then_some(out))
}

impl Passed<'_> {
    /// Writes it as it was, or with what an entry says.
    fn write(&self, out: &mut Vec<u8>, entry: Option<&Entry>) {
        let Some(entry) = entry else {
            self.lines.iter().for_each(|raw| push(out, raw));
            return;
        };
        for (number, raw) in self.kept.iter().enumerate() {
            push(out, raw);
            if number == 0 {
                out.extend_from_slice(own(entry).as_bytes());
            }
        }
    }
}

/// The lines that are ours.
fn own(entry: &Entry) -> String {
    let mut out = String::new();
    let changed = utc(entry.changed_at);
    line(&mut out, "DTSTAMP", &changed);
    line(&mut out, "LAST-MODIFIED", &changed);
    line(&mut out, "DTSTART", &utc(entry.start));
    line(&mut out, "DTEND", &utc(entry.end));
    let status = if entry.is_tentative {
        "TENTATIVE"
    } else {
        "CONFIRMED"
    };
    line(&mut out, "STATUS", status);
    line(&mut out, "TRANSP", "OPAQUE");
    line(&mut out, "SUMMARY", &escape(&entry.title));
    for (name, text) in [
        ("LOCATION", &entry.place),
        ("DESCRIPTION", &entry.description),
    ] {
        if let Some(text) = text {
            line(&mut out, name, &escape(text));
        }
    }
    line(&mut out, APPOINTMENT, &entry.appointment_id.to_string());
    out
}

/// Appends a line, which may be folded, with the line break that it lacks.
fn push(out: &mut Vec<u8>, raw: &[u8]) {
    out.extend_from_slice(raw);
    if !raw.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn entry() -> Entry {
        Entry {
            appointment_id: Uuid::from_u128(1),
            key: Uuid::from_u128(2),
            start: DateTime::from_timestamp(1_793_898_000, 0).unwrap(),
            end: DateTime::from_timestamp(1_793_901_600, 0).unwrap(),
            zone: chrono_tz::America::Denver,
            is_tentative: false,
            title: "Drain, kitchen; Smith".to_owned(),
            place: Some("5 Elm St\nDenver".to_owned()),
            description: None,
            changed_at: DateTime::from_timestamp(1_793_000_000, 0).unwrap(),
            invitee: None,
        }
    }

    #[test]
    fn an_appointment_is_one_event_without_people_or_alarms() {
        assert_eq!(
            String::from_utf8(create(&entry())).unwrap(),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//frontdesk//EN\r\nBEGIN:VEVENT\r\n\
             UID:00000000-0000-0000-0000-000000000002\r\nDTSTAMP:20261026T073320Z\r\nLAST-MODIFIED:20261026T073320Z\r\n\
             DTSTART:20261105T170000Z\r\nDTEND:20261105T180000Z\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n\
             SUMMARY:Drain\\, kitchen\\; Smith\r\nLOCATION:5 Elm St\\nDenver\r\n\
             X-FRONTDESK-APPOINTMENT:00000000-0000-0000-0000-000000000001\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
    }

    #[test]
    fn what_others_added_to_an_event_remains() {
        let object = "BEGIN:VCALENDAR\nPRODID:-//Other//EN\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n\
             BEGIN:VEVENT\nUID:00000000-0000-0000-0000-000000000002\nRECURRENCE-ID:20261105T170000Z\nSUMMARY:An exception\nEND:VEVENT\n\
             BEGIN:VEVENT\nDTSTART;TZID=X:20261106T\n 090000\nDURATION:PT3H\nSUMMARY:A long title that was\n  folded\nUID:00000000-0000-0000-0000-000000000002\n\
             ATTENDEE;CN=\"Ann: Smith\":mailto:ann\n @example.com\nX-APPLE-TRAVEL:5\nDESCRIPTION:old\nBEGIN:VALARM\nTRIGGER:-PT10M\nDESCRIPTION:Alarm\nDURATION:PT5M\nEND:VALARM\n\
             END:VEVENT\nEND:VCALENDAR";
        let updated = update(object.as_bytes(), &entry()).unwrap().unwrap();
        let updated = String::from_utf8(updated).unwrap();
        assert_eq!(
            updated,
            "BEGIN:VCALENDAR\nPRODID:-//Other//EN\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n\
             BEGIN:VEVENT\nUID:00000000-0000-0000-0000-000000000002\nRECURRENCE-ID:20261105T170000Z\nSUMMARY:An exception\nEND:VEVENT\n\
             BEGIN:VEVENT\nDTSTAMP:20261026T073320Z\r\nLAST-MODIFIED:20261026T073320Z\r\n\
             DTSTART:20261105T170000Z\r\nDTEND:20261105T180000Z\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n\
             SUMMARY:Drain\\, kitchen\\; Smith\r\nLOCATION:5 Elm St\\nDenver\r\n\
             X-FRONTDESK-APPOINTMENT:00000000-0000-0000-0000-000000000001\r\nUID:00000000-0000-0000-0000-000000000002\n\
             ATTENDEE;CN=\"Ann: Smith\":mailto:ann\n @example.com\nX-APPLE-TRAVEL:5\nBEGIN:VALARM\nTRIGGER:-PT10M\nDESCRIPTION:Alarm\nDURATION:PT5M\nEND:VALARM\n\
             END:VEVENT\nEND:VCALENDAR\r\n"
        );
        let again = update(updated.as_bytes(), &entry()).unwrap().unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), updated);
    }

    #[test]
    fn an_event_with_another_id_is_not_ours() {
        let other = Entry {
            key: Uuid::from_u128(3),
            ..entry()
        };
        assert_eq!(update(&create(&other), &entry()).unwrap(), None);
        assert_eq!(update(b"not a calendar", &entry()).unwrap(), None);
    }
}
