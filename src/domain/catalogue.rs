//! What an organization does, and which of it a caller means.

mod fit;
mod trade;

use serde::Deserialize;
use uuid::Uuid;

use self::fit::{Fit, Said, Strength};
use super::{fold, language::Language};

#[cfg(test)]
mod tests;

/// Something that an organization comes to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Service {
    /// Its id.
    pub id: Uuid,
    /// What the organization calls it, in English.
    pub name: String,
    /// The same in Spanish, if the organization says.
    pub name_es: Option<String>,
    /// What callers call it besides.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Whether it is meant when a caller names none that is known.
    #[serde(default)]
    pub is_default: bool,
    /// How long it takes, in minutes.
    #[serde(default)]
    pub duration_minutes: i64,
    /// Minutes that must be free before it; without it as many as before any appointment.
    #[serde(default)]
    pub buffer_before_minutes: Option<i64>,
    /// The same after it.
    #[serde(default)]
    pub buffer_after_minutes: Option<i64>,
    /// What a crew must be able to do.
    #[serde(default)]
    pub required_skill: Option<String>,
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

/// The services that words can mean.
///
/// A service that is called exactly that is meant; else those whose names stand among the words, and beside them those that the words mean
/// elsewhere in the sentence ("drain cleaning, and fix the faucet"); else those whose names the words of the trade mean ("leaky faucet" is
/// faucet repair); else those whose thing is named. Of two, one whose words are all the other's gives way. Several when nothing tells them
/// apart or more than one is asked for, none when nothing fits.
#[must_use]
pub fn meant<'a>(services: &'a [Service], said: &str) -> Vec<&'a Service> {
    let Some(said) = Said::read(said) else {
        return Vec::new();
    };
    let exact: Vec<&Service> = services
        .iter()
        .filter(|service| said.is_name_of(service))
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let fits: Vec<(Fit, &Service)> = services
        .iter()
        .filter_map(|service| Some((said.fit(service)?, service)))
        .collect();
    fits.iter()
        .filter(|(fit, _)| fits.iter().all(|(other, _)| !gives_way(fit, other)))
        .map(|(_, service)| *service)
        .collect()
}

/// Whether a service is not meant because of another one.
fn gives_way(fit: &Fit, other: &Fit) -> bool {
    if other.strength > fit.strength {
        // What fits less counts where the better one has nothing to say.
        return match fit.strength {
            Strength::Part => !fit.clauses.is_disjoint(&other.clauses),
            _ => !fit.places.is_disjoint(&other.places),
        };
    }
    other.strength == fit.strength
        && fit.places.is_subset(&other.places)
        && fit.places != other.places
}
