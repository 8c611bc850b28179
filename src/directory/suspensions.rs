//! The organizations whose calls the operator has suspended.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

use uuid::Uuid;

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const QUERY: Sql = sql!("suspended_organizations", []);

/// All of them, in memory: a call of one costs no query.
#[derive(Debug)]
pub struct Suspensions {
    database: Database,
    known: RwLock<Arc<HashSet<Uuid>>>,
}

impl Suspensions {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            known: RwLock::default(),
        }
    }

    /// Whether an organization is suspended.
    #[must_use]
    pub fn contains(&self, organization_id: Uuid) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.contains(&organization_id)
    }

    /// Reads all suspensions again.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; those known before stay in force.
    pub(super) async fn refresh(&self) -> Result<()> {
        let rows = self.database.read_unbound(&QUERY, &[]).await?;
        let known = rows
            .iter()
            .map(|row| QUERY.get(row, 0))
            .collect::<Result<HashSet<Uuid>>>()?;
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        Ok(())
    }
}
