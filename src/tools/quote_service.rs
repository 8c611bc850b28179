//! `quote_service`: what a service costs and how long it takes, and whether the organization comes to the caller.
//!
//! Reads only. Prices are ranges in whole dollars as the organization entered them; without one, nothing is guessed.

use schemars::JsonSchema;

use super::{
    arguments::Arguments,
    context::{Context, Failure, Outcome as Spoken},
    service::{self, ServiceArgs, WhichService},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::journal::Reason,
    db::{Params, Priority, Sql},
    domain::{
        language::{Language, say},
        speech::{self, Speech, Voice},
    },
    sql,
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "quote_service",
    mode: Mode::Reads,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Tells what a service costs, how long it takes, and whether the business comes to where the \
            caller is. Quote only what the answer says.",
        start: ["Let me look that up.", "Déjeme buscarlo."],
        parameters: || schemars::schema_for!(Args),
        required: &[],
    },
    run,
    outage: Outage::USUAL,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let outcome = quote(asked.context, Args::read(asked.arguments)).await?;
        asked.answer(&outcome).await
    })
}

const QUERY: Sql = sql!("quote_service", [UUID, UUID, TEXT]);

/// The longest name of a service that is spoken, in characters.
const MAX_NAME: usize = 60;

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    #[schemars(flatten)]
    work: ServiceArgs,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            work: ServiceArgs::read(given),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What the service takes and costs.
    Quoted(Quote),
    /// The organization has no catalogue.
    NoCatalogue,
    /// The organization does not come there.
    OutOfArea,
    /// It must be known which service is meant.
    Which(WhichService),
}

/// A service as it is quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its name in English.
    pub name: String,
    /// Its name in Spanish.
    pub name_es: Option<String>,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// The least and the most that it costs, in dollars, as far as the organization says.
    pub price: Option<(u32, Option<u32>)>,
}

/// Quotes.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails.
pub async fn quote(context: &Context, args: Args) -> Result<Outcome, Failure> {
    let requirements = match service::understand(context, args.work.said(None))? {
        Ok(requirements) => requirements,
        Err(which) => return Ok(Outcome::Which(which)),
    };
    let params: Params<'_> = &[
        &context.organization.id,
        &requirements.service,
        &requirements.postal_code,
    ];
    let binding = context.organization.binding(context.now);
    let rows = context.database.read(&binding, &QUERY, params).await?;
    let row = QUERY.first(&rows)?;
    let comes_there: Option<bool> = QUERY.get(row, "comes_there")?;
    if comes_there == Some(false) {
        return Ok(Outcome::OutOfArea);
    }
    let name: Option<String> = QUERY.get(row, "name")?;
    let Some(name) = name else {
        return Ok(Outcome::NoCatalogue);
    };
    let number = |column: &str| -> Result<Option<u32>, Failure> {
        let number: Option<i32> = QUERY.get(row, column)?;
        Ok(number.and_then(|number| u32::try_from(number).ok()))
    };
    Ok(Outcome::Quoted(Quote {
        name,
        name_es: QUERY.get(row, "name_es")?,
        minutes: number("duration_minutes")?.unwrap_or_default(),
        price: number("price_from")?.zip(Some(number("price_to")?)),
    }))
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match self {
            Self::Quoted(quote) => quote.say(language),
            Self::Which(which) => which.say(language),
            Self::NoCatalogue => language
                .pick(
                    "I have no prices here. I can take your number and have someone call you.",
                    "Aquí no tengo precios. Puedo tomar su número para que le llamen.",
                )
                .to_owned(),
            Self::OutOfArea => language
                .pick(
                    "I'm sorry, we do not come to that area.",
                    "Lo siento, no llegamos a esa zona.",
                )
                .to_owned(),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Quoted(_) => "quoted",
            Self::NoCatalogue => "no_catalogue",
            Self::OutOfArea => "out_of_area",
            Self::Which(which) => which.label(),
        }
    }

    fn reason(&self) -> Reason {
        match self {
            Self::Quoted(quote) => Reason::about(self.label(), quote.name.as_str()),
            Self::Which(which) => which.reason(),
            Self::NoCatalogue | Self::OutOfArea => Reason::new(self.label()),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Quoted(_))
    }
}

impl Quote {
    fn say(&self, language: Language) -> String {
        let name = match (language, &self.name_es) {
            (Language::Spanish, Some(name)) => name,
            _ => &self.name,
        };
        let name = speech::quoted(name, MAX_NAME);
        let length = speech::length(self.minutes, language);
        let dollars = |amount| speech::dollars(amount, language);
        match self.price {
            None => say!(
                language,
                "{name} takes {length}. I have no price for it; I can have someone call you with one.",
                "{name}: tarda {length}. No tengo el precio; puedo pedir que le llamen para dárselo."
            ),
            Some((from, None)) => {
                let from = dollars(from);
                say!(
                    language,
                    "{name} takes {length} and costs from {from}.",
                    "{name}: tarda {length} y cuesta desde {from}."
                )
            }
            Some((from, Some(to))) if from == to => {
                let price = dollars(from);
                say!(
                    language,
                    "{name} takes {length} and costs {price}.",
                    "{name}: tarda {length} y cuesta {price}."
                )
            }
            Some((from, Some(to))) => {
                let (from, to) = (speech::number(from, language), dollars(to));
                say!(
                    language,
                    "{name} takes {length} and costs between {from} and {to}.",
                    "{name}: tarda {length} y cuesta entre {from} y {to}."
                )
            }
        }
    }
}
