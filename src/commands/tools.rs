//! `frontdesk tools`: prints the tools for Vapi, and keeps those of an account like them.

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use similar::TextDiff;
use url::Url;
use uuid::Uuid;

use super::{connection, organization::OrganizationArg};
use crate::{
    config::DatabaseSettings,
    vapi::{
        account::Account,
        definition::{self, PROMPT, Server},
    },
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
    /// The address under which Vapi reaches this service, such as <https://desk.example.com>.
    #[arg(
        long,
        env = "FRONTDESK_PUBLIC_URL",
        value_name = "URL",
        default_value = "",
        global = true
    )]
    public_url: String,
    /// The organization whose webhook is used, if it has a secret of its own; by a name it is looked up in the database.
    #[arg(long, value_name = "ID|NAME", global = true)]
    organization: Option<OrganizationArg>,
    /// Vapi's id of the credential that it proves itself by.
    #[arg(
        long,
        env = "VAPI_CREDENTIAL_ID",
        value_name = "ID",
        default_value = "",
        global = true
    )]
    credential_id: String,
}

#[derive(Subcommand)]
enum Action {
    /// Makes the tools of a Vapi account like these; shows what would change, and changes it only with --yes.
    Push(Push),
    /// Prints what to paste into the assistant's prompt.
    Prompt,
}

#[derive(Args)]
struct Push {
    /// The account's private key.
    #[arg(
        long,
        env = "VAPI_PRIVATE_KEY",
        hide_env_values = true,
        value_name = "KEY",
        default_value = ""
    )]
    private_key: String,
    /// Where Vapi's API is.
    #[arg(
        long,
        env = "VAPI_API_URL",
        value_name = "URL",
        default_value = "https://api.vapi.ai"
    )]
    api_url: String,
    /// Changes what was shown.
    #[arg(long)]
    yes: bool,
}

/// What is to be done about one tool.
enum Change {
    Create(Value),
    Update { id: String, tool: Value },
    None { id: String },
}

/// Runs one subcommand; without one the tools are printed as JSON.
///
/// # Errors
///
/// A setting that cannot be used, or what Vapi refused.
pub async fn run(command: ToolsCommand) -> anyhow::Result<()> {
    if matches!(command.action, Some(Action::Prompt)) {
        print!("{PROMPT}");
        return Ok(());
    }
    let organization_id = command.organization_id().await?;
    let server = command.server.understand(organization_id)?;
    match command.action {
        None => {
            let tools = definition::tools(&server);
            println!("{}", serde_json::to_string_pretty(&tools)?);
            Ok(())
        }
        Some(Action::Push(push)) => push.run(&server).await,
        Some(Action::Prompt) => Ok(()),
    }
}

impl ToolsCommand {
    /// The organization whose webhook is used. The database is asked only for one that is named.
    async fn organization_id(&self) -> anyhow::Result<Option<Uuid>> {
        match &self.server.organization {
            None => Ok(None),
            Some(OrganizationArg::Id(id)) => Ok(Some(*id)),
            Some(organization) => {
                let database = self.database.for_owner()?;
                connection::with_schema(&database, |client| async move {
                    organization.resolve(&client).await.map(Some)
                })
                .await
            }
        }
    }
}

impl ServerSettings {
    fn understand(&self, organization_id: Option<Uuid>) -> anyhow::Result<Server> {
        let text = self.public_url.trim();
        ensure!(
            !text.is_empty(),
            "FRONTDESK_PUBLIC_URL is not set; it takes the address under which Vapi reaches this service, such as https://desk.example.com"
        );
        let mut url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            .with_context(|| {
                format!("FRONTDESK_PUBLIC_URL is {text}; it takes an address such as https://desk.example.com")
            })?;
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["vapi", "webhook"]);
            if let Some(id) = organization_id {
                path.push(&id.to_string());
            }
        }
        let credential = self.credential_id.trim();
        Ok(Server {
            url,
            credential_id: (!credential.is_empty()).then(|| credential.to_owned()),
        })
    }
}

impl Push {
    async fn run(self, server: &Server) -> anyhow::Result<()> {
        let key = self.private_key.trim();
        ensure!(
            !key.is_empty(),
            "VAPI_PRIVATE_KEY is not set; it takes the private key of the Vapi account"
        );
        let base = Url::parse(self.api_url.trim())
            .with_context(|| format!("VAPI_API_URL is {}, which is no address", self.api_url))?;
        let account = Account::new(base, SecretString::from(key))?;
        let there = account.tools().await?;
        let mut changes = Vec::new();
        for tool in definition::tools(server) {
            let (change, shown) = compare(tool, &there)?;
            print!("{shown}");
            changes.push(change);
        }
        let open = changes
            .iter()
            .filter(|change| !matches!(change, Change::None { .. }))
            .count();
        if open > 0 && !self.yes {
            println!(
                "{open} to change; nothing was changed. Run it again with --yes to change it."
            );
            return Ok(());
        }
        let mut ids = Vec::new();
        for change in changes {
            ids.push(change.carry_out(&account).await?);
        }
        println!("The tools are as they should be. Their ids, for the assistant's model.toolIds:");
        println!("{}", serde_json::to_string(&ids)?);
        println!("`frontdesk tools prompt` prints what the assistant's prompt should say of them.");
        Ok(())
    }
}

/// What is to be done about a tool, and how that is shown.
fn compare(tool: Value, there: &[Value]) -> anyhow::Result<(Change, String)> {
    let name = text(&tool, "/function/name");
    let same: Vec<&Value> = there
        .iter()
        .filter(|other| text(other, "/type") == "function" && text(other, "/function/name") == name)
        .collect();
    let ours: Vec<&Value> = same
        .iter()
        .filter(|other| text(other, "/server/url") == text(&tool, "/server/url"))
        .copied()
        .collect();
    let old = match (same.as_slice(), ours.as_slice()) {
        ([], _) => {
            let shown = shown(name, "new", "", &pretty(&tool)?);
            return Ok((Change::Create(tool), shown));
        }
        ([only], _) | (_, [only]) => *only,
        _ => bail!(
            "{} tools of the account are called {name}; delete all but one",
            same.len()
        ),
    };
    let id = text(old, "/id").to_owned();
    ensure!(!id.is_empty(), "a tool of the account has no id");
    let (before, after) = (pretty(&pared(old, &tool))?, pretty(&tool)?);
    if before == after {
        return Ok((Change::None { id }, format!("{name}: as it should be\n")));
    }
    let shown = shown(name, &id, &before, &after);
    // Vapi takes a tool's type when it is made, and refuses it later.
    let mut tool = tool;
    if let Some(fields) = tool.as_object_mut() {
        fields.remove("type");
    }
    Ok((Change::Update { id, tool }, shown))
}

/// A text within a tool; nothing if there is none.
fn text<'a>(tool: &'a Value, pointer: &str) -> &'a str {
    tool.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

impl Change {
    async fn carry_out(self, account: &Account) -> anyhow::Result<String> {
        Ok(match self {
            Self::None { id } => id,
            Self::Create(tool) => account.create(&tool).await?,
            Self::Update { id, tool } => {
                account.update(&id, &tool).await?;
                id
            }
        })
    }
}

/// What is there, less what Vapi adds and this program does not set: its ids, its times, and defaults.
fn pared(there: &Value, wanted: &Value) -> Value {
    match (there, wanted) {
        (Value::Object(there), Value::Object(wanted)) => {
            let kept: Map<String, Value> = there
                .iter()
                .filter(|(name, value)| wanted.contains_key(*name) || is_telling(name, value))
                .map(|(name, value)| {
                    let wanted = wanted.get(name).unwrap_or(&Value::Null);
                    (name.clone(), pared(value, wanted))
                })
                .collect();
            Value::Object(kept)
        }
        (Value::Array(there), Value::Array(wanted)) => there
            .iter()
            .enumerate()
            .map(|(nth, there)| pared(there, wanted.get(nth).unwrap_or(&Value::Null)))
            .collect(),
        // JSON has one kind of number: 20 and 20.0 are the same.
        (Value::Number(number), Value::Number(wanted)) if number.as_f64() == wanted.as_f64() => {
            json!(wanted)
        }
        (other, _) => other.clone(),
    }
}

/// Whether a field that this program does not set changes what the tool does.
fn is_telling(name: &str, value: &Value) -> bool {
    let is_set = !matches!(value, Value::Null | Value::Bool(false));
    is_set
        && matches!(
            name,
            "credentialId" | "headers" | "rejectionPlan" | "variableExtractionPlan"
        )
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn shown(name: &str, id: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let lines = diff.unified_diff().context_radius(2).to_string();
    format!("{name} ({id}):\n{lines}")
}
