//! Twilio's settings.

use clap::Args;
use secrecy::SecretString;
use url::Url;

use super::{SettingError, is_given, non_empty, secrets, url};

/// Twilio's settings, as they were given.
#[derive(Args, Clone)]
pub struct TwilioSettings {
    /// The Twilio account that sends and calls: AC and 32 hexadecimal digits.
    #[arg(
        long,
        env = "TWILIO_ACCOUNT_SID",
        value_name = "SID",
        default_value = ""
    )]
    pub twilio_account_sid: String,
    /// The account's auth token, which signs callbacks; a comma separates two live ones.
    #[arg(
        long,
        env = "TWILIO_AUTH_TOKEN",
        hide_env_values = true,
        value_name = "TOKENS",
        default_value = ""
    )]
    pub twilio_auth_token: String,
    /// An API key to use Twilio with instead of the auth token: SK and 32 hexadecimal digits.
    #[arg(long, env = "TWILIO_API_KEY", value_name = "SID", default_value = "")]
    pub twilio_api_key: String,
    /// The API key's secret.
    #[arg(
        long,
        env = "TWILIO_API_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        default_value = ""
    )]
    pub twilio_api_secret: String,
    /// Where Twilio's API is.
    #[arg(
        long,
        env = "TWILIO_API_URL",
        value_name = "URL",
        default_value = "https://api.twilio.com"
    )]
    pub twilio_api_url: String,
    /// The number that messages and calls come from.
    #[arg(long, env = "TWILIO_FROM", value_name = "NUMBER", default_value = "")]
    pub twilio_from: String,
    /// The messaging service that messages come from, instead of a number: MG and 32 hexadecimal digits.
    #[arg(
        long,
        env = "TWILIO_MESSAGING_SERVICE_SID",
        value_name = "SID",
        default_value = ""
    )]
    pub twilio_messaging_service_sid: String,
}

/// Twilio's settings, understood.
#[derive(Debug)]
pub struct TwilioConfig {
    /// The account.
    pub account_sid: Option<String>,
    /// The live auth tokens.
    pub auth_tokens: Vec<SecretString>,
    /// The API key and its secret.
    pub api_key: Option<(String, SecretString)>,
    /// Where the API is.
    pub api_url: Option<Url>,
    /// The number that messages and calls come from.
    pub from: Option<String>,
    /// The messaging service that messages come from.
    pub messaging_service_sid: Option<String>,
}

impl TwilioSettings {
    /// Understands Twilio's settings.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<TwilioConfig, SettingError> {
        let api_secret = SecretString::from(self.twilio_api_secret.as_str());
        let api_key = match (
            sid("TWILIO_API_KEY", &self.twilio_api_key, "SK")?,
            is_given(&api_secret),
        ) {
            (Some(key), true) => Some((key, api_secret)),
            (None, false) => None,
            (Some(_), false) => {
                return Err(SettingError::new(
                    "TWILIO_API_SECRET",
                    "",
                    "the secret that belongs to TWILIO_API_KEY",
                ));
            }
            (None, true) => {
                return Err(SettingError::new(
                    "TWILIO_API_KEY",
                    "",
                    "the key that TWILIO_API_SECRET belongs to",
                ));
            }
        };
        let from = non_empty(&self.twilio_from);
        if let Some(number) = from
            && crate::domain::phone::Phone::parse(number).is_err()
        {
            return Err(SettingError::new(
                "TWILIO_FROM",
                number,
                "a telephone number such as +13035550100",
            ));
        }
        Ok(TwilioConfig {
            account_sid: sid("TWILIO_ACCOUNT_SID", &self.twilio_account_sid, "AC")?,
            auth_tokens: secrets(&self.twilio_auth_token),
            api_key,
            api_url: url("TWILIO_API_URL", &self.twilio_api_url)?,
            from: from.map(str::to_owned),
            messaging_service_sid: sid(
                "TWILIO_MESSAGING_SERVICE_SID",
                &self.twilio_messaging_service_sid,
                "MG",
            )?,
        })
    }
}

/// A SID of Twilio's: two letters for its kind, then letters and digits. Twilio makes 32 hexadecimal ones, but promises no
/// form, so only what could break a URL is refused.
fn sid(name: &'static str, text: &str, kind: &str) -> Result<Option<String>, SettingError> {
    let Some(text) = non_empty(text) else {
        return Ok(None);
    };
    text.strip_prefix(kind)
        .filter(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric()))
        .map(|_| Some(text.to_owned()))
        .ok_or_else(|| SettingError::new(name, text, format!("{kind} and 32 hexadecimal digits")))
}
