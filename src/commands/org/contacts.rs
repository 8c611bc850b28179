//! `frontdesk org contacts`, `add-contact`, `set-contact` and `remove-contact`: who takes emergencies, and when.

use anyhow::{Context, bail, ensure};
use chrono::NaiveTime;
use clap::Args;
use serde_json::{Map, Value, json};
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use super::{
    ask::{hold, only_row, phone, query, today},
    contact::{Contact, all, listed},
    field,
    report::Report,
    times,
};
use crate::{
    commands::org::organization::OrganizationArg,
    db::Sql,
    domain::{name, phone::Phone},
    sql,
};

const ADD: Sql = sql!(
    "org_add_contact",
    [
        UUID, TEXT, TEXT, TEXT, TEXT, INT4, TEXT_ARRAY, TIME, TIME, BOOL, BOOL, BOOL, BOOL, INT4,
        TEXT
    ]
);
const SET: Sql = sql!("org_set_contact", [UUID, UUID, JSONB]);
const REMOVE: Sql = sql!("org_remove_contact", [UUID, UUID]);

/// Every contact.
#[derive(Args)]
pub struct Contacts {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
}

/// How a contact is told of an emergency, and how long they have.
#[derive(Args)]
struct Channels {
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
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// Their name, as it may be spoken.
    #[arg(long)]
    name: String,
    /// Their telephone number; an extension behind it (x12) is dialled once it has answered.
    #[arg(long)]
    phone: String,
    /// Their e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// What they do.
    #[arg(long)]
    role: Option<String>,
    /// Their turn: 1 is asked first.
    #[arg(long, default_value_t = 1)]
    priority: i32,
    /// The days on which they are on call, such as mon,tue; every day if left out.
    #[arg(long)]
    days: Option<String>,
    /// The hours in which they are on call, such as 18:00-08:00; always if left out.
    #[arg(long)]
    hours: Option<String>,
    /// Take emergencies when nobody is on call.
    #[arg(long)]
    primary: bool,
    #[command(flatten)]
    channels: Channels,
}

/// What changes about a contact; the rest stays.
#[derive(Args)]
pub struct SetContact {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The contact's id, as `frontdesk org contacts` lists it.
    contact_id: Uuid,
    /// Their name, as it may be spoken.
    #[arg(long)]
    name: Option<String>,
    /// Their telephone number; an extension behind it (x12) is dialled once it has answered.
    #[arg(long)]
    phone: Option<String>,
    /// Their e-mail address, or none.
    #[arg(long)]
    email: Option<String>,
    /// What they do, or none.
    #[arg(long)]
    role: Option<String>,
    /// Their turn: 1 is asked first.
    #[arg(long)]
    priority: Option<i32>,
    /// The days on which they are on call, such as mon,tue, or every.
    #[arg(long)]
    days: Option<String>,
    /// The hours in which they are on call, such as 18:00-08:00, or always.
    #[arg(long)]
    hours: Option<String>,
    /// Whether they take emergencies when nobody is on call.
    #[arg(long, value_name = "true|false")]
    primary: Option<bool>,
    /// Whether they take emergencies at all.
    #[arg(long, value_name = "true|false")]
    active: Option<bool>,
    #[command(flatten)]
    channels: Channels,
}

/// A contact who takes no emergencies any more.
#[derive(Args)]
pub struct RemoveContact {
    /// The organization: its id or its name.
    pub(super) organization: OrganizationArg,
    /// The contact's id, as `frontdesk org contacts` lists it.
    contact_id: Uuid,
}

impl Contacts {
    pub(super) async fn run(self, client: &impl GenericClient) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve_to_read(client).await?;
        today(client, organization_id).await?;
        let contacts = all(client, organization_id).await?;
        let sentence = if contacts.is_empty() {
            "There is no contact yet; add one with `frontdesk org add-contact`.".to_owned()
        } else {
            listed(&contacts)
        };
        Ok(Report {
            sentence,
            object: serde_json::to_value(&contacts)?,
        })
    }
}

impl AddContact {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        named(&self.name)?;
        turn(self.priority)?;
        let number = phone(&self.phone)?;
        let days = self.days.as_deref().map(days).transpose()?.flatten();
        let (start, end) = match self.hours.as_deref().map(hours).transpose()?.flatten() {
            Some((start, end)) => (Some(start), Some(end)),
            None => (None, None),
        };
        let email = self.email.as_deref();
        let email = email.map(email_of).transpose()?;
        let transaction = hold(client, organization_id).await?;
        self.be_new(&transaction, organization_id, &number, days.as_deref())
            .await?;
        let params: crate::db::Params<'_> = &[
            &organization_id,
            &self.name,
            &number,
            &email,
            &self.role,
            &self.priority,
            &days,
            &start,
            &end,
            &self.primary,
            &self.channels.sms,
            &self.channels.call,
            &self.channels.email_enabled,
            &self.channels.escalation_timeout,
            &self.phone,
        ];
        let rows = query(&transaction, &ADD, params).await?;
        let id: Uuid = only_row(&rows, organization_id)?.try_get(0)?;
        let contact = one(&transaction, organization_id, id).await?;
        contact.be_reachable()?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!(
                "{} now takes emergencies.{}",
                self.name,
                called_only(&contact)
            ),
            object: json!({
                "id": id, "name": self.name, "phone": number, "extension": contact.extension,
            }),
        })
    }

    /// Refuses somebody who is there already: the same name, number, days and hours would be asked twice for one emergency.
    async fn be_new(
        &self,
        client: &impl GenericClient,
        organization_id: Uuid,
        number: &str,
        days: Option<&[&str]>,
    ) -> anyhow::Result<()> {
        let fold = |text: &str| text.trim().to_lowercase();
        let window = self.hours.as_deref().map(hours).transpose()?.flatten();
        let window =
            window.map(|(start, end)| format!("{}-{}", start.format("%H:%M"), end.format("%H:%M")));
        let sorted = |days: &[&str]| {
            let mut days: Vec<String> = days.iter().map(ToString::to_string).collect();
            days.sort();
            days
        };
        let days = days.map(sorted);
        let is_same = |contact: &Contact| {
            let theirs: Option<Vec<&str>> = contact
                .days
                .as_ref()
                .map(|days| days.iter().map(String::as_str).collect());
            fold(&contact.name) == fold(&self.name)
                && Phone::parse(&contact.phone).is_ok_and(|phone| phone.as_str() == number)
                && theirs.as_deref().map(sorted) == days
                && contact.hours == window
        };
        let contacts = all(client, organization_id).await?;
        if let Some(contact) = contacts.iter().find(|contact| is_same(contact)) {
            bail!(
                "{0} with that number is a contact at the same times already, as {1}; `frontdesk org set-contact {organization_id} {1}` \
                 changes them",
                contact.name,
                contact.id
            );
        }
        Ok(())
    }
}

impl SetContact {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let changes = self.changes()?;
        ensure!(
            !changes.is_empty(),
            "nothing is given to change; `frontdesk org set-contact --help` lists what can be"
        );
        let transaction = hold(client, organization_id).await?;
        let has_number = changes.contains_key("phone");
        let changes = Value::Object(changes);
        let params: crate::db::Params<'_> = &[&organization_id, &self.contact_id, &changes];
        let mut rows = query(&transaction, &SET, params).await?;
        if has_number {
            // A new number drops the extension of the one before, also where both are the same.
            rows = query(&transaction, &SET, params).await?;
        }
        if rows.is_empty() {
            bail!(unknown(organization_id, self.contact_id));
        }
        let contact = one(&transaction, organization_id, self.contact_id).await?;
        contact.be_reachable()?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!(
                "Changed {}.{}\n{}",
                contact.name,
                called_only(&contact),
                listed([&contact])
            ),
            object: serde_json::to_value(&contact)?,
        })
    }

    /// The columns that change, with their new values.
    fn changes(&self) -> anyhow::Result<Map<String, Value>> {
        let mut changes = Map::new();
        let mut set = |column: &str, value: Option<Value>| {
            if let Some(value) = value {
                changes.insert(column.to_owned(), value);
            }
        };
        if let Some(name) = &self.name {
            named(name)?;
        }
        if let Some(priority) = self.priority {
            turn(priority)?;
        }
        set("name", self.name.clone().map(Value::from));
        let number = self.phone.as_deref().map(phone).transpose()?;
        // The statement reads the extension out of it.
        set("phone_as_given", self.phone.clone().map(Value::from));
        set("phone", number.map(Value::from));
        let email = self.email.as_deref().map(or_none);
        if let Some(Value::String(text)) = &email {
            email_of(text)?;
        }
        set("email", email);
        set("role", self.role.as_deref().map(or_none));
        set("priority", self.priority.map(Value::from));
        let days = self.days.as_deref().map(days).transpose()?;
        set("available_days", days.map(Value::from));
        if let Some(hours) = self.hours.as_deref().map(hours).transpose()? {
            let text = |time: NaiveTime| Value::from(time.to_string());
            let (start, end) = hours.unzip();
            let null_or = |time: Option<NaiveTime>| Some(time.map_or(Value::Null, text));
            set("available_hours_start", null_or(start));
            set("available_hours_end", null_or(end));
        }
        set("is_primary", self.primary.map(Value::from));
        set("is_active", self.active.map(Value::from));
        set("sms_enabled", self.channels.sms.map(Value::from));
        set("call_enabled", self.channels.call.map(Value::from));
        set(
            "email_enabled",
            self.channels.email_enabled.map(Value::from),
        );
        let timeout = self.channels.escalation_timeout;
        set("escalation_timeout", timeout.map(Value::from));
        Ok(changes)
    }
}

impl RemoveContact {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let transaction = hold(client, organization_id).await?;
        let rows = query(&transaction, &REMOVE, &[&organization_id, &self.contact_id]).await?;
        let Some(row) = rows.first() else {
            bail!(unknown(organization_id, self.contact_id));
        };
        let name: String = row.try_get("name")?;
        transaction.commit().await?;
        Ok(Report {
            sentence: format!("{name} takes no emergencies any more."),
            object: json!({ "id": organization_id, "removed": self.contact_id, "name": name }),
        })
    }
}

async fn one(
    client: &impl GenericClient,
    organization_id: Uuid,
    contact_id: Uuid,
) -> anyhow::Result<Contact> {
    all(client, organization_id)
        .await?
        .into_iter()
        .find(|contact| contact.id == contact_id)
        .with_context(|| unknown(organization_id, contact_id))
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

fn named(name: &str) -> anyhow::Result<()> {
    ensure!(
        !name.trim().is_empty(),
        "--name is empty; it takes a name that may be spoken"
    );
    ensure!(
        name::name(name).is_some(),
        "--name is {name}, which is nobody's name; it takes one that may be spoken"
    );
    Ok(())
}

fn turn(priority: i32) -> anyhow::Result<()> {
    ensure!(priority >= 1, "--priority is {priority}; the first is 1");
    Ok(())
}

fn email_of(text: &str) -> anyhow::Result<&str> {
    field::email("--email", text)
}

fn or_none(text: &str) -> Value {
    if text.is_empty() || text == "none" {
        Value::Null
    } else {
        Value::from(text)
    }
}

/// The weekdays in mon,tue; none for every day.
fn days(text: &str) -> anyhow::Result<Option<Vec<&'static str>>> {
    if text == "every" {
        return Ok(None);
    }
    times::days(text).map(Some)
}

/// The window in 18:00-08:00; none for always.
fn hours(text: &str) -> anyhow::Result<Option<(NaiveTime, NaiveTime)>> {
    if text == "always" {
        return Ok(None);
    }
    let read = |text: &str| match text {
        "24:00" => Some(NaiveTime::MIN),
        text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
    };
    let (start, end) = times::window(text)
        .with_context(|| format!("--hours is {text}; write it as in 18:00-08:00, or always"))?;
    let window = read(&start).zip(read(&end));
    Ok(Some(window.context("--hours cannot be read")?))
}
