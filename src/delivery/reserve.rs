//! The last line while the database is away: the operator's own number, from the service's own account, without any record but the spool.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::watch,
    time::{Instant, sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::Delivery;
use crate::{
    calls::{
        message::LeftMessage,
        spool::{self, Spool},
    },
    domain::{language::Language, phone::Phone, speech},
    oncall::reserve::{Alarmed, Reported, Reserve},
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

/// How long a caller waits for what is said to be written to the disk.
const SPOOL_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a caller waits to hear that the operator's number was told; the telling itself goes on.
const TELL_WAIT: Duration = Duration::from_millis(1_500);
/// For how long telling is tried: later the text would come when the call is long over.
const TELL_FOR: Duration = Duration::from_mins(10);
/// The first and the longest pause between two tries.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

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
    /// Where telling goes on after the caller was answered: a web worker's own runtime ends with the worker.
    pub runtime: Handle,
    /// What must be finished before the service stops.
    pub tasks: TaskTracker,
}

/// What was told or is being told, so that a message that comes twice, or a model that asks again, rings nobody twice.
#[derive(Debug, Default)]
pub struct Told(Mutex<HashMap<Key, (Instant, watch::Receiver<bool>)>>);

/// A call, and what was said in it.
type Key = (Option<String>, String);

/// For how long: whoever says the same later is in need again.
const TOLD_FOR: Duration = Duration::from_mins(30);

/// How many are remembered; past that it begins anew, and somebody may be rung twice.
const MOST_TOLD: usize = 1_000;

impl Told {
    /// Whether an emergency was told; `begin` is asked to tell it unless that was done or is under way.
    fn of(
        &self,
        reported: &Reported,
        begin: impl FnOnce(watch::Sender<bool>),
    ) -> watch::Receiver<bool> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = Self::key(reported);
        if let Some((at, is_told)) = told.get(&key)
            && at.elapsed() < TOLD_FOR
            // Whoever was telling it has given up.
            && (*is_told.borrow() || is_told.has_changed().is_ok())
        {
            return is_told.clone();
        }
        if told.len() >= MOST_TOLD {
            told.clear();
        }
        let (sender, is_told) = watch::channel(false);
        told.insert(key, (Instant::now(), is_told.clone()));
        begin(sender);
        is_told
    }

    fn key(reported: &Reported) -> Key {
        let call = reported.origin.vapi_call_id.as_ref();
        let call = call.or(reported.origin.caller.as_ref());
        (call.cloned(), reported.words.clone())
    }
}

impl Reserve for ReserveLine {
    fn alarm<'a>(
        &'a self,
        reported: &'a Reported,
    ) -> Pin<Box<dyn Future<Output = Alarmed> + Send + 'a>> {
        Box::pin(async move {
            // First what outlives the process.
            let kept = timeout(SPOOL_TIMEOUT, self.keep(reported)).await;
            Alarmed {
                is_kept: kept.unwrap_or(false),
                ..self.tell(reported).await
            }
        })
    }

    fn tell<'a>(
        &'a self,
        reported: &'a Reported,
    ) -> Pin<Box<dyn Future<Output = Alarmed> + Send + 'a>> {
        Box::pin(async move {
            let Some(notice) = self.notice(reported) else {
                return Alarmed::default();
            };
            let mut told = self.told.of(reported, |told| {
                let telling = notice.tell_until_accepted(told);
                self.tasks.spawn_on(telling, &self.runtime);
            });
            let waited = timeout(TELL_WAIT, told.wait_for(|is_told| *is_told)).await;
            let is_told = matches!(&waited, Ok(Ok(_)));
            Alarmed {
                is_kept: false,
                is_told,
                is_being_told: waited.is_err(),
            }
        })
    }

    fn keep_message<'a>(
        &'a self,
        message: &'a LeftMessage,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let Some(spool) = &self.spool else {
                return false;
            };
            let kept = spool.keep(spool::Kind::Message, message.at, message);
            timeout(SPOOL_TIMEOUT, kept).await.unwrap_or(false)
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

    /// What is to be told to the operator's number; `None` without a number, or an account to tell it from.
    fn notice(&self, reported: &Reported) -> Option<Notice> {
        let to = self.number.clone()?;
        let service = self.delivery.telephony.as_ref()?;
        let can_text = service.sends_from(Kind::Sms).is_some();
        if !can_text && service.sends_from(Kind::Voice).is_none() {
            return None;
        }
        Some(Notice {
            delivery: Arc::clone(&self.delivery),
            to,
            text: words(reported),
        })
    }
}

/// What is told to the operator's number.
struct Notice {
    delivery: Arc<Delivery>,
    to: Phone,
    text: String,
}

impl Notice {
    /// Tells it again and again until it was accepted, and gives up in the end.
    async fn tell_until_accepted(self, told: watch::Sender<bool>) {
        let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
        while !self.tell().await {
            metrics::counter!("frontdesk_fallback_failures_total").increment(1);
            if begun.elapsed() > TELL_FOR {
                tracing::error!(
                    "the fallback number could not be told of an emergency; it is not tried again"
                );
                return;
            }
            tracing::error!(
                retry_ms = pause.as_millis(),
                "the fallback number could not be told of an emergency"
            );
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        told.send_replace(true);
    }

    /// A text and a call, both at once; one that is accepted will do.
    async fn tell(&self) -> bool {
        let Some(service) = &self.delivery.telephony else {
            return false;
        };
        let (to, text) = (&self.to, &self.text);
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
                script: CallScript::Twiml(twiml::hang_up_after(text, Language::English)),
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
    format!(
        "EMERGENCY that the database did not take: {what}.{place}{back}{called} Nobody else has been told."
    )
}
