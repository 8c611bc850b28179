//! Which visits a caller may hear of, move or call off.
//!
//! Authority comes from the number that the network signals: visits under it, and those made in this very call. For anybody
//! else, the name and the address of the visit must both match. What is not found and what is somebody else's sound the
//! same.

use chrono::{NaiveDate, NaiveTime};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    context::{Context, Note},
    when::Question,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{
        language::Language,
        phone::Phone,
        slot, speech,
        when::{self, Days},
    },
    error::Result,
    sql,
};

const BY_NUMBER: Sql = sql!("find_appointments", [UUID, TEXT, TEXT]);
const BY_NAME: Sql = sql!("find_appointments_by_name", [UUID, TEXT, TEXT]);

/// How many visits are spoken in one breath.
const MOST_SPOKEN: usize = 3;

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
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof<'a> {
    /// The name that the visit is under.
    pub name: Option<&'a str>,
    /// Where it is to take place.
    pub address: Option<&'a str>,
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
    proof: Proof<'_>,
) -> Result<Result<Vec<Visit>, Unknown>> {
    let organization_id = context.organization.id;
    let number = context.call.caller.as_ref().map(Phone::as_str);
    let params: Params<'_> = &[&organization_id, &number, &context.call.vapi_call_id];
    let mut visits = Vec::new();
    for row in &transaction.query(&BY_NUMBER, params).await? {
        visits.push(Visit::read(&BY_NUMBER, row)?);
    }
    let said = proof.name.zip(proof.address);
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

/// The one visit that the caller means: the only one, or the one at the time that they name.
///
/// # Errors
///
/// When the database fails. Within, an [`Unknown`] that says what to ask.
pub async fn meant(
    context: &Context,
    transaction: &OrgTx,
    proof: Proof<'_>,
    named: Option<&str>,
) -> Result<Result<Visit, Unknown>> {
    let visits = match of_caller(context, transaction, proof).await? {
        Ok(visits) => visits,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let fitting = match named {
        Some(named) => match at(context, &visits, named) {
            Ok(fitting) => fitting,
            Err(question) => return Ok(Err(Unknown::Ask(question))),
        },
        None => visits.clone(),
    };
    let live = |visits: Vec<Visit>| -> Vec<Visit> {
        visits.into_iter().filter(|visit| visit.is_live).collect()
    };
    let called_off = fitting.iter().find(|visit| !visit.is_live).cloned();
    Ok(match (live(fitting).as_slice(), called_off) {
        ([visit], _) => Ok(visit.clone()),
        ([], Some(visit)) => Err(Unknown::CalledOff(visit)),
        ([], None) => Err(match live(visits) {
            visits if visits.is_empty() => Unknown::NotFound,
            visits => Unknown::NoneThen(visits),
        }),
        (several, _) => Err(Unknown::Which(several.to_vec())),
    })
}

/// The visits at a time that is named: by the text of an option, or as callers say it.
fn at(context: &Context, visits: &[Visit], named: &str) -> Result<Vec<Visit>, Question> {
    let now = context.now.with_timezone(&context.organization.zone);
    let reading = when::understand(Some(named), None, now).map_err(Question)?;
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

    /// The day and the hour: "Tuesday, December first, at nine".
    #[must_use]
    pub fn spoken(&self, language: Language) -> String {
        spoken_moment(self.date, self.start, language)
    }
}

/// A day and an hour in a sentence: "Tuesday, December first, at nine", "martes primero de diciembre a las nueve".
#[must_use]
pub fn spoken_moment(date: NaiveDate, time: NaiveTime, language: Language) -> String {
    let day = speech::date(date, language);
    let hour = speech::at_time(time, language);
    match language {
        Language::English => format!("{day}, {hour}"),
        Language::Spanish => format!("{day} {hour}"),
    }
}

/// The first few visits: "Tuesday, December first, at nine; Thursday, ...".
#[must_use]
pub fn spoken_visits(visits: &[Visit], language: Language) -> String {
    let spoken: Vec<String> = visits
        .iter()
        .take(MOST_SPOKEN)
        .map(|visit| match language {
            Language::English => visit.spoken(language),
            Language::Spanish => format!("el {}", visit.spoken(language)),
        })
        .collect();
    spoken.join("; ")
}

/// The texts by which the visits are named, in the order in which they are spoken.
#[must_use]
pub fn visits_note(visits: &[Visit]) -> Note {
    Note {
        options: visits
            .iter()
            .take(MOST_SPOKEN)
            .map(|visit| slot::token(visit.date, visit.start))
            .collect(),
    }
}

impl Unknown {
    /// What the caller is asked or told.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match (language, self) {
            (_, Self::Ask(question)) => question.say(language),
            (Language::English, Self::Unproven) => {
                "I see no visit under the number you are calling from. What name is it under, and at which address?".to_owned()
            }
            (Language::English, Self::NotFound) => {
                "I could not find such a visit. I can take a message for the office, or book a new visit.".to_owned()
            }
            (Language::English, Self::NoneThen(visits)) => format!(
                "You have no visit then. I see {}. Which one do you mean?",
                spoken_visits(visits, language)
            ),
            (Language::English, Self::Which(visits)) => format!(
                "You have more than one visit: {}. Which one do you mean?",
                spoken_visits(visits, language)
            ),
            (Language::English, Self::CalledOff(visit)) => format!(
                "Your visit on {} is already cancelled.",
                visit.spoken(language)
            ),
            (Language::Spanish, Self::Unproven) => {
                "No veo ninguna visita con el número del que llama. ¿A nombre de quién está, y en qué dirección?".to_owned()
            }
            (Language::Spanish, Self::NotFound) => {
                "No encontré esa visita. Puedo dejar un recado para la oficina, o reservar una visita nueva.".to_owned()
            }
            (Language::Spanish, Self::NoneThen(visits)) => format!(
                "No tiene ninguna visita entonces. Veo {}. ¿Cuál quiere decir?",
                spoken_visits(visits, language)
            ),
            (Language::Spanish, Self::Which(visits)) => format!(
                "Tiene más de una visita: {}. ¿Cuál quiere decir?",
                spoken_visits(visits, language)
            ),
            (Language::Spanish, Self::CalledOff(visit)) => format!(
                "Su visita del {} ya está cancelada.",
                visit.spoken(language)
            ),
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
