//! What an organization does. Any trade may be entered; one that is a known one misspelt is refused, since services and words are told by it.

use anyhow::{bail, ensure};

/// The trades that are known, as they are stored.
const KNOWN: [&str; 18] = [
    "plumbing",
    "electrical",
    "hvac",
    "roofing",
    "landscaping",
    "cleaning",
    "painting",
    "carpentry",
    "flooring",
    "handyman",
    "locksmith",
    "moving",
    "pest control",
    "pool service",
    "tree service",
    "appliance repair",
    "garage doors",
    "general contracting",
];

/// The longest industry that is stored, in characters.
const MAX_LENGTH: usize = 50;

/// An industry as it is stored; refuses one that seems to be a known one misspelt.
pub(super) fn industry(name: &str, text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    ensure!(
        !text.is_empty(),
        "{name} is empty; it takes what the business does, such as plumbing"
    );
    ensure!(
        text.chars().count() <= MAX_LENGTH,
        "{name} is longer than {MAX_LENGTH} characters; it takes what the business does in a word or two, such as plumbing"
    );
    let folded = text.to_lowercase().replace(['_', '-'], " ");
    if let Some(known) = KNOWN.iter().find(|known| **known == folded) {
        return Ok((*known).to_owned());
    }
    if let Some(nearest) = KNOWN.iter().find(|known| is_like(&folded, known)) {
        bail!(
            "{name} is {text}; did you mean {nearest}? The known ones are {}, and any other word that is not almost one of them is taken",
            KNOWN.join(", ")
        );
    }
    Ok(text.to_owned())
}

/// Whether a word is another one with a slip or two, or another form of it: plumbin, electrcal, plumber.
fn is_like(word: &str, known: &str) -> bool {
    let slips = strsim::damerau_levenshtein(word, known);
    let beginning = word
        .chars()
        .zip(known.chars())
        .take_while(|(one, other)| one == other)
        .count();
    let allowed = match known.chars().count() {
        _ if beginning >= 5 => 3,
        ..=5 => 1,
        _ => 2,
    };
    slips <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_the_trade_that_is_meant_and_another_trade_is_taken() {
        for (text, meant) in [
            ("plumbin", "plumbing"),
            ("plumming", "plumbing"),
            ("Plumber", "plumbing"),
            ("electrcal", "electrical"),
            ("electrician", "electrical"),
            ("hvca", "hvac"),
            ("rofing", "roofing"),
            ("pest controll", "pest control"),
        ] {
            let refusal = industry("--industry", text).unwrap_err().to_string();
            assert!(
                refusal.contains(&format!("did you mean {meant}?")),
                "{refusal}"
            );
        }
        for (text, stored) in [
            ("plumbing", "plumbing"),
            ("HVAC", "hvac"),
            ("Pest-Control", "pest control"),
            ("electronics", "electronics"),
            ("septic tanks", "septic tanks"),
            ("chimney sweep", "chimney sweep"),
        ] {
            assert_eq!(industry("--industry", text).unwrap(), stored);
        }
        for text in ["", "  ", &"x".repeat(51)] {
            assert!(industry("--industry", text).is_err(), "{text}");
        }
    }
}
