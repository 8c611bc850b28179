//! The last resort while the database is away: the spool, and the operator's fallback number.
//!
//! The number is paged by whoever knows the providers (`jobs/run/fallback.rs`); a [`Notice`] requests it.

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
/// How long a caller waits to hear that the operator was paged; paging itself goes on.
const PAGE_WAIT: Duration = Duration::from_millis(1_500);
/// For how long the same emergency pages once: whoever says it again later needs help again.
const PAGED_FOR: Duration = Duration::from_mins(30);
/// How many are remembered; past that it begins anew, and somebody may be rung twice.
const MAX_PAGED: usize = 1_000;

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
    /// A provider accepted the page for the operator.
    pub is_told: bool,
    /// The operator is being paged: it goes on until a provider accepts it, or for ten minutes.
    pub is_being_told: bool,
}

/// A page for the fallback number, sent until a provider accepts it.
pub struct Notice {
    /// What it says.
    pub text: String,
    /// Set once it was accepted, dropped when it is given up.
    pub accepted: watch::Sender<bool>,
}

/// Whoever is behind the fallback number.
#[derive(Clone)]
struct Operator {
    notices: UnboundedSender<Notice>,
    paged: Arc<Mutex<HashMap<Key, Paging>>>,
}

/// A call, and what was said in it: a message that comes twice, or a model that asks again, rings nobody twice.
type Key = (Option<String>, String);

/// When paging began, and whether a provider accepted it.
type Paging = (Instant, watch::Receiver<bool>);

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
            paged: Arc::default(),
        });
        (Self { spool, operator }, Some(receiver))
    }

    /// Spools an emergency and pages the fallback number, both at once.
    pub async fn report(&self, emergency: &Emergency) -> Reported {
        let keeping = async {
            // What belongs to no organization could not be opened later either.
            emergency.cause != Cause::NobodysCall
                && self.keep(Kind::Emergency, emergency, emergency.at).await
        };
        let (is_spooled, paged) = join(keeping, self.tell(emergency)).await;
        Reported {
            is_spooled,
            ..paged
        }
    }

    /// Pages the fallback number, and waits a moment to know that a provider accepted it.
    pub async fn tell(&self, emergency: &Emergency) -> Reported {
        let Some(operator) = &self.operator else {
            return Reported::default();
        };
        let mut accepted = operator.page(emergency);
        let waited = timeout(PAGE_WAIT, accepted.wait_for(|is_accepted| *is_accepted)).await;
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
    /// Requests a page, unless it was sent or is being sent.
    fn page(&self, emergency: &Emergency) -> watch::Receiver<bool> {
        let mut paged = self.paged.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(emergency);
        if let Some((at, accepted)) = paged.get(&key)
            && at.elapsed() < PAGED_FOR
            // Else whoever was sending it has given up.
            && (*accepted.borrow() || accepted.has_changed().is_ok())
        {
            return accepted.clone();
        }
        if paged.len() >= MAX_PAGED {
            paged.clear();
        }
        let (sender, accepted) = watch::channel(false);
        paged.insert(key, (Instant::now(), accepted.clone()));
        let notice = Notice {
            text: emergency.notice(),
            accepted: sender,
        };
        if self.notices.send(notice).is_err() {
            tracing::error!("the fallback number is not paged any more: the service is stopping");
        }
        accepted
    }
}

fn key(emergency: &Emergency) -> Key {
    let origin = &emergency.origin;
    let call = origin.vapi_call_id.as_ref().or(origin.caller.as_ref());
    let words = match (emergency.cause, call) {
        // Whatever else is said in a call of no organization, the operator is paged once.
        (Cause::NobodysCall, Some(_)) => String::new(),
        _ => emergency.words.clone(),
    };
    (call.cloned(), words)
}
