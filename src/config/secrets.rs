//! The keys that encrypt organizations' credentials in the database.

use clap::Args;

use super::{SettingError, read::read, values::secrets};
use crate::keyring::Keyring;

/// The keys.
#[derive(Args, Clone)]
pub struct SecretsSettings {
    /// The key that encrypts organizations' credentials in the database: base64 of 32 bytes; a comma separates older ones,
    /// which still open what they sealed.
    #[arg(long, env = "FRONTDESK_SECRETS_KEY", hide_env_values = true, value_name = "KEYS", value_parser = read(keyring))]
    pub secrets_key: Option<Keyring>,
}

fn keyring(name: &str, text: &str) -> Result<Keyring, SettingError> {
    let allowed =
        "base64 of 32 random bytes, as `frontdesk secrets new-key` prints; a comma separates two";
    Keyring::read(&secrets(text)).map_err(|_position| SettingError::secret(name, allowed))
}

impl SecretsSettings {
    /// The keys; there may be none.
    #[must_use]
    pub fn keyring(&self) -> Keyring {
        self.secrets_key.clone().unwrap_or_default()
    }
}
