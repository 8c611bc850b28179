//! Counts the instructions of one function of this very program with valgrind's callgrind.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

/// The function that is counted with all that it calls, as a pattern: the compiler puts the crate's name before it, and after it
/// may put a hash.
const COUNTED: &str = "*instructions::counted*";

/// Runs this program with an option and a name, and tells how many instructions [`COUNTED`] took in it. What took them stays in
/// `target/tmp/callgrind.<name>.out`, for `callgrind_annotate`.
pub fn count(option: &str, name: &str) -> Result<u64> {
    let program = env::current_exe()?;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("callgrind.{name}.out"));
    let run = Command::new("valgrind")
        // What is set in one shell and not in another would move the stack.
        .env_clear()
        .envs(env::var_os("PATH").map(|path| ("PATH", path)))
        .arg("--tool=callgrind")
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args([option, name])
        .stdin(Stdio::null())
        .output()
        .context("valgrind cannot be run; it is in Debian's package of that name")?;
    if !run.status.success() {
        bail!("{}: {}", run.status, String::from_utf8_lossy(&run.stderr));
    }
    let profile = fs::read_to_string(&file)?;
    let count = profile
        .lines()
        .find_map(|line| line.strip_prefix("summary: "))
        .context("callgrind wrote no summary")?
        .trim()
        .parse()?;
    ensure!(count > 0, "no function is named {COUNTED}");
    Ok(count)
}
