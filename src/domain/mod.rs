//! Values without I/O and without a clock: what callers say, and what they hear, as types that hold their own rules.
//!
//! | module | about |
//! |---|---|
//! | [`address`] | postal codes, as said |
//! | [`area`] | the time zones of area codes |
//! | [`catalogue`] | what an organization does, and which of it is meant |
//! | [`choice`] | what callers say of options that they were offered |
//! | [`danger`] | danger to life in a caller's own words |
//! | [`duration`] | how long an appointment is to be, as said |
//! | [`event_text`] | what a calendar shows of an appointment |
//! | [`external_calendar`] | calendars kept elsewhere: what is read from them and written into them |
//! | [`language`] | the languages that are spoken here |
//! | [`mask`] | arguments of a tool call without anything personal |
//! | [`name`] | names of people, as said |
//! | [`phone`] | telephone numbers, as said and as signalled |
//! | [`placeholder`] | placeholders that models and forms write |
//! | [`slot`] | free times, and which are nearest to the wanted one |
//! | [`speech`] | text that is read aloud: dates, hours, lists |
//! | [`urgency`] | how pressing a request is |
//! | [`when`] | dates and times, as said and as written |
//! | [`written`] | dates and hours as a text message has them |
//! | `fold` | the spelling in which words are compared: lower case, no accents |
//! | `words`, `negation`, `numerals` | lists of words and phrases; words that deny; numbers as words |
//!
//! `now` and `today` are always arguments. Text comes from telephone lines and language models, so every parser here
//! answers for any input, and gives a problem that says what to ask for.

pub mod address;
pub mod area;
pub mod catalogue;
pub mod choice;
pub mod danger;
pub mod dial_policy;
pub mod duration;
pub mod event_text;
pub mod external_calendar;
mod fold;
pub mod keyword;
pub mod language;
pub mod mask;
pub mod name;
mod negation;
mod numerals;
pub mod phone;
pub mod placeholder;
pub mod plain_day;
pub mod segments;
pub mod slot;
pub mod speech;
pub mod urgency;
pub mod when;
pub(crate) mod words;
pub mod written;
