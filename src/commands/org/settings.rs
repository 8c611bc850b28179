//! `frontdesk org set`: the rules of booking, and the organization's own columns.

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Map, Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    ask::{only_row, phone, query, transaction},
    report::Report,
};
use crate::{db::Sql, domain::reach::Country, sql};

const SET_RULES: Sql = sql!("org_set_rules", [UUID, JSONB]);
const SET_COLUMNS: Sql = sql!(
    "org_set_columns",
    [UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, INT4]
);

/// The rules of booking: whole numbers in `organizations.settings`; the database holds them to their bounds.
const RULES: [&str; 6] = [
    "capacity",
    "lead_minutes",
    "horizon_days",
    "step_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
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

/// The rule that is a list: the languages that callers are answered in.
const LANGUAGES: &str = "languages";

/// The rule that is another list: the countries whose numbers may be dialled.
const COUNTRIES: &str = "dial_countries";

/// Rules and columns.
#[derive(Args)]
pub struct Set {
    /// The organization's id.
    organization_id: Uuid,
    /// What to set: `capacity=3` `lead_minutes=0` `languages=en,es` `dial_countries=US,CA,MX` `timezone=America/Denver`.
    #[arg(required = true, value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

impl Set {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let mut rules = Map::new();
        let mut columns = Map::new();
        for entry in &self.settings {
            let (key, value) = entry
                .split_once('=')
                .with_context(|| format!("{entry} is no KEY=VALUE, as in capacity=3"))?;
            if RULES.contains(&key) {
                let number: i64 = value
                    .parse()
                    .with_context(|| format!("{key} is {value}; it takes a whole number"))?;
                rules.insert(key.to_owned(), Value::from(number));
            } else if key == LANGUAGES {
                rules.insert(key.to_owned(), languages(value)?);
            } else if key == COUNTRIES {
                rules.insert(key.to_owned(), countries(value)?);
            } else if COLUMNS.contains(&key) {
                columns.insert(key.to_owned(), Value::from(value));
            } else {
                bail!(
                    "{key} is no setting; allowed are {}, {LANGUAGES}, {COUNTRIES}, {}",
                    RULES.join(", "),
                    COLUMNS.join(", ")
                );
            }
        }
        let transaction = transaction(client).await?;
        let rows = query(
            &transaction,
            &SET_RULES,
            &[&self.organization_id, &Value::Object(rules)],
        )
        .await?;
        let stored: Value = only_row(&rows, self.organization_id)?.try_get(0)?;
        if !columns.is_empty() {
            self.set_columns(&transaction, &columns).await?;
        }
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("Set {}.", self.settings.join(", ")),
            object: json!({ "id": self.organization_id, "settings": stored, "columns": columns }),
        })
    }

    async fn set_columns(
        &self,
        transaction: &tokio_postgres::Transaction<'_>,
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
        query(
            transaction,
            &SET_COLUMNS,
            &[
                &self.organization_id,
                &text("name"),
                &text("industry"),
                &text("timezone"),
                &number("transfer_phone_number")?,
                &text("transfer_mode"),
                &number("emergency_contact_phone")?,
                &wait,
            ],
        )
        .await?;
        Ok(())
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
