//! `POST /twilio/voice/page` and `.../page/key`: what somebody who is paged by telephone hears, and what their keys do.
//!
//! Only a key acknowledges an emergency, since a voicemail picks up too.

use actix_web::{HttpResponse, web::Data};

use super::{
    authenticate::{Authenticated, CallbackParams, TwilioState, answer},
    twiml::{self, Gather, Then},
};
use crate::{
    domain::language::Language,
    error::Result,
    escalation::{
        page_call::{self, Briefing, PageCall},
        words,
    },
};

/// How often the keys are named.
const MAX_ASKED: u8 = 3;
/// How long a key is waited for, in seconds.
const KEY_SECONDS: u32 = 8;

/// Answers Twilio's request for what to play to somebody who picked up.
pub(crate) async fn picked_up(
    state: Data<TwilioState>,
    request: Authenticated,
) -> actix_web::Result<HttpResponse> {
    answer(brief(&state, &request).await, "page")
}

/// Answers a key.
pub(crate) async fn key(
    state: Data<TwilioState>,
    request: Authenticated,
) -> actix_web::Result<HttpResponse> {
    answer(press(&state, &request).await, "key")
}

async fn brief(state: &TwilioState, request: &Authenticated) -> Result<String> {
    let Some(page) = find(state, request).await? else {
        return Ok(twiml::hang_up());
    };
    let briefing = page_call::briefing(&state.database, &page, state.clock.now()).await?;
    Ok(match briefing {
        // What happened is said only the first time.
        Briefing::Keys { text, keys } if request.params.asked == 0 => {
            ask(&request.params, &format!("{text} {keys}"), page.language)
        }
        Briefing::Keys { keys, .. } => ask(&request.params, keys, page.language),
        Briefing::Over(text) => twiml::hang_up_after(&text, page.language),
    })
}

async fn press(state: &TwilioState, request: &Authenticated) -> Result<String> {
    let Some(page) = find(state, request).await? else {
        return Ok(twiml::hang_up());
    };
    let key = request.form.filled("Digits").unwrap_or_default().trim();
    let pressed = page_call::press(&state.database, &page, key, state.clock.now()).await?;
    Ok(match pressed {
        Some(text) => twiml::hang_up_after(&text, page.language),
        None => ask(&request.params, words::keys(page.language), page.language),
    })
}

/// Names the keys and waits for one; without one they are named again, a few times.
fn ask(params: &CallbackParams, prompt: &str, language: Language) -> String {
    let asked = params.asked.saturating_add(1);
    let address = |path: &str| {
        format!(
            "{path}?organization={}&attempt={}&asked={asked}",
            params.organization.unwrap_or_default(),
            params.attempt.unwrap_or_default(),
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
        then: if asked < MAX_ASKED {
            Then::Redirect(&again)
        } else {
            Then::HangUp
        },
    })
}

async fn find(state: &TwilioState, request: &Authenticated) -> Result<Option<PageCall>> {
    let (Some(organization), Some(attempt)) = (request.params.organization, request.params.attempt)
    else {
        return Ok(None);
    };
    if !request.principal.may_act_for(organization) {
        return Ok(None);
    }
    page_call::find(&state.database, organization, attempt, state.clock.now()).await
}
