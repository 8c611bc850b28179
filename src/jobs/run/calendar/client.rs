//! The client of an account, whichever provider it is with.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tokens::Tokens;
use crate::{
    calendar::{
        caldav, google,
        oauth::{Grant, Registration},
    },
    clock::Clock,
    db::Database,
    domain::external_calendar::{Calendar, CalendarError, Entry, Listing, Window, Written},
    keyring::Keyring,
    sync::{
        account::Account,
        copy::Copy,
        link::{Channel, Link},
    },
};

/// How providers of calendars are reached.
#[derive(Clone)]
pub struct Calendars {
    pub(super) http: reqwest::Client,
    pub(super) clock: Clock,
    /// Where credentials that a provider replaces are stored; without it they are not.
    pub(super) database: Option<Database>,
    pub(super) keyring: Keyring,
    pub(super) tokens: Tokens,
    allow_private: bool,
    google: Option<(Registration, url::Url)>,
}

/// A client of one account, signed in.
enum Client {
    CalDav(caldav::Client),
    Google(google::Client, SecretString),
}

impl Calendars {
    /// Reaches them with this client, which must follow no redirects.
    #[must_use]
    pub fn new(
        http: reqwest::Client,
        keyring: Keyring,
        clock: Clock,
        database: Option<Database>,
    ) -> Self {
        Self {
            http,
            clock,
            database,
            keyring,
            tokens: Tokens::default(),
            allow_private: false,
            google: None,
        }
    }

    /// Lets CalDAV servers be at private addresses, and without TLS.
    #[must_use]
    pub fn private(mut self, is_allowed: bool) -> Self {
        self.allow_private = is_allowed;
        self
    }

    /// Google, with this service's registration and the address of its API.
    #[must_use]
    pub fn google(mut self, provider: Option<(Registration, url::Url)>) -> Self {
        self.google = provider;
        self
    }

    /// Keeps what an owner granted just now.
    pub async fn granted(&self, account: &Account, grant: &Grant) {
        self.tokens.keep(account.id, grant).await;
    }

    /// The calendars of an account.
    ///
    /// # Errors
    ///
    /// Why they cannot be listed.
    pub async fn calendars(&self, account: &Account) -> Result<Vec<Calendar>, CalendarError> {
        let client = self.sign_in(account).await?;
        match client.calendars().await {
            Err(CalendarError::Unauthorized) => {
                self.sign_in_again(account, client).await?.calendars().await
            }
            answer => answer,
        }
    }

    /// What a linked calendar says: what has changed, or everything where the provider does not know from where.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    pub async fn list(&self, link: &Link) -> Result<Listing, CalendarError> {
        match self.list_since(link, link.cursor.as_deref()).await {
            Err(CalendarError::CursorExpired) if link.cursor.is_some() => {
                self.list_since(link, None).await
            }
            listed => listed,
        }
    }

    async fn list_since(
        &self,
        link: &Link,
        cursor: Option<&str>,
    ) -> Result<Listing, CalendarError> {
        let (calendar, window) = (&link.calendar, &link.window);
        let client = self.sign_in(&link.account).await?;
        match client.list(calendar, window, cursor).await {
            Err(CalendarError::Unauthorized) => {
                let client = self.sign_in_again(&link.account, client).await?;
                client.list(calendar, window, cursor).await
            }
            answer => answer,
        }
    }

    /// Writes an appointment into a calendar: a new event, or in place of what was written before.
    ///
    /// # Errors
    ///
    /// Why it cannot be written.
    pub async fn put(
        &self,
        account: &Account,
        calendar: &str,
        known: Option<&Written>,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        let client = self.sign_in(account).await?;
        match client.put(calendar, known, entry).await {
            Err(CalendarError::Unauthorized) => {
                let client = self.sign_in_again(account, client).await?;
                client.put(calendar, known, entry).await
            }
            answer => answer,
        }
    }

    /// Removes an event of ours.
    ///
    /// # Errors
    ///
    /// Why it cannot be removed.
    pub async fn remove(
        &self,
        account: &Account,
        calendar: &str,
        written: &Written,
    ) -> Result<(), CalendarError> {
        let client = self.sign_in(account).await?;
        match client.remove(calendar, written).await {
            Err(CalendarError::Unauthorized) => {
                let client = self.sign_in_again(account, client).await?;
                client.remove(calendar, written).await
            }
            answer => answer,
        }
    }

    /// Opens a channel that announces changes of a calendar at an address. With it comes the SHA-256 of the secret that it sends along.
    ///
    /// # Errors
    ///
    /// Why it is not opened.
    pub(super) async fn watch(
        &self,
        link: &Link,
        address: &str,
        lifetime: Duration,
    ) -> Result<(Channel, Vec<u8>), CalendarError> {
        let Client::Google(client, _) = self.sign_in(&link.account).await? else {
            return Err(CalendarError::Misconfigured("the provider has no channels"));
        };
        let id = Uuid::new_v4().to_string();
        let secret = SecretString::from(format!("{}{}", Uuid::new_v4(), Uuid::new_v4()));
        let opened = client
            .watch(&link.calendar, &id, &secret, address, lifetime)
            .await?;
        let channel = Channel {
            id,
            resource: opened.resource_id,
            expires_at: opened
                .expires_at
                .ok_or(CalendarError::Unreadable("a channel has no end"))?,
        };
        let secret = Sha256::digest(secret.expose_secret()).to_vec();
        Ok((channel, secret))
    }

    /// Closes a channel.
    ///
    /// # Errors
    ///
    /// Why it is not closed.
    pub async fn stop_watching(
        &self,
        account: &Account,
        channel: &Channel,
    ) -> Result<(), CalendarError> {
        match self.sign_in(account).await? {
            Client::Google(client, _) => client.stop(&channel.id, &channel.resource).await,
            Client::CalDav(_) => Ok(()),
        }
    }

    /// Gives the credential of an account back, where its provider takes it: with it goes all that the owner granted to this service.
    ///
    /// # Errors
    ///
    /// Why it is not taken back.
    pub async fn give_back(&self, account: &Account) -> Result<(), CalendarError> {
        if account.provider != "google" {
            return Ok(());
        }
        let (registration, _) = self.google_registration()?;
        let credential = self.credential(account)?;
        registration.revoke(&self.http, &credential).await
    }

    async fn sign_in(&self, account: &Account) -> Result<Client, CalendarError> {
        match account.provider.as_str() {
            "caldav" => {
                let address = account.address.as_deref().unwrap_or_default();
                let username = account.username.as_deref().unwrap_or_default();
                let password = self.credential(account)?;
                caldav::Client::new(address, username, password, self.allow_private)
                    .map(Client::CalDav)
            }
            "google" => self.google_client(account, None).await,
            _ => Err(CalendarError::Misconfigured("the provider is not known")),
        }
    }

    /// Signs in with a new access token, once: what is refused then is refused.
    async fn sign_in_again(
        &self,
        account: &Account,
        refused: Client,
    ) -> Result<Client, CalendarError> {
        match refused {
            Client::CalDav(_) => Err(CalendarError::Revoked),
            Client::Google(_, token) => self.google_client(account, Some(&token)).await,
        }
    }

    async fn google_client(
        &self,
        account: &Account,
        refused: Option<&SecretString>,
    ) -> Result<Client, CalendarError> {
        let (registration, url) = self.google_registration()?;
        let token = self.access_token(account, registration, refused).await?;
        let client = google::Client::new(self.http.clone(), url.clone(), token.clone());
        Ok(Client::Google(client, token))
    }

    fn google_registration(&self) -> Result<&(Registration, url::Url), CalendarError> {
        self.google
            .as_ref()
            .ok_or(CalendarError::Misconfigured("GOOGLE_CLIENT_ID is not set"))
    }

    /// The password or refresh token of an account.
    pub(super) fn credential(&self, account: &Account) -> Result<SecretString, CalendarError> {
        account.credential(&self.keyring).map_err(|error| {
            tracing::error!(
                organization.id = %account.organization_id,
                error = crate::error::causes(&error),
                "the credential of a calendar cannot be opened"
            );
            CalendarError::Misconfigured("the credential cannot be opened")
        })
    }
}

impl Client {
    async fn calendars(&self) -> Result<Vec<Calendar>, CalendarError> {
        match self {
            Self::CalDav(client) => client.calendars().await,
            Self::Google(client, _) => client.calendars().await,
        }
    }

    async fn list(
        &self,
        calendar: &str,
        window: &Window,
        cursor: Option<&str>,
    ) -> Result<Listing, CalendarError> {
        match self {
            Self::CalDav(client) => client.list(calendar, window, cursor).await,
            Self::Google(client, _) => client.list(calendar, window, cursor).await,
        }
    }

    async fn put(
        &self,
        calendar: &str,
        known: Option<&Written>,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        match self {
            Self::CalDav(client) => client.put(calendar, known, entry).await,
            Self::Google(client, _) => client.put(calendar, known, entry).await,
        }
    }

    async fn remove(&self, calendar: &str, written: &Written) -> Result<(), CalendarError> {
        match self {
            Self::CalDav(client) => client.remove(calendar, written).await,
            Self::Google(client, _) => client.remove(calendar, written).await,
        }
    }
}

/// Under which id a copy is written, where it is ours to choose.
pub(super) fn resource(copy: &Copy) -> Option<String> {
    match copy.account.provider.as_str() {
        "caldav" => Some(caldav::path(&copy.calendar, copy.key)),
        "google" => Some(google::event_id(copy.key)),
        _ => None,
    }
}
