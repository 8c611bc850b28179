//! Encrypts credentials that a client of the database wrote in plain text. The database has already moved them to where no
//! client can read them; it has no key, so the service seals them when the change is announced.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use super::credentials::{RefreshError, WEBHOOK_SECRET};
use crate::{
    db::{Binding, Database, OrgTx, Sql},
    keyring::{Keyring, Place, Sealed},
    sql,
};

const UNSEALED: Sql = sql!("unsealed_organizations", []);
const PLAIN: Sql = sql!("plain_secrets", [UUID]);
const SEAL: Sql = sql!("seal_secret", [UUID, TEXT, TEXT, TEXT]);
const PLAIN_WEBHOOK: Sql = sql!("plain_webhook_secrets", [UUID]);
const SEAL_WEBHOOK: Sql = sql!("seal_webhook_secret", [UUID, UUID, TEXT, TEXT]);

/// Seals every credential that is still plain, one organization after another; whether there was any. Without a key nothing is done, and
/// the log says so.
///
/// # Errors
///
/// When the database fails; what was sealed before stays sealed.
pub(super) async fn seal(
    database: &Database,
    keyring: &Keyring,
    now: DateTime<Utc>,
) -> Result<bool, RefreshError> {
    let rows = database.read_unbound(&UNSEALED, &[]).await?;
    if keyring.is_empty() {
        if !rows.is_empty() {
            tracing::error!(
                organizations = rows.len(),
                "credentials lie in the database in plain text: set FRONTDESK_SECRETS_KEY, and they are sealed"
            );
        }
        return Ok(false);
    }
    for row in &rows {
        let organization_id: Uuid = UNSEALED.get(row, 0)?;
        let binding = Binding {
            organization_id,
            now,
        };
        database
            .transaction(&binding, async |transaction| {
                seal_secrets(transaction, keyring, organization_id).await?;
                seal_webhook_secrets(transaction, keyring, organization_id).await
            })
            .await?;
        tracing::info!(organization.id = %organization_id, "sealed credentials that were in plain text");
    }
    Ok(!rows.is_empty())
}

async fn seal_secrets(
    transaction: &OrgTx,
    keyring: &Keyring,
    organization_id: Uuid,
) -> Result<(), RefreshError> {
    for row in transaction.query(&PLAIN, &[&organization_id]).await? {
        let name: String = PLAIN.get(&row, 0)?;
        let secret: String = PLAIN.get(&row, 1)?;
        let sealed = sealed(keyring, organization_id, &name, secret)?;
        transaction
            .query(
                &SEAL,
                &[&organization_id, &name, &sealed.text, &sealed.key_id],
            )
            .await?;
    }
    Ok(())
}

async fn seal_webhook_secrets(
    transaction: &OrgTx,
    keyring: &Keyring,
    organization_id: Uuid,
) -> Result<(), RefreshError> {
    for row in transaction
        .query(&PLAIN_WEBHOOK, &[&organization_id])
        .await?
    {
        let id: Uuid = PLAIN_WEBHOOK.get(&row, 0)?;
        let secret: String = PLAIN_WEBHOOK.get(&row, 1)?;
        let sealed = sealed(keyring, organization_id, WEBHOOK_SECRET, secret)?;
        transaction
            .query(
                &SEAL_WEBHOOK,
                &[&organization_id, &id, &sealed.text, &sealed.key_id],
            )
            .await?;
    }
    Ok(())
}

fn sealed(
    keyring: &Keyring,
    organization_id: Uuid,
    name: &str,
    secret: String,
) -> Result<Sealed, RefreshError> {
    let place = Place {
        organization_id,
        name,
    };
    keyring
        .seal(place, &SecretString::from(secret))
        .map_err(|source| RefreshError::Sealed {
            organization_id,
            source,
        })
}
