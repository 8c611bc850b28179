//! The languages that callers are answered in.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::fold;

/// A text in a language, with the values that it names: `say!(language, "Hello {name}.", "Hola, {name}.")`.
///
/// Only the text of that language is put together. One without values is [`Language::pick`]ed.
macro_rules! say {
    ($language:expr, $english:literal, $spanish:literal $(,)?) => {
        match $language {
            $crate::domain::language::Language::English => format!($english),
            $crate::domain::language::Language::Spanish => format!($spanish),
        }
    };
}
pub(crate) use say;

/// A language that the service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English, as spoken in the United States.
    #[serde(rename = "en")]
    English,
    /// Spanish, as spoken in the Americas.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// Reads a language tag (`en`, `es-MX`) or a language's name in either language.
    ///
    /// A name anywhere in the text counts before a tag, since "en español" begins with the tag of English. Text that
    /// names both languages, or neither, is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words = fold::words(text);
        let named = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
        let english = named(&["english", "ingles", "inglesa"]);
        let spanish = named(&["spanish", "espanol", "espanola", "castellano"]);
        if english && spanish {
            return None;
        }
        if english {
            return Some(Self::English);
        }
        if spanish {
            return Some(Self::Spanish);
        }
        // A tag is a language, and perhaps a script and a region (RFC 5646); longer text is a sentence.
        match words.first()?.as_str() {
            _ if words.len() > 3 => None,
            "en" | "eng" => Some(Self::English),
            "es" | "spa" | "esp" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// The language of a stored tag; English where there is none that is known.
    #[must_use]
    pub fn stored(tag: Option<&str>) -> Self {
        tag.and_then(Self::parse).unwrap_or(Self::English)
    }

    /// The language that a text is written in, by the small words of both; `None` when they do not tell.
    #[must_use]
    pub fn of_words(text: &str) -> Option<Self> {
        const ENGLISH: &[&str] = &[
            "an", "and", "are", "at", "from", "i", "in", "is", "it", "my", "of", "on", "our",
            "smell", "smells", "strong", "the", "there", "we", "with", "fire", "smoke", "has",
            "have", "was", "but", "because", "this", "that", "im", "cant", "house", "down", "fell",
        ];
        const SPANISH: &[&str] = &[
            "con", "de", "del", "desde", "el", "en", "es", "esta", "estan", "fuego", "fuerte",
            "hay", "huele", "la", "las", "lo", "los", "mi", "mucho", "olor", "por", "que", "se",
            "un", "una", "y", "humo", "al", "su", "pero", "porque", "tengo", "tiene", "tenemos",
            "dio", "cayo", "sale", "salen", "casa", "ya", "nos", "lumbre", "auxilio",
        ];
        let words = fold::words(text);
        let count = |known: &[&str]| {
            words
                .iter()
                .filter(|word| known.contains(&word.as_str()))
                .count()
        };
        match count(ENGLISH).cmp(&count(SPANISH)) {
            Ordering::Greater => Some(Self::English),
            Ordering::Less => Some(Self::Spanish),
            Ordering::Equal => None,
        }
    }

    /// What there is for this language.
    #[must_use]
    pub fn pick<T>(self, english: T, spanish: T) -> T {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }

    /// Its two-letter code (ISO 639-1), as it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("en", "es")
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, Spanish};

    #[test]
    fn tags_and_names_are_understood_in_either_language() {
        let table = [
            ("en", Some(English)),
            ("EN", Some(English)),
            ("en-US", Some(English)),
            ("EN_us", Some(English)),
            (" english ", Some(English)),
            ("Inglés", Some(English)),
            ("ingles", Some(English)),
            ("English, please", Some(English)),
            ("es", Some(Spanish)),
            ("es-MX", Some(Spanish)),
            ("es_419", Some(Spanish)),
            ("es-Latn-MX", Some(Spanish)),
            ("Spanish", Some(Spanish)),
            ("español", Some(Spanish)),
            ("espanol", Some(Spanish)),
            ("en español por favor", Some(Spanish)),
            ("I would like to speak Spanish", Some(Spanish)),
            ("fr", None),
            ("est", None),
            ("multi", None),
            ("english and spanish", None),
            ("es un problema muy grande", None),
            ("", None),
            ("-", None),
        ];
        for (text, expected) in table {
            assert_eq!(Language::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_small_words_tell_the_language_of_a_text() {
        let table = [
            ("There is a strong smell of gas", Some(English)),
            ("strong smell of gas", Some(English)),
            ("Hay un olor fuerte a gas", Some(Spanish)),
            ("huele a gas", Some(Spanish)),
            ("La casa se quema", Some(Spanish)),
            ("me dio toques", Some(Spanish)),
            ("cayó un cable", Some(Spanish)),
            ("a wire fell down", Some(English)),
            ("agua", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(Language::of_words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_language_is_written_as_its_code_and_read_back() {
        for language in [English, Spanish] {
            assert_eq!(Language::parse(language.code()), Some(language));
            let written = serde_json::to_string(&language).unwrap();
            assert_eq!(written, format!("{:?}", language.code()));
            assert_eq!(
                serde_json::from_str::<Language>(&written).unwrap(),
                language
            );
        }
    }
}
