//! `POST /twilio/voice/transfer`, and call status callbacks of a transfer: what became of it, and what its caller hears next.

use actix_web::{HttpResponse, web::Data};
use uuid::Uuid;

use super::{
    callback::{CallStatusCallback, DialResult},
    client::send_digits,
    desk::{Exchange, Proven, not_now, twiml as answer, unreadable},
    twiml::{self, Dial},
};
use crate::{
    calls::transfer::{self, Next, Report, words},
    domain::phone::Phone,
    error::Result,
};

/// What to ask for when a status callback cannot be delivered: three more tries, also after an answer of 5xx
/// (<https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>).
const OVERRIDES: &str = "#rc=3&rp=5xx,ct,rt";

/// Answers Twilio's question what comes after a target who is no longer on the line.
pub async fn ended(exchange: Data<Exchange>, proven: Proven) -> HttpResponse {
    let told = match DialResult::read(&proven.form) {
        Ok(told) => told,
        Err(problem) => return unreadable(&problem),
    };
    match next(&exchange, &proven, told).await {
        Ok(document) => answer(document),
        Err(error) => not_now(&error, "transfer"),
    }
}

/// Takes down what a status callback says of the call to the target.
pub(super) async fn told(
    exchange: &Exchange,
    proven: &Proven,
    told: &CallStatusCallback,
) -> HttpResponse {
    let Some((organization_id, transfer_id)) = subject(proven) else {
        return HttpResponse::NoContent().finish();
    };
    let report = Report::twilio_call(
        told.status.as_str(),
        told.answered_by.as_deref(),
        &told.call_sid,
    );
    let now = exchange.clock.now();
    let kept = transfer::report(
        &exchange.database,
        organization_id,
        transfer_id,
        &report,
        now,
    );
    match kept.await {
        Ok(_) => HttpResponse::NoContent().finish(),
        Err(error) => not_now(&error, "transfer status"),
    }
}

async fn next(exchange: &Exchange, proven: &Proven, told: DialResult) -> Result<String> {
    let Some((organization_id, transfer_id)) = subject(proven) else {
        return Ok(twiml::hang_up());
    };
    let report = Report::twilio_dial(&told.status, told.is_bridged, told.dial_call_sid.as_deref());
    let next = transfer::follow(
        &exchange.database,
        organization_id,
        transfer_id,
        &report,
        &[told.from, told.to],
        exchange.clock.now(),
    )
    .await?;
    Ok(match next {
        Next::Dial(next) => {
            let public_url = exchange.public_url.as_deref().unwrap_or_default();
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
fn subject(proven: &Proven) -> Option<(Uuid, Uuid)> {
    let subject = proven
        .names
        .organization
        .filter(|id| proven.sender.may_speak_of(*id))
        .zip(proven.names.transfer);
    if subject.is_none() {
        tracing::warn!("a request names no transfer that its account may speak of");
    }
    subject
}
