//! `frontdesk org show`: everything about one organization that an operator asks for, but its appointments, its callers and its secrets.

use serde_json::Map;

use super::{
    overview::{Organization, Overview},
    page,
    sender::ServiceSender,
    warnings,
};
use crate::commands::{local::Local, prelude::*};

/// One organization.
#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    service: ServiceSender,
}

impl OnOrganization for Show {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (overview, mut object) = Overview::read(client, organization.id).await?;
        let obstacle = self.service.obstacle(client, organization.id).await?;
        let warnings = warnings::of(&overview, obstacle.as_ref());
        Local::UTC.localize(&mut object);
        if let Some(fields) = object.as_object_mut() {
            let Organization { hours, rules, .. } = &overview.organization;
            let hours = hours.iter().map(|day| (day.day.clone(), json!(day)));
            let rules = rules.iter().map(|rule| (rule.name.clone(), json!(rule)));
            let shown = [
                ("hours", hours.collect::<Map<_, _>>().into()),
                ("rules", rules.collect::<Map<_, _>>().into()),
                ("special_days", json!(overview.special_days)),
                ("services", json!(overview.services)),
                ("contacts", json!(overview.coverage.contacts)),
                ("warnings", json!(warnings)),
            ];
            fields.extend(shown.map(|(name, value)| (name.to_owned(), value)));
            fields.retain(|name, _| name != "languages");
        }
        Ok(Report::new(page::of(&overview, &warnings)?, object))
    }
}
