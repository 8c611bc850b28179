//! `frontdesk call show`: one call, tool call by tool call.

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::record::{Call, Effect, Incident, ToolCall};
use crate::{
    commands::{
        local::{Local, length},
        org::organization::OrganizationArg,
        org::{ask::records, report::Report},
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!("org_call", [TEXT, UUID, UUID]);

/// One call.
#[derive(Args)]
pub struct Show {
    /// The call's id, or Vapi's id of it.
    id: String,
    /// Only if it is a call of this organization: its id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
}

impl Show {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization = match &self.org {
            Some(organization) => Some(organization.resolve_to_read(client).await?),
            None => None,
        };
        let id = Uuid::parse_str(&self.id).ok();
        let mut found: Vec<Value> =
            records(client, &QUERY, &[&self.id, &organization, &id]).await?;
        let Some(mut object) = found.pop() else {
            bail!("there is no call {}", self.id);
        };
        let call: Call =
            serde_json::from_value(object.clone()).context("the call's record cannot be read")?;
        let local = Local::of(&call.timezone);
        local.localize(&mut object);
        Ok(Report {
            sentence: call.page(local),
            object,
        })
    }
}

impl Call {
    fn page(&self, local: Local) -> String {
        let mut lines = self.head(local);
        if self.tool_calls.is_empty() {
            lines.push("\nNo tool was called.".to_owned());
        }
        for tool_call in &self.tool_calls {
            lines.push(String::new());
            lines.extend(self.told(tool_call, local));
        }
        let rest = self.rest(local);
        if !rest.is_empty() {
            lines.push("\nBeside that".to_owned());
            lines.extend(rest.into_iter().map(|line| format!("  {line}")));
        }
        lines.join("\n")
    }

    fn head(&self, local: Local) -> Vec<String> {
        let ended = match (&self.ended_reason, self.status.as_str()) {
            (Some(reason), _) => reason.clone(),
            (None, status) => status.to_owned(),
        };
        let facts = [
            ("id", Some(self.id.clone())),
            ("vapi id", Some(self.vapi_call_id.clone())),
            ("from", Some(self.phone.clone())),
            ("assistant", self.assistant.clone()),
            (
                "began",
                Some(format!("{}, {}", local.second(self.began), self.timezone)),
            ),
            ("lasted", self.seconds.map(length)),
            ("ended", Some(ended)),
            ("language", self.language.clone()),
            ("emergency", self.is_emergency.then(|| "yes".to_owned())),
        ];
        let facts = facts
            .into_iter()
            .filter_map(|(name, fact)| Some(format!("  {name:11}{}", fact?)));
        [format!("A call to {}", self.organization)]
            .into_iter()
            .chain(facts)
            .collect()
    }

    /// One tool call and all that is known of it.
    fn told(&self, tool_call: &ToolCall, local: Local) -> Vec<String> {
        let at = tool_call.at.map(|at| local.time(at)).unwrap_or_default();
        let duration = tool_call
            .duration_ms
            .map(|duration| format!(", {duration} ms"))
            .unwrap_or_default();
        let outcome = tool_call.outcome.as_deref().unwrap_or("unknown");
        let tool = tool_call.tool.as_deref().unwrap_or("unknown");
        let mut lines = vec![
            format!("{at} {tool}: {outcome}{duration}")
                .trim()
                .to_owned(),
        ];
        let reason = tool_call
            .reason
            .as_ref()
            .map(|reason| match &reason.detail {
                Some(detail) => format!("{} ({detail})", reason.code),
                None => reason.code.clone(),
            });
        let offered = (!tool_call.offered.is_empty()).then(|| tool_call.offered.join(", "));
        let facts = [
            ("asked", tool_call.arguments()),
            ("answered", tool_call.answered()),
            ("why", reason),
            ("offered", offered),
        ];
        lines.extend(
            facts
                .into_iter()
                .filter_map(|(name, fact)| Some(format!("  {name:11}{}", fact?))),
        );
        for effect in &tool_call.effects {
            for line in self.effect(effect, local) {
                lines.push(format!("  {:11}{line}", "set off"));
            }
        }
        lines
    }

    /// What an effect is now, and the texts about it.
    fn effect(&self, effect: &Effect, local: Local) -> Vec<String> {
        let is = |id: &str| id == effect.id;
        let found = match effect.kind.as_str() {
            "appointment" => {
                let one = self.appointments.iter().find(|one| is(&one.id));
                let texts = self.texts.iter().filter(|text| is(&text.appointment_id));
                let texts = texts.map(super::record::Text::line);
                one.map(|one| [one.line()].into_iter().chain(texts).collect())
            }
            "incident" => {
                let one = self.incidents.iter().find(|one| is(&one.id));
                one.map(|one| vec![one.line(local)])
            }
            "transfer" => {
                let one = self.transfers.iter().find(|one| is(&one.id));
                one.map(|one| vec![one.line()])
            }
            "task" => {
                let one = self.tasks.iter().find(|one| is(&one.id));
                one.map(|one| vec![one.line()])
            }
            _ => None,
        };
        found.unwrap_or_else(|| vec![format!("{} {}, which is gone", effect.kind, effect.id)])
    }

    /// What came of the call and is named by no entry of the log: of earlier releases, or of what the call itself set off.
    fn rest(&self, local: Local) -> Vec<String> {
        let is_named = |id: &str| {
            let mut effects = self.tool_calls.iter().flat_map(|one| &one.effects);
            effects.any(|effect| effect.id == id)
        };
        let mut lines = Vec::new();
        for one in self.appointments.iter().filter(|one| !is_named(&one.id)) {
            lines.push(one.line());
            let texts = self.texts.iter();
            let texts = texts.filter(|text| text.appointment_id == one.id);
            lines.extend(texts.map(super::record::Text::line));
        }
        let incidents = self.incidents.iter().filter(|one| !is_named(&one.id));
        lines.extend(incidents.map(|one| one.line(local)));
        let transfers = self.transfers.iter().filter(|one| !is_named(&one.id));
        lines.extend(transfers.map(super::record::Transfer::line));
        let tasks = self.tasks.iter().filter(|one| !is_named(&one.id));
        lines.extend(tasks.map(super::record::Task::line));
        lines
    }
}

impl Incident {
    /// `incident 123, high: acknowledged by Dana Ruiz at 08:03:10`
    fn line(&self, local: Local) -> String {
        let line = format!("incident {}, {}: {}", self.code, self.urgency, self.status);
        match (&self.acknowledged_by, self.acknowledged_at) {
            (Some(name), Some(at)) => format!("{line}, taken by {name} at {}", local.time(at)),
            (None, Some(at)) => format!("{line}, taken at {}", local.time(at)),
            _ => line,
        }
    }
}
