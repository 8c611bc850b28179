//! The accounts of linked calendars: how to sign in, and what happens when a provider takes the credential no more.

use secrecy::SecretString;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{OrgTx, Params, Sql},
    error::Result,
    keyring::{Keyring, KeyringError, Place, Sealed},
    sql,
};

/// How many failures come before a refusal of a password is believed.
const MIN_FAILURES: i32 = 2;

const REVOKE: Sql = sql!("revoke_calendar_account", [UUID, UUID]);
const CLAIM: Sql = sql!("claim_calendar_account", [UUID, UUID, FLOAT8]);
const RELEASE: Sql = sql!(
    "release_calendar_account",
    [UUID, UUID, TEXT, TEXT, TEXT, TEXT]
);

/// How long a claim lasts, in seconds: longer than refreshing a credential may take.
const LEASE_SECONDS: f64 = 30.0;

/// An account of an organization with a provider of calendars, as the database holds it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose it is.
    pub organization_id: Uuid,
    /// Which.
    pub id: Uuid,
    /// `google`, `outlook`, `calendly` or `caldav`.
    pub provider: String,
    /// The address of a CalDAV server.
    pub address: Option<String>,
    /// Who signs in there.
    pub username: Option<String>,
    secret_name: String,
    sealed: Option<Sealed>,
}

/// Why an account cannot be signed in to.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoCredential {
    /// There is none, or it is not sealed yet.
    #[error("the account has no sealed credential")]
    Missing,
    /// It does not open.
    #[error(transparent)]
    Sealed(#[from] KeyringError),
}

impl Account {
    /// Reads it from a row of a statement that brings its columns.
    ///
    /// # Errors
    ///
    /// When the row has no such columns.
    pub fn read(row: &Row, organization_id: Uuid, statement: &Sql) -> Result<Self> {
        let text: Option<String> = row.try_get("secret").map_err(statement.shape())?;
        let key_id: Option<String> = row.try_get("key_id").map_err(statement.shape())?;
        Ok(Self {
            organization_id,
            id: row.try_get("account_id").map_err(statement.shape())?,
            provider: row.try_get("provider").map_err(statement.shape())?,
            address: row.try_get("address").map_err(statement.shape())?,
            username: row.try_get("username").map_err(statement.shape())?,
            secret_name: row.try_get("secret_name").map_err(statement.shape())?,
            sealed: text
                .zip(key_id)
                .map(|(text, key_id)| Sealed { text, key_id }),
        })
    }

    /// Its password, or its refresh token.
    ///
    /// # Errors
    ///
    /// [`NoCredential`].
    pub fn credential(&self, keyring: &Keyring) -> std::result::Result<SecretString, NoCredential> {
        let sealed = self.sealed.as_ref().ok_or(NoCredential::Missing)?;
        Ok(keyring.open(self.place(), sealed)?)
    }

    /// Claims it to refresh its credential, which is read anew; `None` when somebody else does that now.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn claim(&self, transaction: &OrgTx) -> Result<Option<Self>> {
        let params: Params<'_> = &[&self.organization_id, &self.id, &LEASE_SECONDS];
        let rows = transaction.query(&CLAIM, params).await?;
        rows.first()
            .map(|row| Self::read(row, self.organization_id, &CLAIM))
            .transpose()
    }

    /// Releases it, with the credential that the provider gave in place of the one that it was claimed with, if it gave one.
    ///
    /// # Errors
    ///
    /// When the database fails; a credential that was replaced is lost then, and the provider may take the earlier one a while longer.
    pub async fn release(&self, transaction: &OrgTx, next: Option<&Sealed>) -> Result<()> {
        let earlier = self.sealed.as_ref().map(|sealed| &sealed.text);
        transaction
            .query(
                &RELEASE,
                &[
                    &self.organization_id,
                    &self.id,
                    &self.secret_name,
                    &next.map(|sealed| &sealed.text),
                    &next.map(|sealed| &sealed.key_id),
                    &earlier,
                ],
            )
            .await?;
        Ok(())
    }

    /// Encrypts a credential of it.
    ///
    /// # Errors
    ///
    /// When there is no key.
    pub fn seal(
        &self,
        keyring: &Keyring,
        secret: &SecretString,
    ) -> std::result::Result<Sealed, KeyringError> {
        keyring.seal(self.place(), secret)
    }

    /// One that is to be connected: nothing of it is stored yet.
    ///
    /// # Errors
    ///
    /// When there is no key.
    pub fn new(
        organization_id: Uuid,
        id: Uuid,
        provider: &str,
        server: Option<(String, String)>,
        (keyring, secret): (&Keyring, &SecretString),
    ) -> std::result::Result<Self, KeyringError> {
        let (address, username) = server.unzip();
        let mut account = Self {
            organization_id,
            id,
            provider: provider.to_owned(),
            address,
            username,
            secret_name: format!("calendar/{id}"),
            sealed: None,
        };
        account.sealed = Some(account.seal(keyring, secret)?);
        Ok(account)
    }

    /// The same under a name by which it is found when it is connected again, where it has none.
    #[must_use]
    pub fn known_as(mut self, name: Option<&str>) -> Self {
        if self.username.is_none() {
            self.username = name.map(str::to_owned);
        }
        self
    }

    /// The same in place of one that was connected before.
    ///
    /// # Errors
    ///
    /// When its credential cannot be sealed for that place.
    pub fn moved_to(self, id: Uuid, keyring: &Keyring) -> std::result::Result<Self, NoCredential> {
        let secret = self.credential(keyring)?;
        let server = self.address.zip(self.username.clone());
        let account = Self::new(
            self.organization_id,
            id,
            &self.provider,
            server,
            (keyring, &secret),
        )?;
        Ok(account.known_as(self.username.as_deref()))
    }

    /// Its credential as it is stored.
    #[must_use]
    pub fn sealed(&self) -> Option<&Sealed> {
        self.sealed.as_ref()
    }

    /// Whether a provider that refuses the credential is believed, after so many failures in a row. Where it can be renewed, that was tried;
    /// a server that is asked with a password or a fixed token may refuse it once in error.
    #[must_use]
    pub fn believes(&self, failures: i32) -> bool {
        let is_fixed = matches!(self.provider.as_str(), "caldav" | "calendly");
        !is_fixed || failures >= MIN_FAILURES
    }

    /// Notes that the provider takes the credential no more; staff and owners are told, once.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn revoke(&self, transaction: &OrgTx) -> Result<()> {
        transaction
            .query(&REVOKE, &[&self.organization_id, &self.id])
            .await?;
        Ok(())
    }

    fn place(&self) -> Place<'_> {
        Place {
            organization_id: self.organization_id,
            name: &self.secret_name,
        }
    }
}
