//! `cancel_appointment`: cancels a caller's appointment, so that its time can be booked again.
//!
//! Writes, once a tool call. Only the caller's own, by the rules of `tools/appointment.rs`.

use schemars::JsonSchema;
use uuid::Uuid;

use super::{
    appointment::{self, Appointment, Proof, Unknown, spoken_appointments},
    arguments::Arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    named::without_cancelling,
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::journal::Effect,
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        language::say,
        speech::{self, Speech, Voice},
    },
    sql,
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "cancel_appointment",
    mode: Mode::Writes,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Cancels the caller's visit. Ask once whether they are sure. Which visit is known by the \
            number they call from; if the answer asks for the name and the address, ask the caller \
            for both and call again with them.",
        start: ["Let me take care of that.", "Ahora lo veo."],
        parameters: || schemars::schema_for!(Args),
        required: &[],
    },
    run,
    outage: Outage::OF_A_CHANGE,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments));
        let work = async |tx: &OrgTx, _| cancel(context, tx, args).await;
        asked.once(false, work).await
    })
}

const QUERY: Sql = sql!("cancel_appointment", [UUID, UUID]);

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// Which appointment: the exact text of one that was found, or the caller's words: the first one, both, the Tuesday one. Not needed for the
    /// only one.
    appointment: Option<String>,
    #[schemars(flatten)]
    proof: Proof,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            appointment: given.text(&["appointment", "date", "which"]),
            proof: Proof::read(given),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The appointments are off; one, unless all of several were meant.
    Cancelled(Vec<Appointment>),
    /// There is no appointment to cancel, or it is not known which is meant.
    Unknown(Unknown),
}

/// Calls the appointment off, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails, and nothing is called off.
pub async fn cancel(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
) -> Result<Outcome, Failure> {
    let said = args.appointment.as_deref();
    let plain = said.and_then(without_cancelling);
    let named = plain.as_deref().or(said);
    let meant = appointment::meant(context, transaction, &args.proof, named).await?;
    let appointments = match meant {
        Ok(appointments) => appointments,
        Err(unknown) => return Ok(Outcome::Unknown(unknown)),
    };
    let mut cancelled = Vec::with_capacity(appointments.len());
    let mut called_off = None;
    for appointment in appointments {
        let params: Params<'_> = &[&context.organization.id, &appointment.id];
        if transaction.query(&QUERY, params).await?.is_empty() {
            // Somebody else called it off in the meantime.
            called_off = Some(appointment);
        } else {
            cancelled.push(appointment);
        }
    }
    Ok(match called_off.filter(|_| cancelled.is_empty()) {
        Some(appointment) => Outcome::Unknown(Unknown::CalledOff(appointment)),
        None => Outcome::Cancelled(cancelled),
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match self {
            Self::Unknown(unknown) => unknown.say(voice),
            Self::Cancelled(appointments) => {
                if let [appointment] = appointments.as_slice() {
                    let named = appointment.named(voice);
                    let begun = speech::capitalized(&named);
                    say!(
                        language,
                        "{begun} is cancelled.",
                        "Listo, {named} quedó cancelada."
                    )
                } else {
                    let list = spoken_appointments(appointments, voice);
                    say!(
                        language,
                        "These visits are cancelled: {list}.",
                        "Listo, quedaron canceladas estas visitas: {list}."
                    )
                }
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Cancelled(_) => "cancelled",
            Self::Unknown(unknown) => unknown.label(),
        }
    }

    /// Asked again, it is looked at again: the same words may be about an appointment that was booked since.
    fn succeeded(&self) -> bool {
        false
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Cancelled(_) => Some(Note::default()),
            Self::Unknown(unknown) => unknown.note(),
        }
    }

    fn visits(&self) -> Vec<Uuid> {
        match self {
            Self::Cancelled(_) => Vec::new(),
            Self::Unknown(unknown) => unknown.visits(),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        match self {
            Self::Cancelled(appointments) => appointments
                .iter()
                .map(|appointment| Effect::Appointment(appointment.id))
                .collect(),
            Self::Unknown(_) => Vec::new(),
        }
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Cancelled(appointments) => appointments.first().map(|appointment| appointment.id),
            Self::Unknown(_) => None,
        }
    }
}
