//! `frontdesk org webhook-secret`: the credential that opens an organization's own webhook path.

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Args;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    ask::{hold, query},
    report::Report,
};
use crate::{
    commands::org::organization::OrganizationArg,
    config::SecretsSettings,
    db::Sql,
    directory::WEBHOOK_SECRET,
    keyring::{Keyring, Place},
    sql,
};

const LIVE: Sql = sql!("org_live_secrets", [UUID]);
const ADD: Sql = sql!("org_add_secret", [UUID, TEXT, TEXT]);
const RETIRE: Sql = sql!("org_retire_secrets", [UUID]);

/// A webhook secret.
#[derive(Args)]
pub struct WebhookSecret {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Retire every secret but the newest, once Vapi uses that one; makes none.
    #[arg(long)]
    retire: bool,
    #[command(flatten)]
    secrets: SecretsSettings,
}

impl WebhookSecret {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        if self.retire {
            retire(client, organization_id).await
        } else {
            make(client, organization_id, &self.secrets.understand()?).await
        }
    }
}

async fn make(
    client: &mut Client,
    organization_id: Uuid,
    keyring: &Keyring,
) -> anyhow::Result<Report> {
    let transaction = hold(client, organization_id).await?;
    let live = query(&transaction, &LIVE, &[&organization_id]).await?;
    if live.len() >= 2 {
        bail!("two secrets are live already; retire the older one with --retire first");
    }
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).context("the machine gives no random numbers")?;
    let secret = URL_SAFE_NO_PAD.encode(random);
    let place = Place {
        organization_id,
        name: WEBHOOK_SECRET,
    };
    let sealed = keyring.seal(place, &secret.as_str().into())?;
    let params: crate::db::Params<'_> = &[&organization_id, &sealed.text, &sealed.key_id];
    query(&transaction, &ADD, params).await?;
    transaction.commit().await?;
    let path = format!("/vapi/webhook/{organization_id}");
    // The secret alone goes to standard output, so that a script can take it from there.
    eprintln!(
        "This is shown once. At Vapi, point the server URL at {path} and send it as X-Vapi-Secret, as a bearer token, or \
         use it as the HMAC key."
    );
    Ok(Report {
        sentence: secret.clone(),
        object: json!({ "secret": secret, "path": path }),
    })
}

async fn retire(client: &mut Client, organization_id: Uuid) -> anyhow::Result<Report> {
    let transaction = hold(client, organization_id).await?;
    let live = query(&transaction, &LIVE, &[&organization_id]).await?;
    if live.is_empty() {
        bail!("the organization has no live secret; make one without --retire");
    }
    let retired = query(&transaction, &RETIRE, &[&organization_id])
        .await?
        .len();
    transaction.commit().await?;
    Ok(Report {
        sentence: format!("Retired {retired}; the newest stays live."),
        object: json!({ "retired": retired }),
    })
}
