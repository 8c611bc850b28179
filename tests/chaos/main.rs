//! `make chaos`: faults of the provider, the database, neighbours and strangers, each under a steady load of calls, and afterwards a look at
//! what became of every emergency and every booking. It takes about six minutes, sends only to this machine, and ends by itself.
//!
//! A fault passes when no call was left without an answer, every emergency was opened or told to the fallback number, every one that was
//! opened was sent to its contact, and every booking that was confirmed is a row of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect has failed"
)]
#![expect(
    unused_imports,
    reason = "the tests over HTTP share `support`, and use more of it"
)]

mod faults;
#[expect(dead_code, reason = "`make soak` uses more of it")]
mod load;
mod report;
#[path = "../api/support/mod.rs"]
#[expect(dead_code, reason = "the tests over HTTP share it, and use more of it")]
mod support;

use std::process::ExitCode;

fn main() -> ExitCode {
    let only = std::env::args()
        .nth(1)
        .filter(|name| !name.starts_with('-'));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let rows = runtime.block_on(faults::all(only.as_deref()));
    if rows.is_empty() || rows.iter().any(|row| !row.passed()) {
        return ExitCode::FAILURE;
    }
    println!("{} passed, 0 failed", rows.len());
    ExitCode::SUCCESS
}
