//! A golden sheet, and the values that its sentences are made of.

use std::{fmt::Write, fs, path::Path};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::America::Denver;
use uuid::Uuid;

use super::super::{
    appointment::Appointment,
    context::Outcome,
    offer::{Offer, Reason},
};
use crate::domain::{
    catalogue::Service,
    language::Language::{self, English, Spanish},
    slot::Slot,
    speech::Voice,
};
/// The longest answer, in characters: some twenty seconds of speech.
pub(super) const MAX_LENGTH: usize = 300;

/// The longest name that is spoken, so that the longest sentences are seen.
pub(super) const LONG_NAME: &str = "María Guadalupe Fernández de la Concepción Villavicencio Ortiz";

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn clock(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

pub(super) fn slots(date: &str, times: &[&str]) -> Vec<Slot> {
    times
        .iter()
        .map(|time| Slot {
            date: day(date),
            start: clock(time),
        })
        .collect()
}

pub(super) fn offer(reason: Reason, slots: Vec<Slot>) -> Offer {
    Offer {
        date: day("2026-12-01"),
        reason,
        slots,
        is_stale: false,
    }
}

pub(super) fn appointment(date: &str, time: &str) -> Appointment {
    Appointment {
        id: Uuid::nil(),
        date: day(date),
        start: clock(time),
        minutes: 60,
        is_live: true,
        is_unconfirmed: false,
    }
}

pub(super) const REASONS: [Reason; 9] = [
    Reason::Past,
    Reason::Closed,
    Reason::TooLong,
    Reason::TooSoon,
    Reason::TooFar,
    Reason::Full,
    Reason::Taken,
    Reason::OffGrid,
    Reason::NoSuchTime,
];

/// The sentences of one tool.
pub(super) struct Sheet(String);

impl Sheet {
    pub(super) fn new(tool: &str) -> Self {
        Self(format!("{tool}\n"))
    }

    /// One sentence in both languages; `about` tells it from others of its name.
    pub(super) fn line(&mut self, label: &str, about: &str, say: impl Fn(Language) -> String) {
        writeln!(self.0, "\n{label}, {about}").unwrap();
        for language in [English, Spanish] {
            let words = say(language);
            let spoken = words.split(" [").next().unwrap();
            assert!(spoken.chars().count() <= MAX_LENGTH, "{spoken}");
            for sign in ["*", "#", "`", "_", "\n", "  ", "- "] {
                assert!(!spoken.contains(sign), "{spoken}");
            }
            let last = spoken.chars().last().unwrap();
            assert!(
                matches!(last, '.' | '?'),
                "an answer ends as a sentence does: {spoken}"
            );
            writeln!(self.0, "  {}: {words}", language.code()).unwrap();
        }
    }

    pub(super) fn says(&mut self, about: &str, outcome: &dyn Outcome) {
        self.line(outcome.label(), about, |language| {
            let today = day("2026-11-24");
            let words = outcome.say(Voice { language, today });
            // Speech is cut where it is too long; here that must not happen.
            assert!(words.as_str().ends_with(['.', '?']), "{words}");
            match outcome.note() {
                Some(note) => format!("{words} [{}]", note.write(today, Denver)),
                None => words.to_string(),
            }
        });
    }

    pub(super) fn holds(self, name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/say")
            .join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &self.0).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            self.0 == expected,
            "{} is not what is said now:\n{}",
            path.display(),
            self.0
        );
    }
}

pub(super) fn services() -> Vec<Service> {
    [
        ("Drain cleaning", Some("Limpieza de drenaje")),
        ("Boiler repair", Some("Reparación de caldera")),
        (LONG_NAME, None),
        ("Water heater", Some("Calentador de agua")),
        ("One too many", None),
    ]
    .into_iter()
    .map(|(name, name_es)| Service {
        id: Uuid::nil(),
        name: name.to_owned(),
        name_es: name_es.map(str::to_owned),
        keywords: Vec::new(),
        ..Service::default()
    })
    .collect()
}
