//! `reschedule_appointment`: moves a caller's appointment, or says why not and leaves it where it is.
//!
//! Writes, once a tool call. Only the caller's own, by the rules of `tools/appointment.rs`; `private.reschedule_appointment()`
//! decides whether the new time is available.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use uuid::Uuid;

use super::{
    appointment::{self, Appointment, Proof, Unknown},
    arguments::Arguments,
    calendar::Calendar,
    context::{Context, Failure, Note, Outcome as Spoken},
    meaning,
    named::is_generic,
    offer::{Offer, meant},
    pending::Pending,
    service::Requirements,
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::journal::{Effect, Reason as Why},
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        choice,
        language::{Language, say},
        slot,
        speech::{self, Speech, Voice},
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
    outage: Outage::OF_A_CHANGE,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments));
        let (date, time) = (args.date.as_deref(), args.time.as_deref());
        let refers = meaning::await_offer(context, date, time).await;
        let work = async |tx: &OrgTx, _| reschedule(context, tx, args).await;
        asked.once(refers, work).await
    })
}

const QUERY: Sql = sql!("reschedule_appointment", [UUID, UUID, TEXT, DATE, TIME]);

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// Which appointment: the exact text of one that was found, or its day and hour in the caller's words. Not needed for the
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
            date: given.when(&["date", "new_date"]),
            time: given.when(&["time", "new_time"]),
            proof: Proof::read(given),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The appointment has moved.
    Moved {
        /// Where it was.
        appointment: Appointment,
        /// When it is now.
        to: (NaiveDate, NaiveTime),
        /// Whether the office must confirm that, because it is not known what linked calendars say.
        is_unconfirmed: bool,
    },
    /// It is there already.
    Unchanged(Appointment),
    /// It has begun, and cannot be moved any more.
    Begun(Appointment),
    /// This appointment stays where it is, for now.
    Pending(Uuid, Pending),
    /// There is no appointment to move, or it is not known which is meant.
    Unknown(Unknown),
}

/// Moves the appointment, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails, and nothing is moved.
pub async fn reschedule(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
) -> Result<Outcome, Failure> {
    let appointment = match moving(context, transaction, &args).await? {
        Ok(appointment) => appointment,
        Err(unknown) => return Ok(Outcome::Unknown(unknown)),
    };
    let requirements = Requirements {
        minutes: Some(appointment.minutes),
        ..Requirements::default()
    };
    let calendar = Calendar {
        context,
        transaction: Some(transaction),
        requirements: &requirements,
    };
    let from = appointment.date.and_time(appointment.start);
    let (date, time) = (args.date.as_deref(), args.time.as_deref());
    let understood = calendar.understand_move(date, time, from).await?;
    let (wanted, exact) = match calendar.exact(understood).await? {
        Ok(exact) => exact,
        Err(pending) => return Ok(Outcome::Pending(appointment.id, pending)),
    };
    let (date, time) = meant(context, transaction, wanted.instant, exact, &requirements).await?;
    let params: Params<'_> = &[
        &context.organization.id,
        &appointment.id,
        &context.call.vapi_call_id,
        &date,
        &time,
    ];
    let rows = transaction.query(&QUERY, params).await?;
    let first = QUERY.first(&rows)?;
    let outcome: &str = QUERY.get(first, "outcome")?;
    Ok(match outcome {
        "moved" => Outcome::Moved {
            appointment,
            to: (date, time),
            is_unconfirmed: QUERY.get(first, "is_unconfirmed")?,
        },
        "unchanged" => Outcome::Unchanged(appointment),
        "gone" => Outcome::Unknown(Unknown::CalledOff(appointment)),
        "begun" => Outcome::Begun(appointment),
        _ => {
            let offer = Offer::from_rows(&QUERY, date, &rows)?;
            let refused = Pending::refused(context, transaction, (date, time), offer).await?;
            Outcome::Pending(appointment.id, refused)
        }
    })
}

/// The appointment that is to be moved: where none of several is named, the one that the last answer about moving was about.
async fn moving(
    context: &Context,
    transaction: &OrgTx,
    args: &Args,
) -> Result<Result<Appointment, Unknown>, Failure> {
    // "The first one" of the times that were offered, given twice, names no appointment.
    let is_given_twice = |named: &&str| args.date.as_deref() == Some(*named);
    let named = args.appointment.as_deref();
    let named = named.filter(|named| !(is_given_twice(named) && choice::read(named).is_some()));
    let found = match appointment::meant(context, transaction, &args.proof, named).await? {
        Ok(found) => found,
        Err(Unknown::Which(several)) if named.is_none_or(is_generic) => {
            let asked = appointment::asked_about(context, transaction, &several).await?;
            if asked.len() == 1 { asked } else { several }
        }
        Err(unknown) => return Ok(Err(unknown)),
    };
    Ok(match found.as_slice() {
        [appointment] => Ok(appointment.clone()),
        _ => Err(Unknown::Which(found)),
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match self {
            Self::Unknown(unknown) => unknown.say(voice),
            Self::Pending(_, pending @ Pending::Refused { .. }) => {
                let refused = pending.say(voice);
                say!(
                    language,
                    "{refused} Your visit stays as it is.",
                    "{refused} Su visita sigue como estaba."
                )
            }
            Self::Pending(_, pending) => pending.say(voice),
            Self::Moved {
                to: (date, time),
                is_unconfirmed,
                ..
            } => {
                let moment = speech::full_moment(*date, *time, voice);
                if *is_unconfirmed {
                    say!(
                        language,
                        "I've noted the change, and the office will confirm it: {moment}.",
                        "Anoté el cambio y la oficina se lo confirmará: {moment}."
                    )
                } else {
                    say!(
                        language,
                        "Your visit is moved to {moment}.",
                        "Listo, su visita quedó para {moment}."
                    )
                }
            }
            Self::Unchanged(appointment) => say_unchanged(appointment, voice),
            Self::Begun(appointment) => {
                let named = speech::capitalized(&appointment.named(voice));
                say!(
                    language,
                    "{named} has already begun, so I cannot move it.",
                    "{named} ya empezó, así que no puedo cambiarla."
                )
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Moved {
                is_unconfirmed: true,
                ..
            } => "move_requested",
            Self::Moved { .. } => "moved",
            Self::Unchanged(_) => "unchanged",
            Self::Begun(_) => "begun",
            Self::Pending(_, pending) => pending.label(),
            Self::Unknown(unknown) => unknown.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Moved { .. } | Self::Unchanged(_))
    }

    fn names_hours(&self) -> bool {
        match self {
            Self::Moved { .. } => true,
            Self::Pending(_, pending) => pending.names_hours(),
            Self::Unchanged(_) | Self::Begun(_) | Self::Unknown(_) => false,
        }
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Moved { .. } | Self::Unchanged(_) | Self::Begun(_) => Some(Note::default()),
            Self::Pending(_, pending) => Some(pending.note()),
            Self::Unknown(unknown) => unknown.note(),
        }
    }

    fn names_zone(&self) -> bool {
        matches!(self, Self::Pending(_, pending) if pending.names_zone())
    }

    fn offers(&self) -> bool {
        matches!(self, Self::Pending(_, pending) if pending.offers())
    }

    fn visits(&self) -> Vec<Uuid> {
        match self {
            Self::Pending(id, _) => vec![*id],
            Self::Unknown(unknown) => unknown.visits(),
            Self::Moved { .. } | Self::Unchanged(_) | Self::Begun(_) => Vec::new(),
        }
    }

    fn reason(&self) -> Why {
        match self {
            Self::Moved { to, .. } => Why::about(self.label(), slot::token(to.0, to.1)),
            Self::Pending(_, pending) => pending.reason(),
            Self::Unchanged(appointment) | Self::Begun(appointment) => Why::about(
                self.label(),
                slot::token(appointment.date, appointment.start),
            ),
            Self::Unknown(_) => Why::new(self.label()),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        match self {
            Self::Moved { appointment, .. } => vec![Effect::Appointment(appointment.id)],
            _ => Vec::new(),
        }
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Moved { appointment, .. } | Self::Unchanged(appointment) => Some(appointment.id),
            _ => None,
        }
    }
}

fn say_unchanged(appointment: &Appointment, voice: Voice) -> String {
    let language = voice.language;
    let when = match language {
        Language::English => speech::on_moment(appointment.date, appointment.start, voice),
        Language::Spanish => appointment.spoken(voice),
    };
    if appointment.is_unconfirmed {
        say!(
            language,
            "Your visit is already {when}. The office will confirm it.",
            "Su visita ya es {when}. La oficina se la confirmará."
        )
    } else {
        say!(
            language,
            "Your visit is already {when}.",
            "Su visita ya es {when}."
        )
    }
}
