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

use super::Runner;
use crate::{
    calls::{
        message::LeftMessage,
        spool::{self, Spool},
    },
    domain::speech,
    escalation::reserve::{Alarmed, Cause, Reported, Reserve},
};

/// The most characters of a caller's words.
const MAX_WORDS: usize = 200;

/// How long a caller waits for what is said to be written to the disk.
const SPOOL_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a caller waits to hear that the operator's number was told; the telling itself goes on.
const TELL_WAIT: Duration = Duration::from_millis(1_500);
/// For how long telling is tried: later the text would come when the call is long over.
const TELL_FOR: Duration = Duration::from_mins(10);
/// The first and the longest pause between two tries.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// The operator's number and the folder in which is kept what callers say.
pub struct ReserveLine {
    /// What sends.
    pub runner: Arc<Runner>,
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
const MAX_TOLD: usize = 1_000;

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
        if told.len() >= MAX_TOLD {
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
            // First what outlives the process. What belongs to no organization could not be opened later either.
            let is_kept = reported.cause != Cause::NobodysCall
                && timeout(SPOOL_TIMEOUT, self.keep(reported))
                    .await
                    .unwrap_or(false);
            Alarmed {
                is_kept,
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
        self.runner.can_reach_fallback().then(|| Notice {
            runner: Arc::clone(&self.runner),
            text: words(reported),
        })
    }
}

/// What is told to the operator's number.
struct Notice {
    runner: Arc<Runner>,
    text: String,
}

impl Notice {
    /// Tells it again and again until it was accepted, and gives up in the end.
    async fn tell_until_accepted(self, told: watch::Sender<bool>) {
        let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
        while !self.runner.tell_fallback(&self.text).await {
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
            pause = (pause * 2).min(MAX_PAUSE);
        }
        told.send_replace(true);
    }
}

fn words(reported: &Reported) -> String {
    let what = speech::quoted(&reported.words, MAX_WORDS);
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
        Cause::Outage => "that the database did not take",
        Cause::NobodysCall => "on a number that is not set up",
        Cause::TooMany => "among too many tool calls at once",
    };
    speech::single_stops(&format!(
        "EMERGENCY {why}: {what}.{place}{back}{called} Nobody else has been told."
    ))
}
