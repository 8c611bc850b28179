//! Linked calendars: reads them, and writes appointments into them. Here the providers' clients meet what is stored of them.

mod client;
mod read;
mod refresh;
mod tokens;
mod watch;
mod write;

pub use client::Calendars;
