//! `find_appointments`: which appointments does this caller have?
//!
//! Reads. Only the caller's own, by the rules of `tools/appointment.rs`.

use schemars::JsonSchema;

use super::{
    appointment::{self, Appointment, Proof, Unknown},
    arguments::Arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    db::Priority,
    domain::{
        language::say,
        speech::{self, Speech, Voice},
    },
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "find_appointments",
    mode: Mode::Reads,
    priority: Priority::Read,
    runs_when_suspended: false,
    definition: Definition {
        description: "Reads back the caller's visits to come. Whose they are is known by the number they call \
            from; if the answer asks for the name and the address, ask the caller for both and call \
            again with them.",
        start: ["Let me look that up.", "Déjeme buscarlo."],
        parameters: || schemars::schema_for!(Args),
        required: &[],
    },
    run,
    outage: Outage::OF_THE_SCHEDULE,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let outcome = find(asked.context, Args::read(asked.arguments)).await?;
        asked.answer(&outcome).await
    })
}

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    #[schemars(flatten)]
    proof: Proof,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            proof: Proof::read(given),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The appointments that stand, the next first; at least one.
    Found(Vec<Appointment>),
    /// None that stands: this one is called off.
    NoneLeft(Appointment),
    /// None, or none that can be spoken of yet.
    Unknown(Unknown),
}

/// Finds the caller's appointments.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails.
pub async fn find(context: &Context, args: Args) -> Result<Outcome, Failure> {
    let found = context
        .database
        .with_priority(TOOL.priority)
        .transaction(
            &context.organization.binding(context.now),
            async |transaction| appointment::of_caller(context, transaction, &args.proof).await,
        )
        .await?;
    Ok(match found {
        Err(unknown) => Outcome::Unknown(unknown),
        Ok(appointments) => {
            let (live, called_off): (Vec<_>, Vec<_>) = appointments
                .into_iter()
                .partition(|appointment| appointment.is_live);
            match (live.is_empty(), called_off.into_iter().next()) {
                (false, _) => Outcome::Found(live),
                (true, Some(appointment)) => Outcome::NoneLeft(appointment),
                (true, None) => Outcome::Unknown(Unknown::NotFound),
            }
        }
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        Speech::new(match self {
            Self::Unknown(unknown) => unknown.say(voice),
            Self::Found(appointments) => say_found(appointments, voice),
            Self::NoneLeft(appointment) => say_none_left(appointment, voice),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Found(_) => "found",
            Self::NoneLeft(_) => "none_left",
            Self::Unknown(unknown) => unknown.label(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Found(_))
    }

    fn names_hours(&self) -> bool {
        matches!(self, Self::Found(_) | Self::NoneLeft(_))
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Found(appointments) => Some(appointment::appointments_note(appointments)),
            Self::NoneLeft(_) => Some(Note::default()),
            Self::Unknown(unknown) => unknown.note(),
        }
    }
}

fn say_none_left(appointment: &Appointment, voice: Voice) -> String {
    let appointment = appointment.named(voice);
    say!(
        voice.language,
        "You have no visit coming up; {appointment} is cancelled.",
        "No tiene ninguna visita pendiente; {appointment} está cancelada."
    )
}

fn say_found(appointments: &[Appointment], voice: Voice) -> String {
    let language = voice.language;
    let list = appointment::spoken_with_state(appointments, voice);
    let count = u32::try_from(appointments.len()).unwrap_or(u32::MAX);
    let number = speech::number(count, language);
    match count {
        1 => say!(
            language,
            "You have one visit: {list}.",
            "Tiene una visita: {list}."
        ),
        2..=3 => say!(
            language,
            "You have {number} visits: {list}.",
            "Tiene {number} visitas: {list}."
        ),
        _ => say!(
            language,
            "You have {number} visits; the next are {list}.",
            "Tiene {number} visitas; las próximas son {list}."
        ),
    }
}
