//! What a firm does, and which of it a caller means.

use serde::Deserialize;
use uuid::Uuid;

use super::{fold, language::Language};

/// Something that a firm comes to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: Uuid,
    /// What the firm calls it, in English.
    pub name: String,
    /// The same in Spanish, if the firm says.
    pub name_es: Option<String>,
    /// What callers call it besides.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Whether it is meant when a caller names none that is known.
    #[serde(default)]
    pub is_default: bool,
}

impl Service {
    /// Its name in a language; the English one where there is no other.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        match (language, &self.name_es) {
            (Language::Spanish, Some(name)) => name,
            _ => &self.name,
        }
    }

    /// All that it is called, in folded words.
    fn phrases(&self) -> impl Iterator<Item = Vec<String>> {
        [Some(&self.name), self.name_es.as_ref()]
            .into_iter()
            .flatten()
            .chain(&self.keywords)
            .map(|phrase| fold::words(phrase))
            .filter(|words| !words.is_empty())
    }
}

/// The services that words can mean: those called exactly that; else those whose longest name stands among the words; else
/// those in whose name the words stand. Several when nothing tells them apart, none when nothing fits.
#[must_use]
pub fn meant<'a>(services: &'a [Service], said: &str) -> Vec<&'a Service> {
    let said = fold::words(said);
    if said.is_empty() {
        return Vec::new();
    }
    let holds = |outer: &[String], inner: &[String]| {
        outer.windows(inner.len()).any(|window| window == inner)
    };
    // How well a service fits; the best are meant.
    let fit = |service: &Service| -> Option<(u8, usize)> {
        let phrases = service.phrases().filter_map(|phrase| {
            if phrase == said {
                Some((3, 0))
            } else if holds(&said, &phrase) {
                Some((2, phrase.len()))
            } else if holds(&phrase, &said) {
                Some((1, 0))
            } else {
                None
            }
        });
        phrases.max()
    };
    let fits: Vec<_> = services
        .iter()
        .filter_map(|service| Some((fit(service)?, service)))
        .collect();
    let best = fits.iter().map(|(fit, _)| *fit).max();
    fits.into_iter()
        .filter(|(fit, _)| Some(*fit) == best)
        .map(|(_, service)| service)
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Service, meant};

    fn service(name: &str, name_es: &str, keywords: &[&str]) -> Service {
        Service {
            id: Uuid::nil(),
            name: name.to_owned(),
            name_es: Some(name_es.to_owned()),
            keywords: keywords.iter().map(ToString::to_string).collect(),
            is_default: false,
        }
    }

    #[test]
    fn a_service_is_known_by_its_names_whole_or_in_part() {
        let services = [
            service("Drain cleaning", "Limpieza de drenaje", &["clogged drain"]),
            service("Boiler repair", "Reparación de caldera", &[]),
            service("Boiler installation", "Instalación de caldera", &[]),
            service("Repair", "Reparación", &[]),
        ];
        for (said, expected) in [
            ("drain cleaning", vec!["Drain cleaning"]),
            ("LIMPIEZA de drenaje", vec!["Drain cleaning"]),
            (
                "I have a clogged drain in the kitchen",
                vec!["Drain cleaning"],
            ),
            ("drain", vec!["Drain cleaning"]),
            ("reparacion de caldera", vec!["Boiler repair"]),
            ("repair", vec!["Repair"]),
            ("a boiler repair, please", vec!["Boiler repair"]),
            ("boiler", vec!["Boiler repair", "Boiler installation"]),
            ("caldera", vec!["Boiler repair", "Boiler installation"]),
            ("painting", vec![]),
            ("", vec![]),
            ("  ?! ", vec![]),
        ] {
            let names: Vec<&str> = meant(&services, said)
                .iter()
                .map(|service| service.name.as_str())
                .collect();
            assert_eq!(names, expected, "{said}");
        }
    }
}
