//! The accounts of linked calendars: how to sign in, and what happens when a provider takes the credential no more.

use secrecy::SecretString;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{OrgTx, Sql},
    error::Result,
    keyring::{Keyring, KeyringError, Place, Sealed},
    sql,
};

const REVOKE: Sql = sql!("revoke_calendar_account", [UUID, UUID]);
const STORE: Sql = sql!("store_calendar_secret", [UUID, TEXT, TEXT, TEXT, TEXT]);

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
    pub fn credential(&self, keyring: &Keyring) -> Result<SecretString, NoCredential> {
        let sealed = self.sealed.as_ref().ok_or(NoCredential::Missing)?;
        Ok(keyring.open(self.place(), sealed)?)
    }

    /// Stores the credential that the provider gave in place of the one that this was read with; not over one that was stored meanwhile.
    ///
    /// # Errors
    ///
    /// When the database fails, or it cannot be sealed.
    pub async fn store(
        &self,
        transaction: &OrgTx,
        keyring: &Keyring,
        secret: &SecretString,
    ) -> Result<()> {
        let sealed = keyring.seal(self.place(), secret).map_err(STORE.shape())?;
        let earlier = self.sealed.as_ref().map(|sealed| &sealed.text);
        transaction
            .query(
                &STORE,
                &[
                    &self.organization_id,
                    &self.secret_name,
                    &sealed.text,
                    &sealed.key_id,
                    &earlier,
                ],
            )
            .await?;
        Ok(())
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
