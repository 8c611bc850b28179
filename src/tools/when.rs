//! The day and the hour that a caller wants, and the question that is asked where they are not clear.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::context::Note;
use crate::domain::{
    language::{Language, say},
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
    /// There is no such day, or it is over.
    OtherDay {
        /// Which.
        unclear: Unclear,
        /// The days that may be meant and can be booked.
        days: Vec<NaiveDate>,
    },
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
        let language = voice.language;
        match self {
            Self::Unclear(unclear) => spoken_unclear(*unclear, voice),
            Self::OtherDay { unclear, days } => spoken_other_day(*unclear, days, voice),
            Self::Open {
                missing,
                known,
                options,
            } => {
                let known = spoken_known(*missing, *known, voice);
                let options = spoken_moments(options, voice);
                ask_openly(&known, &options, *missing, language)
            }
            Self::WhichOption(options) => {
                let options = spoken_moments(options, voice);
                say!(
                    language,
                    "Which one do you mean: {options}?",
                    "¿Cuál quiere decir: {options}?"
                )
            }
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::OtherDay { unclear, .. } => Self::Unclear(*unclear).label(),
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
            Self::OtherDay { days, .. } => days.iter().map(NaiveDate::to_string).collect(),
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
            Self::Unclear(_) | Self::OtherDay { .. } => false,
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
        Language::English => speech::time(option.time(), language).into_owned(),
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
pub(super) fn choices(unclear: Unclear) -> Vec<NaiveDate> {
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
    let known = match (missing, day, time) {
        (Missing::Day | Missing::UnclearDay, _, Some(time)) => {
            return say!(
                language,
                "I have the time, {time}, but not the day.",
                "Tengo la hora, {time}, pero no el día."
            );
        }
        (Missing::UnclearTime, Some(day), _) => {
            return say!(
                language,
                "I have the day, {day}, but not the time.",
                "Tengo el día, {day}, pero no la hora."
            );
        }
        (Missing::Day, _, None) => "",
        (Missing::UnclearDay, _, None) => {
            language.pick("I did not catch the day.", "No entendí el día.")
        }
        (Missing::UnclearTime, None, _) => {
            language.pick("I did not catch the time.", "No entendí la hora.")
        }
        (Missing::Option, _, _) => language.pick(
            "I'm not sure which time you mean.",
            "No sé bien a cuál se refiere.",
        ),
    };
    known.to_owned()
}

fn ask_openly(known: &str, options: &str, missing: Missing, language: Language) -> String {
    let question = match missing {
        _ if !options.is_empty() => say!(
            language,
            "For example, I have {options}. Which would you like?",
            "Por ejemplo, tengo {options}. ¿Cuál le conviene?"
        ),
        Missing::UnclearTime => language
            .pick("What time would you like?", "¿A qué hora le conviene?")
            .to_owned(),
        _ => language
            .pick(
                "Which day and time would you like?",
                "¿Qué día y a qué hora le conviene?",
            )
            .to_owned(),
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
    match occurrence {
        Occurrence::Once | Occurrence::Never => "",
        Occurrence::Twice => language.pick(
            ", the first of the two that night",
            ", la primera de las dos de esa noche",
        ),
    }
}

/// Why a day cannot be meant, and which may be.
fn spoken_other_day(unclear: Unclear, days: &[NaiveDate], voice: Voice) -> String {
    let language = voice.language;
    let why = match unclear {
        Unclear::NoSuchDay { last, .. } => {
            let month = speech::capitalized(speech::month(last, language));
            let days = speech::number(last.day(), language);
            say!(
                language,
                "{month} has only {days} days.",
                "{month} solo tiene {days} días."
            )
        }
        Unclear::Past { said, .. } => {
            let said = speech::date_with_year(said, language);
            say!(language, "{said} is in the past.", "El {said} ya pasó.")
        }
        _ => String::new(),
    };
    let day = |day: NaiveDate| match (unclear, language) {
        (Unclear::Past { .. }, Language::English) => speech::date_with_year(day, language),
        (Unclear::Past { .. }, Language::Spanish) => {
            format!("el {}", speech::date_with_year(day, language))
        }
        _ => speech::day(day, voice),
    };
    let question = match days {
        [] => language
            .pick("Which day would you like?", "¿Qué día le conviene?")
            .to_owned(),
        [one] => {
            let one = day(*one);
            say!(language, "Did you mean {one}?", "¿Quiso decir {one}?")
        }
        [one, other, ..] => which_of(&day(*one), &day(*other), language),
    };
    format!("{why} {question}")
}

fn which_of(one: &str, other: &str, language: Language) -> String {
    say!(
        language,
        "Did you mean {one}, or {other}?",
        "¿Quiso decir {one} o {other}?"
    )
}

fn spoken_unclear(unclear: Unclear, voice: Voice) -> String {
    let language = voice.language;
    let which = |one: &str, other: &str| which_of(one, other, language);
    let day = |date| speech::day(date, voice);
    let question = match unclear {
        Unclear::Day => language.pick(
            "I did not catch the day. Which weekday or date would you like?",
            "No entendí el día. ¿Qué día de la semana o qué fecha le conviene?",
        ),
        Unclear::Time => language.pick(
            "I did not catch the time. What time of day would you like?",
            "No entendí la hora. ¿A qué hora le conviene?",
        ),
        Unclear::NoSuchTime => language.pick(
            "There is no such time of day. What time would you like?",
            "Esa hora no existe. ¿A qué hora le conviene?",
        ),
        Unclear::NoSuchDay { .. } | Unclear::Past { .. } => {
            return spoken_other_day(unclear, &choices(unclear), voice);
        }
        Unclear::Mismatch {
            by_weekday,
            by_date,
        } => {
            let date = speech::day_and_month(by_date, language);
            let weekday = speech::weekday(by_date, language);
            let which = which(&day(by_weekday), &day(by_date));
            return say!(
                language,
                "{date} is a {weekday}. {which}",
                "El {date} es {weekday}. {which}"
            );
        }
        Unclear::WhichDay(one, other) => {
            return which(&spoken_days(one, voice), &spoken_days(other, voice));
        }
        Unclear::WhichTime(one, other) => {
            return which(&spoken_time(one, language), &spoken_time(other, language));
        }
    };
    question.to_owned()
}

/// A day or several days in a sentence: "Tuesday, December first", "del lunes siete al domingo trece de diciembre".
#[must_use]
pub fn spoken_days(days: Days, voice: Voice) -> String {
    let language = voice.language;
    let near = |day| speech::day(day, voice);
    match days {
        Days::On(day) => near(day),
        Days::From(first) => {
            let first = near(first);
            say!(language, "{first} or later", "desde {first}")
        }
        Days::Within(first, last) => {
            let [first, last] = [first, last].map(|day| match language {
                Language::English => near(day),
                Language::Spanish => speech::dated(day, voice),
            });
            say!(language, "{first} to {last}", "del {first} al {last}")
        }
    }
}

/// A time of day in a sentence: "at nine", "in the morning", "entre las dos y las cuatro".
#[must_use]
pub fn spoken_time(time: TimeOfDay, language: Language) -> String {
    let hour = |time: NaiveTime| {
        let spoken = match language {
            Language::English => speech::time(time, language).into_owned(),
            Language::Spanish => speech::at_time(time, language),
        };
        // "A las dos", but "desde las dos"
        let without = spoken.strip_prefix("a ").map(str::to_owned);
        without.unwrap_or(spoken)
    };
    let spoken = match time {
        TimeOfDay::At(time) => return speech::at_time(time, language),
        TimeOfDay::Window { from, until: None } => {
            let from = hour(from);
            return say!(language, "from {from} on", "desde {from}");
        }
        TimeOfDay::Window {
            from,
            until: Some(until),
        } => {
            let (is_open, from, until) = (from == NaiveTime::MIN, hour(from), hour(until));
            return if is_open {
                say!(language, "before {until}", "antes de {until}")
            } else {
                say!(
                    language,
                    "between {from} and {until}",
                    "entre {from} y {until}"
                )
            };
        }
        TimeOfDay::Part(DayPart::Morning) => language.pick("in the morning", "por la mañana"),
        TimeOfDay::Part(DayPart::Afternoon) => language.pick("in the afternoon", "por la tarde"),
        TimeOfDay::Part(DayPart::Evening) => language.pick("in the evening", "por la noche"),
        TimeOfDay::First => language.pick("as early as possible", "lo más temprano posible"),
        TimeOfDay::Last => language.pick("as late as possible", "lo más tarde posible"),
        TimeOfDay::Any => language.pick("at any time", "a cualquier hora"),
    };
    spoken.to_owned()
}
