//! What happened to an organization in some time, listed on its clock.

use clap::Args;
use serde::de::DeserializeOwned;

use super::{
    local::{Local, Since, date},
    org::coverage::{self, Covered},
    prelude::*,
};

/// Of which organization, and of which time.
#[derive(Args)]
pub struct Period {
    /// The organization's id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: OrganizationArg,
    /// Since when: so long ago (30m, 12h, 2d, 3w), or the start of a day.
    #[arg(long, value_name = "AGO|DATE")]
    since: Option<Since>,
    /// Until the end of this day.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<NaiveDate>,
    /// How many at most.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// The same as a statement takes it.
pub(super) struct Bounds {
    pub(super) organization: Covered,
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) minutes: Option<i32>,
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) limit: i64,
}

impl Period {
    pub(super) async fn bounds(&self, client: &impl GenericClient) -> anyhow::Result<Bounds> {
        let organization = self.org.find_to_read(client).await?;
        let organization = coverage::one(client, organization.id).await?;
        let local = Local::of(&organization.timezone);
        Ok(Bounds {
            organization,
            since: self.since.and_then(|since| since.instant(local)),
            minutes: self.since.and_then(Since::minutes),
            until: self.until.map(|day| Since::end_of(day, local)),
            limit: self.limit.into(),
        })
    }
}

impl Bounds {
    /// Reports what was found: `name` is what it is called, several of it.
    pub(super) fn report<T: DeserializeOwned>(
        &self,
        name: &str,
        mut found: Vec<Value>,
        headings: &[&str],
        cells: fn(&T, Local) -> Vec<String>,
    ) -> anyhow::Result<Report> {
        let Covered {
            id,
            name: organization,
            timezone,
            ..
        } = &self.organization;
        let local = Local::of(timezone);
        let mut rows = Vec::new();
        for one in &mut found {
            rows.push(cells(&serde_json::from_value(one.clone())?, local));
            local.localize(one);
        }
        let shown = match rows.as_slice() {
            [] => format!("No {name}."),
            rows => table(headings, rows),
        };
        Ok(Report::new(
            format!("{organization}, {timezone}\n\n{shown}"),
            json!({ "organization_id": id, "timezone": timezone, name: found }),
        ))
    }
}
