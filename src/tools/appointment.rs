//! Which appointments a caller may hear of, move or call off.
//!
//! Authority comes from the number that the network signals: appointments under it, and those made in this very call. For anybody
//! else, the name and the address of the appointment must both match. What is not found and what is somebody else's sound the
//! same.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    arguments::Arguments,
    confirmation,
    context::{Context, Note},
    named::{is_generic, refers},
    when::Question,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{
        choice::{self, Choice, Picked},
        language::{Language, say},
        phone::Phone,
        slot,
        speech::{self, Voice},
        when::{self, Days, Unclear},
    },
    error::Result,
    sql,
};

const BY_NUMBER: Sql = sql!("find_appointments", [UUID, TEXT, TEXT]);
const BY_NAME: Sql = sql!("find_appointments_by_name", [UUID, TEXT, TEXT]);
const ASKED_ABOUT: Sql = sql!("asked_about", [UUID, TEXT]);

/// How many appointments are spoken in one breath.
const MAX_SPOKEN: usize = 3;

/// An appointment that is to come, or was to come and is called off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The appointment's id.
    pub id: Uuid,
    /// The day, in the organization's zone.
    pub date: NaiveDate,
    /// The hour at which it starts.
    pub start: NaiveTime,
    /// How long it is to last, in minutes.
    pub minutes: i32,
    /// Whether it still stands.
    pub is_live: bool,
    /// Whether the office has yet to confirm it, because it was not known what linked calendars say.
    pub is_unconfirmed: bool,
}

/// What a caller says to prove that an appointment is theirs, where the number does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
pub struct Proof {
    /// The name that the appointment is under; needed where the caller's number is not that of the appointment.
    pub customer_name: Option<String>,
    /// The address of the appointment; needed together with the name.
    pub service_address: Option<String>,
}

impl Proof {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            customer_name: given.name(&["customer_name", "name"]),
            service_address: given.address(&["service_address", "address"]),
        }
    }
}

/// Why no appointment can be spoken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing is under this number: the name and the address must be said, and this is at most one of them.
    Unproven(Proof),
    /// Nothing is under that name at that address, or nothing that is to come.
    NotFound,
    /// Nothing is at the time that was named; these are.
    NoneThen(Vec<Appointment>),
    /// There are several.
    Which(Vec<Appointment>),
    /// It is called off already.
    CalledOff(Appointment),
    /// The words that name the appointment must be asked about.
    Ask(Question),
}

/// The caller's appointments that are to come, the next first.
///
/// # Errors
///
/// When the database fails. Within, [`Unknown::Unproven`] or [`Unknown::NotFound`].
pub async fn of_caller(
    context: &Context,
    transaction: &OrgTx,
    proof: &Proof,
) -> Result<Result<Vec<Appointment>, Unknown>> {
    let organization_id = context.organization.id;
    let number = context.call.caller.as_ref().map(Phone::as_str);
    let params: Params<'_> = &[&organization_id, &number, &context.call.vapi_call_id];
    let mut appointments = Vec::new();
    for row in &transaction.query(&BY_NUMBER, params).await? {
        appointments.push(Appointment::read(&BY_NUMBER, row)?);
    }
    let said = proof
        .customer_name
        .as_deref()
        .zip(proof.service_address.as_deref());
    if let Some((name, address)) = &said {
        for row in &transaction
            .query(&BY_NAME, &[&organization_id, name, address])
            .await?
        {
            let appointment = Appointment::read(&BY_NAME, row)?;
            if appointments.iter().all(|known| known.id != appointment.id) {
                appointments.push(appointment);
            }
        }
        appointments
            .sort_by_key(|appointment| (appointment.date, appointment.start, appointment.id));
    }
    Ok(match (appointments.is_empty(), said) {
        (false, _) => Ok(appointments),
        (true, Some(_)) => Err(Unknown::NotFound),
        (true, None) => Err(Unknown::Unproven(proof.clone())),
    })
}

/// The appointments that the caller means: the only one, those that they refer to ("the first one", "both"), or those at the time that they
/// name. Several only where all of several are meant.
///
/// # Errors
///
/// When the database fails. Within, an [`Unknown`] that says what to ask.
pub async fn meant(
    context: &Context,
    transaction: &OrgTx,
    proof: &Proof,
    named: Option<&str>,
) -> Result<Result<Vec<Appointment>, Unknown>> {
    let appointments = match of_caller(context, transaction, proof).await? {
        Ok(appointments) => appointments,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let live: Vec<Appointment> = appointments
        .iter()
        .filter(|appointment| appointment.is_live)
        .cloned()
        .collect();
    let named = named.filter(|named| !is_generic(named));
    if let Some(reference) = named.and_then(refers) {
        let asked = asked_about(context, transaction, &live).await?;
        let among = if asked.len() > 1 { asked } else { live };
        let places: Vec<usize> = (0..among.len()).collect();
        let at = |place: usize| among.get(place).cloned();
        // Any time may be booked, but not any appointment called off.
        if reference.choice == Choice::Any && among.len() > 1 {
            return Ok(Err(Unknown::Which(among)));
        }
        return Ok(match reference.pick(&places) {
            Picked::One(place) => Ok(at(place).into_iter().collect()),
            Picked::All(places) => Ok(places.into_iter().filter_map(at).collect()),
            Picked::Several(_) if among.is_empty() => Err(none_left(appointments)),
            Picked::Several(_) => Err(Unknown::Which(among)),
        });
    }
    // Nothing is changed on a question: "is it Monday?"
    if named.is_some_and(choice::is_question) && !live.is_empty() {
        return Ok(Err(Unknown::Which(live)));
    }
    let fitting = match named {
        Some(named) => match at(context, &appointments, named) {
            Ok(fitting) => fitting,
            // Words that name no time do not say which: "the one for my mother".
            Err(Question::Unclear(Unclear::Day | Unclear::Time)) => {
                return Ok(Err(if live.is_empty() {
                    none_left(appointments)
                } else {
                    Unknown::Which(live)
                }));
            }
            Err(question) => return Ok(Err(Unknown::Ask(question))),
        },
        None => appointments,
    };
    let (standing, off): (Vec<Appointment>, Vec<Appointment>) = fitting
        .into_iter()
        .partition(|appointment| appointment.is_live);
    Ok(match (standing.as_slice(), off.into_iter().next()) {
        ([_], _) => Ok(standing),
        ([], Some(appointment)) => Err(Unknown::CalledOff(appointment)),
        ([], None) if live.is_empty() => Err(Unknown::NotFound),
        ([], None) => Err(Unknown::NoneThen(live)),
        _ => Err(Unknown::Which(standing)),
    })
}

/// Those of the caller's appointments that the last answer about moving or cancelling one named or asked about: "the later one" is the later
/// of these.
///
/// # Errors
///
/// When the database fails.
pub async fn asked_about(
    context: &Context,
    transaction: &OrgTx,
    live: &[Appointment],
) -> Result<Vec<Appointment>> {
    if live.len() < 2 {
        return Ok(Vec::new());
    }
    let params: Params<'_> = &[&context.organization.id, &context.call.vapi_call_id];
    let rows = transaction.query(&ASKED_ABOUT, params).await?;
    let ids: Vec<Uuid> = match rows.first() {
        Some(row) => ASKED_ABOUT.get(row, "visits")?,
        None => Vec::new(),
    };
    let live = live.iter();
    Ok(live.filter(|one| ids.contains(&one.id)).cloned().collect())
}

/// What is said of appointments none of which stands.
fn none_left(appointments: Vec<Appointment>) -> Unknown {
    let mut all = appointments.into_iter();
    all.next().map_or(Unknown::NotFound, Unknown::CalledOff)
}

/// The appointments at a time that is named: by the text of an option, or as callers say it.
fn at(
    context: &Context,
    appointments: &[Appointment],
    named: &str,
) -> Result<Vec<Appointment>, Question> {
    let now = context.now.with_timezone(&context.organization.zone);
    let reading = when::understand(Some(named), None, now).map_err(Question::Unclear)?;
    let fits = |days: Option<Days>| -> Vec<Appointment> {
        appointments
            .iter()
            .filter(|appointment| days.is_none_or(|days| days.contains(appointment.date)))
            .filter(|appointment| {
                reading
                    .time
                    .is_none_or(|time| time.contains(appointment.start))
            })
            .cloned()
            .collect()
    };
    let fitting = fits(reading.days);
    let in_a_week = Days::On(context.today() + chrono::Days::new(7));
    if fitting.is_empty() && reading.days == Some(in_a_week) {
        // "Tuesday", said on a Tuesday of an appointment that there is, may be today's.
        return Ok(fits(Some(Days::On(context.today()))));
    }
    Ok(fitting)
}

impl Appointment {
    fn read(statement: &Sql, row: &Row) -> Result<Self> {
        Ok(Self {
            id: statement.get(row, "id")?,
            date: statement.get(row, "scheduled_date")?,
            start: statement.get(row, "scheduled_time")?,
            minutes: statement.get(row, "duration_minutes")?,
            is_live: statement.get(row, "is_live")?,
            is_unconfirmed: statement.get(row, "is_unconfirmed")?,
        })
    }

    /// The day and the hour: "tomorrow at nine", "Tuesday, December first, at nine".
    #[must_use]
    pub fn spoken(&self, voice: Voice) -> String {
        speech::moment(self.date, self.start, voice)
    }

    /// The appointment itself: "your appointment on Tuesday, December first, at nine", "su visita de mañana a las nueve".
    #[must_use]
    pub fn named(&self, voice: Voice) -> String {
        let language = voice.language;
        let when = match language {
            Language::English => speech::on_moment(self.date, self.start, voice),
            Language::Spanish => speech::of(&self.spoken(voice)),
        };
        say!(language, "your visit {when}", "su visita {when}")
    }
}

/// The first few appointments: "Tuesday, December first, at nine; Thursday, ...", each with whether the office has yet to confirm it.
#[must_use]
pub fn spoken_with_state(appointments: &[Appointment], voice: Voice) -> String {
    let spoken: Vec<String> = appointments
        .iter()
        .take(MAX_SPOKEN)
        .map(|appointment| {
            let spoken = appointment.spoken(voice);
            if !appointment.is_unconfirmed {
                return spoken;
            }
            say!(
                voice.language,
                "{spoken}, not confirmed by the office yet",
                "{spoken}, aún sin confirmar por la oficina"
            )
        })
        .collect();
    spoken.join("; ")
}

/// The first few appointments: "Tuesday, December first, at nine; Thursday, ...".
#[must_use]
pub fn spoken_appointments(appointments: &[Appointment], voice: Voice) -> String {
    let spoken: Vec<String> = appointments
        .iter()
        .take(MAX_SPOKEN)
        .map(|appointment| appointment.spoken(voice))
        .collect();
    spoken.join("; ")
}

/// The texts by which the appointments are named, in the order in which they are spoken.
#[must_use]
pub fn appointments_note(appointments: &[Appointment]) -> Note {
    Note {
        options: appointments
            .iter()
            .take(MAX_SPOKEN)
            .map(|appointment| slot::token(appointment.date, appointment.start))
            .collect(),
    }
}

impl Unknown {
    /// What the caller is asked or told.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        let language = voice.language;
        match self {
            Self::Ask(question) => question.say(voice),
            Self::Which(appointments) => which(appointments, voice),
            Self::Unproven(given) => unproven(given, language),
            Self::NotFound => language
                .pick(
                    "I could not find such a visit. I can take a message for the office, or book a new visit.",
                    "No encontré esa visita. Puedo dejar un recado para la oficina, o agendar una visita nueva.",
                )
                .to_owned(),
            Self::NoneThen(appointments) => {
                let which = which(appointments, voice);
                say!(
                    language,
                    "I see no visit at that time. {which}",
                    "No veo ninguna visita a esa hora. {which}"
                )
            }
            Self::CalledOff(appointment) => {
                let named = speech::capitalized(&appointment.named(voice));
                say!(language, "{named} is already cancelled.", "{named} ya está cancelada.")
            }
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unproven(_) => "unproven",
            Self::NotFound => "not_found",
            Self::NoneThen(_) => "none_then",
            Self::Which(_) => "asked_which_visit",
            Self::CalledOff(_) => "already_cancelled",
            Self::Ask(question) => question.label(),
        }
    }

    /// The appointments that the answer names, for what is said of them next.
    #[must_use]
    pub fn visits(&self) -> Vec<Uuid> {
        match self {
            Self::NoneThen(appointments) | Self::Which(appointments) => {
                let spoken = appointments.iter().take(MAX_SPOKEN);
                spoken.map(|appointment| appointment.id).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The appointments that the caller may choose from.
    #[must_use]
    pub fn note(&self) -> Option<Note> {
        match self {
            Self::NoneThen(appointments) | Self::Which(appointments) => {
                Some(appointments_note(appointments))
            }
            Self::CalledOff(_) => Some(Note::default()),
            Self::Ask(question) => Some(question.note()),
            Self::Unproven(_) | Self::NotFound => None,
        }
    }
}

/// The question for what else says whose visit it is. What was given already is not asked for again.
fn unproven(given: &Proof, language: Language) -> String {
    match (&given.customer_name, &given.service_address) {
        (Some(name), _) => {
            let name = confirmation::spoken(name);
            say!(
                language,
                "I see no visit under {name} with the number you are calling from. What is the address of the visit?",
                "No veo ninguna visita a nombre de {name} con el número del que llama. ¿En qué dirección es la visita?"
            )
        }
        (None, Some(_)) => language
            .pick(
                "I see no visit at that address with the number you are calling from. What name is it under?",
                "No veo ninguna visita en esa dirección con el número del que llama. ¿A nombre de quién está?",
            )
            .to_owned(),
        (None, None) => language
            .pick(
                "I see no visit under the number you are calling from. What name is it under, and at which address?",
                "No veo ninguna visita con el número del que llama. ¿A nombre de quién está, y en qué dirección?",
            )
            .to_owned(),
    }
}

/// The question which of these appointments is meant; of a single one, whether it is.
fn which(appointments: &[Appointment], voice: Voice) -> String {
    let language = voice.language;
    if let [appointment] = appointments {
        let named = appointment.named(voice);
        return say!(language, "Do you mean {named}?", "¿Se refiere a {named}?");
    }
    let list = spoken_appointments(appointments, voice);
    let count = u32::try_from(appointments.len()).unwrap_or(u32::MAX);
    let number = speech::number(count, language);
    say!(
        language,
        "You have {number} visits: {list}. Which one do you mean?",
        "Tiene {number} visitas: {list}. ¿A cuál se refiere?"
    )
}
