//! Who is on call for an organization and when, and what decides whether they can be paged.

use chrono::FixedOffset;

use super::contact::{self, Contact};
use crate::{
    commands::prelude::*,
    domain::dial_policy::{self, Country},
};

const FIND: Sql = sql!("org_find", [UUID]);
const STRETCHES: Sql = sql!("org_coverage", [UUID, BOOL, INT4]);

/// An organization, with what decides whether its contacts can be paged.
#[derive(Deserialize)]
pub(in crate::commands) struct Covered {
    pub(in crate::commands) id: Uuid,
    pub(in crate::commands) name: String,
    pub(in crate::commands) timezone: String,
    /// The number of last resort.
    pub(in crate::commands) emergency_contact_phone: Option<String>,
    dial_countries: Vec<Value>,
    /// The numbers that want no messages.
    pub(super) opted_out: Vec<String>,
}

/// Where the stretches begin.
#[derive(Clone, Copy)]
pub(in crate::commands) enum From {
    /// At the organization's last midnight.
    Today,
    /// Now.
    Now,
}

/// Who is on call for an organization over some days.
pub(in crate::commands) struct Coverage {
    pub(in crate::commands) organization: Covered,
    /// Every contact, in the order in which they are asked.
    pub(in crate::commands) contacts: Vec<Contact>,
    pub(in crate::commands) stretches: Vec<Stretch>,
}

/// A time in which the same people are asked in the same order.
#[derive(Deserialize)]
pub(in crate::commands) struct Stretch {
    ends: (Moment, Moment),
    pub(in crate::commands) is_now: bool,
    /// Whether it ends only because the days that were asked for do.
    pub(in crate::commands) is_last: bool,
    pub(in crate::commands) source: Source,
    contact_ids: Vec<Uuid>,
}

/// Whom an emergency finds.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::commands) enum Source {
    /// Whoever is on call.
    OnCall,
    /// The primary contact, since nobody is on call.
    PrimaryContact,
    /// The organization's emergency number, since there is no primary contact either.
    OrganizationPhone,
    /// Nobody.
    Nobody,
}

/// An instant on the organization's clock.
#[derive(Clone, Copy, Deserialize)]
pub(in crate::commands) struct Moment {
    at: DateTime<Utc>,
    /// Seconds that the clock is ahead of UTC.
    offset: i32,
    /// Whether the clocks change within a day.
    is_near_change: bool,
}

/// One organization.
pub(in crate::commands) async fn one(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> anyhow::Result<Covered> {
    let found = every(client, Some(organization_id)).await?.pop();
    found.with_context(|| format!("there is no organization {organization_id}"))
}

/// The organization with this id, or every organization, by name.
pub(in crate::commands) async fn every(
    client: &impl GenericClient,
    only: Option<Uuid>,
) -> anyhow::Result<Vec<Covered>> {
    records(client, &FIND, &[&only]).await
}

impl Covered {
    /// The countries whose numbers may be dialled.
    pub(super) fn dial_countries(&self) -> Vec<Country> {
        dial_policy::allowed(self.named_countries())
    }

    /// Whether any country is named, so that the usual ones do not count.
    pub(super) fn names_countries(&self) -> bool {
        self.named_countries()
            .any(|code| Country::parse(code).is_some())
    }

    fn named_countries(&self) -> impl Iterator<Item = &str> {
        self.dial_countries.iter().filter_map(Value::as_str)
    }
}

impl Coverage {
    /// Reads who is on call over so many of the organization's days, the present one included.
    pub(in crate::commands) async fn read(
        client: &impl GenericClient,
        organization: Covered,
        from: From,
        days: i32,
    ) -> anyhow::Result<Self> {
        let is_whole_day = matches!(from, From::Today);
        let stretches = records(
            client,
            &STRETCHES,
            &[&organization.id, &is_whole_day, &days],
        )
        .await?;
        Ok(Self {
            contacts: contact::all(client, organization.id).await?,
            stretches,
            organization,
        })
    }

    /// The contacts of a stretch, in the order in which they are asked.
    pub(in crate::commands) fn asked(&self, stretch: &Stretch) -> Vec<&Contact> {
        stretch
            .contact_ids
            .iter()
            .filter_map(|id| self.contacts.iter().find(|contact| contact.id == *id))
            .collect()
    }

    /// Where an emergency falls in a stretch in which nobody is on call.
    pub(in crate::commands) fn falls_to(&self, stretch: &Stretch) -> String {
        match (stretch.source, self.asked(stretch).first()) {
            (Source::PrimaryContact, Some(contact)) => {
                format!("{}, the primary contact", contact.name)
            }
            (Source::OrganizationPhone, _) => "the emergency number".to_owned(),
            _ => "nobody".to_owned(),
        }
    }
}

impl Stretch {
    pub(in crate::commands) fn starts(&self) -> Moment {
        self.ends.0
    }

    pub(in crate::commands) fn ends(&self) -> Moment {
        self.ends.1
    }

    /// Start and end for people, with the offsets to UTC where the clocks change about or between them.
    pub(in crate::commands) fn stamps(&self) -> (String, String) {
        let (starts, ends) = self.ends;
        let form = if starts.is_near_change || ends.is_near_change || starts.offset != ends.offset {
            "%a %Y-%m-%d %H:%M %:z"
        } else {
            "%a %Y-%m-%d %H:%M"
        };
        let stamp = |moment: Moment| moment.local().format(form).to_string();
        (stamp(starts), stamp(ends))
    }

    /// How long it is.
    pub(in crate::commands) fn length(&self) -> chrono::TimeDelta {
        self.ends.1.at - self.ends.0.at
    }

    /// The object that programs read.
    pub(in crate::commands) fn object(&self, asked: &[&Contact]) -> Value {
        let contacts: Vec<Value> = asked
            .iter()
            .map(|contact| json!({ "id": contact.id, "name": contact.name }))
            .collect();
        json!({
            "from": self.ends.0.local(),
            "until": self.ends.1.local(),
            "now": self.is_now,
            "source": self.source,
            "contacts": contacts,
        })
    }
}

impl Moment {
    /// The time on the organization's clock; in UTC where that is off by what no clock can be.
    pub(in crate::commands) fn local(self) -> DateTime<FixedOffset> {
        FixedOffset::east_opt(self.offset).map_or_else(
            || self.at.fixed_offset(),
            |zone| self.at.with_timezone(&zone),
        )
    }
}
