//! `POST /twilio/message-status` and `POST /twilio/call-status`: how far a message or a call has come.
//!
//! They come late, twice and out of order; the database keeps the highest state. One of an effect that nobody knows is answered
//! like any other, so that it does not come again.

use actix_web::{HttpResponse, web::Data};

use super::{
    callback,
    desk::{Exchange, Proven, not_now, unreadable},
    state::{CallState, MessageState, ProviderState},
    transfer,
};
use crate::{db::Binding, error::Result, outbox::report};

/// Answers a message's status callback.
pub async fn message(exchange: Data<Exchange>, proven: Proven) -> HttpResponse {
    match callback::MessageStatusCallback::read(&proven.form) {
        Ok(told) => {
            let state = ProviderState::Message(MessageState::new(
                told.status.as_str(),
                told.error_code.as_deref(),
            ));
            taken_down(&exchange, &proven, &told.message_sid, &state).await
        }
        Err(problem) => unreadable(&problem),
    }
}

/// Answers a call's status callback: of a page, or of the call to the target of a transfer.
pub async fn call(exchange: Data<Exchange>, proven: Proven) -> HttpResponse {
    match callback::CallStatusCallback::read(&proven.form) {
        Ok(told) => {
            let answered_by = told.answered_by.as_deref();
            if proven.names.transfer.is_some() {
                return transfer::told(&exchange, &proven, &told).await;
            }
            let state = ProviderState::Call(CallState::new(told.status.as_str(), answered_by));
            taken_down(&exchange, &proven, &told.call_sid, &state).await
        }
        Err(problem) => unreadable(&problem),
    }
}

/// Answers the callback of answering-machine detection. A machine that picks up is nobody who takes an emergency.
pub async fn machine(exchange: Data<Exchange>, proven: Proven) -> HttpResponse {
    call(exchange, proven).await
}

async fn taken_down(
    exchange: &Exchange,
    proven: &Proven,
    sid: &str,
    state: &ProviderState,
) -> HttpResponse {
    match take_down(exchange, proven, sid, state).await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => not_now(&error, "status"),
    }
}

async fn take_down(
    exchange: &Exchange,
    proven: &Proven,
    sid: &str,
    state: &ProviderState,
) -> Result<()> {
    let Some(organization_id) = proven
        .names
        .organization
        .filter(|id| proven.sender.may_speak_of(*id))
    else {
        tracing::warn!("a status callback names no organization that its account may speak of");
        return Ok(());
    };
    let binding = Binding {
        organization_id,
        now: exchange.clock.now(),
    };
    exchange
        .database
        .transaction(&binding, async |transaction| {
            let attempt = proven.names.attempt;
            let found = report::find(transaction, organization_id, attempt, sid).await?;
            let Some(subject) = found else {
                tracing::warn!(
                    twilio.sid = sid,
                    "a status callback of nothing that is known"
                );
                return Ok(());
            };
            let heard = state.report(attempt, Some(sid), None);
            report::record(transaction, organization_id, subject.id, &heard).await?;
            Ok(())
        })
        .await
}
