//! The wire to providers of calendars: what they send is read, what they are asked is written, and nothing of it is stored here.
//!
//! Each client has the same methods: `calendars`, `list`, `put`, `remove`; that of Calendly has `book` and `cancel` in place of the last two.

mod answer;
#[cfg(test)]
mod any;
mod api;
pub mod caldav;
pub mod calendly;
pub mod google;
mod guard;
pub mod icalendar;
pub mod microsoft;
pub mod oauth;
mod window;
