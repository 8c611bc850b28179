//! The two paths of the webhook: the service's own, and one for each organization.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    web::{self, Data, Payload},
};
use metrics::Counter;
use serde_json::json;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    VapiState,
    authenticate::{self, Headers, Refusal},
    dispatch::Reply,
    message::{self, Kind},
    reply,
};
use crate::{
    body::{BodyBudget, Class},
    error::Result,
    stage::{Stage, Stages},
};

thread_local! {
    /// The series by kind, looked up once: to find one by its labels takes longer than to count.
    static MESSAGES: RefCell<HashMap<&'static str, Counter>> = RefCell::default();
}

/// Numbers the messages of this process, so that the lines of one can be told from those of another in the same call.
static RECEIVED: AtomicU64 = AtomicU64::new(1);

/// `POST /vapi/webhook`: messages with the service's own credential.
pub async fn webhook(
    state: Data<VapiState>,
    bodies: Data<BodyBudget>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    receive(&state, &bodies, &request, payload, None).await
}

/// `POST /vapi/webhook/{organization_id}`: messages with an organization's own credential.
pub async fn organization_webhook(
    state: Data<VapiState>,
    bodies: Data<BodyBudget>,
    request: HttpRequest,
    payload: Payload,
    path: web::Path<String>,
) -> HttpResponse {
    // A malformed id gets the same 401 as an unknown one, after the same work.
    let organization_id = path.parse().unwrap_or(Uuid::nil());
    receive(&state, &bodies, &request, payload, Some(organization_id)).await
}

async fn receive(
    state: &VapiState,
    bodies: &BodyBudget,
    request: &HttpRequest,
    payload: Payload,
    organization_id: Option<Uuid>,
) -> HttpResponse {
    let mut stages = Stages::begin();
    // Before the body, so that nothing is buffered for a request that its headers refuse.
    let headers = match authenticate::check_headers(state, request, organization_id) {
        Ok(headers) => headers,
        Err(refusal) => return refuse(refusal, organization_id),
    };
    stages.ended(Stage::Verify);
    let class = match headers {
        Headers::Authentic(_) => Class::Authenticated,
        Headers::Signed => Class::Signed,
    };
    let own_limit = organization_id.and_then(|id| state.directory.body_limits.of(id));
    let body = match bodies.read(class, own_limit, request, payload).await {
        Ok(body) => body,
        Err(error) => return error.error_response(),
    };
    stages.ended(Stage::Read);
    let principal = match headers {
        Headers::Authentic(principal) => principal,
        Headers::Signed => {
            match authenticate::verify(state, request, body.bytes(), organization_id) {
                Ok(principal) => principal,
                Err(refusal) => return refuse(refusal, organization_id),
            }
        }
    };
    let message = match message::parse(body.bytes()) {
        Ok(message) => message,
        Err(problem) => {
            tracing::warn!(problem = %problem, "an authentic message could not be read");
            return HttpResponse::BadRequest()
                .json(json!({ "error": "the body is not a message that can be read" }));
        }
    };
    let _held = body.into_permit();
    stages.ended(Stage::Parse);
    let kind = label(&message.kind);
    MESSAGES.with_borrow_mut(|messages| {
        let counter = messages
            .entry(kind)
            .or_insert_with(|| metrics::counter!("frontdesk_messages_total", "kind" => kind));
        counter.increment(1);
    });
    // Created once all of its fields are known: a field added later would format the whole span again.
    let span = tracing::info_span!(
        "webhook",
        request.id = RECEIVED.fetch_add(1, Ordering::Relaxed),
        call.id = message.call.vapi_call_id,
        message.kind = kind,
    );
    async move {
        let answer = state.answer(principal, message).await;
        stages.ended(Stage::Answer);
        let reply = write(answer);
        stages.ended(Stage::Reply);
        tracing::debug!(
            duration_ms = stages.milliseconds(),
            status = reply.status().as_u16(),
            "answered a message"
        );
        reply
    }
    .instrument(span)
    .await
}

fn write(answer: Result<Reply>) -> HttpResponse {
    match answer {
        Ok(Reply::Tools(results)) => HttpResponse::Ok().json(reply::tool_results(&results)),
        Ok(Reply::Function(result)) => HttpResponse::Ok().json(result),
        Ok(Reply::Assistant(choice)) => HttpResponse::Ok().json(choice),
        Ok(Reply::Transfer(destination)) => HttpResponse::Ok().json(destination),
        Ok(Reply::Acknowledged) => HttpResponse::Ok().json(json!({})),
        Err(error) => {
            tracing::error!(
                error.kind = error.label(),
                error = error.chain(),
                "a message could not be kept"
            );
            HttpResponse::ServiceUnavailable()
                .json(json!({ "error": "the message could not be kept; send it again" }))
        }
    }
}

/// The 401 of a request that is not authentic. Its body is not read, so the log names only the organization of its path.
fn refuse(refusal: Refusal, organization_id: Option<Uuid>) -> HttpResponse {
    metrics::counter!("frontdesk_webhook_refused_total", "reason" => refusal.label()).increment(1);
    tracing::warn!(
        reason = refusal.label(),
        organization.id = organization_id
            .filter(|id| !id.is_nil())
            .map(tracing::field::display),
        "a webhook request was refused"
    );
    HttpResponse::Unauthorized().json(json!({ "error": "unauthorized" }))
}

fn label(kind: &Kind) -> &'static str {
    match kind {
        Kind::ToolCalls(_) => "tool-calls",
        Kind::FunctionCall(_) => "function-call",
        Kind::LanguageChange(_) => "language-change-detected",
        Kind::StatusUpdate { .. } => "status-update",
        Kind::EndOfCallReport(_) => "end-of-call-report",
        Kind::TransferDestinationRequest => "transfer-destination-request",
        Kind::AssistantRequest => "assistant-request",
        Kind::Other(_) => "other",
    }
}
