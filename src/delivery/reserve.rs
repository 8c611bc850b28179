//! The last line while the database is away: the operator's own number, from the service's own account, without any record but the spool.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::Delivery;
use crate::{
    calls::{
        message::LeftMessage,
        spool::{self, Spool},
    },
    domain::{language::Language, phone::Phone, speech},
    oncall::reserve::{Alarmed, Cause, Reported, Reserve},
    outbox::effect::Kind,
    twilio::{
        client::{CallScript, NewCall, NewMessage, Sender},
        twiml,
    },
};

/// How long such a message may wait at the carrier, in seconds.
const VALID_FOR_SECONDS: u32 = 600;
/// How long such a call rings, in seconds.
const RING_SECONDS: u32 = 30;
/// The most characters of a caller's words.
const MOST_OF_WORDS: usize = 200;

/// The operator's number and the folder in which is kept what callers say.
pub struct ReserveLine {
    /// What sends.
    pub delivery: Arc<Delivery>,
    /// The operator's number.
    pub number: Option<Phone>,
    /// The folder.
    pub spool: Option<Spool>,
    /// What the operator was told: a call and its words.
    pub told: Told,
}

/// What was told already, so that a message that comes twice, or a model that asks again, rings nobody twice.
#[derive(Debug, Default)]
pub struct Told(Mutex<HashMap<(Option<String>, String), Instant>>);

/// For how long: whoever says the same later is in need again.
const TOLD_FOR: Duration = Duration::from_mins(30);

/// How many are remembered; past that it begins anew, and somebody may be rung twice.
const MOST_TOLD: usize = 1_000;

impl Told {
    fn has(&self, reported: &Reported) -> bool {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(&Self::key(reported))
            .is_some_and(|at| at.elapsed() < TOLD_FOR)
    }

    fn add(&self, reported: &Reported) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST_TOLD {
            told.clear();
        }
        told.insert(Self::key(reported), Instant::now());
    }

    fn key(reported: &Reported) -> (Option<String>, String) {
        let call = reported.origin.vapi_call_id.as_ref();
        let call = call.or(reported.origin.caller.as_ref());
        let words = match (reported.cause, call) {
            // Whatever else is said in a call that nobody can take up, its operator is told once.
            (Cause::NobodysCall, Some(_)) => String::new(),
            _ => reported.words.clone(),
        };
        (call.cloned(), words)
    }
}

impl Reserve for ReserveLine {
    fn alarm<'a>(
        &'a self,
        reported: &'a Reported,
    ) -> Pin<Box<dyn Future<Output = Alarmed> + Send + 'a>> {
        Box::pin(async move {
            // What belongs to no organization could not be opened later either.
            let is_kept = reported.cause != Cause::NobodysCall && self.keep(reported).await;
            if self.told.has(reported) {
                return Alarmed {
                    is_kept,
                    is_told: true,
                };
            }
            let is_told = self.tell(reported).await;
            if is_told {
                self.told.add(reported);
            }
            Alarmed { is_kept, is_told }
        })
    }

    fn keep_message<'a>(
        &'a self,
        message: &'a LeftMessage,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            match &self.spool {
                Some(spool) => {
                    let kind = spool::Kind::Message;
                    spool.keep(kind, message.at, message).await
                }
                None => false,
            }
        })
    }
}

impl ReserveLine {
    async fn keep(&self, reported: &Reported) -> bool {
        match &self.spool {
            Some(spool) => {
                let kind = spool::Kind::Emergency;
                spool.keep(kind, reported.at, reported).await
            }
            None => false,
        }
    }

    /// A text and a call, both at once; one that is accepted will do.
    async fn tell(&self, reported: &Reported) -> bool {
        let (Some(to), Some(service)) = (&self.number, &self.delivery.telephony) else {
            return false;
        };
        let text = words(reported);
        let texting = async {
            let from = service.sends_from(Kind::Sms)?;
            let message = NewMessage {
                to: to.clone(),
                from,
                body: text.clone(),
                status_callback: None,
                validity_seconds: Some(VALID_FOR_SECONDS),
            };
            let twilio = &self.delivery.twilio;
            twilio.send_message(&service.account, &message).await.ok()
        };
        let calling = async {
            let Some(Sender::Number(from)) = service.sends_from(Kind::Voice) else {
                return None;
            };
            let call = NewCall {
                to: to.clone(),
                from,
                script: CallScript::Twiml(twiml::hang_up_after(&text, Language::English)),
                status_callback: None,
                status_events: &[],
                machine_detection: None,
                timeout_seconds: Some(RING_SECONDS),
                time_limit_seconds: None,
            };
            let twilio = &self.delivery.twilio;
            twilio.place_call(&service.account, &call).await.ok()
        };
        let (texted, called) = futures_util::future::join(texting, calling).await;
        texted.is_some() || called.is_some()
    }
}

fn words(reported: &Reported) -> String {
    let what = speech::quoted(&reported.words, MOST_OF_WORDS);
    let place = reported
        .address
        .as_deref()
        .map_or_else(String::new, |address| {
            format!(" Address: {}.", speech::quoted(address, 80))
        });
    let back = reported
        .callback
        .as_deref()
        .or(reported.origin.caller.as_deref())
        .map_or_else(String::new, |number| {
            format!(" Call back: {}.", speech::quoted(number, 20))
        });
    let called = reported
        .origin
        .called
        .as_deref()
        .map_or_else(String::new, |number| {
            format!(" They called {}.", speech::quoted(number, 20))
        });
    let why = match reported.cause {
        Cause::Outage => "while the database is away",
        Cause::NobodysCall => "on a number that is not set up",
        Cause::TooMany => "among too many tool calls at once",
    };
    format!("EMERGENCY {why}: {what}.{place}{back}{called} Nobody else has been told.")
}
