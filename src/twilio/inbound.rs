//! `POST /twilio/sms`: a text message to one of our numbers.
//!
//! Consent goes first, since STOP is nobody's acknowledgement; then emergencies; the rest belongs to the organization whose
//! number it is.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data},
};

use super::{
    callback::InboundMessage,
    desk::{Exchange, Proven, not_now, twiml as answer},
    twiml,
};
use crate::{
    domain::keyword,
    error::Result,
    oncall::{
        acknowledge::Way,
        reply::{self, Page, Wish},
    },
};

/// Answers a text message.
pub async fn message(exchange: Data<Exchange>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let proven = match exchange.prove(&request, &body) {
        Ok(proven) => proven,
        Err(refused) => return refused.into(),
    };
    let told = match InboundMessage::read(&proven.form) {
        Ok(told) => told,
        Err(problem) => {
            tracing::warn!(problem = %problem, "an authentic message could not be read");
            return HttpResponse::BadRequest().finish();
        }
    };
    match reply_to(&exchange, &proven, told).await {
        Ok(Some(words)) => answer(twiml::message(&words)),
        Ok(None) => answer(twiml::silence()),
        Err(error) => not_now(&error, "sms"),
    }
}

async fn reply_to(
    exchange: &Exchange,
    proven: &Proven,
    told: InboundMessage,
) -> Result<Option<String>> {
    let (Some(from), Some(to)) = (told.from, told.to) else {
        // A short code or a name cannot be answered, and takes no emergency.
        return Ok(None);
    };
    let now = exchange.clock.now();
    let pages: Vec<Page> = reply::pages(&exchange.database, &from, Some(&to), now)
        .await?
        .into_iter()
        .filter(|page| proven.sender.may_speak_of(page.organization_id))
        .collect();
    let (wish, code) = match keyword::page(&told.body) {
        Some(reply) => (Wish::from(reply.page), reply.code),
        None => (Wish::Unclear, None),
    };
    let Some(page) = reply::choose(&pages, wish, code) else {
        return Ok(None);
    };
    reply::answer(
        &exchange.database,
        &page,
        &pages,
        wish,
        &from,
        Way::Sms,
        now,
    )
    .await
    .map(Some)
}
