//! The settings of calendars that are kept elsewhere.

use clap::Args;
use url::Url;

use super::{SettingError, non_empty, secure_url};
use crate::calendar::{calendly, google, microsoft, oauth::Registration};

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
    /// The client id of this service's registration with Microsoft.
    #[arg(
        long,
        env = "MICROSOFT_CLIENT_ID",
        value_name = "ID",
        default_value = ""
    )]
    pub microsoft_client_id: String,
    /// The client secret of this service's registration with Microsoft.
    #[arg(
        long,
        env = "MICROSOFT_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        default_value = ""
    )]
    pub microsoft_client_secret: String,
    /// Where Microsoft Graph is.
    #[arg(long, env = "MICROSOFT_API_URL", value_name = "URL", default_value = microsoft::API_URL)]
    pub microsoft_api_url: String,
    /// Where Microsoft gives tokens.
    #[arg(long, env = "MICROSOFT_TOKEN_URL", value_name = "URL", default_value = microsoft::TOKEN_URL)]
    pub microsoft_token_url: String,
    /// Where Microsoft asks owners for their consent.
    #[arg(long, env = "MICROSOFT_AUTHORIZE_URL", value_name = "URL", default_value = microsoft::AUTHORIZE_URL)]
    pub microsoft_authorize_url: String,
    /// Where Calendly's API is.
    #[arg(long, env = "CALENDLY_API_URL", value_name = "URL", default_value = calendly::API_URL)]
    pub calendly_api_url: String,
}

/// How providers of calendars are reached.
#[derive(Clone, Debug)]
pub struct CalendarConfig {
    /// Whether a CalDAV server may be at a private address.
    pub caldav_private: bool,
    /// Google, where this service is registered with it.
    pub google: Option<OAuthProvider>,
    /// Microsoft, where this service is registered with it.
    pub microsoft: Option<OAuthProvider>,
    /// Where Calendly's API is.
    pub calendly: Url,
}

/// A provider that gives access by OAuth.
#[derive(Clone, Debug)]
pub struct OAuthProvider {
    /// This service's registration with it.
    pub registration: Registration,
    /// Where its API is.
    pub api_url: Url,
}

impl OAuthProvider {
    /// Both.
    #[must_use]
    pub fn parts(&self) -> (Registration, Url) {
        (self.registration.clone(), self.api_url.clone())
    }
}

impl CalendarSettings {
    /// Understands them.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<CalendarConfig, SettingError> {
        Ok(CalendarConfig {
            caldav_private: self.caldav_private,
            google: self.google()?,
            microsoft: self.microsoft()?,
            calendly: address("CALENDLY_API_URL", &self.calendly_api_url)?,
        })
    }

    fn google(&self) -> Result<Option<OAuthProvider>, SettingError> {
        let id = non_empty(&self.google_client_id);
        let secret = non_empty(&self.google_client_secret);
        let (id, secret) = match (id, secret) {
            (None, None) => return Ok(None),
            (Some(id), Some(secret)) => (id, secret),
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
        Ok(Some(OAuthProvider {
            registration: google::registration(
                id.to_owned(),
                secret.into(),
                address("GOOGLE_AUTHORIZE_URL", &self.google_authorize_url)?,
                address("GOOGLE_TOKEN_URL", &self.google_token_url)?,
            ),
            api_url: address("GOOGLE_API_URL", &self.google_api_url)?,
        }))
    }

    fn microsoft(&self) -> Result<Option<OAuthProvider>, SettingError> {
        let Some(id) = non_empty(&self.microsoft_client_id) else {
            return Ok(None);
        };
        Ok(Some(OAuthProvider {
            registration: microsoft::registration(
                id.to_owned(),
                // A public client has none.
                non_empty(&self.microsoft_client_secret).map(Into::into),
                address("MICROSOFT_AUTHORIZE_URL", &self.microsoft_authorize_url)?,
                address("MICROSOFT_TOKEN_URL", &self.microsoft_token_url)?,
            ),
            api_url: address("MICROSOFT_API_URL", &self.microsoft_api_url)?,
        }))
    }
}

/// An address that must be given: an empty one is none.
fn address(name: &'static str, text: &str) -> Result<Url, SettingError> {
    secure_url(name, text)?
        .ok_or_else(|| SettingError::new(name, "", "an https address, or none for the usual one"))
}
