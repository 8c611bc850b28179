//! What an operator asks for of one organization, read from the database.

use anyhow::Context;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{
    ask::records,
    coverage::{self, Coverage, Covered},
    hours::Window,
    services::{self, Service},
    special_days::{self, SpecialDay},
};
use crate::{
    db::Sql,
    domain::{dial_policy::Country, language::Language},
    sql,
};

const QUERY: Sql = sql!("org_show", [UUID]);

/// An organization with everything that belongs to it but its appointments, its callers and its secrets.
pub(super) struct Overview {
    pub(super) organization: Organization,
    /// Who is on call in the week that begins today.
    pub(super) coverage: Coverage,
    pub(super) special_days: Vec<SpecialDay>,
    /// What it does, by name.
    pub(super) services: Vec<Service>,
}

/// What stands in the organization's own row, and short lists of what belongs to it.
#[derive(Deserialize)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) industry: String,
    pub(super) timezone: String,
    pub(super) local_time: NaiveDateTime,
    pub(super) transfer_phone_number: Option<String>,
    pub(super) transfer_phone_extension: Option<String>,
    pub(super) transfer_mode: String,
    pub(super) max_transfer_wait_time: i32,
    pub(super) emergency_contact_phone: Option<String>,
    pub(super) emergency_phone_extension: Option<String>,
    /// Since when its calls are suspended.
    pub(super) suspended_at: Option<DateTime<Utc>>,
    /// Why, if the operator said so.
    pub(super) suspended_for: Option<String>,
    /// Whether it has named a Twilio account of its own.
    pub(super) has_account: bool,
    /// The assistants that answer its number and that another organization has entered.
    pub(super) disputes: Vec<Dispute>,
    languages: Option<Value>,
    pub(super) phone_numbers: Vec<PhoneNumber>,
    pub(super) assistants: Vec<Assistant>,
    pub(super) hours: Vec<Weekday>,
    pub(super) rules: Vec<Rule>,
    pub(super) members: Members,
    /// When each live one was made.
    pub(super) webhook_secrets: Vec<DateTime<Utc>>,
    /// The calendars that are linked to it.
    pub(super) calendars: Vec<LinkedCalendar>,
    /// The names of those that are kept.
    pub(super) credentials: Vec<String>,
}

/// A number that callers dial.
#[derive(Serialize, Deserialize)]
pub(super) struct PhoneNumber {
    pub(super) number: String,
    pub(super) active: bool,
    pub(super) provider: String,
    /// What it is used for: voice, sms.
    pub(super) capabilities: Vec<String>,
    pub(super) vapi_phone_number_id: Option<String>,
    pub(super) vapi_assistant_id: Option<String>,
}

/// An assistant that answers the organization's number and that another organization has entered as its own.
#[derive(Serialize, Deserialize)]
pub(super) struct Dispute {
    pub(super) assistant_id: String,
    pub(super) owner_id: Uuid,
    pub(super) owner: String,
    pub(super) seen_at: DateTime<Utc>,
}

/// A calendar that is kept elsewhere.
#[derive(Serialize, Deserialize)]
pub(super) struct LinkedCalendar {
    pub(super) link: Uuid,
    pub(super) provider: String,
    pub(super) calendar: String,
    /// Whose time it is: of the whole organization, one crew or any crew.
    pub(super) scope: String,
    pub(super) crew: Option<i32>,
    pub(super) state: String,
    pub(super) failure: Option<String>,
    /// When it was last read.
    pub(super) synced_at: Option<DateTime<Utc>>,
    /// How many minutes ago that was.
    pub(super) age_minutes: Option<i32>,
    /// Whether what it said counts no more as known, so that appointments are booked as pending.
    pub(super) is_stale: bool,
}

/// A voice agent.
#[derive(Serialize, Deserialize)]
pub(super) struct Assistant {
    pub(super) vapi_assistant_id: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) active: bool,
}

/// The hours of a weekday that are in effect.
#[derive(Deserialize)]
pub(super) struct Weekday {
    pub(super) day: String,
    pub(super) windows: Vec<Window>,
    pub(super) is_default: bool,
}

/// A rule of booking that is in effect.
#[derive(Deserialize)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) is_default: bool,
}

/// How many members there are of each role.
#[derive(Serialize, Deserialize)]
pub(super) struct Members {
    pub(super) owner: i64,
    pub(super) admin: i64,
    pub(super) member: i64,
}

impl Overview {
    /// Reads it; refuses an organization that does not exist.
    pub(super) async fn read(client: &impl GenericClient, id: Uuid) -> anyhow::Result<Self> {
        let mut found: Vec<Organization> = records(client, &QUERY, &[&id]).await?;
        let mut organization = found
            .pop()
            .with_context(|| format!("there is no organization {id}"))?;
        let covered = coverage::one(client, id).await?;
        let languages = organization.spoken_languages();
        organization.rules.push(languages);
        organization.rules.push(countries(&covered));
        let today = organization.local_time.date();
        Ok(Self {
            coverage: Coverage::read(client, covered, coverage::From::Today, 7).await?,
            special_days: special_days::from(client, id, today).await?,
            services: services::of(client, id).await?,
            organization,
        })
    }

    /// The object that programs read.
    pub(super) fn object(&self, warnings: &[String]) -> Value {
        let o = &self.organization;
        let hours: Map<String, Value> = o.hours.iter().map(Weekday::entry).collect();
        let rules: Map<String, Value> = o.rules.iter().map(Rule::entry).collect();
        json!({
            "id": o.id,
            "name": o.name,
            "industry": o.industry,
            "timezone": o.timezone,
            "local_time": o.local_time,
            "suspended_at": o.suspended_at,
            "suspension_reason": o.suspended_for,
            "phone_numbers": o.phone_numbers,
            "assistants": o.assistants,
            "hours": hours,
            "rules": rules,
            "special_days": self.special_days,
            "services": self.services,
            "transfer": {
                "phone_number": o.transfer_phone_number,
                "extension": o.transfer_phone_extension,
                "mode": o.transfer_mode,
                "max_wait_seconds": o.max_transfer_wait_time,
            },
            "emergency_contact_phone": o.emergency_contact_phone,
            "emergency_contact_extension": o.emergency_phone_extension,
            "contacts": self.coverage.contacts,
            "webhook_secrets": { "live": o.webhook_secrets.len(), "since": o.webhook_secrets },
            "calendars": o.calendars,
            "credentials": o.credentials,
            "disputes": o.disputes,
            "members": o.members,
            "warnings": warnings,
        })
    }
}

impl Organization {
    /// The languages that callers are answered in, as a call reads them: what is said of others is left out, and nothing
    /// said means all.
    fn spoken_languages(&self) -> Rule {
        let set: Vec<&str> = self
            .languages
            .as_ref()
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .filter_map(Language::parse)
            .map(Language::code)
            .collect();
        Rule {
            name: "languages".to_owned(),
            is_default: set.is_empty(),
            value: if set.is_empty() {
                json!([Language::English.code(), Language::Spanish.code()])
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
        is_default: !covered.names_countries(),
        value: json!(codes),
    }
}

impl Weekday {
    fn entry(&self) -> (String, Value) {
        let value = json!({ "windows": self.windows, "default": self.is_default });
        (self.day.clone(), value)
    }
}

impl Rule {
    fn entry(&self) -> (String, Value) {
        let value = json!({ "value": self.value, "default": self.is_default });
        (self.name.clone(), value)
    }
}
