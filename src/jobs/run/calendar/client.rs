//! The client of an account, whichever provider it is with.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tokio::{runtime::Handle, task::spawn_blocking};
use url::Url;

use super::tokens::Tokens;
use crate::{
    calendar::{
        caldav, calendly, google, microsoft,
        oauth::{Grant, Registration},
    },
    clock::Clock,
    db::Database,
    domain::external_calendar::{Calendar, CalendarError, Entry, Listing, Words, Written},
    keyring::Keyring,
    sync::{
        account::Account,
        copy::{Copy, Need},
        link::Link,
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
    oauth: HashMap<&'static str, (Registration, Url)>,
    calendly: Url,
}

/// A client of one account, signed in.
pub(super) enum Client {
    CalDav(caldav::Client),
    Google(google::Client, SecretString),
    Outlook(microsoft::Client, SecretString),
    Calendly(calendly::Client, DateTime<Utc>),
}

impl Calendars {
    /// Reaches them with this client, which must follow no redirects; Calendly's API is at `calendly`.
    #[must_use]
    pub fn new(
        http: reqwest::Client,
        keyring: Keyring,
        clock: Clock,
        database: Option<Database>,
        calendly: Url,
    ) -> Self {
        Self {
            http,
            clock,
            database,
            keyring,
            tokens: Tokens::default(),
            allow_private: false,
            oauth: HashMap::new(),
            calendly,
        }
    }

    /// Lets CalDAV servers be at private addresses, and without TLS.
    #[must_use]
    pub fn private(mut self, is_allowed: bool) -> Self {
        self.allow_private = is_allowed;
        self
    }

    /// A provider that gives access by OAuth, `google` or `outlook`: this service's registration with it, and the address of its API.
    #[must_use]
    pub fn provider(mut self, name: &'static str, provider: Option<(Registration, Url)>) -> Self {
        self.oauth.extend(provider.map(|provider| (name, provider)));
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
        let client = self.sign_in(&link.account).await?;
        match client.list(link, cursor).await {
            Err(CalendarError::Unauthorized) => {
                let client = self.sign_in_again(&link.account, client).await?;
                client.list(link, cursor).await
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

    /// Has the event of a copy say what it is to say, but for what its owner wrote; gives its version then.
    ///
    /// # Errors
    ///
    /// Why it cannot be changed.
    pub async fn reword(&self, copy: &Copy, known: &Written) -> Result<Written, CalendarError> {
        let client = self.sign_in(&copy.account).await?;
        match client.reword(copy, known).await {
            Err(CalendarError::Unauthorized) => {
                let client = self.sign_in_again(&copy.account, client).await?;
                client.reword(copy, known).await
            }
            // Somebody changed it while it was read.
            Err(CalendarError::Changed) => client.reword(copy, known).await,
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

    /// Gives the credential of an account back, where its provider takes it: with it goes all that the owner granted to this service.
    ///
    /// # Errors
    ///
    /// Why it is not taken back.
    pub async fn give_back(&self, account: &Account) -> Result<(), CalendarError> {
        match account.provider.as_str() {
            "google" | "outlook" => {
                let (registration, _) = self.registration(account)?;
                let credential = self.credential(account)?;
                registration.revoke(&self.http, &credential).await
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn sign_in(&self, account: &Account) -> Result<Client, CalendarError> {
        match account.provider.as_str() {
            "caldav" => {
                let address = account.address.as_deref().unwrap_or_default();
                let username = account.username.as_deref().unwrap_or_default();
                let password = self.credential(account)?;
                caldav::Client::new(address, username, password, self.allow_private)
                    .map(Client::CalDav)
            }
            "calendly" => {
                let (http, url) = (self.http.clone(), self.calendly.clone());
                let key = self.credential(account)?;
                let client = calendly::Client::new(http, url, key);
                Ok(Client::Calendly(client, self.clock.now()))
            }
            _ => self.by_oauth(account, None).await,
        }
    }

    /// Signs in with a new access token, once: what is refused then is refused.
    async fn sign_in_again(
        &self,
        account: &Account,
        refused: Client,
    ) -> Result<Client, CalendarError> {
        match refused {
            Client::CalDav(_) | Client::Calendly(..) => Err(CalendarError::Revoked),
            Client::Google(_, token) | Client::Outlook(_, token) => {
                self.by_oauth(account, Some(&token)).await
            }
        }
    }

    async fn by_oauth(
        &self,
        account: &Account,
        refused: Option<&SecretString>,
    ) -> Result<Client, CalendarError> {
        let (registration, url) = self.registration(account)?;
        let token = self.access_token(account, registration, refused).await?;
        let (http, url) = (self.http.clone(), url.clone());
        Ok(if account.provider == "google" {
            Client::Google(google::Client::new(http, url, token.clone()), token)
        } else {
            Client::Outlook(microsoft::Client::new(http, url, token.clone()), token)
        })
    }

    fn registration(&self, account: &Account) -> Result<&(Registration, Url), CalendarError> {
        self.oauth
            .get(account.provider.as_str())
            .ok_or(CalendarError::Misconfigured(
                "it is not registered with the provider",
            ))
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
            Self::Outlook(client, _) => client.calendars().await,
            Self::Calendly(client, _) => client.calendars().await,
        }
    }

    async fn list(&self, link: &Link, cursor: Option<&str>) -> Result<Listing, CalendarError> {
        let (calendar, window) = (&link.calendar, &link.window);
        match self {
            Self::CalDav(client) => {
                let (client, calendar, window) = (client.clone(), calendar.clone(), *window);
                let (cursor, runtime) = (cursor.map(str::to_owned), Handle::current());
                // Working series out may take a while, and the same thread sends pages.
                let read =
                    move || runtime.block_on(client.list(&calendar, &window, cursor.as_deref()));
                spawn_blocking(read)
                    .await
                    .unwrap_or(Err(CalendarError::Unreadable("reading it was abandoned")))
            }
            Self::Google(client, _) => client.list(calendar, window, cursor).await,
            Self::Outlook(client, _) => client.list(calendar, window, cursor).await,
            Self::Calendly(client, now) => client.list(calendar, window, *now, &link.booked).await,
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
            Self::Outlook(client, _) => client.put(calendar, known, entry).await,
            Self::Calendly(client, _) => client.book(calendar, entry).await,
        }
    }

    async fn reword(&self, copy: &Copy, known: &Written) -> Result<Written, CalendarError> {
        let (calendar, id, key) = (&copy.calendar, &known.resource, copy.key);
        let (found, etag) = match self {
            Self::CalDav(client) => client.words(calendar, id, key).await,
            Self::Google(client, _) => client.words(calendar, id).await,
            Self::Outlook(client, _) => client.words(calendar, id).await,
            // What is said there is up to the event type.
            Self::Calendly(..) => return Ok(known.clone()),
        }?;
        let words = copy.rewording(&found);
        let known = Written {
            resource: known.resource.clone(),
            etag,
        };
        if words == Words::default() {
            return Ok(known);
        }
        match self {
            Self::CalDav(client) => client.reword(calendar, &known, key, &words).await,
            Self::Google(client, _) => client.reword(calendar, &known, &words).await,
            Self::Outlook(client, _) => client.reword(calendar, &known, &words).await,
            Self::Calendly(..) => Ok(known),
        }
    }

    async fn remove(&self, calendar: &str, written: &Written) -> Result<(), CalendarError> {
        match self {
            Self::CalDav(client) => client.remove(calendar, written).await,
            Self::Google(client, _) => client.remove(calendar, written).await,
            Self::Outlook(client, _) => client.remove(calendar, written).await,
            Self::Calendly(client, _) => client.cancel(calendar, written).await,
        }
    }
}

/// Under which id a copy is written, where it is ours to choose; of Calendly, under which it is looked for until its id is known.
pub(super) fn resource(copy: &Copy) -> Option<String> {
    match copy.account.provider.as_str() {
        "caldav" => Some(caldav::path(&copy.calendar, copy.key)),
        "google" => Some(google::event_id(copy.key)),
        "calendly" => copy.entry.as_ref().map(calendly::attempt),
        _ => None,
    }
}

/// What a copy needs of its provider. Calendly moves nothing: what stands there is cancelled before it is booked anew, and only for an invitee.
pub(super) fn need(copy: &Copy) -> Need {
    let is_invited = copy.entry.as_ref().is_some_and(|it| it.invitee.is_some());
    match (copy.need(), &copy.known) {
        (Need::Put, _) if copy.account.provider != "calendly" => Need::Put,
        (Need::Put, Some(known)) if resource(copy).as_ref() != Some(&known.resource) => {
            Need::Remove
        }
        (Need::Put, None) if !is_invited => Need::Nothing,
        (need, _) => need,
    }
}
