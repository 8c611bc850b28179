//! The token in a feed's address. Whoever has it reads the feed, so that only its hash is stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// How many bytes of chance a token has.
const BYTES: usize = 32;

/// The token of a feed. Its text is never shown by `Debug`.
#[derive(Clone, Debug)]
pub struct Token(SecretString);

impl Token {
    /// A new one.
    ///
    /// # Errors
    ///
    /// When the machine gives no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut random = [0_u8; BYTES];
        getrandom::fill(&mut random)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(random).into()))
    }

    /// Reads one in an address; `None` for what was never one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == BYTES).then(|| Self(text.into()))
    }

    /// The address of its feed, below the service's own.
    #[must_use]
    pub fn address(&self, public_url: &str) -> String {
        format!(
            "{}/calendar/feed/{}.ics",
            public_url.trim_end_matches('/'),
            self.0.expose_secret()
        )
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.expose_secret().as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_again_by_its_address() {
        let token = Token::random().unwrap();
        let address = token.address("https://calls.example.com/");
        let text = address
            .strip_prefix("https://calls.example.com/calendar/feed/")
            .and_then(|rest| rest.strip_suffix(".ics"))
            .unwrap();
        assert_eq!(text.len(), 43);
        assert_eq!(Token::parse(text).unwrap().hash(), token.hash());
        assert_ne!(Token::random().unwrap().hash(), token.hash());
        assert!(!format!("{token:?}").contains(text));
    }

    #[test]
    fn what_has_another_form_is_no_token() {
        let token = "A".repeat(43);
        assert!(Token::parse(&token).is_some());
        for text in [
            "",
            "A",
            &"A".repeat(42),
            &"A".repeat(44),
            &format!("{}=", &token),
            &format!("{}+", "A".repeat(42)),
            &format!("{}B", "A".repeat(42)),
            &format!("{}ü", "A".repeat(41)),
            &"A".repeat(10_000),
        ] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }
}
