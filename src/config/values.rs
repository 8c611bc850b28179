//! Settings of which several have the same form: addresses, numbers, the count of threads, the clock.

use std::{fmt, net::SocketAddr};

use chrono::{DateTime, Utc};

use super::{SettingError, non_empty};
use crate::{clock::Clock, db::Statements};

/// An IP address and a port.
pub(super) fn address(
    name: &'static str,
    text: &str,
    default: &str,
) -> Result<SocketAddr, SettingError> {
    let text = non_empty(text).unwrap_or(default);
    text.parse().map_err(|_unreadable| {
        SettingError::new(
            name,
            text,
            format!("an IP address and a port, such as {default}"),
        )
    })
}

/// A number within bounds.
pub(super) fn number<T>(
    name: &'static str,
    text: &str,
    default: T,
    allowed: std::ops::RangeInclusive<T>,
) -> Result<T, SettingError>
where
    T: std::str::FromStr + PartialOrd + fmt::Display,
{
    let Some(text) = non_empty(text) else {
        return Ok(default);
    };
    text.parse()
        .ok()
        .filter(|number| allowed.contains(number))
        .ok_or_else(|| {
            SettingError::new(
                name,
                text,
                format!("a number from {} to {}", allowed.start(), allowed.end()),
            )
        })
}

/// How statements are sent: prepared, unless the address of the database says that it is a pooler.
pub(super) fn statements(text: &str, is_pooled: bool) -> Result<Statements, SettingError> {
    match non_empty(text) {
        None if is_pooled => Ok(Statements::Unnamed),
        None | Some("prepared") => Ok(Statements::Prepared),
        Some("unnamed") => Ok(Statements::Unnamed),
        Some(other) => Err(SettingError::new(
            "FRONTDESK_STATEMENTS",
            other,
            "prepared or unnamed",
        )),
    }
}

/// How many threads serve requests: one for each core, unless it is set.
pub(super) fn workers(text: &str) -> Result<usize, SettingError> {
    let set = number("FRONTDESK_WORKERS", text, 0, 0..=1024)?;
    Ok(match set {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    })
}

/// The clock: the machine's, or one that stands still, which only a service that nobody else can reach may have.
pub(super) fn clock(text: &str, listen: SocketAddr) -> Result<Clock, SettingError> {
    const NAME: &str = "FRONTDESK_NOW";
    let Some(text) = non_empty(text) else {
        return Ok(Clock::system());
    };
    let instant: DateTime<Utc> = DateTime::parse_from_rfc3339(text)
        .map_err(|_unreadable| {
            SettingError::new(
                NAME,
                text,
                "an instant with its offset, such as 2026-11-23T08:00:00-07:00",
            )
        })?
        .to_utc();
    if !listen.ip().is_loopback() {
        return Err(SettingError::new(
            NAME,
            text,
            "nothing, unless FRONTDESK_LISTEN is a loopback address",
        ));
    }
    Ok(Clock::fixed(instant))
}
