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
    /// One more than are shown, so that it is known whether there are more.
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
            limit: i64::from(self.limit) + 1,
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
        let has_more = more(&mut found, self.limit - 1);
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
            format!(
                "{organization}, {timezone}\n\n{shown}{}",
                note(has_more, rows.len())
            ),
            json!({ "organization_id": id, "timezone": timezone, name: found, "has_more": has_more }),
        ))
    }
}

/// Whether more was found than is to be shown; what is too much is dropped.
pub(super) fn more<T>(found: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    has_more
}

/// What is said below a table that ends before the last row.
pub(super) fn note(has_more: bool, shown: usize) -> String {
    if has_more {
        format!("\n\nShown are the last {shown}. There are more; --limit shows up to 1000.")
    } else {
        String::new()
    }
}
