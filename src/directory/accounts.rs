//! The Twilio accounts of organizations that brought their own, and whose callbacks they sign.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use secrecy::SecretString;
use uuid::Uuid;

use super::credentials::RefreshError;
use crate::{
    db::{Database, Sql},
    keyring::{Keyring, Place, Sealed},
    sql,
};

const QUERY: Sql = sql!("live_twilio_credentials", []);

/// Under which name an organization's Twilio auth token is sealed.
const AUTH_TOKEN: &str = "twilio_auth_token";

/// An organization's own account.
#[derive(Clone, Debug)]
pub struct OwnAccount {
    /// Whose it is.
    pub organization_id: Uuid,
    /// The account.
    pub account_sid: String,
    /// Its auth token, which also signs its callbacks.
    pub auth_token: SecretString,
}

/// All of them, in memory: a request that is signed by a stranger costs no query.
#[derive(Debug)]
pub struct Accounts {
    database: Database,
    keyring: Keyring,
    known: RwLock<Arc<HashMap<Uuid, OwnAccount>>>,
}

impl Accounts {
    pub(super) fn new(database: Database, keyring: Keyring) -> Self {
        Self {
            database,
            keyring,
            known: RwLock::default(),
        }
    }

    /// The account that an organization brought.
    #[must_use]
    pub fn of(&self, organization_id: Uuid) -> Option<OwnAccount> {
        self.known().get(&organization_id).cloned()
    }

    /// Who brought an account: more than one when organizations share it.
    #[must_use]
    pub fn with_sid(&self, account_sid: &str) -> Vec<OwnAccount> {
        self.known()
            .values()
            .filter(|account| account.account_sid == account_sid)
            .cloned()
            .collect()
    }

    /// Reads all accounts again. One whose token does not open is left out, and the log says so: its callbacks are refused,
    /// and nothing is sent from it.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; the accounts known before stay in force.
    pub(super) async fn refresh(&self) -> Result<(), RefreshError> {
        let rows = self.database.read_unbound(&QUERY, &[]).await?;
        let mut known = HashMap::with_capacity(rows.len());
        for row in &rows {
            let organization_id = QUERY.get(row, 0)?;
            let text: String = QUERY.get(row, 2)?;
            let key_id: Option<String> = QUERY.get(row, 3)?;
            let Some(key_id) = key_id else {
                // Still plain: it is sealed before it is used.
                continue;
            };
            let place = Place {
                organization_id,
                name: AUTH_TOKEN,
            };
            let sealed = Sealed { text, key_id };
            match self.keyring.open(place, &sealed) {
                Ok(auth_token) => {
                    let account = OwnAccount {
                        organization_id,
                        account_sid: QUERY.get(row, 1)?,
                        auth_token,
                    };
                    known.insert(organization_id, account);
                }
                Err(source) => tracing::error!(
                    organization.id = %organization_id,
                    error = crate::error::causes(&source),
                    "an organization's Twilio auth token cannot be opened"
                ),
            }
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        Ok(())
    }

    fn known(&self) -> Arc<HashMap<Uuid, OwnAccount>> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }
}
