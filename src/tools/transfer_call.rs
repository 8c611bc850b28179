//! `transfer_call`: hands the caller to a person.
//!
//! Writes, once a tool call: the transfer is written down and committed before the line is commanded, and settled
//! after. Whom to ring comes from the organization's settings or the contact on call, never from the arguments. Asked
//! again in the same call, it goes on to the next who has not been tried.

use schemars::JsonSchema;
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{
    arguments::Arguments,
    context::{Context, Failure, Outcome as Spoken},
    definition::Definition,
};
use crate::{
    calls::{
        journal::Effect,
        line::TransferOrder,
        transfer::{self, LAPSE, Opening, Progress, Target, words},
    },
    db::{OrgTx, Priority},
    domain::{
        language::Language,
        speech::{self, Speech, Voice},
        urgency::Urgency,
    },
    error::Result,
};

/// The tool's name.
pub const NAME: &str = "transfer_call";

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Puts the caller through to a person. Call it when they ask for one, or when you cannot \
        help. Say nothing about who will answer; the answer says whether they are being put \
        through.",
    start: ["One moment.", "Un momento."],
    parameters: || schemars::schema_for!(Args),
    required: &["reason"],
};

/// The longest name that is spoken, in characters.
const LONGEST_SPOKEN_NAME: usize = 40;

/// What the model gives.
#[derive(Debug, Default, JsonSchema)]
pub struct Args {
    /// Why the caller wants a person.
    reason: Option<String>,
    /// How urgent it is: `low`, `normal`, `high` or `critical`; `normal` if left out.
    urgency: Option<String>,
    /// What the person should know before they take over.
    summary: Option<String>,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            reason: given.text(&["reason"]),
            urgency: given.text(&["urgency"]),
            summary: given.text(&["summary"]),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug)]
pub enum Outcome {
    /// It is written down, and the line is about to be commanded.
    Trying(Handover),
    /// The line is being handed over.
    Connecting(Handover),
    /// The provider did not take the command.
    Failed(Uuid),
    /// This call cannot be handed over from here: its message carried no way to command the line.
    NoLine(Uuid),
    /// Nobody can take the call, or nobody is left who was not tried; the staff was left a caller to call back.
    Nobody(Uuid),
    /// The organization's transfers of today are used up; the staff was left a caller to call back.
    UsedUp(Uuid),
}

/// A transfer that is written down and can be commanded.
#[derive(Debug)]
pub struct Handover {
    /// The row in `call_transfers`.
    pub transfer_id: Uuid,
    /// Who is rung, as it may be spoken; `None` for the office.
    pub who: Option<String>,
    /// The command for the line.
    pub order: TransferOrder,
}

/// Chooses the target and writes the transfer down.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails; nothing is transferred then.
pub async fn run(
    context: &Context,
    transaction: &OrgTx,
    args: &Args,
    language: Language,
) -> Result<Outcome, Failure> {
    let has_line = context.line.is_some();
    Ok(prepare(context, transaction, args, language, has_line).await?)
}

/// Chooses the target for a provider that carries the transfer out by itself, and writes it down; else what the caller hears.
///
/// # Errors
///
/// When the database fails.
pub async fn destination(
    context: &Context,
    language: Language,
) -> Result<Result<TransferOrder, Speech>> {
    let organization = &context.organization;
    let prepared = context
        .database
        .with_priority(Priority::Emergency)
        .transaction(&organization.binding(context.now), async |transaction| {
            transaction
                .query(&LAPSE, &[&organization.id, &context.call.vapi_call_id])
                .await?;
            prepare(context, transaction, &Args::default(), language, true).await
        })
        .await?;
    Ok(match prepared {
        Outcome::Trying(handover) => Ok(handover.order),
        other => Err(other.say(context.voice(language))),
    })
}

async fn prepare(
    context: &Context,
    transaction: &OrgTx,
    args: &Args,
    language: Language,
    has_line: bool,
) -> Result<Outcome> {
    let urgency = args
        .urgency
        .as_deref()
        .and_then(Urgency::parse)
        .unwrap_or(Urgency::Normal);
    let organization = &context.organization;
    let choice = transfer::choose(transaction, organization.id, &context.call, urgency).await?;
    let opening = async |target: Option<&Target>, source, obstacle| {
        let opening = Opening {
            reason: args.reason.as_deref(),
            urgency,
            summary: args.summary.as_deref(),
            target: target.map(|target| &target.number),
            extension: target.and_then(|target| target.extension.as_deref()),
            source,
            obstacle,
            control_url: context
                .control_url
                .as_ref()
                .map(ExposeSecret::expose_secret),
            language,
        };
        transfer::open(transaction, organization.id, &context.call, &opening).await
    };
    let Some(target) = choice.target else {
        let id = opening(None, "nobody", None).await?;
        leave_callback(context, transaction, args, id).await?;
        return Ok(Outcome::Nobody(id));
    };
    // What cannot be commanded costs nothing.
    if !has_line {
        let id = opening(Some(&target), target.source, Some("no_line")).await?;
        return Ok(Outcome::NoLine(id));
    }
    if !transfer::count(transaction, organization.id).await? {
        let id = opening(None, "used_up", None).await?;
        leave_callback(context, transaction, args, id).await?;
        return Ok(Outcome::UsedUp(id));
    }
    let transfer_id = opening(Some(&target), target.source, None).await?;
    let who = target
        .name
        .map(|name| speech::quoted(&name, LONGEST_SPOKEN_NAME));
    Ok(Outcome::Trying(Handover {
        transfer_id,
        order: TransferOrder {
            transfer_id,
            number: target.number,
            extension: target.extension,
            mode: organization.transfer_mode,
            language,
            wait_seconds: choice.wait_seconds,
            announcement: words::connecting(language).to_owned(),
            briefing: args.summary.clone(),
        },
        who,
    }))
}

async fn leave_callback(
    context: &Context,
    transaction: &OrgTx,
    args: &Args,
    transfer_id: Uuid,
) -> Result<()> {
    transfer::leave_callback(
        transaction,
        context.organization.id,
        transfer_id,
        context.call.vapi_call_id.as_deref(),
        context.call.caller.as_ref(),
        args.reason.as_deref(),
    )
    .await
}

/// Carries a written transfer out, and records what became of it.
///
/// What became of it is what the caller hears, even if it cannot be recorded: the line has been commanded by then.
pub async fn carry_out(context: &Context, outcome: Outcome) -> Outcome {
    let (settled, progress, detail) = match (outcome, &context.line) {
        (Outcome::Trying(handover), Some(line)) => match line.transfer(&handover.order).await {
            Ok(()) => (Outcome::Connecting(handover), Progress::Connecting, None),
            Err(error) => {
                tracing::warn!(error = %error, "a transfer was not taken");
                let failed = Outcome::Failed(handover.transfer_id);
                (failed, Progress::Failed, Some("refused"))
            }
        },
        (Outcome::Trying(Handover { transfer_id, .. }), None) => (
            Outcome::NoLine(transfer_id),
            Progress::Failed,
            Some("no_line"),
        ),
        (settled, _) => return settled,
    };
    if let Some(transfer_id) = settled.effect() {
        let (organization, now) = (&context.organization, context.now);
        let recorded = transfer::settle(
            &context.database,
            organization,
            transfer_id,
            progress,
            detail,
            now,
        );
        if let Err(error) = recorded.await {
            tracing::error!(error = error.chain(), "a transfer could not be settled");
        }
    }
    settled
}

/// Whether a caller with an emergency can be handed to somebody from here: the line takes commands, and there is a number
/// to ring.
///
/// # Errors
///
/// When the database fails.
pub async fn is_possible(context: &Context, transaction: &OrgTx) -> Result<bool> {
    if context.line.is_none() {
        return Ok(false);
    }
    let (id, call) = (context.organization.id, &context.call);
    let choice = transfer::choose(transaction, id, call, Urgency::High).await?;
    Ok(choice.target.is_some())
}

impl Outcome {
    /// Whether the line was commanded, so that more is known than when the answer was saved.
    #[must_use]
    pub fn was_commanded(&self) -> bool {
        matches!(self, Self::Connecting(_) | Self::Failed(_))
    }
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        Speech::new(match (language, self) {
            (Language::English, Self::Connecting(Handover { who: Some(name), .. })) => {
                format!("I'm connecting you to {name} now. Please stay on the line.")
            }
            (Language::English, Self::Trying(_)) => {
                "Please stay on the line while I try to connect you.".to_owned()
            }
            (Language::Spanish, Self::Trying(_)) => {
                "Por favor, no cuelgue mientras intento comunicarle.".to_owned()
            }
            (Language::English, Self::Failed(_)) => {
                "I could not put the call through just now. I can try again, or take a number to call you back."
                    .to_owned()
            }
            (Language::English, Self::NoLine(_)) => {
                "I cannot put this call through from here. I can take your name and number so that someone calls you back."
                    .to_owned()
            }
            (Language::Spanish, Self::Connecting(Handover { who: Some(name), .. })) => {
                format!("Le comunico ahora con {name}. Por favor, no cuelgue.")
            }
            (_, Self::Connecting(Handover { who: None, .. })) => {
                words::connecting(language).to_owned()
            }
            (Language::Spanish, Self::Failed(_)) => {
                "No pude pasar la llamada en este momento. Puedo intentarlo otra vez o tomar un número para que le llamen."
                    .to_owned()
            }
            (Language::Spanish, Self::NoLine(_)) => {
                "No puedo pasar esta llamada desde aquí. Puedo tomar su nombre y su número para que le llamen."
                    .to_owned()
            }
            (Language::English, Self::Nobody(_)) => {
                "I'm sorry, nobody can take the call right now. I have left a note to call you back; I can add your name and number."
                    .to_owned()
            }
            (Language::Spanish, Self::Nobody(_)) => {
                "Lo siento, nadie puede tomar la llamada en este momento. Dejé un recado para que le llamen; puedo agregar su nombre y su número."
                    .to_owned()
            }
            (Language::English, Self::UsedUp(_)) => {
                "I'm sorry, I cannot put anyone else through today. I have left a note so that someone calls you back."
                    .to_owned()
            }
            (Language::Spanish, Self::UsedUp(_)) => {
                "Lo siento, hoy ya no puedo pasar más llamadas. Dejé un recado para que le llamen."
                    .to_owned()
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Trying(_) => "trying",
            Self::Connecting(_) => "connecting",
            Self::Failed(_) => "failed",
            Self::NoLine(_) => "no_line",
            Self::Nobody(_) => "nobody",
            Self::UsedUp(_) => "used_up",
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Trying(_) | Self::Connecting(_))
    }

    fn effects(&self) -> Vec<Effect> {
        self.effect().map(Effect::Transfer).into_iter().collect()
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Trying(handover) | Self::Connecting(handover) => Some(handover.transfer_id),
            Self::Failed(id) | Self::NoLine(id) | Self::Nobody(id) | Self::UsedUp(id) => Some(*id),
        }
    }
}
