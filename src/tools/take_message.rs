//! `take_message`: leaves the staff a message from the caller, and the number to call back.
//!
//! Writes, once a tool call: a task of the organization's staff.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde_json::Value;
use uuid::Uuid;

use super::{
    arguments::{self, Arguments, MissingArgument},
    context::{Answer, Context, Failure, Outcome as Spoken},
    tool::{Asked, Definition, Mode, Outage, Recording, Running, Stopped, Tool},
};
use crate::{
    calls::journal::Effect,
    db::{OrgTx, Priority},
    domain::{
        language::Language,
        phone::Phone,
        speech::{Speech, Voice},
    },
    error::Kind,
    outage::{LeftMessage, Origin},
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "take_message",
    mode: Mode::Writes,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Leaves the office a message from the caller, with the number to call back. Call it when \
            the caller wants something that no other tool does, or would rather be called.",
        start: ["Let me write that down.", "Lo apunto."],
        parameters: || schemars::schema_for!(Args),
        required: &["message"],
    },
    run,
    outage: Outage {
        unavailable: [
            "I could not leave your message just now. Let me try again in a moment.",
            "No pude dejar su recado. Déjeme intentarlo otra vez en un momento.",
        ],
        late: [
            "I can't say yet whether your message is left. Give me a moment and let me check again.",
            "Todavía no sé si su recado quedó. Deme un momento y lo reviso otra vez.",
        ],
        failed: [
            "That did not go through just now, so I can't say yet whether your message is left. Let me check again.",
            "Eso no pasó, así que todavía no sé si su recado quedó. Déjeme revisarlo otra vez.",
        ],
    },
    fallback: Some(record_elsewhere),
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments));
        let work = async |tx: &OrgTx, language| take(context, tx, args, language).await;
        asked.once(false, work).await
    })
}

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// What the caller wants to be told or asked, in a sentence or two.
    message: Option<String>,
    /// Who the message is from.
    customer_name: Option<String>,
    /// Where to call back; the caller's own number if left out.
    customer_phone: Option<String>,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            message: given.text(&["message", "reason", "summary"]),
            customer_name: given.name(&["customer_name", "name"]),
            customer_phone: given.text(&["customer_phone", "phone"]),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The staff has the message.
    Taken(Uuid),
}

/// Leaves the message, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Missing`] without a message or a number; [`Failure::Stopped`] when the database fails.
pub async fn take(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
    language: Language,
) -> Result<Outcome, Failure> {
    let origin = Origin::of(&context.call, None, None);
    let message = message(args, origin, language, context.now)?;
    let task = message.leave(transaction, context.organization.id).await?;
    Ok(Outcome::Taken(task))
}

fn record_elsewhere(stopped: Stopped<'_>) -> Recording<'_> {
    Box::pin(async move {
        let request = stopped.request;
        let language = request.language_of_words();
        let args = Args::read(Arguments(request.arguments.as_ref()?));
        let message = message(args, stopped.origin.clone(), language, stopped.now).ok()?;
        // Another organization's call would be refused later as well.
        let is_kept =
            stopped.stopped_by != Kind::Foreign && stopped.fallback.keep_message(&message).await;
        is_kept.then(|| kept(language))
    })
}

/// What the caller hears of a message that was written down and is not left yet.
#[must_use]
pub fn kept(language: Language) -> Answer {
    let words = language.pick("Our system isn't responding right now. I have written your message down, and the office gets it as soon as the system is back.", "Nuestro sistema no responde en este momento. Anoté su recado, y la oficina lo recibe en cuanto vuelva el sistema.");
    Answer::plain(Ok(Speech::new(words)), "kept")
}

fn message(
    args: Args,
    origin: Origin,
    language: Language,
    now: DateTime<Utc>,
) -> Result<LeftMessage, MissingArgument> {
    let text = args.message.ok_or(MissingArgument::Message)?;
    let phone = match args.customer_phone.as_deref().map(Phone::parse) {
        Some(Ok(phone)) => phone,
        None => origin.call().caller.ok_or(MissingArgument::Phone)?,
        Some(Err(problem)) => origin
            .call()
            .caller
            .ok_or(MissingArgument::phone(problem))?,
    };
    let said = [
        ("message", Some(text.as_str())),
        ("name", args.customer_name.as_deref()),
        ("phone", Some(phone.as_str())),
    ];
    let said = said.map(|(name, value)| (name.to_owned(), Value::from(value)));
    let digest = hex::encode(arguments::digest(TOOL.name, &said.into_iter().collect()));
    Ok(LeftMessage {
        key: match origin.vapi_call_id {
            Some(_) => digest,
            // Of a call that is not known only what came in this one message is the same.
            None => format!("{digest} {}", now.to_rfc3339()),
        },
        phone: phone.as_str().to_owned(),
        origin,
        text,
        name: args.customer_name,
        language: language.code().to_owned(),
        at: now,
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(language.pick(
            "I have left your message for the office. Someone will call you back.",
            "Dejé su recado en la oficina. Le van a regresar la llamada.",
        ))
    }

    fn label(&self) -> &'static str {
        "taken"
    }

    fn succeeded(&self) -> bool {
        true
    }

    fn effects(&self) -> Vec<Effect> {
        self.effect().map(Effect::Task).into_iter().collect()
    }

    fn effect(&self) -> Option<Uuid> {
        let Self::Taken(task) = self;
        Some(*task)
    }
}
