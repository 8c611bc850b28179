//! `frontdesk tools push`: makes the tools of a Vapi account like these.

use anyhow::{Context, bail, ensure};
use clap::Args;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::{
    change::{Change, Move, compare},
    pins,
};
use crate::{
    commands::output::{self, count},
    config::read,
    vapi::{
        account::Account,
        definition::{self, Server},
    },
};

/// Makes the tools of an account like these.
#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(super) struct Push {
    /// The account's private key.
    #[arg(long, env = "VAPI_PRIVATE_KEY", hide_env_values = true, value_name = "KEY", value_parser = |text: &str| Ok::<_, String>(SecretString::from(text.trim())))]
    private_key: Option<SecretString>,
    /// Where Vapi's API is.
    #[arg(long, env = "VAPI_API_URL", value_name = "URL", default_value = "https://api.vapi.ai", value_parser = read(base))]
    api_url: Url,
    /// Changes what was shown.
    #[arg(long)]
    yes: bool,
    /// Shows every line that changes, and new tools in full.
    #[arg(long)]
    verbose: bool,
    /// Points tools at this webhook that serve another organization or another program.
    #[arg(long, conflicts_with = "beside")]
    retarget: bool,
    /// Makes tools of its own for this webhook beside those of another organization or program.
    #[arg(long)]
    beside: bool,
    /// Takes the credential off tools that have one; without this it is kept where no --credential-id is given.
    #[arg(long)]
    drop_credential: bool,
}

impl Push {
    pub(super) async fn run(self, server: &Server) -> anyhow::Result<()> {
        let account = self.account()?;
        ensure!(
            !(self.drop_credential && server.credential_id.is_some()),
            "--drop-credential takes the credential off, and --credential-id (or VAPI_CREDENTIAL_ID) sets one; give one of them"
        );
        let there = account.tools().await?;
        let changes = self.changes(server, &there)?;
        for change in &changes {
            output::text(change.shown(self.verbose)?)?;
        }
        let open = changes.iter().filter(|change| change.is_open()).count();
        if open > 0 && !self.yes {
            let whole = if self.verbose {
                ""
            } else {
                " --verbose shows every line."
            };
            output::line(format_args!(
                "{open} to change; nothing was changed. Run it again with --yes to change it.{whole}"
            ))?;
            let pending = changes.iter().filter(|change| change.is_open());
            let ids: Vec<&str> = pending.filter_map(Change::id).collect();
            return pins::warn_before(&account, &there, &ids).await;
        }
        let mut ids = Vec::new();
        for change in &changes {
            ids.push(change.apply(&account).await?);
        }
        let there = if open > 0 {
            let there = account.tools().await?;
            read_back(&changes, &ids, &there)?;
            there
        } else {
            there
        };
        output::line(
            "The tools are as they should be. Their ids, for the assistant's model.toolIds:",
        )?;
        output::line(serde_json::to_string(&ids)?)?;
        output::line(
            "`frontdesk tools prompt` prints what the assistant's prompt should say of them.",
        )?;
        pins::warn_after(&account, &there, &ids).await
    }

    fn account(&self) -> anyhow::Result<Account> {
        let key = self
            .private_key
            .clone()
            .context("VAPI_PRIVATE_KEY is not set; it takes the private key of the Vapi account")?;
        Ok(Account::new(self.api_url.clone(), key)?)
    }

    /// What is to be done about each tool; refuses to take tools from where they point unless that is asked for.
    fn changes(&self, server: &Server, there: &[Value]) -> anyhow::Result<Vec<Change>> {
        let mut changes = Vec::new();
        for tool in definition::tools(server) {
            changes.push(compare(tool, there, self.beside, !self.drop_credential)?);
        }
        let moves: Vec<&Move> = changes.iter().filter_map(Change::moves).collect();
        let (Some(first), false) = (moves.first(), self.retarget) else {
            return Ok(changes);
        };
        bail!(
            "{} of the account serve {}, not {}: {}. Nothing was changed. --beside makes tools of its own for this webhook and leaves \
             those alone; --retarget points them at this webhook, and the assistants that have them with them",
            count(moves.len(), "tool"),
            first.from,
            server.url,
            moves
                .iter()
                .map(|one| one.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
}

fn base(name: &str, text: &str) -> anyhow::Result<Url> {
    Url::parse(text).with_context(|| format!("{name} is {text}, which is not an address"))
}

/// Holds what Vapi now has to what it was sent.
fn read_back(changes: &[Change], ids: &[String], there: &[Value]) -> anyhow::Result<()> {
    let differing: Vec<&str> = changes
        .iter()
        .zip(ids)
        .filter(|(change, id)| !change.is_done(id, there))
        .map(|(change, _)| change.name())
        .collect();
    ensure!(
        differing.is_empty(),
        "Vapi accepted the changes, and still answers with the tools as they were: {}. Publish their drafts in the dashboard, or push again",
        differing.join(", ")
    );
    Ok(())
}
