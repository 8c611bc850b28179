//! The lines of an iCalendar object, and the components that they make up.

use std::borrow::Cow;

use crate::domain::external_calendar::CalendarError;

/// The most bytes that are read.
pub const BYTES_LIMIT: usize = 5 * 1024 * 1024;

/// The most components that are read.
const COMPONENTS_LIMIT: usize = 20_000;

/// How deep components lie in each other: an alarm in an event in a calendar is three.
const DEPTH_LIMIT: usize = 16;

/// Properties whose values are times. These begin with a year, by which they are told from a TZID that has a colon and is not quoted.
const TIMES: [&str; 5] = ["DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"];

/// One line: a property.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its name.
    pub name: &'a str,
    params: &'a str,
    /// Its value, as it is written.
    pub value: &'a str,
}

/// A component: its properties and the components in it.
#[derive(Debug, Default)]
pub struct Component<'a> {
    /// Its name, such as `VEVENT`.
    pub name: &'a str,
    lines: Vec<Line<'a>>,
    /// What lies in it.
    pub children: Vec<Component<'a>>,
}

impl<'a> Line<'a> {
    /// Reads a line that is unfolded.
    pub fn new(text: &'a str) -> Option<Self> {
        let (name, _) = text.split_once([';', ':'])?;
        let rest = text.get(name.len()..)?;
        // A colon in quotation marks belongs to a parameter.
        let mut is_quoted = false;
        let mut colons = rest.match_indices(['"', ':']).filter(|(_, found)| {
            is_quoted ^= *found == "\"";
            *found == ":" && !is_quoted
        });
        let (first, _) = colons.next()?;
        let begins_time = |at: usize| rest.get(at + 1..).is_some_and(has_year);
        let colon = if begins_time(first)
            || !TIMES
                .iter()
                .any(|time| time.eq_ignore_ascii_case(name.trim()))
        {
            first
        } else {
            colons
                .map(|(at, _)| at)
                .find(|at| begins_time(*at))
                .unwrap_or(first)
        };
        Some(Self {
            name: name.trim(),
            params: rest.get(..colon)?,
            value: rest.get(colon + 1..)?,
        })
    }

    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of a parameter, without its quotation marks.
    pub fn param(&self, name: &str) -> Option<&'a str> {
        let mut is_quoted = false;
        let params = self.params.split(move |character| {
            is_quoted ^= character == '"';
            character == ';' && !is_quoted
        });
        params
            .filter_map(|param| param.split_once('='))
            .find(|(found, _)| found.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().trim_matches('"'))
    }
}

impl<'a> Component<'a> {
    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The properties of this name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Line<'a>> + 's {
        self.lines.iter().copied().filter(move |line| line.is(name))
    }

    /// The first property of this name.
    pub fn first(&self, name: &str) -> Option<Line<'a>> {
        self.lines.iter().copied().find(|line| line.is(name))
    }

    /// Whether a property has this value.
    pub fn says(&self, name: &str, value: &str) -> bool {
        self.first(name)
            .is_some_and(|line| line.value.trim().eq_ignore_ascii_case(value))
    }
}

fn has_year(value: &str) -> bool {
    let year = value.trim_start().get(..4);
    year.is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Puts lines together again that were folded. That is done before characters are read, since some programs fold within one.
pub fn unfold(bytes: &[u8]) -> Result<String, CalendarError> {
    if bytes.len() > BYTES_LIMIT {
        return Err(CalendarError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Some end lines by this alone.
    let ends = |byte: &u8| if *byte == b'\r' { b'\n' } else { *byte };
    let bytes: Cow<'_, [u8]> = if bytes.contains(&b'\n') {
        bytes.into()
    } else {
        bytes.iter().map(ends).collect()
    };
    let mut unfolded = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some((b' ' | b'\t', rest)) = line.split_first() {
            while let Some(b'\n' | b'\r') = unfolded.last() {
                unfolded.pop();
            }
            unfolded.extend_from_slice(rest);
        } else {
            unfolded.extend_from_slice(line);
        }
    }
    Ok(String::from_utf8_lossy(&unfolded).into_owned())
}

/// The components on the outside of an unfolded text: one `VCALENDAR`, or several. What is not closed ends with the text.
pub fn components(text: &str) -> Result<Vec<Component<'_>>, CalendarError> {
    let mut open: Vec<Component<'_>> = vec![Component::default()];
    let mut count = 0;
    for line in text.lines().filter_map(Line::new) {
        if line.is("BEGIN") {
            count += 1;
            if count > COMPONENTS_LIMIT || open.len() > DEPTH_LIMIT {
                return Err(CalendarError::TooLarge);
            }
            open.push(Component {
                name: line.value.trim(),
                ..Component::default()
            });
        } else if line.is("END") {
            // The end of what was never begun is passed over; what was not ended ends with what it lies in.
            let name = line.value.trim();
            let depth = open.iter().rposition(|component| component.is(name));
            close(&mut open, depth.filter(|depth| *depth > 0));
        } else if let Some(component) = open.last_mut() {
            component.lines.push(line);
        }
    }
    close(&mut open, Some(1));
    Ok(open.pop().unwrap_or_default().children)
}

/// Closes components until so many are open.
fn close(open: &mut Vec<Component<'_>>, depth: Option<usize>) {
    let Some(depth) = depth else { return };
    while open.len() > depth.max(1)
        && let Some(closed) = open.pop()
        && let Some(around) = open.last_mut()
    {
        around.children.push(closed);
    }
}

/// The lines of an object as they are written, each with what it was folded into.
pub fn logical(object: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = object;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_end = |at: &usize| {
            let after = rest.get(at + 1);
            rest.get(*at) == Some(&b'\n') && !matches!(after, Some(b' ' | b'\t'))
        };
        let end = (0..rest.len()).find(is_end).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}
