//! Keeps what is counted and measured in memory, and writes it in Prometheus' text form.
//!
//! A time is counted into its bucket at once: libraries keep each for itself until somebody gathers them, a megabyte and a half a second
//! under load, and measure the processor's clock for up to a fifth of a second when they start.

use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use metrics::{
    Counter, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Label, Metadata, Recorder,
    SharedString, Unit,
};

/// What a histogram of seconds is cut into; a caller notices from about half a second.
const BUCKETS: [f64; 18] = [
    0.000_01, 0.000_03, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
    0.3, 0.5, 0.8, 1.5, 5.0,
];

/// The series of one kind of metric, those of one name beside each other.
type Series<T> = RwLock<BTreeMap<Key, Arc<T>>>;

/// The figures: cheap to clone, all clones are the same.
#[derive(Clone, Default)]
pub struct Figures(Arc<Kept>);

#[derive(Default)]
struct Kept {
    descriptions: RwLock<BTreeMap<String, SharedString>>,
    counters: Series<AtomicU64>,
    gauges: Series<AtomicU64>,
    histograms: Series<Times>,
}

/// How many times fell into each bucket and beyond the last, and their sum.
#[derive(Default)]
struct Times {
    counts: [AtomicU64; BUCKETS.len() + 1],
    sum: AtomicU64,
}

impl HistogramFn for Times {
    fn record(&self, seconds: f64) {
        let bucket = BUCKETS.partition_point(|most| *most < seconds);
        if let Some(count) = self.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        GaugeFn::increment(&self.sum, seconds);
    }
}

impl Recorder for Figures {
    fn describe_counter(&self, name: KeyName, _unit: Option<Unit>, text: SharedString) {
        self.describe(&name, text);
    }

    fn describe_gauge(&self, name: KeyName, _unit: Option<Unit>, text: SharedString) {
        self.describe(&name, text);
    }

    fn describe_histogram(&self, name: KeyName, _unit: Option<Unit>, text: SharedString) {
        self.describe(&name, text);
    }

    fn register_counter(&self, key: &Key, _about: &Metadata<'_>) -> Counter {
        of(&self.0.counters, key).into()
    }

    fn register_gauge(&self, key: &Key, _about: &Metadata<'_>) -> Gauge {
        of(&self.0.gauges, key).into()
    }

    fn register_histogram(&self, key: &Key, _about: &Metadata<'_>) -> Histogram {
        of(&self.0.histograms, key).into()
    }
}

/// One series, made where it is missing.
fn of<T: Default>(series: &Series<T>, key: &Key) -> Arc<T> {
    let known = series.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(key) {
        return Arc::clone(known);
    }
    drop(known);
    let mut series = series.write().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(series.entry(key.clone()).or_default())
}

impl Figures {
    fn describe(&self, name: &KeyName, text: SharedString) {
        let descriptions = self.0.descriptions.write();
        let mut descriptions = descriptions.unwrap_or_else(PoisonError::into_inner);
        descriptions.insert(name.as_str().to_owned(), text);
    }

    /// All of them in Prometheus' text form.
    #[must_use]
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(
            &mut text,
            "counter",
            &self.0.counters,
            |text, key, count| {
                line(text, key, "", None, count.load(Ordering::Relaxed));
            },
        );
        self.write(&mut text, "gauge", &self.0.gauges, |text, key, value| {
            let value = f64::from_bits(value.load(Ordering::Relaxed));
            line(text, key, "", None, value);
        });
        self.write(
            &mut text,
            "histogram",
            &self.0.histograms,
            |text, key, times| {
                let mut count = 0;
                let bounds = BUCKETS.iter().map(f64::to_string);
                for (bound, times) in bounds.chain(["+Inf".to_owned()]).zip(&times.counts) {
                    count += times.load(Ordering::Relaxed);
                    line(text, key, "_bucket", Some(&bound), count);
                }
                let sum = f64::from_bits(times.sum.load(Ordering::Relaxed));
                line(text, key, "_sum", None, sum);
                line(text, key, "_count", None, count);
            },
        );
        text
    }

    fn write<T>(
        &self,
        text: &mut String,
        kind: &str,
        series: &Series<T>,
        write: impl Fn(&mut String, &Key, &T),
    ) {
        let descriptions = self.0.descriptions.read();
        let descriptions = descriptions.unwrap_or_else(PoisonError::into_inner);
        let series = series.read().unwrap_or_else(PoisonError::into_inner);
        let mut last = "";
        for (key, value) in &*series {
            let name = key.name();
            if name != last {
                if let Some(description) = descriptions.get(name) {
                    text.extend(["# HELP ", name, " ", description, "\n"]);
                }
                text.extend(["# TYPE ", name, " ", kind, "\n"]);
                last = name;
            }
            write(text, key, value);
        }
    }
}

/// One line: the name and what is behind it, the labels and the bucket's bound, the value.
fn line(text: &mut String, key: &Key, suffix: &str, bound: Option<&str>, value: impl Display) {
    text.extend([key.name(), suffix]);
    let labels = key.labels().map(|label| (label.key(), escaped(label)));
    let bound = bound.map(|bound| ("le", bound.to_owned()));
    let mut opening = "{";
    for (name, value) in labels.chain(bound) {
        text.extend([opening, name, "=\"", &value, "\""]);
        opening = ",";
    }
    if opening == "," {
        text.push('}');
    }
    text.extend([" ", &value.to_string(), "\n"]);
}

fn escaped(label: &Label) -> String {
    let value = label.value().replace('\\', "\\\\");
    value.replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::Figures;

    #[test]
    fn figures_are_written_as_prometheus_reads_them() {
        let figures = Figures::default();
        metrics::with_local_recorder(&figures, || {
            metrics::describe_counter!("calls_total", "Calls.");
            metrics::counter!("calls_total", "kind" => "a \"b\"\\\n").increment(2);
            metrics::counter!("calls_total", "kind" => "c").increment(0);
            metrics::gauge!("open").set(1.5);
            let times = metrics::histogram!("wait_seconds", "stage" => "pool");
            for seconds in [0.000_001, 0.1, 0.100_1, 7.0] {
                times.record(seconds);
            }
            metrics::histogram!("wait_seconds", "stage" => "pool").record(0.5);
        });
        let text = figures.text();
        let (head, times) = text.split_once("# TYPE wait_seconds histogram\n").unwrap();
        assert_eq!(
            head,
            "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{kind=\"a \\\"b\\\"\\\\\\n\"} 2\n\
             calls_total{kind=\"c\"} 0\n# TYPE open gauge\nopen 1.5\n"
        );
        for line in [
            "wait_seconds_bucket{stage=\"pool\",le=\"0.00001\"} 1",
            "wait_seconds_bucket{stage=\"pool\",le=\"0.05\"} 1",
            "wait_seconds_bucket{stage=\"pool\",le=\"0.1\"} 2",
            "wait_seconds_bucket{stage=\"pool\",le=\"0.2\"} 3",
            "wait_seconds_bucket{stage=\"pool\",le=\"5\"} 4",
            "wait_seconds_bucket{stage=\"pool\",le=\"+Inf\"} 5",
            "wait_seconds_sum{stage=\"pool\"} 7.700101",
            "wait_seconds_count{stage=\"pool\"} 5",
        ] {
            assert!(times.lines().any(|it| it == line), "{line}: {times}");
        }
    }
}
