//! The ruler: PostgreSQL's own load generator on the plain statement for a check.

use std::{collections::BTreeMap, fs, process::Command, thread, time::Duration};

use anyhow::{Context, Result, bail};

use super::{
    record::count,
    report::{Latency, PGBENCH, Run, Usage},
    stage::Stage,
};

const CHECK: &str = include_str!("plain/check.sql");

/// Runs it with so many connections.
///
/// # Errors
///
/// When pgbench cannot be run, or the statement fails.
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
    let members = || postgresql.map_or(0, super::machine::Watched::members);
    let used = || Some(postgresql?.used()?.cpu_us);
    let (before, members_before) = (used(), members());
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
    // What its connections have used is counted when they are gone.
    for _ in 0..200 {
        if members() <= members_before {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let after = used();
    let text = String::from_utf8_lossy(&output.stdout);
    let figure = |label: &str| -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(label))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let per_second = figure("tps = ").context("pgbench printed no rate")?;
    let answered: u64 = text
        .lines()
        .find_map(|line| line.strip_prefix("number of transactions actually processed: "))
        .and_then(|many| many.trim().parse().ok())
        .context("pgbench printed no count")?;
    Ok(Run {
        scenario: scenario.to_owned(),
        program: PGBENCH.to_owned(),
        arrivals: format!("closed loop, {connections} connections"),
        seconds: length.as_secs_f64(),
        answered,
        per_second,
        all: Latency::default(),
        tools: BTreeMap::new(),
        bookings: Latency::default(),
        errors: BTreeMap::new(),
        service: None,
        postgresql: before.zip(after).map(|(before, after)| Usage {
            cpu_us: (after - before) / count(answered.max(1)),
            resident_mb: 0.0,
        }),
        generator: None,
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
