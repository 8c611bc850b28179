//! The settings of calendars that are kept elsewhere.

use clap::Args;
use secrecy::SecretString;
use url::Url;

use super::{
    SettingError,
    read::read,
    values::{secret, secure_url, text},
};
use crate::calendar::{calendly, google, microsoft, oauth::Registration};

/// How providers of calendars are reached, as it was given.
#[derive(Args, Clone)]
pub struct CalendarSettings {
    /// Whether a CalDAV server may be at a private address, and without TLS; for one in your own network.
    #[arg(long, env = "FRONTDESK_CALDAV_PRIVATE", value_parser = clap::builder::FalseyValueParser::new())]
    pub caldav_private: bool,
    /// The client id of this service's registration with Google.
    #[arg(long, env = "GOOGLE_CLIENT_ID", value_name = "ID", value_parser = text())]
    pub google_client_id: Option<String>,
    /// The client secret of this service's registration with Google.
    #[arg(long, env = "GOOGLE_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET", value_parser = secret())]
    pub google_client_secret: Option<SecretString>,
    /// Where Google's calendar API is.
    #[arg(long, env = "GOOGLE_API_URL", value_name = "URL", default_value = google::API_URL, value_parser = read(secure_url))]
    pub google_api_url: Url,
    /// Where Google gives tokens.
    #[arg(long, env = "GOOGLE_TOKEN_URL", value_name = "URL", default_value = google::TOKEN_URL, value_parser = read(secure_url))]
    pub google_token_url: Url,
    /// Where Google asks owners for their consent.
    #[arg(long, env = "GOOGLE_AUTHORIZE_URL", value_name = "URL", default_value = google::AUTHORIZE_URL, value_parser = read(secure_url))]
    pub google_authorize_url: Url,
    /// The client id of this service's registration with Microsoft.
    #[arg(long, env = "MICROSOFT_CLIENT_ID", value_name = "ID", value_parser = text())]
    pub microsoft_client_id: Option<String>,
    /// The client secret of this service's registration with Microsoft.
    #[arg(long, env = "MICROSOFT_CLIENT_SECRET", hide_env_values = true, value_name = "SECRET", value_parser = secret())]
    pub microsoft_client_secret: Option<SecretString>,
    /// Where Microsoft Graph is.
    #[arg(long, env = "MICROSOFT_API_URL", value_name = "URL", default_value = microsoft::API_URL, value_parser = read(secure_url))]
    pub microsoft_api_url: Url,
    /// Where Microsoft gives tokens.
    #[arg(long, env = "MICROSOFT_TOKEN_URL", value_name = "URL", default_value = microsoft::TOKEN_URL, value_parser = read(secure_url))]
    pub microsoft_token_url: Url,
    /// Where Microsoft asks owners for their consent.
    #[arg(long, env = "MICROSOFT_AUTHORIZE_URL", value_name = "URL", default_value = microsoft::AUTHORIZE_URL, value_parser = read(secure_url))]
    pub microsoft_authorize_url: Url,
    /// Where Calendly's API is.
    #[arg(long, env = "CALENDLY_API_URL", value_name = "URL", default_value = calendly::API_URL, value_parser = read(secure_url))]
    pub calendly_api_url: Url,
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
    /// A registration with Google of which a half is missing.
    pub fn understand(self) -> Result<CalendarConfig, SettingError> {
        let google = match (self.google_client_id, self.google_client_secret) {
            (None, None) => None,
            (Some(id), Some(secret)) => Some(OAuthProvider {
                registration: google::registration(
                    id,
                    secret,
                    self.google_authorize_url,
                    self.google_token_url,
                ),
                api_url: self.google_api_url,
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
            microsoft: self.microsoft_client_id.map(|id| OAuthProvider {
                registration: microsoft::registration(
                    id,
                    // A public client has none.
                    self.microsoft_client_secret,
                    self.microsoft_authorize_url,
                    self.microsoft_token_url,
                ),
                api_url: self.microsoft_api_url,
            }),
            calendly: self.calendly_api_url,
        })
    }
}
