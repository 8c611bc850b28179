//! Twilio's settings.

use clap::Args;
use secrecy::SecretString;
use url::Url;

use super::{SettingError, is_given, non_empty, secure_url, strong_secrets};
use crate::domain::phone::Phone;

/// Where Twilio's API is, unless it is said otherwise.
const API_URL: &str = "https://api.twilio.com";

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
        default_value = API_URL
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
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<TwilioConfig, SettingError> {
        let api_url = non_empty(&self.twilio_api_url).unwrap_or(API_URL);
        let api_key = self.api_key()?;
        let from = self.from()?;
        let messaging_service_sid = sid(
            "TWILIO_MESSAGING_SERVICE_SID",
            &self.twilio_messaging_service_sid,
            "MG",
        )?;
        let auth_tokens = strong_secrets("TWILIO_AUTH_TOKEN", &self.twilio_auth_token)?;
        let account = match sid("TWILIO_ACCOUNT_SID", &self.twilio_account_sid, "AC")? {
            None => None,
            Some(account_sid) => {
                let Some(token) = auth_tokens.first().cloned() else {
                    return Err(SettingError::new(
                        "TWILIO_AUTH_TOKEN",
                        "",
                        "the auth token of TWILIO_ACCOUNT_SID, which signs its callbacks",
                    ));
                };
                if from.is_none() && messaging_service_sid.is_none() {
                    return Err(SettingError::new(
                        "TWILIO_FROM",
                        "",
                        "the number of TWILIO_ACCOUNT_SID that messages and calls come from",
                    ));
                }
                let (user, secret) = api_key.unwrap_or((account_sid.clone(), token));
                Some(TwilioAccount {
                    account_sid,
                    auth_tokens,
                    user,
                    secret,
                    from,
                    messaging_service_sid,
                })
            }
        };
        Ok(TwilioConfig {
            api_url: secure_url("TWILIO_API_URL", api_url)?.ok_or_else(|| {
                SettingError::new(
                    "TWILIO_API_URL",
                    api_url,
                    format!("an address such as {API_URL}"),
                )
            })?,
            account,
        })
    }

    /// The API key and its secret: both or neither.
    fn api_key(&self) -> Result<Option<(String, SecretString)>, SettingError> {
        let secret = SecretString::from(self.twilio_api_secret.as_str());
        match (
            sid("TWILIO_API_KEY", &self.twilio_api_key, "SK")?,
            is_given(&secret),
        ) {
            (Some(key), true) => Ok(Some((key, secret))),
            (None, false) => Ok(None),
            (Some(_), false) => Err(SettingError::new(
                "TWILIO_API_SECRET",
                "",
                "the secret that belongs to TWILIO_API_KEY",
            )),
            (None, true) => Err(SettingError::new(
                "TWILIO_API_KEY",
                "",
                "the key that TWILIO_API_SECRET belongs to",
            )),
        }
    }

    fn from(&self) -> Result<Option<Phone>, SettingError> {
        non_empty(&self.twilio_from)
            .map(|number| {
                Phone::parse(number).map_err(|_problem| {
                    SettingError::new(
                        "TWILIO_FROM",
                        number,
                        "a telephone number such as +13035550100",
                    )
                })
            })
            .transpose()
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
