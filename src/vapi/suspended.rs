//! A suspended organization's calls: emergencies are taken as ever and callers are put through to a person; everything else waits.

use std::sync::Arc;

use tokio::time::Instant;

use crate::{
    domain::language::Language,
    tools::{self, Answer, Background, Context, Request, flag_emergency, outage},
};

/// Answers every request of one message, in order.
pub(super) async fn answers(
    context: &Arc<Context>,
    requests: &[Request],
    background: &Background,
) -> Vec<Answer> {
    let urgent: Vec<Request> = requests
        .iter()
        .filter(|request| runs(request))
        .cloned()
        .collect();
    let mut taken = tools::run_all(context, urgent, background)
        .await
        .into_iter();
    let arrived = Instant::now();
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let answer = if runs(request) { taken.next() } else { None };
        answers.push(if let Some(answer) = answer {
            answer
        } else {
            let answer = refused(request, context.language_of(request).await);
            tools::note(
                context,
                &Arc::new(request.clone()),
                &answer,
                arrived.elapsed(),
            );
            answer
        });
    }
    answers
}

fn runs(request: &Request) -> bool {
    tools::find(&request.name).is_some_and(|tool| tool.runs_when_suspended)
}

/// What the caller hears, behind what a caller in danger must do first. It is no failure: for one Vapi would speak the words that are for
/// an outage.
fn refused(request: &Request, language: Language) -> Answer {
    let answer = Answer::plain(Err(outage::suspended(language)), "suspended");
    let answer = flag_emergency::safe(request, answer);
    Answer {
        words: answer.words.or_else(Ok),
        ..answer
    }
}
