//! `frontdesk org close`, `open`, `forget-day` and `special-days`: days whose hours are not those of their weekday.

use anyhow::{Context, ensure};
use chrono::NaiveDate;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::{Client, GenericClient, Transaction};
use uuid::Uuid;

use super::{
    ask::{query, records, today, transaction},
    hours::{Window, spoken, windows_of},
    report::{Report, count, table},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const LOCK: Sql = sql!("org_lock_calendar", [UUID]);
const SET: Sql = sql!("org_set_days", [UUID, DATE, DATE, JSONB, TEXT]);
const APPOINTMENTS: Sql = sql!("org_appointments", [UUID, DATE, DATE]);
const FORGET: Sql = sql!("org_forget_day", [UUID, DATE]);
const FROM: Sql = sql!("org_special_days", [UUID, DATE]);

/// The most days that one command closes; more is a slip of the pen.
const MAX_LENGTH: i64 = 366;

/// A closure of one day or of several.
#[derive(Args)]
pub struct Close {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The first day, such as 2026-12-25.
    date: String,
    /// The last day; the first alone if left out.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Why, such as Christmas.
    #[arg(long)]
    reason: Option<String>,
}

/// Other hours on one day.
#[derive(Args)]
pub struct Open {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The day, such as 2026-12-24.
    date: String,
    /// Its hours: 08:00-12:00 or 08:00-12:00,13:00-15:00.
    hours: String,
    /// Why, such as Christmas Eve.
    #[arg(long)]
    reason: Option<String>,
}

/// A day that has its weekday's hours again.
#[derive(Args)]
pub struct ForgetDay {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The day, such as 2026-12-24.
    date: String,
}

/// The special days from today on.
#[derive(Args)]
pub struct SpecialDays {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// A day whose hours are not those of its weekday.
#[derive(Serialize, Deserialize)]
pub(super) struct SpecialDay {
    pub(super) date: NaiveDate,
    pub(super) hours: Vec<Window>,
    pub(super) reason: Option<String>,
}

impl Close {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let first = date(&self.date)?;
        let last = self.until.as_deref().map_or(Ok(first), date)?;
        ensure!(
            last >= first,
            "--until is {last}, which is before {first}; allowed is that day or a later one"
        );
        let days = (last - first).num_days() + 1;
        ensure!(
            days <= MAX_LENGTH,
            "{first} to {last} are {days} days; allowed are up to {MAX_LENGTH} at once"
        );
        let transaction = calendar(client, organization_id, first).await?;
        let hours = Value::Array(Vec::new());
        let params: crate::db::Params<'_> =
            &[&organization_id, &first, &last, &hours, &self.reason];
        query(&transaction, &SET, params).await?;
        // Counted after the days are closed, so that no appointment slips in between unseen.
        let rows = query(
            &transaction,
            &APPOINTMENTS,
            &[&organization_id, &first, &last],
        )
        .await?;
        let appointments: i64 = rows.first().context("no row came back")?.try_get(0)?;
        transaction.commit().await?;
        let (span, then) = if first == last {
            (first.to_string(), "on that day")
        } else {
            (format!("{first} to {last}"), "on those days")
        };
        let standing = match appointments {
            0 => format!("No visit stands {then}."),
            1 => format!("1 visit stands {then} and is not cancelled by this."),
            more => format!("{more} visits stand {then} and are not cancelled by this."),
        };
        Ok(Report {
            sentence: format!("Closed {span}. {standing}"),
            object: json!({
                "id": organization_id,
                "from": first,
                "until": last,
                "days": days,
                "visits": appointments,
                "reason": self.reason,
            }),
        })
    }
}

impl Open {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let day = date(&self.date)?;
        let hours = windows_of(&self.hours)?;
        ensure!(
            hours.as_array().is_some_and(|windows| !windows.is_empty()),
            "the hours are {}; to close a day use `frontdesk org close`",
            self.hours
        );
        let transaction = calendar(client, organization_id, day).await?;
        let params: crate::db::Params<'_> = &[&organization_id, &day, &day, &hours, &self.reason];
        query(&transaction, &SET, params).await?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("Open {day} from {}.", self.hours.replace(',', ", ")),
            object: json!({
                "id": organization_id,
                "date": day,
                "hours": hours,
                "reason": self.reason,
            }),
        })
    }
}

impl ForgetDay {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let day = date(&self.date)?;
        let transaction = calendar(client, organization_id, day).await?;
        let rows = query(&transaction, &FORGET, &[&organization_id, &day]).await?;
        ensure!(
            !rows.is_empty(),
            "{day} is no special day of organization {organization_id}; `frontdesk org special-days` lists them"
        );
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("{day} has the hours of its weekday again."),
            object: json!({ "id": organization_id, "forgot": day }),
        })
    }
}

impl SpecialDays {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        let today = today(client, organization_id).await?;
        let days = from(client, organization_id, today).await?;
        let sentence = if days.is_empty() {
            "There is no special day from today on.".to_owned()
        } else {
            let rows: Vec<_> = days.iter().map(SpecialDay::cells).collect();
            format!(
                "{} from today on.\n{}",
                count(i64::try_from(days.len())?, "special day"),
                table(&["date", "hours", "reason"], &rows)
            )
        };
        Ok(Report {
            sentence,
            object: serde_json::to_value(&days)?,
        })
    }
}

impl SpecialDay {
    /// The line of a table.
    pub(super) fn cells(&self) -> Vec<String> {
        vec![
            self.date.format("%Y-%m-%d %a").to_string(),
            spoken(&self.hours),
            self.reason.clone().unwrap_or_default(),
        ]
    }
}

/// The special days of an organization from a day on.
pub(super) async fn from(
    client: &impl GenericClient,
    organization_id: Uuid,
    day: NaiveDate,
) -> anyhow::Result<Vec<SpecialDay>> {
    records(client, &FROM, &[&organization_id, &day]).await
}

fn date(text: &str) -> anyhow::Result<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        // Neither five digits of a year nor a day without its zero, which are slips of the pen.
        .filter(|date| date.to_string() == text)
        .with_context(|| format!("{text} is no date that exists; write it as in 2026-12-25"))
}

/// A transaction that holds the organization's calendar, to change what holds from `day` on; refuses a day that is past.
async fn calendar(
    client: &mut Client,
    organization_id: Uuid,
    day: NaiveDate,
) -> anyhow::Result<Transaction<'_>> {
    let transaction = transaction(client).await?;
    query(&transaction, &LOCK, &[&organization_id]).await?;
    let today = today(&transaction, organization_id).await?;
    ensure!(
        day >= today,
        "{day} is past; allowed is {today}, which is today for this organization, or a later day"
    );
    Ok(transaction)
}
