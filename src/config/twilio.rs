//! Twilio's settings.

use clap::Args;
use secrecy::SecretString;
use url::Url;

use super::{
    SettingError,
    read::{Read, read},
    values::{Secrets, phone, secret, secure_url, strong_secrets},
};
use crate::domain::phone::Phone;

/// Twilio's settings, as they were given.
#[derive(Args, Clone)]
pub struct TwilioSettings {
    /// The Twilio account that sends and calls: AC and 32 hexadecimal digits.
    #[arg(long, env = "TWILIO_ACCOUNT_SID", value_name = "SID", value_parser = sid("AC"))]
    pub twilio_account_sid: Option<String>,
    /// The account's auth token, which signs callbacks; a comma separates two live ones.
    #[arg(long, env = "TWILIO_AUTH_TOKEN", hide_env_values = true, value_name = "TOKENS", value_parser = read(strong_secrets))]
    pub twilio_auth_token: Option<Secrets>,
    /// An API key to use Twilio with instead of the auth token: SK and 32 hexadecimal digits.
    #[arg(long, env = "TWILIO_API_KEY", value_name = "SID", value_parser = sid("SK"))]
    pub twilio_api_key: Option<String>,
    /// The API key's secret.
    #[arg(long, env = "TWILIO_API_SECRET", hide_env_values = true, value_name = "SECRET", value_parser = secret())]
    pub twilio_api_secret: Option<SecretString>,
    /// Where Twilio's API is.
    #[arg(long, env = "TWILIO_API_URL", value_name = "URL", default_value = "https://api.twilio.com", value_parser = read(secure_url))]
    pub twilio_api_url: Url,
    /// The number that messages and calls come from.
    #[arg(long, env = "TWILIO_FROM", value_name = "NUMBER", value_parser = read(phone))]
    pub twilio_from: Option<Phone>,
    /// The messaging service that messages come from, instead of a number: MG and 32 hexadecimal digits.
    #[arg(long, env = "TWILIO_MESSAGING_SERVICE_SID", value_name = "SID", value_parser = sid("MG"))]
    pub twilio_messaging_service_sid: Option<String>,
}

/// Twilio's settings, understood.
#[derive(Debug)]
pub struct TwilioConfig {
    /// Where the API is.
    pub api_url: Url,
    /// The service's own account, if it has one.
    pub account: Option<TwilioAccount>,
}

/// The service's own account at Twilio.
#[derive(Debug)]
pub struct TwilioAccount {
    /// The account.
    pub account_sid: String,
    /// The live auth tokens, which sign callbacks.
    pub auth_tokens: Vec<SecretString>,
    /// Who asks the API: the API key, else the account itself.
    pub user: String,
    /// The secret that belongs to it.
    pub secret: SecretString,
    /// The number that messages and calls come from.
    pub from: Option<Phone>,
    /// The messaging service that messages come from.
    pub messaging_service_sid: Option<String>,
}

impl TwilioSettings {
    /// Understands Twilio's settings.
    ///
    /// # Errors
    ///
    /// The setting that is missing beside the others.
    pub fn understand(self) -> Result<TwilioConfig, SettingError> {
        let missing = |name: &str, what: &str| SettingError::new(name, "", what);
        let api_key = match (self.twilio_api_key, self.twilio_api_secret) {
            (Some(key), Some(secret)) => Some((key, secret)),
            (None, None) => None,
            (Some(_), None) => {
                let what = "the secret that belongs to TWILIO_API_KEY";
                return Err(missing("TWILIO_API_SECRET", what));
            }
            (None, Some(_)) => {
                let what = "the key that TWILIO_API_SECRET belongs to";
                return Err(missing("TWILIO_API_KEY", what));
            }
        };
        let api_url = self.twilio_api_url;
        let Some(account_sid) = self.twilio_account_sid else {
            let account = None;
            return Ok(TwilioConfig { api_url, account });
        };
        let auth_tokens = self.twilio_auth_token.unwrap_or_default();
        let Some(token) = auth_tokens.first().cloned() else {
            let what = "the auth token of TWILIO_ACCOUNT_SID, which signs its callbacks";
            return Err(missing("TWILIO_AUTH_TOKEN", what));
        };
        if self.twilio_from.is_none() && self.twilio_messaging_service_sid.is_none() {
            let what = "the number of TWILIO_ACCOUNT_SID that messages and calls come from";
            return Err(missing("TWILIO_FROM", what));
        }
        let (user, secret) = api_key.unwrap_or((account_sid.clone(), token));
        let account = Some(TwilioAccount {
            account_sid,
            auth_tokens,
            user,
            secret,
            from: self.twilio_from,
            messaging_service_sid: self.twilio_messaging_service_sid,
        });
        Ok(TwilioConfig { api_url, account })
    }
}

/// A SID of Twilio's: two letters for its kind, then letters and digits. Twilio makes 32 hexadecimal ones, but promises no
/// form, so only what could break a URL is refused.
fn sid(kind: &'static str) -> Read<String> {
    read(move |name, text| {
        let rest = text.strip_prefix(kind).unwrap_or_default();
        if rest.is_empty() || !rest.chars().all(|c| c.is_ascii_alphanumeric()) {
            let allowed = format!("{kind} and 32 hexadecimal digits");
            return Err(SettingError::new(name, text, allowed));
        }
        Ok(text.to_owned())
    })
}
