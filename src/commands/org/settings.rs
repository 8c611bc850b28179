//! `frontdesk org set`: the rules, and the organization's own columns.

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    ask::{only_row, phone, query, transaction},
    field,
    industry::industry,
    report::Report,
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, domain::reach::Country, sql};

const SET_RULES: Sql = sql!("org_set_rules", [UUID, JSONB]);
const SET_COLUMNS: Sql = sql!(
    "org_set_columns",
    [UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, INT4, TEXT, TEXT]
);

/// What a rule in `organizations.settings` takes; the database holds it to its bounds.
#[derive(Clone, Copy)]
enum Takes {
    Number,
    YesOrNo,
    Time,
    Languages,
    Countries,
    PostalCodes,
}

/// The rules in `organizations.settings`; a point leads into a part of them.
const RULES: [(&str, Takes); 27] = [
    ("capacity", Takes::Number),
    ("lead_minutes", Takes::Number),
    ("lead_days", Takes::Number),
    ("horizon_days", Takes::Number),
    ("step_minutes", Takes::Number),
    ("buffer_before_minutes", Takes::Number),
    ("buffer_after_minutes", Takes::Number),
    ("travel_minutes", Takes::Number),
    ("area.postal_codes", Takes::PostalCodes),
    ("languages", Takes::Languages),
    ("dial_countries", Takes::Countries),
    ("emergency.rounds", Takes::Number),
    ("emergency.acknowledgement_timeout_minutes", Takes::Number),
    ("limits.messages_per_day", Takes::Number),
    ("limits.pages_per_day", Takes::Number),
    ("limits.transfers_per_day", Takes::Number),
    ("messages.confirmations", Takes::YesOrNo),
    ("messages.reminders", Takes::YesOrNo),
    ("messages.reminder_time", Takes::Time),
    ("messages.quiet_from", Takes::Time),
    ("messages.quiet_until", Takes::Time),
    ("retention.transcripts_days", Takes::Number),
    ("retention.recordings_days", Takes::Number),
    ("retention.tool_log_days", Takes::Number),
    ("retention.texts_days", Takes::Number),
    ("retention.audit_days", Takes::Number),
    ("retention.outbox_days", Takes::Number),
];

/// The columns of `organizations` that can be set.
const COLUMNS: [&str; 7] = [
    "name",
    "industry",
    "timezone",
    "transfer_phone_number",
    "transfer_mode",
    "emergency_contact_phone",
    "max_transfer_wait_time",
];

/// Rules and columns.
#[derive(Args)]
pub struct Set {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// What to set: `capacity=3` `languages=en,es` `dial_countries=US,CA,MX` `area.postal_codes=80202,803*` `emergency.rounds=2` `limits.pages_per_day=200`
    /// `messages.reminders=false` `messages.quiet_from=20:00` `retention.transcripts_days=90` `timezone=America/Denver`.
    #[arg(required = true, value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

impl Set {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let mut rules = Map::new();
        let mut columns = Map::new();
        for entry in &self.settings {
            let (key, value) = entry
                .split_once('=')
                .with_context(|| format!("{entry} is no KEY=VALUE, as in capacity=3"))?;
            if let Some((_, takes)) = RULES.iter().find(|(name, _)| *name == key) {
                put(&mut rules, key, takes.read(key, value)?);
            } else if COLUMNS.contains(&key) {
                columns.insert(key.to_owned(), Value::from(value));
            } else {
                let names: Vec<&str> = RULES.iter().map(|(name, _)| *name).chain(COLUMNS).collect();
                bail!("{key} is no setting; allowed are {}", names.join(", "));
            }
        }
        let transaction = transaction(client).await?;
        let rows = query(
            &transaction,
            &SET_RULES,
            &[&organization_id, &Value::Object(rules)],
        )
        .await?;
        let stored: Value = only_row(&rows, organization_id)?.try_get(0)?;
        if !columns.is_empty() {
            set_columns(&transaction, organization_id, &columns).await?;
        }
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("Set {}.", self.settings.join(", ")),
            object: json!({ "id": organization_id, "settings": stored, "columns": columns }),
        })
    }
}

async fn set_columns(
    transaction: &tokio_postgres::Transaction<'_>,
    organization_id: Uuid,
    columns: &Map<String, Value>,
) -> anyhow::Result<()> {
    let text = |name: &str| columns.get(name).and_then(Value::as_str);
    let number = |name: &str| text(name).map(phone).transpose();
    if let Some(zone) = text("timezone")
        && zone.parse::<chrono_tz::Tz>().is_err()
    {
        bail!("timezone is {zone}; it takes an IANA zone, as in America/Denver");
    }
    let wait = text("max_transfer_wait_time")
        .map(|text| {
            text.parse::<i32>()
                .ok()
                .filter(|seconds| (5..=600).contains(seconds))
                .with_context(|| {
                    format!("max_transfer_wait_time is {text}; it takes seconds from 5 to 600")
                })
        })
        .transpose()?;
    let name = text("name")
        .map(|text| field::name("name", text))
        .transpose()?;
    let industry = text("industry")
        .map(|text| industry("industry", text))
        .transpose()?;
    let (transfer, emergency) = (
        number("transfer_phone_number")?,
        number("emergency_contact_phone")?,
    );
    let given = (
        text("transfer_phone_number"),
        text("emergency_contact_phone"),
    );
    let params: crate::db::Params<'_> = &[
        &organization_id,
        &name,
        &industry,
        &text("timezone"),
        &transfer,
        &text("transfer_mode"),
        &emergency,
        &wait,
        &given.0,
        &given.1,
    ];
    query(transaction, &SET_COLUMNS, params).await?;
    if transfer.is_some() || emergency.is_some() {
        // A new number drops the extension of the one before, also where both are the same.
        query(transaction, &SET_COLUMNS, params).await?;
    }
    Ok(())
}

impl Takes {
    /// Reads a value, as it is stored.
    fn read(self, key: &str, value: &str) -> anyhow::Result<Value> {
        match self {
            // What is no number is the database's to refuse: it knows the bounds.
            Self::Number => Ok(value
                .parse::<i64>()
                .map_or_else(|_no_number| Value::from(value), Value::from)),
            Self::YesOrNo => {
                let answer: bool = value
                    .parse()
                    .with_context(|| format!("{key} is {value}; it takes true or false"))?;
                Ok(Value::from(answer))
            }
            Self::Time => Ok(Value::from(value)),
            Self::Languages => languages(value),
            Self::Countries => countries(value),
            Self::PostalCodes => Ok(value.split(',').map(str::trim).collect()),
        }
    }
}

/// Puts a value where its name leads.
fn put(rules: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            rules.insert(name.to_owned(), value);
        }
        Some((part, key)) => {
            let part = rules.entry(part).or_insert_with(|| json!({}));
            part[key] = value;
        }
    }
}

/// The languages in `en,es`, as they are stored; the first is for callers who ask for another one.
fn languages(text: &str) -> anyhow::Result<Value> {
    let mut codes: Vec<&str> = Vec::new();
    for code in text.split(',').map(str::trim) {
        if !matches!(code, "en" | "es") || codes.contains(&code) {
            bail!(
                "languages is {text}; allowed are en and es, each once, the one for everybody else first, as in en,es"
            );
        }
        codes.push(code);
    }
    Ok(Value::from(codes))
}

/// The countries in `US,CA,MX`, as they are stored.
fn countries(text: &str) -> anyhow::Result<Value> {
    let mut codes: Vec<&str> = Vec::new();
    for code in text.split(',').map(str::trim) {
        if Country::parse(code).is_none() || codes.contains(&code) {
            bail!(
                "dial_countries is {text}; allowed are countries by their two capital letters, each once, as in US,CA,MX"
            );
        }
        codes.push(code);
    }
    Ok(Value::from(codes))
}
