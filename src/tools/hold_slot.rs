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
    found::Found,
    meaning,
    offer::{Offer, options_note, spoken_refusal},
    service::{self, Said, WhichService},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
    when::Question,
};
use crate::{
    calls::journal::Reason as Why,
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        language::Language,
        slot,
        speech::{self, Speech, Voice},
        when::TimeOfDay,
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
        let refers = args.await_offer(context).await;
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
            date: given.text(&["date", "day"]),
            time: given.text(&["time"]),
            service: given.text(&["service", "service_type", "appointment_type"]),
            duration_minutes: given.minutes(&["duration_minutes", "duration", "minutes"]),
        }
    }

    /// See [`meaning::await_offer`].
    pub async fn await_offer(&self, context: &Context) -> bool {
        meaning::await_offer(context, self.date.as_deref(), self.time.as_deref()).await
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The time is held.
    Held(NaiveDate, NaiveTime),
    /// The time is not exact: these are free.
    Offered(Found),
    /// It is not to be had.
    Refused {
        /// The day and hour that were wanted.
        wanted: (NaiveDate, NaiveTime),
        /// Why, and what is free instead.
        offer: Offer,
    },
    /// The call has no id by which a hold could be given back.
    NoCall,
    /// It must be known which service is meant.
    Which(WhichService),
    /// Something must be asked back first.
    Ask(Question),
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
        Err(which) => return Ok(Outcome::Which(which)),
    };
    let calendar = Calendar {
        context,
        transaction: Some(transaction),
        requirements: &requirements,
    };
    let (date, time) = (args.date.as_deref(), args.time.as_deref());
    let wanted = match calendar.understand(date, time).await? {
        Ok(wanted) => wanted,
        Err(question) => return Ok(Outcome::Ask(question)),
    };
    let Some(exact) = wanted.exact() else {
        return Ok(Outcome::Offered(calendar.find(wanted).await?));
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
    let first = rows
        .first()
        .ok_or_else(|| QUERY.shape()("no row came back"))?;
    let outcome: &str = first.try_get("outcome").map_err(QUERY.shape())?;
    Ok(match outcome {
        "held" => Outcome::Held(date, time),
        _ => Outcome::Refused {
            wanted: (date, time),
            offer: Offer::from_rows(&QUERY, date, &rows)?,
        },
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        let minutes = speech::number(MINUTES.unsigned_abs(), language);
        Speech::new(match (language, self) {
            (_, Self::Ask(question)) => question.say(voice),
            (_, Self::Offered(found)) => found.ask(voice),
            (_, Self::Which(which)) => which.say(language),
            (_, Self::Refused { wanted, offer }) => spoken_refusal(*wanted, offer, voice),
            (Language::English, Self::Held(date, time)) => format!(
                "I am holding {} for you for {minutes} minutes. Shall I book it?",
                speech::moment(*date, *time, voice)
            ),
            (Language::English, Self::NoCall) => {
                "I cannot hold a time on this line. Shall I book it?".to_owned()
            }
            (Language::Spanish, Self::Held(date, time)) => format!(
                "Le aparto {} por {minutes} minutos. ¿La agendo?",
                speech::moment(*date, *time, voice)
            ),
            (Language::Spanish, Self::NoCall) => {
                "En esta línea no puedo apartar una hora. ¿La agendo?".to_owned()
            }
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Held(..) => "held",
            Self::Offered(_) => "offered",
            Self::Refused { offer, .. } => offer.reason.label(),
            Self::NoCall => "no_call",
            Self::Ask(question) => question.label(),
            Self::Which(which) => which.label(),
        }
    }

    /// What was held may have been given back: asked again, it is held again.
    fn reason(&self) -> Why {
        match self {
            Self::Held(date, time) => Why::about(self.label(), slot::token(*date, *time)),
            Self::Offered(found) => Why::about("asked_hour", found.offer.date.to_string()),
            Self::Refused { wanted, offer } => offer.refused(*wanted),
            Self::Which(which) => which.reason(),
            Self::NoCall | Self::Ask(_) => Why::new(self.label()),
        }
    }

    fn succeeded(&self) -> bool {
        false
    }

    fn names_hours(&self) -> bool {
        matches!(
            self,
            Self::Held(..) | Self::Offered(_) | Self::Refused { .. }
        )
    }

    fn note(&self) -> Option<Note> {
        match self {
            Self::Held(date, time) => Some(Note {
                options: vec![slot::token(*date, *time)],
            }),
            Self::Refused { wanted, offer } => {
                Some(options_note(&offer.options(TimeOfDay::At(wanted.1))))
            }
            Self::Offered(found) => Some(found.note()),
            Self::NoCall | Self::Which(_) => None,
            Self::Ask(question) => Some(question.note()),
        }
    }

    fn names_zone(&self) -> bool {
        matches!(self, Self::Offered(found) if found.wanted.names_zone)
    }

    fn offers(&self) -> bool {
        match self {
            Self::Ask(question) => question.offers(),
            _ => true,
        }
    }
}
