//! Pages the operator's fallback number from the service's own account.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep},
};
use tokio_util::task::TaskTracker;

use super::Runner;
use crate::{
    domain::language::Language,
    jobs::job::Kind,
    outage::Notice,
    twilio::{
        client::{CallScript, NewCall, NewMessage, Sender},
        twiml,
    },
};

/// How long such a message may wait at the carrier, in seconds.
const VALID_FOR_SECONDS: u32 = 600;
/// How long such a call rings, in seconds.
const RING_SECONDS: u32 = 30;

/// For how long it is retried: later the text would come when the call is long over.
const RETRY_FOR: Duration = Duration::from_mins(10);
/// The first and the longest pause between two tries.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// Sends every notice to the fallback number, each on its own, until nobody can post one any more.
pub async fn send_all(
    runner: Arc<Runner>,
    mut notices: UnboundedReceiver<Notice>,
    tasks: TaskTracker,
) {
    while let Some(notice) = notices.recv().await {
        let runner = Arc::clone(&runner);
        tasks.spawn(async move { runner.send_until_accepted(notice).await });
    }
}

impl Runner {
    /// Whether there is a fallback number and an account that can reach it.
    #[must_use]
    pub fn can_reach_fallback(&self) -> bool {
        self.fallback_number.is_some()
            && self.telephony.as_ref().is_some_and(|service| {
                [Kind::Sms, Kind::Voice]
                    .into_iter()
                    .any(|kind| service.sends_from(kind).is_some())
            })
    }

    /// Texts and calls the fallback number, both at once; whether one of them was accepted.
    pub(super) async fn page_fallback(&self, text: &str) -> bool {
        let (Some(to), Some(service)) = (&self.fallback_number, &self.telephony) else {
            return false;
        };
        let texting = async {
            let from = service.sends_from(Kind::Sms)?;
            let message = NewMessage {
                to: to.clone(),
                from,
                body: text.to_owned(),
                status_callback: None,
                validity_seconds: Some(VALID_FOR_SECONDS),
            };
            let sent = self.twilio.send_message(&service.account, &message);
            sent.await.ok()
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
                send_digits: None,
                machine_detection: None,
                timeout_seconds: Some(RING_SECONDS),
                time_limit_seconds: None,
            };
            self.twilio.place_call(&service.account, &call).await.ok()
        };
        let (texted, called) = futures_util::future::join(texting, calling).await;
        texted.is_some() || called.is_some()
    }

    /// Pages the fallback number until a provider accepts it, and gives up in the end.
    async fn send_until_accepted(&self, notice: Notice) {
        let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
        while !self.page_fallback(&notice.text).await {
            metrics::counter!("frontdesk_fallback_failures_total").increment(1);
            if begun.elapsed() > RETRY_FOR {
                tracing::error!("the fallback number could not be paged; it is not retried");
                return;
            }
            tracing::error!(
                retry_ms = pause.as_millis(),
                "the fallback number could not be paged"
            );
            sleep(pause).await;
            pause = (pause * 2).min(MAX_PAUSE);
        }
        notice.accepted.send_replace(true);
    }
}
