//! The subcommands: one file each.

pub mod customer;
pub mod dev;
pub mod health;
pub mod messages;
pub mod migrate;
pub mod oncall;
pub mod org;
pub mod outbox;
pub mod secrets;
pub mod serve;
pub mod tools;

mod connection;
mod files;

use std::process::ExitCode;

/// Prints what went wrong, with its causes in one line each, and gives the exit code.
#[must_use]
pub fn exit_code(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}
