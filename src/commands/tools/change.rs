//! What is to be done about one tool of a Vapi account, and how that is shown.

use anyhow::{bail, ensure};
use serde_json::{Map, Value, json};
use similar::TextDiff;
use url::Url;

use crate::vapi::account::Account;

/// How much of a value is shown, in characters.
const MAX_SHOWN: usize = 100;

/// What is to be done about one tool.
pub(super) struct Change {
    name: String,
    /// What it is to be.
    wanted: Value,
    /// What it is; none when it is made.
    there: Option<There>,
}

/// The tool that is there.
struct There {
    id: String,
    /// Less what Vapi adds.
    pared: Value,
    /// Whom it serves, when that is not whom it is to serve.
    moves: Option<Move>,
    /// The credential that it keeps although none was given.
    kept_credential: Option<String>,
}

/// A tool that is pointed at another webhook.
pub(super) struct Move {
    /// The tool.
    pub(super) name: String,
    /// The address that it serves now.
    pub(super) from: String,
}

/// Compares a tool with those of the account. `beside` leaves tools alone that serve another webhook; `keeps_credential` leaves a credential
/// where it is when none is given.
pub(super) fn compare(
    mut tool: Value,
    there: &[Value],
    beside: bool,
    keeps_credential: bool,
) -> anyhow::Result<Change> {
    let name = text(&tool, "/function/name").to_owned();
    let url = text(&tool, "/server/url").to_owned();
    let is_same = |other: &&Value| {
        text(other, "/type") == "function"
            && text(other, "/function/name") == name
            && !(beside && is_foreign(text(other, "/server/url"), &url))
    };
    let same: Vec<&Value> = there.iter().filter(is_same).collect();
    let ours: Vec<&Value> = same
        .iter()
        .filter(|other| text(other, "/server/url") == url)
        .copied()
        .collect();
    let old = match (same.as_slice(), ours.as_slice()) {
        ([], _) => {
            return Ok(Change {
                name,
                wanted: tool,
                there: None,
            });
        }
        ([only], _) | (_, [only]) => *only,
        _ => bail!(
            "{} tools of the account are called {name}; delete all but one",
            same.len()
        ),
    };
    let id = text(old, "/id").to_owned();
    ensure!(!id.is_empty(), "a tool of the account has no id");
    let kept_credential = keep_credential(&mut tool, old, keeps_credential);
    let from = text(old, "/server/url");
    let moves = is_foreign(from, &url).then(|| Move {
        name: name.clone(),
        from: from.to_owned(),
    });
    Ok(Change {
        there: Some(There {
            id,
            pared: pared(old, &tool),
            moves,
            kept_credential,
        }),
        name,
        wanted: tool,
    })
}

/// Gives the tool the credential that it has, unless it is to have another one or none.
fn keep_credential(tool: &mut Value, old: &Value, keeps: bool) -> Option<String> {
    let credential = text(old, "/server/credentialId");
    let server = tool.get_mut("server")?.as_object_mut()?;
    if !keeps || credential.is_empty() || server.contains_key("credentialId") {
        return None;
    }
    server.insert("credentialId".to_owned(), json!(credential));
    Some(credential.to_owned())
}

/// Whether an address is neither this webhook nor the same one on another host: it serves another organization, or another program.
fn is_foreign(url: &str, wanted: &str) -> bool {
    const WEBHOOK: &str = "/vapi/webhook";
    let whom = |url: &str| {
        let url = Url::parse(url).ok()?;
        let (_, whom) = url.path().split_once(WEBHOOK)?;
        Some(whom.trim_matches('/').to_ascii_lowercase())
    };
    !url.is_empty() && whom(url) != whom(wanted)
}

impl Change {
    /// The tool's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Vapi's id of the tool, when it is there.
    pub(super) fn id(&self) -> Option<&str> {
        self.there.as_ref().map(|there| there.id.as_str())
    }

    /// Whether anything is to be done.
    pub(super) fn is_open(&self) -> bool {
        self.there
            .as_ref()
            .is_none_or(|there| there.pared != self.wanted)
    }

    /// The webhook that the tool leaves.
    pub(super) fn moves(&self) -> Option<&Move> {
        self.there.as_ref()?.moves.as_ref()
    }

    /// Whether the tool with this id is now as it was to be.
    pub(super) fn is_done(&self, id: &str, there: &[Value]) -> bool {
        there
            .iter()
            .any(|tool| text(tool, "/id") == id && pared(tool, &self.wanted) == self.wanted)
    }

    /// Does it, and gives the tool's id.
    pub(super) async fn apply(&self, account: &Account) -> anyhow::Result<String> {
        let Some(there) = &self.there else {
            return Ok(account.create(&self.wanted).await?);
        };
        if self.is_open() {
            // Vapi takes a tool's type when it is made, and refuses it later.
            let mut tool = self.wanted.clone();
            if let Some(fields) = tool.as_object_mut() {
                fields.remove("type");
            }
            account.update(&there.id, &tool).await?;
        }
        Ok(there.id.clone())
    }

    /// The lines about it: its name and each field that changes, or every line of it.
    pub(super) fn shown(&self, is_verbose: bool) -> anyhow::Result<String> {
        let name = &self.name;
        let Some(there) = &self.there else {
            return Ok(if is_verbose {
                format!("{name} (new):\n{}", lines("", &pretty(&self.wanted)?))
            } else {
                format!("{name}: new\n")
            });
        };
        if !self.is_open() {
            return Ok(format!("{name}: as it should be\n"));
        }
        let mut shown = format!("{name} ({}):\n", there.id);
        if is_verbose {
            shown.push_str(&lines(&pretty(&there.pared)?, &pretty(&self.wanted)?));
        } else {
            let mut changes = Vec::new();
            fields("", Some(&there.pared), Some(&self.wanted), &mut changes);
            for change in changes {
                shown.push_str("  ");
                shown.push_str(&change);
                shown.push('\n');
            }
        }
        if let (Some(credential), Some(_)) = (&there.kept_credential, &there.moves) {
            shown.push_str("  keeps the credential ");
            shown.push_str(credential);
            shown
                .push_str(", which was made for the other address; --credential-id sets another\n");
        }
        Ok(shown)
    }
}

/// The fields that change, each with its value before and after.
fn fields(path: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<String>) {
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            for name in before.keys().chain(added) {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                fields(&path, before.get(name), after.get(name), changes);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for nth in 0..before.len().max(after.len()) {
                fields(
                    &format!("{path}[{nth}]"),
                    before.get(nth),
                    after.get(nth),
                    changes,
                );
            }
        }
        (Some(before), Some(after)) => {
            changes.push(format!("{path}: {} -> {}", short(before), short(after)));
        }
        (Some(before), None) => changes.push(format!("{path}: {} is removed", short(before))),
        (None, Some(after)) => changes.push(format!("{path}: {} is added", short(after))),
        (None, None) => {}
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= MAX_SHOWN {
        return text;
    }
    let beginning: String = text.chars().take(MAX_SHOWN).collect();
    format!("{beginning}...")
}

/// A text within a tool; nothing if there is none.
pub(super) fn text<'a>(tool: &'a Value, pointer: &str) -> &'a str {
    tool.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// What is there, less what Vapi adds and this program does not set: its ids, its times, and defaults.
fn pared(there: &Value, wanted: &Value) -> Value {
    match (there, wanted) {
        (Value::Object(there), Value::Object(wanted)) => {
            let kept: Map<String, Value> = there
                .iter()
                .filter(|(name, value)| wanted.contains_key(*name) || is_telling(name, value))
                .map(|(name, value)| {
                    let wanted = wanted.get(name).unwrap_or(&Value::Null);
                    (name.clone(), pared(value, wanted))
                })
                .collect();
            Value::Object(kept)
        }
        (Value::Array(there), Value::Array(wanted)) => there
            .iter()
            .enumerate()
            .map(|(nth, there)| pared(there, wanted.get(nth).unwrap_or(&Value::Null)))
            .collect(),
        // JSON has one kind of number: 20 and 20.0 are the same.
        (Value::Number(number), Value::Number(wanted)) if number.as_f64() == wanted.as_f64() => {
            json!(wanted)
        }
        (other, _) => other.clone(),
    }
}

/// Whether a field that this program does not set changes what the tool does.
fn is_telling(name: &str, value: &Value) -> bool {
    let is_set = !matches!(value, Value::Null | Value::Bool(false));
    is_set
        && matches!(
            name,
            "credentialId" | "headers" | "rejectionPlan" | "variableExtractionPlan"
        )
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn lines(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(2)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_on_another_host_is_the_same_webhook_and_another_path_is_not() {
        let ours = "https://calls.example.com/vapi/webhook/0f0f0f0f-0000-4000-8000-000000000001";
        for (url, foreign) in [
            (ours, false),
            ("", false),
            (
                "https://old.example.com/base/vapi/webhook/0F0F0F0F-0000-4000-8000-000000000001/",
                false,
            ),
            ("https://calls.example.com/vapi/webhook", true),
            (
                "https://calls.example.com/vapi/webhook/0f0f0f0f-0000-4000-8000-000000000002",
                true,
            ),
            ("https://crm.example.com/tools", true),
            ("nonsense", true),
        ] {
            assert_eq!(is_foreign(url, ours), foreign, "{url}");
        }
    }
}
