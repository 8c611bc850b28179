//! What a run has measured, as one HTML page that needs nothing else: no script, and no file from anywhere.

mod axis;
mod chart;
mod html;
mod over_time;

use super::{
    Report, Run, Usage, Verdict,
    table::{count_of, grid, latency, machine, number, put, settings, subject, summary},
};
use crate::record::count;
use html::{escape, table};

/// So few runs are shown unfolded.
const FEW: usize = 3;

/// Everything that was measured.
pub fn page(report: &Report) -> String {
    let subject = escape(&subject(report));
    let style = include_str!("page/style.css");
    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>Load test of {subject}</title>\n<style>\n{style}</style>\n</head>\n<body>\n\
             <main>\n<h1>Load test of {subject}</h1>\n"
        ),
    );
    about(&mut out, report);
    verdicts(&mut out, report);
    comparisons(&mut out, report);
    ramps(&mut out, report);
    if let Some(check) = &report.database {
        heading(&mut out, "database", "Database, after the runs");
        table(&mut out, "What the database showed", &grid::database(check));
    }
    runs(&mut out, &report.runs);
    put(&mut out, format_args!("</main>\n</body>\n</html>\n"));
    out
}

fn heading(out: &mut String, id: &str, text: &str) {
    put(out, format_args!("<h2 id=\"{id}\">{text}</h2>\n"));
}

/// Where and how it was measured, and the ways to each part.
fn about(out: &mut String, report: &Report) {
    let (machine, settings) = (machine(&report.machine), settings(report));
    put(out, format_args!("<dl>\n"));
    for (what, value) in [("Machine", &machine), ("Settings", &settings)] {
        put(
            out,
            format_args!("<dt>{what}</dt><dd>{}</dd>\n", escape(value)),
        );
    }
    put(out, format_args!("</dl>\n<nav aria-label=\"Parts\">"));
    for (id, name, is_there) in [
        ("verdicts", "Verdicts", true),
        ("comparisons", "Comparisons", !report.comparisons.is_empty()),
        ("ramps", "Ramps", !report.ramps.is_empty()),
        ("database", "Database", report.database.is_some()),
        ("runs", "Runs", !report.runs.is_empty()),
    ] {
        if is_there {
            put(out, format_args!("<a href=\"#{id}\">{name}</a> "));
        }
    }
    put(out, format_args!("</nav>\n"));
}

fn verdicts(out: &mut String, report: &Report) {
    heading(out, "verdicts", "Verdicts");
    let is_good = report.verdicts.iter().all(|verdict| verdict.passed);
    let class = if is_good { "sum" } else { "sum failed" };
    put(
        out,
        format_args!("<p class=\"{class}\">{}</p>\n", summary(report)),
    );
    if report.verdicts.is_empty() {
        return;
    }
    put(
        out,
        format_args!(
            "<div class=\"wide\"><table>\n<caption>Figures and their bounds</caption>\n<thead><tr>\
             <th scope=\"col\">what</th><th scope=\"col\" class=\"n\">measured</th>\
             <th scope=\"col\" class=\"n\">bound</th><th scope=\"col\">verdict</th></tr></thead>\n\
             <tbody>\n"
        ),
    );
    // Failures first: among many bounds they must not be looked for.
    let of = |passed| {
        report
            .verdicts
            .iter()
            .filter(move |verdict| verdict.passed == passed)
    };
    for verdict in of(false).chain(of(true)) {
        put(out, format_args!("{}\n", verdict_row(verdict)));
    }
    put(out, format_args!("</tbody></table></div>\n"));
}

fn verdict_row(verdict: &Verdict) -> String {
    let (class, word) = if verdict.passed {
        ("passed", "passed")
    } else {
        ("failed", "FAILED")
    };
    let measured = escape(&grid::measured(verdict));
    let (what, bound) = (escape(&verdict.what), escape(&grid::bound(verdict)));
    format!(
        "<tr class=\"{class}\"><th scope=\"row\">{what}</th><td class=\"n\">{measured}</td>\
         <td class=\"n\">{bound}</td><td class=\"verdict\">{word}</td></tr>"
    )
}

fn comparisons(out: &mut String, report: &Report) {
    if report.comparisons.is_empty() {
        return;
    }
    heading(out, "comparisons", "Comparisons, by round");
    put(out, format_args!("<div class=\"side\">\n"));
    for comparison in &report.comparisons {
        let caption = format!("{}; {}", comparison.name, comparison.unit);
        table(out, &caption, &grid::rounds(comparison));
    }
    put(out, format_args!("</div>\n"));
}

fn ramps(out: &mut String, report: &Report) {
    if report.ramps.is_empty() {
        return;
    }
    heading(out, "ramps", "Ramps");
    for ramp in &report.ramps {
        let (name, knee) = (escape(&ramp.name), grid::knee(ramp));
        put(
            out,
            format_args!("<h3>{name}: {knee}</h3>\n<div class=\"side\">\n"),
        );
        out.push_str(&chart::ramp(ramp));
        table(out, "Rates that were tried", &grid::steps(ramp));
        put(out, format_args!("</div>\n"));
    }
}

/// All runs in one table, then each with its tables and charts.
fn runs(out: &mut String, runs: &[Run]) {
    if runs.is_empty() {
        return;
    }
    heading(out, "runs", "Runs");
    overview(out, runs);
    let open = if runs.len() <= FEW { " open" } else { "" };
    for (at, run) in runs.iter().enumerate() {
        let (rate, p99) = (number(run.per_second), latency(run.all.p99));
        put(
            out,
            format_args!(
                "<details id=\"run-{number}\"{open}><summary><b>{number}. {name}</b>, {program}: \
                 {rate} answers a second, p99 {p99}{wrong}</summary>\n",
                number = at + 1,
                name = escape(&run.name),
                program = escape(&run.program),
                wrong = wrong_of(run),
            ),
        );
        details(out, run);
        put(out, format_args!("</details>\n"));
    }
}

fn wrong_of(run: &Run) -> String {
    match run.errors.values().sum() {
        0 => String::new(),
        wrong => format!(", <span class=\"failed\">{} wrong</span>", count_of(wrong)),
    }
}

fn overview(out: &mut String, runs: &[Run]) {
    put(
        out,
        format_args!(
            "<div class=\"wide\"><table>\n<caption>All runs; latency in ms, from when a request \
             was due to the end of its answer</caption>\n<thead><tr><th scope=\"col\">run</th>\
             <th scope=\"col\">program</th><th scope=\"col\">arrivals</th>"
        ),
    );
    for head in [
        "answers/s",
        "p50",
        "p99",
        "p99.9",
        "max",
        "wrong",
        "CPU µs/answer",
        "MiB",
    ] {
        put(
            out,
            format_args!("<th scope=\"col\" class=\"n\">{head}</th>"),
        );
    }
    put(out, format_args!("</tr></thead>\n<tbody>\n"));
    for (at, run) in runs.iter().enumerate() {
        put(
            out,
            format_args!(
                "<tr><th scope=\"row\"><a href=\"#run-{at}\">{at}. {}</a></th><td>{}</td><td>{}</td>",
                escape(&run.name),
                escape(&run.program),
                escape(&run.arrivals),
                at = at + 1,
            ),
        );
        let all = run.all;
        let used = |of: fn(&Usage) -> f64| number(run.service.as_ref().map_or(f64::NAN, of));
        let mut cells = vec![number(run.per_second)];
        cells.extend([all.p50, all.p99, all.p999, all.max].map(milliseconds));
        cells.push(count_of(run.errors.values().sum()));
        cells.push(used(|usage| usage.cpu_us_per_answer));
        cells.push(used(|usage| usage.resident_mib));
        for cell in cells {
            put(out, format_args!("<td class=\"n\">{cell}</td>"));
        }
        put(out, format_args!("</tr>\n"));
    }
    put(out, format_args!("</tbody></table></div>\n"));
}

fn details(out: &mut String, run: &Run) {
    let (arrivals, seconds) = (escape(&run.arrivals), run.seconds);
    let (rate, answered) = (number(run.per_second), count_of(run.answered));
    put(
        out,
        format_args!(
            "<p>{arrivals}; {seconds:.1} s; {answered} answers, {rate} a second</p>\n\
             <div class=\"side\">\n"
        ),
    );
    table(out, "Latency in ms", &grid::percentiles(run, milliseconds));
    table(out, "Processor and memory", &grid::usage(run));
    if !run.errors.is_empty() {
        table(out, "Answers that were not right", &grid::errors(run));
    }
    out.push_str(&over_time::over_time(run));
    out.push_str(&chart::distribution(run));
    put(out, format_args!("</div>\n"));
}

/// A latency in milliseconds with three digits, without the unit.
fn milliseconds(microseconds: u64) -> String {
    let ms = count(microseconds) / 1e3;
    match microseconds {
        0..1_000 => format!("{ms:.3}"),
        1_000..9_995 => format!("{ms:.2}"),
        9_995..99_950 => format!("{ms:.1}"),
        _ => number(ms.round()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::table::sample::sample, *};

    const HOSTILE: &str = "<script>alert(\"1\")</script>&'";

    #[test]
    fn text_of_any_kind_stays_text() {
        let mut report = sample();
        let hostile = || HOSTILE.to_owned();
        report.commit = hostile();
        report.machine.processor = hostile();
        report.settings.push((hostile(), hostile()));
        for run in &mut report.runs {
            (run.name, run.program, run.arrivals) = (hostile(), hostile(), hostile());
            run.tools.insert(hostile(), run.all);
            run.errors.insert(hostile(), 1);
        }
        for ramp in &mut report.ramps {
            ramp.name = hostile();
        }
        for comparison in &mut report.comparisons {
            (comparison.name, comparison.unit) = (hostile(), hostile());
            for ratio in &mut comparison.against {
                ratio.limit = hostile();
            }
        }
        for verdict in &mut report.verdicts {
            (verdict.what, verdict.bound, verdict.unit) = (hostile(), hostile(), hostile());
        }
        let page = page(&report);
        assert!(
            !page.contains("<script") && !page.contains("alert(\""),
            "{page}"
        );
        // The page has exactly the elements that it has for harmless text.
        let elements = |page: &str| page.matches('<').count();
        report = sample();
        for run in &mut report.runs {
            run.tools.insert("x".to_owned(), run.all);
            run.errors.insert("x".to_owned(), 1);
        }
        let harmless = super::page(&report);
        assert_eq!(elements(&page), elements(&harmless));
    }

    #[test]
    fn the_page_names_no_outside_address() {
        let page = page(&sample());
        for outside in [
            "http://", "https://", "src=", "url(", "@import", "<link", "<script",
        ] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("default-src 'none'"));
        let hrefs: Vec<&str> = page.split("href=\"").skip(1).collect();
        assert!(!hrefs.is_empty() && hrefs.iter().all(|href| href.starts_with('#')));
    }

    #[test]
    fn failures_stand_first_and_each_is_marked() {
        let page = page(&sample());
        let (failed, passed) = (page.find("FAILED</td>"), page.find("passed</td>"));
        assert!(failed.unwrap() < passed.unwrap());
        assert_eq!(page.matches("<tr class=\"failed\">").count(), 1);
    }

    #[test]
    fn every_element_that_is_opened_is_closed() {
        let page = page(&sample());
        for name in [
            "table", "tr", "td", "th", "svg", "g", "text", "details", "div", "title",
        ] {
            let opened = page.matches(&format!("<{name}>")).count()
                + page.matches(&format!("<{name} ")).count();
            assert_eq!(
                opened,
                page.matches(&format!("</{name}>")).count(),
                "{name}"
            );
            assert!(opened > 0 || name == "g", "{name}");
        }
    }

    #[test]
    fn milliseconds_have_three_digits() {
        for (microseconds, text) in [
            (87, "0.087"),
            (870, "0.870"),
            (9_994, "9.99"),
            (9_996, "10.0"),
            (124_400, "124"),
            (2_100_000, "2,100"),
        ] {
            assert_eq!(milliseconds(microseconds), text);
        }
    }
}
