//! `frontdesk org services`, `set-service` and `remove-service`: what the organization does, how long it takes and what it costs.

use crate::{
    commands::{
        field::{self, Words},
        output::cell,
        prelude::*,
    },
    config::read,
};

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
pub struct Services {}

/// A service, new or changed: the one of that name has afterwards what is given here, and the rest of it as before.
#[derive(Args)]
pub struct SetService {
    /// What the organization calls it, as it is spoken: "Drain cleaning".
    #[arg(value_parser = |text: &str| field::name("the service's name", text))]
    name: String,
    /// The same in Spanish.
    #[arg(long, value_name = "NAME", value_parser = read(field::name))]
    spanish: Option<String>,
    /// What callers call it besides: "clogged drain,slow drain".
    #[arg(long, value_name = "WORDS,...", value_parser = |text: &str| Ok::<_, String>(field::words(text)))]
    keywords: Option<Words>,
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
    #[arg(long, value_name = "FROM-TO", value_parser = price)]
    price: Option<(i32, Option<i32>)>,
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
    /// What the organization calls it.
    name: String,
}

impl OnOrganization for Services {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let services = of(client, organization.id).await?;
        let none =
            "There is no catalogue; any visit takes an hour unless the caller says otherwise.";
        let number = count(services.len(), "service");
        let table = table_of(&services)?.map(|table| format!("{number}.\n{table}"));
        Ok(Report::new(
            table.unwrap_or_else(|| none.to_owned()),
            services.into(),
        ))
    }
}

impl OnOrganization for SetService {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, name) = (organization.id, self.name);
        let (from, to) = (
            self.price.map(|(from, _)| from),
            self.price.and_then(|(_, to)| to),
        );
        let params: Params<'_> = &[
            &id,
            &name,
            &self.spanish,
            &self.keywords,
            &self.minutes,
            &self.before,
            &self.after,
            &self.skill,
            &from,
            &to,
            &self.default,
            &self.calendly_event_type,
        ];
        let service: Uuid = only(client, &SET, params).await?;
        Ok(Report::new(
            format!("Set {name}."),
            json!({ "id": id, "service": service, "name": name }),
        ))
    }
}

impl OnOrganization for RemoveService {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, name) = (organization.id, self.name);
        ensure!(
            !query(client, &REMOVE, &[&id, &name]).await?.is_empty(),
            "{name} is not a service of organization {id}; `frontdesk org services` lists them"
        );
        Ok(Report::new(
            format!("{name} is not offered any more; visits booked for it stand."),
            json!({ "id": id, "removed": name }),
        ))
    }
}

/// The services of an organization, by name.
pub(super) async fn of(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> anyhow::Result<Vec<Value>> {
    records(client, &LIST, &[&organization_id]).await
}

/// The table of services; nothing without any.
pub(super) fn table_of(services: &[Value]) -> anyhow::Result<Option<String>> {
    let columns = [
        ("service", "name"),
        ("spanish", "spanish"),
        ("minutes", "minutes"),
        ("before", "before_minutes"),
        ("after", "after_minutes"),
        ("skill", "skill"),
        ("price", "price"),
        ("default", "is_default"),
        ("calendly", "calendly"),
    ];
    let mut services = services.to_vec();
    for service in services.iter_mut().filter_map(Value::as_object_mut) {
        let amount = |name| service.get(name).map(cell).unwrap_or_default();
        let price = match (amount("price_from"), amount("price_to")) {
            (from, to) if from == to => from,
            (from, to) => format!("{from}-{to}"),
        };
        let is_calendly = service
            .get("calendly_event_type")
            .is_some_and(Value::is_string);
        service.insert("price".to_owned(), price.into());
        service.insert("calendly".to_owned(), is_calendly.into());
    }
    listed(&services, &columns)
}

/// What would hurt those who ask for a service.
pub(super) fn warning(service: &Value) -> Option<String> {
    let skill = service["skill"].as_str()?;
    let is_possible = service["is_possible"] == true;
    (!is_possible).then(|| {
        format!(
            "{} cannot be booked: no crew has the skill {skill}; `frontdesk org set-crew` gives it to one.",
            service["name"].as_str().unwrap_or_default()
        )
    })
}

/// A price range: 99, 149-299, 150-.
fn price(text: &str) -> anyhow::Result<(i32, Option<i32>)> {
    let amount = |text: &str| -> anyhow::Result<i32> {
        text.trim().parse().with_context(|| {
            format!("{text} is not a price; write whole dollars, as in 99, 149-299 or 150-")
        })
    };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let to = (!to.is_empty()).then(|| amount(to)).transpose()?;
    Ok((amount(from)?, to))
}
