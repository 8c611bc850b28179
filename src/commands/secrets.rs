//! `frontdesk secrets`: the keys that encrypt organizations' credentials in the database.

use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::Row;

use super::{database::with_schema, output, prelude::*};
use crate::{
    config::{DatabaseSettings, SecretsSettings},
    directory::WEBHOOK_SECRET,
    keyring::{self, Keyring, Place, Sealed},
};

const READ: Sql = sql!("secrets_stale", []);
const RESEAL: Sql = sql!("secrets_reseal", []);
const READ_WEBHOOK: Sql = sql!("secrets_stale_webhook", []);
const RESEAL_WEBHOOK: Sql = sql!("secrets_reseal_webhook", []);

/// `frontdesk secrets` and its subcommands.
#[derive(Args)]
pub struct SecretsCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Prints a new key for `FRONTDESK_SECRETS_KEY`.
    NewKey,
    /// Encrypts every credential with the newest key; afterwards the older keys are no longer needed.
    Rotate(Rotate),
}

/// Where the credentials are, and the keys, the newest first.
#[derive(Args)]
struct Rotate {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    secrets: SecretsSettings,
}

/// Runs one subcommand.
///
/// # Errors
///
/// Without a key, or when a credential does not open; nothing is changed then.
pub async fn run(command: SecretsCommand) -> anyhow::Result<()> {
    match command.action {
        Action::NewKey => output::line(keyring::new_key()?.expose_secret()),
        Action::Rotate(rotate) => {
            let keyring = rotate.secrets.keyring();
            let newest = keyring
                .newest()
                .context(keyring::KeyringError::NoKey)?
                .to_owned();
            let sealed = with_schema(&rotate.database.for_owner()?, |client| {
                reseal(client, keyring)
            })
            .await?;
            output::line(format_args!(
                "Sealed {sealed} credentials with the key {newest}; all are sealed with it now."
            ))
        }
    }
}

/// Seals with the newest key whatever is not, all or nothing.
async fn reseal(mut client: Client, keyring: Keyring) -> anyhow::Result<usize> {
    let transaction = client.transaction().await?;
    let newest = keyring.newest().unwrap_or_default();
    let named = transaction.query(READ.text, &[&newest]).await?;
    for row in &named {
        let (id, name): (Uuid, String) = (row.try_get(0)?, row.try_get(1)?);
        let secret = again(&keyring, row, &name)?;
        let params: Params<'_> = &[&id, &name, &secret.text, &secret.key_id];
        transaction.execute(RESEAL.text, params).await?;
    }
    let of_webhooks = transaction.query(READ_WEBHOOK.text, &[&newest]).await?;
    for row in &of_webhooks {
        let id: Uuid = row.try_get(1)?;
        let secret = again(&keyring, row, WEBHOOK_SECRET)?;
        let params: Params<'_> = &[&id, &secret.text, &secret.key_id];
        transaction.execute(RESEAL_WEBHOOK.text, params).await?;
    }
    transaction.commit().await?;
    Ok(named.len() + of_webhooks.len())
}

/// The credential in a row under the newest key, from its plain form or that of an older key.
fn again(keyring: &Keyring, row: &Row, name: &str) -> anyhow::Result<Sealed> {
    let place = Place {
        organization_id: row.try_get(0)?,
        name,
    };
    let (text, key_id): (String, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
    let secret = match key_id {
        None => SecretString::from(text),
        Some(key_id) => keyring
            .open(place, &Sealed { text, key_id })
            .with_context(|| format!("{place} cannot be opened; nothing was changed"))?,
    };
    Ok(keyring.seal(place, &secret)?)
}
