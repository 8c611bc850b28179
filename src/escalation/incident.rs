//! An incident: opened by a call, escalated to one contact after the other, acknowledged by one of them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio_postgres::Row;
use uuid::Uuid;

use super::words::Facts;
use crate::{
    calls::Call,
    db::{OrgTx, Params, Sql},
    domain::{language::Language, name, phone::Phone, urgency::Urgency},
    error::Result,
    sql,
};

const READ: Sql = sql!("incident", [UUID, UUID]);
const OF_CALL: Sql = sql!("incident_of_call", [UUID, TEXT, TEXT]);

/// What a caller reports.
#[derive(Clone)]
pub struct Report {
    /// What happened, in the caller's words.
    pub words: String,
    /// How bad it is.
    pub urgency: Urgency,
    /// Where.
    pub address: Option<String>,
    /// Where to call back.
    pub callback: Option<Phone>,
    /// The caller's language.
    pub language: Language,
    /// Where the call takes commands, if it does.
    pub control_url: Option<String>,
}

impl Report {
    /// With the number that the caller wants to be called back on, else their own. Words that are no number are kept with the
    /// others: whoever is paged may make something of them.
    #[must_use]
    pub fn with_callback(mut self, given: Option<&str>, caller: Option<&Phone>) -> Self {
        let number = given.and_then(|text| Phone::parse(text).ok());
        if let (Some(given), None) = (given, &number) {
            self.words = format!("{} (tel. {given})", self.words);
        }
        self.callback = number.or_else(|| caller.cloned());
        self
    }

    /// What it adds to one that is under way, for whoever acknowledged that: the words, and the address as far as it was given.
    #[must_use]
    pub fn added(&self) -> String {
        match &self.address {
            Some(address) if !self.words.contains(address.as_str()) => {
                format!("{}. {address}", self.words.trim_end_matches('.'))
            }
            _ => self.words.clone(),
        }
    }
}

/// How far an incident has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Contacts are being paged.
    Open,
    /// Everybody was paged, and nobody acknowledged it.
    Exhausted,
    /// Somebody acknowledged it.
    Acknowledged,
    /// The work is done.
    Closed,
}

/// An incident.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Its id.
    pub id: Uuid,
    /// By what it is named in a text message.
    pub code: i16,
    /// How far it has come.
    pub status: Status,
    /// Whose it is, as it may be spoken.
    pub organization_name: String,
    /// The organization's zone.
    pub zone: Tz,
    /// What happened.
    pub message: String,
    /// Where.
    pub address: Option<String>,
    /// Where to call back.
    pub callback: Option<String>,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who, if they have a name.
    pub acknowledged_name: Option<String>,
    /// Who, by their number.
    pub acknowledged_phone: Option<String>,
    /// Who, by their step.
    pub acknowledged_step: Option<i16>,
}

/// An incident that a contact was paged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Whose it is.
    pub organization_id: Uuid,
    /// The incident.
    pub incident_id: Uuid,
    /// By what it is named.
    pub code: i16,
    /// How far it has come.
    pub status: Status,
    /// Whether it is the contact who was paged who has acknowledged it, as far as that was asked.
    pub is_theirs: bool,
    /// Whether they are paged for it now, as far as that was asked.
    pub is_asked: bool,
}

/// Who is being paged at this moment.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Whom, if they have a name.
    pub name: Option<String>,
    /// Whether somebody else is paged after them.
    pub has_next: bool,
    /// Whether anybody could be paged at all.
    pub was_tried: bool,
    /// Whether pages were attempted, and no provider has accepted any yet.
    pub is_delayed: bool,
}

impl Incident {
    /// What its pages say.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            code: self.code,
            organization: &self.organization_name,
            message: &self.message,
            address: self.address.as_deref(),
            callback: self.callback.as_deref(),
            acknowledged_at: None,
        }
    }

    /// The one in a row of `incident.sql` or `lock_incident.sql`.
    pub(super) fn of_row(id: Uuid, row: &Row) -> Result<Self, tokio_postgres::Error> {
        let (status, zone): (&str, &str) = (row.try_get("status")?, row.try_get("timezone")?);
        let acknowledged_name: Option<&str> = row.try_get("acknowledged_name")?;
        Ok(Self {
            id,
            code: row.try_get("code")?,
            status: Status::parse(status),
            organization_name: row.try_get("organization_name")?,
            zone: zone.parse().unwrap_or(Tz::UTC),
            message: row.try_get("message")?,
            address: row.try_get("service_address")?,
            callback: row.try_get("callback_number")?,
            acknowledged_at: row.try_get("acknowledged_at")?,
            acknowledged_name: acknowledged_name.and_then(name::name),
            acknowledged_phone: row.try_get("acknowledged_phone")?,
            acknowledged_step: row.try_get("acknowledged_step")?,
        })
    }
}

impl Page {
    /// The one in a row of `answerable_pages.sql`, `page_of_attempt.sql` or `page_of_link.sql`.
    pub(super) fn of_row(statement: &Sql, row: &Row, organization_id: Uuid) -> Result<Self> {
        let status: &str = statement.get(row, "status")?;
        Ok(Self {
            organization_id,
            incident_id: statement.get(row, "incident_id")?,
            code: statement.get(row, "code")?,
            status: Status::parse(status),
            is_theirs: false,
            is_asked: false,
        })
    }

    /// Whether nobody has acknowledged the incident.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Open | Status::Exhausted)
    }
}

impl Paging {
    fn of_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let name: Option<&str> = row.try_get("paged_name")?;
        Ok(Self {
            name: name.and_then(name::name),
            has_next: row.try_get("has_next")?,
            was_tried: row.try_get("was_paged")?,
            is_delayed: row.try_get("is_delayed")?,
        })
    }
}

impl Status {
    /// Reads the name under which it is stored.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "open" => Self::Open,
            "exhausted" => Self::Exhausted,
            "acknowledged" => Self::Acknowledged,
            _ => Self::Closed,
        }
    }

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Exhausted => "exhausted",
            Self::Acknowledged => "acknowledged",
            Self::Closed => "closed",
        }
    }
}

/// Reads an incident.
///
/// # Errors
///
/// When the database fails.
pub async fn read(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Option<Incident>> {
    let rows = transaction
        .query(&READ, &[&organization_id, &incident_id])
        .await?;
    let incident = rows.first().map(|row| Incident::of_row(incident_id, row));
    incident.transpose().map_err(READ.shape())
}

/// Reads an incident, and who is being paged for it.
///
/// # Errors
///
/// When the database fails.
pub async fn read_with_paging(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Option<(Incident, Paging)>> {
    let rows = transaction
        .query(&READ, &[&organization_id, &incident_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let incident = Incident::of_row(incident_id, row).map_err(READ.shape())?;
    let paging = Paging::of_row(row).map_err(READ.shape())?;
    Ok(Some((incident, paging)))
}

/// Finds the incident that a call is about: one that was reported in it, else the caller's last one within a day.
///
/// # Errors
///
/// When the database fails.
pub async fn of_call(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
) -> Result<Option<Uuid>> {
    let caller = call.caller.as_ref().map(Phone::as_str);
    let params: Params<'_> = &[&organization_id, &call.vapi_call_id, &caller];
    let rows = transaction.query(&OF_CALL, params).await?;
    let id = rows.first().map(|row| row.try_get("id"));
    id.transpose().map_err(OF_CALL.shape())
}
