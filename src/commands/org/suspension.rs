//! `frontdesk org suspend` and `resume`: an organization that takes no bookings for a while.

use crate::commands::prelude::*;

const SUSPEND: Sql = sql!("org_suspend", [UUID, TEXT]);
const RESUME: Sql = sql!("org_resume", [UUID]);

/// An organization whose callers can report emergencies and reach a person, and nothing else.
#[derive(Args)]
pub struct Suspend {
    /// Why, in up to 500 characters; for the operator, callers are not told.
    #[arg(long, value_parser = reason)]
    reason: Option<String>,
}

/// An organization that is answered for as before.
#[derive(Args)]
pub struct Resume {}

/// The most characters of a reason.
const MAX_REASON: usize = 500;

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if (1..=MAX_REASON).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(format!("it takes 1 to {MAX_REASON} characters"))
    }
}

impl OnOrganization for Suspend {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let Named { id, name } = organization;
        let since: DateTime<Utc> = only(client, &SUSPEND, &[id, &self.reason]).await?;
        Ok(Report::new(
            format!(
                "{name} is suspended: its callers can report emergencies and be put through to a person, and nothing else. Visits that are \
                 booked stand, and reminders of them go out. `frontdesk org resume {id}` ends it."
            ),
            json!({ "id": id, "suspended_at": since, "reason": self.reason }),
        ))
    }
}

impl OnOrganization for Resume {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let Named { id, name } = organization;
        ensure!(
            !query(client, &RESUME, &[id]).await?.is_empty(),
            "{name} is not suspended"
        );
        Ok(Report::new(
            format!("{name} is resumed: its calls are answered in full."),
            json!({ "id": id, "suspended_at": null }),
        ))
    }
}
