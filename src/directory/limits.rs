//! The largest webhook body of each organization that has set one.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use uuid::Uuid;

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const QUERY: Sql = sql!("webhook_body_limits", []);

/// All of them, in memory: a request that is too large costs no query.
#[derive(Debug)]
pub struct BodyLimits {
    database: Database,
    known: RwLock<Arc<HashMap<Uuid, usize>>>,
}

impl BodyLimits {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            known: RwLock::default(),
        }
    }

    /// The limit that an organization has set, in bytes.
    #[must_use]
    pub fn of(&self, organization_id: Uuid) -> Option<usize> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&organization_id).copied()
    }

    /// Reads all limits again.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; the limits known before stay in force.
    pub(super) async fn refresh(&self) -> Result<()> {
        let rows = self.database.read_unbound(&QUERY, &[]).await?;
        let mut known = HashMap::with_capacity(rows.len());
        for row in &rows {
            let bytes: Option<i32> = QUERY.get(row, 1)?;
            if let Some(bytes) = bytes.and_then(|bytes| usize::try_from(bytes).ok()) {
                known.insert(QUERY.get(row, 0)?, bytes);
            }
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        Ok(())
    }
}
