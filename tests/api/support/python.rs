//! Servers and tools that are written in Python, installed from PyPI under the build's own folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The Python of an environment that has these packages; made once.
pub fn environment(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let environment = folder(name).join(packages.join("+"));
    let python = environment.join("bin/python");
    let is_done = environment.join("is-done");
    if is_done.exists() {
        return Ok(python);
    }
    // What a run that was stopped left behind would not be made anew.
    drop(fs::remove_dir_all(&environment));
    run(Command::new("python3")
        .args(["-m", "venv"])
        .arg(&environment))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--only-binary=:all:"])
        .arg("--disable-pip-version-check")
        .args(packages))?;
    fs::write(is_done, "").map_err(|error| error.to_string())?;
    Ok(python)
}

/// Where what has this name keeps its files.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Runs a command to its end; what it said, where it failed.
pub fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}
