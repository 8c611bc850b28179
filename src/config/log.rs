//! Which log lines are written, and how.

use clap::Args;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::{SettingError, read::read, values::one_of};
use crate::telemetry::LogFormat;

/// How log lines are written and which.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// Which log lines are written, as a tracing filter: info, debug, frontdesk=debug,warn.
    #[arg(long, env = "FRONTDESK_LOG", value_name = "FILTER", default_value = "info", value_parser = read(filter))]
    log: String,
    /// How log lines are written: json, or pretty as a demonstration has them; json if left out.
    #[arg(long, env = "FRONTDESK_LOG_FORMAT", value_name = "FORMAT", value_parser = one_of([("json", LogFormat::Json), ("pretty", LogFormat::Pretty)]))]
    pub log_format: Option<LogFormat>,
}

/// Whether a word alone is no level: as the name of a target, which nothing has, it would silence the log.
fn is_unknown_level(directive: &str) -> bool {
    let word = directive.trim();
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    is_word && word != "frontdesk" && word.parse::<LevelFilter>().is_err()
}

/// A filter that can be used; as its text, since a filter itself cannot be given on.
fn filter(name: &str, text: &str) -> Result<String, SettingError> {
    if text.split(',').any(is_unknown_level) || EnvFilter::try_new(text).is_err() {
        return Err(SettingError::new(
            name,
            text,
            "a level (error, warn, info, debug, trace or off), or a filter of targets and levels such as frontdesk=debug,warn",
        ));
    }
    Ok(text.to_owned())
}

impl LogSettings {
    /// Which log lines are written.
    #[must_use]
    pub fn filter(&self) -> EnvFilter {
        EnvFilter::new(&self.log)
    }
}
