//! What a model is told beside the words of an answer.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::{language::Language, slot, speech};

/// What a model needs beside an answer that has dates in it: models have no clock, and an exact text to book with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The texts that the spoken options are chosen by, in the order in which they are spoken.
    pub options: Vec<String>,
}

impl Note {
    /// The note on one line: `options: 2026-12-01T09:00, 2026-12-01T10:00; today: Tuesday 2026-11-24, America/Denver`.
    #[must_use]
    pub fn write(&self, today: NaiveDate, zone: Tz) -> String {
        let options = match self.options.as_slice() {
            [] => String::new(),
            options => ["options: ", &options.join(", "), "; "].concat(),
        };
        let (weekday, day) = (speech::weekday(today, Language::English), slot::day(today));
        [&options, "today: ", weekday, " ", &day, ", ", zone.name()].concat()
    }
}
