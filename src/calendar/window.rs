//! Which events are asked for, and which of those that come are meant.

use chrono::{
    DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, SecondsFormat, TimeZone, Utc,
};
use chrono_tz::Tz;

use crate::domain::external_calendar::{Event, EventTime, Window};

/// The event of a resource that is no series, if it lies in a window. One of no length takes no time.
pub(super) fn event(time: EventTime, is_busy: bool, window: &Window) -> Option<Event> {
    let has_length = match time {
        EventTime::Timed { start, end } => start < end,
        EventTime::Days { .. } => true,
    };
    overlaps(&time, window).then(|| Event {
        instance: String::new(),
        is_busy: has_length && is_busy,
        time,
    })
}

/// Whether an event lies in a window, on the organization's clock.
pub(super) fn overlaps(time: &EventTime, window: &Window) -> bool {
    match *time {
        EventTime::Timed { start, end } => {
            let (Some(start), Some(end)) = (local(start, window.zone), local(end, window.zone))
            else {
                return false;
            };
            let first = window.first.and_time(NaiveTime::MIN);
            // One of no length has its start only.
            start.date() <= window.last && (start >= first || end > first)
        }
        EventTime::Days { first, end } => first <= window.last && end > window.first,
    }
}

/// A moment on a clock; `None` at the ends of time.
fn local(moment: DateTime<Utc>, zone: Tz) -> Option<NaiveDateTime> {
    let moment = moment.naive_utc();
    moment.checked_add_offset(zone.offset_from_utc_datetime(&moment).fix())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_time_lie_outside() {
        for zone in [chrono_tz::America::Denver, chrono_tz::Asia::Tokyo] {
            let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
            let (first, last) = (day, day);
            let window = Window { first, last, zone };
            let (start, end) = (DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MAX_UTC);
            assert!(!overlaps(&EventTime::Timed { start, end }, &window));
            let (start, end) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MIN_UTC);
            assert!(!overlaps(&EventTime::Timed { start, end }, &window));
            let (first, last) = (NaiveDate::MIN, NaiveDate::MAX);
            let (before, after) = bounds(&Window { first, last, zone });
            assert!(!before.is_empty() && !after.is_empty());
        }
    }
}
