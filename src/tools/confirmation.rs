//! What a caller is told of an appointment that is booked, and of what was added to it later.

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use super::when::first_of_two;
use crate::domain::{
    language::{Language, say},
    speech::{self, Voice},
    when::Occurrence,
};

/// The longest name, address or service that is spoken back, in characters.
const MAX_SPOKEN: usize = 60;

/// A text of the caller's as it is spoken back.
#[must_use]
pub fn spoken(text: &str) -> String {
    speech::quoted(text, MAX_SPOKEN)
}

/// A booked appointment.
#[derive(Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The appointment's id.
    pub appointment_id: Uuid,
    /// Who it is for.
    pub name: String,
    /// What it is for, in the language of the answer, if that is known.
    pub service: Option<String>,
    /// Where it is to be, if that was said.
    pub address: Option<String>,
    /// The day, in the organization's zone.
    pub date: NaiveDate,
    /// The hour at which it starts.
    pub start: NaiveTime,
    /// How often the organization's clocks show that hour that day.
    pub occurrence: Occurrence,
    /// Whether another zone was named.
    pub names_zone: bool,
    /// Whether it is only requested, because it is not known what linked calendars say: the office confirms it.
    pub is_unconfirmed: bool,
}

/// What a caller can add to an appointment later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Where it is to be.
    Address,
    /// What is to be done.
    Description,
    /// Their e-mail address.
    Email,
    /// Their telephone number.
    Phone,
}

impl Appointment {
    fn moment(&self, voice: Voice) -> String {
        speech::full_moment(self.date, self.start, voice)
            + first_of_two(self.occurrence, voice.language)
    }

    /// That it is booked, or requested.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        if self.is_unconfirmed {
            return self.say_requested(voice);
        }
        let Self { name, .. } = self;
        let moment = self.moment(voice);
        let details = self.details(": ", voice.language);
        say!(
            voice.language,
            "You're booked for {moment}{details}, under the name {name}.",
            "Listo, su visita quedó para {moment}{details}, a nombre de {name}."
        )
    }

    /// That it is requested. That the office must confirm it comes first: an answer that is too long is cut at its end.
    fn say_requested(&self, voice: Voice) -> String {
        let Self { name, .. } = self;
        let moment = self.moment(voice);
        let details = self.details(", ", voice.language);
        say!(
            voice.language,
            "I've noted your request, and the office will confirm it: {moment}{details}, under the name {name}.",
            "Anoté su solicitud y la oficina se la confirmará: {moment}{details}, a nombre de {name}."
        )
    }

    /// What it is for and where, behind `mark`.
    fn details(&self, mark: &str, language: Language) -> String {
        let at = language.pick("at", "en");
        match (&self.service, &self.address) {
            (None, None) => String::new(),
            (Some(service), None) => format!("{mark}{service}"),
            (None, Some(address)) => format!(", {at} {address}"),
            (Some(service), Some(address)) => format!("{mark}{service} {at} {address}"),
        }
    }

    /// What is said of an appointment that was booked before, and of what was added to it.
    #[must_use]
    pub fn say_again(&self, added: &[Detail], voice: Voice) -> String {
        let Self { name, .. } = self;
        let language = voice.language;
        // Its service is named where another was said now.
        let service = self.service.iter().map(|service| format!(": {service}"));
        let moment = self.moment(voice) + &service.collect::<String>();
        let known = if self.is_unconfirmed {
            say!(
                language,
                "I already have your request, and the office will confirm it: {moment}, under the name {name}.",
                "Ya tengo su solicitud y la oficina se la confirmará: {moment}, a nombre de {name}."
            )
        } else {
            say!(
                language,
                "You're already booked for {moment}, under the name {name}.",
                "Su visita ya estaba agendada para {moment}, a nombre de {name}."
            )
        };
        if added.is_empty() {
            return known;
        }
        let added: Vec<String> = added
            .iter()
            .map(|detail| detail.spoken(self.address.as_deref(), language))
            .collect();
        let added = speech::enumeration(&added, language);
        say!(
            language,
            "{known} I have added {added}.",
            "{known} Agregué {added}."
        )
    }
}

impl Detail {
    fn spoken(self, address: Option<&str>, language: Language) -> String {
        let named = match self {
            Self::Address => language.pick("the address", "la dirección"),
            Self::Description => language.pick("what is to be done", "lo que hay que hacer"),
            Self::Email => language.pick("the email", "el correo"),
            Self::Phone => language.pick("the phone number", "el teléfono"),
        };
        match (self, address) {
            (Self::Address, Some(address)) => format!("{named} {address}"),
            _ => named.to_owned(),
        }
    }
}
