//! `frontdesk org services`, `set-service` and `remove-service`: what the organization does, how long it takes and what it costs.

use anyhow::{Context, ensure};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use super::{
    ask::{hold, query, records, today},
    field,
    report::{Report, count, table, yes},
};
use crate::{commands::org::organization::OrganizationArg, db::Sql, sql};

const LIST: Sql = sql!("org_services", [UUID]);
const SET: Sql = sql!(
    "org_set_service",
    [
        UUID, TEXT, TEXT, TEXT_ARRAY, INT4, INT4, INT4, TEXT, INT4, INT4, BOOL, TEXT
    ]
);
const REMOVE: Sql = sql!("org_remove_service", [UUID, TEXT]);

/// The services of an organization.
#[derive(Args)]
pub struct Services {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// A service, new or changed: the one of that name has afterwards what is given here, and the rest of it as before.
#[derive(Args)]
pub struct SetService {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// What the organization calls it, as it is spoken: "Drain cleaning".
    name: String,
    /// The same in Spanish.
    #[arg(long, value_name = "NAME")]
    spanish: Option<String>,
    /// What callers call it besides: "clogged drain,slow drain".
    #[arg(long, value_name = "WORDS,...")]
    keywords: Option<String>,
    /// How long it takes, in minutes from 1 to 480; a new one takes 60.
    #[arg(long)]
    minutes: Option<i32>,
    /// What its crew needs before it, in minutes, in place of the organization's buffer.
    #[arg(long, value_name = "MINUTES")]
    before: Option<i32>,
    /// What its crew needs after it, in minutes, in place of the organization's buffer.
    #[arg(long, value_name = "MINUTES")]
    after: Option<i32>,
    /// What a crew must be able to do: gas. Crews get their skills with `frontdesk org set-crew`.
    #[arg(long)]
    skill: Option<String>,
    /// What it costs, in whole dollars: 99, 149-299, or 150- for at least so much.
    #[arg(long, value_name = "FROM-TO")]
    price: Option<String>,
    /// It is meant when a caller names nothing that is known.
    #[arg(long)]
    default: bool,
    /// Book it at Calendly too, as this event type: `https://api.calendly.com/event_types/...`. Calendly then writes to each customer whose
    /// e-mail address is known. Empty: do not.
    #[arg(long, value_name = "URL")]
    calendly_event_type: Option<String>,
}

/// A service that is not offered any more.
#[derive(Args)]
pub struct RemoveService {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// What the organization calls it.
    name: String,
}

/// A service as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Service {
    name: String,
    spanish: Option<String>,
    keywords: Vec<String>,
    minutes: i32,
    before_minutes: Option<i32>,
    after_minutes: Option<i32>,
    skill: Option<String>,
    price_from: Option<i32>,
    price_to: Option<i32>,
    is_default: bool,
    calendly_event_type: Option<String>,
    /// Whether a crew that can be sent has the skill.
    pub(super) is_possible: bool,
}

impl Services {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        today(client, organization_id).await?;
        let services = of(client, organization_id).await?;
        let sentence = match listed(&services) {
            None => {
                "There is no catalogue; any visit takes an hour unless the caller says otherwise."
                    .to_owned()
            }
            Some(table) => {
                let count = count(i64::try_from(services.len())?, "service");
                format!("{count}.\n{table}")
            }
        };
        Ok(Report {
            sentence,
            object: serde_json::to_value(&services)?,
        })
    }
}

impl SetService {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let name = field::name("the service's name", &self.name)?;
        let spanish = self.spanish.as_deref();
        let spanish = spanish
            .map(|text| field::name("--spanish", text))
            .transpose()?;
        let (from, to) = self.price.as_deref().map_or(Ok((None, None)), price)?;
        let keywords: Option<Vec<&str>> = self.keywords.as_deref().map(|words| {
            let words = words.split(',').map(str::trim);
            words.filter(|word| !word.is_empty()).collect()
        });
        let transaction = hold(client, organization_id).await?;
        let params: crate::db::Params<'_> = &[
            &organization_id,
            &name,
            &spanish,
            &keywords,
            &self.minutes,
            &self.before,
            &self.after,
            &self.skill,
            &from,
            &to,
            &self.default,
            &self.calendly_event_type,
        ];
        let rows = query(&transaction, &SET, params).await?;
        let id: Uuid = rows.first().context("no row came back")?.try_get(0)?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("Set {name}."),
            object: json!({ "id": organization_id, "service": id, "name": name }),
        })
    }
}

impl RemoveService {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let transaction = hold(client, organization_id).await?;
        let rows = query(&transaction, &REMOVE, &[&organization_id, &self.name]).await?;
        ensure!(
            !rows.is_empty(),
            "{} is no service of organization {organization_id}; `frontdesk org services` lists them",
            self.name
        );
        transaction.commit().await?;
        Ok(Report {
            sentence: format!(
                "{} is not offered any more; visits booked for it stand.",
                self.name
            ),
            object: json!({ "id": organization_id, "removed": self.name }),
        })
    }
}

/// The services of an organization, by name.
pub(super) async fn of(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> anyhow::Result<Vec<Service>> {
    records(client, &LIST, &[&organization_id]).await
}

/// The table of services; none without any.
pub(super) fn listed(services: &[Service]) -> Option<String> {
    let headings = [
        "service", "spanish", "minutes", "before", "after", "skill", "price", "default", "calendly",
    ];
    let rows: Vec<_> = services.iter().map(Service::cells).collect();
    (!rows.is_empty()).then(|| table(&headings, &rows))
}

impl Service {
    fn cells(&self) -> Vec<String> {
        let number = |number: Option<i32>| number.map_or_else(String::new, |n| n.to_string());
        let price = match (self.price_from, self.price_to) {
            (None, _) => String::new(),
            (Some(from), None) => format!("{from}-"),
            (Some(from), Some(to)) if from == to => from.to_string(),
            (Some(from), Some(to)) => format!("{from}-{to}"),
        };
        vec![
            self.name.clone(),
            self.spanish.clone().unwrap_or_default(),
            self.minutes.to_string(),
            number(self.before_minutes),
            number(self.after_minutes),
            self.skill.clone().unwrap_or_default(),
            price,
            yes(self.is_default),
            yes(self.calendly_event_type.is_some()),
        ]
    }

    /// What would hurt those who ask for it.
    pub(super) fn warning(&self) -> Option<String> {
        let skill = self.skill.as_deref().filter(|_| !self.is_possible)?;
        Some(format!(
            "{} cannot be booked: no crew has the skill {skill}; `frontdesk org set-crew` gives it to one.",
            self.name
        ))
    }
}

/// A price range: 99, 149-299, 150-.
fn price(text: &str) -> anyhow::Result<(Option<i32>, Option<i32>)> {
    let amount = |text: &str| -> anyhow::Result<i32> {
        text.trim().parse().with_context(|| {
            format!("{text} is no price; write whole dollars, as in 99, 149-299 or 150-")
        })
    };
    Ok(match text.split_once('-') {
        None => {
            let only = amount(text)?;
            (Some(only), Some(only))
        }
        Some((from, "")) => (Some(amount(from)?), None),
        Some((from, to)) => (Some(amount(from)?), Some(amount(to)?)),
    })
}
