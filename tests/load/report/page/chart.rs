//! The charts of a distribution and of a ramp, drawn as SVG.

use super::{
    super::{
        Ramp, Run,
        table::{count_of, latency, number, put},
    },
    axis::{Axis, Line, Plot},
    count,
    html::escape,
};

const WIDTH: f64 = 560.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 214.0;

/// Where plots begin from the left: values of the upward axis stand before it.
pub const LEFT: f64 = 58.0;

/// Where plots end at the right.
pub const RIGHT: f64 = 534.0;

/// Room below a plot for the axis across.
pub const BELOW: f64 = 38.0;

/// A drawing, with a name for those who do not see it.
pub fn drawing(height: f64, name: &str, inner: &str) -> String {
    let name = escape(name);
    format!(
        "<svg role=\"img\" viewBox=\"0 0 {WIDTH} {height}\"><title>{name}</title>\n{inner}</svg>\n"
    )
}

/// A latency at a tick of an axis: a round value, without the digits that a measured one has.
pub fn tick(microseconds: f64) -> String {
    let (figure, unit) = match microseconds {
        us if us >= 1e6 => (us / 1e6, "s"),
        us if us >= 1e3 => (us / 1e3, "ms"),
        us => (us, "µs"),
    };
    format!("{} {unit}", number(figure))
}

/// A bar: from one latency to another, how many answers, and their share of all in percent.
struct Bar {
    from: u64,
    up_to: u64,
    count: u64,
    percent: f64,
}

/// How many answers took how long; nothing for a run without answers.
pub fn distribution(run: &Run) -> String {
    let bars = bars(run);
    if bars.is_empty() {
        return String::new();
    }
    let ends = bars
        .iter()
        .flat_map(|bar| [count(bar.from), count(bar.up_to)]);
    let most = bars.iter().map(|bar| bar.percent).fold(0.0, f64::max);
    let plot = Plot {
        x: Axis::log(ends, LEFT, RIGHT),
        y: Axis::linear(most, 5, true, BOTTOM, TOP),
    };
    let mut out = String::new();
    plot.ground(&mut out, "share of all answers, percent", number);
    plot.across(&mut out, "latency, log scale", tick);
    for bar in bars {
        let (x, right) = (plot.x.at(count(bar.from)), plot.x.at(count(bar.up_to)));
        let (y, width) = (plot.y.at(bar.percent), (right - x - 0.5).max(0.5));
        let about = format!(
            "{} to {}: {} answers",
            latency(bar.from),
            latency(bar.up_to),
            count_of(bar.count)
        );
        put(
            &mut out,
            format_args!(
                "<rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                 height=\"{height:.1}\"><title>{about}</title></rect>\n",
                height = BOTTOM - y,
            ),
        );
    }
    let marks = [
        ("p50", run.all.p50),
        ("p99", run.all.p99),
        ("p99.9", run.all.p999),
    ];
    for ((name, us), nth) in marks.into_iter().zip(0..) {
        plot.mark(&mut out, count(us), &format!("{name} {}", latency(us)), nth);
    }

    let name = format!("{}, {}: distribution of latency", run.name, run.program);
    drawing(BOTTOM + BELOW, &name, &out)
}

/// A bar for each bucket that has answers.
fn bars(run: &Run) -> Vec<Bar> {
    let all: u64 = run.distribution.iter().map(|bucket| bucket.count).sum();
    // Where the first bucket begins is not known: it is drawn as one a fifth wide, as the others are.
    let first = run
        .distribution
        .first()
        .map_or(1, |bucket| bucket.up_to / 6 * 5);
    let begins = run.distribution.iter().map(|bucket| bucket.up_to);
    let begins = std::iter::once(first).chain(begins);
    let bars = begins.zip(&run.distribution).map(|(from, bucket)| Bar {
        from: from.max(1),
        up_to: bucket.up_to.max(2),
        count: bucket.count,
        percent: count(bucket.count) / count(all.max(1)) * 100.0,
    });
    bars.filter(|bar| bar.count > 0).collect()
}

/// The 99th percentile at each rate, with the knee; nothing for a ramp without steps.
pub fn ramp(ramp: &Ramp) -> String {
    if ramp.steps.is_empty() {
        return String::new();
    }
    let point = |step: &super::super::Step| (step.rate, count(step.latency.p99));
    let points: Vec<(f64, f64)> = ramp.steps.iter().map(point).collect();
    let plot = Plot {
        x: Axis::log(points.iter().map(|point| point.0), LEFT, RIGHT),
        y: Axis::log(points.iter().map(|point| point.1), BOTTOM, TOP),
    };
    let mut out = String::new();
    plot.ground(&mut out, "latency at the 99th percentile, log scale", tick);
    plot.across(&mut out, "requests due a second, log scale", number);
    let line = points.iter().copied().map(Some).collect();
    plot.lines(
        &mut out,
        &[Line {
            name: "p99".to_owned(),
            class: "one",
            points: line,
        }],
    );
    for (rate, p99) in points {
        let (x, y) = (plot.x.at(rate), plot.y.at(p99));
        // What came in time is filled.
        let class = if rate <= ramp.knee { "dot kept" } else { "dot" };
        put(
            &mut out,
            format_args!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>\n"),
        );
    }
    if ramp.knee > 0.0 {
        plot.mark(
            &mut out,
            ramp.knee,
            &format!("knee: {} a second", number(ramp.knee)),
            0,
        );
    }

    drawing(
        BOTTOM + BELOW,
        &format!("{}: latency by rate", ramp.name),
        &out,
    )
}

#[cfg(test)]
mod tests {
    use super::{super::super::table::sample::sample, *};

    #[test]
    fn the_knee_of_a_ramp_is_drawn_at_its_rate() {
        let mut sampled = sample().ramps.first().unwrap().clone();
        let svg = ramp(&sampled);
        assert!(svg.contains(">knee: 2,000 a second</text>"), "{svg}");
        let mark = svg.split("class=\"mark\" x1=\"").nth(1).unwrap();
        let kept = svg.split("class=\"dot kept\" cx=\"").last().unwrap();
        let number = |text: &str| text.split('"').next().unwrap().to_owned();
        assert_eq!(number(mark), number(kept));
        let dots = (
            svg.matches("\"dot kept\"").count(),
            svg.matches("\"dot\"").count(),
        );
        assert_eq!(dots, (3, 1));
        sampled.knee = 0.0;
        assert!(!ramp(&sampled).contains("knee"));
        sampled.steps.clear();
        assert_eq!(ramp(&sampled), "");
    }

    #[test]
    fn the_bars_of_a_distribution_are_shares_of_all_answers() {
        let run = sample().runs.first().unwrap().clone();
        let bars = bars(&run);
        assert_eq!(
            bars.first().map(|bar| (bar.from, bar.up_to)),
            Some((500, 600))
        );
        assert!(bars.windows(2).all(|pair| pair[0].up_to == pair[1].from));
        let sum: f64 = bars.iter().map(|bar| bar.percent).sum();
        assert!((sum - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_distribution_names_its_percentiles_and_each_bar() {
        let mut run = sample().runs.first().unwrap().clone();
        let svg = distribution(&run);
        for text in [
            ">p50 870 µs<",
            ">p99.9 6.96 ms<",
            "720 µs to 864 µs: 1,900 answers",
        ] {
            assert!(svg.contains(text), "{text}: {svg}");
        }
        assert_eq!(svg.matches("class=\"bar\"").count(), 6);
        run.distribution.clear();
        assert_eq!(distribution(&run), "");
    }

    #[test]
    fn ticks_have_no_digits_that_say_nothing() {
        assert_eq!([50.0, 2e3, 1e6].map(tick), ["50 µs", "2 ms", "1 s"]);
    }
}
