//! The two paths of the webhook: the service's own, and one for each organization.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    web::{self, Data, Payload},
};
use serde_json::json;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    auth::Refusal,
    desk::{Desk, Reply},
    message::{self, Kind},
    prove::{self, Headers},
    reply,
    stages::Stages,
};
use crate::{
    body::{BodyBudget, Class},
    error::Result,
};

/// `POST /vapi/webhook`: messages that the service's own secret proves.
pub async fn webhook(
    desk: Data<Desk>,
    bodies: Data<BodyBudget>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    receive(&desk, &bodies, &request, payload, None).await
}

/// `POST /vapi/webhook/{organization_id}`: messages that an organization's own credential proves.
pub async fn organization_webhook(
    desk: Data<Desk>,
    bodies: Data<BodyBudget>,
    request: HttpRequest,
    payload: Payload,
    path: web::Path<String>,
) -> HttpResponse {
    // What is no id at all is refused like the id of a stranger, and no sooner.
    let organization_id = path.parse().unwrap_or(Uuid::nil());
    receive(&desk, &bodies, &request, payload, Some(organization_id)).await
}

async fn receive(
    desk: &Desk,
    bodies: &BodyBudget,
    request: &HttpRequest,
    payload: Payload,
    organization_id: Option<Uuid>,
) -> HttpResponse {
    let mut stages = Stages::begin();
    // Before the body: whoever is refused by their headers has nothing buffered.
    let headers = match prove::check_headers(desk, request, organization_id) {
        Ok(headers) => headers,
        Err(refusal) => return refuse(refusal, organization_id),
    };
    stages.ended("verify");
    let class = match headers {
        Headers::Authentic(_) => Class::Authenticated,
        Headers::Signed => Class::Signed,
    };
    let own_limit = organization_id.and_then(|id| desk.directory.body_limits.of(id));
    let body = match bodies.read(class, own_limit, request, payload).await {
        Ok(body) => body,
        Err(error) => return error.error_response(),
    };
    stages.ended("read");
    let sender = match headers {
        Headers::Authentic(sender) => sender,
        Headers::Signed => match prove::verify(desk, request, body.bytes(), organization_id) {
            Ok(sender) => sender,
            Err(refusal) => return refuse(refusal, organization_id),
        },
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
    stages.ended("parse");
    let kind = label(&message.kind);
    metrics::counter!("frontdesk_messages_total", "kind" => kind).increment(1);
    // Made once all of it is known: what is added to a span later is written anew with everything else of it.
    let span = tracing::info_span!(
        "webhook",
        request.id = %Uuid::new_v4(),
        call.id = message.call.vapi_call_id,
        message.kind = kind,
    );
    async move {
        let answer = desk.answer(sender, message).await;
        stages.ended("answer");
        let reply = write(answer);
        stages.ended("reply");
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

/// The 401 of a request that is not authentic. Nothing of its body is read, so that the log names the organization of its path alone.
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
