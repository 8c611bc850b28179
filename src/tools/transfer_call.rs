//! `transfer_call`: hands the caller to a person.
//!
//! Writes, once a tool call: the transfer is recorded and committed before the line is commanded, and completed
//! after. Whom to ring comes from the organization's settings or the contact on call, never from the arguments. Asked
//! again in the same call, it goes on to the next who has not been tried.

use schemars::JsonSchema;
use secrecy::ExposeSecret;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    arguments::Arguments,
    context::{Answer, Context, Failure, Outcome as Spoken, Request},
    idempotency::{self, Done, Key},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::{
        journal::Effect,
        line::TransferOrder,
        transfer::{self, Opening, Progress, words},
    },
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        language::{Language, say},
        phone::Phone,
        speech::{self, Speech, Voice},
        urgency::Urgency,
    },
    error::Result,
    sql,
};

const BEGIN: Sql = sql!(
    "begin_transfer",
    [UUID, TEXT, TEXT, TEXT, TEXT, BYTEA, TEXT, BOOL]
);

/// The tool.
pub const TOOL: Tool = Tool {
    name: "transfer_call",
    mode: Mode::Writes,
    priority: Priority::Emergency,
    runs_when_suspended: true,
    definition: Definition {
        description: "Puts the caller through to a person. Call it when they ask for one, or when you cannot \
            help. Say nothing about who will answer; the answer says whether they are being put \
            through.",
        start: ["One moment.", "Un momento."],
        parameters: || schemars::schema_for!(Args),
        required: &["reason"],
    },
    run,
    outage: Outage {
        unavailable: [
            "I can't put you through right now. I can try again in a moment, or take your number so that someone calls you.",
            "En este momento no puedo pasar su llamada. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen.",
        ],
        late: [
            "I can't tell yet whether your call is being put through. Please stay on the line.",
            "Todavía no sé si su llamada está pasando. Por favor, no cuelgue.",
        ],
        failed: [
            "That did not work just now, so I can't tell yet whether you are being put through. Please stay on the line.",
            "Eso no funcionó, así que todavía no sé si su llamada está pasando. Por favor, no cuelgue.",
        ],
    },
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, request) = (asked.context, asked.request);
        let args = Args::read(asked.arguments);
        let key = Key::of(context, TOOL.name, request);
        let outcome = match transfer(context, key.as_ref(), request, &args).await? {
            Done::Replayed(answer) => return Ok(answer),
            // What is decided in the transaction is commanded after it, and the answer tells what came of that.
            Done::Fresh(outcome) => command(context, key.as_ref(), request, outcome).await,
        };
        Ok(Answer::of(context, &outcome, request.language(context)))
    })
}

/// The longest name that is spoken, in characters.
const MAX_SPOKEN_NAME: usize = 40;

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

/// Chooses the target and writes the transfer down with what is said of it, unless that is saved already.
///
/// # Errors
///
/// [`Failure::Stopped`] when the database fails; nothing is transferred then.
pub async fn transfer(
    context: &Context,
    key: Option<&Key<'_>>,
    request: &Request,
    args: &Args,
) -> Result<Done<Outcome>, Failure> {
    let asks_language = context.asks_language(request);
    let (transaction, rows) = ask(context, key, asks_language).await?;
    let row = BEGIN.first(&rows)?;
    if let Some(answer) = BEGIN.get(row, "answer")? {
        transaction.commit().await?;
        return Ok(Done::Replayed(idempotency::from_json(&answer)?));
    }
    if asks_language {
        let language: Option<&str> = BEGIN.get(row, "language")?;
        context.hear(language.and_then(Language::parse));
    }
    let language = request.language(context);
    let has_line = context.line.is_some();
    let asked = (key, args, language, has_line);
    Ok(Done::Fresh(
        prepare(context, transaction, &rows, asked).await?,
    ))
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
    let (transaction, rows) = ask(context, None, false).await?;
    let asked = (None, &Args::default(), language, true);
    let prepared = prepare(context, transaction, &rows, asked).await?;
    Ok(match prepared {
        Outcome::Trying(handover) => Ok(handover.order),
        other => Err(other.say(context.voice(language))),
    })
}

/// Begins, and asks for the saved answer or whom the caller can be handed to.
async fn ask(
    context: &Context,
    key: Option<&Key<'_>>,
    asks_language: bool,
) -> Result<(OrgTx, Vec<Row>)> {
    let binding = context.organization.binding(context.now);
    let params: Params<'_> = &[
        &binding.organization_id,
        &binding.at(),
        &context.call.vapi_call_id,
        &key.map(|key| key.tool_call_id.as_str()),
        &TOOL.name,
        &key.map(|key| key.digest.as_slice()),
        &context.call.caller.as_ref().map(Phone::as_str),
        &asks_language,
    ];
    context
        .database
        .with_priority(TOOL.priority)
        .begin(&binding, &BEGIN, params)
        .await
}

async fn prepare(
    context: &Context,
    transaction: OrgTx,
    rows: &[Row],
    (key, args, language, has_line): (Option<&Key<'_>>, &Args, Language, bool),
) -> Result<Outcome> {
    let urgency = args
        .urgency
        .as_deref()
        .and_then(Urgency::parse)
        .unwrap_or(Urgency::Normal);
    let organization = &context.organization;
    let choice = transfer::among(rows, &context.call, urgency)?;
    let target = choice.target.as_ref();
    let opening = Opening {
        reason: args.reason.as_deref(),
        urgency,
        summary: args.summary.as_deref(),
        target: target.map(|target| &target.number),
        extension: target.and_then(|target| target.extension.as_deref()),
        source: target.map_or("nobody", |target| target.source),
        obstacle: (target.is_some() && !has_line).then_some("no_line"),
        control_url: context
            .control_url
            .as_ref()
            .map(ExposeSecret::expose_secret),
        language,
    };
    let transfer_id = Uuid::new_v4();
    let outcome = match target {
        None => Outcome::Nobody(transfer_id),
        Some(_) if !has_line => Outcome::NoLine(transfer_id),
        Some(target) => Outcome::Trying(Handover {
            transfer_id,
            who: target
                .name
                .as_deref()
                .map(|name| speech::quoted(name, MAX_SPOKEN_NAME)),
            order: TransferOrder {
                transfer_id,
                number: target.number.clone(),
                extension: target.extension.clone(),
                mode: organization.transfer_mode,
                language,
                wait_seconds: choice.wait_seconds,
                announcement: words::connecting(language).to_owned(),
                briefing: args.summary.clone(),
            },
        }),
    };
    let beyond = Outcome::UsedUp(transfer_id);
    let (answer, answer_beyond) = (
        idempotency::to_json(&Answer::of(context, &outcome, language)),
        idempotency::to_json(&Answer::of(context, &beyond, language)),
    );
    let asked = key.map(|key| transfer::Asked {
        tool_call_id: &key.tool_call_id,
        tool: key.tool,
        digest: &key.digest,
        answer: &answer,
        answer_beyond: &answer_beyond,
    });
    let ids = (transfer_id, organization.id);
    let is_within =
        transfer::open_and_commit(transaction, ids, &context.call, &opening, asked).await?;
    Ok(if is_within { outcome } else { beyond })
}

/// Commands the line to make a recorded transfer, and records the result.
///
/// The caller hears the result even if it cannot be recorded: the line has been commanded by then.
pub async fn command(
    context: &Context,
    key: Option<&Key<'_>>,
    request: &Request,
    outcome: Outcome,
) -> Outcome {
    let (commanded, progress, detail) = match (outcome, &context.line) {
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
        (other, _) => return other,
    };
    if let Some(transfer_id) = commanded.effect() {
        let answer =
            idempotency::to_json(&Answer::of(context, &commanded, request.language(context)));
        let saved = key.map(|key| {
            let tool_call_id = key.tool_call_id.as_str();
            (
                key.vapi_call_id,
                tool_call_id,
                commanded.succeeded(),
                &answer,
            )
        });
        let binding = context.organization.binding(context.now);
        let recorded = transfer::record_command(
            &context.database,
            &binding,
            transfer_id,
            progress,
            detail,
            saved,
        );
        if let Err(error) = recorded.await {
            tracing::error!(
                error = error.chain(),
                "what became of a transfer could not be recorded"
            );
        }
    }
    commanded
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        let words = match self {
            Self::Connecting(Handover { who, .. }) => {
                return Speech::new(match who {
                    Some(name) => say!(
                        language,
                        "I'm connecting you to {name} now. Please stay on the line.",
                        "Le comunico ahora con {name}. Por favor, no cuelgue."
                    ),
                    None => words::connecting(language).to_owned(),
                });
            }
            Self::Trying(_) => language.pick("Please stay on the line while I try to connect you.", "Por favor, no cuelgue mientras intento comunicarle."),
            Self::Failed(_) => language.pick("I could not put the call through just now. I can try again, or take a number to call you back.", "No pude pasar la llamada en este momento. Puedo intentarlo otra vez o tomar un número para que le llamen."),
            Self::NoLine(_) => language.pick("I cannot put this call through from here. I can take your name and number so that someone calls you back.", "No puedo pasar esta llamada desde aquí. Puedo tomar su nombre y su número para que le llamen."),
            Self::Nobody(_) => language.pick("I'm sorry, nobody can take the call right now. I have left a note to call you back; I can add your name and number.", "Lo siento, nadie puede tomar la llamada en este momento. Dejé un recado para que le llamen; puedo agregar su nombre y su número."),
            Self::UsedUp(_) => language.pick("I'm sorry, I cannot put anyone else through today. I have left a note so that someone calls you back.", "Lo siento, hoy ya no puedo pasar más llamadas. Dejé un recado para que le llamen."),
        };
        Speech::new(words)
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
