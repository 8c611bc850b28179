//! What the directory keeps in memory of all organizations, replaced as a whole when it is read again.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use uuid::Uuid;

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const LIMITS: Sql = sql!("webhook_body_limits", []);
const SUSPENDED: Sql = sql!("suspended_organizations", []);

/// A value that is read often, without a query, and replaced seldom.
#[derive(Debug, Default)]
pub(super) struct Known<T>(RwLock<Arc<T>>);

impl<T> Known<T> {
    pub(super) fn get(&self) -> Arc<T> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn replace(&self, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
    }
}

/// The largest webhook body of each organization that has set one.
#[derive(Debug, Default)]
pub struct BodyLimits(Known<HashMap<Uuid, usize>>);

impl BodyLimits {
    /// The limit that an organization has set, in bytes.
    #[must_use]
    pub fn of(&self, organization_id: Uuid) -> Option<usize> {
        self.0.get().get(&organization_id).copied()
    }

    /// Reads all limits again.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; the limits known before stay in force.
    pub(super) async fn refresh(&self, database: &Database) -> Result<()> {
        let mut known = HashMap::new();
        for row in &database.read_unbound(&LIMITS, &[]).await? {
            let bytes: Option<i32> = LIMITS.get(row, 1)?;
            if let Some(bytes) = bytes.and_then(|bytes| usize::try_from(bytes).ok()) {
                known.insert(LIMITS.get(row, 0)?, bytes);
            }
        }
        self.0.replace(known);
        Ok(())
    }
}

/// The organizations whose calls the operator has suspended.
#[derive(Debug, Default)]
pub struct Suspensions(Known<HashSet<Uuid>>);

impl Suspensions {
    /// Whether an organization is suspended.
    #[must_use]
    pub fn contains(&self, organization_id: Uuid) -> bool {
        self.0.get().contains(&organization_id)
    }

    /// Reads all suspensions again.
    ///
    /// # Errors
    ///
    /// When the database cannot be read; those known before stay in force.
    pub(super) async fn refresh(&self, database: &Database) -> Result<()> {
        let rows = database.read_unbound(&SUSPENDED, &[]).await?;
        let known = rows.iter().map(|row| SUSPENDED.get(row, 0));
        self.0.replace(known.collect::<Result<_>>()?);
        Ok(())
    }
}
