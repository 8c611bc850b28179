//! Who is on call now.

use uuid::Uuid;

use crate::{
    db::{OrgTx, Sql},
    domain::{phone::Phone, urgency::Urgency},
    error::Result,
    sql,
};

const QUERY: Sql = sql!("on_call_contact", [UUID, TEXT]);

/// Why this contact was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The contact is on call at this hour.
    OnCall,
    /// Nobody is on call at this hour; this is the primary contact.
    PrimaryContact,
    /// There is no contact at all; this is the organization's emergency number.
    OrganizationPhone,
}

impl Source {
    /// The name under which it is recorded.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OnCall => "on_call",
            Self::PrimaryContact => "primary_contact",
            Self::OrganizationPhone => "organization_phone",
        }
    }
}

/// A person, or a number, that takes emergencies now.
#[derive(Clone, Debug)]
pub struct Contact {
    /// The contact's id; `None` for the organization's own emergency number.
    pub id: Option<Uuid>,
    /// The contact's name; `None` for the organization's own emergency number.
    pub name: Option<String>,
    /// Where they are reached.
    pub phone: Phone,
    /// Whether they take calls.
    pub takes_calls: bool,
    /// Why they were chosen.
    pub source: Source,
}

/// Finds who takes an emergency of this urgency now; `None` when the organization has nobody and no number.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    transaction: &OrgTx,
    organization_id: Uuid,
    urgency: Urgency,
) -> Result<Option<Contact>> {
    let rows = transaction
        .query(&QUERY, &[&organization_id, &urgency.code()])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let phone: Option<String> = row.try_get("phone").map_err(QUERY.shape())?;
    // A number that cannot be dialled is no contact; the coverage report is where the operator learns of it.
    let Some(phone) = phone.and_then(|text| Phone::parse(&text).ok()) else {
        return Ok(None);
    };
    let source: Option<String> = row.try_get("source").map_err(QUERY.shape())?;
    let takes_calls: Option<bool> = row.try_get("call_enabled").map_err(QUERY.shape())?;
    Ok(Some(Contact {
        id: row.try_get("id").map_err(QUERY.shape())?,
        name: row.try_get("name").map_err(QUERY.shape())?,
        phone,
        takes_calls: takes_calls.unwrap_or(true),
        source: match source.as_deref() {
            Some("primary_contact") => Source::PrimaryContact,
            Some("organization_phone") => Source::OrganizationPhone,
            _ => Source::OnCall,
        },
    }))
}
