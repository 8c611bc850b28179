//! Time zones as people call them.

use chrono_tz::Tz;

use crate::domain::language::Language;

/// A zone in a sentence of its own: "That is Mountain time.", "Es la hora de la montaña.". Where it has no name that everybody
/// knows, it is that of its city.
#[must_use]
pub fn zone_sentence(zone: Tz, language: Language) -> String {
    let city = zone
        .name()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace('_', " ");
    let known = match zone.name() {
        "America/New_York" | "America/Detroit" | "America/Toronto" | "US/Eastern" => {
            Some(("Eastern", "del Este"))
        }
        "America/Chicago" | "US/Central" => Some(("Central", "del Centro")),
        "America/Denver" | "America/Boise" | "US/Mountain" => Some(("Mountain", "de la montaña")),
        "America/Phoenix" | "US/Arizona" => Some(("Arizona", "de Arizona")),
        "America/Los_Angeles" | "US/Pacific" => Some(("Pacific", "del Pacífico")),
        "America/Anchorage" | "US/Alaska" => Some(("Alaska", "de Alaska")),
        "Pacific/Honolulu" | "US/Hawaii" => Some(("Hawaii", "de Hawái")),
        _ => None,
    };
    match (language, known) {
        (Language::English, Some((name, _))) => format!("That is {name} time."),
        (Language::Spanish, Some((_, name))) => format!("Es la hora {name}."),
        (Language::English, None) => format!("That is {city} time."),
        (Language::Spanish, None) => format!("Es la hora de {city}."),
    }
}

#[cfg(test)]
mod tests {
    use super::zone_sentence;
    use crate::domain::language::Language::{English, Spanish};

    #[test]
    fn a_zone_is_called_as_people_call_it() {
        for (zone, english, spanish) in [
            (
                "America/Denver",
                "That is Mountain time.",
                "Es la hora de la montaña.",
            ),
            (
                "America/Puerto_Rico",
                "That is Puerto Rico time.",
                "Es la hora de Puerto Rico.",
            ),
            (
                "America/Indiana/Indianapolis",
                "That is Indianapolis time.",
                "Es la hora de Indianapolis.",
            ),
        ] {
            assert_eq!(zone_sentence(zone.parse().unwrap(), English), english);
            assert_eq!(zone_sentence(zone.parse().unwrap(), Spanish), spanish);
        }
    }
}
