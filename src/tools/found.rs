//! What is free at the time that a caller wants, or instead of it, in a sentence.

use chrono::{NaiveDate, NaiveTime};

use super::{
    context::Note,
    offer::{
        self, Offer, options_note, spoken_alternative, spoken_options, spoken_reason,
        to_be_confirmed,
    },
    when::{self, Wanted, first_of_two},
};
use crate::{
    calls::journal::Reason,
    domain::{
        language::say,
        slot::{self, Slot},
        speech::{self, Voice},
        when::{Days, Occurrence, TimeOfDay},
    },
};

/// The calendar's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the caller wants.
    pub wanted: Wanted,
    /// What there is.
    pub offer: Offer,
    /// Whether the organization is closed on every day that was asked about, of several.
    pub is_closed_throughout: bool,
}

impl Found {
    /// The options, in the order in which they are named.
    #[must_use]
    pub fn options(&self) -> Vec<Slot> {
        let options = self.offer.options(self.wanted.time);
        // Whoever gets the hour that they want needs no other.
        let wanted = options.iter().find(|slot| self.is_wanted(slot)).copied();
        wanted.map_or(options, |wanted| vec![wanted])
    }

    /// The answer, and that the office must confirm the time where it is not known what linked calendars say.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        let found = self.say_found(voice);
        if self.offer.is_stale && !self.options().is_empty() {
            format!("{found} {}", to_be_confirmed(voice.language))
        } else {
            found
        }
    }

    fn say_found(&self, voice: Voice) -> String {
        let Self { wanted, offer, .. } = self;
        if offer.reason == offer::Reason::Open {
            return self.say_open(voice);
        }
        let why = match wanted.days {
            Days::Within(first, last) if offer.reason.is_about_days() => {
                self.nothing_within(first, last, voice)
            }
            _ => spoken_reason(offer.reason, offer.date, voice),
        };
        // Another day is offered from its beginning, unless a time was asked for.
        format!(
            "{why} {}",
            spoken_alternative(&self.options(), offer.reason, voice)
        )
    }

    /// Whether a slot is the very hour that is wanted, on the day that is wanted.
    fn is_wanted(&self, slot: &Slot) -> bool {
        self.offer.reason == offer::Reason::Open && self.wanted.time.exact() == Some(slot.start)
    }

    /// The answer, and the question which of the options it shall be.
    #[must_use]
    pub fn ask(&self, voice: Voice) -> String {
        let found = self.say(voice);
        if self.options().is_empty() {
            return found;
        }
        say!(
            voice.language,
            "{found} Which would you like?",
            "{found} ¿Cuál le conviene?"
        )
    }

    /// Its name in the journal and the metrics.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.offer.reason.label()
    }

    /// Why these are the options.
    #[must_use]
    pub fn reason(&self) -> Reason {
        let date = self.offer.date;
        match (self.offer.reason, self.wanted.time.exact()) {
            (offer::Reason::Open, Some(hour)) if !self.has(hour) => {
                Reason::about("not_free", slot::token(date, hour))
            }
            (offer::Reason::Open, Some(hour)) => Reason::about("open", slot::token(date, hour)),
            (reason, _) => Reason::about(reason.label(), slot::day(date)),
        }
    }

    fn has(&self, hour: NaiveTime) -> bool {
        self.offer.slots.iter().any(|slot| slot.start == hour)
    }

    /// The texts that book the options.
    #[must_use]
    pub fn note(&self) -> Note {
        options_note(&self.options())
    }

    fn nothing_within(&self, first: NaiveDate, last: NaiveDate, voice: Voice) -> String {
        let language = voice.language;
        let days = if first.succ_opt() == Some(last) {
            let both = [first, last].map(|day| speech::on_day(day, voice));
            speech::enumeration(&both, language)
        } else {
            let days = when::spoken_days(Days::Within(first, last), voice);
            say!(language, "from {days}", "{days}")
        };
        if self.is_closed_throughout {
            say!(language, "We're closed {days}.", "Estamos cerrados {days}.")
        } else {
            say!(
                language,
                "I have nothing free {days}.",
                "No tengo nada libre {days}."
            )
        }
    }

    /// A day with free slots: first whether the wanted time is among them, then the nearest ones.
    fn say_open(&self, voice: Voice) -> String {
        let Self { wanted, offer, .. } = self;
        let language = voice.language;
        let day = speech::on_day(offer.date, voice);
        let options = self.options();
        if let [slot] = options.as_slice()
            && self.is_wanted(slot)
            && wanted.occurrence != Occurrence::Never
        {
            return self.say_free(slot, voice);
        }
        let list = spoken_options(&options, language);
        let nearest = if options.len() == 1 {
            "nearest time is"
        } else {
            "nearest times are"
        };
        let suits = options.iter().any(|slot| wanted.time.contains(slot.start));
        let begun = speech::capitalized(&day);
        match wanted.time {
            TimeOfDay::At(_) if wanted.occurrence == Occurrence::Never => say!(
                language,
                "The clocks go forward {day}, and there is no such time as that. The {nearest} {list}.",
                "{begun} se adelanta la hora, y esa hora no existe. Lo más cercano es {list}."
            ),
            TimeOfDay::At(_) | TimeOfDay::Part(_) | TimeOfDay::Window { .. } if !suits => {
                let time = when::spoken_time(wanted.time, language);
                say!(
                    language,
                    "I have nothing {time} {day}. The {nearest} {list}.",
                    "{begun} no tengo nada {time}. Lo más cercano es {list}."
                )
            }
            _ => {
                let comma = if day.starts_with("on ") { "," } else { "" };
                say!(
                    language,
                    "{begun}{comma} I have {list}.",
                    "{begun} tengo {list}."
                )
            }
        }
    }

    /// The wanted hour is free.
    fn say_free(&self, slot: &Slot, voice: Voice) -> String {
        let moment = speech::moment(slot.date, slot.start, voice)
            + first_of_two(self.wanted.occurrence, voice.language);
        say!(
            voice.language,
            "Yes, I have {moment}.",
            "Sí, tengo {moment}."
        )
    }
}
