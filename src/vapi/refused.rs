//! Tool calls for which no tool is run: an emergency among them is still told to the operator.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{VapiState, authenticate::Principal, message::CallFacts, route};
use crate::{
    domain::language::Language,
    error::Error,
    outage::{Cause, Emergency, Origin, Reported},
    tools::{self, Answer, Background, Context, Request, flag_emergency, refusal},
};

/// How many reports of one message the operator is told together.
const MAX_TOGETHER: usize = 5;

impl VapiState {
    /// The answers in a call that belongs to no organization.
    pub(super) async fn answers_for_nobody(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Arc<Request>],
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let (arrived, cause) = (Instant::now(), Cause::NobodysCall);
        let reported = self
            .report_at_once(principal, facts, requests, cause, now)
            .await;
        let answers = requests
            .iter()
            .map(|request| {
                let is_danger = request.danger().is_some();
                if request.name == flag_emergency::TOOL.name || is_danger {
                    return flag_emergency::say_reported_for_nobody(request, reported);
                }
                let words = refusal::unknown_organization(request.language_of_words());
                Answer::plain(Err(words), "unknown_organization")
            })
            .collect();
        counted(requests, answers, arrived)
    }

    /// The answers in a call whose organization cannot be looked up, since the database is away or slow. Emergencies and messages among
    /// them then go the way that needs no database.
    pub(super) fn answers_in_an_outage(
        facts: &CallFacts,
        requests: &[Arc<Request>],
        error: &Error,
        arrived: Instant,
    ) -> Vec<Answer> {
        route::not_found(facts, error);
        let answers = requests
            .iter()
            .map(|request| refusal::stopped(request, error, request.language_of_words()))
            .collect();
        counted(requests, answers, arrived)
    }

    /// The answers to more tool calls than are worked on at once.
    pub(super) async fn answers_to_too_many(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Arc<Request>],
        now: DateTime<Utc>,
    ) -> Vec<Answer> {
        let (arrived, cause) = (Instant::now(), Cause::TooMany);
        let reported = self
            .report_at_once(principal, facts, requests, cause, now)
            .await;
        let answers = requests
            .iter()
            .map(|request| {
                let language = request.language_of_words();
                let is_emergency = request.name == flag_emergency::TOOL.name;
                is_emergency
                    .then(|| flag_emergency::say_reported(request, reported))
                    .flatten()
                    .unwrap_or_else(|| Answer::plain(Err(refusal::too_many(language)), "too_many"))
            })
            .collect();
        counted(requests, answers, arrived)
    }

    /// Tells the operator once of all emergencies in a message.
    async fn report_at_once(
        &self,
        principal: Principal,
        facts: &CallFacts,
        requests: &[Arc<Request>],
        cause: Cause,
        now: DateTime<Utc>,
    ) -> Reported {
        let origin = origin(principal, facts);
        let together = requests
            .iter()
            .filter_map(|request| flag_emergency::emergency_in_any(request, &origin, now))
            .take(MAX_TOGETHER)
            .reduce(|first, next| Emergency {
                words: if first.words.contains(&next.words) {
                    first.words
                } else {
                    format!("{}. {}", first.words, next.words)
                },
                ..first
            });
        let Some(emergency) = together.map(|emergency| Emergency { cause, ..emergency }) else {
            return Reported::default();
        };
        self.fallback.report(&emergency).await
    }
}

/// The call, for what is recorded without the database.
pub(super) fn origin(principal: Principal, facts: &CallFacts) -> Origin {
    let credential_of = match principal {
        Principal::Service => None,
        Principal::Organization(id) => Some(id),
    };
    Origin::of(&facts.call(), facts.phone_number_id.clone(), credential_of)
}

/// Counts answers for which no tool was run.
fn counted(requests: &[Arc<Request>], answers: Vec<Answer>, arrived: Instant) -> Vec<Answer> {
    for (request, answer) in requests.iter().zip(&answers) {
        tools::count(request, answer, arrived.elapsed());
    }
    answers
}

/// Answers a suspended organization: emergencies are taken as ever and callers are put through to a person; everything else waits.
pub(super) async fn answers_of_suspended(
    context: &Arc<Context>,
    requests: &[Arc<Request>],
    background: &Background,
) -> Vec<Answer> {
    let urgent: Vec<Arc<Request>> = requests
        .iter()
        .filter(|request| runs_when_suspended(request))
        .cloned()
        .collect();
    let mut taken = tools::run_all(context, &urgent, background)
        .await
        .into_iter();
    let arrived = Instant::now();
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let answer = if runs_when_suspended(request) {
            taken.next()
        } else {
            None
        };
        answers.push(if let Some(answer) = answer {
            answer
        } else {
            let answer = suspended(request, context.language_of(request).await);
            tools::note(context, request, &answer, arrived.elapsed());
            answer
        });
    }
    answers
}

fn runs_when_suspended(request: &Request) -> bool {
    tools::find(&request.name).is_some_and(|tool| tool.runs_when_suspended)
}

/// What the caller hears, behind what a caller in danger must do first. It is no failure: for one Vapi would speak the words that are for
/// an outage.
fn suspended(request: &Request, language: Language) -> Answer {
    let answer = Answer::plain(Err(refusal::suspended(language)), "suspended");
    let answer = flag_emergency::safe(request, answer);
    Answer {
        words: answer.words.or_else(Ok),
        ..answer
    }
}
