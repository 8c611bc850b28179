//! How a new time lies to the one of an appointment, and the fixed phrases that say it: "the next day", "same time".

use crate::domain::words::Phrases;

/// How a new time lies to the one of the appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub minutes: Option<i64>,
    pub days: Option<i64>,
    pub months: Option<i64>,
    /// Whether the hour stays.
    pub keeps_time: bool,
    /// Whether the day stays.
    pub keeps_day: bool,
    /// Any day of the week behind that of the appointment.
    pub week_after: bool,
    pub bound: Option<Bound>,
}

/// Before or after the hour of the appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub is_later: bool,
    /// "Later than my appointment", which on another day is a bound as well.
    pub names_it: bool,
}

impl Shift {
    /// None at all.
    pub const NONE: Self = Self {
        minutes: None,
        days: None,
        months: None,
        keeps_time: false,
        keeps_day: false,
        week_after: false,
        bound: None,
    };

    /// To the day so many days later, at an hour that is not said.
    pub const fn days(days: i64) -> Self {
        Self {
            days: Some(days),
            ..Self::NONE
        }
    }

    /// The hour, the day or both stay.
    pub const fn keeping(keeps_time: bool, keeps_day: bool) -> Self {
        Self {
            keeps_time,
            keeps_day,
            ..Self::NONE
        }
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self {
            minutes: self.minutes.or(other.minutes),
            days: self.days.or(other.days),
            months: self.months.or(other.months),
            keeps_time: self.keeps_time || other.keeps_time,
            keeps_day: self.keeps_day || other.keeps_day,
            week_after: self.week_after || other.week_after,
            bound: self.bound.or(other.bound),
        }
    }
}

/// What stays as it is.
pub(super) static KEPT: Phrases<Shift> = Phrases::new(&[
    (
        Shift::keeping(true, true),
        "the same day and time, same day and|same time, same time same day, mismo dia y hora, \
         mismo dia y misma hora",
    ),
    (
        Shift::keeping(true, false),
        "at the|that same time|hour, the|that same time, same time|hour, a la|esa misma hora, \
         la|esa misma hora, a esa hora, misma hora, mismo horario",
    ),
    (
        Shift::keeping(false, true),
        "on the same day, the|that same day, same|that day, el|ese mismo dia, mismo|ese dia",
    ),
]);

const WEEK_AFTER: Shift = Shift {
    week_after: true,
    ..Shift::NONE
};

/// Days beside that of the appointment, where no other is named behind them.
pub(super) static BESIDE: Phrases<Shift> = Phrases::new(&[
    (
        Shift::days(1),
        "the next|following day, next day, the day after, day after, al|el dia siguiente, \
         dia siguiente, al|el siguiente dia, el dia despues, al otro dia",
    ),
    (
        Shift::days(-1),
        "the day before, day before, the previous day, previous day, el dia anterior|antes, \
         dia anterior",
    ),
    (
        WEEK_AFTER,
        "the following week, following week, the week after, la semana siguiente, \
         semana siguiente, la siguiente semana",
    ),
]);
