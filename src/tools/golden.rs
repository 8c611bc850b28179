//! Everything that a tool can say, in both languages, compared with `fixtures/say`.
//!
//! `UPDATE_GOLDEN=1 cargo test golden` writes them anew; the difference is then read like any other.

mod appointments;
mod calendar;
mod people;
mod sheet;
