//! The service over HTTP, against a real PostgreSQL. Each test has a database of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that meets what it does not expect has failed"
)]

mod architecture;
mod authentication;
mod book_appointment;
mod check_availability;
mod command_line;
mod flag_emergency;
mod health;
mod messages;
mod on_call;
mod outages;
mod repeats;
mod routing;
mod schema;
mod shapes;
mod slots;
mod support;
mod transfer_call;
