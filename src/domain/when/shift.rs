//! How a new time lies to the one of an appointment, and the fixed phrases that say it: "the next day", "same time".

/// How a new time lies to the one of the appointment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// What a fixed phrase keeps or moves.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Time,
    Day,
    DayAndTime,
    Days(i64),
    Week,
}

impl Change {
    pub fn shift(self) -> Shift {
        let shift = Shift::default();
        match self {
            Self::Time => Shift {
                keeps_time: true,
                ..shift
            },
            Self::Day => Shift {
                keeps_day: true,
                ..shift
            },
            Self::DayAndTime => Shift {
                keeps_time: true,
                keeps_day: true,
                ..shift
            },
            Self::Days(days) => Shift {
                days: Some(days),
                ..shift
            },
            Self::Week => Shift {
                week_after: true,
                ..shift
            },
        }
    }
}

/// What stays as it is.
pub(super) const KEPT: &[(&str, Change)] = &[
    ("the same day and time", Change::DayAndTime),
    ("same day and time", Change::DayAndTime),
    ("same day same time", Change::DayAndTime),
    ("same time same day", Change::DayAndTime),
    ("mismo dia y hora", Change::DayAndTime),
    ("mismo dia y misma hora", Change::DayAndTime),
    ("at the same time", Change::Time),
    ("the same time", Change::Time),
    ("same time", Change::Time),
    ("at the same hour", Change::Time),
    ("same hour", Change::Time),
    ("a la misma hora", Change::Time),
    ("la misma hora", Change::Time),
    ("misma hora", Change::Time),
    ("mismo horario", Change::Time),
    ("on the same day", Change::Day),
    ("the same day", Change::Day),
    ("that same day", Change::Day),
    ("same day", Change::Day),
    ("that day", Change::Day),
    ("el mismo dia", Change::Day),
    ("mismo dia", Change::Day),
    ("ese mismo dia", Change::Day),
    ("ese dia", Change::Day),
];

/// Days beside that of the appointment, where no other is named behind them.
pub(super) const BESIDE: &[(&str, Change)] = &[
    ("the next day", Change::Days(1)),
    ("next day", Change::Days(1)),
    ("the following day", Change::Days(1)),
    ("the day after", Change::Days(1)),
    ("day after", Change::Days(1)),
    ("al dia siguiente", Change::Days(1)),
    ("el dia siguiente", Change::Days(1)),
    ("dia siguiente", Change::Days(1)),
    ("al siguiente dia", Change::Days(1)),
    ("el siguiente dia", Change::Days(1)),
    ("el dia despues", Change::Days(1)),
    ("al otro dia", Change::Days(1)),
    ("the day before", Change::Days(-1)),
    ("day before", Change::Days(-1)),
    ("the previous day", Change::Days(-1)),
    ("previous day", Change::Days(-1)),
    ("el dia anterior", Change::Days(-1)),
    ("dia anterior", Change::Days(-1)),
    ("el dia antes", Change::Days(-1)),
    ("the following week", Change::Week),
    ("following week", Change::Week),
    ("the week after", Change::Week),
    ("la semana siguiente", Change::Week),
    ("semana siguiente", Change::Week),
    ("la siguiente semana", Change::Week),
];
