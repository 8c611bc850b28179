//! The committed figures, one name and number a line, and what is to be said of new ones.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result};

/// How far a count may be from the committed one, in percent of it.
const BOUND: u64 = 10;

/// What makes the new figures the committed ones.
const REWRITE: &str = "UPDATE_COUNTS=1 cargo bench --profile counts --bench instructions";

/// Instructions by the name of the work.
#[derive(Default)]
pub struct Committed(BTreeMap<String, u64>);

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bench/instructions/committed.txt")
}

impl Committed {
    /// Reads the file.
    pub fn read() -> Result<Self> {
        let path = path();
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        text.lines()
            .map(|line| {
                let (name, count) = line
                    .split_once(' ')
                    .with_context(|| format!("no name and number: {line}"))?;
                let count = count
                    .trim()
                    .parse()
                    .with_context(|| format!("no number: {line}"))?;
                Ok((name.to_owned(), count))
            })
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Writes the file.
    pub fn write(&self) -> Result<()> {
        let path = path();
        let lines: Vec<_> = self
            .0
            .iter()
            .map(|(name, count)| format!("{name} {count}\n"))
            .collect();
        let lines = lines.concat();
        fs::write(&path, &lines).with_context(|| format!("writing {}", path.display()))?;
        print!("{lines}");
        println!("written to {}", path.display());
        Ok(())
    }

    /// Adds one figure.
    pub fn insert(&mut self, name: &str, count: u64) {
        self.0.insert(name.to_owned(), count);
    }

    /// Prints every figure beside the committed one, and tells what has to be changed.
    pub fn compare(&self, counted: &Self) -> Vec<String> {
        let mut problems = Vec::new();
        println!("{:24} {:>12} {:>12}", "", "committed", "counted");
        for (name, &now) in &counted.0 {
            let Some(&before) = self.0.get(name) else {
                problems.push(format!(
                    "{name} takes {now} and has no committed figure: {REWRITE}"
                ));
                continue;
            };
            println!(
                "{name:24} {before:12} {now:12} {:+6} %",
                percent(before, now)
            );
            problems.extend(problem(name, before, now));
        }
        for name in self.0.keys() {
            if !counted.0.contains_key(name) {
                problems.push(format!(
                    "{name} is committed, but no longer counted: {REWRITE}"
                ));
            }
        }
        problems
    }
}

/// What is wrong with a figure, unless it is within the bound.
fn problem(name: &str, before: u64, now: u64) -> Option<String> {
    let change = format!(
        "{name} takes {now} instructions, {:+} % of the committed {before}",
        percent(before, now)
    );
    if now * 100 > before * (100 + BOUND) {
        Some(format!(
            "{change}: a regression; find it, or, where it is meant, commit it: {REWRITE}"
        ))
    } else if now * 100 < before * (100 - BOUND) {
        // A figure that is left too high would let the next regression pass.
        Some(format!(
            "{change}: better; commit the new figure: {REWRITE}"
        ))
    } else {
        None
    }
}

/// The change from one figure to another, in whole percent of the first.
fn percent(before: u64, now: u64) -> i128 {
    (i128::from(now) - i128::from(before)) * 100 / i128::from(before.max(1))
}
