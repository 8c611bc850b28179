//! Instants as an owner reads them: on the clock of the organization.

use std::str::FromStr;

use anyhow::bail;
use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde_json::Value;

/// The clock of an organization.
#[derive(Clone, Copy)]
pub(super) struct Local(Tz);

/// Since when, or until when: so long ago, or a day of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// So many minutes ago.
    Ago(i32),
    /// A day.
    Day(NaiveDate),
}

impl Local {
    /// UTC.
    pub(super) const UTC: Self = Self(Tz::UTC);

    /// The clock of a zone by its name; UTC where this program does not know it.
    pub(super) fn of(zone: &str) -> Self {
        Self(zone.parse().unwrap_or(Tz::UTC))
    }

    /// `Mon 2026-11-23 08:00`
    pub(super) fn stamp(self, at: DateTime<Utc>) -> String {
        self.written(at, "%a %Y-%m-%d %H:%M")
    }

    /// `Mon 2026-11-23 08:00:12`
    pub(super) fn second(self, at: DateTime<Utc>) -> String {
        self.written(at, "%a %Y-%m-%d %H:%M:%S")
    }

    /// `08:00:12`
    pub(super) fn time(self, at: DateTime<Utc>) -> String {
        self.written(at, "%H:%M:%S")
    }

    fn written(self, at: DateTime<Utc>, form: &str) -> String {
        at.with_timezone(&self.0).format(form).to_string()
    }

    /// The first instant of a day, which some clocks begin later than at midnight.
    fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        (0..24)
            .find_map(|hours| {
                let local = midnight + chrono::TimeDelta::hours(hours);
                self.0.from_local_datetime(&local).earliest()
            })
            .map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
    }

    /// Writes every instant in an object with the offset of this clock.
    pub(super) fn localize(self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Ok(at) = DateTime::parse_from_rfc3339(text) {
                    *text = at
                        .with_timezone(&self.0)
                        .to_rfc3339_opts(SecondsFormat::AutoSi, self.0 == Tz::UTC);
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.localize(value)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.localize(value)),
            _ => {}
        }
    }
}

/// A local time without its zone: `Tue 2026-12-01 09:00`.
pub(super) fn wall(at: NaiveDateTime) -> String {
    at.format("%a %Y-%m-%d %H:%M").to_string()
}

/// How long something took: `0.012 s`, `75 s`, `12 min 5 s`.
pub(super) fn length(seconds: i64) -> String {
    if seconds < 120 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

impl Since {
    /// So many minutes ago, if that is meant.
    pub(super) fn minutes(self) -> Option<i32> {
        match self {
            Self::Ago(minutes) => Some(minutes),
            Self::Day(_) => None,
        }
    }

    /// The start of the day, if one is meant.
    pub(super) fn instant(self, local: Local) -> Option<DateTime<Utc>> {
        match self {
            Self::Ago(_) => None,
            Self::Day(day) => Some(local.start_of(day)),
        }
    }

    /// The end of a day.
    pub(super) fn end_of(day: NaiveDate, local: Local) -> DateTime<Utc> {
        local.start_of(day.checked_add_days(Days::new(1)).unwrap_or(day))
    }
}

impl FromStr for Since {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Self::Day(day));
        }
        let mut characters = text.chars();
        let unit = match characters.next_back() {
            Some('m') => 1,
            Some('h') => 60,
            Some('d') => 24 * 60,
            Some('w') => 7 * 24 * 60,
            _ => 0,
        };
        match characters.as_str().parse::<u16>() {
            Ok(count) if unit > 0 => Ok(Self::Ago(i32::from(count) * unit)),
            _ => bail!("write a time such as 30m, 12h, 2d or 3w, or a date such as 2026-11-23"),
        }
    }
}

/// Reads a date of the command line; else says how one is written.
pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|date| (1..=9999).contains(&date.year()))
        .ok_or_else(|| "write a date such as 2026-12-01".to_owned())
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone, Utc};
    use serde_json::json;

    use super::{Local, Since};

    #[test]
    fn a_time_ago_and_a_date_are_understood_and_nothing_else() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!("2d".parse::<Since>().unwrap(), Since::Ago(2880));
        assert_eq!("90m".parse::<Since>().unwrap(), Since::Ago(90));
        assert_eq!("2026-11-23".parse::<Since>().unwrap(), Since::Day(day));
        for wrong in ["", "d", "2", "-2d", "2x", "2026-13-01", "99999999d", "día"] {
            assert!(wrong.parse::<Since>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_when_the_clocks_of_the_organization_say_so() {
        let at = |zone: &str, day: (i32, u32, u32)| {
            let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
            Since::Day(day).instant(Local::of(zone)).unwrap()
        };
        let utc = |hour| Utc.with_ymd_and_hms(2026, 9, 6, hour, 0, 0).unwrap();
        assert_eq!(at("America/Denver", (2026, 9, 6)), utc(6));
        // In Santiago the clocks go forward at midnight of that day.
        assert_eq!(at("America/Santiago", (2026, 9, 6)), utc(4));
    }

    #[test]
    fn instants_within_an_object_get_the_offset_of_the_zone() {
        let mut object =
            json!({ "a": ["2026-11-23T15:00:00+00:00"], "b": { "c": "text", "d": 1 } });
        Local::of("America/Denver").localize(&mut object);
        assert_eq!(
            object,
            json!({ "a": ["2026-11-23T08:00:00-07:00"], "b": { "c": "text", "d": 1 } })
        );
    }
}
