//! `cancel_appointment`: calls a caller's visit off, so that its time can be booked again.
//!
//! Writes, once a tool call. Only the caller's own, by the rules of `tools/visit.rs`.

use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    arguments,
    context::{Context, Failure, Note, Outcome as Spoken},
    definition::Definition,
    visit::{self, Proof, Unknown, Visit},
};
use crate::{
    db::{OrgTx, Sql},
    domain::{language::Language, speech::Speech},
    sql,
};

/// The tool's name.
pub const NAME: &str = "cancel_appointment";

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Cancels the caller's visit. Ask once whether they are sure. Which visit is known by the \
        number they call from; if the answer asks for the name and the address, ask the caller \
        for both and call again with them.",
    start: ["Let me take care of that.", "Ahora mismo lo veo."],
    parameters: || schemars::schema_for!(Args),
    required: &[],
};

const QUERY: Sql = sql!("cancel_appointment", [UUID, UUID]);

/// What the model gives.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Args {
    /// Which visit: the exact text of one that was found, or its day and hour in the caller's words. Not needed for the
    /// only one.
    #[serde(
        default,
        alias = "date",
        alias = "which",
        deserialize_with = "arguments::text"
    )]
    appointment: Option<String>,
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
    /// The visit is off.
    Cancelled(Visit),
    /// There is none to call off, or it is not known which.
    Unknown(Unknown),
}

/// Calls the visit off, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails, and nothing is called off.
pub async fn run(context: &Context, transaction: &OrgTx, args: Args) -> Result<Outcome, Failure> {
    let proof = Proof {
        name: args.customer_name.as_deref(),
        address: args.service_address.as_deref(),
    };
    let meant = visit::meant(context, transaction, proof, args.appointment.as_deref()).await?;
    let visit = match meant {
        Ok(visit) => visit,
        Err(unknown) => return Ok(Outcome::Unknown(unknown)),
    };
    let rows = transaction
        .query(&QUERY, &[&context.organization.id, &visit.id])
        .await?;
    Ok(if rows.is_empty() {
        // Somebody else called it off in the meantime.
        Outcome::Unknown(Unknown::CalledOff(visit))
    } else {
        Outcome::Cancelled(visit)
    })
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match (language, self) {
            (_, Self::Unknown(unknown)) => unknown.say(language),
            (Language::English, Self::Cancelled(visit)) => {
                format!("Your visit on {} is cancelled.", visit.spoken(language))
            }
            (Language::Spanish, Self::Cancelled(visit)) => {
                format!("Su visita del {} queda cancelada.", visit.spoken(language))
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Cancelled(_) => "cancelled",
            Self::Unknown(unknown) => unknown.label(),
        }
    }

    /// Asked again, it is looked at again: the same words may be about a visit that was booked since.
    fn succeeded(&self) -> bool {
        false
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Cancelled(_) => Some(Note::default()),
            Self::Unknown(unknown) => unknown.note(),
        }
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Cancelled(visit) => Some(visit.id),
            Self::Unknown(_) => None,
        }
    }
}
