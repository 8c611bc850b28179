//! What came of an attempt, written down.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    db::OrgTx,
    error::Result,
    oncall::fallback,
    outbox::{
        attempt::{self, Postponed},
        effect::{Effect, Kind},
        report::{self, Progress, Report, SETTLED},
    },
    twilio::state::ProviderState,
};

/// Twilio's code for a receiver who opted out (<https://www.twilio.com/docs/api/errors/21610>).
pub(super) const OPTED_OUT: &str = "21610";

/// The provider has it, under `sid` if it said so.
pub(super) async fn accepted(
    transaction: &OrgTx,
    effect: &Effect,
    attempt: Option<Uuid>,
    sid: Option<&str>,
    state: &ProviderState,
    ask_again_at: DateTime<Utc>,
) -> Result<()> {
    let heard = state.report(attempt, sid, Some(ask_again_at));
    // An answer in a state that nobody knows is an answer all the same: the provider has it.
    let heard = Report {
        rank: heard.rank.or(Some(0)),
        ..heard
    };
    report::record(transaction, effect.organization_id, effect.id, &heard).await?;
    Ok(())
}

/// It is done, and nobody will tell more.
pub(super) async fn done(
    transaction: &OrgTx,
    effect: &Effect,
    attempt: Option<Uuid>,
    status: &str,
) -> Result<()> {
    let heard = Report {
        attempt,
        sid: None,
        status,
        rank: Some(SETTLED),
        // A mail server that took a mail has promised no more than that.
        progress: match effect.kind {
            Kind::Email => Progress::Sent,
            _ => Progress::Delivered,
        },
        is_final: true,
        code: None,
        ask_again_at: None,
    };
    report::record(transaction, effect.organization_id, effect.id, &heard).await?;
    Ok(())
}

/// It will not be done.
pub(super) async fn fail(
    transaction: &OrgTx,
    effect: &Effect,
    attempt: Option<Uuid>,
    code: &str,
) -> Result<()> {
    let heard = Report {
        attempt,
        sid: None,
        status: "failed",
        rank: Some(SETTLED),
        progress: Progress::Failed,
        is_final: true,
        code: Some(code),
        ask_again_at: None,
    };
    report::record(transaction, effect.organization_id, effect.id, &heard).await?;
    metrics::counter!("frontdesk_effects_failed_total", "kind" => effect.kind.code()).increment(1);
    Ok(())
}

/// It is tried again after `pause`, or given up without one. The fallback number is told of an emergency that has waited for a minute.
pub(super) async fn again(
    transaction: &OrgTx,
    effect: &Effect,
    attempt: Option<Uuid>,
    why: Postponed,
    code: &str,
    pause: Option<Duration>,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(pause) = pause else {
        return fail(transaction, effect, attempt, code).await;
    };
    attempt::postpone(transaction, effect, attempt, why, Some(code), now + pause).await?;
    match effect.incident_id {
        Some(incident) if effect.is_page() => {
            fallback::raise(transaction, effect.organization_id, incident, now).await
        }
        _ => Ok(()),
    }
}
