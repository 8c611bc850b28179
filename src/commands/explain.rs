//! `frontdesk explain`: of every time of a day whether it is offered to callers, and why not.
//!
//! The answer comes from the functions that answer calls (`private.explain_day()`), for a caller who holds nothing.

use chrono::{NaiveDateTime, NaiveTime};

use super::{
    local::{Local, date},
    org::coverage,
    output::facts,
    prelude::*,
};
use crate::{
    domain::{address, catalogue::Service},
    tools::service::choose,
};

const QUERY: Sql = sql!("org_explain", [UUID, DATE, UUID, INT4, TEXT, TEXT, TIME]);
const SERVICES: Sql = sql!("org_services_as_called", [UUID]);

/// `frontdesk explain`; nothing is changed.
pub type ExplainCommand = Reporting<Asked>;

/// What is asked.
#[derive(Args)]
pub struct Asked {
    /// The organization's id or its name.
    #[arg(long, value_name = "ID|NAME")]
    org: OrganizationArg,
    /// The day, on the organization's clock.
    #[arg(long, value_parser = date)]
    date: NaiveDate,
    /// What the appointment is for, as a caller would say it; else what is assumed of a caller who does not say.
    #[arg(long)]
    service: Option<String>,
    /// Only this time of the day, such as 14:00.
    #[arg(long, value_name = "HH:MM", value_parser = time)]
    at: Option<NaiveTime>,
    /// How long the appointment is to be at least, in minutes.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..=480))]
    minutes: Option<i32>,
    /// Where it is to be: what lies next to an appointment at the same address needs no travel time.
    #[arg(long)]
    address: Option<String>,
    /// The postal code, for an organization that does not come everywhere.
    #[arg(long, value_name = "CODE")]
    postal_code: Option<String>,
    /// Show of each time that is taken which crew is busy with what.
    #[arg(long)]
    crew: bool,
}

#[derive(Deserialize)]
struct Day {
    zone: String,
    now: DateTime<Utc>,
    #[serde(rename = "last_day")]
    horizon_ends: NaiveDate,
    capacity: i64,
    step_minutes: i64,
    lead_minutes: i64,
    lead_days: i64,
    horizon_days: i64,
    before_minutes: i64,
    after_minutes: i64,
    travel_minutes: i64,
    minutes: i64,
    skill: Option<String>,
    able: Option<Vec<i64>>,
    has_area: bool,
    comes_there: Option<bool>,
    windows: Vec<Window>,
    #[serde(rename = "special_day")]
    special: Option<SpecialDay>,
    times: Vec<Time>,
}

#[derive(Deserialize)]
struct Window {
    opens: NaiveDateTime,
    closes: NaiveDateTime,
}

#[derive(Deserialize)]
struct SpecialDay {
    reason: Option<String>,
}

/// A time of the day: a slot, another start within the hours, or (`is_slot` null) a stretch outside them.
#[derive(Deserialize)]
struct Time {
    starts: NaiveDateTime,
    ends: NaiveDateTime,
    is_slot: Option<bool>,
    offered: bool,
    reason: String,
    crews: Option<Vec<Crew>>,
}

#[derive(Deserialize)]
struct Crew {
    crew: i64,
    busy_with: Vec<Busy>,
}

#[derive(Deserialize)]
struct Busy {
    appointment_id: Option<Uuid>,
    held_until: Option<DateTime<Utc>>,
    starts: NaiveDateTime,
    ends: NaiveDateTime,
    /// The same with what lies between two appointments.
    blocks_from: NaiveDateTime,
    blocks_until: NaiveDateTime,
}

fn time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_error| "write a time such as 14:00".to_owned())
}

impl Action for Asked {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let client = &snapshot(client).await?;
        let organization = self.org.find_to_read(client).await?;
        let organization = coverage::one(client, organization.id).await?;
        let services: Vec<Service> = records(client, &SERVICES, &[&organization.id]).await?;
        let service = self.service(&services)?;
        let postal_code = self.postal_code()?;
        let params: Params<'_> = &[
            &organization.id,
            &self.date,
            &service.map(|service| service.id),
            &self.minutes,
            &self.address,
            &postal_code,
            &self.at,
        ];
        let object: Option<Value> = value(client, &QUERY, params).await?;
        let mut object = object.context("the organization has no calendar")?;
        let day: Day =
            serde_json::from_value(object.clone()).context("the day's record cannot be read")?;
        let local = Local::of(&day.zone);
        local.localize(&mut object);
        if let Some(fields) = object.as_object_mut() {
            let asked = [
                ("organization_id", json!(organization.id)),
                ("date", json!(self.date)),
                ("service", json!(service.map(|service| &service.name))),
            ];
            fields.extend(asked.map(|(name, value)| (name.to_owned(), value)));
        }
        let head = self.head(&organization.name, service, &day, local);
        let page = format!("{head}\n\n{}", day.listed(self.crew, local));
        Ok(Report::new(page, object))
    }
}

impl Asked {
    /// The service that these words mean to a caller's call.
    fn service<'a>(&self, services: &'a [Service]) -> anyhow::Result<Option<&'a Service>> {
        match choose(services, self.service.as_deref()) {
            Ok(service) => Ok(service),
            Err(which) => {
                let names: Vec<&str> = which.0.iter().map(|one| one.name.as_str()).collect();
                bail!("name one service with --service: {}", names.join(", "))
            }
        }
    }

    fn postal_code(&self) -> anyhow::Result<Option<String>> {
        let Some(given) = &self.postal_code else {
            let address = self.address.as_deref();
            return Ok(address.and_then(address::postal_code_within));
        };
        let code = address::postal_code(given);
        code.map(Some)
            .with_context(|| format!("{given} is not a postal code"))
    }

    /// The rules that are in effect for this question.
    fn head(
        &self,
        organization: &str,
        service: Option<&Service>,
        day: &Day,
        local: Local,
    ) -> String {
        let service = service.map_or("any", |service| service.name.as_str());
        let lead = match day.lead_days {
            0 => format!("{} min", day.lead_minutes),
            days => format!("{} min and {}", day.lead_minutes, count(days, "day")),
        };
        let area = match (day.has_area, day.comes_there) {
            (false, _) => "everywhere",
            (true, Some(true)) => "the postal code is within the area",
            (true, Some(false)) => "the postal code is outside the area",
            (true, None) => "only some postal codes; none was given",
        };
        let between = format!(
            "{} min before, {} min after, {} min travel",
            day.before_minutes, day.after_minutes, day.travel_minutes
        );
        let horizon = count(day.horizon_days, "day");
        let known = [
            ("now", format!("{}, {}", local.stamp(day.now), day.zone)),
            ("hours", day.hours()),
            (
                "service",
                format!("{service}, {} min{}", day.minutes, day.skilled()),
            ),
            ("starts", format!("every {} min", day.step_minutes)),
            ("lead time", lead),
            ("horizon", format!("{horizon}, until {}", day.horizon_ends)),
            ("between", between),
            ("crews", day.capacity.to_string()),
            ("area", area.to_owned()),
        ];
        let known = known.map(|(name, fact)| (name, Some(fact)));
        let date = self.date.format("%a %Y-%m-%d");
        format!("{organization}, {date}\n{}", facts(11, known))
    }
}

impl Day {
    fn hours(&self) -> String {
        let windows: Vec<String> = self
            .windows
            .iter()
            .map(|window| format!("{}-{}", self.clock(window.opens), self.clock(window.closes)))
            .collect();
        let windows = if windows.is_empty() {
            "closed".to_owned()
        } else {
            windows.join(", ")
        };
        match &self.special {
            Some(SpecialDay {
                reason: Some(reason),
            }) => format!("{windows} (special day: {reason})"),
            Some(_) => format!("{windows} (special day)"),
            None => windows,
        }
    }

    /// The time of a day; a window that begins or ends on another day says so.
    fn clock(&self, at: NaiveDateTime) -> String {
        let is_this_day = self
            .times
            .first()
            .is_none_or(|first| first.starts.date() == at.date());
        let form = if is_this_day { "%H:%M" } else { "%a %H:%M" };
        at.format(form).to_string()
    }

    fn skilled(&self) -> String {
        match (&self.skill, &self.able) {
            (Some(skill), Some(able)) if able.is_empty() => {
                format!(", which needs the skill {skill} that no crew has")
            }
            (Some(skill), Some(able)) => {
                let able: Vec<String> = able.iter().map(ToString::to_string).collect();
                format!(", which needs the skill {skill}: crew {}", able.join(", "))
            }
            _ => String::new(),
        }
    }

    fn listed(&self, with_crews: bool, local: Local) -> String {
        let mut lines: Vec<Vec<String>> = Vec::new();
        for time in &self.times {
            lines.push(vec![
                time.span(),
                if time.offered {
                    "offered"
                } else {
                    "not offered"
                }
                .to_owned(),
                self.why(time),
            ]);
            let crews = time.crews.iter().flatten().filter(|_| with_crews);
            for crew in crews {
                lines.extend(
                    crew.lines(local)
                        .into_iter()
                        .map(|line| vec![String::new(), String::new(), line]),
                );
            }
        }
        table(&["time", "", "why"], &lines)
    }

    /// The reason in words, with the numbers that decide it.
    fn why(&self, time: &Time) -> String {
        let crews = time.crews.as_deref().unwrap_or_default();
        match (time.reason.as_str(), time.is_slot) {
            ("open", _) => String::new(),
            ("past", _) => "past".to_owned(),
            ("closed", Some(false)) => format!(
                "closed: a visit would last from {} to {}",
                time.starts.format("%H:%M"),
                time.ends.format("%H:%M")
            ),
            ("closed", _) => "closed".to_owned(),
            ("too_long", _) => "too_long: no opening hours are as long as the visit".to_owned(),
            ("too_soon", _) => "too_soon: within the lead time".to_owned(),
            ("too_far", _) => format!(
                "too_far: beyond the horizon, which ends on {}",
                self.horizon_ends
            ),
            ("off_grid", _) => {
                format!("off_grid: visits start every {} min", self.step_minutes)
            }
            ("no_such_time", _) => "no_such_time: the clocks skip it".to_owned(),
            ("out_of_area", _) => "out_of_area: the organization does not come there".to_owned(),
            ("no_crew", _) => "no_crew: no crew has the skill".to_owned(),
            ("taken", _) => {
                let held = crews.iter().filter(|crew| crew.is_only_held()).count();
                let held = match held {
                    0 => String::new(),
                    held => format!(", {held} of them held for a call"),
                };
                format!("taken: {0} of {0} crews busy{held}", crews.len())
            }
            (other, _) => other.to_owned(),
        }
    }
}

impl Time {
    fn span(&self) -> String {
        let starts = self.starts.format("%H:%M");
        match self.is_slot {
            Some(_) => starts.to_string(),
            None if self.ends.date() > self.starts.date() => format!("{starts}-24:00"),
            None => format!("{starts}-{}", self.ends.format("%H:%M")),
        }
    }
}

impl Crew {
    fn is_only_held(&self) -> bool {
        self.busy_with.iter().all(|busy| busy.held_until.is_some())
    }

    fn lines(&self, local: Local) -> Vec<String> {
        let span = |from: NaiveDateTime, until: NaiveDateTime| {
            format!("{}-{}", from.format("%H:%M"), until.format("%H:%M"))
        };
        let line = |busy: &Busy| {
            let what = match (busy.appointment_id, busy.held_until) {
                (Some(id), _) => format!("appointment {id}"),
                (None, Some(until)) => format!("held until {}", local.time(until)),
                (None, None) => "unknown".to_owned(),
            };
            let is_longer = (busy.blocks_from, busy.blocks_until) != (busy.starts, busy.ends);
            let blocks = if is_longer {
                format!(
                    ", blocks {} with the time between visits",
                    span(busy.blocks_from, busy.blocks_until)
                )
            } else {
                String::new()
            };
            format!(
                "crew {}: {} {what}{blocks}",
                self.crew,
                span(busy.starts, busy.ends)
            )
        };
        self.busy_with.iter().map(line).collect()
    }
}
