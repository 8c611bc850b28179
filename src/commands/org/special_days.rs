//! `frontdesk org close`, `open`, `forget-day` and `special-days`: days whose hours are not those of their weekday.

use super::hours::{Window, spoken, windows_of};
use crate::commands::{output::rows, prelude::*};

const LOCK: Sql = sql!("org_lock_calendar", [UUID]);
const TODAY: Sql = sql!("org_today", [UUID]);
const SET: Sql = sql!("org_set_days", [UUID, DATE, DATE, JSONB, TEXT]);
const APPOINTMENTS: Sql = sql!("org_appointments", [UUID, DATE, DATE]);
const FORGET: Sql = sql!("org_forget_day", [UUID, DATE]);
const FROM: Sql = sql!("org_special_days", [UUID, DATE]);

/// The most days that one command closes; more is a slip of the pen.
const MAX_LENGTH: i64 = 366;

/// A closure of one day or of several.
#[derive(Args)]
pub struct Close {
    /// The first day, such as 2026-12-25.
    #[arg(value_parser = date)]
    date: NaiveDate,
    /// The last day; the first alone if left out.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<NaiveDate>,
    /// Why, such as Christmas.
    #[arg(long)]
    reason: Option<String>,
}

/// Other hours on one day.
#[derive(Args)]
pub struct Open {
    /// The day, such as 2026-12-24.
    #[arg(value_parser = date)]
    date: NaiveDate,
    /// Its hours: 08:00-12:00 or 08:00-12:00,13:00-15:00.
    hours: String,
    /// Why, such as Christmas Eve.
    #[arg(long)]
    reason: Option<String>,
}

/// A day that has its weekday's hours again.
#[derive(Args)]
pub struct ForgetDay {
    /// The day, such as 2026-12-24.
    #[arg(value_parser = date)]
    date: NaiveDate,
}

/// The special days from today on.
#[derive(Args)]
pub struct SpecialDays {}

/// A day whose hours are not those of its weekday.
#[derive(Serialize, Deserialize)]
pub(super) struct SpecialDay {
    date: NaiveDate,
    hours: Vec<Window>,
    reason: Option<String>,
}

impl OnOrganization for Close {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, first) = (organization.id, self.date);
        let last = self.until.unwrap_or(first);
        ensure!(
            last >= first,
            "--until is {last}, which is before {first}; allowed is that day or a later one"
        );
        let days = (last - first).num_days() + 1;
        ensure!(
            days <= MAX_LENGTH,
            "{first} to {last} are {days} days; allowed are up to {MAX_LENGTH} at once"
        );
        hold_calendar(client, id, first).await?;
        query(
            client,
            &SET,
            &[&id, &first, &last, &json!([]), &self.reason],
        )
        .await?;
        // Counted after the days are closed, so that no appointment slips in between unseen.
        let appointments: i64 = only(client, &APPOINTMENTS, &[&id, &first, &last]).await?;
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
        Ok(Report::new(
            format!("Closed {span}. {standing}"),
            json!({
                "id": id,
                "from": first,
                "until": last,
                "days": days,
                "visits": appointments,
                "reason": self.reason,
            }),
        ))
    }
}

impl OnOrganization for Open {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, day) = (organization.id, self.date);
        let hours = windows_of(&self.hours)?;
        ensure!(
            hours != json!([]),
            "the hours are {}; to close a day use `frontdesk org close`",
            self.hours
        );
        hold_calendar(client, id, day).await?;
        query(client, &SET, &[&id, &day, &day, &hours, &self.reason]).await?;
        Ok(Report::new(
            format!("Open {day} from {}.", self.hours.replace(',', ", ")),
            json!({ "id": id, "date": day, "hours": hours, "reason": self.reason }),
        ))
    }
}

impl OnOrganization for ForgetDay {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, day) = (organization.id, self.date);
        hold_calendar(client, id, day).await?;
        ensure!(
            !query(client, &FORGET, &[&id, &day]).await?.is_empty(),
            "{day} is not a special day of organization {id}; `frontdesk org special-days` lists them"
        );
        Ok(Report::new(
            format!("{day} has the hours of its weekday again."),
            json!({ "id": id, "forgot": day }),
        ))
    }
}

impl OnOrganization for SpecialDays {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let days = from_today(client, organization.id).await?;
        let sentence = match listed(&days) {
            None => "There is no special day from today on.".to_owned(),
            Some(table) => format!(
                "{} from today on.\n{table}",
                count(days.len(), "special day")
            ),
        };
        Ok(Report::new(sentence, serde_json::to_value(&days)?))
    }
}

/// The special days as a table; nothing without any.
pub(super) fn listed(days: &[SpecialDay]) -> Option<String> {
    let cells = |day: &SpecialDay| {
        vec![
            day.date.format("%Y-%m-%d %a").to_string(),
            spoken(&day.hours),
            day.reason.clone().unwrap_or_default(),
        ]
    };
    rows(&["date", "hours", "reason"], days.iter().map(cells))
}

/// The special days of an organization from today on.
pub(super) async fn from_today(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> anyhow::Result<Vec<SpecialDay>> {
    let today: NaiveDate = only(client, &TODAY, &[&organization_id]).await?;
    records(client, &FROM, &[&organization_id, &today]).await
}

fn date(text: &str) -> anyhow::Result<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        // Neither five digits of a year nor a day without its zero, which are slips of the pen.
        .filter(|date| date.to_string() == text)
        .with_context(|| format!("{text} is not a date that exists; write it as in 2026-12-25"))
}

/// Holds the organization's calendar, to change what holds from `day` on; refuses a day that is past.
async fn hold_calendar(
    client: &Transaction<'_>,
    organization_id: Uuid,
    day: NaiveDate,
) -> anyhow::Result<()> {
    query(client, &LOCK, &[&organization_id]).await?;
    let today: NaiveDate = only(client, &TODAY, &[&organization_id]).await?;
    ensure!(
        day >= today,
        "{day} is past; allowed is {today}, which is today for this organization, or a later day"
    );
    Ok(())
}
