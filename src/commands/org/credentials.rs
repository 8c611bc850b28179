//! `frontdesk org set-secret` and `remove-secret`: an organization's credentials with others, encrypted in the database.

use std::io::Read;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use serde_json::json;
use tokio_postgres::GenericClient;

use super::{
    ask::{only_row, query, today},
    report::Report,
};
use crate::{
    commands::org::organization::OrganizationArg, config::SecretsSettings, db::Sql, keyring::Place,
    sql,
};

const SET: Sql = sql!("org_set_secret", [UUID, TEXT, TEXT, TEXT]);
const REMOVE: Sql = sql!("org_remove_secret", [UUID, TEXT]);

/// The longest credential that is taken, in bytes.
const MAX_LENGTH: u64 = 16_384;

/// Which credential; the names are those of the columns that were meant for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
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
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Which credential.
    name: Name,
    #[command(flatten)]
    secrets: SecretsSettings,
}

/// A credential that is forgotten.
#[derive(Args)]
pub struct RemoveSecret {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Which credential.
    name: Name,
}

impl Name {
    fn column(self) -> &'static str {
        match self {
            Self::TwilioAuthToken => "twilio_auth_token",
            Self::ByoSipCredentials => "byo_sip_credentials",
            Self::GoogleRefreshToken => "google_refresh_token",
            Self::OutlookRefreshToken => "outlook_refresh_token",
            Self::CalendlyApiKey => "calendly_api_key",
        }
    }
}

impl SetSecret {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let keyring = self.secrets.understand()?;
        let mut text = String::new();
        // Not from the command line, which every user of the machine can read.
        std::io::stdin()
            .take(MAX_LENGTH + 1)
            .read_to_string(&mut text)
            .context("the credential is read from standard input, as text")?;
        ensure!(
            text.len() as u64 <= MAX_LENGTH,
            "the credential is longer than {MAX_LENGTH} bytes"
        );
        let text = text.trim();
        ensure!(
            !text.is_empty(),
            "standard input was empty; to forget a credential use remove-secret"
        );
        let name = self.name.column();
        if self.name == Name::ByoSipCredentials
            && !serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object())
        {
            bail!("{name} takes a JSON object");
        }
        let place = Place {
            organization_id,
            name,
        };
        let sealed = keyring.seal(place, &text.into())?;
        let params: crate::db::Params<'_> =
            &[&organization_id, &name, &sealed.text, &sealed.key_id];
        let rows = query(client, &SET, params).await?;
        only_row(&rows, organization_id)?;
        Ok(Report {
            sentence: format!("Keeps {name}, encrypted with the key {}.", sealed.key_id),
            object: json!({ "id": organization_id, "secret": name, "key_id": sealed.key_id }),
        })
    }
}

impl RemoveSecret {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let name = self.name.column();
        today(client, organization_id).await?;
        let rows = query(client, &REMOVE, &[&organization_id, &name]).await?;
        ensure!(
            !rows.is_empty(),
            "organization {organization_id} has no {name}"
        );
        Ok(Report {
            sentence: format!("Forgot {name}."),
            object: json!({ "id": organization_id, "removed": name }),
        })
    }
}
