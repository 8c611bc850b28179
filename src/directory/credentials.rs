//! The live webhook secrets of the organizations that have their own.

use std::{collections::HashMap, sync::Arc};

use secrecy::SecretString;
use uuid::Uuid;

use super::known::Known;
use crate::{
    db::{Database, Sql},
    error::Error,
    keyring::{Keyring, KeyringError, Place, Sealed},
    sql,
};

const QUERY: Sql = sql!("webhook_credentials", []);

/// Under which name webhook secrets are sealed.
pub const WEBHOOK_SECRET: &str = "webhook_secret";

/// Why the live secrets could not be read again.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The database could not be read.
    #[error(transparent)]
    Database(#[from] Error),
    /// A credential could not be sealed or opened.
    #[error("a credential of organization {organization_id} cannot be sealed or opened")]
    Sealed {
        /// Whose it is.
        organization_id: Uuid,
        /// Why.
        #[source]
        source: KeyringError,
    },
}

/// All live secrets, in memory: a request with a wrong one costs no query.
#[derive(Debug, Default)]
pub struct Credentials(Known<HashMap<Uuid, Arc<[SecretString]>>>);

impl Credentials {
    /// Reads all live secrets again. One that does not open leaves the others of its organization in force, and is
    /// reported once all are read.
    ///
    /// # Errors
    ///
    /// When the database cannot be read, and the secrets known before stay in force; or the first that does not open.
    pub(super) async fn refresh(
        &self,
        database: &Database,
        keyring: &Keyring,
    ) -> Result<(), RefreshError> {
        let mut secrets: HashMap<Uuid, Vec<SecretString>> = HashMap::new();
        let mut closed = None;
        for row in &database.read_unbound(&QUERY, &[]).await? {
            let organization_id = QUERY.get(row, 0)?;
            let sealed = Sealed {
                text: QUERY.get(row, 1)?,
                key_id: QUERY.get(row, 2)?,
            };
            let place = Place {
                organization_id,
                name: WEBHOOK_SECRET,
            };
            match keyring.open(place, &sealed) {
                Ok(secret) => secrets.entry(organization_id).or_default().push(secret),
                Err(source) => {
                    closed.get_or_insert(RefreshError::Sealed {
                        organization_id,
                        source,
                    });
                }
            }
        }
        let live = secrets.into_iter().map(|(id, live)| (id, Arc::from(live)));
        self.0.replace(live.collect());
        closed.map_or(Ok(()), Err)
    }

    /// The live secrets of one organization; none for a stranger's id.
    #[must_use]
    pub fn of(&self, organization_id: Uuid) -> Option<Arc<[SecretString]>> {
        self.0.get().get(&organization_id).cloned()
    }

    /// Tells whether no organization has a secret of its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.get().is_empty()
    }
}
