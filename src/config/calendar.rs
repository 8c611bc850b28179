//! The settings of calendars that are kept elsewhere.

use clap::Args;

/// How providers of calendars are reached.
#[derive(Args, Clone, Debug)]
pub struct CalendarSettings {
    /// Whether a CalDAV server may be at a private address, and without TLS; for one in your own network.
    #[arg(long, env = "FRONTDESK_CALDAV_PRIVATE", value_parser = clap::builder::FalseyValueParser::new())]
    pub caldav_private: bool,
}
