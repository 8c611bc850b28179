//! Names and e-mail addresses, as the commands take them.

use anyhow::ensure;

/// The longest name or address that is stored, in characters.
const MAX_LENGTH: usize = 255;

/// A name as it is stored; refuses an empty one.
pub(super) fn name<'a>(option: &str, text: &'a str) -> anyhow::Result<&'a str> {
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
    Ok(text)
}

/// An e-mail address as it is stored; refuses what cannot be one. Only a message to it could tell more.
pub(super) fn email<'a>(option: &str, text: &'a str) -> anyhow::Result<&'a str> {
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
    Ok(address)
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
}
