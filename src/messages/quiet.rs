//! Quiet hours, in which customers are sent no messages.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// From when until when, on the organization's clock; over midnight when the end is not after the beginning. Equal: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// From when.
    pub from: NaiveTime,
    /// Until when.
    pub until: NaiveTime,
}

impl QuietHours {
    /// When a message may be sent that is ready now: now, or when the quiet hours end.
    #[must_use]
    pub fn first_allowed(self, now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        let local = now.with_timezone(&zone);
        let (time, date) = (local.time(), local.date_naive());
        let is_over_midnight = self.until < self.from;
        let is_quiet = if is_over_midnight {
            time >= self.from || time < self.until
        } else {
            time >= self.from && time < self.until
        };
        if !is_quiet {
            return now;
        }
        let day = if is_over_midnight && time >= self.from {
            date.checked_add_days(Days::new(1)).unwrap_or(date)
        } else {
            date
        };
        // An end that the clocks skip is the first instant after it.
        (0..=3)
            .map(|hours| day.and_time(self.until) + TimeDelta::hours(hours))
            .find_map(|end| end.and_local_timezone(zone).earliest())
            .map_or(now, |end| end.to_utc().max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(from: &str, until: &str, now: &str, zone: Tz) -> String {
        let hours = QuietHours {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        };
        let now: DateTime<Utc> = now.parse().unwrap();
        let local = hours.first_allowed(now, zone).with_timezone(&zone);
        local.format("%m-%d %H:%M").to_string()
    }

    #[test]
    fn a_message_waits_until_the_quiet_hours_end() {
        let denver = chrono_tz::America::Denver;
        for (now, expected) in [
            ("2026-11-24T03:59:00Z", "11-23 20:59"),
            ("2026-11-24T04:00:00Z", "11-24 08:00"),
            ("2026-11-24T10:00:00Z", "11-24 08:00"),
            ("2026-11-24T14:59:59Z", "11-24 08:00"),
            ("2026-11-24T15:00:00Z", "11-24 08:00"),
            ("2026-11-24T15:01:00Z", "11-24 08:01"),
        ] {
            assert_eq!(allowed("21:00:00", "08:00:00", now, denver), expected);
        }
        let noon = "2026-11-24T20:00:00Z";
        assert_eq!(allowed("12:00:00", "14:00:00", noon, denver), "11-24 14:00");
        assert_eq!(allowed("00:00:00", "00:00:00", noon, denver), "11-24 13:00");
    }

    #[test]
    fn an_end_that_the_clocks_skip_is_the_hour_after_it() {
        let new_york = chrono_tz::America::New_York;
        let night = "2026-03-08T05:00:00Z";
        assert_eq!(
            allowed("21:00:00", "02:30:00", night, new_york),
            "03-08 03:30"
        );
    }
}
