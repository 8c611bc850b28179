//! A suspended organization's calls: emergencies are taken as ever and callers are put through to a person; everything else waits.

use std::sync::Arc;

use tokio::time::Instant;

use crate::{
    domain::language::Language,
    tools::{
        self, Answer, Background, Context, Request, check_emergency, flag_emergency, outage,
        transfer_call,
    },
};

/// Answers every request of one message, in order.
pub(super) async fn answers(
    context: &Arc<Context>,
    requests: &[Request],
    background: &Background,
) -> Vec<Answer> {
    let urgent: Vec<Request> = requests
        .iter()
        .filter(|request| is_taken(request))
        .cloned()
        .collect();
    let mut taken = tools::run_all(context, urgent, background)
        .await
        .into_iter();
    let arrived = Instant::now();
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let answer = if is_taken(request) {
            taken.next()
        } else {
            None
        };
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

/// Whether a tool works while its organization is suspended: what an emergency needs, and the way to a person.
fn is_taken(request: &Request) -> bool {
    matches!(
        request.name.as_str(),
        flag_emergency::NAME | check_emergency::NAME | transfer_call::NAME
    )
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
