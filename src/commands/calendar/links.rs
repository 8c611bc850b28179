//! `frontdesk calendar list`, `conflicts` and `resync`: the linked calendars of an organization.

use crate::{
    commands::{
        local::Local,
        output::{cell, whose},
        period::more,
        prelude::*,
    },
    sync::account::Account,
};

const LIST: Sql = sql!("org_calendars", [UUID]);
const CONFLICTS: Sql = sql!("org_calendar_conflicts", [UUID]);
const RESYNC: Sql = sql!("org_resync_calendars", [UUID, UUID]);

/// How many conflicts are listed at most, the last ones.
const MAX_CONFLICTS: i64 = 200;

/// What is said where there are none.
pub(super) const NONE: &str = "No calendar is linked; `frontdesk calendar connect` links one.";

/// The linked calendars of an organization.
#[derive(Args)]
pub struct List {}

/// Where a linked calendar and the appointments contradict each other.
#[derive(Args)]
pub struct Conflicts {}

/// Linked calendars, read as a whole by the service, at once.
#[derive(Args)]
pub struct Resync {
    /// Only this link; `frontdesk calendar list` has their ids.
    #[arg(long, value_name = "ID")]
    link: Option<Uuid>,
}

/// A linked calendar.
#[expect(
    clippy::struct_excessive_bools,
    reason = "it is a row as the database has it"
)]
#[derive(Deserialize, Serialize)]
pub(super) struct Linked {
    pub(super) id: Uuid,
    pub(super) provider: String,
    pub(super) address: Option<String>,
    pub(super) username: Option<String>,
    pub(super) calendar: String,
    pub(super) scope: String,
    pub(super) crew: Option<i32>,
    pub(super) reads: bool,
    pub(super) writes: bool,
    pub(super) state: String,
    pub(super) is_enabled: bool,
    pub(super) is_stale: bool,
    pub(super) synced_at: Option<DateTime<Utc>>,
    pub(super) listed_at: Option<DateTime<Utc>>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) failures: i32,
    pub(super) failure: Option<String>,
    pub(super) events: i64,
    pub(super) copies: i64,
    pub(super) waiting: i64,
    pub(super) copy_failure: Option<String>,
    pub(super) conflicts: i64,
    pub(super) has_channel: bool,
}

impl Linked {
    /// Those of an organization.
    pub(super) async fn of(
        client: &impl GenericClient,
        organization_id: Uuid,
    ) -> anyhow::Result<Vec<Self>> {
        records(client, &LIST, &[&organization_id]).await
    }

    /// Whether it is one of this account, or of the same that was connected before.
    pub(super) fn is_of(&self, account: &Account) -> bool {
        (&self.provider, &self.address, &self.username)
            == (&account.provider, &account.address, &account.username)
    }
}

impl OnOrganization for List {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let linked = Linked::of(client, organization.id).await?;
        let cells = |link: &Linked| {
            let link_id = link.id.to_string();
            let (provider, calendar) = (link.provider.clone(), link.calendar.clone());
            let (reads, writes) = (cell(&link.reads.into()), cell(&link.writes.into()));
            vec![
                link_id,
                provider,
                calendar,
                whose(&link.scope, link.crew),
                reads,
                writes,
                link.state.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = linked.iter().map(cells).collect();
        let headings = [
            "link", "provider", "calendar", "of", "read", "written", "state",
        ];
        let sentence = if rows.is_empty() {
            NONE.to_owned()
        } else {
            table(&headings, &rows)
        };
        let object = json!({ "organization_id": organization.id, "calendars": linked });
        Ok(Report::new(sentence, object))
    }
}

impl OnOrganization for Conflicts {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let mut conflicts: Vec<Value> = records(client, &CONFLICTS, &[&organization.id]).await?;
        let has_more = more(&mut conflicts, MAX_CONFLICTS);
        let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
        let cells = |one: &Value| {
            let when = format!("{} {}", text(one, "date"), text(one, "time"));
            let what = match one["kind"].as_str() {
                Some("overlap") => "an event overlaps it",
                Some("moved") => "its event was moved",
                _ => "its event was deleted",
            };
            let (id, calendar) = (text(one, "appointment_id"), text(one, "calendar"));
            vec![when, id, what.to_owned(), calendar]
        };
        let rows: Vec<Vec<String>> = conflicts.iter().map(cells).collect();
        let sentence = if rows.is_empty() {
            "No conflicts.".to_owned()
        } else {
            let table = table(&["appointment", "id", "what", "calendar"], &rows);
            if has_more {
                format!("{table}\n\nShown are the last {MAX_CONFLICTS}. There are more.")
            } else {
                table
            }
        };
        for conflict in &mut conflicts {
            Local::UTC.localize(conflict);
        }
        let object = json!({ "organization_id": organization.id, "conflicts": conflicts, "has_more": has_more });
        Ok(Report::new(sentence, object))
    }
}

impl OnOrganization for Resync {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let id = organization.id;
        let mut linked = Linked::of(client, id).await?;
        linked.retain(|link| self.link.is_none_or(|id| link.id == id));
        match (linked.as_slice(), self.link) {
            ([], Some(id)) => bail!("there is no link {id}; `frontdesk calendar list` lists them"),
            ([], None) => bail!("no calendar is linked; `frontdesk calendar connect` links one"),
            _ => {}
        }
        ensure!(
            linked.iter().all(|link| link.is_enabled),
            "calendars are switched off; `frontdesk org set {id} calendar_sync_enabled=true` switches them on"
        );
        ensure!(
            linked.iter().any(|link| link.state == "live"),
            "the provider does not take the credential any more; `frontdesk calendar connect` connects it again"
        );
        let number = query(client, &RESYNC, &[&id, &self.link]).await?.len();
        Ok(Report::new(
            format!(
                "The service reads {} as a whole, at once; `frontdesk calendar status` shows when it has.",
                count(number, "calendar")
            ),
            json!({ "organization_id": id, "calendars": number }),
        ))
    }
}
