//! An emergency of a call: marked on the call and its visits, and written down for the contact on call.

use uuid::Uuid;

use super::contact::Contact;
use crate::{
    calls::Call,
    db::{OrgTx, Sql},
    domain::urgency::Urgency,
    error::{Error, Result},
    sql,
};

const MARK: Sql = sql!("mark_emergency", [UUID, TEXT, TEXT, TEXT, INT2]);
const NOTIFY: Sql = sql!(
    "notify_contact",
    [UUID, TEXT, UUID, TEXT, TEXT, TEXT, TEXT, TEXT]
);

/// Under what an emergency is recorded for which there was no contact and no number.
const NOBODY: &str = "nobody";

/// What is known of an emergency.
#[derive(Clone, Debug)]
pub struct Emergency {
    /// What happened, in the caller's words, with the address and the number to call back where they are known.
    pub message: String,
    /// How bad it is.
    pub urgency: Urgency,
}

/// Marks the call and every visit booked in it.
///
/// # Errors
///
/// [`Error::ForeignCall`] when the call is recorded under another organization; otherwise when the database fails.
pub async fn mark(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    urgency: Urgency,
) -> Result<()> {
    let Some(vapi_call_id) = &call.vapi_call_id else {
        return Ok(());
    };
    let rows = transaction
        .query(
            &MARK,
            &[
                &organization_id,
                vapi_call_id,
                &call.vapi_assistant_id,
                &call.recorded_number(),
                &urgency.score_hundredths(),
            ],
        )
        .await?;
    if rows.is_empty() {
        return Err(Error::ForeignCall);
    }
    Ok(())
}

/// Where an emergency stands written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Whether the words were added to an emergency that this call had written down before.
    pub added: bool,
    /// For whom it is written down, which for an earlier one need not be who is on call now.
    pub recipient: Recipient,
}

/// Who an emergency is written down for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// A contact, by name.
    Contact(String),
    /// The organization's emergency number.
    EmergencyLine,
    /// Nobody could be found.
    Nobody,
}

/// Writes the emergency down for a contact, or adds to what this call has already written.
///
/// An emergency that nobody can be told of is written down too, as failed, so that the staff finds it.
///
/// # Errors
///
/// When the database fails.
pub async fn notify(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    contact: Option<&Contact>,
    emergency: &Emergency,
) -> Result<Written> {
    let status = if contact.is_some() {
        "pending"
    } else {
        "failed"
    };
    let rows = transaction
        .query(
            &NOTIFY,
            &[
                &organization_id,
                &call.vapi_call_id,
                &contact.and_then(|contact| contact.id),
                &emergency.urgency.code(),
                &emergency.message,
                &contact.map_or(NOBODY, |contact| contact.source.code()),
                &contact.map(|contact| contact.phone.as_str()),
                &status,
            ],
        )
        .await?;
    let row = rows
        .first()
        .ok_or_else(|| NOTIFY.shape()("the statement returned no row"))?;
    let name: Option<String> = row.try_get("name").map_err(NOTIFY.shape())?;
    let source: Option<&str> = row.try_get("source").map_err(NOTIFY.shape())?;
    Ok(Written {
        added: row.try_get("added").map_err(NOTIFY.shape())?,
        recipient: match (name, source) {
            (Some(name), _) => Recipient::Contact(name),
            (None, Some(NOBODY)) => Recipient::Nobody,
            (None, _) => Recipient::EmergencyLine,
        },
    })
}
