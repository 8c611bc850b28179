//! Emergencies that reached nobody, and texts that had no number to be sent from: nothing failed at a provider, so nothing else lists them.

use std::collections::{BTreeSet, HashMap};

use super::{
    org::{
        reachability::Warning,
        sender::{Obstacle, ServiceSender},
    },
    output::rows,
    period::more,
    prelude::*,
};

const UNREACHED: Sql = sql!("org_unreached", [UUID]);
const UNSENT: Sql = sql!("org_unsent", [UUID]);

/// How many emergencies are read at most, the last ones.
const MAX_EMERGENCIES: i64 = 100;

/// What is recorded where the organization or the service lacks something to send with.
const NO_SENDER: [&str; 3] = ["no_channel", "no_sender", "no_public_url"];

/// What reached nobody.
pub(super) struct Unreached {
    emergencies: Vec<Found>,
    /// There are more than are read.
    has_more: bool,
    texts: Vec<Found>,
}

/// One emergency, or the texts of one organization.
struct Found {
    kind: &'static str,
    what: String,
    /// What to do so that it does not happen again.
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
    /// Reads what reached nobody, of one organization or of all, and what each organization lacks to send with.
    pub(super) async fn read(
        client: &impl GenericClient,
        organization_id: Option<Uuid>,
        service: &ServiceSender,
    ) -> anyhow::Result<Self> {
        let mut emergencies: Vec<Emergency> =
            records(client, &UNREACHED, &[&organization_id]).await?;
        let has_more = more(&mut emergencies, MAX_EMERGENCIES);
        let texts: Vec<Unsent> = records(client, &UNSENT, &[&organization_id]).await?;
        let ids = emergencies.iter().map(|it| it.organization_id);
        let ids: BTreeSet<Uuid> = ids
            .chain(texts.iter().map(|it| it.organization_id))
            .collect();
        let mut obstacles = HashMap::new();
        for id in ids {
            obstacles.extend(service.obstacle(client, id).await?.map(|it| (id, it)));
        }
        let emergencies = emergencies.into_iter();
        let texts = texts.into_iter();
        Ok(Self {
            emergencies: emergencies.map(|it| emergency(it, &obstacles)).collect(),
            texts: texts.map(|it| unsent(it, &obstacles)).collect(),
            has_more,
        })
    }

    fn all(&self) -> impl Iterator<Item = &Found> {
        self.emergencies.iter().chain(&self.texts)
    }

    /// A warning for each.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let warning = |it: &Found| Warning::advised(it.kind, it.what.clone(), it.remedy.clone());
        self.all().map(warning).collect()
    }

    /// The tables for people, and what to do about them; none when there is nothing.
    pub(super) fn sections(&self) -> Vec<String> {
        let section = |title: &str, headings: &[&str], found: &[Found]| {
            let table = rows(headings, found.iter().map(|it| it.cells.clone()))?;
            Some(format!("{title}\n{table}"))
        };
        let emergencies = section(
            if self.has_more {
                "Emergencies that reached nobody, the last 100 (--org shows those of one organization):"
            } else {
                "Emergencies that reached nobody:"
            },
            &["emergency", "organization", "opened", "reason"],
            &self.emergencies,
        );
        let texts = section(
            "Texts that had no number to be sent from:",
            &["texts", "organization", "the last"],
            &self.texts,
        );
        let remedies: BTreeSet<&str> = self.all().map(|it| it.remedy.as_str()).collect();
        let remedies = remedies.into_iter().map(|remedy| format!("  {remedy}."));
        let remedies: Vec<String> = remedies.collect();
        let remedies =
            (!remedies.is_empty()).then(|| format!("What to do:\n{}", remedies.join("\n")));
        [emergencies, texts, remedies]
            .into_iter()
            .flatten()
            .collect()
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

fn emergency(it: Emergency, obstacles: &HashMap<Uuid, Obstacle>) -> Found {
    let (id, code, opened) = (it.organization_id, it.code, utc(it.opened_at));
    let lacks_sender = |reason: &String| NO_SENDER.contains(&reason.as_str());
    let obstacle = obstacles.get(&id);
    let (why, remedy) = match obstacle.filter(|_| it.reasons.iter().any(lacks_sender)) {
        Some(obstacle) => (it.reasons.join(", "), obstacle.remedy.clone()),
        None if it.reasons.is_empty() => (
            "there was nobody to tell".to_owned(),
            format!(
                "`frontdesk org add-contact {id} --name NAME --phone NUMBER` enters somebody to page"
            ),
        ),
        None => (
            it.reasons.join(", "),
            format!(
                "`frontdesk oncall gaps --org {id}` lists what still keeps contacts from being paged, and `frontdesk incident close {code} --org {id}` ends \
                 this emergency once somebody has it"
            ),
        ),
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

fn unsent(it: Unsent, obstacles: &HashMap<Uuid, Obstacle>) -> Found {
    let (id, last) = (it.organization_id, utc(it.last_at));
    let texts = count(it.texts, "text");
    Found {
        kind: "texts_unsent",
        what: format!("{texts} to customers had no number to be sent from, the last {last}"),
        remedy: obstacles.get(&id).map_or_else(
            || "there is one now, and later texts are sent".to_owned(),
            |it| it.remedy.clone(),
        ),
        cells: vec![it.texts.to_string(), it.organization, last],
        object: json!({ "organization_id": id, "texts": it.texts, "last_at": it.last_at }),
    }
}
