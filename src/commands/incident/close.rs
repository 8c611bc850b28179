//! `frontdesk incident close`: an emergency that is over.

use super::meant;
use crate::commands::{local::Local, prelude::*};

const CLOSE: Sql = sql!("org_close_incident", [UUID]);

/// An incident that needs nobody any more.
#[derive(Args)]
pub struct Close {
    /// The incident's code, as pages name it, or its id; of several with one code the last one that is not closed.
    code: String,
    /// Only if it is an incident of this organization: its id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: Option<OrganizationArg>,
}

impl Action for Close {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization = match &self.org {
            Some(organization) => Some(organization.find(&*client).await?.id),
            None => None,
        };
        let found = meant(&*client, &self.code, organization).await?;
        let already = || format!("incident {} is closed already", self.code);
        let one = found.iter().find(|one| one.status != "closed");
        let one = one.with_context(already)?;
        let at: Option<DateTime<Utc>> = value(&*client, &CLOSE, &[&one.id]).await?;
        let at = at.with_context(already)?;
        Ok(Report::new(
            format!(
                "Closed incident {} of {}, opened {}. Pages that were still to be sent are cancelled, and whoever was paged is told.",
                one.code,
                one.organization,
                Local::of(&one.timezone).stamp(one.opened_at)
            ),
            json!({
                "id": one.id,
                "code": one.code,
                "organization_id": one.organization_id,
                "status": "closed",
                "closed_at": at,
            }),
        ))
    }
}
