//! `frontdesk call list`: the calls of an organization.

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::{
    commands::{
        local::{Local, Since, date, length},
        org::organization::OrganizationArg,
        org::{
            ask::{self, records},
            coverage,
            report::{Report, table},
        },
    },
    db::Sql,
    sql,
};

const QUERY: Sql = sql!(
    "org_calls",
    [UUID, TIMESTAMPTZ, INT4, TIMESTAMPTZ, TEXT, INT8]
);

/// The calls of an organization, the last first.
#[derive(Args)]
pub struct List {
    /// The organization's id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: OrganizationArg,
    /// Since when: so long ago (30m, 12h, 2d, 3w), or the start of a day.
    #[arg(long, value_name = "AGO|DATE")]
    since: Option<Since>,
    /// Until the end of this day.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<NaiveDate>,
    /// From this number only.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Deserialize)]
struct Call {
    id: Uuid,
    began: DateTime<Utc>,
    phone: String,
    seconds: Option<i64>,
    status: String,
    ended_reason: Option<String>,
    is_emergency: bool,
    tools: Vec<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    tool: Option<String>,
    outcome: Option<String>,
}

impl List {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization = coverage::one(client, self.org.resolve_to_read(client).await?).await?;
        let local = Local::of(&organization.timezone);
        let phone = self.phone.as_deref().map(ask::phone).transpose()?;
        let since = self.since.and_then(|since| since.instant(local));
        let minutes = self.since.and_then(Since::minutes);
        let until = self.until.map(|day| Since::end_of(day, local));
        let limit = i64::from(self.limit);
        let mut calls: Vec<Value> = records(
            client,
            &QUERY,
            &[&organization.id, &since, &minutes, &until, &phone, &limit],
        )
        .await?;
        let rows = calls
            .iter()
            .map(|call| Ok(serde_json::from_value::<Call>(call.clone())?.cells(local)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        for call in &mut calls {
            local.localize(call);
        }
        let head = format!("{}, {}", organization.name, organization.timezone);
        Ok(Report {
            sentence: if rows.is_empty() {
                format!("{head}\n\nNo calls.")
            } else {
                let headings = ["began", "from", "lasted", "ended", "id", "tools"];
                format!("{head}\n\n{}", table(&headings, &rows))
            },
            object: json!({
                "organization_id": organization.id,
                "timezone": organization.timezone,
                "calls": calls,
            }),
        })
    }
}

impl Call {
    fn cells(&self, local: Local) -> Vec<String> {
        let mut tools: Vec<String> = self.tools.iter().map(Tool::named).collect();
        if self.is_emergency {
            tools.insert(0, "EMERGENCY".to_owned());
        }
        vec![
            local.stamp(self.began),
            self.phone.clone(),
            self.seconds.map(length).unwrap_or_default(),
            self.ended_reason
                .clone()
                .unwrap_or_else(|| self.status.clone()),
            self.id.to_string(),
            tools.join(", "),
        ]
    }
}

impl Tool {
    /// `book_appointment booked`
    fn named(&self) -> String {
        let parts = [self.tool.as_deref(), self.outcome.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
