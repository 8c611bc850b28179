//! `sql/settings.schema.json` is the table of an organization's rules: the database, the command line and the documentation say the same.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Operator, operator::frontdesk};

/// The rules by their names; a point leads into a part. Opening hours have no single value.
fn rules() -> BTreeMap<String, Value> {
    let schema: Value =
        serde_json::from_str(include_str!("../../../sql/settings.schema.json")).unwrap();
    let mut rules = BTreeMap::new();
    for (name, rule) in schema["properties"].as_object().unwrap() {
        match rule["properties"].as_object() {
            Some(parts) => rules.extend(
                parts
                    .iter()
                    .map(|(key, rule)| (format!("{name}.{key}"), rule.clone())),
            ),
            None => drop(rules.insert(name.clone(), rule.clone())),
        }
    }
    rules.retain(|name, _| !name.starts_with("hours."));
    rules
}

#[tokio::test]
async fn every_number_is_held_to_the_bounds_that_the_schema_names() {
    let operator = Operator::new().await;
    let (mut lowest, mut shortest, mut highest) = (Vec::new(), Vec::new(), Vec::new());
    for (name, rule) in rules() {
        let (Some(least), Some(most)) = (rule["minimum"].as_i64(), rule["maximum"].as_i64()) else {
            continue;
        };
        lowest.push((name.clone(), least));
        highest.push((name.clone(), most));
        // Zero keeps for ever; any other number of days has a bound of its own.
        if let Some(least) = rule["anyOf"][1]["minimum"].as_i64() {
            shortest.push((name, least));
        }
    }
    assert!(highest.len() > 15, "{highest:?}");
    for (bounds, beyond) in [(lowest, -1), (shortest, -1), (highest, 1)] {
        // What is accepted is set all at once, and what is refused by itself.
        let entry = |name: &str, value: i64| format!("{name}={value}");
        let entries: Vec<String> = bounds
            .iter()
            .map(|(name, value)| entry(name, *value))
            .collect();
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        operator.hears("set", &entries);
        let stored = operator
            .database
            .object("select settings from organizations")
            .await;
        for (name, value) in bounds {
            let path = format!("/settings/{}", name.replace('.', "/"));
            assert_eq!(stored.pointer(&path), Some(&json!(value)), "{name}");
            let refused = entry(&name, value + beyond);
            operator.is_refused("set", &[&refused], &[&name]);
        }
    }
}

#[tokio::test]
async fn an_organization_that_sets_nothing_has_the_defaults_of_the_schema() {
    let operator = Operator::new().await;
    let shown = operator.reads("show", &[]);
    for (name, rule) in rules() {
        // The largest body has the service's own limit as its default.
        let (Some(default), true) = (rule.get("default"), name != "webhook_body_bytes") else {
            continue;
        };
        let expected = json!({ "value": default, "default": true });
        assert_eq!(shown["rules"][&name], expected, "{name}");
    }
}

#[test]
fn the_documentation_lists_every_rule_with_its_default_and_its_bounds() {
    let page = include_str!("../../../docs/settings.md");
    let data = include_str!("../../../docs/data.md");
    let lines: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for (name, rule) in rules() {
        let quoted = format!("`{name}`");
        if let Some(kind) = name.strip_prefix("retention.") {
            let lowest = rule["anyOf"][1]["minimum"].as_i64().unwrap_or(1);
            let row = format!(
                "| `{kind}` | {} | {lowest} to {} |",
                rule["default"], rule["maximum"]
            );
            assert!(data.contains(&row), "docs/data.md lacks {row}");
            continue;
        }
        let line = lines.iter().find(|cells| cells[1].contains(&quoted));
        let cells = line.unwrap_or_else(|| panic!("docs/settings.md lacks {name}"));
        if let (Some(lowest), Some(highest)) = (rule["minimum"].as_i64(), rule["maximum"].as_i64())
        {
            assert_eq!(cells[3], format!("{lowest} to {highest}"), "{name}");
        }
        if let Some(default) = rule["default"].as_i64() {
            assert_eq!(cells[2], default.to_string(), "{name}");
        }
    }
}

#[test]
fn the_default_zone_and_the_form_of_a_number_stand_in_one_function_each() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    for (text, home) in [
        ("'America/New_York'", "time_zone.sql"),
        ("[1-9][0-9]{", "is_e164.sql"),
    ] {
        let holders: Vec<String> = ["functions", "queries"]
            .iter()
            .flat_map(|kind| std::fs::read_dir(folder.join(kind)).unwrap())
            .map(|entry| entry.unwrap().path())
            .filter(|path| std::fs::read_to_string(path).unwrap().contains(text))
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(holders, [home], "{text}");
    }
}

#[tokio::test]
async fn an_organization_that_names_no_zone_has_that_of_the_table() {
    let operator = Operator::new().await;
    let made = frontdesk(
        &operator.database.url(),
        &["org", "create", "--name", "Omega", "--industry", "plumbing"],
    );
    assert!(made.status.success());
    let zones: Value = operator
        .database
        .value(
            "with entered as (
                 insert into organizations (name, industry) values ('Zeta', 'hvac') returning timezone
             )
             select jsonb_build_array(private.time_zone(null), e.timezone, o.timezone)
             from entered as e, organizations as o where o.name = 'Omega'",
        )
        .await;
    assert_eq!(
        zones,
        json!(["America/New_York", "America/New_York", "America/New_York"])
    );
}
