//! The words that name an appointment: "the first one", "my appointment", "yes, cancel it".

use crate::domain::{
    choice::{self, Reference},
    words::{Phrases, Words},
};

/// The reference in words that name an appointment; "las dos" are two of them here, and no hour.
#[must_use]
pub fn refers(named: &str) -> Option<Reference> {
    let folded = named.trim().to_lowercase();
    let folded = folded
        .trim_end_matches(" citas")
        .trim_end_matches(" visitas");
    match REFERENCES.get(folded) {
        Some(reference) => choice::read(reference),
        None => choice::read(named).filter(|reference| reference.rest.is_empty()),
    }
}

/// The words for an appointment that is to be cancelled, without those for cancelling: "yes, cancel it"; none where there are none.
#[must_use]
pub fn without_cancelling(named: &str) -> Option<String> {
    let (verbs, rest): (Vec<String>, Vec<String>) =
        words(named).partition(|word| CANCELLING.has(word));
    (!verbs.is_empty()).then(|| rest.join(" "))
}

fn words(named: &str) -> impl Iterator<Item = String> {
    named
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// References to appointments, and how an option is referred to in the same way.
static REFERENCES: Phrases<&str> = Phrases::new(&[
    ("both", "las|los dos, the two, the two of them"),
    (
        "the first one",
        "next, the next one, my next appointment, la próxima|proxima, mi próxima cita, la que sigue, \
         la más próxima, la mas proxima",
    ),
]);

/// Whether words name an appointment without saying which: "my appointment", "mi cita".
#[must_use]
pub fn is_generic(named: &str) -> bool {
    words(named).all(|word| GENERIC.has(&word))
}

static GENERIC: Words = Words::new(&[
    "my the an a our it that this appointment visit booking reservation service upcoming scheduled \
     existing current",
    "mi la el mía nuestra esa esta cita visita reservación reserva servicio",
]);

/// Whether words speak of an appointment that there is: "later than my Monday appointment".
#[must_use]
pub fn is_named(said: &str) -> bool {
    let said = said.to_lowercase();
    ["appointment", "visit", "cita"]
        .iter()
        .any(|word| said.contains(word))
}

static CANCELLING: Words = Words::new(&[
    "cancel delete remove",
    "cancela cancelala cancélala cancelar cancelarla cancele cancelela cancélela cancélemela quite quítela",
]);
