//! `hold_slot`: keeps a time for the caller for some minutes while they make up their mind.
//!
//! Writes, once a tool call. A call holds one time; a new one takes its place. It is given back when the call books, when
//! the call ends, and when the minutes are over.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;

use super::{
    arguments::Arguments,
    calendar::Calendar,
    context::{Context, Failure, Note, Outcome as Spoken},
    meaning,
    offer::Offer,
    pending::Pending,
    service::{self, Said},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::journal::Reason as Why,
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        language::say,
        slot,
        speech::{self, Speech, Voice},
    },
    sql,
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "hold_slot",
    mode: Mode::Writes,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Keeps a free time for the caller for five minutes while they make up their mind, such as \
            to ask somebody at home. Pass the exact text of an offered option, or the \
            caller's words for it. It books nothing.",
        start: ["One moment.", "Un momento."],
        parameters: || schemars::schema_for!(Args),
        required: &["date"],
    },
    run,
    outage: Outage {
        unavailable: [
            "I can't reach the schedule right now, so nothing is held for you. I can try again in a moment.",
            "En este momento no puedo ver la agenda, así que no le aparté nada. Puedo intentarlo otra vez en un momento.",
        ],
        late: [
            "I can't reach the schedule right now, so nothing is held for you. I can try again in a moment.",
            "En este momento no puedo ver la agenda, así que no le aparté nada. Puedo intentarlo otra vez en un momento.",
        ],
        failed: [
            "That did not go through just now, so please don't count on that time yet. Let me try again.",
            "Eso no pasó, así que todavía no cuente con esa hora. Déjeme intentarlo otra vez.",
        ],
    },
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments));
        let (date, time) = (args.date.as_deref(), args.time.as_deref());
        let refers = meaning::await_offer(context, date, time).await;
        let work = async |tx: &OrgTx, _| hold(context, tx, args).await;
        asked.once(refers, work).await
    })
}

const QUERY: Sql = sql!("hold_slot", [UUID, TEXT, DATE, TIME, INT4, INT4, UUID]);

/// How long a time is held, in minutes: as long as it takes to ask somebody in the next room.
const MINUTES: i32 = 5;

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// The day, or the exact text of an offered option.
    date: Option<String>,
    /// The hour, if the date does not carry it.
    time: Option<String>,
    /// What the appointment is for, in the caller's words or by the name of a service: `drain cleaning`.
    service: Option<String>,
    /// How long the appointment should be, in minutes, if the caller says; else as long as the service takes.
    duration_minutes: Option<u32>,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            date: given.when(&["date", "day"]),
            time: given.when(&["time"]),
            service: given.text(&["service", "service_type", "appointment_type"]),
            duration_minutes: given.minutes(&["duration_minutes", "duration", "minutes"]),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The time is held.
    Held(NaiveDate, NaiveTime),
    /// The call has no id by which a hold could be given back.
    NoCall,
    /// Nothing is held yet.
    Pending(Pending),
}

/// Holds the time, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Missing`] with an impossible length; [`Failure::Stopped`] when the database fails, and nothing is held.
pub async fn hold(context: &Context, transaction: &OrgTx, args: Args) -> Result<Outcome, Failure> {
    let said = Said {
        service: args.service.as_deref(),
        minutes: args.duration_minutes,
        ..Said::default()
    };
    let requirements = match service::understand(context, said)? {
        Ok(requirements) => requirements,
        Err(which) => return Ok(Outcome::Pending(Pending::Which(which))),
    };
    let calendar = Calendar {
        context,
        transaction: Some(transaction),
        requirements: &requirements,
    };
    let (date, time) = (args.date.as_deref(), args.time.as_deref());
    let understood = calendar.understand(date, time).await?;
    let exact = match calendar.exact(understood).await? {
        Ok((_, exact)) => exact,
        Err(pending) => return Ok(Outcome::Pending(pending)),
    };
    let (date, time) = (exact.date(), exact.time());
    let Some(call_id) = &context.call.vapi_call_id else {
        return Ok(Outcome::NoCall);
    };
    let params: Params<'_> = &[
        &context.organization.id,
        call_id,
        &date,
        &time,
        &requirements.minutes,
        &MINUTES,
        &requirements.service,
    ];
    let rows = transaction.query(&QUERY, params).await?;
    let first = QUERY.first(&rows)?;
    let outcome: &str = QUERY.get(first, "outcome")?;
    if outcome == "held" {
        return Ok(Outcome::Held(date, time));
    }
    let offer = Offer::from_rows(&QUERY, date, &rows)?;
    let refused = Pending::refused(context, transaction, (date, time), offer).await?;
    Ok(Outcome::Pending(refused))
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        let minutes = speech::number(MINUTES.unsigned_abs(), language);
        Speech::new(match self {
            Self::Pending(pending) => pending.say(voice),
            Self::Held(date, time) => {
                let moment = speech::moment(*date, *time, voice);
                say!(
                    language,
                    "I am holding {moment} for you for {minutes} minutes. Shall I book it?",
                    "Le aparto {moment} por {minutes} minutos. ¿La agendo?"
                )
            }
            Self::NoCall => language
                .pick(
                    "I cannot hold a time on this line. Shall I book it?",
                    "En esta línea no puedo apartar una hora. ¿La agendo?",
                )
                .to_owned(),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Held(..) => "held",
            Self::NoCall => "no_call",
            Self::Pending(pending) => pending.label(),
        }
    }

    fn reason(&self) -> Why {
        match self {
            Self::Held(date, time) => Why::about(self.label(), slot::token(*date, *time)),
            Self::NoCall => Why::new(self.label()),
            Self::Pending(pending) => pending.reason(),
        }
    }

    /// What was held may have been given back: asked again, it is held again.
    fn succeeded(&self) -> bool {
        false
    }

    fn names_hours(&self) -> bool {
        match self {
            Self::Held(..) => true,
            Self::NoCall => false,
            Self::Pending(pending) => pending.names_hours(),
        }
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Held(date, time) => Some(Note {
                options: vec![slot::token(*date, *time)],
            }),
            Self::NoCall | Self::Pending(Pending::Which(_)) => None,
            Self::Pending(pending) => Some(pending.note()),
        }
    }

    fn names_zone(&self) -> bool {
        matches!(self, Self::Pending(pending) if pending.names_zone())
    }

    fn offers(&self) -> bool {
        match self {
            Self::Pending(pending) => pending.offers(),
            Self::Held(..) | Self::NoCall => true,
        }
    }
}
