//! `frontdesk org add-phone`, `add-assistant` and `set-language`: how a call finds its organization, and how it is answered.

use anyhow::{bail, ensure};
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{
    ask::{only_row, phone, query, today},
    claims::Claim,
    field,
    report::Report,
};
use crate::{
    commands::org::organization::OrganizationArg, db::Sql, domain::language::Language, sql,
};

const ADD_PHONE: Sql = sql!("org_add_phone", [UUID, TEXT, TEXT, TEXT, TEXT, TEXT_ARRAY]);

/// What a number can be used for.
const CAPABILITIES: [&str; 2] = ["voice", "sms"];

const ADD_ASSISTANT: Sql = sql!("org_add_assistant", [UUID, TEXT, TEXT, TEXT]);
const SET_LANGUAGE: Sql = sql!("org_set_language", [UUID, TEXT, TEXT]);

/// A telephone number.
#[derive(Args)]
pub struct AddPhone {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The number that callers dial, E.164.
    #[arg(long)]
    number: String,
    /// Vapi's id of the number.
    #[arg(long)]
    vapi_phone_number_id: Option<String>,
    /// Vapi's id of the assistant that answers it; the organization's first if left out.
    #[arg(long)]
    vapi_assistant_id: Option<String>,
    /// Who provides the number: vapi, twilio or byo.
    #[arg(long, default_value = "vapi")]
    provider: String,
    /// What the organization's own number at Twilio is used for: voice, sms, or both; new numbers take calls, known ones stay as they are.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    capabilities: Option<Vec<String>>,
}

/// An assistant.
#[derive(Args)]
pub struct AddAssistant {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Vapi's id of the assistant.
    #[arg(long)]
    vapi_assistant_id: String,
    /// Its name.
    #[arg(long)]
    name: String,
    /// The language it speaks: en or es.
    #[arg(long, default_value = "en")]
    language: String,
}

/// An assistant's language.
#[derive(Args)]
pub struct SetLanguage {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Vapi's id of the assistant.
    #[arg(long)]
    vapi_assistant_id: String,
    /// The language it speaks from now on: en or es.
    #[arg(long)]
    language: String,
}

impl AddPhone {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        ensure!(
            matches!(self.provider.as_str(), "vapi" | "twilio" | "byo"),
            "--provider is {}; allowed are vapi, twilio and byo",
            self.provider
        );
        for capability in self.capabilities.iter().flatten() {
            ensure!(
                CAPABILITIES.contains(&capability.as_str()),
                "--capabilities has {capability}; allowed are voice and sms, as in voice,sms"
            );
        }
        let number = phone(&self.number)?;
        let claim = Claim {
            number: Some(&number),
            number_id: self.vapi_phone_number_id.as_deref(),
            assistant_id: None,
        };
        claim.be_free(client, organization_id).await?;
        let rows = query(
            client,
            &ADD_PHONE,
            &[
                &organization_id,
                &number,
                &self.vapi_phone_number_id,
                &self.provider,
                &self.vapi_assistant_id,
                &self.capabilities,
            ],
        )
        .await?;
        if let (Some(assistant), []) = (&self.vapi_assistant_id, rows.as_slice()) {
            bail!(
                "organization {organization_id} has no assistant {assistant}; enter it with add-assistant first"
            );
        }
        let id: Uuid = only_row(&rows, organization_id)?.try_get(0)?;
        Ok(Report {
            sentence: format!("Calls to {number} are now this organization's."),
            object: json!({ "id": id, "phone_number": number }),
        })
    }
}

impl AddAssistant {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let language = language(&self.language)?;
        let name = field::name("--name", &self.name)?;
        let assistant_id = field::name("--vapi-assistant-id", &self.vapi_assistant_id)?;
        let claim = Claim {
            assistant_id: Some(assistant_id),
            ..Claim::default()
        };
        claim.be_free(client, organization_id).await?;
        let rows = query(
            client,
            &ADD_ASSISTANT,
            &[&organization_id, &assistant_id, &name, &language.code()],
        )
        .await?;
        let id: Uuid = only_row(&rows, organization_id)?.try_get(0)?;
        Ok(Report {
            sentence: format!("Calls that {name} answers are now this organization's."),
            object: json!({ "id": id, "vapi_assistant_id": assistant_id }),
        })
    }
}

impl SetLanguage {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(client).await?;
        let language = language(&self.language)?;
        today(client, organization_id).await?;
        let assistant = &self.vapi_assistant_id;
        let rows = query(
            client,
            &SET_LANGUAGE,
            &[&organization_id, assistant, &language.code()],
        )
        .await?;
        let Some(row) = rows.first() else {
            bail!(
                "organization {organization_id} has no assistant {assistant}; enter it with add-assistant first"
            );
        };
        let name: String = row.try_get("name")?;
        Ok(Report {
            sentence: format!("{name} now speaks {}.", language.code()),
            object: json!({
                "id": organization_id,
                "vapi_assistant_id": assistant,
                "name": name,
                "language": language.code(),
            }),
        })
    }
}

fn language(text: &str) -> anyhow::Result<Language> {
    let Some(language) = Language::parse(text) else {
        bail!("--language is {text}; allowed are en and es");
    };
    Ok(language)
}
