//! Attempts: each is stored before its request is sent, and ended by its outcome.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::job::{Job, State};
use crate::{
    db::{OrgTx, Params, Sql},
    error::Result,
    sql,
};

const BEGIN: Sql = sql!("begin_attempt", [UUID, UUID, UUID, INT4, BOOL, UUID, TEXT]);
const EXTEND: Sql = sql!("extend_claim", [UUID, UUID, INT4]);
const POSTPONE: Sql = sql!(
    "postpone_job",
    [UUID, UUID, TEXT, TIMESTAMPTZ, UUID, TEXT, TEXT]
);
const CANCEL: Sql = sql!("cancel_job", [UUID, UUID, TEXT]);

/// How long a worker's claim of a job lasts: longer than any request to a provider may take. Nothing else waits exactly as long, so that
/// a row tells whether its job is claimed.
pub const LEASE: Duration = Duration::from_secs(21);

/// An attempt that is stored, so that its request may be sent.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Its id, which the URLs of its callbacks name: a callback shows that it went through.
    pub id: Uuid,
    /// Whether an earlier one may have gone through, so that this one may arrive twice.
    pub may_repeat: bool,
}

/// Why a job is postponed.
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

/// Stores an attempt under an id of its own, for a message of `sms_id` if the job is one, from `our_number`.
///
/// # Errors
///
/// When the database fails; nothing may be sent then.
pub async fn begin(
    transaction: &OrgTx,
    job: &Job,
    id: Uuid,
    sms_id: Option<Uuid>,
    our_number: Option<&str>,
) -> Result<Attempt> {
    let may_repeat = job.may_repeat;
    let params: Params<'_> = &[
        &job.organization_id,
        &job.id,
        &id,
        &milliseconds(LEASE),
        &may_repeat,
        &sms_id,
        &our_number,
    ];
    transaction.query(&BEGIN, params).await?;
    Ok(Attempt { id, may_repeat })
}

/// Extends the claim of a job while it is reconciled with the provider.
///
/// # Errors
///
/// When the database fails.
pub async fn extend(transaction: &OrgTx, job: &Job) -> Result<()> {
    let params: Params<'_> = &[&job.organization_id, &job.id, &milliseconds(LEASE)];
    transaction.query(&EXTEND, params).await.map(drop)
}

/// Postpones a job until `until`.
///
/// # Errors
///
/// When the database fails; the attempt then ends when its lease does.
pub async fn postpone(
    transaction: &OrgTx,
    job: &Job,
    attempt: Option<Uuid>,
    why: Postponed,
    code: Option<&str>,
    until: DateTime<Utc>,
) -> Result<()> {
    let state = match why {
        Postponed::Unknown => "unknown",
        _ => "pending",
    };
    let params: Params<'_> = &[
        &job.organization_id,
        &job.id,
        &state,
        &until,
        &attempt,
        &why.outcome(),
        &code,
    ];
    transaction.query(&POSTPONE, params).await.map(drop)
}

/// Cancels a job that was not sent and must not be.
///
/// # Errors
///
/// When the database fails.
pub async fn cancel(transaction: &OrgTx, job: &Job, why: &str) -> Result<()> {
    let params: Params<'_> = &[&job.organization_id, &job.id, &why];
    transaction.query(&CANCEL, params).await.map(drop)
}

impl Postponed {
    /// The outcome as the attempt stores it.
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

impl Job {
    /// Whether an attempt of unknown outcome may have gone through.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self.state, State::Sending | State::Unknown)
    }
}

fn milliseconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}
