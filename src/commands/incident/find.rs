//! Which incident is meant: by its code, as pages name it, or by its id.

use anyhow::bail;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{commands::org::ask::records, db::Sql, sql};

const FIND: Sql = sql!("org_find_incident", [INT2, UUID, UUID]);

/// An incident that may be meant.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) id: Uuid,
    pub(super) code: i16,
    pub(super) organization_id: Uuid,
    pub(super) organization: String,
    pub(super) timezone: String,
    pub(super) status: String,
    pub(super) opened_at: DateTime<Utc>,
}

/// The incidents that are meant, all of one organization, the last first; at least one.
pub(super) async fn meant(
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
