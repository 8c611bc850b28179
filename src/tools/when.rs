//! The day and the hour that a caller wants, from a tool's arguments; or the question that settles them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{context::Context, need::Need};
use crate::domain::{
    language::Language,
    speech,
    when::{self, DateProblem, TimeOfDay, TimeProblem},
};

/// When the caller wants a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The day, in the organization's zone.
    pub date: NaiveDate,
    /// The hour, the part of the day, or any.
    pub time: TimeOfDay,
    /// The same words read as an instant of another zone, where they carried an offset that is not the
    /// organization's. Models write local times with a `Z`; which was meant shows when the calendar is asked.
    pub instant: Option<NaiveDateTime>,
}

/// A question that must be answered before the calendar can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The date is of a year that is over; models without a clock invent those.
    Year {
        /// The date as it was given.
        said: NaiveDate,
        /// The same day in the year in which it comes next.
        next: NaiveDate,
    },
    /// There is no such day.
    ImpossibleDay,
    /// The day was not understood.
    Day,
    /// The hour was not understood, or there is no such hour.
    Hour,
}

/// Why there is no [`Wanted`].
pub enum Unsettled {
    /// Something was left out.
    Need(Need),
    /// Something must be asked back.
    Ask(Question),
}

/// Settles the day and the hour.
///
/// A date may carry its time (`2026-12-01T09:00`, the form in which options are offered); a time of its own wins.
///
/// # Errors
///
/// [`Unsettled::Need`] without a date, [`Unsettled::Ask`] when what was said cannot be used as it is.
pub fn settle(
    context: &Context,
    date: Option<&str>,
    time: Option<&str>,
) -> Result<Wanted, Unsettled> {
    let date_text = date.or(time.filter(|text| when::moment(text).is_some()));
    let date_text = date_text.ok_or(Unsettled::Need(Need::Day))?;
    let date = when::date(date_text, context.today()).map_err(|problem| match problem {
        DateProblem::Missing => Unsettled::Need(Need::Day),
        DateProblem::PastYear { said, suggestion } => Unsettled::Ask(Question::Year {
            said,
            next: suggestion,
        }),
        DateProblem::Impossible => Unsettled::Ask(Question::ImpossibleDay),
        DateProblem::NotUnderstood => Unsettled::Ask(Question::Day),
    })?;
    let moment = time.and_then(when::moment).or(when::moment(date_text));
    let said = match time {
        Some(text) => when::time(text).map_err(|problem| match problem {
            TimeProblem::Missing => Unsettled::Need(Need::Hour),
            TimeProblem::Impossible | TimeProblem::NotUnderstood => Unsettled::Ask(Question::Hour),
        })?,
        None => moment.map_or(TimeOfDay::Any, |moment| TimeOfDay::At(moment.local.time())),
    };
    let instant = moment
        .map(|moment| {
            (
                moment.local,
                when::in_zone(moment, context.organization.zone),
            )
        })
        .filter(|(local, instant)| local != instant)
        .map(|(_, instant)| instant);
    Ok(Wanted {
        date,
        time: said,
        instant,
    })
}

impl Question {
    /// The question to the caller.
    #[must_use]
    pub fn say(self, language: Language) -> String {
        match (language, self) {
            (Language::English, Self::Year { said, next }) => format!(
                "{} is in the past. Did you mean {}?",
                speech::date_with_year(said, language),
                speech::date_with_year(next, language)
            ),
            (Language::English, Self::ImpossibleDay) => {
                "There is no such day on the calendar. Which day did you mean?".to_owned()
            }
            (Language::English, Self::Day) => {
                "I did not catch the day. Which weekday or date would you like?".to_owned()
            }
            (Language::English, Self::Hour) => {
                "I did not catch the time. What time of day would you like?".to_owned()
            }
            (Language::Spanish, Self::Year { said, next }) => format!(
                "El {} ya pasó. ¿Quiso decir el {}?",
                speech::date_with_year(said, language),
                speech::date_with_year(next, language)
            ),
            (Language::Spanish, Self::ImpossibleDay) => {
                "Ese día no existe en el calendario. ¿Qué día quiso decir?".to_owned()
            }
            (Language::Spanish, Self::Day) => {
                "No entendí el día. ¿Qué día de la semana o qué fecha le conviene?".to_owned()
            }
            (Language::Spanish, Self::Hour) => {
                "No entendí la hora. ¿A qué hora le conviene?".to_owned()
            }
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Year { .. } => "asked_year",
            Self::ImpossibleDay | Self::Day => "asked_day",
            Self::Hour => "asked_hour",
        }
    }
}

/// The exact hour of a [`TimeOfDay`], if it is one.
#[must_use]
pub fn exact(time: TimeOfDay) -> Option<NaiveTime> {
    match time {
        TimeOfDay::At(time) => Some(time),
        TimeOfDay::Part(_) | TimeOfDay::Any => None,
    }
}
