//! How many instructions verifying, parsing and replying take, held against the committed figures.
//! `cargo bench --profile counts --bench instructions`.
//!
//! Instructions are counted rather than seconds, since they are nearly the same on every machine, however busy it is. Every work
//! runs once in a program of its own, this one again, under valgrind's callgrind, after it has run once uncounted, so that what is
//! only made at the first use is not counted.
//!
//! Why the count is the same elsewhere: inputs, keys and the time are fixed, and so are the crates, by `Cargo.lock`. Where code
//! chooses by the processor it sees valgrind's (3.19), which has no SHA extensions: sha2 takes its portable digest, though the machine's
//! own would be faster, and a machine without AVX2 changes no more than how the C library copies bytes. What remains (addresses,
//! the version of the C library) is far below the bound. Another release of the compiler may go beyond it; then the new figures
//! are to be committed with it.

mod callgrind;
mod committed;
#[path = "../messages.rs"]
mod messages;

use std::{env, hint::black_box, process::ExitCode};

use anyhow::{Context, Result, ensure};
use committed::Committed;
use messages::{PARSE, REPLY, VERIFY, Work};

/// The command that builds and runs this program as it is meant to be.
const COMMAND: &str = "cargo bench --profile counts --bench instructions";

/// The profile in it, which is a folder of what it builds.
const PROFILE: &str = "counts";

/// Asks this program to do one work, which is named next, instead of counting all.
const ONE: &str = "--one";

/// Asks for the file to be written instead of compared.
const UPDATE: &str = "UPDATE_COUNTS";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let done = match arguments.find(|argument| argument == ONE) {
        Some(_) => one(arguments.next().as_deref().unwrap_or_default()),
        None if cfg!(debug_assertions) => {
            println!("instructions: not counted without optimization");
            Ok(())
        }
        None if !cfg!(target_arch = "x86_64") => {
            println!("instructions: not counted, the committed figures are those of x86-64");
            Ok(())
        }
        None => all(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("instructions: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

/// Counts every work, and compares or writes down the figures.
fn all() -> Result<()> {
    let program = env::current_exe()?;
    ensure!(
        program.components().any(|part| part.as_os_str() == PROFILE),
        "the committed figures are those of another profile: {COMMAND}"
    );
    let mut counted = Committed::default();
    for name in VERIFY.into_iter().chain(PARSE).chain(REPLY) {
        let count = callgrind::count(ONE, name).with_context(|| format!("counting {name}"))?;
        counted.insert(name, count);
    }
    if env::var_os(UPDATE).is_some() {
        return counted.write();
    }
    let problems = Committed::read()?.compare(&counted);
    ensure!(problems.is_empty(), "\n{}", problems.join("\n"));
    Ok(())
}

fn one(name: &str) -> Result<()> {
    let work = Work::named(name)?;
    ensure!(work.run(), "{name} fails");
    ensure!(counted(&work), "{name} fails when counted");
    Ok(())
}

/// What callgrind counts, by this name: it starts where this is entered and stops where it is left.
#[inline(never)]
fn counted(work: &Work) -> bool {
    black_box(black_box(work).run())
}
