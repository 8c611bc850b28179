//! Values of properties: dates, times and lengths.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// A date, or a time of day on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole day.
    Date(NaiveDate),
    /// A time on the clock of a zone that is named elsewhere.
    Local(NaiveDateTime),
    /// A time in UTC.
    Utc(NaiveDateTime),
}

/// How long something takes: days on the calendar, then seconds on the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Length {
    /// Days, which may have 23 hours.
    pub days: TimeDelta,
    /// The rest.
    pub rest: TimeDelta,
}

impl Value {
    /// Reads `20261105`, `20261105T143000` or `20261105T143000Z`, which some write with hyphens and colons.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim().replace(['-', ':'], "");
        let Some((day, time)) = text.split_once(['T', 't']) else {
            return date(&text).map(Self::Date);
        };
        let (time, is_utc) = match time.strip_suffix(['Z', 'z']) {
            Some(time) => (time, true),
            None => (time, false),
        };
        let moment = date(day)?.and_time(time_of_day(time)?);
        Some(if is_utc {
            Self::Utc(moment)
        } else {
            Self::Local(moment)
        })
    }

    /// Its day, on whatever clock it is written.
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Date(date) => date,
            Self::Local(moment) | Self::Utc(moment) => moment.date(),
        }
    }
}

impl Length {
    /// Reads `P1DT2H`, `PT30M`, `P2W`. Nothing lasts less than no time, whatever sign is written.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['+', '-']);
        let mut rest = text.strip_prefix(['P', 'p'])?;
        let (mut days, mut seconds, mut is_time) = (0_i64, 0_i64, false);
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(['T', 't']) {
                (rest, is_time) = (after, true);
                continue;
            }
            let digits = rest.find(|character: char| !character.is_ascii_digit())?;
            let number: i64 = rest.get(..digits)?.parse().ok()?;
            let mut characters = rest.get(digits..)?.chars();
            match (characters.next()?.to_ascii_uppercase(), is_time) {
                ('W', false) => days = days.checked_add(number.checked_mul(7)?)?,
                ('D', false) => days = days.checked_add(number)?,
                ('H', true) => seconds = seconds.checked_add(number.checked_mul(3600)?)?,
                ('M', true) => seconds = seconds.checked_add(number.checked_mul(60)?)?,
                ('S', true) => seconds = seconds.checked_add(number)?,
                _ => return None,
            }
            rest = characters.as_str();
        }
        Some(Self {
            days: TimeDelta::try_days(days)?,
            rest: TimeDelta::try_seconds(seconds)?,
        })
    }

    /// About how long it is.
    pub fn total(self) -> TimeDelta {
        self.days.checked_add(&self.rest).unwrap_or(TimeDelta::MAX)
    }
}

/// Reads `+0100` or `-073000`: seconds east of Greenwich.
pub fn offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let part = |from: usize| numeral(digits.get(from..from + 2)?);
    let seconds = if digits.len() > 4 { part(4)? } else { 0 };
    let total = part(0)? * 3600 + part(2)? * 60 + seconds;
    i32::try_from(total)
        .ok()
        .filter(|total| *total < 86_400)
        .map(|total| sign * total)
}

fn date(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 {
        return None;
    }
    let year = i32::try_from(numeral(text.get(..4)?)?).ok()?;
    let (month, day) = (numeral(text.get(4..6)?)?, numeral(text.get(6..)?)?);
    NaiveDate::from_ymd_opt(year, month, day)
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let seconds = match text.len() {
        // Some leave the seconds out.
        4 => 0,
        6 => numeral(text.get(4..)?)?,
        _ => return None,
    };
    // A leap second counts as the one before it.
    NaiveTime::from_hms_opt(
        numeral(text.get(..2)?)?,
        numeral(text.get(2..4)?)?,
        if seconds == 60 { 59 } else { seconds },
    )
}

fn numeral(text: &str) -> Option<u32> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
