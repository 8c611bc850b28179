//! `check_availability`: which appointments can this caller be offered?
//!
//! Reads only, in one round trip. The rules (hours, closures, buffers, lead time, horizon, capacity) live in
//! `get_available_time_slots()`, the same function that booking asks.

use schemars::JsonSchema;

use super::{
    arguments::Arguments,
    calendar::Calendar,
    context::{Context, Failure, Note, Outcome as Spoken},
    found::Found,
    offer::Reason,
    pending::Pending,
    service::{self, ServiceArgs},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::journal::Reason as Why,
    db::Priority,
    domain::speech::{Speech, Voice},
};

/// The tool.
pub const TOOL: Tool = Tool {
    name: "check_availability",
    mode: Mode::Reads,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Finds free times for a visit. Pass the day and the time in the caller's own words, in \
            any language: tomorrow morning, next Tuesday after three, el martes por la tarde. Never \
            work out a date yourself. Offer only times that the answer names.",
        start: ["Let me check the schedule.", "Déjeme ver la agenda."],
        parameters: || schemars::schema_for!(Args),
        required: &["date"],
    },
    run,
    outage: Outage::OF_THE_SCHEDULE,
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let args = Args::read(asked.arguments);
        // Its statement brings the language of the caller along.
        let outcome = check(asked.context, args).await?;
        asked.answer(&outcome).await
    })
}

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// The day: `2026-12-01`, `tomorrow`, `Tuesday`, `martes`.
    date: Option<String>,
    /// The hour or the part of the day, if the caller named one: `09:00`, `2 pm`, `morning`.
    time: Option<String>,
    #[schemars(flatten)]
    work: ServiceArgs,
    /// How long the appointment should be, in minutes, if the caller says; else as long as the service takes.
    duration_minutes: Option<u32>,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            date: given.when(&["date", "day"]),
            time: given.when(&["time", "part_of_day", "time_of_day"]),
            work: ServiceArgs::read(given),
            duration_minutes: given.minutes(&["duration_minutes", "duration", "minutes"]),
        }
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The calendar's answer.
    Calendar(Found),
    /// The calendar was not asked yet.
    Pending(Pending),
}

/// Answers from the calendar.
///
/// # Errors
///
/// [`Failure::Missing`] with an impossible length; [`Failure::Stopped`] when the database fails.
pub async fn check(context: &Context, args: Args) -> Result<Outcome, Failure> {
    let said = args.work.said(args.duration_minutes);
    let requirements = match service::understand(context, said)? {
        Ok(requirements) => requirements,
        Err(which) => return Ok(Outcome::Pending(Pending::Which(which))),
    };
    let calendar = Calendar {
        context,
        transaction: None,
        requirements: &requirements,
    };
    let (date, time) = (args.date.as_deref(), args.time.as_deref());
    Ok(match calendar.understand(date, time).await? {
        Ok(wanted) => Outcome::Calendar(calendar.find(wanted).await?),
        Err(question) => Outcome::Pending(Pending::Ask(question)),
    })
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        Speech::new(match self {
            Self::Pending(pending) => pending.say(voice),
            Self::Calendar(found) => found.say(voice),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Pending(pending) => pending.label(),
            Self::Calendar(found) => found.label(),
        }
    }

    fn reason(&self) -> Why {
        match self {
            Self::Pending(pending) => pending.reason(),
            Self::Calendar(found) => found.reason(),
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, Self::Calendar(found) if found.offer.reason == Reason::Open)
    }

    fn names_hours(&self) -> bool {
        matches!(self, Self::Calendar(_))
    }

    fn names_zone(&self) -> bool {
        matches!(self, Self::Calendar(found) if found.wanted.names_zone)
    }

    fn note(&self) -> Option<Note> {
        Some(match self {
            Self::Pending(pending) => pending.note(),
            Self::Calendar(found) => found.note(),
        })
    }

    fn offers(&self) -> bool {
        match self {
            Self::Pending(pending) => pending.offers(),
            Self::Calendar(_) => true,
        }
    }
}
