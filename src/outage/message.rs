//! A message that a caller leaves for the staff.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::origin::Origin;
use crate::{
    db::{Database, OrgTx, Params, Sql},
    directory::Directory,
    error::Result,
    sql,
};

const QUERY: Sql = sql!("leave_message", [UUID, TEXT, TEXT, TEXT, TEXT, TEXT, JSONB]);
const LOCK: Sql = sql!("lock_call", [TEXT, TEXT]);

/// A message and where to call back.
#[derive(Clone, Deserialize, Serialize)]
pub struct LeftMessage {
    /// The call.
    pub origin: Origin,
    /// Its idempotency key within the call: the same message said again is the same.
    pub key: String,
    /// What is to be passed on.
    pub text: String,
    /// Who it is from, if they said.
    pub name: Option<String>,
    /// Where to call back, in E.164.
    pub phone: String,
    /// The caller's language.
    pub language: String,
    /// When it was left.
    pub at: DateTime<Utc>,
}

impl LeftMessage {
    /// Leaves it as a task of the staff, once a call and key; the task's id. The call must be locked.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn leave(&self, transaction: &OrgTx, organization_id: Uuid) -> Result<Uuid> {
        let summary = match &self.name {
            Some(name) => format!("Call back {name}: {}", self.text),
            None => format!("Call back: {}", self.text),
        };
        let metadata = json!({
            "customer_name": self.name,
            "language": self.language,
            "key": self.key,
            "said_at": self.at,
        });
        let params: Params<'_> = &[
            &organization_id,
            &"callback",
            &summary,
            &self.phone,
            &self.origin.vapi_call_id,
            &self.key,
            &metadata,
        ];
        let rows = transaction.query(&QUERY, params).await?;
        let row = QUERY.first(&rows)?;
        QUERY.get(row, 0)
    }

    /// Leaves what was spooled while the database was away; `None` when it is nobody's.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn replay(
        &self,
        database: &Database,
        directory: &Directory,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>> {
        let Some(organization) = self.origin.organization(database, directory).await? else {
            return Ok(None);
        };
        let id = organization.id;
        database
            .transaction(&organization.binding(now), async |transaction| {
                if let Some(call_id) = &self.origin.vapi_call_id {
                    // The tool may be at it still: it was late, and nobody waited for it any more.
                    transaction
                        .query(&LOCK, &[&id.to_string(), call_id])
                        .await?;
                }
                self.leave(transaction, id).await
            })
            .await?;
        Ok(Some(id))
    }
}
