//! What contacts and callers are told beside the pages of an incident: that somebody acknowledged it, that nobody did, what the caller adds.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    claim::Claimed,
    incident::{self, Status},
    steps::{self, Step},
    words,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{language::Language, phone::Phone},
    error::Result,
    sql,
};

const CALLS: Sql = sql!("incident_calls", [UUID, UUID]);
const RINGING: Sql = sql!("ringing_pages", [UUID, UUID, TEXT]);
const QUEUE: Sql = sql!("enqueue_job", [UUID, TEXT, JSONB, UUID, TEXT, TIMESTAMPTZ]);
const QUEUE_SMS: Sql = sql!(
    "queue_sms",
    [UUID, TEXT, TEXT, TEXT, TEXT, TEXT, INT2, TIMESTAMPTZ]
);

/// How long a text is of use: later its reader knows.
const TEXT_FOR: TimeDelta = TimeDelta::minutes(10);

/// How long something may still be said to the agent of a call: longer calls are rare, and an ended one takes no commands.
const SAY_FOR: TimeDelta = TimeDelta::minutes(5);

/// Passes on what a caller adds to an incident that somebody acknowledged.
///
/// # Errors
///
/// When the database fails.
pub async fn pass_on(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    added: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(incident) = incident::read(transaction, organization_id, incident_id).await? else {
        return Ok(());
    };
    let (Status::Acknowledged, Some(phone)) = (incident.status, &incident.acknowledged_phone)
    else {
        return Ok(());
    };
    let steps = steps::read(transaction, organization_id, incident_id).await?;
    let language = steps
        .iter()
        .find(|step| step.phone.as_ref().map(Phone::as_str) == Some(phone))
        .map_or(Language::English, |step| step.language);
    let digest = hex::encode(Sha256::digest(added.as_bytes()));
    let key = format!("added:{incident_id}:{digest}");
    transaction
        .query(
            &QUEUE_SMS,
            &[
                &organization_id,
                phone,
                &words::added(incident.code, added, language),
                &language.code(),
                &"emergency_update",
                &key,
                &0_i16,
                &(now + TEXT_FOR),
            ],
        )
        .await?;
    Ok(())
}

/// Has the agents of the calls in which an incident was reported say something, once for a `key`.
///
/// # Errors
///
/// When the database fails.
pub(super) async fn tell_agents(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    key: &str,
    now: DateTime<Utc>,
    words: impl Fn(Language) -> String,
) -> Result<()> {
    let calls = transaction
        .query(&CALLS, &[&organization_id, &incident_id])
        .await?;
    tell_calls(transaction, organization_id, &calls, key, now, words).await
}

/// The same where the calls are known.
async fn tell_calls(
    transaction: &OrgTx,
    organization_id: Uuid,
    calls: &[Row],
    key: &str,
    now: DateTime<Utc>,
    words: impl Fn(Language) -> String,
) -> Result<()> {
    for row in calls {
        let call: &str = CALLS.get(row, "vapi_call_id")?;
        let url: &str = CALLS.get(row, "control_url")?;
        let language = Language::stored(CALLS.get(row, "language_code")?);
        let payload = json!({ "control_url": url, "words": words(language) });
        let (job, key) = (("say", &payload), format!("say:{key}:{call}"));
        queue(transaction, organization_id, job, None, &key, now).await?;
    }
    Ok(())
}

/// Queues a job that is of use as long as a call may last.
async fn queue(
    transaction: &OrgTx,
    organization_id: Uuid,
    (kind, payload): (&str, &Value),
    page: Option<Uuid>,
    key: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let expires = now + SAY_FOR;
    let params: Params<'_> = &[&organization_id, &kind, payload, &page, &key, &expires];
    transaction.query(&QUEUE, params).await.map(drop)
}

/// What is announced of an incident, under its lock.
pub(super) struct Announcement<'a> {
    pub transaction: &'a OrgTx,
    pub claimed: &'a Claimed,
    pub steps: &'a [Step],
    pub now: DateTime<Utc>,
}

impl Announcement<'_> {
    /// Tells those who were paged, and the caller, that somebody acknowledged it or that it is closed; calls that still ring are ended.
    pub async fn is_over(&self) -> Result<()> {
        let incident = &self.claimed.incident;
        let acknowledged_by = incident.acknowledged_phone.as_deref();
        let is_closed = incident.status == Status::Closed;
        self.end_calls(acknowledged_by).await?;
        for step in self.steps {
            let Some(phone) = &step.phone else { continue };
            let has_it = !is_closed && acknowledged_by == Some(phone.as_str());
            if !step.was_texted || has_it {
                continue;
            }
            let text = words::stand_down(
                incident.code,
                &incident.organization_name,
                incident.acknowledged_name.as_deref(),
                is_closed,
                step.language,
            );
            self.text(phone, &text, step, incident.acknowledged_at)
                .await?;
        }
        if !is_closed {
            let key = format!("accepted:{}:{:?}", incident.id, incident.acknowledged_at);
            let (transaction, organization) = (self.transaction, self.claimed.organization_id);
            let name = incident.acknowledged_name.as_deref();
            let words = |language| words::accepted_for_agent(name, language);
            tell_agents(
                transaction,
                organization,
                incident.id,
                &key,
                self.now,
                words,
            )
            .await?;
        }
        Ok(())
    }

    /// Tells the caller in the `calls` that nobody acknowledged it.
    pub async fn is_exhausted(&self, calls: &[Row]) -> Result<()> {
        let key = format!("exhausted:{}", self.claimed.incident.id);
        let (transaction, organization) = (self.transaction, self.claimed.organization_id);
        let words = |language| words::exhausted_for_agent(language).to_owned();
        tell_calls(transaction, organization, calls, &key, self.now, words).await
    }

    async fn end_calls(&self, but: Option<&str>) -> Result<()> {
        let (transaction, organization) = (self.transaction, self.claimed.organization_id);
        let params: Params<'_> = &[&organization, &self.claimed.incident.id, &but];
        for row in &transaction.query(&RINGING, params).await? {
            let call: Uuid = RINGING.get(row, "id")?;
            let page = Some(RINGING.get(row, "notification_id")?);
            let payload = json!({ "effect_id": call });
            let (job, key) = (("hang_up", &payload), format!("hang_up:{call}"));
            queue(transaction, organization, job, page, &key, self.now).await?;
        }
        Ok(())
    }

    async fn text(
        &self,
        phone: &Phone,
        text: &str,
        step: &Step,
        at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let claimed = self.claimed;
        let key = format!("stand_down:{}:{}:{at:?}", claimed.incident.id, step.number);
        self.transaction
            .query(
                &QUEUE_SMS,
                &[
                    &claimed.organization_id,
                    &phone.as_str(),
                    &text,
                    &step.language.code(),
                    &"emergency_stand_down",
                    &key,
                    &1_i16,
                    &(self.now + TEXT_FOR),
                ],
            )
            .await?;
        Ok(())
    }
}
