//! The Twilio accounts of organizations that brought their own, and whose callbacks they sign.

use std::collections::HashMap;

use secrecy::SecretString;
use uuid::Uuid;

use super::{credentials::RefreshError, known::Known};
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
#[derive(Debug, Default)]
pub struct Accounts(Known<HashMap<Uuid, OwnAccount>>);

impl Accounts {
    /// The account that an organization brought.
    #[must_use]
    pub fn of(&self, organization_id: Uuid) -> Option<OwnAccount> {
        self.0.get().get(&organization_id).cloned()
    }

    /// Who brought an account: more than one when organizations share it.
    #[must_use]
    pub fn with_sid(&self, account_sid: &str) -> Vec<OwnAccount> {
        self.0
            .get()
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
    pub(super) async fn refresh(
        &self,
        database: &Database,
        keyring: &Keyring,
    ) -> Result<(), RefreshError> {
        let mut known = HashMap::new();
        for row in &database.read_unbound(&QUERY, &[]).await? {
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
            match keyring.open(place, &sealed) {
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
        self.0.replace(known);
        Ok(())
    }
}
