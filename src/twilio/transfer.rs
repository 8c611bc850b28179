//! `POST /twilio/voice/transfer`, and call status callbacks of a transfer: what became of it, and what its caller hears next.

use actix_web::{HttpResponse, web::Data};
use uuid::Uuid;

use super::{
    authenticate::{Authenticated, TwilioState, not_now, twiml as answer, unreadable},
    callback::{CallStatusCallback, DialResult},
    client::send_digits,
    transfer_report,
    twiml::{self, Dial},
};
use crate::{
    calls::transfer::{self, Next, words},
    domain::phone::Phone,
    error::Result,
};

/// What to ask for when a status callback cannot be delivered: three more tries, also after an answer of 5xx
/// (<https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>).
const OVERRIDES: &str = "#rc=3&rp=5xx,ct,rt";

/// Answers Twilio's question what comes after a target who is no longer on the line.
pub async fn ended(state: Data<TwilioState>, request: Authenticated) -> HttpResponse {
    let told = match DialResult::read(&request.form) {
        Ok(told) => told,
        Err(problem) => return unreadable(&problem),
    };
    match next(&state, &request, told).await {
        Ok(document) => answer(document),
        Err(error) => not_now(&error, "transfer"),
    }
}

/// Records what a status callback says of the call to the target.
pub(super) async fn told(
    state: &TwilioState,
    request: &Authenticated,
    told: &CallStatusCallback,
) -> HttpResponse {
    let Some((organization_id, transfer_id)) = subject(request) else {
        return HttpResponse::NoContent().finish();
    };
    let report = transfer_report::call(
        told.status.as_str(),
        told.answered_by.as_deref(),
        &told.call_sid,
    );
    let now = state.clock.now();
    let kept = transfer::report(&state.database, organization_id, transfer_id, &report, now);
    match kept.await {
        Ok(_) => HttpResponse::NoContent().finish(),
        Err(error) => not_now(&error, "transfer status"),
    }
}

async fn next(state: &TwilioState, request: &Authenticated, told: DialResult) -> Result<String> {
    let Some((organization_id, transfer_id)) = subject(request) else {
        return Ok(twiml::hang_up());
    };
    let report =
        transfer_report::dial(&told.status, told.is_bridged, told.dial_call_sid.as_deref());
    let next = transfer::follow(
        &state.database,
        organization_id,
        transfer_id,
        &report,
        &[told.from, told.to],
        state.clock.now(),
    )
    .await?;
    Ok(match next {
        Next::Dial(next) => {
            let public_url = state.public_url.as_deref().unwrap_or_default();
            let document = dial(
                public_url,
                organization_id,
                next.transfer_id,
                (&next.number, next.extension.as_deref()),
                next.wait_seconds,
            );
            twiml::say_and(
                words::trying_the_next(next.language),
                next.language,
                &document,
            )
        }
        Next::Nobody(language) => {
            twiml::hang_up_after(words::nobody_left(language).as_str(), language)
        }
        Next::Over => twiml::hang_up(),
    })
}

/// The document that dials a target for a transfer, and asks here what comes after them.
pub(super) fn dial(
    public_url: &str,
    organization_id: Uuid,
    transfer_id: Uuid,
    (number, extension): (&Phone, Option<&str>),
    wait_seconds: u32,
) -> String {
    let names = format!("organization={organization_id}&transfer={transfer_id}");
    twiml::dial(&Dial {
        number: number.as_str(),
        send_digits: extension.map(send_digits).as_deref(),
        caller_id: None,
        timeout_seconds: wait_seconds,
        action: &format!("{public_url}/twilio/voice/transfer?{names}{OVERRIDES}"),
        whisper_url: None,
        status_callback: Some(&format!(
            "{public_url}/twilio/call-status?{names}{OVERRIDES}"
        )),
    })
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
