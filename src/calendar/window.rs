//! Which events are asked for, and which of those that come are meant.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, Utc};

use crate::domain::external_calendar::{EventTime, Window};

/// Whether an event lies in a window, on the organization's clock.
pub(super) fn overlaps(time: &EventTime, window: &Window) -> bool {
    match *time {
        EventTime::Timed { start, end } => {
            let local = |moment: DateTime<Utc>| moment.with_timezone(&window.zone).naive_local();
            let first = window.first.and_time(NaiveTime::MIN);
            // One of no length has its start only.
            local(start).date() <= window.last && (local(start) >= first || local(end) > first)
        }
        EventTime::Days { first, end } => first <= window.last && end > window.first,
    }
}

/// Between which moments events are asked for. Whole days lie on the calendar's own clock, which can be 26 hours from the organization's:
/// what is asked for too much is left out afterwards.
pub(super) fn bounds(window: &Window) -> (String, String) {
    let midnight = |day: NaiveDate| {
        let moment = day.and_time(NaiveTime::MIN).and_utc();
        moment.to_rfc3339_opts(SecondsFormat::Secs, true)
    };
    let before = window.first.checked_sub_days(Days::new(1));
    let after = window.last.checked_add_days(Days::new(2));
    (
        midnight(before.unwrap_or(window.first)),
        midnight(after.unwrap_or(window.last)),
    )
}
