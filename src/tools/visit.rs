//! Which visits a caller may hear of, move or call off.
//!
//! Authority comes from the number that the network signals: visits under it, and those made in this very call. For anybody
//! else, the name and the address of the visit must both match. What is not found and what is somebody else's sound the
//! same.

use chrono::{NaiveDate, NaiveTime};
use schemars::JsonSchema;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    arguments::Arguments,
    context::{Context, Note},
    when::Question,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{
        choice::{self, Choice, Picked, Reference},
        language::Language,
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

/// How many visits are spoken in one breath.
const MAX_SPOKEN: usize = 3;

/// A visit that is to come, or was to come and is called off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
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
}

/// What a caller says to prove that a visit is theirs, where the number does not.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct Proof {
    /// The name that the visit is under; needed where the caller's number is not that of the visit.
    pub customer_name: Option<String>,
    /// The address of the visit; needed together with the name.
    pub service_address: Option<String>,
}

impl Proof {
    /// Reads what a model gave.
    #[must_use]
    pub fn read(given: Arguments<'_>) -> Self {
        Self {
            customer_name: given.name(&["customer_name", "name"]),
            service_address: given.text(&["service_address", "address"]),
        }
    }
}

/// Why no visit can be spoken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing is under this number: the name and the address must be said.
    Unproven,
    /// Nothing is under that name at that address, or nothing that is to come.
    NotFound,
    /// Nothing is at the time that was named; these are.
    NoneThen(Vec<Visit>),
    /// There are several.
    Which(Vec<Visit>),
    /// It is called off already.
    CalledOff(Visit),
    /// The words that name the visit must be asked about.
    Ask(Question),
}

/// The caller's visits that are to come, the next first.
///
/// # Errors
///
/// When the database fails. Within, [`Unknown::Unproven`] or [`Unknown::NotFound`].
pub async fn of_caller(
    context: &Context,
    transaction: &OrgTx,
    proof: &Proof,
) -> Result<Result<Vec<Visit>, Unknown>> {
    let organization_id = context.organization.id;
    let number = context.call.caller.as_ref().map(Phone::as_str);
    let params: Params<'_> = &[&organization_id, &number, &context.call.vapi_call_id];
    let mut visits = Vec::new();
    for row in &transaction.query(&BY_NUMBER, params).await? {
        visits.push(Visit::read(&BY_NUMBER, row)?);
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
            let visit = Visit::read(&BY_NAME, row)?;
            if visits.iter().all(|known| known.id != visit.id) {
                visits.push(visit);
            }
        }
        visits.sort_by_key(|visit| (visit.date, visit.start, visit.id));
    }
    Ok(match (visits.is_empty(), said) {
        (false, _) => Ok(visits),
        (true, Some(_)) => Err(Unknown::NotFound),
        (true, None) => Err(Unknown::Unproven),
    })
}

/// The visits that the caller means: the only one, those that they refer to ("the first one", "both"), or those at the time that they
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
) -> Result<Result<Vec<Visit>, Unknown>> {
    let visits = match of_caller(context, transaction, proof).await? {
        Ok(visits) => visits,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let live: Vec<Visit> = visits
        .iter()
        .filter(|visit| visit.is_live)
        .cloned()
        .collect();
    let named = named.filter(|named| !is_generic(named));
    if let Some(reference) = named.and_then(refers) {
        let places: Vec<usize> = (0..live.len()).collect();
        let at = |place: usize| live.get(place).cloned();
        // Any time may be booked, but not any visit called off.
        if reference.choice == Choice::Any && live.len() > 1 {
            return Ok(Err(Unknown::Which(live)));
        }
        return Ok(match reference.pick(&places) {
            Picked::One(place) => Ok(at(place).into_iter().collect()),
            Picked::All(places) => Ok(places.into_iter().filter_map(at).collect()),
            Picked::Several(_) if live.is_empty() => Err(visits
                .into_iter()
                .next()
                .map_or(Unknown::NotFound, Unknown::CalledOff)),
            Picked::Several(_) => Err(Unknown::Which(live)),
        });
    }
    // Nothing is changed on a question: "is it Monday?"
    if named.is_some_and(choice::is_question) && !live.is_empty() {
        return Ok(Err(Unknown::Which(live)));
    }
    let fitting = match named {
        Some(named) => match at(context, &visits, named) {
            Ok(fitting) => fitting,
            // Words that name no time do not say which: "the one for my mother".
            Err(Question::Unclear(Unclear::Day | Unclear::Time)) if !live.is_empty() => {
                return Ok(Err(Unknown::Which(live)));
            }
            Err(question) => return Ok(Err(Unknown::Ask(question))),
        },
        None => visits,
    };
    let (standing, off): (Vec<Visit>, Vec<Visit>) =
        fitting.into_iter().partition(|visit| visit.is_live);
    Ok(match (standing.as_slice(), off.into_iter().next()) {
        ([_], _) => Ok(standing),
        ([], Some(visit)) => Err(Unknown::CalledOff(visit)),
        ([], None) if live.is_empty() => Err(Unknown::NotFound),
        ([], None) => Err(Unknown::NoneThen(live)),
        _ => Err(Unknown::Which(standing)),
    })
}

/// The reference in words that name a visit; "las dos" are two of them here, and no hour.
fn refers(named: &str) -> Option<Reference> {
    let folded = named.trim().to_lowercase();
    let folded = folded
        .trim_end_matches(" citas")
        .trim_end_matches(" visitas");
    match folded {
        "las dos" | "los dos" | "the two" | "the two of them" => choice::read("both"),
        "next"
        | "the next one"
        | "my next appointment"
        | "la próxima"
        | "mi próxima cita"
        | "la que sigue"
        | "la más próxima"
        | "la mas proxima"
        | "la proxima" => choice::read("the first one"),
        _ => choice::read(named).filter(|reference| reference.rest.is_empty()),
    }
}

/// Whether words name a visit without saying which: "my appointment", "mi cita".
fn is_generic(named: &str) -> bool {
    named
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| {
            matches!(
                word.to_lowercase().as_str(),
                "my" | "the"
                    | "an"
                    | "a"
                    | "our"
                    | "appointment"
                    | "visit"
                    | "booking"
                    | "reservation"
                    | "service"
                    | "upcoming"
                    | "scheduled"
                    | "existing"
                    | "current"
                    | "it"
                    | "mi"
                    | "la"
                    | "el"
                    | "mía"
                    | "nuestra"
                    | "cita"
                    | "visita"
                    | "reservación"
                    | "reserva"
                    | "servicio"
                    | "that"
                    | "this"
                    | "esa"
                    | "esta"
            )
        })
}

/// Whether words speak of a visit that there is: "later than my Monday appointment".
#[must_use]
pub fn is_named(said: &str) -> bool {
    let said = said.to_lowercase();
    ["appointment", "visit", "cita"]
        .iter()
        .any(|word| said.contains(word))
}

/// The visits at a time that is named: by the text of an option, or as callers say it.
fn at(context: &Context, visits: &[Visit], named: &str) -> Result<Vec<Visit>, Question> {
    let now = context.now.with_timezone(&context.organization.zone);
    let reading = when::understand(Some(named), None, now).map_err(Question::Unclear)?;
    let fits = |days: Option<Days>| -> Vec<Visit> {
        visits
            .iter()
            .filter(|visit| days.is_none_or(|days| days.contains(visit.date)))
            .filter(|visit| reading.time.is_none_or(|time| time.contains(visit.start)))
            .cloned()
            .collect()
    };
    let fitting = fits(reading.days);
    let in_a_week = Days::On(context.today() + chrono::Days::new(7));
    if fitting.is_empty() && reading.days == Some(in_a_week) {
        // "Tuesday", said on a Tuesday of a visit that there is, may be today's.
        return Ok(fits(Some(Days::On(context.today()))));
    }
    Ok(fitting)
}

impl Visit {
    fn read(statement: &Sql, row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id").map_err(statement.shape())?,
            date: row.try_get("scheduled_date").map_err(statement.shape())?,
            start: row.try_get("scheduled_time").map_err(statement.shape())?,
            minutes: row.try_get("duration_minutes").map_err(statement.shape())?,
            is_live: row.try_get("is_live").map_err(statement.shape())?,
        })
    }

    /// The day and the hour: "tomorrow at nine", "Tuesday, December first, at nine".
    #[must_use]
    pub fn spoken(&self, voice: Voice) -> String {
        speech::moment(self.date, self.start, voice)
    }

    /// The visit itself: "your visit on Tuesday, December first, at nine", "su visita de mañana a las nueve".
    #[must_use]
    pub fn named(&self, voice: Voice) -> String {
        match voice.language {
            Language::English => format!(
                "your visit {}",
                speech::on_moment(self.date, self.start, voice)
            ),
            Language::Spanish => format!("su visita {}", speech::of(&self.spoken(voice))),
        }
    }
}

/// The first few visits: "Tuesday, December first, at nine; Thursday, ...".
#[must_use]
pub fn spoken_visits(visits: &[Visit], voice: Voice) -> String {
    let spoken: Vec<String> = visits
        .iter()
        .take(MAX_SPOKEN)
        .map(|visit| visit.spoken(voice))
        .collect();
    spoken.join("; ")
}

/// The texts by which the visits are named, in the order in which they are spoken.
#[must_use]
pub fn visits_note(visits: &[Visit]) -> Note {
    Note {
        options: visits
            .iter()
            .take(MAX_SPOKEN)
            .map(|visit| slot::token(visit.date, visit.start))
            .collect(),
    }
}

impl Unknown {
    /// What the caller is asked or told.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        let language = voice.language;
        match (language, self) {
            (_, Self::Ask(question)) => question.say(voice),
            (Language::English, Self::Unproven) => {
                "I see no visit under the number you are calling from. What name is it under, and at which address?".to_owned()
            }
            (Language::English, Self::NotFound) => {
                "I could not find such a visit. I can take a message for the office, or book a new visit.".to_owned()
            }
            (Language::English, Self::NoneThen(visits)) => {
                format!("I see no visit at that time. {}", which(visits, voice))
            }
            (_, Self::Which(visits)) => which(visits, voice),
            (Language::English, Self::CalledOff(visit)) => {
                format!("{} is already cancelled.", speech::capitalized(&visit.named(voice)))
            }
            (Language::Spanish, Self::Unproven) => {
                "No veo ninguna visita con el número del que llama. ¿A nombre de quién está, y en qué dirección?".to_owned()
            }
            (Language::Spanish, Self::NotFound) => {
                "No encontré esa visita. Puedo dejar un recado para la oficina, o agendar una visita nueva.".to_owned()
            }
            (Language::Spanish, Self::NoneThen(visits)) => {
                format!("No veo ninguna visita a esa hora. {}", which(visits, voice))
            }
            (Language::Spanish, Self::CalledOff(visit)) => {
                format!("{} ya está cancelada.", speech::capitalized(&visit.named(voice)))
            }
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::NotFound => "not_found",
            Self::NoneThen(_) => "none_then",
            Self::Which(_) => "asked_which_visit",
            Self::CalledOff(_) => "already_cancelled",
            Self::Ask(question) => question.label(),
        }
    }

    /// The visits that the caller may choose from.
    #[must_use]
    pub fn note(&self) -> Option<Note> {
        match self {
            Self::NoneThen(visits) | Self::Which(visits) => Some(visits_note(visits)),
            Self::CalledOff(_) => Some(Note::default()),
            Self::Ask(question) => Some(question.note()),
            Self::Unproven | Self::NotFound => None,
        }
    }
}

/// The question which of these visits is meant; of a single one, whether it is.
fn which(visits: &[Visit], voice: Voice) -> String {
    let list = spoken_visits(visits, voice);
    let count = u32::try_from(visits.len()).unwrap_or(u32::MAX);
    let number = speech::number(count, voice.language);
    match (voice.language, visits) {
        (Language::English, [visit]) => format!("Do you mean {}?", visit.named(voice)),
        (Language::English, _) => {
            format!("You have {number} visits: {list}. Which one do you mean?")
        }
        (Language::Spanish, [visit]) => format!("¿Se refiere a {}?", visit.named(voice)),
        (Language::Spanish, _) => format!("Tiene {number} visitas: {list}. ¿A cuál se refiere?"),
    }
}
