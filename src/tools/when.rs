//! The day and the hour that a caller wants, from a tool's arguments; or the question that settles them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::{
    context::{Context, Note},
    need::Need,
};
use crate::domain::{
    language::Language,
    speech,
    when::{self, DayPart, Days, Occurrence, TimeOfDay, Unclear},
};

/// When the caller wants a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The day or the days, in the organization's zone.
    pub days: Days,
    /// The hour, the part of the day, or any.
    pub time: TimeOfDay,
    /// The same words read as an instant of another zone, where they carried an offset that is not the
    /// organization's. Models write local times with a `Z`; which was meant shows when the calendar is asked.
    pub instant: Option<NaiveDateTime>,
    /// How often the organization's clocks show that hour on that day.
    pub occurrence: Occurrence,
}

/// A question that must be answered before the calendar can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question(pub Unclear);

/// Why there is no [`Wanted`].
pub enum Unsettled {
    /// Something was left out.
    Need(Need),
    /// Something must be asked back.
    Ask(Question),
}

/// Settles the day and the hour.
///
/// A date may carry its time (`2026-12-01T09:00`, the form in which options are offered, or "tomorrow at nine"); where
/// both arguments name an hour, that of the time counts.
///
/// # Errors
///
/// [`Unsettled::Need`] without a day, [`Unsettled::Ask`] when what was said cannot be used as it is.
pub fn settle(
    context: &Context,
    date: Option<&str>,
    time: Option<&str>,
) -> Result<Wanted, Unsettled> {
    let zone = context.organization.zone;
    let now = context.now.with_timezone(&zone);
    let reading =
        when::understand(date, time, now).map_err(|unclear| Unsettled::Ask(Question(unclear)))?;
    let days = reading.days.ok_or(Unsettled::Need(Need::Day))?;
    let moment = [time, date].into_iter().flatten().find_map(when::moment);
    let instant = moment
        .map(|moment| (moment.local, when::in_zone(moment, zone)))
        .filter(|(local, instant)| local != instant)
        .map(|(_, instant)| instant);
    let time = reading.time.unwrap_or(TimeOfDay::Any);
    let occurrence = match (days.exact(), time.exact()) {
        (Some(date), Some(time)) => when::occurrence(date.and_time(time), zone),
        _ => Occurrence::Once,
    };
    Ok(Wanted {
        days,
        time,
        instant,
        occurrence,
    })
}

impl Question {
    /// The question to the caller.
    #[must_use]
    pub fn say(self, language: Language) -> String {
        match language {
            Language::English => english(self.0),
            Language::Spanish => spanish(self.0),
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self.0 {
            Unclear::Day => "asked_day",
            Unclear::Time | Unclear::NoSuchTime => "asked_hour",
            Unclear::NoSuchDay { .. } => "asked_real_day",
            Unclear::Past { .. } => "asked_year",
            Unclear::Mismatch { .. } => "asked_weekday_or_date",
            Unclear::WhichDay(..) => "asked_which_day",
            Unclear::WhichTime(..) => "asked_which_hour",
        }
    }

    /// The days that the caller may choose from.
    #[must_use]
    pub fn note(self) -> Note {
        let days = match self.0 {
            Unclear::NoSuchDay { last, next } => vec![last, next],
            Unclear::Past { next, .. } => vec![next],
            Unclear::Mismatch {
                by_weekday,
                by_date,
            } => vec![by_weekday, by_date],
            Unclear::WhichDay(one, other) => {
                let days = [one, other].into_iter();
                days.filter_map(Days::exact).collect()
            }
            Unclear::Day | Unclear::Time | Unclear::NoSuchTime | Unclear::WhichTime(..) => {
                Vec::new()
            }
        };
        Note {
            options: days.iter().map(NaiveDate::to_string).collect(),
        }
    }
}

/// What to say of an hour that the clocks show twice that night: the first is meant.
#[must_use]
pub fn first_of_two(occurrence: Occurrence, language: Language) -> &'static str {
    match (occurrence, language) {
        (Occurrence::Once | Occurrence::Never, _) => "",
        (Occurrence::Twice, Language::English) => ", the first of the two that night",
        (Occurrence::Twice, Language::Spanish) => ", la primera de las dos de esa noche",
    }
}

fn english(unclear: Unclear) -> String {
    let language = Language::English;
    let date = |day| speech::date(day, language);
    match unclear {
        Unclear::Day => "I did not catch the day. Which weekday or date would you like?".to_owned(),
        Unclear::Time => "I did not catch the time. What time of day would you like?".to_owned(),
        Unclear::NoSuchTime => "There is no such time of day. What time would you like?".to_owned(),
        Unclear::NoSuchDay { last, next } => format!(
            "{} has only {} days. Did you mean {}, or {}?",
            speech::month(last, language),
            speech::number(last.day(), language),
            date(last),
            date(next)
        ),
        Unclear::Past { said, next } => format!(
            "{} is in the past. Did you mean {}?",
            speech::date_with_year(said, language),
            speech::date_with_year(next, language)
        ),
        Unclear::Mismatch {
            by_weekday,
            by_date,
        } => format!(
            "{} is a {}. Did you mean {}, or {}?",
            speech::day_and_month(by_date, language),
            speech::weekday(by_date, language),
            date(by_weekday),
            date(by_date)
        ),
        Unclear::WhichDay(one, other) => format!(
            "Did you mean {}, or {}?",
            spoken_days(one, language),
            spoken_days(other, language)
        ),
        Unclear::WhichTime(one, other) => format!(
            "Did you mean {}, or {}?",
            spoken_time(one, language),
            spoken_time(other, language)
        ),
    }
}

fn spanish(unclear: Unclear) -> String {
    let language = Language::Spanish;
    let date = |day| speech::date(day, language);
    match unclear {
        Unclear::Day => {
            "No entendí el día. ¿Qué día de la semana o qué fecha le conviene?".to_owned()
        }
        Unclear::Time => "No entendí la hora. ¿A qué hora le conviene?".to_owned(),
        Unclear::NoSuchTime => "Esa hora no existe. ¿A qué hora le conviene?".to_owned(),
        Unclear::NoSuchDay { last, next } => format!(
            "{} solo tiene {} días. ¿Quiso decir el {}, o el {}?",
            capitalized(speech::month(last, language)),
            speech::number(last.day(), language),
            date(last),
            date(next)
        ),
        Unclear::Past { said, next } => format!(
            "El {} ya pasó. ¿Quiso decir el {}?",
            speech::date_with_year(said, language),
            speech::date_with_year(next, language)
        ),
        Unclear::Mismatch {
            by_weekday,
            by_date,
        } => format!(
            "El {} es {}. ¿Quiso decir el {}, o el {}?",
            speech::day_and_month(by_date, language),
            speech::weekday(by_date, language),
            date(by_weekday),
            date(by_date)
        ),
        Unclear::WhichDay(one, other) => format!(
            "¿Quiso decir {}, o {}?",
            spoken_days(one, language),
            spoken_days(other, language)
        ),
        Unclear::WhichTime(one, other) => format!(
            "¿Quiso decir {}, o {}?",
            spoken_time(one, language),
            spoken_time(other, language)
        ),
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A day or several days in a sentence: "Tuesday, December first", "del lunes siete al domingo trece de diciembre".
#[must_use]
pub fn spoken_days(days: Days, language: Language) -> String {
    let date = |day| speech::date(day, language);
    match (language, days) {
        (Language::English, Days::On(day)) => date(day),
        (Language::English, Days::Within(first, last)) => {
            format!("{} to {}", date(first), date(last))
        }
        (Language::English, Days::From(first)) => format!("{} or later", date(first)),
        (Language::Spanish, Days::On(day)) => format!("el {}", date(day)),
        (Language::Spanish, Days::Within(first, last)) => {
            format!("del {} al {}", date(first), date(last))
        }
        (Language::Spanish, Days::From(first)) => format!("desde el {}", date(first)),
    }
}

/// A time of day in a sentence: "at nine", "in the morning", "entre las dos y las cuatro".
#[must_use]
pub fn spoken_time(time: TimeOfDay, language: Language) -> String {
    let clock = |time| speech::time(time, language);
    let article = |time: NaiveTime| {
        let spoken = speech::at_time(time, language);
        spoken
            .strip_prefix("a ")
            .map_or(spoken.clone(), str::to_owned)
    };
    let midnight = NaiveTime::MIN;
    match (language, time) {
        (_, TimeOfDay::At(time)) => speech::at_time(time, language),
        (Language::English, TimeOfDay::Window { from, until: None }) => {
            format!("from {} on", clock(from))
        }
        (
            Language::English,
            TimeOfDay::Window {
                from,
                until: Some(until),
            },
        ) if from == midnight => format!("before {}", clock(until)),
        (
            Language::English,
            TimeOfDay::Window {
                from,
                until: Some(until),
            },
        ) => format!("between {} and {}", clock(from), clock(until)),
        (Language::English, TimeOfDay::Part(part)) => english_part(part).to_owned(),
        (Language::English, TimeOfDay::First) => "as early as possible".to_owned(),
        (Language::English, TimeOfDay::Last) => "as late as possible".to_owned(),
        (Language::English, TimeOfDay::Any) => "at any time".to_owned(),
        (Language::Spanish, TimeOfDay::Window { from, until: None }) => {
            format!("desde {}", article(from))
        }
        (
            Language::Spanish,
            TimeOfDay::Window {
                from,
                until: Some(until),
            },
        ) if from == midnight => format!("antes de {}", article(until)),
        (
            Language::Spanish,
            TimeOfDay::Window {
                from,
                until: Some(until),
            },
        ) => format!("entre {} y {}", article(from), article(until)),
        (Language::Spanish, TimeOfDay::Part(part)) => spanish_part(part).to_owned(),
        (Language::Spanish, TimeOfDay::First) => "lo más temprano posible".to_owned(),
        (Language::Spanish, TimeOfDay::Last) => "lo más tarde posible".to_owned(),
        (Language::Spanish, TimeOfDay::Any) => "a cualquier hora".to_owned(),
    }
}

fn english_part(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "in the morning",
        DayPart::Afternoon => "in the afternoon",
        DayPart::Evening => "in the evening",
    }
}

fn spanish_part(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "por la mañana",
        DayPart::Afternoon => "por la tarde",
        DayPart::Evening => "por la noche",
    }
}
