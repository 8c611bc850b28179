//! What is due, across all organizations: ids only, since nothing else may be seen without being bound to one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::{Database, Sql},
    error::Result,
    sql,
};

const DUE: Sql = sql!("agenda", [TIMESTAMPTZ, INT4]);

/// What a worker does for an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// Escalates an incident.
    Incident,
    /// Run a job, or check what became of it.
    Job,
    /// Queues the reminders of the day.
    Reminders,
    /// Reads a linked calendar.
    Calendar,
    /// Writes an appointment into a linked calendar, or removes it there.
    CalendarCopy,
}

/// One piece of work that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Due {
    /// What is to be done.
    pub work: Work,
    /// For whom.
    pub organization_id: Uuid,
    /// The row that says so.
    pub id: Uuid,
}

/// What is due now, the most pressing first, and when there will be more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    /// What is due.
    pub due: Vec<Due>,
    /// When the next piece of work falls due that is not due yet.
    pub next_at: Option<DateTime<Utc>>,
}

/// Reads what is due at `now`: at most `most` pieces of each kind.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn read(database: &Database, now: DateTime<Utc>, most: i32) -> Result<Agenda> {
    let rows = database.read_unbound(&DUE, &[&now, &most]).await?;
    let mut agenda = Agenda::default();
    for row in &rows {
        let kind: &str = DUE.get(row, "kind")?;
        let work = match kind {
            "incident" => Work::Incident,
            "job" => Work::Job,
            "reminders" => Work::Reminders,
            "calendar" => Work::Calendar,
            "calendar_copy" => Work::CalendarCopy,
            _ => {
                agenda.next_at = DUE.get(row, "due_at")?;
                continue;
            }
        };
        agenda.due.push(Due {
            work,
            organization_id: DUE.get(row, "organization_id")?,
            id: DUE.get(row, "id")?,
        });
    }
    Ok(agenda)
}
