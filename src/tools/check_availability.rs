//! `check_availability`: which visits can this caller be offered?
//!
//! Reads only, in one round trip. The rules (hours, closures, buffers, lead time, horizon, capacity) live in
//! `get_available_time_slots()`, the same function that booking asks.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    definition::Definition,
    offer::{Offer, Reason, options_note, spoken_alternative, spoken_options, spoken_reason},
    service::{self, Said, WhichService, Wish},
    when::{self, Question, Unsettled, Wanted, first_of_two},
};
use crate::{
    db::{Params, Sql},
    domain::{
        language::Language,
        phone::Phone,
        speech::{self, Speech},
        when::{Days, Occurrence, TimeOfDay},
    },
    sql,
};

/// The tool's name.
pub const NAME: &str = "check_availability";

/// Reads what is free.
pub const QUERY: Sql = sql!(
    "check_availability",
    [UUID, TEXT, DATE, INT4, TEXT, UUID, TEXT, TEXT, TEXT, BOOL]
);

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Finds free times for a visit. Pass the day and the time in the caller's own words, in \
        any language: tomorrow morning, next Tuesday after three, el martes por la tarde. Never \
        work out a date yourself. Offer only times that the answer names.",
    start: ["Let me check the schedule.", "Déjeme ver la agenda."],
    parameters: || schemars::schema_for!(Args),
    required: &["date"],
};

/// How many days are looked at for the time of day that is wanted, before the first one that has anything is offered.
const MOST_DAYS: usize = 7;

/// What the model gives.
#[derive(Debug, Deserialize, JsonSchema)]
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
    /// What the visit is for, in the caller's words or by the name of a service: `drain cleaning`.
    #[serde(
        default,
        alias = "service_type",
        alias = "appointment_type",
        deserialize_with = "arguments::text"
    )]
    service: Option<String>,
    /// Where the work is to be done, if it is known.
    #[serde(default, alias = "address", deserialize_with = "arguments::text")]
    service_address: Option<String>,
    /// The postal code of the address, if it is known.
    #[serde(
        default,
        alias = "zip",
        alias = "zip_code",
        deserialize_with = "arguments::text"
    )]
    postal_code: Option<String>,
    /// How long the visit should be, in minutes, if the caller says; else as long as the service takes.
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
    /// It must be known which service is meant.
    Which(WhichService),
    /// Something must be asked back first.
    Ask(Question),
}

/// Answers from the calendar.
///
/// # Errors
///
/// [`Failure::Need`] without a day or with an impossible length; [`Failure::Stopped`] when the database fails.
pub async fn run(context: &Context, args: Args) -> Result<Outcome, Failure> {
    let said = Said {
        service: args.service.as_deref(),
        minutes: args.duration_minutes,
        address: args.service_address.as_deref(),
        postal_code: args.postal_code.as_deref(),
    };
    let wish = match service::understand(context, said)? {
        Ok(wish) => wish,
        Err(which) => return Ok(Outcome::Which(which)),
    };
    let wanted = match when::settle(context, args.date.as_deref(), args.time.as_deref()) {
        Ok(wanted) => wanted,
        Err(Unsettled::Need(need)) => return Err(need.into()),
        Err(Unsettled::Ask(question)) => return Ok(Outcome::Ask(question)),
    };
    let offer = match wanted.days {
        Days::On(date) => ask(context, date, &wish).await?,
        days => search(context, days, wanted.time, &wish).await?,
    };
    Ok(Outcome::Calendar { wanted, offer })
}

/// The calendar's answer about one day.
async fn ask(context: &Context, date: NaiveDate, wish: &Wish) -> Result<Offer, Failure> {
    let binding = context.organization.binding(context.now);
    let number = context.call.caller.as_ref().map(Phone::as_str);
    let asks_language = context.heard.get().is_none();
    let params: Params<'_> = &[
        &context.organization.id,
        &binding.at(),
        &date,
        &wish.minutes,
        &context.call.vapi_call_id,
        &wish.service,
        &wish.address,
        &wish.postal_code,
        &number,
        &asks_language,
    ];
    let rows = context.database.ask(&binding, &QUERY, params).await?;
    if asks_language && let Some(row) = rows.first() {
        let language: Option<&str> = row.try_get("language").map_err(QUERY.shape())?;
        context.hear(language.and_then(Language::parse));
    }
    Ok(Offer::from_rows(&QUERY, date, &rows)?)
}

/// The first of several days that has a slot at the time that is wanted; else the first that has any.
async fn search(
    context: &Context,
    days: Days,
    time: TimeOfDay,
    wish: &Wish,
) -> Result<Offer, Failure> {
    let mut first: Option<Offer> = None;
    let mut day = days.first().max(context.today());
    for _ in 0..MOST_DAYS {
        let offer = ask(context, day, wish).await?;
        let Some(found) = offer.day().filter(|found| days.contains(*found)) else {
            return Ok(first.unwrap_or(offer));
        };
        let offer = offer.found_on(found);
        if offer.slots.iter().any(|slot| time.contains(slot.start)) {
            return Ok(offer);
        }
        first = first.or(Some(offer));
        match found.succ_opt().filter(|next| days.contains(*next)) {
            Some(next) => day = next,
            None => break,
        }
    }
    match first {
        Some(offer) => Ok(offer),
        None => ask(context, day, wish).await,
    }
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match self {
            Self::Ask(question) => question.say(language),
            Self::Which(which) => which.say(language),
            Self::Calendar { wanted, offer } if offer.reason == Reason::Open => {
                say_open(*wanted, offer, language)
            }
            Self::Calendar { wanted, offer } => {
                // Another day is offered from its beginning, unless a time was asked for.
                let options = offer.options(wanted.time);
                let why = match wanted.days {
                    Days::Within(..) if offer.reason.is_about_days() => {
                        nothing_within(wanted.days, language)
                    }
                    _ => spoken_reason(offer.reason, offer.date, language),
                };
                format!(
                    "{why} {}",
                    spoken_alternative(&options, offer.reason, language)
                )
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Ask(question) => question.label(),
            Self::Which(which) => which.label(),
            Self::Calendar { offer, .. } => offer.reason.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Calendar { offer, .. } if offer.reason == Reason::Open)
    }

    fn names_hours(&self) -> bool {
        matches!(self, Self::Calendar { .. })
    }

    fn note(&self) -> Option<Note> {
        Some(match self {
            Self::Ask(question) => question.note(),
            Self::Which(_) => Note::default(),
            Self::Calendar { wanted, offer } => options_note(&offer.options(wanted.time)),
        })
    }
}

fn nothing_within(days: Days, language: Language) -> String {
    let days = when::spoken_days(days, language);
    match language {
        Language::English => format!("I have nothing free from {days}."),
        Language::Spanish => format!("No tengo nada libre {days}."),
    }
}

/// A day with free slots: first whether the wanted time is among them, then the nearest ones.
fn say_open(wanted: Wanted, offer: &Offer, language: Language) -> String {
    let day = speech::date(offer.date, language);
    let options = offer.options(wanted.time);
    let list = spoken_options(&options, language);
    let suits = options.iter().any(|slot| wanted.time.contains(slot.start));
    match (language, wanted.time) {
        (_, TimeOfDay::At(_)) if wanted.occurrence == Occurrence::Never => {
            skipped_hour(&day, &list, language)
        }
        (Language::English, TimeOfDay::At(_)) if suits => {
            let which = first_of_two(wanted.occurrence, language);
            format!("Yes, that time is free{which}. On {day}, I have {list}.")
        }
        (Language::English, TimeOfDay::At(time)) => format!(
            "On {day}, {} is not available. The nearest I have that day is {list}.",
            speech::time(time, language)
        ),
        (Language::English, TimeOfDay::Part(_) | TimeOfDay::Window { .. }) if !suits => {
            format!("Nothing is free at that time of day on {day}. The nearest I have is {list}.")
        }
        (Language::English, _) => format!("On {day}, I have {list}."),
        (Language::Spanish, TimeOfDay::At(_)) if suits => {
            let which = first_of_two(wanted.occurrence, language);
            format!("Sí, esa hora está libre{which}. El {day} hay lugar {list}.")
        }
        (Language::Spanish, TimeOfDay::At(_)) => {
            format!("Esa hora del {day} no está disponible. Lo más cercano ese día es {list}.")
        }
        (Language::Spanish, TimeOfDay::Part(_) | TimeOfDay::Window { .. }) if !suits => {
            format!("No hay nada libre a esas horas el {day}. Lo más cercano es {list}.")
        }
        (Language::Spanish, _) => format!("El {day} hay lugar {list}."),
    }
}

fn skipped_hour(day: &str, list: &str, language: Language) -> String {
    match language {
        Language::English => format!(
            "The clocks go forward on {day}, and there is no such time as that. The nearest I have is {list}."
        ),
        Language::Spanish => {
            format!("El {day} se adelanta la hora, y esa hora no existe. Lo más cercano es {list}.")
        }
    }
}
