//! The texts that customers get, in at most two segments.

use chrono::{NaiveDate, NaiveTime};

use crate::domain::{
    language::{Language, say},
    segments, speech, written,
};

/// The most parts that a message is sent in.
const MAX_SEGMENTS: usize = 2;
/// The most characters of an organization's name.
const MAX_NAME: usize = 40;
/// The most characters of an address.
const MAX_ADDRESS: usize = 60;

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// An appointment is booked.
    Confirmation,
    /// It was moved.
    Change,
    /// It is off.
    Cancellation,
    /// It is tomorrow.
    Reminder,
    /// It is requested: the office confirms it.
    Request,
}

/// An appointment, as a text mentions it.
#[derive(Clone, Copy, Debug)]
pub struct AppointmentFacts<'a> {
    /// Whose it is.
    pub organization: &'a str,
    /// On which day.
    pub date: NaiveDate,
    /// At what time.
    pub time: NaiveTime,
    /// Where.
    pub address: Option<&'a str>,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 5] = [
        Self::Confirmation,
        Self::Change,
        Self::Cancellation,
        Self::Reminder,
        Self::Request,
    ];

    /// Reads the name under which it is stored.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|template| template.code() == name)
    }

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Change => "change",
            Self::Cancellation => "cancellation",
            Self::Reminder => "reminder",
            Self::Request => "request",
        }
    }

    /// The one that is true of an appointment: of one that the office has yet to confirm, only that it is requested.
    #[must_use]
    pub fn true_of(self, is_unconfirmed: bool) -> Self {
        match self {
            Self::Confirmation | Self::Change | Self::Reminder if is_unconfirmed => Self::Request,
            _ => self,
        }
    }

    /// Its text; accents that cost a part are left out, and so is the address where it would make a third.
    #[must_use]
    pub fn text(self, appointment: &AppointmentFacts<'_>, language: Language) -> String {
        let text = |appointment: &AppointmentFacts<'_>| {
            segments::thrifty(speech::single_stops(
                &self.with_address(appointment, language),
            ))
        };
        let whole = text(appointment);
        if segments::count(&whole) <= MAX_SEGMENTS {
            return whole;
        }
        let short = AppointmentFacts {
            address: None,
            ..*appointment
        };
        text(&short)
    }

    fn with_address(self, appointment: &AppointmentFacts<'_>, language: Language) -> String {
        let name = speech::quoted(appointment.organization, MAX_NAME);
        let when = written::moment(appointment.date, appointment.time, language);
        let place = appointment.address.map_or_else(String::new, |address| {
            let address = speech::quoted(address, MAX_ADDRESS);
            say!(language, " at {address}", " en {address}")
        });
        // Spanish without accents where another word will do: one á more than doubles what the message costs.
        let replies = language.pick(
            "Reply 1 to confirm, C to cancel, STOP to opt out.",
            "Responda 1 para confirmar, C para cancelar, BAJA para no recibir mensajes.",
        );
        match self {
            Self::Confirmation => say!(
                language,
                "{name}: your visit is booked for {when}{place}. {replies}",
                "{name}: su visita queda reservada para el {when}{place}. {replies}"
            ),
            Self::Change => say!(
                language,
                "{name}: your visit is now on {when}{place}. {replies}",
                "{name}: su visita queda ahora para el {when}{place}. {replies}"
            ),
            Self::Cancellation => say!(
                language,
                "{name}: your visit on {when} is cancelled. Call us for another time.",
                "{name}: su visita del {when} queda cancelada. Llame para otra hora."
            ),
            Self::Reminder => say!(
                language,
                "{name}: a reminder of your visit tomorrow, {when}{place}. {replies}",
                "{name}: le recordamos su visita de mañana, {when}{place}. {replies}"
            ),
            Self::Request => say!(
                language,
                "{name}: we have your request for a visit on {when}{place}. We will confirm it. Reply C to cancel, STOP to opt out.",
                "{name}: tenemos su solicitud de visita para el {when}{place}. Le avisaremos cuando quede confirmada. Responda C para cancelar, BAJA para no recibir mensajes."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appointment(address: Option<&str>) -> AppointmentFacts<'_> {
        AppointmentFacts {
            organization: "Front Range Plumbing",
            date: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
            time: NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
            address,
        }
    }

    #[test]
    fn each_text_names_the_organization_and_the_time_and_fits_in_two_parts() {
        for template in Template::ALL {
            for language in [Language::English, Language::Spanish] {
                for address in [
                    None,
                    Some("12 Elm Street"),
                    Some("Calle de la Peña Alta número 1234, tercer piso, puerta B, Denver"),
                ] {
                    // Each day of a week: "sábado" has an accent that costs.
                    for day in appointment(address).date.iter_days().take(7) {
                        let appointment = AppointmentFacts {
                            date: day,
                            ..appointment(address)
                        };
                        let text = template.text(&appointment, language);
                        assert!(text.starts_with("Front Range Plumbing: "), "{text}");
                        assert!(text.contains("9:30"), "{text}");
                        assert!(segments::count(&text) <= MAX_SEGMENTS, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_texts_read_like_this() {
        let appointment = appointment(Some("12 Elm Street"));
        assert_eq!(
            Template::Confirmation.text(&appointment, Language::English),
            "Front Range Plumbing: your visit is booked for Tuesday, December 1st at 9:30 AM at 12 Elm Street. Reply 1 to confirm, C to cancel, STOP to opt out."
        );
        assert_eq!(
            Template::Request.text(&appointment, Language::English),
            "Front Range Plumbing: we have your request for a visit on Tuesday, December 1st at 9:30 AM at 12 Elm Street. We will confirm it. Reply C to cancel, STOP to opt out."
        );
        assert_eq!(
            Template::Cancellation.text(&appointment, Language::Spanish),
            "Front Range Plumbing: su visita del martes 1 de diciembre a las 9:30 de la mañana queda cancelada. Llame para otra hora."
        );
    }
}
