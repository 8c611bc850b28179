//! `frontdesk org add-contact`: who takes emergencies, and when.

use anyhow::{Context, ensure};
use chrono::NaiveTime;
use clap::Args;
use serde_json::json;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{Report, hours::day, only_row, phone, query};
use crate::{db::Sql, sql};

const QUERY: Sql = sql!(
    "org_add_contact",
    [
        UUID, TEXT, TEXT, TEXT, TEXT, INT4, TEXT_ARRAY, TIME, TIME, BOOL
    ]
);

/// A contact.
#[derive(Args)]
pub struct AddContact {
    /// The organization's id.
    organization_id: Uuid,
    /// Their name, as it may be spoken.
    #[arg(long)]
    name: String,
    /// Their telephone number.
    #[arg(long)]
    phone: String,
    /// Their e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// What they do.
    #[arg(long)]
    role: Option<String>,
    /// Their turn: 1 is asked first.
    #[arg(long, default_value_t = 1)]
    priority: i32,
    /// The days on which they are on call, such as mon,tue; every day if left out.
    #[arg(long, value_delimiter = ',')]
    days: Vec<String>,
    /// The hours in which they are on call, such as 18:00-08:00; always if left out.
    #[arg(long)]
    hours: Option<String>,
    /// Take emergencies when nobody is on call.
    #[arg(long)]
    primary: bool,
}

impl AddContact {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        ensure!(
            self.priority >= 1,
            "--priority is {}; the first is 1",
            self.priority
        );
        let number = phone(&self.phone)?;
        let days = self
            .days
            .iter()
            .map(|text| day(text).map(str::to_owned))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let days = (!days.is_empty()).then_some(days);
        let (start, end) = match &self.hours {
            Some(text) => {
                let (start, end) = window(text)?;
                (Some(start), Some(end))
            }
            None => (None, None),
        };
        let rows = query(
            client,
            &QUERY,
            &[
                &self.organization_id,
                &self.name,
                &number,
                &self.email,
                &self.role,
                &self.priority,
                &days,
                &start,
                &end,
                &self.primary,
            ],
        )
        .await?;
        let id: Uuid = only_row(&rows, self.organization_id)?.try_get(0)?;
        Ok(Report {
            sentence: format!("{} now takes emergencies.", self.name),
            object: json!({ "id": id, "name": self.name, "phone": number }),
        })
    }
}

fn window(text: &str) -> anyhow::Result<(NaiveTime, NaiveTime)> {
    let parsed = text.split_once('-').and_then(|(start, end)| {
        let start = NaiveTime::parse_from_str(start.trim(), "%H:%M").ok()?;
        let end = match end.trim() {
            "24:00" => NaiveTime::MIN,
            end => NaiveTime::parse_from_str(end, "%H:%M").ok()?,
        };
        Some((start, end))
    });
    parsed.with_context(|| format!("--hours is {text}; write it as in 18:00-08:00"))
}
