//! `transfer_call`: hands the caller to a person.
//!
//! Writes, once a tool call: the transfer is written down and committed before the line is commanded, and settled
//! after. Whom to ring comes from the organization's settings or the contact on call, never from the arguments.

use serde::Deserialize;
use uuid::Uuid;

use super::{
    arguments,
    context::{Context, Failure, Outcome as Spoken},
};
use crate::{
    calls::{
        line::TransferOrder,
        transfer::{self, Opening, Progress},
    },
    db::OrgTx,
    domain::{
        language::Language,
        phone::Phone,
        speech::{self, Speech},
        urgency::Urgency,
    },
    error::Result,
    oncall::contact::{self, Contact, Source},
};

/// The tool's name.
pub const NAME: &str = "transfer_call";

/// The longest name that is spoken, in characters.
const LONGEST_SPOKEN_NAME: usize = 40;

/// What the model gives.
#[derive(Debug, Default, Deserialize)]
pub struct Args {
    /// Why the caller wants a person.
    #[serde(default, deserialize_with = "arguments::text")]
    reason: Option<String>,
    /// How urgent it is: `low`, `normal`, `high` or `critical`; `normal` if left out.
    #[serde(default, deserialize_with = "arguments::text")]
    urgency: Option<String>,
    /// What the person should know before they take over.
    #[serde(default, deserialize_with = "arguments::text")]
    summary: Option<String>,
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
    /// Nobody can take the call.
    Nobody(Uuid),
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
    Ok(match prepare(context, transaction, args, language).await? {
        Prepared::Nobody(transfer_id) => Outcome::Nobody(transfer_id),
        Prepared::Ready(handover) if context.line.is_none() => {
            Outcome::NoLine(handover.transfer_id)
        }
        Prepared::Ready(handover) => Outcome::Trying(handover),
    })
}

/// Chooses the target for a provider that carries the transfer out by itself, and writes it down.
///
/// # Errors
///
/// When the database fails.
pub async fn destination(context: &Context, language: Language) -> Result<Option<TransferOrder>> {
    let binding = context.organization.binding(context.now);
    let prepared = context
        .database
        .transaction(&binding, async |transaction| {
            prepare(context, transaction, &Args::default(), language).await
        })
        .await?;
    Ok(match prepared {
        Prepared::Ready(handover) => Some(handover.order),
        Prepared::Nobody(_) => None,
    })
}

enum Prepared {
    Ready(Handover),
    Nobody(Uuid),
}

async fn prepare(
    context: &Context,
    transaction: &OrgTx,
    args: &Args,
    language: Language,
) -> Result<Prepared> {
    let urgency = args
        .urgency
        .as_deref()
        .and_then(Urgency::parse)
        .unwrap_or(Urgency::Normal);
    let organization = &context.organization;
    let on_call = contact::find(transaction, organization.id, urgency).await?;
    let target = choose(context, urgency, on_call);
    let opening = Opening {
        reason: args.reason.as_deref(),
        urgency,
        summary: args.summary.as_deref(),
        target: target.as_ref().map(|target| &target.number),
        source: target.as_ref().map_or("nobody", |target| target.source),
    };
    let transfer_id = transfer::open(transaction, organization.id, &context.call, &opening).await?;
    let Some(target) = target else {
        return Ok(Prepared::Nobody(transfer_id));
    };
    let who = target
        .name
        .map(|name| speech::quoted(&name, LONGEST_SPOKEN_NAME));
    Ok(Prepared::Ready(Handover {
        transfer_id,
        order: TransferOrder {
            number: target.number,
            mode: organization.transfer_mode,
            announcement: announcement(language),
            briefing: args.summary.clone(),
        },
        who,
    }))
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
        (Outcome::Trying(Handover { transfer_id, .. }) | Outcome::NoLine(transfer_id), _) => (
            Outcome::NoLine(transfer_id),
            Progress::Failed,
            Some("no_line"),
        ),
        (settled @ (Outcome::Connecting(_) | Outcome::Failed(_) | Outcome::Nobody(_)), _) => {
            return settled;
        }
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

struct Target {
    number: Phone,
    name: Option<String>,
    source: &'static str,
}

/// The first who can be rung: for an ordinary call the office and then the contact, for an urgent one whoever is on
/// call and then the office. Never the caller's own number, nor the one that was called.
fn choose(context: &Context, urgency: Urgency, on_call: Option<Contact>) -> Option<Target> {
    let office = context
        .organization
        .transfer_phone
        .clone()
        .map(|number| Target {
            number,
            name: None,
            source: "organization",
        });
    let on_duty = on_call
        .as_ref()
        .is_some_and(|contact| contact.source == Source::OnCall);
    let contact = on_call
        .filter(|contact| contact.takes_calls)
        .map(|contact| Target {
            number: contact.phone,
            name: contact.name,
            source: contact.source.code(),
        });
    let last_resort = context
        .organization
        .emergency_phone
        .clone()
        .map(|number| Target {
            number,
            name: None,
            source: Source::OrganizationPhone.code(),
        });
    let order = if urgency >= Urgency::High && on_duty {
        [contact, office, last_resort]
    } else {
        [office, contact, last_resort]
    };
    let own = [&context.call.caller, &context.call.called];
    order.into_iter().flatten().find(|target| {
        !own.iter()
            .any(|number| number.as_ref() == Some(&target.number))
    })
}

/// Whether a caller with an emergency can be handed to somebody from here: the line takes commands, and there is a number
/// to ring.
#[must_use]
pub fn is_possible(context: &Context, on_call: Option<Contact>) -> bool {
    context.line.is_some() && choose(context, Urgency::High, on_call).is_some()
}

/// What a caller hears whom nobody can take over.
#[must_use]
pub fn nobody(language: Language) -> Speech {
    Speech::new(match language {
        Language::English => {
            "I'm sorry, nobody can take the call right now. I can take your name and number so that someone calls you back."
        }
        Language::Spanish => {
            "Lo siento, nadie puede tomar la llamada en este momento. Puedo tomar su nombre y su número para que le llamen."
        }
    })
}

/// What the caller hears from the line itself.
fn announcement(language: Language) -> String {
    match language {
        Language::English => "I'm connecting you now. Please stay on the line.",
        Language::Spanish => "Le comunico ahora. Por favor, no cuelgue.",
    }
    .to_owned()
}

impl Outcome {
    /// Whether the line was commanded, so that more is known than when the answer was saved.
    #[must_use]
    pub fn was_commanded(&self) -> bool {
        matches!(self, Self::Connecting(_) | Self::Failed(_))
    }
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
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
            (_, Self::Connecting(Handover { who: None, .. })) => announcement(language),
            (Language::Spanish, Self::Failed(_)) => {
                "No pude pasar la llamada en este momento. Puedo intentarlo otra vez o tomar un número para que le llamen."
                    .to_owned()
            }
            (Language::Spanish, Self::NoLine(_)) => {
                "No puedo pasar esta llamada desde aquí. Puedo tomar su nombre y su número para que le llamen."
                    .to_owned()
            }
            (_, Self::Nobody(_)) => return nobody(language),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Trying(_) => "trying",
            Self::Connecting(_) => "connecting",
            Self::Failed(_) => "failed",
            Self::NoLine(_) => "no_line",
            Self::Nobody(_) => "nobody",
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Trying(_) | Self::Connecting(_))
    }

    fn effect(&self) -> Option<Uuid> {
        match self {
            Self::Trying(handover) | Self::Connecting(handover) => Some(handover.transfer_id),
            Self::Failed(id) | Self::NoLine(id) | Self::Nobody(id) => Some(*id),
        }
    }
}
