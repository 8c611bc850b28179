//! The subcommands: one file each.

pub mod archive;
pub mod calendar;
pub mod call;
pub mod customer;
pub mod dev;
pub mod explain;
pub mod health;
pub mod incident;
pub mod messages;
pub mod migrate;
pub mod oncall;
pub mod org;
pub mod outbox;
pub mod refusals;
pub mod secrets;
pub mod serve;
pub mod tools;

mod action;
mod database;
mod field;
mod files;
mod input;
mod local;
mod organization;
mod output;
mod period;
mod prelude;
mod unreached;

use std::process::ExitCode;

use crate::db::pooler_hint;

/// Prints what went wrong, with its causes in one line each, and gives the exit code.
#[must_use]
pub fn exit_code(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", output::plain(&error.to_string()));
            for cause in error.chain().skip(1) {
                eprintln!("  because: {}", output::plain(&cause.to_string()));
            }
            let hint = error
                .chain()
                .filter_map(|cause| cause.downcast_ref::<tokio_postgres::Error>())
                .find_map(pooler_hint);
            if let Some(hint) = hint {
                eprintln!("  hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}
