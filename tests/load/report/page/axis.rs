//! Axes, and what is drawn along them.

use super::{super::table::put, html::escape};

/// Ticks on a logarithmic axis get no closer than so many to an axis.
const MOST_TICKS: usize = 9;

/// Values along a line of the drawing.
pub struct Axis {
    is_log: bool,
    from: f64,
    to: f64,
    start: f64,
    end: f64,
    /// The values that are written.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// A logarithmic axis that holds all values above zero, from a round value to a round value.
    pub fn log(values: impl Iterator<Item = f64>, start: f64, end: f64) -> Self {
        let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            (least, most) = (least.min(value), most.max(value));
        }
        if most <= 0.0 {
            (least, most) = (1.0, 10.0);
        }
        let all = ladder(&[1.0, 2.0, 5.0]);
        let from = all.iter().copied().take_while(|step| *step <= least).last();
        let from = from.unwrap_or(least);
        let to = all
            .iter()
            .copied()
            .find(|step| *step >= most && *step > from);
        let to = to.unwrap_or(most);
        let within = |steps: Vec<f64>| -> Vec<f64> {
            steps
                .into_iter()
                .filter(|step| *step >= from && *step <= to)
                .collect()
        };
        let mut ticks = within(all);
        if ticks.len() > MOST_TICKS {
            ticks = within(ladder(&[1.0]));
        }
        Self {
            is_log: true,
            from,
            to,
            start,
            end,
            ticks,
        }
    }

    /// A linear axis from zero to a value, with at most so many steps; to a round value above it if that is asked for.
    pub fn linear(most: f64, steps: u32, is_round: bool, start: f64, end: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 {
            most
        } else {
            1.0
        };
        let fits = |step: &f64| most / step <= f64::from(steps);
        let step = ladder(&[1.0, 2.0, 5.0])
            .into_iter()
            .find(fits)
            .unwrap_or(most);
        let to = if is_round {
            (most / step).ceil() * step
        } else {
            most
        };
        let ticks = (0..=steps).map(|nth| f64::from(nth) * step);
        let ticks = ticks.filter(|tick| *tick <= to * 1.001).collect();
        Self {
            is_log: false,
            from: 0.0,
            to,
            start,
            end,
            ticks,
        }
    }

    /// Where a value is drawn; one beyond the axis at its end.
    pub fn at(&self, value: f64) -> f64 {
        let share = if self.is_log {
            (value / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        let share = if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        };
        self.start + share * (self.end - self.start)
    }
}

/// Round values, from a thousandth to a thousand millions.
fn ladder(steps: &[f64]) -> Vec<f64> {
    let decades = (-3..=9).map(|power| 10.0_f64.powi(power));
    decades
        .flat_map(|decade| steps.iter().map(move |step| step * decade))
        .collect()
}

/// A line of a plot by the name in its legend, its class, and its points; nothing where there is no figure.
pub struct Line {
    /// What it shows.
    pub name: String,
    /// `one`, `two` or `three`, by which it is drawn.
    pub class: &'static str,
    /// Where it goes.
    pub points: Vec<Option<(f64, f64)>>,
}

/// Two axes: the second from the bottom to the top.
pub struct Plot {
    /// The axis across.
    pub x: Axis,
    /// The axis upwards.
    pub y: Axis,
}

impl Plot {
    /// The ground, the upward axis with its values, and its name with the unit.
    pub fn ground(&self, out: &mut String, name: &str, show: impl Fn(f64) -> String) {
        let (left, right, top, bottom) = (self.x.start, self.x.end, self.y.end, self.y.start);
        let (width, height) = (right - left, bottom - top);
        put(
            out,
            format_args!(
                "<rect class=\"frame\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
                 height=\"{height:.1}\"/>\n"
            ),
        );
        for tick in &self.y.ticks {
            let y = self.y.at(*tick);
            stroke(out, "grid", (left, y), (right, y));
            text(out, (left - 5.0, y + 3.5), "end", "", &show(*tick));
        }
        text(out, (left, top - 5.0), "start", "name", name);
    }

    /// The values of the axis across, and its name with the unit below them.
    pub fn across(&self, out: &mut String, name: &str, show: impl Fn(f64) -> String) {
        let bottom = self.y.start;
        for tick in &self.x.ticks {
            let x = self.x.at(*tick);
            stroke(out, "grid", (x, bottom), (x, bottom + 4.0));
            text(out, (x, bottom + 15.0), "middle", "", &show(*tick));
        }
        let middle = f64::midpoint(self.x.start, self.x.end);
        text(out, (middle, bottom + 30.0), "middle", "name", name);
    }

    /// Lines, and their legend at the right above them.
    pub fn lines(&self, out: &mut String, lines: &[Line]) {
        let y = self.y.end - 5.0;
        let mut x = self.x.end;
        // A line alone is what the plot is named after.
        let named = if lines.len() > 1 { lines } else { &[] };
        for line in named.iter().rev() {
            text(out, (x, y), "end", "name", &line.name);
            // Letters are about six wide: a legend cannot be measured without drawing it.
            x -= super::count(line.name.chars().map(|_| 6).sum()) + 26.0;
            let (from, to) = ((x, y - 4.0), (x + 20.0, y - 4.0));
            stroke(out, &format!("line {}", line.class), from, to);
            x -= 12.0;
        }
        for line in lines {
            for part in line.points.split(Option::is_none) {
                let part: Vec<(f64, f64)> = part.iter().flatten().copied().collect();
                self.part(out, line.class, &part);
            }
        }
    }

    /// A line without gaps.
    fn part(&self, out: &mut String, class: &str, points: &[(f64, f64)]) {
        let at = points.iter().map(|(x, y)| (self.x.at(*x), self.y.at(*y)));
        let mut at: Vec<(f64, f64)> = at.collect();
        // One point alone would not be seen.
        if let [(x, y)] = *at.as_slice() {
            at = vec![(x - 4.0, y), (x + 4.0, y)];
        }
        if at.is_empty() {
            return;
        }
        put(
            out,
            format_args!("<polyline class=\"line {class}\" points=\""),
        );
        for (x, y) in at {
            put(out, format_args!("{x:.1},{y:.1} "));
        }
        put(out, format_args!("\"/>\n"));
    }

    /// A value on the axis across, with a name so many lines below the top.
    pub fn mark(&self, out: &mut String, value: f64, name: &str, lines: u32) {
        let x = self.x.at(value);
        stroke(out, "mark", (x, self.y.start), (x, self.y.end));
        let y = self.y.end + 12.0 + 13.0 * f64::from(lines);
        let is_right = x > self.x.start + 0.7 * (self.x.end - self.x.start);
        let (x, anchor) = if is_right {
            (x - 4.0, "end")
        } else {
            (x + 4.0, "start")
        };
        text(out, (x, y), anchor, "marked", name);
    }
}

fn stroke(out: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    put(
        out,
        format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>\n"
        ),
    );
}

fn text(out: &mut String, at: (f64, f64), anchor: &str, class: &str, text: &str) {
    let ((x, y), text) = (at, escape(text));
    put(
        out,
        format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>\n"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_runs_between_round_values() {
        let axis = Axis::log([0.0, 870.0, 17_400.0, f64::NAN].into_iter(), 100.0, 0.0);
        assert_eq!(axis.ticks, [500.0, 1e3, 2e3, 5e3, 1e4, 2e4]);
        let y = [500.0, 20_000.0, 1.0, 1e9].map(|value| axis.at(value).round());
        assert_eq!(y.map(|y| y.to_string()), ["100", "0", "100", "0"]);
        // The same factor is the same distance.
        let apart = |from, to| axis.at(from) - axis.at(to);
        assert!((apart(1e3, 2e3) - apart(5e3, 1e4)).abs() < 1e-9);
    }

    #[test]
    fn a_long_logarithmic_axis_has_its_decades_only() {
        let axis = Axis::log([1.0, 1e6].into_iter(), 0.0, 100.0);
        assert_eq!(axis.ticks, [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6]);
    }

    #[test]
    fn a_logarithmic_axis_of_one_value_or_none_has_a_length() {
        assert_eq!(
            Axis::log([200.0].into_iter(), 0.0, 100.0).ticks,
            [200.0, 500.0]
        );
        assert_eq!(Axis::log([].into_iter(), 0.0, 100.0).ticks.len(), 4);
    }

    #[test]
    fn a_linear_axis_begins_at_zero() {
        let ticks = |most, is_round| Axis::linear(most, 4, is_round, 0.0, 100.0).ticks;
        assert_eq!(ticks(1_234.0, true), [0.0, 500.0, 1_000.0, 1_500.0]);
        assert_eq!(ticks(1_234.0, false), [0.0, 500.0, 1_000.0]);
        assert_eq!(ticks(0.0, true), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_line_is_interrupted_where_there_is_no_figure() {
        let plot = Plot {
            x: Axis::linear(4.0, 4, true, 0.0, 100.0),
            y: Axis::linear(4.0, 4, true, 100.0, 0.0),
        };
        let points = vec![Some((0.0, 1.0)), Some((1.0, 4.0)), None, Some((4.0, 0.0))];
        let line = |name: &str, points| Line {
            name: name.to_owned(),
            class: "one",
            points,
        };
        let mut out = String::new();
        plot.lines(&mut out, &[line("<p50>", points), line("none", Vec::new())]);
        assert!(out.contains("points=\"0.0,75.0 25.0,0.0 \""), "{out}");
        assert!(out.contains("points=\"96.0,100.0 104.0,100.0 \""), "{out}");
        assert!(
            out.contains("&lt;p50&gt;") && !out.contains("<p50>"),
            "{out}"
        );
    }
}
