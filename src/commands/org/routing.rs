//! `frontdesk org add-phone`, `remove-phone`, `add-assistant`, `remove-assistant` and `set-language`: how a call finds its organization, and
//! how it is answered.

use clap::builder::PossibleValuesParser;

use crate::{
    commands::{
        field::{self, Words, phone},
        prelude::*,
    },
    config::read,
    domain::language::Language,
};

const CLAIMED: Sql = sql!("org_claimed", [UUID, TEXT, TEXT, TEXT]);
const ADD_PHONE: Sql = sql!("org_add_phone", [UUID, TEXT, TEXT, TEXT, TEXT, TEXT_ARRAY]);
const REMOVE_PHONE: Sql = sql!("org_remove_phone", [UUID, TEXT]);
const ADD_ASSISTANT: Sql = sql!("org_add_assistant", [UUID, TEXT, TEXT, TEXT]);
const REMOVE_ASSISTANT: Sql = sql!("org_remove_assistant", [UUID, TEXT]);
const SET_LANGUAGE: Sql = sql!("org_set_language", [UUID, TEXT, TEXT]);

/// A telephone number.
#[derive(Args)]
pub struct AddPhone {
    /// The number that callers dial, E.164.
    #[arg(long, value_parser = phone)]
    number: String,
    /// Vapi's id of the number.
    #[arg(long)]
    vapi_phone_number_id: Option<String>,
    /// Vapi's id of the assistant that answers it; the organization's first if left out.
    #[arg(long)]
    vapi_assistant_id: Option<String>,
    /// Who provides the number.
    #[arg(long, default_value = "vapi", value_parser = PossibleValuesParser::new(["vapi", "twilio", "byo"]))]
    provider: String,
    /// What the organization's own number at Twilio is used for: voice, sms, or both; new numbers take calls, known ones stay as they are.
    #[arg(long, value_name = "LIST", value_parser = read(capabilities))]
    capabilities: Option<Words>,
}

/// A telephone number that is not the organization's any more.
#[derive(Args)]
pub struct RemovePhone {
    /// The number, with its country code: +13035550100.
    #[arg(value_parser = phone)]
    number: String,
}

/// An assistant.
#[derive(Args)]
pub struct AddAssistant {
    /// Vapi's id of the assistant.
    #[arg(long, value_parser = read(field::name))]
    vapi_assistant_id: String,
    /// Its name.
    #[arg(long, value_parser = read(field::name))]
    name: String,
    /// The language it speaks: en or es.
    #[arg(long, default_value = "en", value_parser = read(field::language))]
    language: Language,
}

/// An assistant that is not the organization's any more. This also removes an id that an organization entered and does not own.
#[derive(Args)]
pub struct RemoveAssistant {
    /// Vapi's id of the assistant.
    #[arg(value_name = "ASSISTANT_ID", value_parser = |text: &str| Ok::<_, String>(text.trim().to_owned()))]
    vapi_assistant_id: String,
}

/// An assistant's language.
#[derive(Args)]
pub struct SetLanguage {
    /// Vapi's id of the assistant.
    #[arg(long)]
    vapi_assistant_id: String,
    /// The language it speaks from now on: en or es.
    #[arg(long, value_parser = read(field::language))]
    language: Language,
}

fn capabilities(option: &str, text: &str) -> anyhow::Result<Words> {
    let listed = field::words(text);
    for capability in &listed {
        ensure!(
            matches!(capability.as_str(), "voice" | "sms"),
            "{option} has {capability}; allowed are voice and sms, as in voice,sms"
        );
    }
    Ok(listed)
}

fn unknown(organization_id: Uuid, assistant: &str) -> String {
    format!(
        "organization {organization_id} has no assistant {assistant}; enter it with add-assistant first"
    )
}

/// Refuses a number, Vapi's id of it or an assistant's that another organization, or another number, has.
async fn be_free(
    client: &impl GenericClient,
    organization_id: Uuid,
    number: Option<&str>,
    number_id: Option<&str>,
    assistant_id: Option<&str>,
) -> anyhow::Result<()> {
    let params: Params<'_> = &[&organization_id, &number, &number_id, &assistant_id];
    let rows = query(client, &CLAIMED, params).await?;
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let (claim, id): (&str, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let (name, number): (String, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
    let number = number.unwrap_or_default();
    match claim {
        "number" => bail!(
            "{number} is in use by {name} ({id}); `frontdesk org remove-phone {id} {number}` takes it from there"
        ),
        "number_id" => bail!(
            "Vapi's number id {} belongs to {number} of {name} ({id}); `frontdesk org remove-phone {id} {number}` takes it from there",
            number_id.unwrap_or_default()
        ),
        _ => bail!(
            "assistant {0} is another organization's: {name} ({id}) has entered it. If it is not theirs, `frontdesk org \
             remove-assistant {id} {0}` takes it from there",
            assistant_id.unwrap_or_default()
        ),
    }
}

impl OnOrganization for AddPhone {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, number) = (organization.id, self.number);
        be_free(
            client,
            id,
            Some(&number),
            self.vapi_phone_number_id.as_deref(),
            None,
        )
        .await?;
        let params: Params<'_> = &[
            &id,
            &number,
            &self.vapi_phone_number_id,
            &self.provider,
            &self.vapi_assistant_id,
            &self.capabilities,
        ];
        let phone: Option<Uuid> = value(client, &ADD_PHONE, params).await?;
        let phone =
            phone.with_context(|| unknown(id, &self.vapi_assistant_id.unwrap_or_default()))?;
        Ok(Report::new(
            format!("Calls to {number} are now this organization's."),
            json!({ "id": phone, "phone_number": number }),
        ))
    }
}

impl OnOrganization for RemovePhone {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (Named { id, name }, number) = (organization, self.number);
        let rows = query(client, &REMOVE_PHONE, &[id, &number]).await?;
        let row = rows.first().with_context(|| {
            format!(
                "{name} has no number {number}; `frontdesk org show {id}` lists those that it has"
            )
        })?;
        let remaining: i64 = row.try_get("remaining")?;
        let rest = if remaining == 0 {
            "It has no active number now: callers reach it by its assistants only.".to_owned()
        } else {
            format!("It keeps {}.", count(remaining, "active number"))
        };
        Ok(Report::new(
            format!("Took {number} from {name}. {rest}"),
            json!({ "id": id, "removed": number, "active_numbers": remaining }),
        ))
    }
}

impl OnOrganization for AddAssistant {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, assistant, name) = (organization.id, self.vapi_assistant_id, self.name);
        be_free(client, id, None, None, Some(&assistant)).await?;
        let params: Params<'_> = &[&id, &assistant, &name, &self.language.code()];
        let row: Uuid = only(client, &ADD_ASSISTANT, params).await?;
        Ok(Report::new(
            format!("Calls that {name} answers are now this organization's."),
            json!({ "id": row, "vapi_assistant_id": assistant }),
        ))
    }
}

impl OnOrganization for RemoveAssistant {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (Named { id, name: owner }, assistant) = (organization, self.vapi_assistant_id);
        let rows = query(client, &REMOVE_ASSISTANT, &[id, &assistant]).await?;
        let row = rows.first().with_context(|| {
            format!("{owner} has no assistant {assistant}; `frontdesk org show {id}` lists those that it has")
        })?;
        let (name, numbers): (String, i64) = (row.try_get("name")?, row.try_get("numbers")?);
        let rest = if numbers == 0 {
            String::new()
        } else {
            format!(
                " {} had it; `frontdesk org add-phone {id} --number NUMBER --vapi-assistant-id ASSISTANT_ID` gives them another.",
                count(numbers, "number")
            )
        };
        Ok(Report::new(
            format!(
                "Took {name} ({assistant}) from {owner}; any organization can enter it now.{rest}"
            ),
            json!({ "id": id, "removed": assistant, "name": name, "numbers": numbers }),
        ))
    }
}

impl OnOrganization for SetLanguage {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, assistant) = (organization.id, self.vapi_assistant_id);
        let language = self.language.code();
        let name: Option<String> =
            value(client, &SET_LANGUAGE, &[&id, &assistant, &language]).await?;
        let name = name.with_context(|| unknown(id, &assistant))?;
        Ok(Report::new(
            format!("{name} now speaks {language}."),
            json!({ "id": id, "vapi_assistant_id": assistant, "name": name, "language": language }),
        ))
    }
}
