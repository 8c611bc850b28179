//! `frontdesk tools`: prints the tools for Vapi, and keeps those of an account like them.

mod change;
mod pins;
mod push;

use anyhow::Context;
use clap::{Args, Subcommand};
use url::Url;
use uuid::Uuid;

use super::{database, organization::OrganizationArg, output};
use crate::{
    config::{DatabaseSettings, read, secure_url},
    vapi::definition::{self, PROMPT, Server},
};

/// `frontdesk tools` and its subcommands.
#[derive(Args)]
pub struct ToolsCommand {
    #[command(flatten)]
    server: ServerSettings,
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(subcommand)]
    action: Option<Action>,
}

/// Where Vapi finds the service.
#[derive(Args)]
struct ServerSettings {
    /// The address under which Vapi reaches this service, such as <https://calls.example.com>.
    #[arg(long, env = "FRONTDESK_PUBLIC_URL", value_name = "URL", global = true, value_parser = read(secure_url))]
    public_url: Option<Url>,
    /// The organization whose webhook is used, if it has a secret of its own; by a name it is looked up in the database.
    #[arg(long, value_name = "ID|NAME", global = true)]
    organization: Option<OrganizationArg>,
    /// Vapi's id of the credential that it authenticates with.
    #[arg(long, env = "VAPI_CREDENTIAL_ID", value_name = "ID", global = true)]
    credential_id: Option<String>,
}

#[derive(Subcommand)]
enum Action {
    /// Makes the tools of a Vapi account like these; shows what would change, and changes it only with --yes.
    Push(push::Push),
    /// Prints what to paste into the assistant's prompt.
    Prompt,
}

/// Runs one subcommand; without one the tools are printed as JSON.
///
/// # Errors
///
/// A setting that cannot be used, or what Vapi refused.
pub async fn run(command: ToolsCommand) -> anyhow::Result<()> {
    if matches!(command.action, Some(Action::Prompt)) {
        return output::text(PROMPT);
    }
    let organization_id = command.organization_id().await?;
    let server = command.server.understand(organization_id)?;
    match command.action {
        None => {
            let tools = definition::tools(&server);
            output::line(serde_json::to_string_pretty(&tools)?)
        }
        Some(Action::Push(push)) => push.run(&server).await,
        Some(Action::Prompt) => Ok(()),
    }
}

impl ToolsCommand {
    /// The organization whose webhook is used. The database is asked only for one that is named.
    async fn organization_id(&self) -> anyhow::Result<Option<Uuid>> {
        match &self.server.organization {
            Some(OrganizationArg::Id(id)) => Ok(Some(*id)),
            None => Ok(None),
            only => {
                database::with_schema(&self.database.for_owner()?, |client| async move {
                    OrganizationArg::id_of(only.as_ref(), &client).await
                })
                .await
            }
        }
    }
}

impl ServerSettings {
    fn understand(&self, organization_id: Option<Uuid>) -> anyhow::Result<Server> {
        let mut url = self.public_url.clone().context(
            "FRONTDESK_PUBLIC_URL is not set; it takes the address under which Vapi reaches this service, such as https://calls.example.com",
        )?;
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["vapi", "webhook"]);
            if let Some(id) = organization_id {
                path.push(&id.to_string());
            }
        }
        Ok(Server {
            url,
            credential_id: self.credential_id.clone(),
        })
    }
}
