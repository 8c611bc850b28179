//! Attempts: written down before they are made, and ended by what came of them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::effect::{Effect, State};
use crate::{
    db::{OrgTx, Sql},
    error::Result,
    sql,
};

const BEGIN: Sql = sql!("begin_attempt", [UUID, UUID, UUID, INT4, BOOL, UUID, TEXT]);
const HOLD: Sql = sql!("hold_effect", [UUID, UUID, INT4]);
const POSTPONE: Sql = sql!(
    "postpone_effect",
    [UUID, UUID, TEXT, TIMESTAMPTZ, UUID, TEXT, TEXT]
);
const DROP: Sql = sql!("drop_effect", [UUID, UUID, TEXT]);

/// How long an effect is held by the worker that carries it out: longer than every request of a provider's client may take.
pub const LEASE: Duration = Duration::from_secs(20);

/// An attempt that is written down and may now be made.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Its id: the addresses of its callbacks carry it, so that a callback proves that it went through.
    pub id: Uuid,
    /// Whether an earlier one may have gone through, so that this one may arrive twice.
    pub may_repeat: bool,
}

/// Why an effect is put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Postponed {
    /// The provider had no time, and did nothing.
    Busy,
    /// The provider could not be reached, and did nothing.
    Unreached,
    /// The provider refused our account or our number, and did nothing.
    Denied,
    /// No answer came; it may have been done.
    Unknown,
    /// It is not the hour for it.
    NotNow,
    /// An attempt without an answer was found not to have gone through.
    NotFound,
}

/// Writes an attempt down under an id of its own, for a message of `sms_id` if the effect is one, from `our_number`.
///
/// # Errors
///
/// When the database fails; nothing may be sent then.
pub async fn begin(
    transaction: &OrgTx,
    effect: &Effect,
    id: Uuid,
    sms_id: Option<Uuid>,
    our_number: Option<&str>,
) -> Result<Attempt> {
    let attempt = Attempt {
        id,
        may_repeat: effect.may_repeat,
    };
    transaction
        .query(
            &BEGIN,
            &[
                &effect.organization_id,
                &effect.id,
                &attempt.id,
                &milliseconds(LEASE),
                &attempt.may_repeat,
                &sms_id,
                &our_number,
            ],
        )
        .await?;
    Ok(attempt)
}

/// Holds an effect while the provider is asked about it.
///
/// # Errors
///
/// When the database fails.
pub async fn hold(transaction: &OrgTx, effect: &Effect) -> Result<()> {
    transaction
        .query(
            &HOLD,
            &[&effect.organization_id, &effect.id, &milliseconds(LEASE)],
        )
        .await?;
    Ok(())
}

/// Puts an effect off until `until`.
///
/// # Errors
///
/// When the database fails; the attempt then ends when its lease does.
pub async fn postpone(
    transaction: &OrgTx,
    effect: &Effect,
    attempt: Option<Uuid>,
    why: Postponed,
    code: Option<&str>,
    until: DateTime<Utc>,
) -> Result<()> {
    let state = match why {
        Postponed::Unknown => "unknown",
        _ => "pending",
    };
    transaction
        .query(
            &POSTPONE,
            &[
                &effect.organization_id,
                &effect.id,
                &state,
                &until,
                &attempt,
                &why.outcome(),
                &code,
            ],
        )
        .await?;
    Ok(())
}

/// Gives an effect up that was not sent and must not be.
///
/// # Errors
///
/// When the database fails.
pub async fn drop_unsent(transaction: &OrgTx, effect: &Effect, why: &str) -> Result<()> {
    transaction
        .query(&DROP, &[&effect.organization_id, &effect.id, &why])
        .await?;
    Ok(())
}

impl Postponed {
    /// What is written down of the attempt.
    fn outcome(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Unreached => "unreached",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
            Self::NotNow => "put_off",
            Self::NotFound => "not_found",
        }
    }
}

impl Effect {
    /// Whether an attempt may have gone through of which nothing is known.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self.state, State::Sending | State::Unknown)
    }
}

fn milliseconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
