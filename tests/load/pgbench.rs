//! The ruler: PostgreSQL's own load generator on the plain statement for a check.

use std::{fs, process::Command, thread, time::Duration};

use anyhow::{Context, Result, bail};

use super::{
    record::count,
    report::{PGBENCH, Run},
    stage::Stage,
};

const CHECK: &str = include_str!("plain/check.sql");

/// Runs it with so many connections.
pub fn run(
    stage: &Stage,
    database: &str,
    (scenario, organizations): (&str, u32),
    connections: u32,
    length: Duration,
) -> Result<Run> {
    let file = stage.scratch("check.pgbench");
    fs::write(&file, script(organizations))?;
    let postgresql = stage.postgresql();
    let used = || postgresql?.cpu_us();
    let before = used();
    let output = Command::new(stage.pgbench())
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={connections}"))
        .arg(format!("--time={}", length.as_secs().max(1)))
        .arg(format!("--file={}", file.display()))
        .arg(stage.owner_url(database))
        .output()
        .context("pgbench cannot be run")?;
    if !output.status.success() {
        bail!(
            "pgbench failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // What its connections have used is counted with their parent when they have ended.
    thread::sleep(Duration::from_millis(200));
    let after = used();
    let text = String::from_utf8_lossy(&output.stdout);
    let figure = |label: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(label));
        line.and_then(|line| line.split_whitespace().next())
            .with_context(|| format!("pgbench printed no `{label}`"))
    };
    let per_second = figure("tps = ")?.parse()?;
    let answered = figure("number of transactions actually processed: ")?.parse()?;
    Ok(Run {
        scenario: scenario.to_owned(),
        program: PGBENCH.to_owned(),
        answered,
        per_second,
        postgresql_us: before
            .zip(after)
            .map(|(before, after)| (after - before) / count(answered.max(1))),
        ..Run::default()
    })
}

/// The statement with its values in their places. A working day, as the callers' are; today is none of them.
fn script(organizations: u32) -> String {
    let day =
        "(date_trunc('week', current_date)::date + 6 + 7 * (:week)::integer + (:weekday)::integer)";
    let statement = CHECK
        .trim()
        .replace("$1", "('big-number-' || (:organization)::integer || '-1')")
        .replace("$2", day)
        .replace("$3", "60");
    format!(
        "\\set organization random(1, {organizations})\n\\set week random(0, 7)\n\\set weekday random(1, 5)\n{statement};\n"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_value_of_the_statement_finds_its_place() {
        let script = super::script(10);
        assert!(!script.contains('$'), "{script}");
        assert_eq!(script.matches(";\n").count(), 1, "{script}");
    }
}
