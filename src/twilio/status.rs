//! `POST /twilio/message-status` and `POST /twilio/call-status`: how far a message or a call has come.
//!
//! They come late, twice and out of order; the database keeps the highest status. One of an unknown attempt is answered like any
//! other, so that Twilio does not send it again.

use actix_web::{HttpResponse, web::Data};

use super::{
    authenticate::{Authenticated, TwilioState, received},
    callback::{CallStatusCallback, MessageStatusCallback},
    delivery_status::ProviderState,
    transfer,
};
use crate::{db::Binding, error::Result, jobs::delivery_report};

/// Answers a message's status callback.
pub(crate) async fn message(
    state: Data<TwilioState>,
    request: Authenticated,
) -> actix_web::Result<HttpResponse> {
    let callback = MessageStatusCallback::read(&request.form)?;
    let status = ProviderState::message(&callback.status, callback.error_code.as_deref());
    let recorded = record(&state, &request, &callback.message_sid, &status);
    received(recorded.await, "status")
}

/// Answers a call's status callback, also that of answering-machine detection: of a page, or of the call to the target of a transfer.
pub(crate) async fn call(
    state: Data<TwilioState>,
    request: Authenticated,
) -> actix_web::Result<HttpResponse> {
    let callback = CallStatusCallback::read(&request.form)?;
    if request.params.transfer.is_some() {
        let recorded = transfer::record(&state, &request, &callback);
        return received(recorded.await, "transfer status");
    }
    // A machine that picks up is nobody who acknowledges an emergency.
    let status = ProviderState::call(&callback.status, callback.answered_by.as_deref());
    let recorded = record(&state, &request, &callback.call_sid, &status);
    received(recorded.await, "status")
}

async fn record(
    state: &TwilioState,
    request: &Authenticated,
    sid: &str,
    status: &ProviderState,
) -> Result<()> {
    let Some(organization_id) = request
        .params
        .organization
        .filter(|id| request.principal.may_act_for(*id))
    else {
        tracing::warn!("a status callback names no organization that its account may act for");
        return Ok(());
    };
    let binding = Binding {
        organization_id,
        now: state.clock.now(),
    };
    state
        .database
        .transaction(&binding, async |transaction| {
            let attempt = request.params.attempt;
            let found = delivery_report::find(transaction, organization_id, attempt, sid).await?;
            let Some(job) = found else {
                tracing::warn!(twilio.sid = sid, "a status callback of an unknown job");
                return Ok(());
            };
            let report = status.report(attempt, Some(sid), None);
            delivery_report::record(transaction, organization_id, job, &report).await?;
            Ok(())
        })
        .await
}
