//! How pressing a caller's request is.

use super::{
    fold,
    words::{Phrases, Words},
};

/// How pressing a request is; the order is that of the pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// It can wait for any day.
    Low,
    /// The usual course.
    Normal,
    /// Soon: today, or as soon as somebody can.
    High,
    /// Now: an emergency.
    Critical,
}

/// Words for how pressing it is. Spanish calls "urgencias" what English calls an emergency.
static WORDS: Phrases<Urgency> = Phrases::new(&[
    (
        Urgency::Low,
        "low, lowest, minor, baja, bajo, minima, leve, whenever",
    ),
    (
        Urgency::Normal,
        "normal, routine, medium, moderate, standard, regular, rutina, media, medio, mediana, \
         moderada, moderado",
    ),
    (
        Urgency::High,
        "high, urgent, urgente, asap, important, alta, alto, importante, pronto, prioritario",
    ),
    (
        Urgency::Critical,
        "critical, critica, critico, emergency, emergencia, urgencia, urgencias, lifethreatening, \
         severe, extreme, highest, immediate, inmediata, inmediato, grave, maxima",
    ),
]);

/// Several words that say one thing.
static PHRASES: Phrases<Urgency> = Phrases::new(&[
    (
        Urgency::Critical,
        "life threatening, life or death, vida o muerte, peligro de muerte, right now, \
         ahora mismo",
    ),
    (
        Urgency::High,
        "right away, as soon as possible, lo antes posible, cuanto antes",
    ),
    (Urgency::Low, "no rush|hurry, sin prisa, no hay prisa"),
]);
/// Words that turn a pressing word round; fewer than elsewhere, since "sin agua" is said of something pressing.
static DENIALS: Words = Words::new(&["no not never isnt non nothing nada"]);

impl Urgency {
    /// Reads an urgency as models and callers put it, in English or Spanish; `None` when nothing in it is known.
    ///
    /// Of several words the most pressing counts. "Not urgent" and "no es emergencia" are the usual course.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words = fold::words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some(urgency) = PHRASES.within(&words).max() {
            return Some(urgency);
        }
        let pressing = WORDS.within(&words).max()?;
        let denied = words.iter().any(|word| DENIALS.has(word));
        Some(if denied {
            pressing.min(Self::Normal)
        } else {
            pressing
        })
    }

    /// Its name, as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Its score in hundredths, 0 to 100: the schema stores a decimal from 0 to 1 with two places.
    #[must_use]
    pub fn score_hundredths(self) -> i16 {
        match self {
            Self::Low => 20,
            Self::Normal => 40,
            Self::High => 75,
            Self::Critical => 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Urgency::{self, Critical, High, Low, Normal};

    const ALL: [Urgency; 4] = [Low, Normal, High, Critical];

    #[test]
    fn urgency_is_understood_in_the_words_of_models_and_callers() {
        let table = [
            ("emergency", Some(Critical)),
            ("EMERGENCY!", Some(Critical)),
            ("it's an emergency", Some(Critical)),
            ("emergencia", Some(Critical)),
            ("urgente", Some(High)),
            ("es una urgencia", Some(Critical)),
            ("life threatening", Some(Critical)),
            ("life-threatening", Some(Critical)),
            ("critical", Some(Critical)),
            ("crítica", Some(Critical)),
            ("ahora mismo", Some(Critical)),
            ("urgent", Some(High)),
            ("high", Some(High)),
            ("High priority", Some(High)),
            ("ASAP", Some(High)),
            ("as soon as possible", Some(High)),
            ("lo antes posible", Some(High)),
            ("alta", Some(High)),
            ("routine", Some(Normal)),
            ("normal", Some(Normal)),
            ("medium", Some(Normal)),
            ("media", Some(Normal)),
            ("not urgent", Some(Normal)),
            ("non-urgent", Some(Normal)),
            ("not an emergency", Some(Normal)),
            ("no es urgente", Some(Normal)),
            ("low", Some(Low)),
            ("low priority", Some(Low)),
            ("baja", Some(Low)),
            ("no rush", Some(Low)),
            ("sin prisa", Some(Low)),
            ("", None),
            ("banana", None),
            ("highway", None),
        ];
        for (text, expected) in table {
            assert_eq!(Urgency::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_code_is_read_back() {
        for urgency in ALL {
            assert_eq!(Urgency::parse(urgency.code()), Some(urgency));
        }
    }

    #[test]
    fn the_score_rises_with_the_urgency_and_stays_within_one() {
        assert!(ALL.is_sorted());
        assert!(
            ALL.map(Urgency::score_hundredths)
                .is_sorted_by(|a, b| a < b)
        );
        assert!(
            ALL.iter()
                .all(|urgency| (0..=100).contains(&urgency.score_hundredths()))
        );
    }
}
