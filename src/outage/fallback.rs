//! The last resort while the database is away: the spool, and the operator's fallback number.
//!
//! The number is told by whoever knows the providers (`jobs/run/fallback.rs`); a [`Notice`] asks for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use futures_util::future::join;
use serde::Serialize;
use tokio::{
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        watch,
    },
    time::{Instant, timeout},
};

use super::{
    emergency::{Cause, Emergency},
    message::LeftMessage,
    spool::{Kind, Spool},
};

/// How long a caller waits for what is said to be written to the disk. A disk that is busy takes a second or two.
const SPOOL_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a caller waits to hear that the operator's number was told; the telling itself goes on.
const TELL_WAIT: Duration = Duration::from_millis(1_500);
/// For how long the same emergency is told once: whoever says it again later needs help again.
const TOLD_FOR: Duration = Duration::from_mins(30);
/// How many are remembered; past that it begins anew, and somebody may be rung twice.
const MAX_TOLD: usize = 1_000;

/// The spool and the fallback number, as far as they are set up.
#[derive(Clone)]
pub struct Fallback {
    spool: Option<Spool>,
    operator: Option<Operator>,
}

/// What could be done for an emergency without the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// It is spooled, and will be opened.
    pub is_spooled: bool,
    /// The operator's number was told.
    pub is_told: bool,
    /// The operator's number is being told, and goes on being told until it was or ten minutes have passed.
    pub is_being_told: bool,
}

/// A text for the fallback number, which is told until a provider accepts it.
pub struct Notice {
    /// What is told.
    pub text: String,
    /// Set once it was accepted, dropped when it is given up.
    pub told: watch::Sender<bool>,
}

/// Whoever is behind the fallback number.
#[derive(Clone)]
struct Operator {
    notices: UnboundedSender<Notice>,
    told: Arc<Mutex<HashMap<Key, Telling>>>,
}

/// A call, and what was said in it: a message that comes twice, or a model that asks again, rings nobody twice.
type Key = (Option<String>, String);

/// When telling began, and whether it was accepted.
type Telling = (Instant, watch::Receiver<bool>);

impl Fallback {
    /// What is set up, and the notices for the fallback number. Without a number, or an account that reaches it, there are none.
    #[must_use]
    pub fn new(
        spool: Option<Spool>,
        has_number: bool,
    ) -> (Self, Option<UnboundedReceiver<Notice>>) {
        if !has_number {
            let operator = None;
            return (Self { spool, operator }, None);
        }
        let (notices, receiver) = mpsc::unbounded_channel();
        let operator = Some(Operator {
            notices,
            told: Arc::default(),
        });
        (Self { spool, operator }, Some(receiver))
    }

    /// Spools an emergency and tells the fallback number, both at once.
    pub async fn report(&self, emergency: &Emergency) -> Reported {
        let keeping = async {
            // What belongs to no organization could not be opened later either.
            emergency.cause != Cause::NobodysCall
                && self.keep(Kind::Emergency, emergency, emergency.at).await
        };
        let (is_spooled, told) = join(keeping, self.tell(emergency)).await;
        Reported { is_spooled, ..told }
    }

    /// Tells the fallback number of an emergency, and waits a moment to know that it was told.
    pub async fn tell(&self, emergency: &Emergency) -> Reported {
        let Some(operator) = &self.operator else {
            return Reported::default();
        };
        let mut told = operator.tell(emergency);
        let waited = timeout(TELL_WAIT, told.wait_for(|is_told| *is_told)).await;
        Reported {
            is_spooled: false,
            is_told: matches!(&waited, Ok(Ok(_))),
            is_being_told: waited.is_err(),
        }
    }

    /// Spools a message; whether that was done.
    pub async fn keep_message(&self, message: &LeftMessage) -> bool {
        self.keep(Kind::Message, message, message.at).await
    }

    async fn keep(&self, kind: Kind, said: &impl Serialize, at: DateTime<Utc>) -> bool {
        let Some(spool) = &self.spool else {
            return false;
        };
        timeout(SPOOL_TIMEOUT, spool.keep(kind, at, said))
            .await
            .unwrap_or(false)
    }
}

impl Operator {
    /// Has an emergency told, unless it was or is being told.
    fn tell(&self, emergency: &Emergency) -> watch::Receiver<bool> {
        let mut tellings = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(emergency);
        if let Some((at, told)) = tellings.get(&key)
            && at.elapsed() < TOLD_FOR
            // Whoever was telling it has given up.
            && (*told.borrow() || told.has_changed().is_ok())
        {
            return told.clone();
        }
        if tellings.len() >= MAX_TOLD {
            tellings.clear();
        }
        let (sender, told) = watch::channel(false);
        tellings.insert(key, (Instant::now(), told.clone()));
        let notice = Notice {
            text: emergency.notice(),
            told: sender,
        };
        if self.notices.send(notice).is_err() {
            tracing::error!("the fallback number is not told any more: the service is stopping");
        }
        told
    }
}

fn key(emergency: &Emergency) -> Key {
    let origin = &emergency.origin;
    let call = origin.vapi_call_id.as_ref().or(origin.caller.as_ref());
    let words = match (emergency.cause, call) {
        // Whatever else is said in a call of no organization, its operator is told once.
        (Cause::NobodysCall, Some(_)) => String::new(),
        _ => emergency.words.clone(),
    };
    (call.cloned(), words)
}
