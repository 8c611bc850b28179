//! `frontdesk org contacts`, `add-contact`, `set-contact` and `remove-contact`: who takes emergencies, and when.

use chrono::NaiveTime;
use serde_json::Map;

use super::{
    contact::{Contact, all, table_of},
    times,
};
use crate::{
    commands::{field, prelude::*},
    config::read,
    domain::{name, phone::Phone},
};

const ADD: Sql = sql!("org_add_contact", [UUID, JSONB]);
const SET: Sql = sql!("org_set_contact", [UUID, UUID, JSONB]);
const REMOVE: Sql = sql!("org_remove_contact", [UUID, UUID]);

/// Every contact.
#[derive(Args)]
pub struct Contacts {}

/// A number as it is stored, and as it was given: with its extension.
type Number = (String, String);
/// Weekdays; none for every day.
type Days = Option<Vec<&'static str>>;
/// A window; none for always.
type Hours = Option<(NaiveTime, NaiveTime)>;

/// When a contact is on call, how they are paged, and how long they have.
#[derive(Args)]
struct Details {
    /// Their e-mail address, or none.
    #[arg(long, value_parser = read(or_none))]
    email: Option<Value>,
    /// What they do, or none.
    #[arg(long, value_parser = |text: &str| Ok::<_, String>(null_or(text)))]
    role: Option<Value>,
    /// Their turn: 1 is asked first, and is that of a new contact.
    #[arg(long, value_parser = read(turn))]
    priority: Option<i32>,
    /// The days on which they are on call, such as mon,tue, or every; a new contact is on call every day.
    #[arg(long, value_parser = days)]
    days: Option<Days>,
    /// The hours in which they are on call, such as 18:00-08:00, or always; a new contact is on call always.
    #[arg(long, value_parser = read(hours))]
    hours: Option<Hours>,
    /// Send them messages; a new contact gets them.
    #[arg(long, value_name = "true|false")]
    sms: Option<bool>,
    /// Call them; a new contact is called.
    #[arg(long, value_name = "true|false")]
    call: Option<bool>,
    /// Send them e-mail; a new contact with an address gets it.
    #[arg(long, value_name = "true|false")]
    email_enabled: Option<bool>,
    /// How long they have to answer before the next is asked, in seconds from 10 to 3600.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i32).range(10..=3600))]
    escalation_timeout: Option<i32>,
}

/// A contact.
#[derive(Args)]
pub struct AddContact {
    /// Their name, as it may be spoken.
    #[arg(long, value_parser = read(spoken))]
    name: String,
    /// Their telephone number; an extension behind it (x12) is dialled once it has answered.
    #[arg(long, value_parser = number)]
    phone: Number,
    /// Take emergencies when nobody is on call.
    #[arg(long)]
    primary: bool,
    #[command(flatten)]
    details: Details,
}

/// What changes about a contact; the rest stays.
#[derive(Args)]
pub struct SetContact {
    /// The contact's id, as `frontdesk org contacts` lists it.
    contact_id: Uuid,
    /// Their name, as it may be spoken.
    #[arg(long, value_parser = read(spoken))]
    name: Option<String>,
    /// Their telephone number; an extension behind it (x12) is dialled once it has answered.
    #[arg(long, value_parser = number)]
    phone: Option<Number>,
    /// Whether they take emergencies when nobody is on call.
    #[arg(long, value_name = "true|false")]
    primary: Option<bool>,
    /// Whether they take emergencies at all.
    #[arg(long, value_name = "true|false")]
    active: Option<bool>,
    #[command(flatten)]
    details: Details,
}

/// A contact who takes no emergencies any more.
#[derive(Args)]
pub struct RemoveContact {
    /// The contact's id, as `frontdesk org contacts` lists it.
    contact_id: Uuid,
}

impl OnOrganization for Contacts {
    const READS: bool = true;

    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let contacts = all(client, organization.id).await?;
        let none = "There is no contact yet; add one with `frontdesk org add-contact`.";
        let table = (!contacts.is_empty()).then(|| table_of(&contacts));
        Ok(Report::new(
            table.unwrap_or_else(|| none.to_owned()),
            serde_json::to_value(&contacts)?,
        ))
    }
}

impl OnOrganization for AddContact {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let id = organization.id;
        let contacts = all(client, id).await?;
        // The same name, number, days and hours would be asked twice for one emergency.
        if let Some(contact) = contacts.iter().find(|contact| self.is_same(contact)) {
            bail!(
                "{0} with that number is a contact at the same times already, as {1}; `frontdesk org set-contact {id} {1}` changes them",
                contact.name,
                contact.id
            );
        }
        let (name, number) = (self.name.clone(), self.phone.0.clone());
        let active = None;
        let columns = self.details.columns(
            Some(self.name),
            Some(self.phone),
            Some(self.primary),
            active,
        );
        let made: Uuid = only(client, &ADD, &[&id, &Value::Object(columns)]).await?;
        let contact = one(client, id, made).await?;
        contact.be_reachable()?;
        Ok(Report::new(
            format!("{name} now takes emergencies.{}", called_only(&contact)),
            json!({ "id": made, "name": name, "phone": number, "extension": contact.extension }),
        ))
    }
}

impl AddContact {
    fn is_same(&self, contact: &Contact) -> bool {
        let fold = |text: &str| text.trim().to_lowercase();
        let window = self.details.hours.flatten();
        let window =
            window.map(|(start, end)| format!("{}-{}", start.format("%H:%M"), end.format("%H:%M")));
        let sorted = |days: Option<Vec<String>>| {
            days.map(|mut days| {
                days.sort();
                days
            })
        };
        let days = self.details.days.clone().flatten();
        let days = days.map(|days| days.into_iter().map(str::to_owned).collect());
        fold(&contact.name) == fold(&self.name)
            && Phone::parse(&contact.phone).is_ok_and(|phone| phone.as_str() == self.phone.0)
            && sorted(contact.days.clone()) == sorted(days)
            && contact.hours == window
    }
}

impl OnOrganization for SetContact {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, contact_id, has_number) = (organization.id, self.contact_id, self.phone.is_some());
        let columns = self
            .details
            .columns(self.name, self.phone, self.primary, self.active);
        ensure!(
            !columns.is_empty(),
            "nothing is given to change; `frontdesk org set-contact --help` lists what can be"
        );
        let params: Params<'_> = &[&id, &contact_id, &Value::Object(columns)];
        query(client, &SET, params).await?;
        if has_number {
            // A new number drops the extension of the one before, also where both are the same.
            query(client, &SET, params).await?;
        }
        let contact = one(client, id, contact_id).await?;
        contact.be_reachable()?;
        Ok(Report::new(
            format!(
                "Changed {}.{}\n{}",
                contact.name,
                called_only(&contact),
                table_of([&contact])
            ),
            serde_json::to_value(&contact)?,
        ))
    }
}

impl Details {
    /// The columns that are given, with their values.
    fn columns(
        self,
        name: Option<String>,
        phone: Option<Number>,
        primary: Option<bool>,
        active: Option<bool>,
    ) -> Map<String, Value> {
        let (number, given) = phone.unzip();
        let (start, end) = self.hours.map(Option::unzip).unzip();
        let time = |time: Option<NaiveTime>| json!(time.map(|time| time.to_string()));
        [
            ("name", name.map(Value::from)),
            ("phone", number.map(Value::from)),
            // The statement reads the extension out of it.
            ("phone_as_given", given.map(Value::from)),
            ("email", self.email),
            ("role", self.role),
            ("priority", self.priority.map(Value::from)),
            ("available_days", self.days.map(|days| json!(days))),
            ("available_hours_start", start.map(time)),
            ("available_hours_end", end.map(time)),
            ("is_primary", primary.map(Value::from)),
            ("is_active", active.map(Value::from)),
            ("sms_enabled", self.sms.map(Value::from)),
            ("call_enabled", self.call.map(Value::from)),
            ("email_enabled", self.email_enabled.map(Value::from)),
            (
                "escalation_timeout",
                self.escalation_timeout.map(Value::from),
            ),
        ]
        .into_iter()
        .filter_map(|(column, value)| Some((column.to_owned(), value?)))
        .collect()
    }
}

impl OnOrganization for RemoveContact {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        let (id, contact_id) = (organization.id, self.contact_id);
        let name: Option<String> = value(client, &REMOVE, &[&id, &contact_id]).await?;
        let name = name.with_context(|| unknown(id, contact_id))?;
        Ok(Report::new(
            format!("{name} takes no emergencies any more."),
            json!({ "id": id, "removed": contact_id, "name": name }),
        ))
    }
}

async fn one(
    client: &impl GenericClient,
    organization_id: Uuid,
    contact_id: Uuid,
) -> anyhow::Result<Contact> {
    let contacts = all(client, organization_id).await?;
    let found = contacts
        .into_iter()
        .find(|contact| contact.id == contact_id);
    found.with_context(|| unknown(organization_id, contact_id))
}

fn unknown(organization_id: Uuid, contact_id: Uuid) -> String {
    format!(
        "organization {organization_id} has no contact {contact_id}; `frontdesk org contacts {organization_id}` lists them"
    )
}

/// What there is to say of a contact whose number has an extension.
fn called_only(contact: &Contact) -> String {
    match &contact.extension {
        Some(extension) if contact.sms => format!(
            " They are called on extension {extension}; a number with an extension cannot be sent messages."
        ),
        Some(extension) => format!(" They are called on extension {extension}."),
        None => String::new(),
    }
}

fn spoken(option: &str, text: &str) -> anyhow::Result<String> {
    ensure!(
        !text.is_empty(),
        "{option} is empty; it takes a name that may be spoken"
    );
    ensure!(
        name::name(text).is_some(),
        "{option} is {text}, which is nobody's name; it takes one that may be spoken"
    );
    Ok(text.to_owned())
}

fn number(text: &str) -> anyhow::Result<Number> {
    Ok((field::phone(text)?, text.to_owned()))
}

fn turn(option: &str, text: &str) -> anyhow::Result<i32> {
    let turn = text.parse().ok().filter(|turn| *turn >= 1);
    turn.with_context(|| format!("{option} is {text}; the first is 1"))
}

fn null_or(text: &str) -> Value {
    if text.is_empty() || text == "none" {
        Value::Null
    } else {
        Value::from(text)
    }
}

fn or_none(option: &str, text: &str) -> anyhow::Result<Value> {
    match null_or(text) {
        Value::Null => Ok(Value::Null),
        _ => Ok(field::email(option, text)?.into()),
    }
}

fn days(text: &str) -> anyhow::Result<Days> {
    (text != "every").then(|| times::days(text)).transpose()
}

fn hours(option: &str, text: &str) -> anyhow::Result<Hours> {
    if text == "always" {
        return Ok(None);
    }
    let time = |text: &str| match text {
        "24:00" => Some(NaiveTime::MIN),
        text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
    };
    let window = times::window(text).map(|(start, end)| time(&start).zip(time(&end)));
    let window = window
        .with_context(|| format!("{option} is {text}; write it as in 18:00-08:00, or always"))?;
    Ok(Some(window.context("the hours cannot be read")?))
}
