//! What a caller is answered for whom nothing can be booked, held or moved yet: a question, or what is free instead.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{
    appointment::{self, Appointment, Proof},
    calendar::Calendar,
    context::{Context, Note},
    found::Found,
    meaning::Understood,
    offer::{self, Offer, options_note, spoken_refusal},
    service::WhichService,
    when::{Question, Wanted},
};
use crate::{
    calls::journal::Reason,
    db::OrgTx,
    domain::{
        language::{Language, say},
        slot,
        speech::{self, Voice},
        when::TimeOfDay,
    },
    error::Result,
};

/// Why nothing is booked, held or moved yet.
#[derive(Debug, PartialEq, Eq)]
pub enum Pending {
    /// Something must be asked back first.
    Ask(Question),
    /// It must be known which service is meant.
    Which(WhichService),
    /// The time is not exact: these are free.
    Offered(Found),
    /// The caller has it already.
    Own(Appointment),
    /// The time is not available.
    Refused {
        /// The day and hour that were wanted.
        wanted: (NaiveDate, NaiveTime),
        /// Why, and what is free instead.
        offer: Offer,
    },
}

impl Calendar<'_> {
    /// The exact time that a caller's words mean; else what is asked or offered first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn exact(
        &self,
        understood: Understood,
    ) -> Result<std::result::Result<(Wanted, NaiveDateTime), Pending>> {
        let wanted = match understood {
            Ok(wanted) => wanted,
            Err(question) => return Ok(Err(Pending::Ask(question))),
        };
        Ok(match wanted.exact() {
            Some(exact) => Ok((wanted, exact)),
            None => Err(Pending::Offered(self.find(wanted).await?)),
        })
    }
}

impl Pending {
    /// What is said of a time that is not available: that it is taken, unless by the caller.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn refused(
        context: &Context,
        transaction: &OrgTx,
        wanted: (NaiveDate, NaiveTime),
        offer: Offer,
    ) -> Result<Self> {
        if !matches!(offer.reason, offer::Reason::Taken | offer::Reason::Full) {
            return Ok(Self::Refused { wanted, offer });
        }
        let known = appointment::of_caller(context, transaction, &Proof::default()).await?;
        let own = known
            .unwrap_or_default()
            .into_iter()
            .find(|own| own.is_live && (own.date, own.start) == wanted);
        Ok(own.map_or(Self::Refused { wanted, offer }, Self::Own))
    }

    /// The answer.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        match self {
            Self::Ask(question) => question.say(voice),
            Self::Which(which) => which.say(voice.language),
            Self::Offered(found) => found.ask(voice),
            Self::Own(appointment) => say_own(appointment, voice),
            Self::Refused { wanted, offer } => spoken_refusal(*wanted, offer, voice),
        }
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Ask(question) => question.label(),
            Self::Which(which) => which.label(),
            Self::Offered(_) => "offered",
            Self::Own(_) => "own_visit",
            Self::Refused { offer, .. } => offer.reason.label(),
        }
    }

    /// Why this is the answer, for the journal.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Ask(question) => Reason::new(question.label()),
            Self::Which(which) => which.reason(),
            // It would have been done if the hour had been exact.
            Self::Offered(found) => Reason::about("asked_hour", found.offer.date.to_string()),
            Self::Own(own) => Reason::about("own_visit", slot::token(own.date, own.start)),
            Self::Refused { wanted, offer } => offer.refused(*wanted),
        }
    }

    /// What the caller may choose from.
    #[must_use]
    pub fn note(&self) -> Note {
        match self {
            Self::Ask(question) => question.note(),
            Self::Which(_) | Self::Own(_) => Note::default(),
            Self::Offered(found) => found.note(),
            Self::Refused { wanted, offer } => {
                options_note(&offer.options(TimeOfDay::At(wanted.1)))
            }
        }
    }

    /// Whether the words name hours.
    #[must_use]
    pub fn names_hours(&self) -> bool {
        matches!(self, Self::Offered(_) | Self::Own(_) | Self::Refused { .. })
    }

    /// Whether the caller named another zone.
    #[must_use]
    pub fn names_zone(&self) -> bool {
        matches!(self, Self::Offered(found) if found.wanted.names_zone)
    }

    /// Whether the options of the note are times that are free.
    #[must_use]
    pub fn offers(&self) -> bool {
        match self {
            Self::Ask(question) => question.offers(),
            Self::Which(_) | Self::Own(_) => false,
            Self::Offered(_) | Self::Refused { .. } => true,
        }
    }
}

/// That the caller has it already.
fn say_own(own: &Appointment, voice: Voice) -> String {
    let language = voice.language;
    let when = match language {
        Language::English => speech::on_moment(own.date, own.start, voice),
        Language::Spanish => own.spoken(voice),
    };
    if own.is_unconfirmed {
        say!(
            language,
            "You already have a visit {when}. The office will confirm it.",
            "Ya tiene una visita {when}. La oficina se la confirmará."
        )
    } else {
        say!(
            language,
            "You already have a visit {when}.",
            "Ya tiene una visita {when}."
        )
    }
}
