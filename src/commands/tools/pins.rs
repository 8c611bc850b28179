//! Assistants that keep an older version of a tool, and so do not get what was pushed.
//!
//! Vapi numbers the versions of a tool (`latestVersion`); an assistant has the current one, unless its `model.toolRefs` names another.
//! Source: <https://docs.vapi.ai/assistants/versioning/versioning-with-assistants-and-tools>, and `ToolRef` in Vapi's API reference.

use serde_json::Value;

use super::change::text;
use crate::vapi::account::Account;

/// An assistant that is pinned to a version of a tool.
struct Pin<'a> {
    assistant: String,
    tool: &'a Value,
    version: String,
}

/// Warns of assistants that will keep the version they have of the tools that are to change, or have an older one already.
pub(super) async fn warn_before(
    account: &Account,
    there: &[Value],
    changing: &[&str],
) -> anyhow::Result<()> {
    warn(account, there, |tool, version| {
        changing.contains(&text(tool, "/id")) || version != text(tool, "/latestVersion")
    })
    .await
}

/// Warns of assistants that have an older version of the tools.
pub(super) async fn warn_after(
    account: &Account,
    there: &[Value],
    ids: &[String],
) -> anyhow::Result<()> {
    warn(account, there, |tool, version| {
        ids.iter().any(|id| id == text(tool, "/id")) && version != text(tool, "/latestVersion")
    })
    .await
}

async fn warn(
    account: &Account,
    there: &[Value],
    is_old: impl Fn(&Value, &str) -> bool,
) -> anyhow::Result<()> {
    let assistants = match account.assistants().await {
        Ok(assistants) => assistants,
        Err(problem) => {
            // The tools are as they should be, whether or not this is known.
            eprintln!(
                "warning: the assistants cannot be listed ({problem}), so it is not known whether one keeps an older version of a tool"
            );
            return Ok(());
        }
    };
    for pin in pins(&assistants, there) {
        if is_old(pin.tool, &pin.version) {
            eprintln!("warning: {}", pin.words());
        }
    }
    Ok(())
}

fn pins<'a>(assistants: &[Value], there: &'a [Value]) -> Vec<Pin<'a>> {
    let mut pins = Vec::new();
    for assistant in assistants {
        let refs = assistant.pointer("/model/toolRefs");
        for tool_ref in refs.and_then(Value::as_array).into_iter().flatten() {
            let id = text(tool_ref, "/toolId");
            let Some(tool) = there.iter().find(|tool| text(tool, "/id") == id) else {
                continue;
            };
            pins.push(Pin {
                assistant: match text(assistant, "/name") {
                    "" => text(assistant, "/id").to_owned(),
                    name => format!("{name} ({})", text(assistant, "/id")),
                },
                tool,
                version: text(tool_ref, "/version").to_owned(),
            });
        }
    }
    pins
}

impl Pin<'_> {
    fn words(&self) -> String {
        let latest = match text(self.tool, "/latestVersion") {
            "" => String::new(),
            version => format!(" (now at {version})"),
        };
        format!(
            "the assistant {} is pinned to version {} of {}{latest} and does not get what is pushed; in its Tools tab at Vapi choose Current \
             for that tool and publish the assistant",
            self.assistant,
            self.version,
            text(self.tool, "/function/name"),
        )
    }
}
