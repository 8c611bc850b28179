//! What commands print to standard output: reports, sentences, tables.
//!
//! A reader that closes the pipe early, as `head` does, has what it wanted: that is no error. Text for people loses whatever would steer a
//! terminal, because names, notes and what callers' agents send are other people's words.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{local::Local, organization::Named};

/// What a command prints: a sentence or a page for people, an object or a list for programs.
pub struct Report {
    pub(super) sentence: String,
    pub(super) object: Value,
    /// What is printed to standard error, so that standard output has only what a script needs, such as a secret.
    pub(super) note: Option<String>,
    /// The organization that was changed.
    pub(super) changed: Option<Named>,
    /// How the command ends once this is printed.
    pub(super) outcome: anyhow::Result<ExitCode>,
}

impl Report {
    /// A sentence, and the object of the same.
    pub(super) fn new(sentence: impl Into<String>, object: Value) -> Self {
        Self {
            sentence: sentence.into(),
            object,
            note: None,
            changed: None,
            outcome: Ok(ExitCode::SUCCESS),
        }
    }

    /// A table of records, or what is said where there are none; `noun` is counted above it.
    pub(super) fn list(
        records: &[impl Serialize],
        noun: Option<&str>,
        columns: &[(&str, &str)],
        none: &str,
    ) -> anyhow::Result<Self> {
        let sentence = match (listed(records, columns)?, noun) {
            (None, _) => none.to_owned(),
            (Some(table), None) => table,
            (Some(table), Some(noun)) => format!("{}.\n{table}", count(records.len(), noun)),
        };
        let mut object = serde_json::to_value(records)?;
        Local::UTC.localize(&mut object);
        Ok(Self::new(sentence, object))
    }

    /// The same with a note on standard error.
    pub(super) fn noted(self, note: String) -> Self {
        let note = Some(note);
        Self { note, ..self }
    }

    /// Prints its sentence or page for people, or its object in one line.
    pub(super) fn print(self, as_json: bool) -> anyhow::Result<ExitCode> {
        if let Some(note) = &self.note {
            eprintln!("{}", plain(note));
        }
        if let Some(Named { id, name }) = &self.changed
            && !as_json
            && !self.sentence.contains(name)
        {
            eprintln!("Organization: {} ({id})", plain_line(name));
        }
        if as_json {
            line(&self.object)?;
        } else {
            line(plain(&self.sentence))?;
        }
        self.outcome
    }
}

/// Records as a table, each column with its heading and the field that it shows; nothing where there are none.
pub(super) fn listed(
    records: &[impl Serialize],
    columns: &[(&str, &str)],
) -> anyhow::Result<Option<String>> {
    let mut rows = Vec::new();
    for record in records {
        let record = serde_json::to_value(record)?;
        let cells = columns.iter();
        rows.push(
            cells
                .map(|(_, field)| record.get(*field).map(cell).unwrap_or_default())
                .collect(),
        );
    }
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    Ok((!rows.is_empty()).then(|| table(&headings, &rows)))
}

/// A value as a table shows it.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        Value::String(text) => DateTime::parse_from_rfc3339(text)
            .map_or_else(|_no_instant| text.clone(), |at| utc(at.to_utc())),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A table whose columns line up; nothing follows the last word of a line.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let headings = headings.iter().map(ToString::to_string).collect();
    // A cell keeps to its line.
    let rows: Vec<Vec<String>> = [&headings]
        .into_iter()
        .chain(rows)
        .map(|row| row.iter().map(|cell| plain_line(cell)).collect())
        .collect();
    let width = |nth: usize| {
        let cells = rows.iter().filter_map(|row| row.get(nth));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lines below a heading, set in.
pub(super) fn section(title: &str, lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("  {line}")).collect();
    format!("{title}\n{}", lines.join("\n"))
}

/// A titled part of a page; `none` when there is nothing to show.
pub(super) fn part(title: &str, lines: Option<String>) -> String {
    section(title, &lines.unwrap_or_else(|| "none".to_owned()))
}

/// A table, or nothing when it has no rows.
pub(super) fn rows(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Option<String> {
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| table(headings, &rows))
}

/// The facts that there are, one a line, each behind its name.
pub(super) fn facts<const N: usize>(width: usize, facts: [(&str, Option<String>); N]) -> String {
    let facts = facts.into_iter();
    let lines: Vec<String> = facts
        .filter_map(|(name, fact)| Some(format!("  {name:width$}{}", fact?)))
        .collect();
    lines.join("\n")
}

/// Those of several parts that there are, between commas.
pub(super) fn joined<const N: usize>(parts: [Option<&str>; N]) -> String {
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

/// `2026-11-23 15:00 UTC`
pub(super) fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whose time a linked calendar is.
pub(super) fn whose(scope: &str, crew: Option<i32>) -> String {
    match (scope, crew) {
        ("crew", Some(crew)) => format!("crew {crew}"),
        ("any", _) => "any crew".to_owned(),
        (scope, _) => scope.to_owned(),
    }
}

/// `1 appointment`, `2 appointments`.
pub(super) fn count(number: impl TryInto<i64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// How many minutes ago something was, in words.
pub(super) fn ago(minutes: Option<i64>) -> String {
    match minutes {
        None => "never".to_owned(),
        Some(..1) => "less than a minute ago".to_owned(),
        Some(minutes @ ..120) => format!("{} ago", count(minutes, "minute")),
        Some(minutes @ ..2880) => format!("{} ago", count(minutes / 60, "hour")),
        Some(minutes) => format!("{} ago", count(minutes / 1440, "day")),
    }
}

/// Prints a text and ends the line. That nobody reads it any more is no failure.
pub(super) fn line(text: impl Display) -> anyhow::Result<()> {
    write(format_args!("{text}\n"))
}

/// Prints a text as it is.
pub(super) fn text(text: impl Display) -> anyhow::Result<()> {
    write(format_args!("{text}"))
}

fn write(text: std::fmt::Arguments<'_>) -> anyhow::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_fmt(text).and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written to"),
    }
}

/// A text without what steers a terminal: control characters other than line ends, and overrides of the direction of writing.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !(c.is_control() || is_direction(*c)))
        .collect()
}

/// A text of one line, as [`plain`].
pub(super) fn plain_line(text: &str) -> String {
    plain(&text.replace(['\n', '\r'], " "))
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left_in_a_text() {
        assert_eq!(plain("a\u{1b}[31mb\u{7}\r\nc\td"), "a[31mb\nc d");
        assert_eq!(plain("x\u{9b}1m\u{202e}y\u{2066}z\u{7f}"), "x1myz");
        assert_eq!(plain("Peña & Söhne 水"), "Peña & Söhne 水");
        assert_eq!(plain_line("one\ntwo"), "one two");
    }
}
