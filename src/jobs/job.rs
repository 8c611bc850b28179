//! One job, as the worker that claimed it sees it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio_postgres::Row;
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
    /// A word to the agent of a live call.
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
        Some(match name {
            "sms" => Self::Sms,
            "voice" => Self::Voice,
            "hang_up" => Self::HangUp,
            "email" => Self::Email,
            "say" => Self::Say,
            "fallback" => Self::Fallback,
            _ => return None,
        })
    }
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be sent.
    Pending,
    /// An attempt was begun, and its process is gone, or it would have ended.
    Sending,
    /// An attempt ended without an answer.
    Unknown,
    /// The provider has it; nothing was heard of it for a while.
    Accepted,
}

/// An attempt that was begun earlier.
#[derive(Clone, Copy, Debug)]
pub struct Earlier {
    /// Its id, which the addresses of its callbacks carry.
    pub id: Uuid,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
}

/// A job that is due and held by this transaction.
#[derive(Debug)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub organization_id: Uuid,
    /// What it is.
    pub kind: Kind,
    /// 0 for what goes before everything else.
    pub priority: i16,
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
    /// The emergency that it is about.
    pub incident_id: Option<Uuid>,
    /// The state of that emergency.
    pub incident_status: Option<String>,
    /// Whom it is for.
    pub to: Option<Phone>,
    /// What is dialled once they have answered.
    pub extension: Option<String>,
    /// What the message says.
    pub body: Option<String>,
    /// From which of our numbers the last attempt was sent.
    pub our_number: Option<String>,
    /// The last attempt.
    pub earlier: Option<Earlier>,
    /// Whether an attempt may have gone through unseen, so that another one may arrive as a repeat.
    pub may_repeat: bool,
}

impl Job {
    /// Whether it pages somebody for an emergency.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.notification_id.is_some() && self.kind != Kind::HangUp
    }

    /// Whether an emergency waits for it, so that it is tried again within seconds and until it expires.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.is_page() || self.kind == Kind::Fallback
    }
}

/// Takes a job that is due; `None` when it is not, or another worker has it.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(transaction: &OrgTx, organization_id: Uuid, id: Uuid) -> Result<Option<Job>> {
    let rows = transaction.query(&CLAIM, &[&organization_id, &id]).await?;
    rows.first()
        .map(|row| read(row, organization_id, id))
        .transpose()
}

fn read(row: &Row, organization_id: Uuid, id: Uuid) -> Result<Job> {
    let kind: &str = row.try_get("kind").map_err(CLAIM.shape())?;
    let state: &str = row.try_get("state").map_err(CLAIM.shape())?;
    let phone: Option<&str> = row.try_get("phone_number").map_err(CLAIM.shape())?;
    let attempt: Option<Uuid> = row.try_get("attempt_id").map_err(CLAIM.shape())?;
    let started_at: Option<DateTime<Utc>> = row.try_get("started_at").map_err(CLAIM.shape())?;
    Ok(Job {
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
        priority: row.try_get("priority").map_err(CLAIM.shape())?,
        payload: row.try_get("payload").map_err(CLAIM.shape())?,
        attempts: row.try_get("attempts").map_err(CLAIM.shape())?,
        due_at: row.try_get("due_at").map_err(CLAIM.shape())?,
        expires_at: row.try_get("expires_at").map_err(CLAIM.shape())?,
        provider_sid: row.try_get("provider_sid").map_err(CLAIM.shape())?,
        sms_id: row.try_get("sms_id").map_err(CLAIM.shape())?,
        notification_id: row.try_get("notification_id").map_err(CLAIM.shape())?,
        appointment_id: row.try_get("appointment_id").map_err(CLAIM.shape())?,
        incident_id: row.try_get("incident_id").map_err(CLAIM.shape())?,
        incident_status: row.try_get("incident_status").map_err(CLAIM.shape())?,
        to: phone.and_then(|text| Phone::parse(text).ok()),
        extension: row.try_get("extension").map_err(CLAIM.shape())?,
        body: row.try_get("message_content").map_err(CLAIM.shape())?,
        our_number: row.try_get("our_number").map_err(CLAIM.shape())?,
        earlier: attempt
            .zip(started_at)
            .map(|(id, started_at)| Earlier { id, started_at }),
        may_repeat: row.try_get("may_repeat").map_err(CLAIM.shape())?,
    })
}
