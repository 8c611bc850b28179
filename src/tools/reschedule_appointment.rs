//! `reschedule_appointment`: moves a caller's visit, or says why not and leaves it where it is.
//!
//! Writes, once a tool call. Only the caller's own, by the rules of `tools/visit.rs`; `private.reschedule_appointment()`
//! decides whether the new time is to be had.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use uuid::Uuid;

use super::{
    arguments::Arguments,
    calendar::Calendar,
    context::{Context, Failure, Note, Outcome as Spoken},
    found::Found,
    meaning,
    offer::{Offer, meant, options_note, spoken_refusal},
    service::Requirements,
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
    visit::{self, Proof, Unknown, Visit},
    when::Question,
};
use crate::{
    calls::journal::{Effect, Reason as Why},
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        language::Language,
        slot,
        speech::{self, Speech, Voice},
        when::TimeOfDay,
    },
    sql,
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "reschedule_appointment",
    mode: Mode::Writes,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Moves the caller's visit to another time. The old time is kept unless the new one is \
            free. Pass the exact text of an option, or the caller's words: an hour later, the same \
            time next week. If the answer asks \
            for the name and the address, ask the caller for both and call again with them.",
        start: ["Let me move that for you.", "Le cambio la visita."],
        parameters: || schemars::schema_for!(Args),
        required: &["date"],
    },
    run,
    outage: Outage {
        unavailable: [
            "I can't reach the schedule right now, so your visit is as it was. I can try again in a moment.",
            "En este momento no puedo ver la agenda, así que su visita sigue como estaba. Puedo intentarlo otra vez en un momento.",
        ],
        late: [
            "The schedule is slow to answer, so I can't say yet whether your visit has changed. Give me a moment and let me check again.",
            "La agenda tarda en responder, así que todavía no sé si su visita cambió. Deme un momento y lo reviso otra vez.",
        ],
        failed: [
            "That did not go through just now, so I can't say yet whether your visit has changed. Let me check again.",
            "Eso no pasó, así que todavía no sé si su visita cambió. Déjeme revisarlo otra vez.",
        ],
    },
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments));
        let refers = args.await_offer(context).await;
        let work = async |tx: &OrgTx, _| reschedule(context, tx, args).await;
        asked.once(refers, work).await
    })
}

const QUERY: Sql = sql!("reschedule_appointment", [UUID, UUID, TEXT, DATE, TIME]);

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// Which visit: the exact text of one that was found, or its day and hour in the caller's words. Not needed for the
    /// only one.
    appointment: Option<String>,
    /// The new day, or the exact text of an offered option.
    date: Option<String>,
    /// The new hour, if the date does not carry it.
    time: Option<String>,
    #[schemars(flatten)]
    proof: Proof,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            appointment: given.text(&["appointment", "which"]),
            date: given.text(&["date", "new_date"]),
            time: given.text(&["time", "new_time"]),
            proof: Proof::read(given),
        }
    }

    /// See [`meaning::await_offer`].
    pub async fn await_offer(&self, context: &Context) -> bool {
        meaning::await_offer(context, self.date.as_deref(), self.time.as_deref()).await
    }
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
    /// The new time is not exact: these are free.
    Offered(Found),
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
/// [`Failure::Stopped`] when the database fails, and nothing is moved.
pub async fn reschedule(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
) -> Result<Outcome, Failure> {
    let known = visit::meant(
        context,
        transaction,
        &args.proof,
        args.appointment.as_deref(),
    )
    .await?;
    let visit = match known {
        Ok(visits) => match visits.as_slice() {
            [visit] => visit.clone(),
            _ => return Ok(Outcome::Unknown(Unknown::Which(visits))),
        },
        Err(unknown) => return Ok(Outcome::Unknown(unknown)),
    };
    let requirements = Requirements {
        minutes: Some(visit.minutes),
        ..Requirements::default()
    };
    let calendar = Calendar {
        context,
        transaction: Some(transaction),
        requirements: &requirements,
    };
    let from = visit.date.and_time(visit.start);
    let (date, time) = (args.date.as_deref(), args.time.as_deref());
    let wanted = match calendar.understand_move(date, time, from).await? {
        Ok(wanted) => wanted,
        Err(question) => return Ok(Outcome::Ask(question)),
    };
    let Some(exact) = wanted.exact() else {
        return Ok(Outcome::Offered(calendar.find(wanted).await?));
    };
    let (date, time) = meant(context, transaction, wanted.instant, exact, &requirements).await?;
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
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match (language, self) {
            (_, Self::Ask(question)) => question.say(voice),
            (_, Self::Unknown(unknown)) => unknown.say(voice),
            (_, Self::Offered(found)) => found.ask(voice),
            (Language::English, Self::Moved { to, .. }) => format!(
                "Your visit is moved to {}.",
                speech::full_moment(to.0, to.1, voice)
            ),
            (Language::English, Self::Unchanged(visit)) => format!(
                "Your visit is already {}.",
                speech::on_moment(visit.date, visit.start, voice)
            ),
            (Language::English, Self::Begun(visit)) => format!(
                "{} has already begun, so I cannot move it.",
                speech::capitalized(&visit.named(voice))
            ),
            (Language::English, Self::Refused { wanted, offer, .. }) => format!(
                "{} Your visit stays as it is.",
                spoken_refusal(*wanted, offer, voice)
            ),
            (Language::Spanish, Self::Moved { to, .. }) => format!(
                "Listo, su visita quedó para {}.",
                speech::full_moment(to.0, to.1, voice)
            ),
            (Language::Spanish, Self::Unchanged(visit)) => {
                format!("Su visita ya es {}.", visit.spoken(voice))
            }
            (Language::Spanish, Self::Begun(visit)) => format!(
                "{} ya empezó, así que no puedo cambiarla.",
                speech::capitalized(&visit.named(voice))
            ),
            (Language::Spanish, Self::Refused { wanted, offer, .. }) => format!(
                "{} Su visita sigue como estaba.",
                spoken_refusal(*wanted, offer, voice)
            ),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Moved { .. } => "moved",
            Self::Offered(_) => "offered",
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
        matches!(
            self,
            Self::Moved { .. } | Self::Offered(_) | Self::Refused { .. }
        )
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Moved { .. } | Self::Unchanged(_) | Self::Begun(_) => Some(Note::default()),
            Self::Refused { wanted, offer, .. } => {
                Some(options_note(&offer.options(TimeOfDay::At(wanted.1))))
            }
            Self::Offered(found) => Some(found.note()),
            Self::Unknown(unknown) => unknown.note(),
            Self::Ask(question) => Some(question.note()),
        }
    }

    fn names_zone(&self) -> bool {
        matches!(self, Self::Offered(found) if found.wanted.names_zone)
    }

    fn offers(&self) -> bool {
        match self {
            Self::Ask(question) => question.offers(),
            Self::Offered(_) | Self::Refused { .. } => true,
            _ => false,
        }
    }

    fn reason(&self) -> Why {
        match self {
            Self::Moved { to, .. } => Why::about(self.label(), slot::token(to.0, to.1)),
            Self::Offered(found) => Why::about("asked_hour", found.offer.date.to_string()),
            Self::Refused { wanted, offer, .. } => offer.refused(*wanted),
            Self::Unchanged(visit) | Self::Begun(visit) => {
                Why::about(self.label(), slot::token(visit.date, visit.start))
            }
            Self::Unknown(_) | Self::Ask(_) => Why::new(self.label()),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        match self {
            Self::Moved { visit, .. } => vec![Effect::Appointment(visit.id)],
            _ => Vec::new(),
        }
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Moved { visit, .. } | Self::Unchanged(visit) => Some(visit.id),
            _ => None,
        }
    }
}
