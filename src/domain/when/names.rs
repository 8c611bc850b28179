//! The names of days and months, and the words that say nothing of the time.

use chrono::Weekday;

use super::token::Token;
use crate::domain::words::Words;

/// A weekday by its folded name or abbreviation, in English or Spanish.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" | "mon" | "lunes" | "lun" => Weekday::Mon,
        "tuesday" | "tue" | "tues" | "martes" | "mar" => Weekday::Tue,
        "wednesday" | "wed" | "weds" | "miercoles" | "mie" | "mier" => Weekday::Wed,
        "thursday" | "thu" | "thur" | "thurs" | "jueves" | "jue" => Weekday::Thu,
        "friday" | "fri" | "viernes" | "vie" => Weekday::Fri,
        "saturday" | "sat" | "sabado" | "sab" => Weekday::Sat,
        "sunday" | "sun" | "domingo" | "dom" => Weekday::Sun,
        _ => return None,
    })
}

/// Whether a word is a weekday's name in Spanish, behind which a number is the day of the month: "el lunes 10".
pub(super) fn is_spanish_weekday(name: &str) -> bool {
    matches!(
        name,
        "lunes" | "martes" | "miercoles" | "jueves" | "viernes" | "sabado" | "domingo"
    )
}

/// A month's number by its folded name or abbreviation, in English or Spanish.
pub(super) fn month(name: &str) -> Option<u32> {
    Some(match name {
        "january" | "jan" | "enero" | "ene" => 1,
        "february" | "feb" | "febrero" => 2,
        "march" | "mar" | "marzo" => 3,
        "april" | "apr" | "abril" | "abr" => 4,
        "may" | "mayo" => 5,
        "june" | "jun" | "junio" => 6,
        "july" | "jul" | "julio" => 7,
        "august" | "aug" | "agosto" | "ago" => 8,
        "september" | "sep" | "sept" | "septiembre" | "setiembre" => 9,
        "october" | "oct" | "octubre" => 10,
        "november" | "nov" | "noviembre" => 11,
        "december" | "dec" | "diciembre" | "dic" => 12,
        _ => return None,
    })
}

/// Whether a token may be left out of a date or a time.
///
/// Nothing that denies, doubts or excludes is among them: with "not", "except" or "unless" a phrase is not understood.
pub(super) fn is_filler(token: &Token<'_>) -> bool {
    matches!(token, Token::Word(word) if FILLERS.has(word))
}
static FILLERS: Words = Words::new(&[
    "a about actually again also an and anything appointment around arrival arrive at available be best \
     bit block book booking can come could day do easier easiest either exactly fine for free \
     gonna good great guess have hello hey hi hmm how i id if ill im in is ish it its just kind \
     let lets like make maybe me mean my need of ok okay on one open opening perfect perhaps \
     please possible prefer preferably probably right say schedule see slot so some somebody \
     someone something sometime somewhere sorry spot sure take thank thanks that thats the then there \
     think time to try uh uhh um umm us visit wait want we well what whats whichever will window with \
     work works would yeah yes you your",
    "acuerdo agendar ahi al alguien algo bien bloque bueno buenas como con conviene cita claro \
     creo dale de del dia digamos disponible e eh el en entonces es espacio esta estaria este \
     espere exactamente favor fecha gracias gustaria ha hay hola hora horario la las le les lo los lugar \
     mejor mi mismo necesito nos osea para pa parece perdon perfecto podria podrian ponme por prefiero \
     preferiria pueda puedan puede pueden pues que queda quedaria queria quiero quisiera reservar \
     sea ser seria si sobre tal tendra tendran tiene tienen turno un una usted ustedes vale \
     ventana venga vengan venir vez vienen visita y yo",
]);
