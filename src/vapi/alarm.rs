//! An emergency or a message that could not be taken down, because the database is away or slow.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{
    desk::{Desk, Sender, call},
    message::CallFacts,
};
use crate::{
    calls::{message::LeftMessage, spool::Origin},
    domain::language::Language,
    oncall::reserve::Reported,
    tools::{Answer, Request, flag_emergency, take_message},
};

/// How long the last line may take: the caller has waited already, and Vapi waits for twenty seconds.
pub(super) const ALARM: Duration = Duration::from_secs(5);

impl Desk {
    /// What could not be taken down goes another way, and its caller hears that.
    pub(super) async fn alarmed(
        &self,
        sender: Sender,
        facts: &CallFacts,
        requests: &[Request],
        answers: Vec<Answer>,
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let mut heard = Vec::with_capacity(answers.len());
        for (request, answer) in requests.iter().zip(answers) {
            let language = request.language_of_words();
            if !matches!(answer.outcome, "unreachable" | "late") {
                heard.push(answer);
                continue;
            }
            let proven_for = match sender {
                Sender::Service => None,
                Sender::Organization(id) => Some(id),
            };
            let origin = Origin::of(&call(facts), facts.phone_number_id.clone(), proven_for);
            let instead = match flag_emergency::reported(request, origin.clone(), language, now) {
                Some(reported) => self.alarm(request, &reported, language).await,
                None => match take_message::left(request, origin, language, now) {
                    Some(message) => self.keep_message(&message, language).await,
                    None => None,
                },
            };
            heard.push(instead.unwrap_or(answer));
        }
        heard
    }

    async fn alarm(
        &self,
        request: &Request,
        reported: &Reported,
        language: Language,
    ) -> Option<Answer> {
        let raised = tokio::time::timeout(ALARM, self.reserve.alarm(reported)).await;
        flag_emergency::alarmed(request, raised.unwrap_or_default(), language)
    }

    async fn keep_message(&self, message: &LeftMessage, language: Language) -> Option<Answer> {
        let kept = tokio::time::timeout(ALARM, self.reserve.keep_message(message)).await;
        kept.unwrap_or_default()
            .then(|| take_message::kept(language))
    }
}
