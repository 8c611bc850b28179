//! How pressing a caller's request is.

use super::fold;

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

/// Words that say that the matter can wait.
const LOW: &[&str] = &[
    "low", "lowest", "minor", "baja", "bajo", "minima", "leve", "whenever",
];
/// Words for the usual course.
const NORMAL: &[&str] = &[
    "normal", "routine", "medium", "moderate", "standard", "regular", "rutina", "media", "medio",
    "mediana", "moderada", "moderado",
];
/// Words for soon.
const HIGH: &[&str] = &[
    "high",
    "urgent",
    "urgente",
    "asap",
    "important",
    "alta",
    "alto",
    "importante",
    "pronto",
    "prioritario",
];
/// Words for now. Spanish calls "urgencias" what English calls an emergency.
const CRITICAL: &[&str] = &[
    "critical",
    "critica",
    "critico",
    "emergency",
    "emergencia",
    "urgencia",
    "urgencias",
    "lifethreatening",
    "severe",
    "extreme",
    "highest",
    "immediate",
    "inmediata",
    "inmediato",
    "grave",
    "maxima",
];
/// Several words that say one thing.
const PHRASES: &[(&str, Urgency)] = &[
    ("life threatening", Urgency::Critical),
    ("life or death", Urgency::Critical),
    ("vida o muerte", Urgency::Critical),
    ("peligro de muerte", Urgency::Critical),
    ("right now", Urgency::Critical),
    ("ahora mismo", Urgency::Critical),
    ("right away", Urgency::High),
    ("as soon as possible", Urgency::High),
    ("lo antes posible", Urgency::High),
    ("cuanto antes", Urgency::High),
    ("no rush", Urgency::Low),
    ("no hurry", Urgency::Low),
    ("sin prisa", Urgency::Low),
    ("no hay prisa", Urgency::Low),
];
/// Words that turn a pressing word round.
const DENIALS: &[&str] = &["not", "non", "no", "isnt", "nothing", "never", "nada"];

impl Urgency {
    /// Reads an urgency as models and callers put it, in English or Spanish; `None` when nothing in it is known.
    ///
    /// Of several words the most pressing counts. "Not urgent" and "no es emergencia" are the usual course.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words = fold::words(text);
        let joined = format!(" {} ", words.join(" "));
        let phrase = PHRASES
            .iter()
            .filter(|(phrase, _)| joined.contains(&format!(" {phrase} ")))
            .map(|&(_, urgency)| urgency)
            .max();
        if phrase.is_some() {
            return phrase;
        }
        let pressing = words.iter().filter_map(|word| Self::of(word)).max()?;
        let denied = words.iter().any(|word| DENIALS.contains(&word.as_str()));
        Some(if denied {
            pressing.min(Self::Normal)
        } else {
            pressing
        })
    }

    fn of(word: &str) -> Option<Self> {
        [
            (CRITICAL, Self::Critical),
            (HIGH, Self::High),
            (NORMAL, Self::Normal),
            (LOW, Self::Low),
        ]
        .into_iter()
        .find(|(known, _)| known.contains(&word))
        .map(|(_, urgency)| urgency)
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
