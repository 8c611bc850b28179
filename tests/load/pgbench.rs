//! PostgreSQL's own load generator on the statements of the service: what the database can do at most.

use std::{fmt::Write, fs, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result, bail};

use super::{messages::Tool, stage::Stage};

/// Statements of the service, by file.
const BIND: &str = include_str!("../../sql/queries/bind_organization.sql");
const CHECK: &str = include_str!("../../sql/queries/check_availability.sql");
const BOOK: &str = include_str!("../../sql/queries/book_appointment.sql");
const TRANSFER: &str = include_str!("../../sql/queries/open_transfer.sql");
const EMERGENCY: &str = include_str!("../../sql/queries/open_incident.sql");

/// The organization of a script's caller.
const ORGANIZATION: &str = "md5('organization ' || (:organization)::int)::uuid";
/// The number of a caller who has not called before.
const CALLER: &str = "('+1303' || (:call)::int8 % 10000000)";
/// A call that no other is.
const CALL: &str = "('pgbench-' || (:client_id)::int || '-' || (:call)::int8)";
const DATE: &str =
    "(date_trunc('week', current_date)::date + 6 + 7 * (:week)::int + (:weekday)::int)";
const NOW: &str = "now()::text";
const TIME: &str = "make_time((:hour)::int, 0, 0)";

/// Scripts for pgbench, one for each tool.
pub struct Pgbench {
    program: PathBuf,
    folder: PathBuf,
    url: String,
}

impl Pgbench {
    /// Writes the scripts for so many organizations.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub fn new(stage: &Stage, database: &str, organizations: u32) -> Result<Self> {
        let folder = stage.scratch("pgbench");
        fs::create_dir_all(&folder)?;
        for tool in Tool::ALL {
            fs::write(folder.join(tool.name()), script(tool, organizations)?)?;
        }
        Ok(Self {
            program: stage.pgbench(),
            folder,
            url: stage.url(database),
        })
    }

    /// Calls a second with so many connections; `mix` is how many of a hundred use each tool.
    ///
    /// # Errors
    ///
    /// When pgbench cannot be run, or a statement fails.
    pub fn run(&self, connections: usize, mix: [u32; 4], length: Duration) -> Result<f64> {
        let mut command = Command::new(&self.program);
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
        command.arg(format!("--client={connections}"));
        command.arg(format!("--time={}", length.as_secs().max(1)));
        for (tool, share) in Tool::ALL
            .into_iter()
            .zip(mix)
            .filter(|(_, share)| *share > 0)
        {
            let script = self.folder.join(tool.name());
            command.arg(format!("--file={}@{share}", script.display()));
        }
        let output = command
            .arg(&self.url)
            .output()
            .context("pgbench cannot be run")?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!(
                "pgbench failed: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let rate = text.lines().find_map(|line| {
            line.strip_prefix("tps = ")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        });
        rate.with_context(|| format!("pgbench printed no rate: {text}"))
    }
}

/// The statement that does the tool's work, and its values.
fn work(tool: Tool) -> (&'static str, &'static [&'static str]) {
    match tool {
        Tool::Check => (
            CHECK,
            &[
                ORGANIZATION,
                NOW,
                DATE,
                "60",
                CALL,
                "null",
                "null",
                "null",
                "'+13035550142'",
                "true",
            ],
        ),
        Tool::Book => (
            BOOK,
            &[
                ORGANIZATION,
                CALL,
                "'Maria Lopez'",
                "'+13035550142'",
                DATE,
                TIME,
                "60",
                "'repair'",
                "null",
                "null",
                "'en'",
                "null",
                "null",
            ],
        ),
        Tool::Transfer => (
            TRANSFER,
            &[
                ORGANIZATION,
                CALL,
                "'repair'",
                "'normal'",
                "null",
                "'+13035550142'",
                "'initiated'",
                "'{}'",
                "null",
                "'en'",
            ],
        ),
        Tool::Emergency => (
            EMERGENCY,
            &[
                ORGANIZATION,
                CALL,
                CALLER,
                CALLER,
                "null",
                "null",
                "'high'",
                "'repair'",
                "'en'",
                "null",
            ],
        ),
    }
}

/// The statement that does the tool's work, bound to its organization, in one round trip, as the service sends it.
fn script(tool: Tool, organizations: u32) -> Result<String> {
    let (statement, values) = work(tool);
    let organization = format!("{ORGANIZATION}::text");
    let mut text = String::new();
    writeln!(text, "\\set organization random(1, {organizations})")?;
    // A working day, as the callers' are; today is none of them.
    writeln!(text, "\\set week random(0, 7)\n\\set weekday random(1, 5)")?;
    writeln!(text, "\\set hour random(8, 17)")?;
    writeln!(text, "\\set call random(1, 1000000000000)")?;
    let statement = filled(statement, values);
    if tool == Tool::Check {
        // It binds itself.
        writeln!(text, "{statement};")?;
    } else {
        let bind = filled(BIND, &[&organization, NOW, "'9500'"]);
        writeln!(
            text,
            "\\startpipeline\nbegin;\n{bind};\n{statement};\ncommit;\n\\endpipeline"
        )?;
    }
    Ok(text)
}

/// A statement with its values in the place of `$1`, `$2` and so on, and without its comment.
fn filled(statement: &str, values: &[&str]) -> String {
    let lines: Vec<&str> = statement
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect();
    // From the last, so that $1 is not found in $12.
    values
        .iter()
        .enumerate()
        .rev()
        .fold(lines.join("\n"), |text, (nth, value)| {
            text.replace(&format!("${}", nth + 1), value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_statement_finds_its_place() {
        for tool in Tool::ALL {
            let script = script(tool, 10).unwrap();
            assert!(!script.contains('$'), "{script}");
            assert!(!script.contains("--"), "{script}");
            let statements = if tool == Tool::Check { 1 } else { 4 };
            assert_eq!(script.matches(";\n").count(), statements, "{script}");
        }
    }
}
