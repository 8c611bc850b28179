//! `frontdesk incident close`: an emergency that is over.

use super::meant;
use crate::commands::{local::Local, prelude::*};

const CLOSE: Sql = sql!("org_close_incident", [UUID]);

/// What is known of it once it is closed.
#[derive(Deserialize)]
struct Closed {
    closed_at: DateTime<Utc>,
    /// How many contacts had been texted of it.
    texted: i64,
}

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
        let closed: Vec<Closed> = records(&*client, &CLOSE, &[&one.id]).await?;
        let closed = closed.first().with_context(already)?;
        let told = match closed.texted {
            0 => "Nobody had been texted about it, so nobody is told.".to_owned(),
            1 => "1 contact who had been texted about it is told.".to_owned(),
            many => format!("{many} contacts who had been texted about it are told."),
        };
        Ok(Report::new(
            format!(
                "Closed incident {} of {}, opened {}. Pages that were still to be sent are cancelled. {told}",
                one.code,
                one.organization,
                Local::of(&one.timezone).stamp(one.opened_at)
            ),
            json!({
                "id": one.id,
                "code": one.code,
                "organization_id": one.organization_id,
                "status": "closed",
                "closed_at": closed.closed_at,
                "told": closed.texted,
            }),
        ))
    }
}
