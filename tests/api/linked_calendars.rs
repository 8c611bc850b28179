//! Calendars that are kept elsewhere: what is busy there is not offered, and appointments appear, move and vanish there. The provider is a real
//! CalDAV server.

mod follows;
mod google;
mod outlook;
mod reads;
mod writes;
