//! `frontdesk incident list`: the incidents of an organization.

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::GenericClient;

use crate::{
    commands::{
        local::{Local, Since, date},
        org::organization::OrganizationArg,
        org::{
            ask::records,
            coverage,
            report::{Report, table},
        },
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!(
    "org_incidents",
    [UUID, BOOL, TIMESTAMPTZ, INT4, TIMESTAMPTZ, INT8]
);

/// The incidents of an organization, the last first.
#[derive(Args)]
pub struct List {
    /// The organization's id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: OrganizationArg,
    /// Only those that nobody has acknowledged yet.
    #[arg(long)]
    open: bool,
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

#[derive(Deserialize)]
struct Incident {
    code: i64,
    opened_at: DateTime<Utc>,
    status: String,
    urgency: String,
    callback_number: Option<String>,
    round: i64,
    rounds: i64,
    pages: i64,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<String>,
    acknowledged_via: Option<String>,
}

impl List {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization = coverage::one(client, self.org.resolve_to_read(client).await?).await?;
        let local = Local::of(&organization.timezone);
        let since = self.since.and_then(|since| since.instant(local));
        let minutes = self.since.and_then(Since::minutes);
        let until = self.until.map(|day| Since::end_of(day, local));
        let limit = i64::from(self.limit);
        let mut incidents: Vec<Value> = records(
            client,
            &QUERY,
            &[
                &organization.id,
                &self.open,
                &since,
                &minutes,
                &until,
                &limit,
            ],
        )
        .await?;
        let rows = incidents
            .iter()
            .map(|one| Ok(serde_json::from_value::<Incident>(one.clone())?.cells(local)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        for one in &mut incidents {
            local.localize(one);
        }
        let head = format!("{}, {}", organization.name, organization.timezone);
        Ok(Report {
            sentence: if rows.is_empty() {
                format!("{head}\n\nNo incidents.")
            } else {
                let headings = [
                    "code",
                    "opened",
                    "status",
                    "urgency",
                    "round",
                    "pages",
                    "call back",
                    "acknowledged",
                ];
                format!("{head}\n\n{}", table(&headings, &rows))
            },
            object: json!({
                "organization_id": organization.id,
                "timezone": organization.timezone,
                "incidents": incidents,
            }),
        })
    }
}

impl Incident {
    fn cells(&self, local: Local) -> Vec<String> {
        let acknowledged = self.acknowledged_at.map(|at| {
            let by = self.acknowledged_by.as_deref().unwrap_or("the staff");
            let via = self.acknowledged_via.as_deref().unwrap_or("unknown");
            format!("{} by {by}, {via}", local.stamp(at))
        });
        vec![
            self.code.to_string(),
            local.stamp(self.opened_at),
            self.status.clone(),
            self.urgency.clone(),
            format!("{}/{}", self.round, self.rounds),
            self.pages.to_string(),
            self.callback_number.clone().unwrap_or_default(),
            acknowledged.unwrap_or_default(),
        ]
    }
}
