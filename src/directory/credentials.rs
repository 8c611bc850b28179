//! The live webhook secrets of the organizations that have their own.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const QUERY: Sql = sql!("webhook_credentials", []);

type Secrets = HashMap<Uuid, Arc<[SecretString]>>;

/// All live secrets, in memory: a request with a wrong one costs no query.
#[derive(Debug)]
pub struct Credentials {
    database: Database,
    secrets: RwLock<Arc<Secrets>>,
}

impl Credentials {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            secrets: RwLock::default(),
        }
    }

    /// Reads all live secrets again.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; the secrets known before stay in force.
    pub async fn refresh(&self) -> Result<()> {
        let rows = self.database.read_unbound(&QUERY, &[]).await?;
        let mut secrets: HashMap<Uuid, Vec<SecretString>> = HashMap::new();
        for row in &rows {
            let organization_id = row.try_get(0).map_err(QUERY.shape())?;
            let secret: String = row.try_get(1).map_err(QUERY.shape())?;
            secrets
                .entry(organization_id)
                .or_default()
                .push(SecretString::from(secret));
        }
        let fresh = secrets
            .into_iter()
            .map(|(organization_id, live)| (organization_id, Arc::from(live)))
            .collect();
        *self.secrets.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    /// The live secrets of one organization; none for a stranger's id.
    #[must_use]
    pub fn of(&self, organization_id: Uuid) -> Option<Arc<[SecretString]>> {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        secrets.get(&organization_id).cloned()
    }

    /// Tells whether no organization has a secret of its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        secrets.is_empty()
    }
}
