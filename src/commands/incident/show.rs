//! `frontdesk incident show`: one incident by its code or its id, as it is stored.

use super::meant;
use crate::commands::{local::Local, prelude::*};

const QUERY: Sql = sql!("org_incident", [UUID]);

/// One incident.
#[derive(Args)]
pub struct Show {
    /// The incident's code, as pages name it, or its id; of several with one code the last one is shown.
    code: String,
    /// Only if it is an incident of this organization: its id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
}

impl Action for Show {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let snapshot = snapshot(client).await?;
        let organization = OrganizationArg::id_of(self.org.as_ref(), &snapshot).await?;
        let found = meant(&snapshot, &self.code, organization).await?;
        let (first, earlier) = found.split_first().context("there is no such incident")?;
        let mut object: Value = only(&snapshot, &QUERY, &[&first.id]).await?;
        let incident: Incident = serde_json::from_value(object.clone())
            .context("the incident's record cannot be read")?;
        let local = Local::of(&incident.timezone);
        local.localize(&mut object);
        let mut sections = vec![incident.page(local)];
        if !earlier.is_empty() {
            sections.push("\nEarlier incidents with this code".to_owned());
            let lines = earlier.iter();
            sections
                .extend(lines.map(|one| format!("  {}  {}", local.stamp(one.opened_at), one.id)));
        }
        Ok(Report::new(sections.join("\n"), object))
    }
}

/// An incident with everything that was done for it.
#[derive(Deserialize)]
pub(super) struct Incident {
    pub(super) id: String,
    pub(super) code: i64,
    pub(super) organization: String,
    pub(super) timezone: String,
    pub(super) status: String,
    pub(super) urgency: String,
    pub(super) message: String,
    pub(super) callback_number: Option<String>,
    pub(super) service_address: Option<String>,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) round: i64,
    pub(super) rounds: i64,
    /// How many rounds the organization's rules give an incident, each time that it is escalated.
    pub(super) rounds_at_a_time: i64,
    /// When the next contact is paged, or the round begins again.
    pub(super) next_at: Option<DateTime<Utc>>,
    pub(super) acknowledged_at: Option<DateTime<Utc>>,
    pub(super) acknowledged_by: Option<String>,
    pub(super) acknowledged_via: Option<String>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) calls: Vec<String>,
    pub(super) steps: Vec<Step>,
    pub(super) pages: Vec<Page>,
    pub(super) jobs: Vec<Job>,
    pub(super) tasks: Vec<Task>,
}

/// A step of the escalation.
#[derive(Deserialize)]
pub(super) struct Step {
    #[serde(rename = "step")]
    pub(super) number: i64,
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) extension: Option<String>,
    pub(super) email: Option<String>,
    /// `sms`, `voice`, `email`: those that are switched on.
    pub(super) channels: Vec<String>,
    pub(super) timeout_seconds: i64,
    pub(super) is_last_resort: bool,
}

/// One contact, paged over one channel in one round.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) round: Option<i64>,
    pub(super) step: Option<i64>,
    pub(super) channel: String,
    pub(super) phone: Option<String>,
    pub(super) status: Option<String>,
    pub(super) error: Option<String>,
    pub(super) queued_at: DateTime<Utc>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) delivered_at: Option<DateTime<Utc>>,
    pub(super) acknowledged_at: Option<DateTime<Utc>>,
    pub(super) declined_at: Option<DateTime<Utc>>,
    pub(super) declined_via: Option<String>,
    pub(super) updated_at: Option<DateTime<Utc>>,
    /// Another page to the same telephone names this incident too.
    pub(super) bundled: Option<bool>,
    pub(super) state: Option<String>,
    pub(super) attempts: Option<i64>,
    pub(super) settled_at: Option<DateTime<Utc>>,
    pub(super) tries: Option<Vec<Try>>,
}

/// One attempt to send a page.
#[derive(Deserialize)]
pub(super) struct Try {
    pub(super) at: DateTime<Utc>,
    pub(super) outcome: Option<String>,
    pub(super) error: Option<String>,
}

/// What was done beside the pages: the fallback number, words for the agent of the call, texts to those who were paged.
#[derive(Deserialize)]
pub(super) struct Job {
    pub(super) kind: String,
    pub(super) about: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) state: String,
    pub(super) status: Option<String>,
    pub(super) error: Option<String>,
    pub(super) queued_at: DateTime<Utc>,
    pub(super) settled_at: Option<DateTime<Utc>>,
}

/// What the staff was left to do.
#[derive(Deserialize)]
pub(super) struct Task {
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) at: DateTime<Utc>,
    pub(super) done_at: Option<DateTime<Utc>>,
}
