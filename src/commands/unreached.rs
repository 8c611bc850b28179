//! Emergencies that reached nobody, and texts that had no number to be sent from: nothing failed at a provider, so nothing else lists them.

use super::{org::reachability::Warning, prelude::*};

const UNREACHED: Sql = sql!("org_unreached", [UUID]);
const UNSENT: Sql = sql!("org_unsent", [UUID]);

/// What is recorded of a contact who could not be told by any channel.
const NO_CHANNEL: &str = "no_channel";

/// What reached nobody.
pub(super) struct Unreached {
    emergencies: Vec<Emergency>,
    texts: Vec<Unsent>,
}

/// An emergency that nobody has and that reached nobody.
#[derive(Deserialize, Serialize)]
struct Emergency {
    organization_id: Uuid,
    organization: String,
    code: i16,
    opened_at: DateTime<Utc>,
    /// Why its pages came to nothing.
    reasons: Vec<String>,
}

/// Texts to customers that were dropped.
#[derive(Deserialize, Serialize)]
struct Unsent {
    organization_id: Uuid,
    organization: String,
    texts: i64,
    last_at: DateTime<Utc>,
}

impl Unreached {
    /// Reads what reached nobody, of one organization or of all.
    pub(super) async fn read(
        client: &impl GenericClient,
        organization_id: Option<Uuid>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            emergencies: records(client, &UNREACHED, &[&organization_id]).await?,
            texts: records(client, &UNSENT, &[&organization_id]).await?,
        })
    }

    /// A warning for each.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let emergencies = self.emergencies.iter().map(|emergency| {
            Warning::new(
                "emergency_unreached",
                format!(
                    "Emergency {}, opened {}, has reached nobody ({}): call the contacts yourself",
                    emergency.code,
                    stamp(emergency.opened_at),
                    emergency.why()
                ),
                emergency.remedy(),
            )
        });
        let texts = self.texts.iter().map(|texts| {
            Warning::new(
                "texts_unsent",
                format!(
                    "{} to customers had no number to be sent from, the last {}",
                    count(texts.texts, "text"),
                    stamp(texts.last_at)
                ),
                texts.remedy(),
            )
        });
        emergencies.chain(texts).collect()
    }

    /// The tables for people; none when there is nothing.
    pub(super) fn sections(&self) -> Vec<String> {
        let mut sections = Vec::new();
        let emergencies: Vec<_> = self
            .emergencies
            .iter()
            .map(|emergency| {
                vec![
                    emergency.code.to_string(),
                    emergency.organization.clone(),
                    stamp(emergency.opened_at),
                    emergency.why(),
                    emergency.remedy(),
                ]
            })
            .collect();
        if !emergencies.is_empty() {
            let headings = ["emergency", "organization", "opened", "reason", "remedy"];
            sections.push(format!(
                "Emergencies that reached nobody:\n{}",
                table(&headings, &emergencies)
            ));
        }
        let texts: Vec<_> = self
            .texts
            .iter()
            .map(|texts| {
                vec![
                    texts.texts.to_string(),
                    texts.organization.clone(),
                    stamp(texts.last_at),
                    texts.remedy(),
                ]
            })
            .collect();
        if !texts.is_empty() {
            let headings = ["texts", "organization", "the last", "remedy"];
            sections.push(format!(
                "Texts that had no number to be sent from:\n{}",
                table(&headings, &texts)
            ));
        }
        sections
    }

    /// The objects that programs read.
    pub(super) fn objects(&self) -> Vec<Value> {
        let emergencies = self.emergencies.iter().map(|emergency| {
            json!({
                "kind": "emergency_unreached",
                "organization_id": emergency.organization_id,
                "code": emergency.code,
                "opened_at": emergency.opened_at,
                "reasons": emergency.reasons,
                "remedy": emergency.remedy(),
            })
        });
        let texts = self.texts.iter().map(|texts| {
            json!({
                "kind": "texts_unsent",
                "organization_id": texts.organization_id,
                "texts": texts.texts,
                "last_at": texts.last_at,
                "remedy": texts.remedy(),
            })
        });
        emergencies.chain(texts).collect()
    }
}

impl Emergency {
    fn why(&self) -> String {
        if self.reasons.is_empty() {
            "there was nobody to tell".to_owned()
        } else {
            self.reasons.join(", ")
        }
    }

    fn remedy(&self) -> String {
        let id = self.organization_id;
        if self.reasons.is_empty() {
            format!("frontdesk org add-contact {id} --name NAME --phone NUMBER")
        } else if self.reasons.iter().any(|reason| reason == NO_CHANNEL) {
            sender(id, "voice,sms")
        } else {
            format!("frontdesk org contacts {id}")
        }
    }
}

impl Unsent {
    fn remedy(&self) -> String {
        sender(self.organization_id, "sms")
    }
}

/// The command that gives an organization a number to send from; the service's own settings do as well.
fn sender(organization_id: Uuid, capabilities: &str) -> String {
    format!(
        "frontdesk org add-phone {organization_id} --number NUMBER --provider twilio --capabilities {capabilities}"
    )
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
