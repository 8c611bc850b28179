//! `POST /twilio/message-status` and `POST /twilio/call-status`: how far a message or a call has come.
//!
//! They come late, twice and out of order; the database keeps the highest status. One of an unknown attempt is answered like any
//! other, so that Twilio does not send it again.

use actix_web::{HttpResponse, web::Data};

use super::{
    authenticate::{Authenticated, TwilioState, not_now, unreadable},
    callback,
    delivery_status::{CallState, MessageState, ProviderState},
    transfer,
};
use crate::{db::Binding, error::Result, jobs::delivery_report};

/// Answers a message's status callback.
pub async fn message(state: Data<TwilioState>, request: Authenticated) -> HttpResponse {
    match callback::MessageStatusCallback::read(&request.form) {
        Ok(told) => {
            let status = ProviderState::Message(MessageState::new(
                told.status.as_str(),
                told.error_code.as_deref(),
            ));
            recorded(&state, &request, &told.message_sid, &status).await
        }
        Err(problem) => unreadable(&problem),
    }
}

/// Answers a call's status callback: of a page, or of the call to the target of a transfer.
pub async fn call(state: Data<TwilioState>, request: Authenticated) -> HttpResponse {
    match callback::CallStatusCallback::read(&request.form) {
        Ok(told) => {
            let answered_by = told.answered_by.as_deref();
            if request.params.transfer.is_some() {
                return transfer::told(&state, &request, &told).await;
            }
            let status = ProviderState::Call(CallState::new(told.status.as_str(), answered_by));
            recorded(&state, &request, &told.call_sid, &status).await
        }
        Err(problem) => unreadable(&problem),
    }
}

/// Answers the callback of answering-machine detection. A machine that picks up is nobody who takes an emergency.
pub async fn machine(state: Data<TwilioState>, request: Authenticated) -> HttpResponse {
    call(state, request).await
}

async fn recorded(
    state: &TwilioState,
    request: &Authenticated,
    sid: &str,
    status: &ProviderState,
) -> HttpResponse {
    match record(state, request, sid, status).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => not_now(&error, "status"),
    }
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
            let Some(subject) = found else {
                tracing::warn!(
                    twilio.sid = sid,
                    "a status callback of nothing that is known"
                );
                return Ok(());
            };
            let heard = status.report(attempt, Some(sid), None);
            delivery_report::record(transaction, organization_id, subject.id, &heard).await?;
            Ok(())
        })
        .await
}
