//! `lookup_customer`: the caller's name, if the number is a customer's, and nothing more.
//!
//! Reads. Only the number that the network signals counts: no other number is looked up.

use schemars::JsonSchema;

use super::{
    context::{Context, Failure, Outcome as Spoken},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    db::{Priority, Sql},
    domain::{
        language::{Language, say},
        name,
        phone::Phone,
        speech::{self, Speech, Voice},
    },
    sql,
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "lookup_customer",
    mode: Mode::Reads,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Tells whether the business knows whoever is calling, by the number they call from, and \
            greets them by name. Call it once, at the beginning of the call.",
        start: ["", ""],
        parameters: || schemars::schema_for!(Args),
        required: &[],
    },
    run,
    outage: Outage::USUAL,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let outcome = look_up(asked.context).await?;
        asked.answer(&outcome).await
    })
}

const QUERY: Sql = sql!("lookup_customer", [UUID, TEXT]);

/// The longest name that is spoken, in characters.
const MAX_SPOKEN_NAME: usize = 60;

/// What the model gives: nothing.
#[derive(Debug, JsonSchema)]
pub struct Args {}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A customer, by their name.
    Known(String),
    /// Nobody who is known by this number.
    Unknown,
}

/// Looks the caller's number up.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails.
pub async fn look_up(context: &Context) -> Result<Outcome, Failure> {
    let Some(number) = context.call.caller.as_ref().map(Phone::as_str) else {
        return Ok(Outcome::Unknown);
    };
    let organization = &context.organization;
    let rows = context
        .database
        .read(
            &organization.binding(context.now),
            &QUERY,
            &[&organization.id, &number],
        )
        .await?;
    let name: Option<&str> = match rows.first() {
        Some(row) => QUERY.get(row, 0)?,
        None => None,
    };
    Ok(match name.and_then(name::name) {
        Some(name) => Outcome::Known(speech::quoted(&name, MAX_SPOKEN_NAME)),
        None => Outcome::Unknown,
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match self {
            Self::Known(name) => greeting(name, language),
            Self::Unknown => language
                .pick(
                    "Hello, and welcome. May I have your name, please?",
                    "Hola, le damos la bienvenida. ¿Me dice su nombre, por favor?",
                )
                .to_owned(),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Known(_) => "known",
            Self::Unknown => "unknown",
        }
    }

    fn succeeded(&self) -> bool {
        true
    }
}

/// The greeting of somebody who has called before.
#[must_use]
pub fn greeting(name: &str, language: Language) -> String {
    say!(
        language,
        "Hello {name}, good to hear from you again. How can I help?",
        "Hola, {name}, qué gusto oírle de nuevo. ¿En qué puedo ayudarle?"
    )
}
