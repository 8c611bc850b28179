//! The day and the hour that a caller wants, and the question that settles them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::context::Note;
use crate::domain::{
    language::Language,
    slot,
    speech::{self, Voice},
    when::{DayPart, Days, Occurrence, Reading, TimeOfDay, Unclear},
};

/// When the caller wants an appointment.
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
    /// Whether another zone was named, so that it must be said whose clock the answer is on.
    pub names_zone: bool,
}

impl Wanted {
    /// The day and the hour, if both are exact.
    #[must_use]
    pub fn exact(&self) -> Option<NaiveDateTime> {
        Some(self.days.exact()?.and_time(self.time.exact()?))
    }
}

/// What is not known of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No day was given.
    Day,
    /// The words for the day were not understood.
    UnclearDay,
    /// The words for the hour were not understood.
    UnclearTime,
    /// The words refer to an option, and it is not known to which.
    Option,
}

/// A question that must be answered before anything can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The words contradict themselves or have two readings.
    Unclear(Unclear),
    /// Something is not known: two options are named.
    Open {
        /// What.
        missing: Missing,
        /// What is known.
        known: Reading,
        /// The options.
        options: Vec<NaiveDateTime>,
    },
    /// Several of the options that were offered may be meant.
    WhichOption(Vec<NaiveDateTime>),
}

impl Question {
    /// The question to the caller.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        match (self, voice.language) {
            (Self::Unclear(unclear), Language::English) => english(*unclear, voice),
            (Self::Unclear(unclear), Language::Spanish) => spanish(*unclear, voice),
            (
                Self::Open {
                    missing,
                    known,
                    options,
                },
                _,
            ) => {
                let known = spoken_known(*missing, *known, voice);
                let options = spoken_moments(options, voice);
                ask_openly(&known, &options, *missing, voice.language)
            }
            (Self::WhichOption(options), _) => {
                let options = spoken_moments(options, voice);
                match voice.language {
                    Language::English => format!("Which one do you mean: {options}?"),
                    Language::Spanish => format!("¿Cuál quiere decir: {options}?"),
                }
            }
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unclear(Unclear::Day)
            | Self::Open {
                missing: Missing::UnclearDay,
                ..
            } => "asked_day",
            Self::Unclear(Unclear::Time | Unclear::NoSuchTime)
            | Self::Open {
                missing: Missing::UnclearTime,
                ..
            } => "asked_hour",
            Self::Unclear(Unclear::NoSuchDay { .. }) => "asked_real_day",
            Self::Unclear(Unclear::Past { .. }) => "asked_year",
            Self::Unclear(Unclear::Mismatch { .. }) => "asked_weekday_or_date",
            Self::Unclear(Unclear::WhichDay(..)) => "asked_which_day",
            Self::Unclear(Unclear::WhichTime(..)) => "asked_which_hour",
            Self::Open {
                missing: Missing::Day,
                ..
            } => "needs_day",
            Self::Open {
                missing: Missing::Option,
                ..
            }
            | Self::WhichOption(_) => "asked_which_option",
        }
    }

    /// The days or the times that the caller may choose from.
    #[must_use]
    pub fn note(&self) -> Note {
        let options = match self {
            Self::Unclear(unclear) => choices(*unclear).iter().map(NaiveDate::to_string).collect(),
            Self::Open { options, .. } | Self::WhichOption(options) => options
                .iter()
                .map(|option| slot::token(option.date(), option.time()))
                .collect(),
        };
        Note { options }
    }

    /// Whether the options of its note are times that are free.
    #[must_use]
    pub fn offers(&self) -> bool {
        match self {
            Self::Unclear(_) => false,
            Self::Open { .. } | Self::WhichOption(_) => true,
        }
    }
}

/// Options in one breath, their day once where it is the same: "tomorrow at eight or four".
fn spoken_moments(options: &[NaiveDateTime], voice: Voice) -> String {
    let language = voice.language;
    let [first, others @ ..] = options else {
        return String::new();
    };
    let is_one_day = others.iter().all(|option| option.date() == first.date());
    let hour = |option: &NaiveDateTime| match language {
        Language::English => speech::time(option.time(), language),
        Language::Spanish => speech::at_time(option.time(), language),
    };
    let mut spoken = vec![speech::moment(first.date(), first.time(), voice)];
    spoken.extend(others.iter().map(|option| {
        if is_one_day {
            hour(option)
        } else {
            speech::moment(option.date(), option.time(), voice)
        }
    }));
    speech::list(&spoken, language)
}

/// The days between which the caller must choose.
fn choices(unclear: Unclear) -> Vec<NaiveDate> {
    match unclear {
        Unclear::NoSuchDay { last, next } => vec![last, next],
        Unclear::Past { next, .. } => vec![next],
        Unclear::Mismatch {
            by_weekday,
            by_date,
        } => vec![by_weekday, by_date],
        Unclear::WhichDay(one, other) => [one, other].into_iter().filter_map(Days::exact).collect(),
        Unclear::Day | Unclear::Time | Unclear::NoSuchTime | Unclear::WhichTime(..) => Vec::new(),
    }
}

/// What was understood and what was not, as a sentence; empty where nothing was said.
fn spoken_known(missing: Missing, known: Reading, voice: Voice) -> String {
    let language = voice.language;
    let day = known.days.map(|days| spoken_days(days, voice));
    let time = known
        .time
        .filter(|time| !matches!(time, TimeOfDay::Any))
        .map(|time| spoken_time(time, language));
    match (language, missing, day, time) {
        (Language::English, Missing::Option, _, _) => {
            "I'm not sure which time you mean.".to_owned()
        }
        (Language::Spanish, Missing::Option, _, _) => "No sé bien a cuál se refiere.".to_owned(),
        (_, Missing::Day, _, None) => String::new(),
        (Language::English, Missing::Day | Missing::UnclearDay, _, Some(time)) => {
            format!("I have the time, {time}, but not the day.")
        }
        (Language::English, Missing::UnclearDay, _, None) => "I did not catch the day.".to_owned(),
        (Language::English, Missing::UnclearTime, Some(day), _) => {
            format!("I have the day, {day}, but not the time.")
        }
        (Language::English, Missing::UnclearTime, None, _) => {
            "I did not catch the time.".to_owned()
        }
        (Language::Spanish, Missing::Day | Missing::UnclearDay, _, Some(time)) => {
            format!("Tengo la hora, {time}, pero no el día.")
        }
        (Language::Spanish, Missing::UnclearDay, _, None) => "No entendí el día.".to_owned(),
        (Language::Spanish, Missing::UnclearTime, Some(day), _) => {
            format!("Tengo el día, {day}, pero no la hora.")
        }
        (Language::Spanish, Missing::UnclearTime, None, _) => "No entendí la hora.".to_owned(),
    }
}

fn ask_openly(known: &str, options: &str, missing: Missing, language: Language) -> String {
    let question = match (language, missing, options.is_empty()) {
        (Language::English, Missing::UnclearTime, true) => "What time would you like?".to_owned(),
        (Language::English, _, true) => "Which day and time would you like?".to_owned(),
        (Language::Spanish, Missing::UnclearTime, true) => "¿A qué hora le conviene?".to_owned(),
        (Language::Spanish, _, true) => "¿Qué día y a qué hora le conviene?".to_owned(),
        (Language::English, _, false) => {
            format!("For example, I have {options}. Which would you like?")
        }
        (Language::Spanish, _, false) => {
            format!("Por ejemplo, tengo {options}. ¿Cuál le conviene?")
        }
    };
    if known.is_empty() {
        question
    } else {
        format!("{known} {question}")
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

fn english(unclear: Unclear, voice: Voice) -> String {
    let language = voice.language;
    let date = |date| speech::day(date, voice);
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
            spoken_days(one, voice),
            spoken_days(other, voice)
        ),
        Unclear::WhichTime(one, other) => format!(
            "Did you mean {}, or {}?",
            spoken_time(one, language),
            spoken_time(other, language)
        ),
    }
}

fn spanish(unclear: Unclear, voice: Voice) -> String {
    let language = voice.language;
    let date = |date| speech::day(date, voice);
    match unclear {
        Unclear::Day => {
            "No entendí el día. ¿Qué día de la semana o qué fecha le conviene?".to_owned()
        }
        Unclear::Time => "No entendí la hora. ¿A qué hora le conviene?".to_owned(),
        Unclear::NoSuchTime => "Esa hora no existe. ¿A qué hora le conviene?".to_owned(),
        Unclear::NoSuchDay { last, next } => format!(
            "{} solo tiene {} días. ¿Quiso decir {} o {}?",
            speech::capitalized(speech::month(last, language)),
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
            "El {} es {}. ¿Quiso decir {} o {}?",
            speech::day_and_month(by_date, language),
            speech::weekday(by_date, language),
            date(by_weekday),
            date(by_date)
        ),
        Unclear::WhichDay(one, other) => format!(
            "¿Quiso decir {} o {}?",
            spoken_days(one, voice),
            spoken_days(other, voice)
        ),
        Unclear::WhichTime(one, other) => format!(
            "¿Quiso decir {} o {}?",
            spoken_time(one, language),
            spoken_time(other, language)
        ),
    }
}

/// A day or several days in a sentence: "Tuesday, December first", "del lunes siete al domingo trece de diciembre".
#[must_use]
pub fn spoken_days(days: Days, voice: Voice) -> String {
    let language = voice.language;
    let date = |day| speech::date(day, language);
    let near = |day| speech::day(day, voice);
    match (language, days) {
        (_, Days::On(day)) => near(day),
        (Language::English, Days::Within(first, last)) => {
            format!("{} to {}", near(first), near(last))
        }
        (Language::English, Days::From(first)) => format!("{} or later", near(first)),
        (Language::Spanish, Days::Within(first, last)) => {
            format!("del {} al {}", date(first), date(last))
        }
        (Language::Spanish, Days::From(first)) => format!("desde {}", near(first)),
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
