//! Names, trades, e-mail addresses and telephone numbers, as the commands take them. Each is read under the name of its option.

use anyhow::{anyhow, bail, ensure};

use crate::domain::{language::Language, phone::Phone};

/// The longest name or address that is stored, in characters.
const MAX_LENGTH: usize = 255;

/// A name as it is stored; refuses an empty one.
pub(super) fn name(option: &str, text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    ensure!(
        text.chars().any(char::is_alphanumeric),
        "{option} is empty; it takes a name, as it may be spoken"
    );
    ensure!(
        text.chars().count() <= MAX_LENGTH,
        "{option} is longer than {MAX_LENGTH} characters; it takes a name, as it may be spoken"
    );
    ensure!(
        !text.chars().any(char::is_control),
        "{option} has a line break or another character that cannot be spoken"
    );
    Ok(text.to_owned())
}

/// An e-mail address as it is stored; refuses what cannot be one. Only a message to it could tell more.
pub(super) fn email(option: &str, text: &str) -> anyhow::Result<String> {
    let address = text.trim();
    let is_domain = |host: &str| {
        host.contains('.') && host.split('.').all(|label| !label.is_empty()) && !host.contains("..")
    };
    let parts = address.rsplit_once('@');
    ensure!(
        address.len() <= MAX_LENGTH
            && address.parse::<lettre::Address>().is_ok()
            && parts.is_some_and(|(_, host)| is_domain(host)),
        "{option} is {text}; it takes an address, as in dana@example.com"
    );
    Ok(address.to_owned())
}

/// The SID of a Twilio account as it is stored; empty for none.
pub(super) fn account(name: &str, text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    let rest = text.strip_prefix("AC").unwrap_or_default();
    ensure!(
        text.is_empty()
            || (!rest.is_empty()
                && rest.len() <= MAX_LENGTH - 2
                && rest.chars().all(|c| c.is_ascii_alphanumeric())),
        "{name} is {text}; it takes AC and 32 hexadecimal digits, or nothing"
    );
    Ok(text.to_owned())
}

/// A telephone number as it is stored.
pub(super) fn phone(text: &str) -> anyhow::Result<String> {
    let phone = Phone::parse(text).map_err(|_problem| {
        anyhow!(
            "{text} is not a telephone number; write it with its country code, as in +13035550100"
        )
    })?;
    Ok(phone.as_str().to_owned())
}

/// A time zone by its name.
pub(super) fn zone(option: &str, text: &str) -> anyhow::Result<chrono_tz::Tz> {
    text.parse().map_err(|_unknown| {
        anyhow!("{option} is {text}; it takes an IANA zone, as in America/Denver")
    })
}

/// A language that callers are answered in.
pub(super) fn language(option: &str, text: &str) -> anyhow::Result<Language> {
    Language::parse(text).ok_or_else(|| anyhow!("{option} is {text}; allowed are en and es"))
}

/// What is listed between commas.
pub type Words = Vec<String>;

/// What is listed between commas, without blank entries.
pub(super) fn words(text: &str) -> Words {
    let parts = text.split(',').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

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
const MAX_INDUSTRY: usize = 50;

/// An industry as it is stored. Any trade is accepted; one that seems to be a known one misspelt is refused, since services and words
/// depend on it.
pub(super) fn industry(name: &str, text: &str) -> anyhow::Result<String> {
    let text = text.trim();
    ensure!(
        !text.is_empty(),
        "{name} is empty; it takes what the business does, such as plumbing"
    );
    ensure!(
        text.chars().count() <= MAX_INDUSTRY,
        "{name} is longer than {MAX_INDUSTRY} characters; it takes what the business does in a word or two, such as plumbing"
    );
    let folded = text.to_lowercase().replace(['_', '-'], " ");
    if let Some(known) = KNOWN.iter().find(|known| **known == folded) {
        return Ok((*known).to_owned());
    }
    if let Some(nearest) = KNOWN.iter().find(|known| is_like(&folded, known)) {
        bail!(
            "{name} is {text}; did you mean {nearest}? The known ones are {}, and any other word that is not almost one of them is accepted",
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
    fn what_cannot_be_an_address_is_refused() {
        for text in [
            "dana",
            "dana@",
            "@example.com",
            "dana@example",
            "dana@example..com",
            "dana@.com",
            "dana ruiz@example.com",
            "dana@exa mple.com",
            "dana@b@example.com",
            "",
        ] {
            assert!(email("--email", text).is_err(), "{text}");
        }
        for text in ["dana@example.com", " dana.ruiz+on-call@mail.example.co.uk "] {
            assert_eq!(email("--email", text).unwrap(), text.trim());
        }
    }

    #[test]
    fn a_name_without_a_letter_is_empty() {
        for text in ["", "  ", "--", "a\nb", &"x".repeat(256)] {
            assert!(name("--name", text).is_err(), "{text}");
        }
        assert_eq!(name("--name", " Peña & Söhne ").unwrap(), "Peña & Söhne");
    }

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
