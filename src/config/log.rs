//! Which log lines are written, and how.

use clap::Args;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::{SettingError, non_empty};
use crate::telemetry::LogFormat;

/// How log lines are written and which.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// Which log lines are written, as a tracing filter: info, debug, frontdesk=debug,warn.
    #[arg(
        long,
        env = "FRONTDESK_LOG",
        value_name = "FILTER",
        default_value = "info"
    )]
    pub log: String,
    /// How log lines are written: json, or pretty as a demonstration has them; json if left out.
    #[arg(
        long,
        env = "FRONTDESK_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = ""
    )]
    pub log_format: String,
}

/// Whether a word alone is no level: as the name of a target, which nothing has, it would silence the log.
fn is_unknown_level(directive: &str) -> bool {
    let word = directive.trim();
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    is_word && word != "frontdesk" && word.parse::<LevelFilter>().is_err()
}

/// Which log lines are written and how, understood.
#[derive(Debug)]
pub struct LogConfig {
    /// Which.
    pub filter: EnvFilter,
    /// How.
    pub format: LogFormat,
}

impl LogSettings {
    /// Understands which log lines are written and how.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<LogConfig, SettingError> {
        let text = non_empty(&self.log).unwrap_or("info");
        let refused = || {
            SettingError::new(
                "FRONTDESK_LOG",
                text,
                "a level (error, warn, info, debug, trace or off), or a filter of targets and levels such as frontdesk=debug,warn",
            )
        };
        if text.split(',').any(is_unknown_level) {
            return Err(refused());
        }
        let filter = EnvFilter::try_new(text).map_err(|_unreadable| refused())?;
        let format = match non_empty(&self.log_format).unwrap_or("json") {
            "json" => LogFormat::Json,
            "pretty" => LogFormat::Pretty,
            other => {
                return Err(SettingError::new(
                    "FRONTDESK_LOG_FORMAT",
                    other,
                    "json or pretty",
                ));
            }
        };
        Ok(LogConfig { filter, format })
    }
}
