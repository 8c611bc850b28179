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
    [
        UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, INT4, TEXT, TEXT, TEXT, BOOL
    ]
);

/// Reads a rule in `organizations.settings` as it is stored, by its name and text; the database holds it to its bounds.
type Reader = fn(&str, &str) -> anyhow::Result<Value>;

/// The rules in `organizations.settings`, as their schema lists them; a point leads into a part of them. Opening hours have a command of
/// their own.
static RULES: LazyLock<Vec<(String, Reader)>> = LazyLock::new(|| {
    let schema = include_str!("../../../sql/settings.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let mut rules = Vec::new();
    for (name, rule) in properties(&schema) {
        match rule.get("properties") {
            None => rules.extend(reader(name, rule).map(|reader| (name.clone(), reader))),
            Some(_) => rules.extend(properties(rule).filter_map(|(key, rule)| {
                let name = format!("{name}.{key}");
                reader(&name, rule).map(|reader| (name, reader))
            })),
        }
    }
    rules
});

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

fn reader(name: &str, rule: &Value) -> Option<Reader> {
    Some(match (rule.get("type").and_then(Value::as_str), name) {
        // What is no number is the database's to refuse: it knows the bounds.
        (Some("integer"), _) => |_, text| {
            let number = text.parse::<i64>();
            Ok(number.map_or_else(|_no_number| text.into(), Value::from))
        },
        (Some("boolean"), _) => |name, text| Ok(truth(name, text)?.into()),
        (Some("string"), _) => |_, text| Ok(text.into()),
        (_, "languages") => |name, text| {
            let allowed = "en and es, each once, the one for everybody else first, as in en,es";
            codes(name, text, |code| matches!(code, "en" | "es"), allowed)
        },
        (_, "dial_countries") => |name, text| {
            let allowed = "countries by their two capital letters, each once, as in US,CA,MX";
            codes(name, text, |code| Country::parse(code).is_some(), allowed)
        },
        (_, "area.postal_codes") => |_, text| Ok(text.split(',').map(str::trim).collect()),
        _ => return None,
    })
}

fn truth(name: &str, text: &str) -> anyhow::Result<bool> {
    let answer = text.parse();
    answer.with_context(|| format!("{name} is {text}; it takes true or false"))
}

/// The columns of `organizations` that can be set.
const COLUMNS: [&str; 9] = [
    "name",
    "industry",
    "timezone",
    "transfer_phone_number",
    "transfer_mode",
    "emergency_contact_phone",
    "max_transfer_wait_time",
    "twilio_account_sid",
    "calendar_sync_enabled",
];

/// Rules and columns.
#[derive(Args)]
pub struct Set {
    /// What to set: `capacity=3` `languages=en,es` `dial_countries=US,CA,MX` `area.postal_codes=80202,803*` `emergency.rounds=2` `limits.pages_per_day=200`
    /// `messages.reminders=false` `messages.quiet_from=20:00` `retention.transcripts_days=90` `timezone=America/Denver`
    /// `twilio_account_sid=AC...`, or nothing behind the equals sign to use the service's account again.
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
                .with_context(|| format!("{entry} is not KEY=VALUE, as in capacity=3"))?;
            if let Some((_, read)) = RULES.iter().find(|(name, _)| name == key) {
                put(&mut rules, key, read(key, value)?);
            } else if COLUMNS.contains(&key) {
                columns.insert(key.to_owned(), Value::from(value));
            } else {
                let rules = RULES.iter().map(|(name, _)| name.as_str());
                let names: Vec<&str> = rules.chain(COLUMNS).collect();
                bail!(
                    "{key} is not a setting; the settings are {}",
                    names.join(", ")
                );
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
    let account = read("twilio_account_sid", field::account)?;
    let calendars = text("calendar_sync_enabled");
    let calendars = calendars
        .map(|text| truth("calendar_sync_enabled", text))
        .transpose()?;
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
        &account,
        &calendars,
    ];
    query(client, &SET_COLUMNS, params).await?;
    if transfer.is_some() || emergency.is_some() {
        // A new number drops the extension of the one before, also where both are the same.
        query(client, &SET_COLUMNS, params).await?;
    }
    Ok(())
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
