//! `check_availability`: which visits can this caller be offered?
//!
//! Reads only, in one round trip. The rules (hours, closures, buffers, lead time, horizon, capacity) live in
//! `get_available_time_slots()`, the same function that booking asks.

use serde::Deserialize;

use super::{
    arguments,
    context::{Context, Failure, Outcome as Spoken},
    offer::{Offer, Reason, spoken_alternative, spoken_options, spoken_reason},
    when::{self, Question, Unsettled, Wanted},
};
use crate::{
    db::Sql,
    domain::{
        language::Language,
        speech::{self, Speech},
        when::TimeOfDay,
    },
    sql,
};

/// The tool's name.
pub const NAME: &str = "check_availability";

const QUERY: Sql = sql!("check_availability", [UUID, DATE, INT4]);

/// What the model gives.
#[derive(Debug, Deserialize)]
pub struct Args {
    /// The day: `2026-12-01`, `tomorrow`, `Tuesday`, `martes`.
    #[serde(default, alias = "day", deserialize_with = "arguments::text")]
    date: Option<String>,
    /// The hour or the part of the day, if the caller named one: `09:00`, `2 pm`, `morning`.
    #[serde(
        default,
        alias = "part_of_day",
        alias = "time_of_day",
        deserialize_with = "arguments::text"
    )]
    time: Option<String>,
    /// How long the visit should be, in minutes; 60 if left out.
    #[serde(default, deserialize_with = "arguments::minutes")]
    duration_minutes: Option<i32>,
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The calendar's answer.
    Calendar {
        /// What the caller wants.
        wanted: Wanted,
        /// What there is.
        offer: Offer,
    },
    /// Something must be asked back first.
    Ask(Question),
}

/// Answers from the calendar.
///
/// # Errors
///
/// [`Failure::Need`] without a day or with an impossible length; [`Failure::Stopped`] when the database fails.
pub async fn run(context: &Context, args: Args) -> Result<Outcome, Failure> {
    let duration = arguments::duration(args.duration_minutes)?;
    let wanted = match when::settle(context, args.date.as_deref(), args.time.as_deref()) {
        Ok(wanted) => wanted,
        Err(Unsettled::Need(need)) => return Err(need.into()),
        Err(Unsettled::Ask(question)) => return Ok(Outcome::Ask(question)),
    };
    let rows = context
        .database
        .read(
            &context.organization.binding(context.now),
            &QUERY,
            &[&context.organization.id, &wanted.date, &duration],
        )
        .await?;
    let offer = Offer::from_rows(&QUERY, wanted.date, &rows)?;
    Ok(Outcome::Calendar { wanted, offer })
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match self {
            Self::Ask(question) => question.say(language),
            Self::Calendar { wanted, offer } if offer.reason == Reason::Open => {
                say_open(*wanted, offer, language)
            }
            Self::Calendar { wanted, offer } => {
                // Another day is offered from its beginning, unless a time was asked for.
                let options = offer.options(wanted.time);
                format!(
                    "{} {}",
                    spoken_reason(offer.reason, offer.date, language),
                    spoken_alternative(&options, offer.reason, language)
                )
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Ask(question) => question.label(),
            Self::Calendar { offer, .. } => offer.reason.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Calendar { offer, .. } if offer.reason == Reason::Open)
    }
}

/// A day with free slots: first whether the wanted time is among them, then the nearest ones.
fn say_open(wanted: Wanted, offer: &Offer, language: Language) -> String {
    let day = speech::date(offer.date, language);
    let options = offer.options(wanted.time);
    let list = spoken_options(&options, language);
    let exact = when::exact(wanted.time);
    let matched = exact.is_some_and(|time| offer.has(offer.date, time));
    match (language, wanted.time) {
        (Language::English, TimeOfDay::At(_)) if matched => {
            format!("Yes, that time is free. On {day} I have {list}.")
        }
        (Language::English, TimeOfDay::At(time)) => format!(
            "{} on {day} is not available. The nearest I have that day is {list}.",
            speech::time(time, language)
        ),
        (Language::English, TimeOfDay::Part(part))
            if !options.iter().any(|slot| part.contains(slot.start)) =>
        {
            format!("Nothing is free at that time of day on {day}. The nearest I have is {list}.")
        }
        (Language::English, _) => format!("On {day} I have {list}."),
        (Language::Spanish, TimeOfDay::At(_)) if matched => {
            format!("Sí, esa hora está libre. El {day} hay lugar {list}.")
        }
        (Language::Spanish, TimeOfDay::At(_)) => {
            format!("Esa hora del {day} no está disponible. Lo más cercano ese día es {list}.")
        }
        (Language::Spanish, TimeOfDay::Part(part))
            if !options.iter().any(|slot| part.contains(slot.start)) =>
        {
            format!("No hay nada libre a esas horas el {day}. Lo más cercano es {list}.")
        }
        (Language::Spanish, _) => format!("El {day} hay lugar {list}."),
    }
}
