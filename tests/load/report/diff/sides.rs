//! Where two reports were measured, and with what settings, as far as it differs.

use super::super::{
    Machine, Report,
    table::{
        NOTHING,
        grid::{Column, Grid},
        line, text,
    },
};

/// What keeps the two from being compared, before any figure.
pub fn warnings(out: &mut String, before: &Report, after: &Report) {
    let machines = machines(&before.machine, &after.machine);
    if !machines.is_empty() {
        line(
            out,
            format_args!(
                "WARNING: the machines differ, so rates and latencies cannot be compared:"
            ),
        );
        text(out, &sides("machine", machines));
    }
    let settings = settings(before, after);
    if !settings.is_empty() {
        line(out, format_args!("WARNING: the settings differ:"));
        text(out, &sides("setting", settings));
    }
}

/// A grid of what both sides say.
fn sides(what: &str, rows: Vec<Vec<String>>) -> Grid {
    Grid {
        columns: [what, "before", "after"].map(Column::text).into(),
        rows,
    }
}

fn machines(before: &Machine, after: &Machine) -> Vec<Vec<String>> {
    let tell = |machine: &Machine| {
        [
            ("processor", machine.processor.clone()),
            ("cores", machine.cores.to_string()),
            ("memory", format!("{} MiB", machine.memory_mib)),
            ("kernel", machine.kernel.clone()),
            ("PostgreSQL", machine.postgresql.clone()),
        ]
    };
    let pairs = tell(before).into_iter().zip(tell(after));
    pairs
        .filter(|(before, after)| before != after)
        .map(|((what, before), (_, after))| {
            vec![what.to_owned(), or_nothing(before), or_nothing(after)]
        })
        .collect()
}

fn settings(before: &Report, after: &Report) -> Vec<Vec<String>> {
    let value = |report: &Report, flag: &str| {
        let mut given = report.settings.iter();
        given
            .find(|(name, _)| name == flag)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let mut flags: Vec<&String> = Vec::new();
    for (flag, _) in before.settings.iter().chain(&after.settings) {
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    let rows = flags
        .into_iter()
        .map(|flag| (flag, value(before, flag), value(after, flag)));
    rows.filter(|(_, before, after)| before != after)
        .map(|(flag, before, after)| vec![flag.clone(), or_nothing(before), or_nothing(after)])
        .collect()
}

fn or_nothing(text: String) -> String {
    if text.is_empty() {
        NOTHING.to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::table::sample::sample, *};

    fn warned(after: &Report) -> String {
        let mut out = String::new();
        warnings(&mut out, &sample(), after);
        out
    }

    #[test]
    fn the_same_machine_and_settings_are_not_warned_of() {
        assert_eq!(warned(&sample()), "");
    }

    #[test]
    fn another_machine_and_other_settings_are_warned_of() {
        let mut after = sample();
        after.machine.processor = "another processor".to_owned();
        after.settings.push(("padding".to_owned(), "64".to_owned()));
        let text = warned(&after);
        assert!(text.starts_with("WARNING: the machines differ"), "{text}");
        assert!(text.contains("\nWARNING: the settings differ"), "{text}");
        let row = |what: &str| {
            text.lines()
                .find(|line| line.trim_start().starts_with(what))
        };
        assert!(row("processor").unwrap().ends_with("another processor"));
        assert_eq!(
            row("padding").unwrap().trim(),
            format!("padding  {NOTHING}       64")
        );
        assert_eq!(row("kernel"), None);
    }
}
