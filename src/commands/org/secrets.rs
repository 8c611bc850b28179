//! `frontdesk org webhook-secret`, `set-secret` and `remove-secret`: an organization's credentials, encrypted in the database.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::ValueEnum;

use crate::{
    commands::{input::secret, prelude::*},
    config::SecretsSettings,
    directory::WEBHOOK_SECRET,
    keyring::Place,
};

const LIVE: Sql = sql!("org_live_secrets", [UUID]);
const ADD: Sql = sql!("org_add_secret", [UUID, TEXT, TEXT]);
const RETIRE: Sql = sql!("org_retire_secrets", [UUID]);
const SET: Sql = sql!("org_set_secret", [UUID, TEXT, TEXT, TEXT]);
const REMOVE: Sql = sql!("org_remove_secret", [UUID, TEXT]);

/// The longest credential that is accepted, in bytes.
const MAX_LENGTH: u64 = 16_384;

/// The credential that opens an organization's own webhook path.
#[derive(Args)]
pub struct WebhookSecret {
    /// Retire every secret but the newest, once Vapi uses that one; makes none.
    #[arg(long)]
    retire: bool,
    #[command(flatten)]
    secrets: SecretsSettings,
}

/// Which credential; the names are those of the columns that were meant for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Credential {
    /// The auth token of the organization's own Twilio account.
    TwilioAuthToken,
    /// The credentials of a SIP trunk of its own, as a JSON object.
    ByoSipCredentials,
    /// The refresh token of its Google calendar.
    GoogleRefreshToken,
    /// The refresh token of its Outlook calendar.
    OutlookRefreshToken,
    /// The API key of its Calendly account.
    CalendlyApiKey,
}

/// A credential, read from standard input.
#[derive(Args)]
pub struct SetSecret {
    /// Which credential.
    name: Credential,
    #[command(flatten)]
    secrets: SecretsSettings,
}

/// A credential that is removed.
#[derive(Args)]
pub struct RemoveSecret {
    /// Which credential.
    name: Credential,
}

impl OnOrganization for WebhookSecret {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let organization_id = organization.id;
        let live = query(client, &LIVE, &[&organization_id]).await?.len();
        if self.retire {
            ensure!(
                live > 0,
                "the organization has no live secret; make one without --retire"
            );
            let retired = query(client, &RETIRE, &[&organization_id]).await?.len();
            return Ok(Report::new(
                format!("Retired {retired}; the newest stays live."),
                json!({ "retired": retired }),
            ));
        }
        ensure!(
            live < 2,
            "two secrets are live already; retire the older one with --retire first"
        );
        let secret = random_token()?;
        let place = Place {
            organization_id,
            name: WEBHOOK_SECRET,
        };
        let keyring = self.secrets.keyring();
        let sealed = keyring.seal(place, &secret.as_str().into())?;
        let params: Params<'_> = &[&organization_id, &sealed.text, &sealed.key_id];
        query(client, &ADD, params).await?;
        let path = format!("/vapi/webhook/{organization_id}");
        let object = json!({ "secret": secret, "path": path });
        Ok(Report::new(secret, object).noted(format!(
            "This is shown once. At Vapi, point the server URL at {path} and send it as X-Vapi-Secret, as a bearer token, or use it as the \
             HMAC key."
        )))
    }
}

/// A secret of 32 random bytes.
pub(super) fn random_token() -> anyhow::Result<String> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).context("the machine gives no random numbers")?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}

impl Credential {
    fn column(self) -> String {
        let name = self.to_possible_value();
        name.map_or_else(String::new, |name| name.get_name().replace('-', "_"))
    }
}

impl OnOrganization for SetSecret {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let organization_id = organization.id;
        let keyring = self.secrets.keyring();
        let text = secret("credential", MAX_LENGTH)?;
        let text = text.trim();
        ensure!(
            !text.is_empty(),
            "standard input was empty; to remove a credential use remove-secret"
        );
        let name = self.name.column();
        ensure!(
            self.name != Credential::ByoSipCredentials
                || serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object()),
            "{name} takes a JSON object"
        );
        let place = Place {
            organization_id,
            name: &name,
        };
        let sealed = keyring.seal(place, &text.into())?;
        let params: Params<'_> = &[&organization_id, &name, &sealed.text, &sealed.key_id];
        query(client, &SET, params).await?;
        Ok(Report::new(
            format!("Stored {name}, encrypted with the key {}.", sealed.key_id),
            json!({ "id": organization_id, "secret": name, "key_id": sealed.key_id }),
        ))
    }
}

impl OnOrganization for RemoveSecret {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, name) = (organization.id, self.name.column());
        ensure!(
            !query(client, &REMOVE, &[&id, &name]).await?.is_empty(),
            "organization {id} has no {name}"
        );
        Ok(Report::new(
            format!("Removed {name}."),
            json!({ "id": id, "removed": name }),
        ))
    }
}
