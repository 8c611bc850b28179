//! Dates and times, as they are said and as they are written.
//!
//! This version understands ISO 8601, "today" and "tomorrow", weekdays, hours and parts of the day, in English and
//! Spanish. What is not understood is an error that leads to a question, never a guess.
//!
//! * `date`: the day that a text means.
//! * `time`: the hour, or the part of the day, that a text means.
//! * `moment`: written date-times, with or without an offset.

mod date;
mod moment;
mod time;

#[cfg(test)]
mod tests;

pub use date::{DateProblem, date};
pub use moment::{Moment, in_zone, moment};
pub use time::{DayPart, TimeOfDay, TimeProblem, time};
