//! The two paths of the webhook: the service's own, and one for each organization.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::CONTENT_LENGTH,
    web::{self, BytesMut, Payload},
};
use futures_util::StreamExt;
use serde_json::json;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    auth::Refusal,
    desk::{Desk, Reply},
    message::{self, Kind},
    prove::prove,
    reply,
    stages::Stages,
};
use crate::error::Result;

/// How long a body may take to arrive; Vapi's come at once, and a slow one would hold a worker.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// Why a body was not read to its end.
enum BodyProblem {
    TooLarge,
    TooSlow,
    Broken,
}

/// `POST /vapi/webhook`: messages that the service's own secret proves.
pub async fn webhook(
    desk: web::Data<Desk>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    receive(desk, request, payload, None).await
}

/// `POST /vapi/webhook/{organization_id}`: messages that an organization's own credential proves.
pub async fn organization_webhook(
    desk: web::Data<Desk>,
    request: HttpRequest,
    payload: Payload,
    path: web::Path<String>,
) -> HttpResponse {
    // What is no id at all is refused like the id of a stranger, and no sooner.
    let organization_id = path.parse().unwrap_or(Uuid::nil());
    receive(desk, request, payload, Some(organization_id)).await
}

async fn receive(
    desk: web::Data<Desk>,
    request: HttpRequest,
    payload: Payload,
    organization_id: Option<Uuid>,
) -> HttpResponse {
    let mut stages = Stages::begin();
    let body = match read(&request, payload, desk.body_limit).await {
        Ok(body) => body,
        Err(problem) => return refuse_body(&problem),
    };
    stages.ended("read");
    let sender = match prove(&desk, &request, &body, organization_id) {
        Ok(sender) => sender,
        Err(refusal) => return refuse(refusal),
    };
    stages.ended("verify");
    let message = match message::parse(&body) {
        Ok(message) => message,
        Err(problem) => {
            tracing::warn!(problem = %problem, "an authentic message could not be read");
            return HttpResponse::BadRequest()
                .json(json!({ "error": "the body is not a message that can be read" }));
        }
    };
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

fn refuse(refusal: Refusal) -> HttpResponse {
    metrics::counter!("frontdesk_webhook_refused_total", "reason" => refusal.label()).increment(1);
    tracing::warn!(reason = refusal.label(), "a webhook request was refused");
    HttpResponse::Unauthorized().json(json!({ "error": "unauthorized" }))
}

fn refuse_body(problem: &BodyProblem) -> HttpResponse {
    let (mut reply, reason, text) = match problem {
        BodyProblem::TooLarge => (
            HttpResponse::PayloadTooLarge(),
            "too_large",
            "the body is too large",
        ),
        BodyProblem::TooSlow => (
            HttpResponse::RequestTimeout(),
            "too_slow",
            "the body came too slowly",
        ),
        BodyProblem::Broken => (
            HttpResponse::BadRequest(),
            "broken",
            "the body could not be read",
        ),
    };
    metrics::counter!("frontdesk_webhook_refused_total", "reason" => reason).increment(1);
    reply.json(json!({ "error": text }))
}

/// Reads a body up to the limit; one that says it is larger is refused before it is read.
async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    limit: usize,
) -> std::result::Result<web::Bytes, BodyProblem> {
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(BodyProblem::TooLarge);
    }
    let reading = async {
        let mut body = BytesMut::with_capacity(announced.unwrap_or(0));
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_broken| BodyProblem::Broken)?;
            if body.len() + chunk.len() > limit {
                return Err(BodyProblem::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(BODY_PATIENCE, reading)
        .await
        .map_err(|_elapsed| BodyProblem::TooSlow)?
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
