//! Encrypts credentials for the time that they lie in the database: XChaCha20-Poly1305, with keys from the environment.
//!
//! The newest key seals, every key opens, so that a key is replaced without a moment in which something cannot be read. What
//! is sealed is bound to its organization and its name: moved to another row it does not open.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The keys of this process, newest first; without any nothing can be sealed or opened.
#[derive(Clone, Default)]
pub struct Keyring(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Whose credential it is, and which.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The organization.
    pub organization_id: Uuid,
    /// The credential's name, such as `twilio_auth_token`.
    pub name: &'a str,
}

/// A credential as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Base64 of nonce and ciphertext.
    pub text: String,
    /// Which key sealed it.
    pub key_id: String,
}

/// Why a credential cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no key.
    #[error("FRONTDESK_SECRETS_KEY is not set; make a key with `frontdesk secrets new-key`")]
    NoKey,
    /// The key that sealed it is not among those of this process.
    #[error("it was sealed with the key {0}, which is not in FRONTDESK_SECRETS_KEY")]
    UnknownKey(String),
    /// It was not sealed with this key for this place, or was changed since.
    #[error("it does not open with the key {0}: it was changed, or belongs elsewhere")]
    Forged(String),
    /// The machine gave no random numbers.
    #[error("the machine gives no random numbers")]
    NoRandomness,
}

impl Keyring {
    /// Reads keys: base64 of 32 bytes each, newest first.
    ///
    /// # Errors
    ///
    /// The position, from 1, of the first that is no key.
    pub fn read(keys: &[SecretString]) -> Result<Self, usize> {
        keys.iter()
            .enumerate()
            .map(|(nth, text)| Key::read(text).ok_or(nth + 1))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn newest(&self) -> Option<&str> {
        self.0.first().map(|key| key.id.as_str())
    }

    /// Encrypts a credential with the newest key.
    ///
    /// # Errors
    ///
    /// [`KeyringError::NoKey`], or [`KeyringError::NoRandomness`].
    pub fn seal(&self, place: Place<'_>, secret: &SecretString) -> Result<Sealed, KeyringError> {
        let key = self.0.first().ok_or(KeyringError::NoKey)?;
        let nonce: [u8; NONCE_BYTES] = random()?;
        let sealed = key
            .cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: secret.expose_secret().as_bytes(),
                    aad: place.to_string().as_bytes(),
                },
            )
            .map_err(|_opaque| KeyringError::Forged(key.id.clone()))?;
        Ok(Sealed {
            text: STANDARD.encode([nonce.as_slice(), &sealed].concat()),
            key_id: key.id.clone(),
        })
    }

    /// Decrypts a credential.
    ///
    /// # Errors
    ///
    /// [`KeyringError::UnknownKey`] or [`KeyringError::Forged`].
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<SecretString, KeyringError> {
        let key = self
            .0
            .iter()
            .find(|key| key.id == sealed.key_id)
            .ok_or_else(|| KeyringError::UnknownKey(sealed.key_id.clone()))?;
        let forged = || KeyringError::Forged(key.id.clone());
        let bytes = STANDARD.decode(&sealed.text).ok().ok_or_else(forged)?;
        let (nonce, ciphertext) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(forged)?;
        let opened = key
            .cipher
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: place.to_string().as_bytes(),
                },
            )
            .ok()
            .ok_or_else(forged)?;
        String::from_utf8(opened)
            .ok()
            .map(SecretString::from)
            .ok_or_else(forged)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.0.iter().map(|key| &key.id))
            .finish()
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.organization_id, self.name)
    }
}

impl Key {
    fn read(text: &SecretString) -> Option<Self> {
        let bytes = STANDARD.decode(text.expose_secret().trim()).ok()?;
        let bytes: [u8; KEY_BYTES] = bytes.try_into().ok()?;
        // Of a key of 256 random bits its digest tells nothing but which one it is.
        let digest = hex::encode(Sha256::digest(bytes));
        Some(Self {
            id: digest.chars().take(8).collect(),
            cipher: XChaCha20Poly1305::new(&bytes.into()),
        })
    }
}

/// A new key, in the form that `FRONTDESK_SECRETS_KEY` takes.
///
/// # Errors
///
/// [`KeyringError::NoRandomness`].
pub fn new_key() -> Result<SecretString, KeyringError> {
    Ok(SecretString::from(STANDARD.encode(random::<KEY_BYTES>()?)))
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], KeyringError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|_unavailable| KeyringError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place {
        organization_id: Uuid::nil(),
        name: "twilio_auth_token",
    };

    fn keyring(keys: &[&SecretString]) -> Keyring {
        let keys: Vec<SecretString> = keys.iter().map(|key| (*key).clone()).collect();
        Keyring::read(&keys).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let keyring = keyring(&[&new_key().unwrap()]);
        let sealed = keyring.seal(PLACE, &"s3cret".into()).unwrap();

        assert_eq!(
            keyring.open(PLACE, &sealed).unwrap().expose_secret(),
            "s3cret"
        );
        for elsewhere in [
            Place {
                name: "calendly_api_key",
                ..PLACE
            },
            Place {
                organization_id: Uuid::max(),
                ..PLACE
            },
        ] {
            assert_eq!(
                keyring.open(elsewhere, &sealed).unwrap_err(),
                KeyringError::Forged(sealed.key_id.clone())
            );
        }
    }

    #[test]
    fn no_two_seals_of_one_secret_are_alike() {
        let keyring = keyring(&[&new_key().unwrap()]);
        let seal = || keyring.seal(PLACE, &"s3cret".into()).unwrap().text;

        assert_ne!(seal(), seal());
        assert!(
            !STANDARD
                .decode(seal())
                .unwrap()
                .windows(6)
                .any(|part| part == b"s3cret")
        );
    }

    #[test]
    fn a_bit_that_was_changed_is_noticed_wherever_it_is() {
        let keyring = keyring(&[&new_key().unwrap()]);
        let sealed = keyring.seal(PLACE, &"s3cret".into()).unwrap();
        let bytes = STANDARD.decode(&sealed.text).unwrap();

        for nth in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[nth] ^= 1;
            let changed = Sealed {
                text: STANDARD.encode(changed),
                ..sealed.clone()
            };
            assert!(keyring.open(PLACE, &changed).is_err(), "byte {nth}");
        }
        for short in ["", "AAAA", "not base64"] {
            let short = Sealed {
                text: short.to_owned(),
                ..sealed.clone()
            };
            assert!(keyring.open(PLACE, &short).is_err());
        }
    }

    #[test]
    fn the_newest_key_seals_and_the_older_ones_still_open() {
        let (old, new) = (new_key().unwrap(), new_key().unwrap());
        let sealed = keyring(&[&old]).seal(PLACE, &"s3cret".into()).unwrap();
        let both = keyring(&[&new, &old]);

        assert_eq!(both.open(PLACE, &sealed).unwrap().expose_secret(), "s3cret");
        let again = both.seal(PLACE, &"s3cret".into()).unwrap();
        assert_eq!(Some(again.key_id.as_str()), both.newest());
        assert_eq!(
            keyring(&[&old]).open(PLACE, &again).unwrap_err(),
            KeyringError::UnknownKey(again.key_id)
        );
    }

    #[test]
    fn what_is_no_key_is_named_by_its_position_and_nothing_is_shown() {
        let good = new_key().unwrap();
        for bad in ["short", "c2hvcnQ=", ""] {
            assert_eq!(Keyring::read(&[good.clone(), bad.into()]).unwrap_err(), 2);
        }
        let shown = format!("{:?}", keyring(&[&good]));
        assert!(!shown.contains(good.expose_secret()), "{shown}");
    }

    #[test]
    fn without_a_key_nothing_is_sealed() {
        assert_eq!(
            Keyring::default()
                .seal(PLACE, &"s3cret".into())
                .unwrap_err(),
            KeyringError::NoKey
        );
    }
}
