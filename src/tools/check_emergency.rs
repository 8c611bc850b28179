//! `check_emergency`: who has the caller's emergency, and since when?
//!
//! Reads. The emergency is that of the call, else the last one of the caller's number; nobody can ask for another's.

use schemars::JsonSchema;

use super::{
    context::{Context, Failure, Outcome as Spoken},
    standing::{self, Standing},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    db::Priority,
    domain::speech::{Speech, Voice},
    escalation::incident,
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "check_emergency",
    mode: Mode::Reads,
    priority: Priority::Emergency,
    runs_when_suspended: true,
    definition: Definition {
        description: "Tells how far the emergency of this call has come: whether somebody has taken it, and \
            who. Call it when the caller asks whether anybody is coming.",
        start: ["Let me see.", "Déjeme ver."],
        parameters: || schemars::schema_for!(Args),
        required: &[],
    },
    run,
    outage: Outage::USUAL,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let outcome = check(asked.context).await?;
        asked.answer(&outcome).await
    })
}

/// What the model gives: nothing.
#[derive(Debug, JsonSchema)]
pub struct Args {}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Where the caller's emergency stands.
    Known(Standing),
    /// The caller has reported none.
    None,
}

/// Finds the caller's emergency.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails.
pub async fn check(context: &Context) -> Result<Outcome, Failure> {
    let organization = &context.organization;
    let known = context
        .database
        .with_priority(TOOL.priority)
        .transaction(&organization.binding(context.now), async |transaction| {
            let id = organization.id;
            match incident::of_call(transaction, id, &context.call).await? {
                Some(incident) => standing::read(transaction, id, incident).await.map(Some),
                None => Ok(None),
            }
        })
        .await?;
    Ok(known.map_or(Outcome::None, Outcome::Known))
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match self {
            Self::Known(standing) => standing.say(language),
            Self::None => language
                .pick(
                    "I have no emergency from you. Tell me what is happening, and I will report it right away.",
                    "No tengo ninguna emergencia suya. Dígame qué ocurre y la reporto enseguida.",
                )
                .to_owned(),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Known(standing) => standing.label(),
            Self::None => "none",
        }
    }

    fn succeeded(&self) -> bool {
        true
    }
}
