//! The hour, the part or the stretch of a day that a caller names.

use std::ops::RangeInclusive;

use chrono::{NaiveTime, Timelike};

/// When in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeOfDay {
    /// At this hour.
    At(NaiveTime),
    /// In this part of the day.
    Part(DayPart),
    /// From this hour on, and before the other one if there is one.
    Window {
        /// The earliest start.
        from: NaiveTime,
        /// Every start is before this hour; `None` is the end of the day.
        until: Option<NaiveTime>,
    },
    /// As early in the day as possible.
    First,
    /// As late in the day as possible.
    Last,
    /// Whenever there is room.
    Any,
}

/// A part of the day, as callers mean it when they want an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayPart {
    /// From 6:00 to 12:00.
    Morning,
    /// From 12:00 to 17:00.
    Afternoon,
    /// From 17:00 to 21:00.
    Evening,
}

impl DayPart {
    /// When the part begins, and when it is over.
    #[must_use]
    pub fn window(self) -> (NaiveTime, NaiveTime) {
        let (from, until) = match self {
            Self::Morning => (6, 12),
            Self::Afternoon => (12, 17),
            Self::Evening => (17, 21),
        };
        let full = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        (full(from), full(until))
    }
}

impl TimeOfDay {
    /// From this hour on.
    pub(super) const fn from(from: NaiveTime) -> Self {
        let until = None;
        Self::Window { from, until }
    }

    /// From this hour until before the other.
    pub(super) const fn between(from: NaiveTime, until: NaiveTime) -> Self {
        let until = Some(until);
        Self::Window { from, until }
    }

    /// When a part or a window begins, and when it is over.
    pub(super) fn bounds(self) -> Option<(NaiveTime, Option<NaiveTime>)> {
        match self {
            Self::Window { from, until } => Some((from, until)),
            Self::Part(part) => {
                let (from, until) = part.window();
                Some((from, Some(until)))
            }
            Self::At(_) | Self::First | Self::Last | Self::Any => None,
        }
    }

    /// Whether an appointment that starts at `time` is what was asked for.
    #[must_use]
    pub fn contains(self, time: NaiveTime) -> bool {
        match self {
            Self::At(hour) => hour == time,
            _ => self
                .bounds()
                .is_none_or(|(from, until)| from <= time && until.is_none_or(|until| time < until)),
        }
    }

    /// The exact hour, if it is one.
    #[must_use]
    pub fn exact(self) -> Option<NaiveTime> {
        match self {
            Self::At(time) => Some(time),
            _ => None,
        }
    }
}

/// Which half of the day an hour belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    Afternoon,
    /// "De la noche", "at night": late in the evening, or after midnight.
    Night,
    /// On a 24-hour clock.
    Exact,
    /// Not said.
    Unsaid,
}

/// An hour as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// 0 to 23 if it exists.
    pub hour: u32,
    /// Minutes past the hour; those before it are negative.
    pub minute: i32,
    pub half: Half,
    /// A number and nothing else, which need not be an hour at all.
    pub is_bare: bool,
}

impl Clock {
    /// The hour on the 24-hour clock, in minutes from midnight; `None` for one that does not exist, such as 25:00 or
    /// 14 AM.
    ///
    /// An hour of which nothing says whether it is before or after noon is one of the usual working day: 7 to 11 in the
    /// morning, 12 noon, 1 to 6 in the afternoon.
    pub fn minutes(self) -> Option<u32> {
        let hour = of_the_day(self.hour, self.half)?;
        if hour > 23 || self.minute > 59 {
            return None;
        }
        let minutes = i32::try_from(hour * 60).ok()? + self.minute;
        u32::try_from(minutes.rem_euclid(24 * 60)).ok()
    }

    /// The same hour, with the half that stands elsewhere in the phrase if none was said with it.
    pub fn or_half(self, half: Half) -> Self {
        if self.half == Half::Unsaid {
            Self { half, ..self }
        } else {
            self
        }
    }
}

/// The hour on the 24-hour clock.
///
/// An hour over 12 is taken as it is, even behind "14:00 pm", but not with "am", which contradicts it.
fn of_the_day(hour: u32, half: Half) -> Option<u32> {
    let after_noon = |hours: RangeInclusive<u32>| {
        if hours.contains(&hour) {
            hour + 12
        } else {
            hour
        }
    };
    let hour = match half {
        Half::Exact => hour,
        Half::Morning if hour > 12 => return None,
        Half::Morning => hour % 12,
        Half::Afternoon if hour == 0 => return None,
        Half::Afternoon => after_noon(1..=11),
        Half::Night if hour == 12 => 0,
        // "2 de la noche" is after midnight, "7 de la noche" before it.
        Half::Night => after_noon(5..=11),
        Half::Unsaid => after_noon(1..=6),
    };
    Some(hour)
}

/// The two ends of a stretch, in minutes from midnight.
///
/// What is said of one end holds for the other as well where that leaves a stretch: "2 to 4 pm" is in the afternoon,
/// "9 to 5 pm" begins in the morning. Where the bare hours would run backwards the end is taken twelve hours later:
/// "7 to 7", "8 to 7".
pub(super) fn stretch(from: Clock, until: Clock) -> Option<(u32, u32)> {
    let ordered = |from: Clock, until: Clock| {
        let (from, until) = (from.minutes()?, until.minutes()?);
        (from < until).then_some((from, until))
    };
    if let Some(ends) = ordered(from.or_half(until.half), until.or_half(from.half)) {
        return Some(ends);
    }
    let ends = ordered(from, until);
    ends.or_else(|| {
        let late = (until.half == Half::Unsaid).then_some(until.or_half(Half::Afternoon))?;
        ordered(from, late)
    })
}

/// A time of day from minutes after midnight.
pub(super) fn time_at(minutes: u32) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(minutes % (24 * 60) * 60, 0).unwrap_or_default()
}

/// Minutes after midnight.
pub(super) fn minutes_of(time: NaiveTime) -> u32 {
    time.hour() * 60 + time.minute()
}
