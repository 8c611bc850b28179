//! Emergencies that reached nobody, and texts that had no number to be sent from: nothing failed at a provider, so nothing else lists them.

use super::{org::reachability::Warning, output::rows, prelude::*};

const UNREACHED: Sql = sql!("org_unreached", [UUID]);
const UNSENT: Sql = sql!("org_unsent", [UUID]);

/// What is recorded of a contact who could not be paged over any channel.
const NO_CHANNEL: &str = "no_channel";

/// What reached nobody.
pub(super) struct Unreached {
    emergencies: Vec<Found>,
    texts: Vec<Found>,
}

/// One emergency, or the texts of one organization.
struct Found {
    kind: &'static str,
    what: String,
    /// The command that mends it.
    remedy: String,
    /// The line of a table, without the remedy.
    cells: Vec<String>,
    object: Value,
}

/// An emergency that nobody has and that reached nobody.
#[derive(Deserialize)]
struct Emergency {
    organization_id: Uuid,
    organization: String,
    code: i16,
    opened_at: DateTime<Utc>,
    /// Why its pages came to nothing.
    reasons: Vec<String>,
}

/// Texts to customers that were dropped.
#[derive(Deserialize)]
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
        let emergencies = records(client, &UNREACHED, &[&organization_id]).await?;
        let texts = records(client, &UNSENT, &[&organization_id]).await?;
        Ok(Self {
            emergencies: emergencies.into_iter().map(emergency).collect(),
            texts: texts.into_iter().map(unsent).collect(),
        })
    }

    fn all(&self) -> impl Iterator<Item = &Found> {
        self.emergencies.iter().chain(&self.texts)
    }

    /// A warning for each.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let warning = |it: &Found| Warning::new(it.kind, it.what.clone(), it.remedy.clone());
        self.all().map(warning).collect()
    }

    /// The tables for people; none when there is nothing.
    pub(super) fn sections(&self) -> Vec<String> {
        let section = |title: &str, headings: &[&str], found: &[Found]| {
            let row = |it: &Found| [it.cells.clone(), vec![it.remedy.clone()]].concat();
            let table = rows(headings, found.iter().map(row));
            table.map(|table| format!("{title}\n{table}"))
        };
        let emergencies = section(
            "Emergencies that reached nobody:",
            &["emergency", "organization", "opened", "reason", "remedy"],
            &self.emergencies,
        );
        let texts = section(
            "Texts that had no number to be sent from:",
            &["texts", "organization", "the last", "remedy"],
            &self.texts,
        );
        emergencies.into_iter().chain(texts).collect()
    }

    /// The objects that programs read.
    pub(super) fn objects(&self) -> impl Iterator<Item = Value> {
        self.all().map(|it| {
            let mut object = it.object.clone();
            if let Some(fields) = object.as_object_mut() {
                fields.insert("kind".to_owned(), json!(it.kind));
                fields.insert("remedy".to_owned(), json!(it.remedy));
            }
            object
        })
    }
}

fn emergency(it: Emergency) -> Found {
    let (id, code, opened) = (it.organization_id, it.code, utc(it.opened_at));
    let (why, remedy) = if it.reasons.is_empty() {
        let remedy = format!("frontdesk org add-contact {id} --name NAME --phone NUMBER");
        ("there was nobody to tell".to_owned(), remedy)
    } else if it.reasons.iter().any(|reason| reason == NO_CHANNEL) {
        (it.reasons.join(", "), sender(id, "voice,sms"))
    } else {
        (
            it.reasons.join(", "),
            format!("frontdesk org contacts {id}"),
        )
    };
    Found {
        kind: "emergency_unreached",
        what: format!(
            "Emergency {code}, opened {opened}, has reached nobody ({why}): call the contacts yourself"
        ),
        remedy,
        cells: vec![code.to_string(), it.organization, opened, why],
        object: json!({ "organization_id": id, "code": code, "opened_at": it.opened_at, "reasons": it.reasons }),
    }
}

fn unsent(it: Unsent) -> Found {
    let (id, last) = (it.organization_id, utc(it.last_at));
    let texts = count(it.texts, "text");
    Found {
        kind: "texts_unsent",
        what: format!("{texts} to customers had no number to be sent from, the last {last}"),
        remedy: sender(id, "sms"),
        cells: vec![it.texts.to_string(), it.organization, last],
        object: json!({ "organization_id": id, "texts": it.texts, "last_at": it.last_at }),
    }
}

/// The command that gives an organization a number to send from; the service's own settings do as well.
fn sender(organization_id: Uuid, capabilities: &str) -> String {
    format!(
        "frontdesk org add-phone {organization_id} --number NUMBER --provider twilio --capabilities {capabilities}"
    )
}
