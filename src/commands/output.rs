//! What commands print to standard output.
//!
//! A reader that closes the pipe early, as `head` does, has what it wanted: that is no error. Text for people loses whatever would steer a
//! terminal, because names, notes and what callers' agents send are other people's words.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

use anyhow::Context;

/// Prints a text and ends the line.
///
/// # Errors
///
/// When standard output cannot be written to, unless nobody reads it any more.
pub(super) fn line(text: impl Display) -> anyhow::Result<()> {
    write(format_args!("{text}\n"))
}

/// Prints a text as it is.
///
/// # Errors
///
/// When standard output cannot be written to, unless nobody reads it any more.
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
