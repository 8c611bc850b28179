//! `book_appointment`: books a visit, or says why not and what is free instead.
//!
//! Writes, once a tool call. Whether the slot is to be had is decided by `private.book_appointment()`, which asks the
//! function that the check asks and inserts under the organization's lock; the table itself refuses any overlap.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    definition::Definition,
    need::Need,
    offer::{Offer, meant, options_note, spoken_refusal},
    service::{self, Said, WhichService},
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

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Books a visit. Call it only when the caller has agreed to a day and a time and you know \
        their name; pass the exact text of the option that they chose. The answer says whether \
        the visit is booked: tell the caller nothing else. If the time is taken, the answer \
        names the times that are free.",
    start: ["Let me book that for you.", "Le hago la reserva."],
    parameters: || schemars::schema_for!(Args),
    required: &["customer_name", "date"],
};

/// Books, or says why not and what is free instead.
pub const QUERY: Sql = sql!(
    "book_appointment",
    [
        UUID, TEXT, TEXT, TEXT, DATE, TIME, INT4, TEXT, TEXT, TEXT, TEXT, UUID, TEXT
    ]
);

/// The longest name that is spoken back, in characters.
const LONGEST_SPOKEN_NAME: usize = 60;

/// What the model gives.
#[derive(Debug, Deserialize, JsonSchema)]
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
    /// What the visit is for, in the caller's words or by the name of a service: `drain cleaning`.
    #[serde(
        default,
        alias = "service_type",
        alias = "appointment_type",
        deserialize_with = "arguments::text"
    )]
    service: Option<String>,
    /// Where the work is to be done.
    #[serde(default, alias = "address", deserialize_with = "arguments::text")]
    service_address: Option<String>,
    /// What is to be done.
    #[serde(default, alias = "description", deserialize_with = "arguments::text")]
    service_description: Option<String>,
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
    /// It must be known which service is meant.
    Which(WhichService),
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
    let day = wanted.days.exact().ok_or(Need::Day)?;
    let time = wanted.time.exact().ok_or(Need::Hour)?;
    let name = args.customer_name.as_deref().ok_or(Need::Name)?;
    let phone = phone(context, args.customer_phone.as_deref())?;
    let (date, start) = meant(
        context,
        transaction,
        wanted.instant,
        day.and_time(time),
        &wish,
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
                &wish.minutes,
                &wish.kind.as_deref().unwrap_or("service visit"),
                &wish.address,
                &args.service_description,
                &language.code(),
                &wish.service,
                &wish.postal_code,
            ],
        )
        .await?;
    outcome(context, (date, start), &rows)
}

/// What the database made of it.
fn outcome(
    context: &Context,
    (date, start): (NaiveDate, NaiveTime),
    rows: &[Row],
) -> Result<Outcome, Failure> {
    let first = rows
        .first()
        .ok_or_else(|| QUERY.shape()("no row came back"))?;
    let outcome: &str = first.try_get("outcome").map_err(QUERY.shape())?;
    if outcome == "no_postal_code" {
        return Err(Need::PostalCode.into());
    }
    if !matches!(outcome, "booked" | "already_booked") {
        return Ok(Outcome::Refused {
            wanted: (date, start),
            offer: Offer::from_rows(&QUERY, date, rows)?,
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

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match self {
            Self::Ask(question) => question.say(language),
            Self::Which(which) => which.say(language),
            Self::Booked(visit) => visit.say(language, false),
            Self::AlreadyBooked(visit) => visit.say(language, true),
            Self::Refused { wanted, offer } => spoken_refusal(*wanted, offer, language),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Ask(question) => question.label(),
            Self::Which(which) => which.label(),
            Self::Booked(_) => "booked",
            Self::AlreadyBooked(_) => "already_booked",
            Self::Refused { offer, .. } => offer.reason.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Booked(_) | Self::AlreadyBooked(_))
    }

    fn names_hours(&self) -> bool {
        matches!(
            self,
            Self::Booked(_) | Self::AlreadyBooked(_) | Self::Refused { .. }
        )
    }

    fn note(&self) -> Option<Note> {
        Some(match self {
            Self::Booked(_) | Self::AlreadyBooked(_) | Self::Which(_) => Note::default(),
            Self::Refused { wanted, offer } => {
                options_note(&offer.options(TimeOfDay::At(wanted.1)))
            }
            Self::Ask(question) => question.note(),
        })
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Booked(visit) | Self::AlreadyBooked(visit) => Some(visit.appointment_id),
            Self::Refused { .. } | Self::Which(_) | Self::Ask(_) => None,
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
