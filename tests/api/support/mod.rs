//! What the tests share: a database each, the service on it, callers, and a Vapi that takes commands.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

pub mod app;
pub mod caller;
pub mod database;
pub mod eventually;
pub mod line;

pub use app::TestApp;
pub use caller::{Caller, Spoken};
pub use database::TestDatabase;
pub use eventually::eventually;
