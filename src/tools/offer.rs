//! What a caller can be offered: free slots of a day, or why there are none and what comes next.

use std::borrow::Cow;

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
        language::{Language, say},
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

/// Why a day, or an hour of it, is not available. The names are those of the database functions.
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
    const ALL: [Self; 12] = [
        Self::Open,
        Self::Past,
        Self::Closed,
        Self::TooLong,
        Self::TooSoon,
        Self::TooFar,
        Self::Full,
        Self::Taken,
        Self::OffGrid,
        Self::NoSuchTime,
        Self::OutOfArea,
        Self::NoCrew,
    ];

    /// The reason in the first column of a row.
    fn of(statement: &Sql, row: &Row) -> Result<Self> {
        let code: &str = statement.get(row, 0)?;
        let mut all = Self::ALL.into_iter();
        all.find(|reason| reason.label() == code)
            .ok_or_else(|| statement.shape()(format!("unknown reason {code}")))
    }

    /// Whether another day may have what this one has not.
    #[must_use]
    pub fn is_about_days(self) -> bool {
        !matches!(self, Self::OutOfArea | Self::NoCrew)
    }

    /// Its name in the database, the journal and the metrics.
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
        let day: Option<NaiveDate> = statement.get(row, "slot_date")?;
        let starts: Vec<NaiveTime> = statement.get(row, "starts")?;
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
            is_stale: statement.get(row, "is_stale")?,
        })
    }

    /// Reads the rows of `statement`, each with the reason and a slot.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Shape`] for rows of another shape.
    pub fn from_rows(statement: &Sql, date: NaiveDate, rows: &[Row]) -> Result<Self> {
        let first = statement.first(rows)?;
        let reason = Reason::of(statement, first)?;
        let mut slots = Vec::with_capacity(rows.len());
        for row in rows {
            let day: Option<NaiveDate> = statement.get(row, "slot_date")?;
            let start: Option<NaiveTime> = statement.get(row, "start_time")?;
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
    let spoken: Vec<Cow<'_, str>> = options
        .iter()
        .map(|slot| match language {
            Language::English => speech::time(slot.start, language),
            Language::Spanish => speech::at_time(slot.start, language).into(),
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
    let language = voice.language;
    let (day, on_day) = (speech::day(date, voice), speech::on_day(date, voice));
    let begun = speech::capitalized(&day);
    let why = match reason {
        Reason::Open | Reason::Taken | Reason::OffGrid | Reason::NoSuchTime => {
            return say!(
                language,
                "That time {on_day} is not available.",
                "{begun} no tengo esa hora."
            );
        }
        Reason::Past => {
            return say!(language, "{begun} has already passed.", "{begun} ya pasó.");
        }
        Reason::Closed => {
            return say!(
                language,
                "We're closed {on_day}.",
                "{begun} estamos cerrados."
            );
        }
        Reason::TooLong => {
            return say!(
                language,
                "We are not open long enough for that {on_day}.",
                "{begun} no abrimos tanto tiempo como dura esa visita."
            );
        }
        Reason::TooSoon => {
            return say!(
                language,
                "It is too late to book that for {day}.",
                "Ya es tarde para agendar eso para {day}."
            );
        }
        Reason::TooFar => {
            return say!(
                language,
                "{begun} is further ahead than I can book yet.",
                "Todavía no puedo agendar para {day}."
            );
        }
        Reason::Full => {
            return say!(
                language,
                "{begun} is fully booked.",
                "{begun} ya está lleno."
            );
        }
        Reason::OutOfArea => language.pick(
            "I'm sorry, we do not come to that area.",
            "Lo siento, no llegamos a esa zona.",
        ),
        Reason::NoCrew => language.pick(
            "I'm sorry, I cannot book that kind of visit over the phone.",
            "Lo siento, ese tipo de visita no la puedo agendar por teléfono.",
        ),
    };
    why.to_owned()
}

/// What there is instead, on another day.
#[must_use]
pub fn spoken_alternative(options: &[Slot], reason: Reason, voice: Voice) -> String {
    let language = voice.language;
    let Some(first) = options.first() else {
        let message = language.pick(
            "I can take your number and have someone call you.",
            "Puedo tomar su número para que le llamen.",
        );
        if !reason.is_about_days() {
            return message.to_owned();
        }
        return say!(
            language,
            "I see no other opening that I can book. {message}",
            "No veo otro espacio que pueda agendar. {message}"
        );
    };
    let day = speech::day(first.date, voice);
    let list = spoken_options(options, language);
    let comma = if speech::on_day(first.date, voice) == day {
        ""
    } else {
        ","
    };
    let openings = if options.len() == 1 {
        "opening is"
    } else {
        "openings are"
    };
    match reason {
        Reason::TooFar => say!(
            language,
            "The latest I have is {day}{comma} at {list}.",
            "Lo último que tengo es {day} {list}."
        ),
        _ => say!(
            language,
            "The next {openings} {day}{comma} at {list}.",
            "Lo más próximo es {day} {list}."
        ),
    }
}

/// That the office must confirm a time that is offered.
#[must_use]
pub fn to_be_confirmed(language: Language) -> &'static str {
    language.pick(
        "The office will confirm the time.",
        "La oficina confirmará la hora.",
    )
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
    let why = match offer.reason {
        Reason::Taken | Reason::Full => say!(
            language,
            "I'm sorry, {moment} is already taken.",
            "Lo siento, {moment} ya está ocupado."
        ),
        Reason::OffGrid => say!(
            language,
            "Visits cannot start {hour} {on_day}.",
            "{begun} ninguna visita puede empezar {hour}."
        ),
        Reason::Closed if same_day => say!(
            language,
            "We're not open {hour} {on_day}.",
            "{begun} no abrimos {hour}."
        ),
        Reason::NoSuchTime => say!(
            language,
            "The clocks change {on_day}, and there is no such time as that.",
            "{begun} cambia la hora, y esa hora no existe."
        ),
        reason => spoken_reason(reason, date, voice),
    };
    let instead = if same_day {
        let list = spoken_options(&options, language);
        say!(language, "That day I have {list}.", "Ese día tengo {list}.")
    } else {
        spoken_alternative(&options, offer.reason, voice)
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
