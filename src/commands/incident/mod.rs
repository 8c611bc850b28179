//! `frontdesk incident`: who was paged for an incident when, over which channel, and what came of it; and that it is over.

mod close;
mod list;
mod page;
mod show;

use super::prelude::*;

/// `frontdesk incident` and its subcommands.
pub type IncidentCommand = Reporting<Actions>;

actions! {
    /// Lists the incidents of an organization, the last first.
    List(list::List),
    /// Shows one incident: its steps, its pages, and what happened in order.
    Show(show::Show),
    /// Closes one: nobody is paged for it any more, and whoever was texted is told.
    Close(close::Close),
}

const FIND: Sql = sql!("org_find_incident", [INT2, UUID, UUID]);

/// An incident that may be meant.
#[derive(Deserialize)]
struct Found {
    id: Uuid,
    code: i16,
    organization_id: Uuid,
    organization: String,
    timezone: String,
    status: String,
    opened_at: DateTime<Utc>,
}

/// The incidents that are meant, by their code, as pages name it, or by an id: all of one organization, the last first; at least one.
async fn meant(
    client: &impl GenericClient,
    text: &str,
    organization: Option<Uuid>,
) -> anyhow::Result<Vec<Found>> {
    let code = text.trim_start_matches('#').parse::<i16>().ok();
    let id = Uuid::parse_str(text).ok();
    let found: Vec<Found> = records(client, &FIND, &[&code, &id, &organization]).await?;
    let Some(first) = found.first() else {
        bail!("there is no incident {text}");
    };
    if found
        .iter()
        .any(|one| one.organization_id != first.organization_id)
    {
        let mut names: Vec<&str> = found.iter().map(|one| one.organization.as_str()).collect();
        names.dedup();
        bail!(
            "several organizations have had an incident {text}; name one with --org: {}",
            names.join(", ")
        );
    }
    Ok(found)
}
