//! What an operator asks for of one organization, read from the database.

use chrono::NaiveDateTime;

use super::{
    coverage::{self, Coverage, Covered},
    hours::Window,
    services,
    special_days::{self, SpecialDay},
};
use crate::{
    commands::prelude::*,
    domain::{dial_policy::Country, language::Language},
};

const QUERY: Sql = sql!("org_show", [UUID]);

/// What is shown of an organization.
pub(super) struct Overview {
    pub(super) organization: Organization,
    /// Who is on call in the week that begins today.
    pub(super) coverage: Coverage,
    pub(super) special_days: Vec<SpecialDay>,
    /// What it does, by name.
    pub(super) services: Vec<Value>,
}

/// What stands in the organization's own row, and short lists of what belongs to it.
#[derive(Deserialize)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) industry: String,
    pub(super) timezone: String,
    pub(super) local_time: NaiveDateTime,
    pub(super) transfer: Transfer,
    pub(super) emergency_contact_phone: Option<String>,
    pub(super) emergency_contact_extension: Option<String>,
    /// Since when its calls are suspended.
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) suspension_reason: Option<String>,
    /// The Twilio account of its own.
    pub(super) twilio_account_sid: Option<String>,
    /// The assistants that answer its number and that another organization has entered.
    pub(super) disputes: Vec<Dispute>,
    languages: Value,
    pub(super) phone_numbers: Vec<Value>,
    pub(super) assistants: Vec<Value>,
    pub(super) hours: Vec<Weekday>,
    pub(super) rules: Vec<Rule>,
    pub(super) members: Members,
    pub(super) webhook_secrets: WebhookSecrets,
    pub(super) calendars: Vec<LinkedCalendar>,
    /// The names of those that are kept.
    pub(super) credentials: Vec<String>,
}

/// How callers are put through.
#[derive(Deserialize)]
pub(super) struct Transfer {
    pub(super) phone_number: Option<String>,
    pub(super) extension: Option<String>,
    pub(super) mode: String,
    pub(super) max_wait_seconds: i32,
}

/// An assistant that answers the organization's number and that another organization has entered as its own.
#[derive(Deserialize)]
pub(super) struct Dispute {
    pub(super) assistant_id: String,
    pub(super) owner_id: Uuid,
    pub(super) owner: String,
}

/// A calendar that is kept elsewhere.
#[derive(Deserialize)]
pub(super) struct LinkedCalendar {
    pub(super) provider: String,
    pub(super) calendar: String,
    /// Whose time it is: of the whole organization, one crew or any crew.
    pub(super) scope: String,
    pub(super) crew: Option<i32>,
    pub(super) state: String,
    /// How many minutes ago it was last read.
    pub(super) age_minutes: Option<i64>,
    /// Whether what it said counts no more as known, so that appointments are booked as pending.
    pub(super) is_stale: bool,
}

/// The hours of a weekday that are in effect.
#[derive(Deserialize, Serialize)]
pub(super) struct Weekday {
    #[serde(skip_serializing)]
    pub(super) day: String,
    pub(super) windows: Vec<Window>,
    pub(super) default: bool,
}

/// A rule of booking that is in effect.
#[derive(Deserialize, Serialize)]
pub(super) struct Rule {
    #[serde(skip_serializing)]
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) default: bool,
}

/// How many members there are of each role.
#[derive(Deserialize)]
pub(super) struct Members {
    pub(super) owner: i64,
    pub(super) admin: i64,
    pub(super) member: i64,
}

/// When each live one was made.
#[derive(Deserialize)]
pub(super) struct WebhookSecrets {
    pub(super) since: Vec<DateTime<Utc>>,
}

impl Overview {
    /// Reads it; with it comes the record as programs read it.
    pub(super) async fn read(client: &Transaction<'_>, id: Uuid) -> anyhow::Result<(Self, Value)> {
        let record: Value = only(client, &QUERY, &[&id]).await?;
        let mut organization: Organization = serde_json::from_value(record.clone())
            .context("the organization's record cannot be read")?;
        let covered = coverage::one(client, id).await?;
        let named = [organization.spoken_languages(), countries(&covered)];
        organization.rules.extend(named);
        let overview = Self {
            coverage: Coverage::read(client, covered, coverage::From::Today, 7).await?,
            special_days: special_days::from_today(client, id).await?,
            services: services::of(client, id).await?,
            organization,
        };
        Ok((overview, record))
    }
}

impl Organization {
    /// The languages that callers are answered in, as a call reads them: what is said of others is left out, and nothing
    /// said means all.
    fn spoken_languages(&self) -> Rule {
        let set = self.languages.as_array().into_iter().flatten();
        let set = set.filter_map(Value::as_str).filter_map(Language::parse);
        let set: Vec<&str> = set.map(Language::code).collect();
        let all = [Language::English.code(), Language::Spanish.code()];
        Rule {
            name: "languages".to_owned(),
            default: set.is_empty(),
            value: if set.is_empty() {
                json!(all)
            } else {
                json!(set)
            },
        }
    }
}

/// The countries whose numbers may be dialled.
fn countries(covered: &Covered) -> Rule {
    let countries = covered.dial_countries();
    let codes: Vec<&str> = countries.iter().map(Country::code).collect();
    Rule {
        name: "dial_countries".to_owned(),
        default: !covered.names_countries(),
        value: json!(codes),
    }
}
