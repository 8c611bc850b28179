//! iCalendar (RFC 5545), as far as busy times and appointments need it.

pub mod write;
