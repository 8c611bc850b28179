//! An emergency or a message that could not be recorded, because the database is away, slow, or fails.

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use super::{
    dispatch::{Principal, VapiState, call},
    message::CallFacts,
};
use crate::{
    calls::spool::Origin,
    error::Kind,
    tools::{Answer, Request, flag_emergency, take_message},
};

impl VapiState {
    /// What could not be recorded, whatever the reason, goes another way, and its caller hears that.
    pub(super) async fn alarmed(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Request],
        answers: Vec<Answer>,
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        if answers.iter().all(|answer| answer.stopped_by.is_none()) {
            return answers;
        }
        let proven_for = match principal {
            Principal::Service => None,
            Principal::Organization(id) => Some(id),
        };
        let origin = Origin::of(&call(facts), facts.phone_number_id.clone(), proven_for);
        let heard = requests.iter().zip(answers).map(|(request, answer)| {
            let origin = origin.clone();
            async move {
                let Some(kind) = answer.stopped_by else {
                    return answer;
                };
                let instead = self.instead(request, kind, origin, now).await;
                instead.unwrap_or(answer)
            }
        });
        join_all(heard).await
    }

    async fn instead(
        &self,
        request: &Request,
        kind: Kind,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> Option<Answer> {
        let language = request.language_of_words();
        let reported = flag_emergency::reported(request, origin.clone(), language, now);
        if let Some(reported) = reported {
            let alarmed = match kind {
                // Opened later it would be refused again: the call is another organization's.
                Kind::Foreign => self.reserve.tell(&reported).await,
                _ => self.reserve.alarm(&reported).await,
            };
            return flag_emergency::alarmed(request, alarmed, language);
        }
        let message = take_message::left(request, origin, language, now)?;
        let is_kept = kind != Kind::Foreign && self.reserve.keep_message(&message).await;
        is_kept.then(|| take_message::kept(language))
    }
}
