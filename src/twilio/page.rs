//! `POST /twilio/voice/page` and `.../page/key`: what somebody who is paged by telephone hears, and what their keys do.
//!
//! Picking up is not taking: a voicemail picks up too. Only a key takes an emergency.

use actix_web::{HttpResponse, web::Data};

use super::{
    callback,
    desk::{Exchange, Names, Proven, not_now, twiml as answer, unreadable},
    twiml::{self, Gather, Then},
};
use crate::{
    domain::language::Language,
    error::Result,
    oncall::call::{self, Briefing, PageCall},
};

/// How often the keys are named.
const MOST_ASKED: u8 = 3;
/// How long a key is waited for, in seconds.
const KEY_SECONDS: u32 = 8;

/// Answers Twilio's request for what to play to somebody who picked up.
pub async fn picked_up(exchange: Data<Exchange>, proven: Proven) -> HttpResponse {
    match brief(&exchange, &proven).await {
        Ok(document) => answer(document),
        Err(error) => not_now(&error, "page"),
    }
}

/// Answers a key.
pub async fn key(exchange: Data<Exchange>, proven: Proven) -> HttpResponse {
    let digits = match callback::GatherResult::read(&proven.form) {
        Ok(gathered) => gathered.digits,
        Err(problem) => return unreadable(&problem),
    };
    match pressed(&exchange, &proven, digits.as_deref().unwrap_or_default()).await {
        Ok(document) => answer(document),
        Err(error) => not_now(&error, "key"),
    }
}

async fn brief(exchange: &Exchange, proven: &Proven) -> Result<String> {
    let Some(page) = find(exchange, proven).await? else {
        return Ok(nothing());
    };
    let now = exchange.clock.now();
    Ok(
        match call::briefing(&exchange.database, &page, now).await? {
            Briefing::Keys { text, keys } => {
                // Only the first time is the whole story told.
                let prompt = if proven.names.asked == 0 {
                    format!("{text} {keys}")
                } else {
                    keys.to_owned()
                };
                ask(&proven.names, &prompt, page.language)
            }
            Briefing::Over(text) => twiml::hang_up_after(&text, page.language),
        },
    )
}

async fn pressed(exchange: &Exchange, proven: &Proven, digits: &str) -> Result<String> {
    let Some(page) = find(exchange, proven).await? else {
        return Ok(nothing());
    };
    let now = exchange.clock.now();
    Ok(
        match call::press(&exchange.database, &page, digits, now).await? {
            Some(text) => twiml::hang_up_after(&text, page.language),
            None => ask(
                &proven.names,
                crate::oncall::words::keys(page.language),
                page.language,
            ),
        },
    )
}

/// Names the keys and waits for one; without one they are named again, a few times.
fn ask(names: &Names, prompt: &str, language: Language) -> String {
    let asked = names.asked.saturating_add(1);
    let address = |path: &str| {
        format!(
            "{path}?organization={}&attempt={}&asked={asked}",
            names.organization.unwrap_or_default(),
            names.attempt.unwrap_or_default(),
        )
    };
    let (action, again) = (
        address("/twilio/voice/page/key"),
        address("/twilio/voice/page"),
    );
    twiml::gather_digit(&Gather {
        action: &action,
        prompt,
        language,
        timeout_seconds: KEY_SECONDS,
        then: if asked < MOST_ASKED {
            Then::Redirect(&again)
        } else {
            Then::HangUp
        },
    })
}

async fn find(exchange: &Exchange, proven: &Proven) -> Result<Option<PageCall>> {
    let (Some(organization), Some(attempt)) = (proven.names.organization, proven.names.attempt)
    else {
        return Ok(None);
    };
    if !proven.sender.may_speak_of(organization) {
        return Ok(None);
    }
    call::find(
        &exchange.database,
        organization,
        attempt,
        exchange.clock.now(),
    )
    .await
}

fn nothing() -> String {
    twiml::hang_up()
}
