//! Tool calls for which no tool is run: an emergency among them is still told to the operator.

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{
    dispatch::{Principal, VapiState, call},
    message::CallFacts,
    route,
};
use crate::{
    calls::spool::Origin,
    error::Error,
    escalation::reserve::{Alarmed, Cause, Reported},
    tools::{self, Answer, Request, flag_emergency, outage},
};

/// How many reports of one message the operator is told together.
const MAX_TOGETHER: usize = 5;

impl VapiState {
    /// The answers in a call that belongs to no organization.
    pub(super) async fn answers_for_nobody(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Request],
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let (arrived, cause) = (Instant::now(), Cause::NobodysCall);
        let alarmed = self
            .alarm_at_once(principal, facts, requests, cause, now)
            .await;
        let answers = requests
            .iter()
            .map(|request| {
                let is_danger = request.danger().is_some();
                if request.name == flag_emergency::TOOL.name || is_danger {
                    return flag_emergency::alarmed_for_nobody(request, alarmed);
                }
                let words = outage::unknown_organization(request.language_of_words());
                Answer::plain(Err(words), "unknown_organization")
            })
            .collect();
        counted(requests, answers, arrived)
    }

    /// The answers in a call whose organization cannot be looked up, since the database is away or slow. Emergencies and messages among
    /// them then go the way that needs no database.
    pub(super) fn answers_in_an_outage(
        facts: &CallFacts,
        requests: &[Request],
        error: &Error,
        arrived: Instant,
    ) -> Vec<Answer> {
        route::not_found(facts, error);
        let answers = requests
            .iter()
            .map(|request| Answer::stopped(request, error, request.language_of_words()))
            .collect();
        counted(requests, answers, arrived)
    }

    /// The answers to more tool calls than are worked on at once.
    pub(super) async fn answers_to_too_many(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Request],
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let (arrived, cause) = (Instant::now(), Cause::TooMany);
        let alarmed = self
            .alarm_at_once(principal, facts, requests, cause, now)
            .await;
        let answers = requests
            .iter()
            .map(|request| {
                let language = request.language_of_words();
                let is_emergency = request.name == flag_emergency::TOOL.name;
                is_emergency
                    .then(|| flag_emergency::alarmed(request, alarmed, language))
                    .flatten()
                    .unwrap_or_else(|| Answer::plain(Err(outage::too_many(language)), "too_many"))
            })
            .collect();
        counted(requests, answers, arrived)
    }

    /// Tells the operator once of all emergencies in a message.
    async fn alarm_at_once(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Request],
        cause: Cause,
        now: DateTime<Utc>,
    ) -> Alarmed {
        let sent_by = match principal {
            Principal::Service => None,
            Principal::Organization(id) => Some(id),
        };
        let origin = Origin::of(&call(facts), facts.phone_number_id.clone(), sent_by);
        let together = requests
            .iter()
            .filter_map(|request| flag_emergency::reported_anyhow(request, origin.clone(), now))
            .take(MAX_TOGETHER)
            .reduce(|first, next| Reported {
                words: if first.words.contains(&next.words) {
                    first.words
                } else {
                    format!("{}. {}", first.words, next.words)
                },
                ..first
            });
        let Some(reported) = together.map(|reported| Reported { cause, ..reported }) else {
            return Alarmed::default();
        };
        self.reserve.alarm(&reported).await
    }
}

/// Counts answers for which no tool was run.
fn counted(requests: &[Request], answers: Vec<Answer>, arrived: Instant) -> Vec<Answer> {
    for (request, answer) in requests.iter().zip(&answers) {
        tools::count(request, answer, arrived.elapsed());
    }
    answers
}
