//! Stores the outcome of an attempt: accepted, complete, failed, or to be retried.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::OrgTx,
    error::Result,
    escalation::fallback,
    jobs::{
        attempt::{self, Postponed},
        delivery_report::{self, FINAL_RANK, Progress, Report},
        job::{Job, Kind},
    },
    twilio::delivery_status::ProviderState,
};

/// Twilio's code for a receiver who opted out (<https://www.twilio.com/docs/api/errors/21610>).
pub(super) const OPTED_OUT: &str = "21610";

/// The provider accepted it, under `sid` if it named one.
pub(super) async fn accepted(
    transaction: &OrgTx,
    job: &Job,
    attempt: Option<Uuid>,
    sid: Option<&str>,
    state: &ProviderState,
    check_again_at: DateTime<Utc>,
) -> Result<()> {
    let mut report = state.report(attempt, sid, Some(check_again_at));
    // An unknown status is an answer all the same: the provider accepted it.
    report.rank = report.rank.or(Some(0));
    delivery_report::record(transaction, job.organization_id, job.id, &report).await?;
    Ok(())
}

/// It is done, and no report follows.
pub(super) async fn done(
    transaction: &OrgTx,
    job: &Job,
    attempt: Option<Uuid>,
    status: &str,
) -> Result<()> {
    // A mail server that accepted a mail has promised no more than that.
    let progress = match job.kind {
        Kind::Email => Progress::Sent,
        _ => Progress::Delivered,
    };
    end(transaction, job, attempt, (status, progress), None).await
}

/// It is failed for good.
pub(super) async fn fail(
    transaction: &OrgTx,
    job: &Job,
    attempt: Option<Uuid>,
    code: &str,
) -> Result<()> {
    let to = ("failed", Progress::Failed);
    end(transaction, job, attempt, to, Some(code)).await?;
    metrics::counter!("frontdesk_jobs_failed_total", "kind" => job.kind.code()).increment(1);
    Ok(())
}

async fn end(
    transaction: &OrgTx,
    job: &Job,
    attempt: Option<Uuid>,
    (status, progress): (&str, Progress),
    code: Option<&str>,
) -> Result<()> {
    let report = Report {
        attempt,
        sid: None,
        status,
        rank: Some(FINAL_RANK),
        progress,
        is_final: true,
        code,
        check_again_at: None,
    };
    delivery_report::record(transaction, job.organization_id, job.id, &report).await?;
    Ok(())
}

/// It is retried after `pause`, or failed without one. The fallback number is paged for an incident that has waited for a minute.
pub(super) async fn again(
    transaction: &OrgTx,
    job: &Job,
    attempt: Option<Uuid>,
    why: Postponed,
    code: &str,
    pause: Option<Duration>,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(pause) = pause else {
        return fail(transaction, job, attempt, code).await;
    };
    attempt::postpone(transaction, job, attempt, why, Some(code), now + pause).await?;
    match job.incident_id {
        Some(incident) if job.is_page() => {
            fallback::raise(transaction, job.organization_id, incident, now).await
        }
        _ => Ok(()),
    }
}
