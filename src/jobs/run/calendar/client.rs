//! The client of an account, whichever provider it is with.

use secrecy::SecretString;

use crate::{
    calendar::caldav,
    domain::external_calendar::{Calendar, CalendarError, Entry, Listing, Written},
    keyring::Keyring,
    sync::{account::Account, copy::Copy, link::Link},
};

/// How providers of calendars are reached.
#[derive(Clone, Debug)]
pub struct Calendars {
    /// Whether a CalDAV server may be at a private address.
    pub allow_private: bool,
    /// What opens credentials.
    pub keyring: Keyring,
}

/// An account that is to be connected.
pub struct NewAccount {
    /// `caldav`.
    pub provider: &'static str,
    /// The address of a CalDAV server.
    pub address: Option<String>,
    /// Who signs in there.
    pub username: Option<String>,
    /// The password.
    pub secret: SecretString,
}

/// A client of one account.
enum Client {
    CalDav(caldav::Client),
}

impl Calendars {
    /// The calendars of an account that is to be connected.
    ///
    /// # Errors
    ///
    /// Why they cannot be listed.
    pub async fn of(&self, account: &NewAccount) -> Result<Vec<Calendar>, CalendarError> {
        let (address, username) = (account.address.as_deref(), account.username.as_deref());
        let secret = account.secret.clone();
        match self.client(account.provider, address, username, secret)? {
            Client::CalDav(client) => client.calendars().await,
        }
    }

    /// What a linked calendar says: what has changed, or everything where the provider does not know from where.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    pub async fn list(&self, link: &Link) -> Result<Listing, CalendarError> {
        let (calendar, window, cursor) = (&link.calendar, &link.window, link.cursor.as_deref());
        let client = self.signed_in(&link.account)?;
        match client.list(calendar, window, cursor).await {
            Err(CalendarError::CursorExpired) if cursor.is_some() => {
                client.list(calendar, window, None).await
            }
            listed => listed,
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
        match self.signed_in(account)? {
            Client::CalDav(client) => client.put(calendar, known, entry).await,
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
        match self.signed_in(account)? {
            Client::CalDav(client) => client.remove(calendar, written).await,
        }
    }

    fn signed_in(&self, account: &Account) -> Result<Client, CalendarError> {
        let secret = account.credential(&self.keyring).map_err(|error| {
            tracing::error!(
                organization.id = %account.organization_id,
                error = crate::error::causes(&error),
                "the credential of a calendar cannot be opened"
            );
            CalendarError::Misconfigured("credential")
        })?;
        let (address, username) = (account.address.as_deref(), account.username.as_deref());
        self.client(&account.provider, address, username, secret)
    }

    fn client(
        &self,
        provider: &str,
        address: Option<&str>,
        username: Option<&str>,
        secret: SecretString,
    ) -> Result<Client, CalendarError> {
        match (provider, address, username) {
            ("caldav", Some(address), Some(username)) => {
                caldav::Client::new(address, username, secret, self.allow_private)
                    .map(Client::CalDav)
            }
            _ => Err(CalendarError::Misconfigured("provider")),
        }
    }
}

impl Client {
    async fn list(
        &self,
        calendar: &str,
        window: &crate::domain::external_calendar::Window,
        cursor: Option<&str>,
    ) -> Result<Listing, CalendarError> {
        match self {
            Self::CalDav(client) => client.list(calendar, window, cursor).await,
        }
    }
}

/// Under which id a copy is written, where it is ours to choose.
pub(super) fn resource(copy: &Copy) -> Option<String> {
    match copy.account.provider.as_str() {
        "caldav" => Some(caldav::path(&copy.calendar, copy.key)),
        _ => None,
    }
}
