//! What a command prints, and tables for people.

use serde_json::Value;

use crate::commands::output::{self, plain_line};

/// What a command prints: a sentence or a page for people, an object or a list for programs.
pub(in crate::commands) struct Report {
    pub(in crate::commands) sentence: String,
    pub(in crate::commands) object: Value,
}

impl Report {
    /// Prints its sentence or page for people, or its object in one line.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written to, unless nobody reads it any more.
    pub(in crate::commands) fn print(&self, as_json: bool) -> anyhow::Result<()> {
        if as_json {
            output::line(&self.object)
        } else {
            output::line(output::plain(&self.sentence))
        }
    }
}

/// A table whose columns line up; nothing follows the last word of a line.
pub(in crate::commands) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    // A cell keeps to its line.
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| plain_line(cell)).collect())
        .collect();
    let headings: Vec<String> = headings.iter().map(ToString::to_string).collect();
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(nth, heading)| {
            rows.iter()
                .filter_map(|row| row.get(nth))
                .chain([heading])
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        })
        .collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    let lines: Vec<String> = [&headings].into_iter().chain(&rows).map(line).collect();
    lines.join("\n")
}

/// `1 appointment`, `2 appointments`.
pub(in crate::commands) fn count(number: i64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Yes or no, for a table.
pub(in crate::commands) fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
