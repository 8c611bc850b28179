//! One job, as the worker that claimed it sees it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const CLAIM: Sql = sql!("claim_job", [UUID, UUID]);

/// What a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A text message.
    Sms,
    /// A call that pages a contact.
    Voice,
    /// The end of a call that is no longer needed.
    HangUp,
    /// An e-mail.
    Email,
    /// A message to the agent of a live call.
    Say,
    /// A text and a call to the operator's fallback number.
    Fallback,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Sms,
        Self::Voice,
        Self::HangUp,
        Self::Email,
        Self::Say,
        Self::Fallback,
    ];

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::HangUp => "hang_up",
            Self::Email => "email",
            Self::Say => "say",
            Self::Fallback => "fallback",
        }
    }

    /// Reads the name under which it is stored.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == name)
    }
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be sent.
    Pending,
    /// An attempt was begun, and its process is gone, since it did not end.
    Sending,
    /// An attempt ended without an answer.
    Unknown,
    /// The provider has it; no delivery report came for a while.
    Accepted,
}

/// An attempt that was begun earlier.
#[derive(Clone, Copy, Debug)]
pub struct Earlier {
    /// Its id, which the URLs of its callbacks name.
    pub id: Uuid,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
}

/// A job that is due and claimed by this transaction.
#[derive(Debug)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: Uuid,
    /// What it is.
    pub kind: Kind,
    /// How far it has come.
    pub state: State,
    /// What its kind needs to know beside the message or page.
    pub payload: Value,
    /// How many attempts were begun.
    pub attempts: i16,
    /// Since when it is due.
    pub due_at: DateTime<Utc>,
    /// After this it is of no use any more.
    pub expires_at: Option<DateTime<Utc>>,
    /// The provider's id, once known.
    pub provider_sid: Option<String>,
    /// The message in `sms_communications`.
    pub sms_id: Option<Uuid>,
    /// The appointment that a message is about whose words are found when it is sent.
    pub appointment_id: Option<Uuid>,
    /// The page in `emergency_notifications`.
    pub notification_id: Option<Uuid>,
    /// The incident that it is about.
    pub incident_id: Option<Uuid>,
    /// The status of that incident.
    pub incident_status: Option<String>,
    /// Whom it is for.
    pub to: Option<Phone>,
    /// What is dialled once they have answered.
    pub extension: Option<String>,
    /// What the message says.
    pub body: Option<String>,
    /// The last attempt.
    pub earlier: Option<Earlier>,
    /// Whether an attempt may have gone through unseen, so that another one may arrive as a repeat.
    pub may_repeat: bool,
}

impl Job {
    /// Whether it pages somebody.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.notification_id.is_some() && self.kind != Kind::HangUp
    }

    /// Whether an incident waits for it, so that it is tried again within seconds and until it expires.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.is_page() || self.kind == Kind::Fallback
    }

    /// A text of its payload.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name).and_then(Value::as_str)
    }
}

/// Claims a job that is due; `None` when it is not, or another worker has it.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(transaction: &OrgTx, organization_id: Uuid, id: Uuid) -> Result<Option<Job>> {
    let rows = transaction.query(&CLAIM, &[&organization_id, &id]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let kind: &str = CLAIM.get(row, "kind")?;
    let state: &str = CLAIM.get(row, "state")?;
    let phone: Option<&str> = CLAIM.get(row, "phone_number")?;
    let attempt: Option<Uuid> = CLAIM.get(row, "attempt_id")?;
    let started_at: Option<DateTime<Utc>> = CLAIM.get(row, "started_at")?;
    Ok(Some(Job {
        id,
        organization_id,
        kind: Kind::parse(kind).ok_or_else(|| CLAIM.shape()("a job of an unknown kind"))?,
        state: match state {
            "pending" => State::Pending,
            "sending" => State::Sending,
            "unknown" => State::Unknown,
            "accepted" => State::Accepted,
            _ => return Err(CLAIM.shape()("a complete job is due")),
        },
        payload: CLAIM.get(row, "payload")?,
        attempts: CLAIM.get(row, "attempts")?,
        due_at: CLAIM.get(row, "due_at")?,
        expires_at: CLAIM.get(row, "expires_at")?,
        provider_sid: CLAIM.get(row, "provider_sid")?,
        sms_id: CLAIM.get(row, "sms_id")?,
        notification_id: CLAIM.get(row, "notification_id")?,
        appointment_id: CLAIM.get(row, "appointment_id")?,
        incident_id: CLAIM.get(row, "incident_id")?,
        incident_status: CLAIM.get(row, "incident_status")?,
        to: phone.and_then(|text| Phone::parse(text).ok()),
        extension: CLAIM.get(row, "extension")?,
        body: CLAIM.get(row, "message_content")?,
        earlier: attempt
            .zip(started_at)
            .map(|(id, started_at)| Earlier { id, started_at }),
        may_repeat: CLAIM.get(row, "may_repeat")?,
    }))
}
