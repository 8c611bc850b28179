//! The chart of a run's seconds: latency, rate, cores and memory, one above the other over the same time.

use super::{
    super::{Run, Second, table::number},
    axis::{Axis, Line, Plot},
    chart::{BELOW, LEFT, RIGHT, drawing, tick},
    count,
};

/// Room above a plot for its name and its legend.
const ABOVE: f64 = 24.0;

/// A line has at most so many points: a soak has hours of seconds.
const MOST_POINTS: usize = 240;

/// One plot of the chart.
struct Panel {
    name: String,
    height: f64,
    is_log: bool,
    show: fn(f64) -> String,
    lines: Vec<Line>,
}

/// Seconds that are drawn as one point, and how many of them.
struct Condensed {
    seconds: Vec<Second>,
    each: usize,
}

/// Latency, rate, cores and memory by time; nothing for a run without seconds.
pub fn over_time(run: &Run) -> String {
    let condensed = condensed(&run.over_time);
    if condensed.seconds.is_empty() {
        return String::new();
    }
    let (unit, length) = match run.over_time.len() {
        7_201.. => ("hours", 3_600.0),
        601.. => ("minutes", 60.0),
        _ => ("s", 1.0),
    };
    let end = float(run.over_time.len()) / length;
    let (mut out, mut bottom, mut last) = (String::new(), 0.0, None);
    for panel in panels(run, &condensed, length) {
        let values = panel.lines.iter().flat_map(|line| &line.points).flatten();
        let values: Vec<f64> = values.map(|(_, value)| *value).collect();
        if values.is_empty() {
            continue;
        }
        let top = bottom + ABOVE;
        bottom = top + panel.height;
        let y = if panel.is_log {
            Axis::log(values.into_iter(), bottom, top)
        } else {
            Axis::linear(values.into_iter().fold(0.0, f64::max), 3, true, bottom, top)
        };
        let plot = Plot {
            x: Axis::linear(end, 10, false, LEFT, RIGHT),
            y,
        };
        plot.ground(&mut out, &panel.name, panel.show);
        plot.lines(&mut out, &panel.lines);
        last = Some(plot);
    }
    if let Some(plot) = last {
        let by = match condensed.each {
            1 => String::new(),
            each => format!("; a point is {each} s, with their median p50 and highest p99"),
        };
        plot.across(&mut out, &format!("time, {unit}{by}"), number);
    }
    let name = format!(
        "{}, {}: latency, rate, cores and memory over time",
        run.name, run.program
    );
    drawing(bottom + BELOW, &name, &out)
}

/// The plots, from above; `length` is how many seconds the unit of time has.
fn panels(run: &Run, condensed: &Condensed, length: f64) -> [Panel; 4] {
    let each = float(condensed.each) / length;
    let line = |name: &str, class, of: fn(&Second) -> Option<f64>| {
        let points = condensed.seconds.iter().enumerate();
        let points = points
            .map(|(nth, second)| Some(((float(nth) + 0.5) * each, of(second)?)))
            .collect();
        Line {
            name: name.to_owned(),
            class,
            points,
        }
    };
    let program = &run.program;
    let panel = |name: &str, lines| Panel {
        name: name.to_owned(),
        height: 54.0,
        is_log: false,
        show: number,
        lines,
    };
    [
        Panel {
            name: "latency, log scale".to_owned(),
            height: 150.0,
            is_log: true,
            show: tick,
            lines: vec![
                line("p50", "one", |second| late(second, second.p50)),
                line("p99", "two", |second| late(second, second.p99)),
                line("max", "three", |second| late(second, second.max)),
            ],
        },
        panel(
            "answers a second",
            vec![line("answers", "one", |second| {
                Some(count(second.answered))
            })],
        ),
        panel(
            "cores busy",
            vec![
                line(program, "one", |second| second.service_cores),
                line("PostgreSQL", "two", |second| second.postgresql_cores),
            ],
        ),
        panel(
            &format!("resident memory of {program}, MiB"),
            vec![line(program, "one", |second| second.service_mib)],
        ),
    ]
}

/// A second without an answer has no latency.
fn late(second: &Second, microseconds: u64) -> Option<f64> {
    (second.answered > 0).then(|| count(microseconds))
}

fn condensed(seconds: &[Second]) -> Condensed {
    let each = seconds.len().div_ceil(MOST_POINTS).max(1);
    Condensed {
        seconds: seconds.chunks(each).map(condense).collect(),
        each,
    }
}

fn condense(seconds: &[Second]) -> Second {
    let answered = || seconds.iter().filter(|second| second.answered > 0);
    let mut medians: Vec<u64> = answered().map(|second| second.p50).collect();
    medians.sort_unstable();
    let most = |of: fn(&Second) -> u64| answered().map(of).max().unwrap_or_default();
    let mean = |of: fn(&Second) -> Option<f64>| {
        let known: Vec<f64> = seconds.iter().filter_map(of).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / float(known.len()))
    };
    let sum: u64 = seconds.iter().map(|second| second.answered).sum();
    let many = u64::try_from(seconds.len()).unwrap_or(u64::MAX).max(1);
    Second {
        // Rounded up: few answers are not none.
        answered: sum.div_ceil(many),
        p50: medians.get(medians.len() / 2).copied().unwrap_or_default(),
        p99: most(|second| second.p99),
        max: most(|second| second.max),
        service_cores: mean(|second| second.service_cores),
        postgresql_cores: mean(|second| second.postgresql_cores),
        service_mib: mean(|second| second.service_mib),
    }
}

fn float(many: usize) -> f64 {
    count(u64::try_from(many).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{super::super::table::sample::sample, *};

    fn sampled() -> Run {
        sample().runs.first().unwrap().clone()
    }

    #[test]
    fn each_panel_has_its_unit_and_its_lines() {
        let svg = over_time(&sampled());
        for name in [
            "latency, log scale",
            "answers a second",
            "cores busy",
            "of frontdesk, MiB<",
            "time, s<",
        ] {
            assert!(svg.contains(name), "{name}");
        }
        assert_eq!(svg.matches("<polyline").count(), 7);
        assert!(svg.contains(">1 ms<") && svg.contains("<title>mix, 8 connections, frontdesk:"));
    }

    #[test]
    fn what_is_not_known_has_no_panel() {
        let mut run = sampled();
        for second in &mut run.over_time {
            (second.service_cores, second.postgresql_cores) = (None, None);
            second.service_mib = None;
        }
        let svg = over_time(&run);
        assert!(!svg.contains("cores busy") && !svg.contains("MiB<"));
        assert_eq!(svg.matches("<polyline").count(), 4);
        run.over_time.clear();
        assert_eq!(over_time(&run), "");
    }

    #[test]
    fn hours_are_drawn_with_few_points_that_keep_the_slowest() {
        let mut run = sampled();
        let second = *run.over_time.first().unwrap();
        run.over_time = vec![second; 14_400];
        run.over_time.get_mut(5_000).unwrap().max = 9_000_000;
        let svg = over_time(&run);
        assert!(svg.contains("time, hours; a point is 60 s"), "{svg}");
        assert!(svg.contains(">10 s<"), "the slowest is off the axis");
        let points = svg
            .split("points=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert_eq!(points.split_whitespace().count(), 240);
    }
}
