//! `frontdesk org set`: the rules, and the organization's own columns.

use std::sync::LazyLock;

use serde_json::Map;

use crate::{
    commands::{
        field::{self, phone},
        prelude::*,
    },
    domain::dial_policy::Country,
};

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
    Text,
    Languages,
    Countries,
    PostalCodes,
}

/// The rules in `organizations.settings`, as their schema lists them; a point leads into a part of them. Opening hours have a command of
/// their own.
static RULES: LazyLock<Vec<(String, Takes)>> = LazyLock::new(|| {
    let schema = include_str!("../../../sql/settings.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let mut rules = Vec::new();
    for (name, rule) in properties(&schema) {
        match rule.get("properties") {
            None => rules.extend(takes(name, rule).map(|takes| (name.clone(), takes))),
            Some(_) => rules.extend(properties(rule).filter_map(|(key, rule)| {
                let name = format!("{name}.{key}");
                takes(&name, rule).map(|takes| (name, takes))
            })),
        }
    }
    rules
});

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

fn takes(name: &str, rule: &Value) -> Option<Takes> {
    match (rule.get("type").and_then(Value::as_str), name) {
        (Some("integer"), _) => Some(Takes::Number),
        (Some("boolean"), _) => Some(Takes::YesOrNo),
        (Some("string"), _) => Some(Takes::Text),
        (_, "languages") => Some(Takes::Languages),
        (_, "dial_countries") => Some(Takes::Countries),
        (_, "area.postal_codes") => Some(Takes::PostalCodes),
        _ => None,
    }
}

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
    /// What to set: `capacity=3` `languages=en,es` `dial_countries=US,CA,MX` `area.postal_codes=80202,803*` `emergency.rounds=2` `limits.pages_per_day=200`
    /// `messages.reminders=false` `messages.quiet_from=20:00` `retention.transcripts_days=90` `timezone=America/Denver`.
    #[arg(required = true, value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

impl OnOrganization for Set {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let id = organization.id;
        let (mut rules, mut columns) = (Map::new(), Map::new());
        for entry in &self.settings {
            let (key, value) = entry
                .split_once('=')
                .with_context(|| format!("{entry} is no KEY=VALUE, as in capacity=3"))?;
            if let Some((_, takes)) = RULES.iter().find(|(name, _)| name == key) {
                put(&mut rules, key, takes.read(key, value)?);
            } else if COLUMNS.contains(&key) {
                columns.insert(key.to_owned(), Value::from(value));
            } else {
                let rules = RULES.iter().map(|(name, _)| name.as_str());
                let names: Vec<&str> = rules.chain(COLUMNS).collect();
                bail!("{key} is no setting; allowed are {}", names.join(", "));
            }
        }
        let stored: Value = only(client, &SET_RULES, &[&id, &Value::Object(rules)]).await?;
        if !columns.is_empty() {
            set_columns(client, id, &columns).await?;
        }
        Ok(Report::new(
            format!("Set {}.", self.settings.join(", ")),
            json!({ "id": id, "settings": stored, "columns": columns }),
        ))
    }
}

async fn set_columns(
    client: &Transaction<'_>,
    organization_id: Uuid,
    columns: &Map<String, Value>,
) -> anyhow::Result<()> {
    let text = |name: &str| columns.get(name).and_then(Value::as_str);
    let number = |name: &str| text(name).map(phone).transpose();
    let read = |name: &str, reader: fn(&str, &str) -> anyhow::Result<String>| {
        text(name).map(|text| reader(name, text)).transpose()
    };
    let (name, industry) = (
        read("name", field::name)?,
        read("industry", field::industry)?,
    );
    let zone = text("timezone");
    let zone = zone.map(|text| field::zone("timezone", text)).transpose()?;
    let wait = text("max_transfer_wait_time").map(|text| {
        let seconds = text
            .parse()
            .ok()
            .filter(|seconds| (5..=600).contains(seconds));
        seconds.with_context(|| {
            format!("max_transfer_wait_time is {text}; it takes seconds from 5 to 600")
        })
    });
    let wait: Option<i32> = wait.transpose()?;
    let (transfer, emergency) = (
        number("transfer_phone_number")?,
        number("emergency_contact_phone")?,
    );
    let params: Params<'_> = &[
        &organization_id,
        &name,
        &industry,
        &zone.map(chrono_tz::Tz::name),
        &transfer,
        &text("transfer_mode"),
        &emergency,
        &wait,
        &text("transfer_phone_number"),
        &text("emergency_contact_phone"),
    ];
    query(client, &SET_COLUMNS, params).await?;
    if transfer.is_some() || emergency.is_some() {
        // A new number drops the extension of the one before, also where both are the same.
        query(client, &SET_COLUMNS, params).await?;
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
            Self::Text => Ok(Value::from(value)),
            Self::Languages => codes(
                key,
                value,
                |code| matches!(code, "en" | "es"),
                "en and es, each once, the one for everybody else first, as in en,es",
            ),
            Self::Countries => codes(
                key,
                value,
                |code| Country::parse(code).is_some(),
                "countries by their two capital letters, each once, as in US,CA,MX",
            ),
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

/// The codes in `en,es` or `US,CA,MX`, as they are stored.
fn codes(
    key: &str,
    text: &str,
    is_known: fn(&str) -> bool,
    allowed: &str,
) -> anyhow::Result<Value> {
    let mut codes: Vec<&str> = Vec::new();
    for code in text.split(',').map(str::trim) {
        ensure!(
            is_known(code) && !codes.contains(&code),
            "{key} is {text}; allowed are {allowed}"
        );
        codes.push(code);
    }
    Ok(codes.into())
}
