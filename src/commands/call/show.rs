//! `frontdesk call show`: one call as it is stored, tool call by tool call, with what it set off as that stands now.

use chrono::NaiveDateTime;
use serde_json::Map;

use super::ended;
use crate::commands::{
    local::{Local, length, wall},
    output::{facts, joined},
    prelude::*,
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

impl Action for Show {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let snapshot = snapshot(client).await?;
        let organization = OrganizationArg::id_of(self.org.as_ref(), &snapshot).await?;
        let id = Uuid::parse_str(&self.id).ok();
        let found: Option<Value> =
            value(&snapshot, &QUERY, &[&self.id, &organization, &id]).await?;
        let mut object = found.with_context(|| format!("there is no call {}", self.id))?;
        let call: Call =
            serde_json::from_value(object.clone()).context("the call's record cannot be read")?;
        let local = Local::of(&call.timezone);
        local.localize(&mut object);
        Ok(Report::new(call.page(local), object))
    }
}

/// A call.
#[derive(Deserialize)]
struct Call {
    /// None as long as the call has no row of its own.
    id: Option<String>,
    organization: String,
    timezone: String,
    vapi_call_id: String,
    began: DateTime<Utc>,
    phone: String,
    assistant: Option<String>,
    seconds: Option<i64>,
    status: String,
    ended_reason: Option<String>,
    language: Option<String>,
    is_emergency: bool,
    tool_calls: Vec<ToolCall>,
    appointments: Vec<Appointment>,
    incidents: Vec<Incident>,
    transfers: Vec<Transfer>,
    texts: Vec<Text>,
    tasks: Vec<Task>,
}

/// One entry of the tool log. Those of earlier releases, and those of which the details have expired, have its first parts only.
#[derive(Deserialize)]
struct ToolCall {
    tool: Option<String>,
    outcome: Option<String>,
    at: Option<DateTime<Utc>>,
    duration_ms: Option<u64>,
    arguments: Option<Value>,
    reason: Option<Reason>,
    answer: Option<String>,
    /// It was done after the deadline.
    #[serde(default)]
    late: bool,
    #[serde(default)]
    offered: Vec<String>,
    #[serde(default)]
    effects: Vec<Effect>,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    detail: Option<String>,
}

#[derive(Deserialize)]
struct Effect {
    kind: String,
    id: String,
}

#[derive(Deserialize)]
struct Appointment {
    id: String,
    starts: NaiveDateTime,
    minutes: i64,
    status: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    crew: Option<i64>,
}

#[derive(Deserialize)]
struct Incident {
    id: String,
    code: i64,
    status: String,
    urgency: String,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<String>,
}

#[derive(Deserialize)]
struct Transfer {
    id: String,
    to: Option<String>,
    status: Option<String>,
    outcome: Option<String>,
    detail: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    about: Option<String>,
    appointment_id: String,
    state: String,
    status: Option<String>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Task {
    id: String,
    kind: String,
    status: String,
}

impl ToolCall {
    /// The words that the caller was to hear.
    fn answered(&self) -> Option<String> {
        if self.late {
            return Some(
                "(done after the deadline; the caller heard that it takes longer)".to_owned(),
            );
        }
        self.answer.clone()
    }

    /// The arguments as `name: value`, masked as they are stored.
    fn arguments(&self) -> Option<String> {
        match self.arguments.as_ref()? {
            Value::Object(fields) => Some(written(fields)),
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

fn written(fields: &Map<String, Value>) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}: {text}"),
            other => format!("{name}: {other}"),
        })
        .collect();
    parts.join(", ")
}

impl Appointment {
    /// `appointment Tue 2026-12-01 09:00, 60 min, confirmed, crew 1, drain cleaning`
    fn line(&self) -> String {
        let crew = self.crew.map(|crew| format!("crew {crew}"));
        let more = joined([Some(&self.status), crew.as_deref(), self.kind.as_deref()]);
        format!(
            "appointment {}, {} min, {more}",
            wall(self.starts),
            self.minutes
        )
    }
}

impl Transfer {
    fn line(&self) -> String {
        let to = self.to.as_deref().unwrap_or("nobody");
        let outcome = self.outcome.as_deref().or(self.status.as_deref());
        let what = joined([outcome, self.detail.as_deref()]);
        format!("transfer to {to}: {what}")
    }
}

impl Text {
    /// `text (confirmation): delivered`
    fn line(&self) -> String {
        let about = self.about.as_deref().unwrap_or("message");
        let state = self.status.as_deref().unwrap_or(&self.state);
        match &self.error {
            Some(error) => format!("text ({about}): {state}, {error}"),
            None => format!("text ({about}): {state}"),
        }
    }
}

impl Task {
    fn line(&self) -> String {
        format!("task for the staff ({}): {}", self.kind, self.status)
    }
}

impl Call {
    fn page(&self, local: Local) -> String {
        let mut lines = self.head(local);
        if self.tool_calls.is_empty() {
            lines.push("\nNo tool was called.".to_owned());
        }
        for (nth, tool_call) in self.tool_calls.iter().enumerate() {
            lines.push(String::new());
            lines.extend(self.section(nth, tool_call, local));
        }
        let rest = self.rest(local);
        if !rest.is_empty() {
            lines.push("\nBeside that".to_owned());
            lines.extend(rest.into_iter().map(|line| format!("  {line}")));
        }
        lines.join("\n")
    }

    fn head(&self, local: Local) -> Vec<String> {
        let ended = ended(self.ended_reason.as_deref(), &self.status);
        let known = [
            ("id", self.id.clone()),
            ("vapi id", Some(self.vapi_call_id.clone())),
            ("from", Some(self.phone.clone())),
            ("assistant", self.assistant.clone()),
            (
                "began",
                Some(format!("{}, {}", local.second(self.began), self.timezone)),
            ),
            ("lasted", self.seconds.map(length)),
            ("ended", Some(ended.to_owned())),
            ("language", self.language.clone()),
            ("emergency", self.is_emergency.then(|| "yes".to_owned())),
        ];
        vec![format!(
            "A call to {}\n{}",
            self.organization,
            facts(11, known)
        )]
    }

    /// One tool call and all that is known of it.
    fn section(&self, nth: usize, tool_call: &ToolCall, local: Local) -> Vec<String> {
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
        let known = [
            ("asked", tool_call.arguments()),
            ("answered", tool_call.answered()),
            ("why", reason),
            ("offered", offered),
        ];
        lines.extend(Some(facts(11, known)).filter(|known| !known.is_empty()));
        for effect in &tool_call.effects {
            for line in self.effect(nth, effect, local) {
                lines.push(format!("  {:11}{line}", "set off"));
            }
        }
        lines
    }

    /// What an effect is now, and the texts about it. A later tool call that changed it again shows that instead.
    fn effect(&self, nth: usize, effect: &Effect, local: Local) -> Vec<String> {
        let mut later = self.tool_calls.iter().skip(nth + 1).rev();
        if let Some(later) = later.find(|one| one.effects.iter().any(|it| it.id == effect.id)) {
            let tool = later.tool.as_deref().unwrap_or("unknown");
            let at = later.at.map(|at| format!(" at {}", local.time(at)));
            return vec![format!(
                "{}, shown under {tool}{}",
                effect.kind,
                at.unwrap_or_default()
            )];
        }
        let is = |id: &str| id == effect.id;
        let found = match effect.kind.as_str() {
            "appointment" => {
                let one = self.appointments.iter().find(|one| is(&one.id));
                let texts = self.texts.iter().filter(|text| is(&text.appointment_id));
                let texts = texts.map(Text::line);
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
            lines.extend(texts.map(Text::line));
        }
        let incidents = self.incidents.iter().filter(|one| !is_named(&one.id));
        lines.extend(incidents.map(|one| one.line(local)));
        let transfers = self.transfers.iter().filter(|one| !is_named(&one.id));
        lines.extend(transfers.map(Transfer::line));
        let tasks = self.tasks.iter().filter(|one| !is_named(&one.id));
        lines.extend(tasks.map(Task::line));
        lines
    }
}

impl Incident {
    /// `incident 123, high: acknowledged by Dana Ruiz at 08:03:10`
    fn line(&self, local: Local) -> String {
        let head = format!("incident {}, {}", self.code, self.urgency);
        let Some(at) = self.acknowledged_at.map(|at| local.time(at)) else {
            return format!("{head}: {}", self.status);
        };
        let by = self.acknowledged_by.as_ref();
        let by = by.map_or_else(String::new, |name| format!(" by {name}"));
        match self.status.as_str() {
            "acknowledged" => format!("{head}: acknowledged{by} at {at}"),
            status => format!("{head}: {status}, acknowledged{by} at {at}"),
        }
    }
}
