//! What a caller can be offered: free slots of a day, or why there are none and what comes next.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use tokio_postgres::Row;

use super::{
    context::{Context, Note},
    service::Requirements,
};
use crate::{
    calls::journal,
    db::{OrgTx, Params, Sql},
    domain::{
        language::Language,
        slot::{self, Slot},
        speech::{self, Voice},
        when::TimeOfDay,
    },
    error::Result,
    sql,
};

const IS_FREE: Sql = sql!("is_free", [UUID, DATE, TIME, INT4, UUID, TEXT, TEXT, TEXT]);

/// How many options a caller can keep in mind.
const MAX_OPTIONS: usize = 3;

/// Why a day, or an hour of it, is not to be had. The names are those that the database functions give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The day has free slots.
    Open,
    /// The day is over.
    Past,
    /// No opening hours then.
    Closed,
    /// Opening hours, but none as long as the appointment.
    TooLong,
    /// Nearer than the organization's lead time.
    TooSoon,
    /// Beyond the days that can be booked.
    TooFar,
    /// Everything is taken.
    Full,
    /// That hour is taken.
    Taken,
    /// Appointments do not start at that minute.
    OffGrid,
    /// The clocks skip that hour that day.
    NoSuchTime,
    /// The organization does not come to that postal code.
    OutOfArea,
    /// No crew of the organization can do that.
    NoCrew,
}

impl Reason {
    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "open" => Self::Open,
            "past" => Self::Past,
            "closed" => Self::Closed,
            "too_long" => Self::TooLong,
            "too_soon" => Self::TooSoon,
            "too_far" => Self::TooFar,
            "full" => Self::Full,
            "taken" => Self::Taken,
            "off_grid" => Self::OffGrid,
            "no_such_time" => Self::NoSuchTime,
            "out_of_area" => Self::OutOfArea,
            "no_crew" => Self::NoCrew,
            _ => return None,
        })
    }

    /// The reason in the first column of a row.
    fn of(statement: &Sql, row: &Row) -> Result<Self> {
        let code: &str = row.try_get(0).map_err(statement.shape())?;
        Self::from_code(code).ok_or_else(|| statement.shape()(format!("unknown reason {code}")))
    }

    /// Whether another day may have what this one has not.
    #[must_use]
    pub fn is_about_days(self) -> bool {
        !matches!(self, Self::OutOfArea | Self::NoCrew)
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Past => "past",
            Self::Closed => "closed",
            Self::TooLong => "too_long",
            Self::TooSoon => "too_soon",
            Self::TooFar => "too_far",
            Self::Full => "full",
            Self::Taken => "taken",
            Self::OffGrid => "off_grid",
            Self::NoSuchTime => "no_such_time",
            Self::OutOfArea => "out_of_area",
            Self::NoCrew => "no_crew",
        }
    }
}

/// The database's answer about a day: a reason, and slots of that day or of the next one that has any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The day that was asked about.
    pub date: NaiveDate,
    /// What is to be said of it.
    pub reason: Reason,
    /// Free slots, all of one day, in order.
    pub slots: Vec<Slot>,
    /// Whether it is not known what linked calendars say now, so that the office must confirm the time.
    pub is_stale: bool,
}

impl Offer {
    /// The free slots of a day; none where there are none.
    #[must_use]
    pub fn open(date: NaiveDate, starts: Vec<NaiveTime>) -> Option<Self> {
        let slots = starts.into_iter().map(|start| Slot { date, start });
        let slots: Vec<Slot> = slots.collect();
        (!slots.is_empty()).then_some(Self {
            date,
            reason: Reason::Open,
            slots,
            is_stale: false,
        })
    }

    /// Reads the row of `statement` that has all: the reason, the day of the slots, when they start, and whether that is known.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Shape`] for a row of another shape.
    pub fn from_row(statement: &Sql, date: NaiveDate, row: &Row) -> Result<Self> {
        let day: Option<NaiveDate> = row.try_get("slot_date").map_err(statement.shape())?;
        let starts: Vec<NaiveTime> = row.try_get("starts").map_err(statement.shape())?;
        let slots = day.into_iter().flat_map(|date| {
            let starts = starts.iter();
            starts.map(move |start| Slot {
                date,
                start: *start,
            })
        });
        Ok(Self {
            date,
            reason: Reason::of(statement, row)?,
            slots: slots.collect(),
            is_stale: row.try_get("is_stale").map_err(statement.shape())?,
        })
    }

    /// Reads the rows of `statement`, each with the reason and a slot.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Shape`] for rows of another shape.
    pub fn from_rows(statement: &Sql, date: NaiveDate, rows: &[Row]) -> Result<Self> {
        let first = rows
            .first()
            .ok_or_else(|| statement.shape()("no row came back"))?;
        let reason = Reason::of(statement, first)?;
        let mut slots = Vec::with_capacity(rows.len());
        for row in rows {
            let day: Option<NaiveDate> = row.try_get("slot_date").map_err(statement.shape())?;
            let start: Option<NaiveTime> = row.try_get("start_time").map_err(statement.shape())?;
            if let (Some(date), Some(start)) = (day, start) {
                slots.push(Slot { date, start });
            }
        }
        Ok(Self {
            date,
            reason,
            slots,
            is_stale: false,
        })
    }

    /// Why a day and an hour were refused.
    #[must_use]
    pub fn refused(&self, (date, time): (NaiveDate, NaiveTime)) -> journal::Reason {
        journal::Reason::about(self.reason.label(), slot::token(date, time))
    }

    /// The day of the slots.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.slots.first().map(|slot| slot.date)
    }

    /// The same slots as the answer about their own day.
    #[must_use]
    pub fn found_on(self, date: NaiveDate) -> Self {
        Self {
            date,
            reason: Reason::Open,
            ..self
        }
    }

    /// Whether the organization is closed on the day that was asked about.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.reason == Reason::Closed
    }

    /// Up to three options, in the order in which they are named.
    #[must_use]
    pub fn options(&self, wanted: TimeOfDay) -> Vec<Slot> {
        slot::nearest(&self.slots, wanted, MAX_OPTIONS)
    }
}

/// Options as they are spoken: "nine or ten thirty", and in Spanish "a las nueve o a las diez y media".
///
/// The texts that book them are set apart, in the answer's note ([`options_note`]).
#[must_use]
pub fn spoken_options(options: &[Slot], language: Language) -> String {
    let spoken: Vec<String> = options
        .iter()
        .map(|slot| match language {
            Language::English => speech::time(slot.start, language),
            Language::Spanish => speech::at_time(slot.start, language),
        })
        .collect();
    speech::list(&spoken, language)
}

/// The texts that book the options, in the order in which they are spoken.
#[must_use]
pub fn options_note(options: &[Slot]) -> Note {
    Note {
        options: options.iter().map(Slot::token).collect(),
    }
}

/// Why there is nothing on a day, as a sentence.
#[must_use]
pub fn spoken_reason(reason: Reason, date: NaiveDate, voice: Voice) -> String {
    let day = speech::day(date, voice);
    let begun = speech::capitalized(&day);
    match (voice.language, reason) {
        (
            Language::English,
            Reason::Open | Reason::Taken | Reason::OffGrid | Reason::NoSuchTime,
        ) => {
            format!(
                "That time {} is not available.",
                speech::on_day(date, voice)
            )
        }
        (Language::English, Reason::Past) => format!("{begun} has already passed."),
        (Language::English, Reason::Closed) => {
            format!("We're closed {}.", speech::on_day(date, voice))
        }
        (Language::English, Reason::TooLong) => {
            format!(
                "We are not open long enough for that {}.",
                speech::on_day(date, voice)
            )
        }
        (Language::English, Reason::TooSoon) => format!("It is too late to book that for {day}."),
        (Language::English, Reason::TooFar) => format!("I cannot book as far ahead as {day} yet."),
        (Language::English, Reason::Full) => format!("{begun} is fully booked."),
        (Language::English, Reason::OutOfArea) => {
            "I'm sorry, we do not come to that area.".to_owned()
        }
        (Language::English, Reason::NoCrew) => {
            "I'm sorry, I cannot book that kind of visit over the phone.".to_owned()
        }
        (
            Language::Spanish,
            Reason::Open | Reason::Taken | Reason::OffGrid | Reason::NoSuchTime,
        ) => {
            format!("{begun} no tengo esa hora.")
        }
        (Language::Spanish, Reason::Past) => format!("{begun} ya pasó."),
        (Language::Spanish, Reason::Closed) => format!("{begun} estamos cerrados."),
        (Language::Spanish, Reason::TooLong) => {
            format!("{begun} no abrimos tanto tiempo como dura esa visita.")
        }
        (Language::Spanish, Reason::TooSoon) => format!("Ya es tarde para agendar eso para {day}."),
        (Language::Spanish, Reason::TooFar) => format!("Todavía no puedo agendar para {day}."),
        (Language::Spanish, Reason::Full) => format!("{begun} ya está lleno."),
        (Language::Spanish, Reason::OutOfArea) => "Lo siento, no llegamos a esa zona.".to_owned(),
        (Language::Spanish, Reason::NoCrew) => {
            "Lo siento, ese tipo de visita no la puedo agendar por teléfono.".to_owned()
        }
    }
}

/// What there is instead, on another day.
#[must_use]
pub fn spoken_alternative(options: &[Slot], reason: Reason, voice: Voice) -> String {
    let language = voice.language;
    let Some(first) = options.first() else {
        if !reason.is_about_days() {
            return message_instead(language).to_owned();
        }
        return match language {
            Language::English => {
                "I see no other opening that I can book. I can take your number and have someone call you."
            }
            Language::Spanish => {
                "No veo otro espacio que pueda agendar. Puedo tomar su número para que le llamen."
            }
        }
        .to_owned();
    };
    let day = speech::day(first.date, voice);
    let list = spoken_options(options, language);
    let (comma, at) = if speech::on_day(first.date, voice) == day {
        ("", "at")
    } else {
        (",", "at")
    };
    match (language, reason) {
        (Language::English, Reason::TooFar) => {
            format!("The latest I have is {day}{comma} {at} {list}.")
        }
        (Language::English, _) => format!("The next opening is {day}{comma} {at} {list}."),
        (Language::Spanish, Reason::TooFar) => format!("Lo último que tengo es {day} {list}."),
        (Language::Spanish, _) => format!("Lo más próximo es {day} {list}."),
    }
}

/// That the office must confirm a time that is offered.
#[must_use]
pub fn to_be_confirmed(language: Language) -> &'static str {
    match language {
        Language::English => "The office will confirm the time.",
        Language::Spanish => "La oficina confirmará la hora.",
    }
}

/// What is offered where no appointment can be.
fn message_instead(language: Language) -> &'static str {
    match language {
        Language::English => "I can take your number and have someone call you.",
        Language::Spanish => "Puedo tomar su número para que le llamen.",
    }
}

/// Why not, and the nearest free slots in the same breath.
#[must_use]
pub fn spoken_refusal((date, time): (NaiveDate, NaiveTime), offer: &Offer, voice: Voice) -> String {
    let language = voice.language;
    let options = offer.options(TimeOfDay::At(time));
    let hour = speech::at_time(time, language);
    let moment = speech::moment(date, time, voice);
    let on_day = speech::on_day(date, voice);
    let begun = speech::capitalized(&on_day);
    let same_day = options.first().is_some_and(|slot| slot.date == date);
    let why = match (language, offer.reason) {
        (Language::English, Reason::Taken | Reason::Full) => {
            format!("I'm sorry, {moment} is already taken.")
        }
        (Language::English, Reason::OffGrid) => format!("Visits cannot start {hour} {on_day}."),
        (Language::English, Reason::Closed) if same_day => {
            format!("We're not open {hour} {on_day}.")
        }
        (Language::English, Reason::NoSuchTime) => {
            format!("The clocks change {on_day}, and there is no such time as that.")
        }
        (Language::Spanish, Reason::Taken | Reason::Full) => {
            format!("Lo siento, {moment} ya está ocupado.")
        }
        (Language::Spanish, Reason::OffGrid) => {
            format!("{begun} ninguna visita puede empezar {hour}.")
        }
        (Language::Spanish, Reason::Closed) if same_day => {
            format!("{begun} no abrimos {hour}.")
        }
        (Language::Spanish, Reason::NoSuchTime) => {
            format!("{begun} cambia la hora, y esa hora no existe.")
        }
        (_, reason) => spoken_reason(reason, date, voice),
    };
    let list = spoken_options(&options, language);
    let instead = match language {
        Language::English if same_day => format!("That day I have {list}."),
        Language::Spanish if same_day => format!("Ese día tengo {list}."),
        _ => spoken_alternative(&options, offer.reason, voice),
    };
    format!("{why} {instead}")
}

/// The date and time that are meant.
///
/// A time with an offset that is not the organization's may be a true instant or a local time with a wrong label. If
/// the instant is a free slot it is meant; otherwise the clock's reading is.
///
/// # Errors
///
/// When the database fails.
pub async fn meant(
    context: &Context,
    transaction: &OrgTx,
    instant: Option<NaiveDateTime>,
    local: NaiveDateTime,
    requirements: &Requirements,
) -> Result<(NaiveDate, NaiveTime)> {
    // No appointment starts within a minute.
    let local = local.with_second(0).unwrap_or(local);
    if let Some(instant) = instant {
        let params: Params<'_> = &[
            &context.organization.id,
            &instant.date(),
            &instant.time(),
            &requirements.minutes,
            &requirements.service,
            &requirements.address,
            &requirements.postal_code,
            &context.call.vapi_call_id,
        ];
        let rows = transaction.query(&IS_FREE, params).await?;
        let is_free = rows.first().map(|row| row.try_get(0));
        if is_free.transpose().map_err(IS_FREE.shape())? == Some(true) {
            return Ok((instant.date(), instant.time()));
        }
    }
    Ok((local.date(), local.time()))
}
