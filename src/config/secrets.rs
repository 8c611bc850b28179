//! The keys that encrypt organizations' credentials in the database.

use clap::Args;

use super::{SettingError, secrets};
use crate::keyring::Keyring;

/// The keys, as they were given.
#[derive(Args, Clone)]
pub struct SecretsSettings {
    /// The key that encrypts organizations' credentials in the database: base64 of 32 bytes; a comma separates older ones,
    /// which still open what they sealed.
    #[arg(
        long,
        env = "FRONTDESK_SECRETS_KEY",
        hide_env_values = true,
        value_name = "KEYS",
        default_value = ""
    )]
    pub secrets_key: String,
}

impl SecretsSettings {
    /// Reads the keys; there may be none.
    ///
    /// # Errors
    ///
    /// When one of them is no key.
    pub fn understand(&self) -> Result<Keyring, SettingError> {
        Keyring::read(&secrets(&self.secrets_key)).map_err(|_position| {
            SettingError::secret(
                "FRONTDESK_SECRETS_KEY",
                "base64 of 32 random bytes, as `frontdesk secrets new-key` prints; a comma separates two",
            )
        })
    }
}
