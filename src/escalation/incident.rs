//! An incident: opened by a call, escalated to one contact after the other, acknowledged by one of them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio_postgres::Row;
use uuid::Uuid;

use super::words::Facts;
use crate::{
    calls::Call,
    db::{OrgTx, Sql},
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
}

/// How far an emergency has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Contacts are being told.
    Open,
    /// Everybody was told, and nobody took it.
    Exhausted,
    /// Somebody has it.
    Acknowledged,
    /// The work is done.
    Closed,
}

/// An emergency, for those who were paged for it and for the caller.
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
    /// When somebody took it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who, if they have a name.
    pub acknowledged_name: Option<String>,
    /// Who, by their number.
    pub acknowledged_phone: Option<String>,
    /// Who, by their place in the chain.
    pub acknowledged_step: Option<i16>,
    /// Who is being told at this moment, if they have a name.
    pub paged_name: Option<String>,
    /// Whether somebody else is told after them.
    pub has_next: bool,
    /// Whether anybody could be told at all.
    pub was_paged: bool,
    /// Whether pages were tried, and no provider has taken any yet.
    pub is_delayed: bool,
}

impl Incident {
    /// What contacts are told of it.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            code: self.code,
            organization: &self.organization_name,
            message: &self.message,
            address: self.address.as_deref(),
            callback: self.callback.as_deref(),
            taken_at: None,
        }
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

/// Reads an emergency.
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
    rows.first().map(from_row).transpose()
}

/// Finds the emergency that a call is about: one that was reported in it, else the caller's last one within a day.
///
/// # Errors
///
/// When the database fails.
pub async fn of_call(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
) -> Result<Option<Incident>> {
    let rows = transaction
        .query(
            &OF_CALL,
            &[
                &organization_id,
                &call.vapi_call_id,
                &call.caller.as_ref().map(Phone::as_str),
            ],
        )
        .await?;
    match rows.first() {
        Some(row) => {
            let id = row.try_get("id").map_err(OF_CALL.shape())?;
            read(transaction, organization_id, id).await
        }
        None => Ok(None),
    }
}

fn from_row(row: &Row) -> Result<Incident> {
    let status: &str = row.try_get("status").map_err(READ.shape())?;
    let zone: &str = row.try_get("timezone").map_err(READ.shape())?;
    let acknowledged_name: Option<&str> = row.try_get("acknowledged_name").map_err(READ.shape())?;
    let paged_name: Option<&str> = row.try_get("paged_name").map_err(READ.shape())?;
    Ok(Incident {
        id: row.try_get("id").map_err(READ.shape())?,
        code: row.try_get("code").map_err(READ.shape())?,
        status: Status::parse(status),
        organization_name: row.try_get("organization_name").map_err(READ.shape())?,
        zone: zone.parse().unwrap_or(Tz::UTC),
        message: row.try_get("message").map_err(READ.shape())?,
        address: row.try_get("service_address").map_err(READ.shape())?,
        callback: row.try_get("callback_number").map_err(READ.shape())?,
        acknowledged_at: row.try_get("acknowledged_at").map_err(READ.shape())?,
        acknowledged_name: acknowledged_name.and_then(name::name),
        acknowledged_phone: row.try_get("acknowledged_phone").map_err(READ.shape())?,
        acknowledged_step: row.try_get("acknowledged_step").map_err(READ.shape())?,
        paged_name: paged_name.and_then(name::name),
        has_next: row.try_get("has_next").map_err(READ.shape())?,
        was_paged: row.try_get("was_paged").map_err(READ.shape())?,
        is_delayed: row.try_get("is_delayed").map_err(READ.shape())?,
    })
}
