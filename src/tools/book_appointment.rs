//! `book_appointment`: books an appointment, or says why not and what is free instead.
//!
//! Writes, once a tool call. Whether the slot is available is decided by `private.book_appointment()`, which asks the
//! function that the check asks and inserts under the organization's lock; the table itself refuses any overlap.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    arguments::{Arguments, MissingArgument},
    calendar::Calendar,
    confirmation::{Appointment, Detail, spoken},
    context::{Context, Failure, Note, Outcome as Spoken},
    meaning,
    offer::{Offer, meant},
    pending::Pending,
    service::{self, Requirements, Said, ServiceArgs},
    tool::{Asked, Definition, Mode, Outage, Running, Tool},
};
use crate::{
    calls::journal::{Effect, Reason as Why},
    db::{OrgTx, Params, Priority, Sql},
    domain::{
        self,
        language::Language,
        phone::Phone,
        slot,
        speech::{Speech, Voice},
    },
    sql,
};

pub mod at_once;
mod details;

/// The tool.
pub const TOOL: Tool = Tool {
    name: "book_appointment",
    mode: Mode::Writes,
    priority: Priority::Usual,
    runs_when_suspended: false,
    definition: Definition {
        description: "Books a visit. Call it only when the caller has agreed to a day and a time and you know \
            their name; pass the exact text of the option that they chose, or their words for it: the \
            first one. The answer says whether the visit is booked: tell the caller nothing else. If \
            the time is taken or vague, the answer names the times that are free. Call it again for \
            the same time to add an address, an e-mail address or what is to be done.",
        start: ["Let me book that for you.", "Se la agendo."],
        parameters: || schemars::schema_for!(Args),
        required: &["customer_name", "date"],
    },
    run,
    outage: Outage {
        unavailable: [
            "I can't reach the schedule right now, so nothing is booked yet. I can try again in a moment, or take your number so that someone calls you.",
            "En este momento no puedo ver la agenda, así que todavía no hay nada agendado. Puedo intentarlo otra vez en un momento o tomar su número para que le llamen.",
        ],
        late: [
            "The schedule is slow to answer, so I can't say yet whether that is booked. Give me a moment and let me check again.",
            "La agenda tarda en responder, así que todavía no sé si quedó agendado. Deme un momento y lo reviso otra vez.",
        ],
        failed: [
            "That did not go through just now, so I can't say yet whether it is booked. Let me check again.",
            "Eso no pasó, así que todavía no sé si quedó agendado. Déjeme revisarlo otra vez.",
        ],
    },
    fallback: None,
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments));
        let (date, time) = (args.date.as_deref(), args.time.as_deref());
        let refers = meaning::await_offer(context, date, time).await;
        if !refers && let Some(answer) = at_once::book(context, asked.request, &args).await? {
            return Ok(answer);
        }
        let work = async |tx: &OrgTx, language| book(context, tx, args, language).await;
        asked.once(refers, work).await
    })
}

/// Books, or says why not and what is free instead.
pub const QUERY: Sql = sql!(
    "book_appointment",
    [
        UUID, TEXT, TEXT, TEXT, DATE, TIME, INT4, TEXT, TEXT, TEXT, TEXT, UUID, TEXT
    ]
);

/// How many words of a caller's own name the service in a confirmation; more are a description.
const MAX_SERVICE_WORDS: usize = 4;

/// What the model gives.
#[derive(Debug, JsonSchema)]
pub struct Args {
    /// Who the appointment is for.
    pub(super) customer_name: Option<String>,
    /// Where to reach them; the caller's own number if left out.
    pub(super) customer_phone: Option<String>,
    /// The day, or the exact token of an offered option.
    pub(super) date: Option<String>,
    /// The hour, unless the date carries it.
    pub(super) time: Option<String>,
    #[schemars(flatten)]
    pub(super) work: ServiceArgs,
    /// What is to be done.
    pub(super) service_description: Option<String>,
    /// Their e-mail address, if they give one.
    pub(super) customer_email: Option<String>,
    /// How long the appointment should be, in minutes, if the caller says; else as long as the service takes.
    pub(super) duration_minutes: Option<u32>,
}

impl Args {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            customer_name: given.name(&["customer_name", "name"]),
            customer_phone: given.text(&["customer_phone", "phone"]),
            date: given.when(&["date", "day"]),
            time: given.when(&["time"]),
            work: ServiceArgs::read(given),
            service_description: given.text(&["service_description", "description"]),
            customer_email: given.text(&["customer_email", "email"]),
            duration_minutes: given.minutes(&["duration_minutes", "duration", "minutes"]),
        }
    }

    /// What the appointment is for.
    pub(super) fn said(&self) -> Said<'_> {
        self.work.said(self.duration_minutes)
    }
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The appointment is in the calendar, confirmed or requested.
    Booked(Appointment),
    /// It was put there earlier in this call; what was said since has been added.
    AlreadyBooked(Appointment, Vec<Detail>),
    /// Nothing is booked yet.
    Pending(Pending),
}

/// Books, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Missing`] when something is missing; [`Failure::Stopped`] when the database fails, and nothing is booked.
pub async fn book(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
    language: Language,
) -> Result<Outcome, Failure> {
    let requirements = match service::understand(context, args.said())? {
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
    let (wanted, exact) = match calendar.exact(understood).await? {
        Ok(exact) => exact,
        Err(pending) => return Ok(Outcome::Pending(pending)),
    };
    let name = args.customer_name.as_deref().ok_or(MissingArgument::Name)?;
    let phone = phone(context, args.customer_phone.as_deref())?;
    let (date, start) = meant(context, transaction, wanted.instant, exact, &requirements).await?;
    let params: Params<'_> = &[
        &context.organization.id,
        &context.call.vapi_call_id,
        &name,
        &phone.as_str(),
        &date,
        &start,
        &requirements.minutes,
        &requirements.kind.as_deref().unwrap_or("service visit"),
        &requirements.address,
        &args.service_description,
        &language.code(),
        &requirements.service,
        &requirements.postal_code,
    ];
    let rows = transaction.query(&QUERY, params).await?;
    let mut outcome = outcome(context, (date, start), &rows)?;
    if let Outcome::Booked(appointment) | Outcome::AlreadyBooked(appointment, _) = &mut outcome {
        appointment.names_zone = wanted.names_zone;
    }
    match outcome {
        Outcome::Booked(mut appointment) => {
            appointment.service = spoken_service(&requirements, language);
            appointment.address = args.work.service_address.as_deref().map(spoken);
            if args.customer_email.is_some() {
                let id = appointment.appointment_id;
                details::complete(context, transaction, id, &args, &requirements).await?;
            }
            Ok(Outcome::Booked(appointment))
        }
        // What is said of somebody else is not theirs.
        Outcome::AlreadyBooked(appointment, _)
            if domain::name::may_be_same(name, &appointment.name) =>
        {
            let said = (&requirements, language);
            details::add(context, transaction, appointment, &args, said).await
        }
        Outcome::Pending(Pending::Refused { wanted, offer }) => Ok(Outcome::Pending(
            Pending::refused(context, transaction, wanted, offer).await?,
        )),
        outcome => Ok(outcome),
    }
}

/// What the database made of it.
pub(super) fn outcome(
    context: &Context,
    (date, start): (NaiveDate, NaiveTime),
    rows: &[Row],
) -> Result<Outcome, Failure> {
    let first = QUERY.first(rows)?;
    let outcome: &str = QUERY.get(first, "outcome")?;
    if outcome == "no_postal_code" {
        return Err(MissingArgument::PostalCode.into());
    }
    if !matches!(outcome, "booked" | "already_booked") {
        return Ok(Outcome::Pending(Pending::Refused {
            wanted: (date, start),
            offer: Offer::from_rows(&QUERY, date, rows)?,
        }));
    }
    // The name of the row: an earlier appointment of this call may be under another than the one given now.
    let booked_name: &str = QUERY.get(first, "booked_name")?;
    let appointment = Appointment {
        appointment_id: QUERY.get(first, "appointment_id")?,
        name: spoken(booked_name),
        service: None,
        address: None,
        date,
        start,
        occurrence: domain::when::occurrence(date.and_time(start), context.organization.zone),
        names_zone: false,
        is_unconfirmed: QUERY.get(first, "is_unconfirmed")?,
    };
    Ok(match outcome {
        "booked" => Outcome::Booked(appointment),
        _ => Outcome::AlreadyBooked(appointment, Vec::new()),
    })
}

/// The number that was given, else the one that is calling.
pub(super) fn phone(context: &Context, given: Option<&str>) -> Result<Phone, MissingArgument> {
    let caller = || context.call.caller.clone();
    match given.map(Phone::parse) {
        Some(Ok(phone)) => Ok(phone),
        None => caller().ok_or(MissingArgument::Phone),
        // The appointment is not refused for it: whoever calls can be reached where they call from.
        Some(Err(problem)) => caller().ok_or(MissingArgument::phone(problem)),
    }
}

/// The service as a confirmation names it; a caller's own words are a description where they are many.
pub(super) fn spoken_service(requirements: &Requirements, language: Language) -> Option<String> {
    let name = requirements.service_name(language)?;
    let is_short = name.split_whitespace().count() <= MAX_SERVICE_WORDS;
    (requirements.service.is_some() || is_short).then_some(name)
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        Speech::new(match self {
            Self::Pending(pending) => pending.say(voice),
            Self::Booked(appointment) => appointment.say(voice),
            Self::AlreadyBooked(appointment, added) => appointment.say_again(added, voice),
        })
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Pending(pending) => pending.label(),
            Self::Booked(appointment) if appointment.is_unconfirmed => "requested",
            Self::Booked(_) => "booked",
            Self::AlreadyBooked(appointment, _) if appointment.is_unconfirmed => {
                "already_requested"
            }
            Self::AlreadyBooked(..) => "already_booked",
        }
    }

    fn succeeded(&self) -> bool {
        self.appointment().is_some()
    }

    fn names_hours(&self) -> bool {
        match self {
            Self::Pending(pending) => pending.names_hours(),
            Self::Booked(_) | Self::AlreadyBooked(..) => true,
        }
    }

    fn names_zone(&self) -> bool {
        match self {
            Self::Pending(pending) => pending.names_zone(),
            Self::Booked(appointment) | Self::AlreadyBooked(appointment, _) => {
                appointment.names_zone
            }
        }
    }

    fn note(&self) -> Option<Note> {
        Some(match self {
            Self::Pending(pending) => pending.note(),
            Self::Booked(_) | Self::AlreadyBooked(..) => Note::default(),
        })
    }

    fn offers(&self) -> bool {
        matches!(self, Self::Pending(pending) if pending.offers())
    }

    fn reason(&self) -> Why {
        match self {
            Self::Pending(pending) => pending.reason(),
            Self::Booked(appointment) | Self::AlreadyBooked(appointment, _) => Why::about(
                self.label(),
                slot::token(appointment.date, appointment.start),
            ),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        self.effect().map(Effect::Appointment).into_iter().collect()
    }

    fn effect(&self) -> Option<Uuid> {
        self.appointment()
            .map(|appointment| appointment.appointment_id)
    }
}

impl Outcome {
    /// The appointment that is booked.
    fn appointment(&self) -> Option<&Appointment> {
        match self {
            Self::Booked(appointment) | Self::AlreadyBooked(appointment, _) => Some(appointment),
            Self::Pending(_) => None,
        }
    }
}
