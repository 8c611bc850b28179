//! The settings of calendars that are kept elsewhere.

use clap::Args;
use url::Url;

use super::{SettingError, non_empty, secure_url};
use crate::calendar::{google, oauth::Registration};

/// How providers of calendars are reached, as it was given.
#[derive(Args, Clone)]
pub struct CalendarSettings {
    /// Whether a CalDAV server may be at a private address, and without TLS; for one in your own network.
    #[arg(long, env = "FRONTDESK_CALDAV_PRIVATE", value_parser = clap::builder::FalseyValueParser::new())]
    pub caldav_private: bool,
    /// The client id of this service's registration with Google.
    #[arg(long, env = "GOOGLE_CLIENT_ID", value_name = "ID", default_value = "")]
    pub google_client_id: String,
    /// The client secret of this service's registration with Google.
    #[arg(
        long,
        env = "GOOGLE_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        default_value = ""
    )]
    pub google_client_secret: String,
    /// Where Google's calendar API is.
    #[arg(long, env = "GOOGLE_API_URL", value_name = "URL", default_value = google::API_URL)]
    pub google_api_url: String,
    /// Where Google gives tokens.
    #[arg(long, env = "GOOGLE_TOKEN_URL", value_name = "URL", default_value = google::TOKEN_URL)]
    pub google_token_url: String,
    /// Where Google asks owners for their consent.
    #[arg(long, env = "GOOGLE_AUTHORIZE_URL", value_name = "URL", default_value = google::AUTHORIZE_URL)]
    pub google_authorize_url: String,
}

/// How providers of calendars are reached.
#[derive(Clone, Debug)]
pub struct CalendarConfig {
    /// Whether a CalDAV server may be at a private address.
    pub caldav_private: bool,
    /// Google, where this service is registered with it.
    pub google: Option<OAuthProvider>,
}

/// A provider that gives access by OAuth.
#[derive(Clone, Debug)]
pub struct OAuthProvider {
    /// This service's registration with it.
    pub registration: Registration,
    /// Where its API is.
    pub api_url: Url,
}

impl CalendarSettings {
    /// Understands them.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<CalendarConfig, SettingError> {
        let id = non_empty(&self.google_client_id);
        let secret = non_empty(&self.google_client_secret);
        let google = match (id, secret) {
            (None, None) => None,
            (Some(id), Some(secret)) => Some(OAuthProvider {
                registration: google::registration(
                    id.to_owned(),
                    secret.into(),
                    address("GOOGLE_AUTHORIZE_URL", &self.google_authorize_url)?,
                    address("GOOGLE_TOKEN_URL", &self.google_token_url)?,
                ),
                api_url: address("GOOGLE_API_URL", &self.google_api_url)?,
            }),
            (Some(_), None) => {
                return Err(SettingError::new(
                    "GOOGLE_CLIENT_SECRET",
                    "",
                    "the client secret that belongs to GOOGLE_CLIENT_ID",
                ));
            }
            (None, Some(_)) => {
                return Err(SettingError::new(
                    "GOOGLE_CLIENT_ID",
                    "",
                    "the client id that belongs to GOOGLE_CLIENT_SECRET",
                ));
            }
        };
        Ok(CalendarConfig {
            caldav_private: self.caldav_private,
            google,
        })
    }
}

/// An address that must be given: an empty one is none.
fn address(name: &'static str, text: &str) -> Result<Url, SettingError> {
    secure_url(name, text)?
        .ok_or_else(|| SettingError::new(name, "", "an https address, or none for the usual one"))
}
