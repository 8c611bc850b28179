//! What changed between two reports, and what of it is more than noise.

mod sides;

use super::{
    Ratio, Report, Run, Verdict,
    table::{
        NOTHING,
        grid::{Column, Grid, measured, ratio_of},
        latency, line, number,
        rounds::{Rounds, rounds},
        subject, text,
    },
};
use crate::record::count;

/// Rates and latencies that differ by less, in percent, say nothing: a machine that others share varies as much by itself.
const NOISE: f64 = 15.0;

/// The same for processor time and memory, which vary less.
const NOISE_OF_USE: f64 = 5.0;

/// The later report against the earlier one.
pub fn diff(before: &Report, after: &Report) -> String {
    let mut out = String::new();
    sides::warnings(&mut out, before, after);
    line(&mut out, format_args!("Before: {}", subject(before)));
    line(&mut out, format_args!("After:  {}", subject(after)));
    out.push('\n');
    runs(&mut out, before, after);
    ramps(&mut out, before, after);
    comparisons(&mut out, before, after);
    verdicts(&mut out, before, after);
    out
}

fn runs(out: &mut String, before: &Report, after: &Report) {
    let (before, after) = (rounds(&before.runs), rounds(&after.runs));
    for one in &before {
        if let Some(other) = after.iter().find(|other| other.has(&one.middle)) {
            run(out, one, other);
        }
    }
    for (side, ours, theirs) in [("before", &before, &after), ("after", &after, &before)] {
        for one in ours {
            if !theirs.iter().any(|other| other.has(&one.middle)) {
                line(out, format_args!("Only {side}: {}", title(&one.middle)));
            }
        }
    }
}

fn title(run: &Run) -> String {
    format!("{}: {}, {}", run.name, run.program, run.arrivals)
}

fn run(out: &mut String, before: &Rounds, after: &Rounds) {
    let (one, other) = (&before.middle, &after.middle);
    line(out, format_args!("{}", title(one)));
    if before.many.max(after.many) > 1 {
        let (before, after) = (before.many, after.many);
        line(
            out,
            format_args!("  median of {before} rounds before, of {after} after"),
        );
    }
    let rates = [one, other].map(|run| run.per_second);
    let mut rows = vec![row(
        "answers a second",
        rates.map(number),
        &remark(rates, true, NOISE),
    )];
    let [before, after] = [one, other].map(|run| [run.all.p50, run.all.p99, run.all.p999]);
    for (name, both) in ["p50", "p99", "p99.9"]
        .into_iter()
        .zip(before.into_iter().zip(after))
    {
        let both = <[u64; 2]>::from(both);
        rows.push(row(
            name,
            both.map(latency),
            &remark(both.map(count), false, NOISE),
        ));
    }
    if let (Some(before), Some(after)) = (one.service, other.service) {
        let both = [before, after].map(|usage| usage.cpu_us_per_answer);
        let shown = both.map(|us| format!("{us:.1} µs"));
        rows.push(row(
            "CPU an answer",
            shown,
            &remark(both, false, NOISE_OF_USE),
        ));
        let both = [before, after].map(|usage| usage.resident_mib);
        let shown = both.map(|mib| format!("{mib:.1} MiB"));
        rows.push(row(
            "resident memory",
            shown,
            &remark(both, false, NOISE_OF_USE),
        ));
    }
    text(out, &changes("figure", rows));
}

/// A grid of figures before and after.
fn changes(what: &str, rows: Vec<Vec<String>>) -> Grid {
    let [before, after, change] = ["before", "after", "change"].map(Column::number);
    Grid {
        columns: vec![Column::text(what), before, after, change, Column::text("")],
        rows,
    }
}

fn row(name: &str, shown: [String; 2], remark: &(String, &str)) -> Vec<String> {
    let [before, after] = shown;
    vec![
        name.to_owned(),
        before,
        after,
        remark.0.clone(),
        remark.1.to_owned(),
    ]
}

/// By how much a figure changed, and what that says.
fn remark(both: [f64; 2], is_more_better: bool, noise: f64) -> (String, &'static str) {
    let Some(percent) = percent(both) else {
        return (NOTHING.to_owned(), "");
    };
    let says = if percent.abs() < noise {
        "within the noise of such a machine"
    } else if (percent > 0.0) == is_more_better {
        "better"
    } else {
        "WORSE"
    };
    (signed(percent), says)
}

/// A change in percent; none of or to what is no figure.
fn percent([before, after]: [f64; 2]) -> Option<f64> {
    let percent = (after - before) / before * 100.0;
    percent.is_finite().then_some(percent)
}

fn signed(percent: f64) -> String {
    // So little is no change, and has no sign.
    if percent.abs() < 0.05 {
        "0.0 %".to_owned()
    } else {
        format!("{percent:+.1} %")
    }
}

fn ramps(out: &mut String, before: &Report, after: &Report) {
    let mut rows = Vec::new();
    for one in &before.ramps {
        if let Some(other) = after.ramps.iter().find(|other| other.name == one.name) {
            let both = [one.knee, other.knee];
            rows.push(row(&one.name, both.map(number), &remark(both, true, NOISE)));
        }
    }
    if !rows.is_empty() {
        text(out, &changes("knee of the ramp, a second", rows));
    }
}

fn comparisons(out: &mut String, before: &Report, after: &Report) {
    let ratios = |report: &Report| {
        let all = report.comparisons.iter().flat_map(|comparison| {
            let name = |limit: &str| format!("{} over {limit}", comparison.name);
            comparison
                .against
                .iter()
                .map(move |ratio| (name(&ratio.limit), ratio.clone()))
        });
        all.collect::<Vec<_>>()
    };
    let (before, after) = (ratios(before), ratios(after));
    let mut rows = Vec::new();
    for (name, one) in &before {
        if let Some((_, other)) = after.iter().find(|(other, _)| other == name) {
            let both = [one.median, other.median];
            let change = percent(both).map_or(NOTHING.to_owned(), signed);
            rows.push(row(name, both.map(ratio_of), &(change, among(one, other))));
        }
    }
    if !rows.is_empty() {
        text(out, &changes("median ratio", rows));
    }
    only(out, &before, &after);
}

/// Names the ratios that only one side has.
fn only(out: &mut String, before: &[(String, Ratio)], after: &[(String, Ratio)]) {
    for (side, ours, theirs) in [("before", before, after), ("after", after, before)] {
        for (name, _) in ours {
            if !theirs.iter().any(|(other, _)| other == name) {
                line(out, format_args!("Only {side}: ratio of {name}"));
            }
        }
    }
}

/// Rounds are taken in turns, so ratios are steadier than rates: their own rounds tell how much they vary.
fn among(before: &Ratio, after: &Ratio) -> &'static str {
    let has = |ratio: &Ratio, median: f64| {
        let ratios = || ratio.rounds.iter().map(|(ours, theirs)| ours / theirs);
        ratios().any(|one| one <= median) && ratios().any(|one| one >= median)
    };
    if has(before, after.median) || has(after, before.median) {
        "no more than from round to round"
    } else {
        "more than from round to round"
    }
}

/// Verdicts that are no longer, or not yet, what they were.
fn verdicts(out: &mut String, before: &Report, after: &Report) {
    let mut rows = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for verdict in before.verdicts.iter().chain(&after.verdicts) {
        let what = verdict.what.as_str();
        if names.contains(&what) {
            continue;
        }
        names.push(what);
        let (one, other) = (judged(before, what), judged(after, what));
        if one.map(|verdict| verdict.passed) != other.map(|verdict| verdict.passed) {
            rows.push(vec![told(one), told(other), what.to_owned()]);
        }
    }
    if rows.is_empty() {
        line(out, format_args!("No verdict changed."));
        return;
    }
    line(out, format_args!("Verdicts that changed"));
    text(
        out,
        &Grid {
            columns: ["before", "after", "what"].map(Column::text).into(),
            rows,
        },
    );
}

/// A verdict by what was measured; of several on the same, as of the rates of a ramp, one that failed.
fn judged<'a>(report: &'a Report, what: &str) -> Option<&'a Verdict> {
    let same = || {
        report
            .verdicts
            .iter()
            .filter(|verdict| verdict.what == what)
    };
    same()
        .find(|verdict| !verdict.passed)
        .or_else(|| same().next())
}

fn told(verdict: Option<&Verdict>) -> String {
    let Some(verdict) = verdict else {
        return "not judged".to_owned();
    };
    let word = if verdict.passed { "passed" } else { "FAILED" };
    format!("{word} {} ({})", measured(verdict), verdict.bound)
}

#[cfg(test)]
mod tests {
    use super::{super::table::sample::sample, *};

    fn rows_of<'a>(text: &'a str, what: &str) -> Vec<&'a str> {
        text.lines()
            .filter(|line| line.trim_start().starts_with(what))
            .collect()
    }

    #[test]
    fn the_same_report_brings_no_warning_and_no_change() {
        let text = diff(&sample(), &sample());
        for word in ["WARNING", "better", "WORSE", "Only", "FAILED"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        assert!(text.ends_with("No verdict changed.\n"), "{text}");
    }

    #[test]
    fn another_machine_is_warned_of_before_any_figure() {
        let mut after = sample();
        after.machine.cores = 64;
        assert!(diff(&sample(), &after).starts_with("WARNING: the machines differ"));
    }

    #[test]
    fn five_percent_are_noise_and_fifty_are_not() {
        let mut after = sample();
        for run in &mut after.runs {
            run.per_second *= 1.05;
            run.all.p50 *= 2;
            run.all.p99 /= 2;
        }
        let text = diff(&sample(), &after);
        for (what, change, says) in [
            (
                "answers a second",
                "+5.0 %",
                "within the noise of such a machine",
            ),
            ("p50", "+100.0 %", "WORSE"),
            ("p99 ", "-50.0 %", "better"),
            ("p99.9", "0.0 %", "within the noise of such a machine"),
        ] {
            let rows = rows_of(&text, what);
            assert_eq!(rows.len(), 2, "{what}: {text}");
            for row in rows {
                assert!(row.contains(change) && row.ends_with(says), "{row}");
            }
        }
    }

    #[test]
    fn a_drop_of_a_rate_is_worse_from_fifteen_percent_on() {
        assert_eq!(
            remark([1_000.0, 850.0], true, NOISE),
            ("-15.0 %".to_owned(), "WORSE")
        );
        let noise = "within the noise of such a machine";
        assert_eq!(
            remark([1_000.0, 851.0], true, NOISE),
            ("-14.9 %".to_owned(), noise)
        );
        assert_eq!(remark([0.0, 5.0], true, NOISE), (NOTHING.to_owned(), ""));
    }

    #[test]
    fn what_only_one_has_is_named() {
        let (mut before, mut after) = (sample(), sample());
        before.runs.truncate(1);
        after.runs.remove(0);
        after.comparisons.clear();
        let text = diff(&before, &after);
        assert!(
            text.contains("Only before: mix, 8 connections: frontdesk"),
            "{text}"
        );
        assert!(
            text.contains("Only after: mix, 8 connections: floor"),
            "{text}"
        );
        assert!(
            text.contains("Only before: ratio of mix, 8 connections over floor"),
            "{text}"
        );
    }

    #[test]
    fn a_ratio_outside_of_all_rounds_is_told() {
        let mut after = sample();
        let ratio = &mut after.comparisons.first_mut().unwrap().against;
        ratio.first_mut().unwrap().rounds = vec![(800.0, 1_000.0); 3];
        ratio.first_mut().unwrap().median = 0.8;
        let text = diff(&sample(), &after);
        let row = rows_of(&text, "mix, 8 connections over floor").concat();
        assert!(
            row.ends_with("0.930  0.800  -14.0 %  more than from round to round"),
            "{row}"
        );
    }

    #[test]
    fn a_verdict_that_changed_is_told() {
        let mut after = sample();
        after.verdicts.first_mut().unwrap().passed = false;
        let text = diff(&sample(), &after);
        let row = rows_of(&text, "passed 0.93 (>= 0.9)").concat();
        assert!(row.contains("FAILED 0.93 (>= 0.9)"), "{text}");
        assert!(!text.contains("resident memory under load"), "{text}");
    }
}
