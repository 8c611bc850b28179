//! `POST /twilio/voice/transfer`, and call status callbacks of a transfer: what became of it, and what its caller hears next.

use actix_web::{HttpResponse, web::Data};
use uuid::Uuid;

use super::{
    authenticate::{Authenticated, TwilioState, answer},
    callback::{CallStatusCallback, DialResult, OVERRIDES},
    client::send_digits,
    transfer_report,
    twiml::{self, Dial},
};
use crate::{
    calls::transfer::{self, Next, words},
    domain::{language::Language, phone::Phone},
    error::Result,
};

/// Answers Twilio's question what comes after a target who is no longer on the line.
pub(crate) async fn ended(
    state: Data<TwilioState>,
    request: Authenticated,
) -> actix_web::Result<HttpResponse> {
    let result = DialResult::read(&request.form)?;
    answer(next(&state, &request, result).await, "transfer")
}

/// Records what a status callback says of the call to the target.
pub(super) async fn record(
    state: &TwilioState,
    request: &Authenticated,
    callback: &CallStatusCallback,
) -> Result<()> {
    let Some((organization_id, transfer_id)) = subject(request) else {
        return Ok(());
    };
    let report = transfer_report::call(
        &callback.status,
        callback.answered_by.as_deref(),
        &callback.call_sid,
    );
    let now = state.clock.now();
    transfer::report(&state.database, organization_id, transfer_id, &report, now)
        .await
        .map(drop)
}

async fn next(state: &TwilioState, request: &Authenticated, result: DialResult) -> Result<String> {
    let Some((organization_id, transfer_id)) = subject(request) else {
        return Ok(twiml::hang_up());
    };
    let sid = result.dial_call_sid.as_deref();
    let report = transfer_report::dial(&result.status, result.is_bridged, sid);
    let next = transfer::follow(
        &state.database,
        organization_id,
        transfer_id,
        &report,
        &[result.from, result.to],
        state.clock.now(),
    )
    .await?;
    Ok(match next {
        Next::Dial(next) => dial(
            state.public_url.as_deref().unwrap_or_default(),
            (organization_id, next.transfer_id),
            (&next.number, next.extension.as_deref()),
            next.wait_seconds,
            (words::trying_the_next(next.language), next.language),
        ),
        Next::Nobody(language) => {
            twiml::hang_up_after(words::nobody_left(language).as_str(), language)
        }
        Next::Over => twiml::hang_up(),
    })
}

/// The document that announces a transfer of an organization, dials its target, and asks here what comes after them.
pub(super) fn dial(
    public_url: &str,
    (organization_id, transfer_id): (Uuid, Uuid),
    (number, extension): (&Phone, Option<&str>),
    wait_seconds: u32,
    (announcement, language): (&str, Language),
) -> String {
    let names = format!("organization={organization_id}&transfer={transfer_id}");
    let dial = Dial {
        number: number.as_str(),
        send_digits: extension.map(send_digits),
        timeout_seconds: wait_seconds,
        action: format!("{public_url}/twilio/voice/transfer?{names}{OVERRIDES}"),
        status_callback: Some(format!(
            "{public_url}/twilio/call-status?{names}{OVERRIDES}"
        )),
    };
    twiml::say_and_dial(announcement, language, &dial)
}

/// Which transfer a request is about, if its account may speak of it.
fn subject(request: &Authenticated) -> Option<(Uuid, Uuid)> {
    let subject = request
        .params
        .organization
        .filter(|id| request.principal.may_act_for(*id))
        .zip(request.params.transfer);
    if subject.is_none() {
        tracing::warn!("a request names no transfer that its account may speak of");
    }
    subject
}
