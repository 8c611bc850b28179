//! The fields of spans in the log.

use std::fmt;

use serde::Serialize;
use tracing::{
    field::{Field, Visit},
    span::Record,
};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FormatFields, FormattedFields, format::Writer},
};

/// Writes the fields of a span as the JSON object that the lines of the log quote. Every request has a span, and the library's own writer
/// takes four times as long: it collects the fields in a map first.
pub(super) struct SpanFields;

impl<'w> FormatFields<'w> for SpanFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut object = Object(String::with_capacity(128));
        object.0.push('{');
        fields.record(&mut object);
        writer.write_str(&object.closed())
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let mut object = Object(current.strip_suffix('}').unwrap_or("{").to_owned());
        fields.record(&mut object);
        current.fields = object.closed();
        Ok(())
    }
}

/// An object without its last brace.
struct Object(String);

impl Object {
    fn add(&mut self, field: &Field, value: impl Serialize) {
        // Behind a field stands its value, which ends otherwise.
        self.0
            .push_str(if self.0.ends_with('{') { "\"" } else { ",\"" });
        // Names are written in the code, and need no escape.
        self.0.push_str(field.name());
        self.0.push_str("\":");
        // Nothing that is recorded fails to be written.
        self.0
            .push_str(&serde_json::to_string(&value).unwrap_or_default());
    }

    fn closed(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

impl Visit for Object {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing::{Level, field::Empty, subscriber::with_default};
    use tracing_subscriber::fmt::{FormatFields, format::JsonFields};

    use super::SpanFields;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged within spans, with their fields written so.
    fn logged(fields: impl for<'w> FormatFields<'w> + Send + Sync + 'static) -> Vec<Value> {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .without_time()
            .with_writer(move || writer.clone())
            .fmt_fields(fields)
            .finish();
        with_default(subscriber, || {
            let absent: Option<&str> = None;
            let all = tracing::info_span!(
                "all", text = "a \"b\"\n{é}", count = 7_u64, sum = -7_i64, share = 0.5, is = true,
                debug = ?Level::INFO, shown = %"{", absent, huge = u128::MAX, late = Empty,
            );
            let none = tracing::info_span!(parent: &all, "none", late = Empty);
            none.in_scope(|| tracing::info!("before"));
            for span in [&all, &none] {
                span.record("late", "a } b");
            }
            none.in_scope(|| tracing::info!("after"));
        });
        let lines = lines.0.lock().unwrap();
        let lines = lines.split_inclusive(|byte| *byte == b'\n');
        lines
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    #[test]
    fn fields_are_written_as_the_library_writes_them() {
        let lines = logged(SpanFields);
        assert_eq!(lines[1]["spans"][0]["late"], "a } b");
        assert_eq!(lines, logged(JsonFields::new()));
    }
}
