//! What follows a failed transfer whose line the service commands: the next target, or the end of the call.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    opening::{self, Opening},
    outcome::{Outcome, Verdict},
    report::{Report, leave_callback, take_down},
    target::{self, Choice},
};
use crate::{
    calls::{Call, UNKNOWN_NUMBER},
    db::{Binding, Database, OrgTx, Sql},
    domain::{language::Language, phone::Phone, urgency::Urgency},
    error::Result,
    sql,
};

const LOCK: Sql = sql!("lock_transfer", [UUID, UUID]);
const AFTER: Sql = sql!("transfer_after", [UUID, TEXT, INT2]);

/// Somebody who is to be rung next.
#[derive(Clone)]
pub struct Dialled {
    /// The transfer.
    pub transfer_id: Uuid,
    /// Their number.
    pub number: Phone,
    /// What is dialled once they have answered.
    pub extension: Option<String>,
    /// How long it may ring, in seconds.
    pub wait_seconds: u32,
    /// In which language the caller is spoken to.
    pub language: Language,
}

/// A number, and the extension behind it.
type Number = (Phone, Option<String>);

/// What comes next.
#[derive(Clone)]
pub enum Next {
    /// Somebody else is rung.
    Dial(Dialled),
    /// Nobody is left; the staff was left a caller to call back.
    Nobody(Language),
    /// The caller has spoken with somebody, or there is nothing to go on with.
    Over,
}

/// The transfer whose target is no longer on the line.
struct Ended {
    id: Uuid,
    vapi_call_id: Option<String>,
    reason: Option<String>,
    urgency: Urgency,
    summary: Option<String>,
    attempt: i16,
    language: Language,
}

/// Records how a transfer ended whose caller is still on the line, and decides what comes next. Asked again it decides the same.
/// `parties` are who called and which number they called.
///
/// # Errors
///
/// When the database fails; nothing is decided then.
pub async fn follow(
    database: &Database,
    organization_id: Uuid,
    transfer_id: Uuid,
    report: &Report,
    parties: &[Option<Phone>; 2],
    now: DateTime<Utc>,
) -> Result<Next> {
    let binding = Binding {
        organization_id,
        now,
    };
    database
        .transaction(&binding, async |transaction| {
            take_down(transaction, organization_id, transfer_id, report).await?;
            // The target is gone, whatever word there was for it.
            let gone = Report::own("target_gone", Verdict::Nothing(Outcome::Failed));
            take_down(transaction, organization_id, transfer_id, &gone).await?;
            let Some(ended) = lock(transaction, organization_id, transfer_id).await? else {
                return Ok(Next::Over);
            };
            go_on(transaction, organization_id, &ended, parties).await
        })
        .await
}

/// Locks a failed transfer, so that a repeated request waits; `None` when it did not fail.
async fn lock(
    transaction: &OrgTx,
    organization_id: Uuid,
    transfer_id: Uuid,
) -> Result<Option<Ended>> {
    let rows = transaction
        .query(&LOCK, &[&organization_id, &transfer_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let status: &str = LOCK.get(row, "status")?;
    if !matches!(status, "failed" | "no_answer") {
        return Ok(None);
    }
    let urgency: Option<&str> = LOCK.get(row, "urgency")?;
    let language: Option<&str> = LOCK.get(row, "language_code")?;
    let call: String = LOCK.get(row, "vapi_call_id")?;
    Ok(Some(Ended {
        id: transfer_id,
        vapi_call_id: Some(call).filter(|call| call != UNKNOWN_NUMBER),
        reason: LOCK.get(row, "reason")?,
        urgency: urgency.and_then(Urgency::parse).unwrap_or(Urgency::Normal),
        summary: LOCK.get(row, "summary")?,
        attempt: LOCK.get(row, "attempt")?,
        language: language
            .and_then(Language::parse)
            .unwrap_or(Language::English),
    }))
}

async fn go_on(
    transaction: &OrgTx,
    organization_id: Uuid,
    ended: &Ended,
    parties: &[Option<Phone>; 2],
) -> Result<Next> {
    let [from, to] = parties.clone();
    let call = Call {
        vapi_call_id: ended.vapi_call_id.clone(),
        vapi_assistant_id: None,
        caller: from,
        called: to,
    };
    let choice = target::choose(transaction, organization_id, &call, ended.urgency).await?;
    if let Some(vapi_call_id) = &ended.vapi_call_id {
        let known = after(transaction, organization_id, vapi_call_id, ended).await?;
        if let Some((transfer_id, number)) = known {
            return Ok(number.map_or(Next::Nobody(ended.language), |number| {
                dial(transfer_id, number, &choice, ended)
            }));
        }
    }
    // Of a call that cannot be named it is not known whom it was put through to: the same number would ring for ever.
    let target = choice
        .target
        .as_ref()
        .filter(|_| ended.vapi_call_id.is_some());
    let (opened, is_within) = opening::open(
        transaction,
        organization_id,
        &call,
        &Opening {
            reason: ended.reason.as_deref(),
            urgency: ended.urgency,
            summary: ended.summary.as_deref(),
            target: target.map(|target| &target.number),
            extension: target.and_then(|target| target.extension.as_deref()),
            source: target.map_or("nobody", |target| target.source),
            obstacle: None,
            control_url: None,
            language: ended.language,
        },
    )
    .await?;
    if let Some(target) = target.filter(|_| is_within) {
        let number = (target.number.clone(), target.extension.clone());
        return Ok(dial(opened, number, &choice, ended));
    }
    leave_callback(
        transaction,
        organization_id,
        ended.id,
        ended.vapi_call_id.as_deref(),
        call.caller.as_ref(),
        ended.reason.as_deref(),
    )
    .await?;
    Ok(Next::Nobody(ended.language))
}

fn dial(transfer_id: Uuid, (number, extension): Number, choice: &Choice, ended: &Ended) -> Next {
    Next::Dial(Dialled {
        transfer_id,
        number,
        extension,
        wait_seconds: choice.wait_seconds,
        language: ended.language,
    })
}

/// What was decided before: the transfer after this one, and its number while it is being rung.
async fn after(
    transaction: &OrgTx,
    organization_id: Uuid,
    vapi_call_id: &str,
    ended: &Ended,
) -> Result<Option<(Uuid, Option<Number>)>> {
    let rows = transaction
        .query(&AFTER, &[&organization_id, &vapi_call_id, &ended.attempt])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let status: &str = AFTER.get(row, "status")?;
    let number: Option<&str> = AFTER.get(row, "transfer_to")?;
    let extension: Option<String> = AFTER.get(row, "extension")?;
    Ok(Some((
        AFTER.get(row, "id")?,
        number
            .filter(|_| matches!(status, "initiated" | "connecting"))
            .and_then(|text| Phone::parse(text).ok())
            .map(|number| (number, extension)),
    )))
}
