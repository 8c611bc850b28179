//! `reschedule_appointment`: moves a caller's visit, or says why not and leaves it where it is.
//!
//! Writes, once a tool call. Only the caller's own, by the rules of `tools/visit.rs`; `private.reschedule_appointment()`
//! decides whether the new time is to be had.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    definition::Definition,
    need::Need,
    offer::{Offer, meant, options_note, spoken_refusal},
    service::Wish,
    visit::{self, Proof, Unknown, Visit, spoken_moment},
    when::{self, Question, Unsettled},
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{language::Language, speech::Speech, when::TimeOfDay},
    sql,
};

/// The tool's name.
pub const NAME: &str = "reschedule_appointment";

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Moves the caller's visit to another time. The old time is kept unless the new one is \
        free. Find a free time first and pass the exact text of the option. If the answer asks \
        for the name and the address, ask the caller for both and call again with them.",
    start: ["Let me move that for you.", "Le cambio la visita."],
    parameters: || schemars::schema_for!(Args),
    required: &["date"],
};

const QUERY: Sql = sql!("reschedule_appointment", [UUID, UUID, TEXT, DATE, TIME]);

/// What the model gives.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Args {
    /// Which visit: the exact text of one that was found, or its day and hour in the caller's words. Not needed for the
    /// only one.
    #[serde(default, alias = "which", deserialize_with = "arguments::text")]
    appointment: Option<String>,
    /// The new day, or the exact text of an offered option.
    #[serde(default, alias = "new_date", deserialize_with = "arguments::text")]
    date: Option<String>,
    /// The new hour, if the date does not carry it.
    #[serde(default, alias = "new_time", deserialize_with = "arguments::text")]
    time: Option<String>,
    /// The name that the visit is under; needed where the caller's number is not that of the visit.
    #[serde(default, alias = "name", deserialize_with = "arguments::text")]
    customer_name: Option<String>,
    /// The address of the visit; needed together with the name.
    #[serde(default, alias = "address", deserialize_with = "arguments::text")]
    service_address: Option<String>,
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The visit has moved.
    Moved {
        /// Where it was.
        visit: Visit,
        /// When it is now.
        to: (NaiveDate, NaiveTime),
    },
    /// It is there already.
    Unchanged(Visit),
    /// It has begun, and cannot be moved any more.
    Begun(Visit),
    /// The new time is not to be had; the visit stays where it is.
    Refused {
        /// The visit.
        visit: Visit,
        /// The day and hour that were wanted.
        wanted: (NaiveDate, NaiveTime),
        /// Why, and what is free instead.
        offer: Offer,
    },
    /// There is none to move, or it is not known which.
    Unknown(Unknown),
    /// Something must be asked back first.
    Ask(Question),
}

/// Moves the visit, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Need`] without a new day and hour; [`Failure::Stopped`] when the database fails, and nothing is moved.
pub async fn run(context: &Context, transaction: &OrgTx, args: Args) -> Result<Outcome, Failure> {
    let proof = Proof {
        name: args.customer_name.as_deref(),
        address: args.service_address.as_deref(),
    };
    let known = visit::meant(context, transaction, proof, args.appointment.as_deref()).await?;
    let visit = match known {
        Ok(visit) => visit,
        Err(unknown) => return Ok(Outcome::Unknown(unknown)),
    };
    let wanted = match when::settle(context, args.date.as_deref(), args.time.as_deref()) {
        Ok(wanted) => wanted,
        Err(Unsettled::Need(need)) => return Err(need.into()),
        Err(Unsettled::Ask(question)) => return Ok(Outcome::Ask(question)),
    };
    let date = wanted.days.exact().ok_or(Need::Day)?;
    let time = wanted.time.exact().ok_or(Need::Hour)?;
    let (date, time) = meant(
        context,
        transaction,
        wanted.instant,
        date.and_time(time),
        &Wish {
            minutes: Some(visit.minutes),
            ..Wish::default()
        },
    )
    .await?;
    let params: Params<'_> = &[
        &context.organization.id,
        &visit.id,
        &context.call.vapi_call_id,
        &date,
        &time,
    ];
    let rows = transaction.query(&QUERY, params).await?;
    let first = rows
        .first()
        .ok_or_else(|| QUERY.shape()("no row came back"))?;
    let outcome: &str = first.try_get("outcome").map_err(QUERY.shape())?;
    Ok(match outcome {
        "moved" => Outcome::Moved {
            visit,
            to: (date, time),
        },
        "unchanged" => Outcome::Unchanged(visit),
        "gone" => Outcome::Unknown(Unknown::CalledOff(visit)),
        "begun" => Outcome::Begun(visit),
        _ => Outcome::Refused {
            visit,
            wanted: (date, time),
            offer: Offer::from_rows(&QUERY, date, &rows)?,
        },
    })
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match (language, self) {
            (_, Self::Ask(question)) => question.say(language),
            (_, Self::Unknown(unknown)) => unknown.say(language),
            (Language::English, Self::Moved { to, .. }) => format!(
                "Your visit is moved to {}.",
                spoken_moment(to.0, to.1, language)
            ),
            (Language::English, Self::Unchanged(visit)) => {
                format!("Your visit is already on {}.", visit.spoken(language))
            }
            (Language::English, Self::Begun(visit)) => format!(
                "Your visit on {} has already begun, so I cannot move it.",
                visit.spoken(language)
            ),
            (Language::English, Self::Refused { wanted, offer, .. }) => format!(
                "{} Your visit stays as it is.",
                spoken_refusal(*wanted, offer, language)
            ),
            (Language::Spanish, Self::Moved { to, .. }) => format!(
                "Su visita queda cambiada para el {}.",
                spoken_moment(to.0, to.1, language)
            ),
            (Language::Spanish, Self::Unchanged(visit)) => {
                format!("Su visita ya es el {}.", visit.spoken(language))
            }
            (Language::Spanish, Self::Begun(visit)) => format!(
                "Su visita del {} ya empezó, así que no puedo cambiarla.",
                visit.spoken(language)
            ),
            (Language::Spanish, Self::Refused { wanted, offer, .. }) => format!(
                "{} Su visita queda como está.",
                spoken_refusal(*wanted, offer, language)
            ),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "moved",
            Self::Unchanged(_) => "unchanged",
            Self::Begun(_) => "begun",
            Self::Refused { offer, .. } => offer.reason.label(),
            Self::Unknown(unknown) => unknown.label(),
            Self::Ask(question) => question.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Moved { .. } | Self::Unchanged(_))
    }

    fn names_hours(&self) -> bool {
        matches!(self, Self::Moved { .. } | Self::Refused { .. })
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Moved { .. } | Self::Unchanged(_) | Self::Begun(_) => Some(Note::default()),
            Self::Refused { wanted, offer, .. } => {
                Some(options_note(&offer.options(TimeOfDay::At(wanted.1))))
            }
            Self::Unknown(unknown) => unknown.note(),
            Self::Ask(question) => Some(question.note()),
        }
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Moved { visit, .. } | Self::Unchanged(visit) => Some(visit.id),
            _ => None,
        }
    }
}
