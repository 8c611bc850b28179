//! `book_appointment`: books a visit, or says why not and what is free instead.
//!
//! Writes, once a tool call. Whether the slot is to be had is decided by `private.book_appointment()`, which asks the
//! function that the check asks and inserts under the organization's lock; the table itself refuses any overlap.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    need::Need,
    offer::{Offer, Reason, options_note, spoken_alternative, spoken_options, spoken_reason},
    when::{self, Question, Unsettled, first_of_two},
};
use crate::{
    db::{OrgTx, Sql},
    domain::{
        self,
        language::Language,
        phone::{Phone, PhoneProblem},
        speech::{self, Speech},
        when::{Occurrence, TimeOfDay},
    },
    sql,
};

/// The tool's name.
pub const NAME: &str = "book_appointment";

const QUERY: Sql = sql!(
    "book_appointment",
    [
        UUID, TEXT, TEXT, TEXT, DATE, TIME, INT4, TEXT, TEXT, TEXT, TEXT
    ]
);
const CHECK: Sql = sql!("check_availability", [UUID, DATE, INT4]);

/// The longest name that is spoken back, in characters.
const LONGEST_SPOKEN_NAME: usize = 60;

/// What the model gives.
#[derive(Debug, Deserialize)]
pub struct Args {
    /// Who the visit is for.
    #[serde(default, alias = "name", deserialize_with = "arguments::text")]
    customer_name: Option<String>,
    /// Where to reach them; the caller's own number if left out.
    #[serde(default, alias = "phone", deserialize_with = "arguments::text")]
    customer_phone: Option<String>,
    /// The day, or the exact token of an offered option.
    #[serde(default, alias = "day", deserialize_with = "arguments::text")]
    date: Option<String>,
    /// The hour, unless the date carries it.
    #[serde(default, deserialize_with = "arguments::text")]
    time: Option<String>,
    /// What kind of visit it is.
    #[serde(default, alias = "service_type", deserialize_with = "arguments::text")]
    appointment_type: Option<String>,
    /// Where the work is to be done.
    #[serde(default, alias = "address", deserialize_with = "arguments::text")]
    service_address: Option<String>,
    /// What is to be done.
    #[serde(default, alias = "description", deserialize_with = "arguments::text")]
    service_description: Option<String>,
    /// How long the visit should be, in minutes; 60 if left out.
    #[serde(default, deserialize_with = "arguments::minutes")]
    duration_minutes: Option<i32>,
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The visit is in the calendar.
    Booked(Visit),
    /// It was put there earlier in this call.
    AlreadyBooked(Visit),
    /// It is not to be had.
    Refused {
        /// The day and hour that were wanted.
        wanted: (NaiveDate, NaiveTime),
        /// Why, and what is free instead.
        offer: Offer,
    },
    /// Something must be asked back first.
    Ask(Question),
}

/// A booked visit.
#[derive(Debug, PartialEq, Eq)]
pub struct Visit {
    /// The appointment's id.
    pub appointment_id: Uuid,
    /// Who it is for.
    pub name: String,
    /// The day, in the organization's zone.
    pub date: NaiveDate,
    /// The hour at which it starts.
    pub start: NaiveTime,
    /// How often the organization's clocks show that hour that day.
    pub occurrence: Occurrence,
}

/// Books, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Need`] when something is missing; [`Failure::Stopped`] when the database fails, and nothing is booked.
pub async fn run(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
    language: Language,
) -> Result<Outcome, Failure> {
    let duration = arguments::duration(args.duration_minutes)?;
    let wanted = match when::settle(context, args.date.as_deref(), args.time.as_deref()) {
        Ok(wanted) => wanted,
        Err(Unsettled::Need(need)) => return Err(need.into()),
        Err(Unsettled::Ask(question)) => return Ok(Outcome::Ask(question)),
    };
    let day = wanted.days.exact().ok_or(Need::Day)?;
    let time = wanted.time.exact().ok_or(Need::Hour)?;
    let name = args.customer_name.as_deref().ok_or(Need::Name)?;
    let phone = phone(context, args.customer_phone.as_deref())?;
    let (date, start) = pick(
        context,
        transaction,
        wanted.instant,
        day.and_time(time),
        duration,
    )
    .await?;
    let rows = transaction
        .query(
            &QUERY,
            &[
                &context.organization.id,
                &context.call.vapi_call_id,
                &name,
                &phone.as_str(),
                &date,
                &start,
                &duration,
                &args.appointment_type.as_deref().unwrap_or("service visit"),
                &args.service_address,
                &args.service_description,
                &language.code(),
            ],
        )
        .await?;
    let first = rows
        .first()
        .ok_or_else(|| QUERY.shape()("no row came back"))?;
    let outcome: &str = first.try_get("outcome").map_err(QUERY.shape())?;
    if !matches!(outcome, "booked" | "already_booked") {
        return Ok(Outcome::Refused {
            wanted: (date, start),
            offer: Offer::from_rows(&QUERY, date, &rows)?,
        });
    }
    // The name of the row: an earlier visit of this call may be under another than the one given now.
    let booked_name: &str = first.try_get("booked_name").map_err(QUERY.shape())?;
    let visit = Visit {
        appointment_id: first.try_get("appointment_id").map_err(QUERY.shape())?,
        name: speech::quoted(booked_name, LONGEST_SPOKEN_NAME),
        date,
        start,
        occurrence: domain::when::occurrence(date.and_time(start), context.organization.zone),
    };
    Ok(match outcome {
        "booked" => Outcome::Booked(visit),
        _ => Outcome::AlreadyBooked(visit),
    })
}

/// The number that was given, else the one that is calling.
fn phone(context: &Context, given: Option<&str>) -> Result<Phone, Need> {
    match given.map(Phone::parse) {
        Some(Ok(phone)) => Ok(phone),
        Some(Err(PhoneProblem::Missing)) | None => context.call.caller.clone().ok_or(Need::Phone),
        Some(Err(_)) => Err(Need::WholePhone),
    }
}

/// The date and time that are meant.
///
/// A time with an offset that is not the organization's may be a true instant or a local time with a wrong label. If
/// the instant is a free slot it is meant; otherwise the clock's reading is.
async fn pick(
    context: &Context,
    transaction: &OrgTx,
    instant: Option<NaiveDateTime>,
    local: NaiveDateTime,
    duration: i32,
) -> Result<(NaiveDate, NaiveTime), Failure> {
    // No visit starts within a minute.
    let local = local.with_second(0).unwrap_or(local);
    if let Some(instant) = instant {
        let rows = transaction
            .query(
                &CHECK,
                &[&context.organization.id, &instant.date(), &duration],
            )
            .await?;
        let offer = Offer::from_rows(&CHECK, instant.date(), &rows)?;
        if offer.has(instant.date(), instant.time()) {
            return Ok((instant.date(), instant.time()));
        }
    }
    Ok((local.date(), local.time()))
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match self {
            Self::Ask(question) => question.say(language),
            Self::Booked(visit) => visit.say(language, false),
            Self::AlreadyBooked(visit) => visit.say(language, true),
            Self::Refused { wanted, offer } => say_refused(*wanted, offer, language),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Ask(question) => question.label(),
            Self::Booked(_) => "booked",
            Self::AlreadyBooked(_) => "already_booked",
            Self::Refused { offer, .. } => offer.reason.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Booked(_) | Self::AlreadyBooked(_))
    }

    fn note(&self) -> Option<Note> {
        Some(match self {
            Self::Booked(_) | Self::AlreadyBooked(_) => Note::default(),
            Self::Refused { wanted, offer } => {
                options_note(&offer.options(TimeOfDay::At(wanted.1)))
            }
            Self::Ask(question) => question.note(),
        })
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Booked(visit) | Self::AlreadyBooked(visit) => Some(visit.appointment_id),
            Self::Refused { .. } | Self::Ask(_) => None,
        }
    }
}

impl Visit {
    fn say(&self, language: Language, already: bool) -> String {
        let Self { name, .. } = self;
        let day = speech::date(self.date, language);
        let hour = speech::at_time(self.start, language) + first_of_two(self.occurrence, language);
        match (language, already) {
            (Language::English, false) => {
                format!("You're booked for {day}, {hour}, under the name {name}.")
            }
            (Language::English, true) => {
                format!("You're already booked for {day}, {hour}, under the name {name}.")
            }
            (Language::Spanish, false) => {
                format!("Su visita queda reservada para el {day} {hour}, a nombre de {name}.")
            }
            (Language::Spanish, true) => {
                format!("Su visita ya estaba reservada para el {day} {hour}, a nombre de {name}.")
            }
        }
    }
}

/// Why not, and the nearest free slots in the same breath.
fn say_refused((date, time): (NaiveDate, NaiveTime), offer: &Offer, language: Language) -> String {
    let options = offer.options(TimeOfDay::At(time));
    let day = speech::date(date, language);
    let hour = speech::at_time(time, language);
    let same_day = options.first().is_some_and(|slot| slot.date == date);
    let why = match (language, offer.reason) {
        (Language::English, Reason::Taken | Reason::Full) => {
            format!("I'm sorry, {day}, {hour} is already taken.")
        }
        (Language::English, Reason::OffGrid) => {
            format!("Visits cannot start {hour} on {day}.")
        }
        (Language::English, Reason::Closed) if same_day => {
            format!("We are not open {hour} on {day}.")
        }
        (Language::English, Reason::NoSuchTime) => {
            format!("The clocks change on {day}, and there is no such time as that.")
        }
        (Language::Spanish, Reason::Taken | Reason::Full) => {
            format!("Lo siento, el {day} {hour} ya está ocupado.")
        }
        (Language::Spanish, Reason::OffGrid) => {
            format!("El {day} ninguna visita puede empezar {hour}.")
        }
        (Language::Spanish, Reason::Closed) if same_day => {
            format!("El {day} no abrimos {hour}.")
        }
        (Language::Spanish, Reason::NoSuchTime) => {
            format!("El {day} cambia la hora, y esa hora no existe.")
        }
        (_, reason) => spoken_reason(reason, date, language),
    };
    let instead = match language {
        Language::English if same_day => {
            format!("That day I have {}.", spoken_options(&options, language))
        }
        Language::Spanish if same_day => {
            format!("Ese día hay lugar {}.", spoken_options(&options, language))
        }
        _ => spoken_alternative(&options, offer.reason, language),
    };
    format!("{why} {instead}")
}
