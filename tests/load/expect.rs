//! Bounds that are given on the command line.

use std::str::FromStr;

use anyhow::{Context, Result, bail};

use super::{
    record::count,
    report::{Limit, Run, Verdict},
};

/// A bound that was given, such as `p99<=50ms`, `p99.book_appointment<=100ms`, `per_second>=1000`, `cpu<=75us`, `resident<=20MB`
/// or `errors<=0`.
#[derive(Clone, Debug)]
pub struct Bound {
    text: String,
    figure: String,
    tool: Option<String>,
    is_most: bool,
    number: f64,
}

impl FromStr for Bound {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        const ALLOWED: &str = "allowed: p50, p90, p99, p99.9, max (each also of one tool: p99.book_appointment), per_second, cpu, resident or errors; then <= or >=; then a number, with us, ms, s or MB behind it";
        let (left, is_most, right) = match (text.split_once("<="), text.split_once(">=")) {
            (Some((left, right)), _) => (left, true, right),
            (None, Some((left, right))) => (left, false, right),
            (None, None) => bail!(ALLOWED),
        };
        let digits =
            right.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == 'µ');
        let unit = right.get(digits.len()..).unwrap_or_default();
        let number: f64 = digits.trim().parse().ok().context(ALLOWED)?;
        let number = match unit {
            "" | "us" | "µs" | "MB" => number,
            "ms" => number * 1e3,
            "s" => number * 1e6,
            _ => bail!(ALLOWED),
        };
        let left = left.trim();
        let known = [
            "p50",
            "p90",
            "p99.9",
            "p99",
            "max",
            "per_second",
            "cpu",
            "resident",
            "errors",
        ];
        let figure = known
            .into_iter()
            .find(|name| left.starts_with(name))
            .context(ALLOWED)?;
        let tool = match left.strip_prefix(figure).unwrap_or_default() {
            "" => None,
            rest => Some(rest.strip_prefix('.').context(ALLOWED)?.to_owned()),
        };
        Ok(Self {
            text: text.to_owned(),
            figure: figure.to_owned(),
            tool,
            is_most,
            number,
        })
    }
}

impl Bound {
    /// Holds a run against the bound; a figure that the run does not have fails it.
    pub fn judge(&self, run: &Run) -> Verdict {
        let unit = match self.figure.as_str() {
            "per_second" | "errors" => "",
            "resident" => "MB",
            _ => "µs",
        };
        let bound = if self.is_most {
            Limit::AtMost(self.number)
        } else {
            Limit::AtLeast(self.number)
        };
        let mut verdict = Verdict::of(&self.text, self.measured(run), bound, unit, true);
        verdict.met.get_or_insert(false);
        verdict
    }

    fn measured(&self, run: &Run) -> Option<f64> {
        let latency = match &self.tool {
            None => run.all,
            Some(tool) => *run.tools.get(tool)?,
        };
        Some(match self.figure.as_str() {
            "p50" => count(latency.p50),
            "p90" => count(latency.p90),
            "p99" => count(latency.p99),
            "p99.9" => count(latency.p999),
            "max" => count(latency.max),
            "per_second" => run.per_second,
            "cpu" => run.service?.cpu_us,
            "resident" => run.service?.resident_mb,
            _ => count(run.errors.values().sum()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_or_refused_with_what_is_allowed() {
        for (text, number, tool) in [
            ("p99<=50ms", 50_000.0, None),
            ("p99.9<=2s", 2e6, None),
            ("p99.book_appointment<=100ms", 1e5, Some("book_appointment")),
            ("per_second>=1000", 1000.0, None),
            ("cpu<=75µs", 75.0, None),
            ("resident<=20MB", 20.0, None),
            ("errors<=0", 0.0, None),
        ] {
            let bound: Bound = text.parse().unwrap();
            assert!((bound.number - number).abs() < 1e-9, "{text}");
            assert_eq!(bound.tool.as_deref(), tool, "{text}");
        }
        for text in ["p99", "p98<=1", "p99<=1h", "p99<1", "<=5", "p99book<=1"] {
            assert!(
                text.parse::<Bound>()
                    .unwrap_err()
                    .to_string()
                    .contains("allowed"),
                "{text}"
            );
        }
    }
}
