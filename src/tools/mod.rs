//! The tools that a voice agent calls: one match on the name, one file a tool.
//!
//! To add a tool: `tools/<tool>.rs`, `sql/queries/<tool>.sql`, its tests, a line in [`dispatch`] or [`dispatch_write`], one in
//! [`described::ALL`], and one in [`mode`] if it changes anything.

pub mod arguments;
pub mod book_appointment;
pub mod calendar;
pub mod cancel_appointment;
pub mod check_availability;
pub mod check_emergency;
pub mod confirmation;
pub mod context;
pub mod definition;
pub mod described;
pub mod find_appointments;
pub mod flag_emergency;
pub mod found;
pub mod hold_slot;
pub mod lookup_customer;
pub mod meaning;
pub mod need;
pub mod offer;
pub mod once;
pub mod outage;
pub mod quote_service;
pub mod reschedule_appointment;
pub mod service;
pub mod standing;
pub mod take_message;
pub mod transfer_call;
pub mod visit;
pub mod when;

#[cfg(test)]
mod golden;

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::{Map, Value};
use tokio::{runtime::Handle, sync::oneshot, time::Instant};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

pub use context::{Answer, Context, Failure, Outcome, Request};

use crate::{
    calls::{
        journal::{Entry, Given},
        transfer::LAPSE,
    },
    db::{OrgTx, Params, Priority},
    domain::language::Language,
    error::{Error, Result},
};
use arguments::Arguments;
use need::Need;
use once::{Done, Key, once};

/// How a tool touches the world.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Changes nothing: runs beside others, and is given up when the deadline passes.
    Reads,
    /// Changes something: runs in sequence, and is finished even when the caller can no longer wait for it.
    Writes,
}

fn mode(name: &str) -> Mode {
    match name {
        book_appointment::NAME
        | cancel_appointment::NAME
        | flag_emergency::NAME
        | hold_slot::NAME
        | reschedule_appointment::NAME
        | take_message::NAME
        | transfer_call::NAME => Mode::Writes,
        _ => Mode::Reads,
    }
}

/// How urgent the work of a tool that changes something is.
fn priority(name: &str) -> Priority {
    match name {
        flag_emergency::NAME | transfer_call::NAME => Priority::Emergency,
        _ => Priority::Usual,
    }
}

/// Where work goes on that outlives the request.
#[derive(Clone, Debug)]
pub struct Background {
    /// The main runtime; a web worker's own ends with the worker.
    pub runtime: Handle,
    /// What must be finished before the service stops.
    pub tasks: TaskTracker,
}

/// Answers every request of one message, in order, within the deadline.
///
/// Reads run beside each other, writes one after another. What has no answer at the deadline is answered with an honest
/// sentence; a write goes on in the background and saves its answer, so that a later repeat is told what came of it.
pub async fn run_all(
    context: &Arc<Context>,
    requests: Vec<Request>,
    background: &Background,
) -> Vec<Answer> {
    let (begun, deadline) = (Instant::now(), context.deadline);
    let requests: Vec<Arc<Request>> = requests.into_iter().map(Arc::new).collect();
    let mut writes = Vec::new();
    let mut waiting = Vec::with_capacity(requests.len());
    for request in &requests {
        let (sender, receiver) = oneshot::channel();
        if mode(&request.name) == Mode::Writes {
            writes.push((Arc::clone(request), sender));
            waiting.push((Arc::clone(request), Some(receiver)));
        } else {
            waiting.push((Arc::clone(request), None));
        }
    }
    if !writes.is_empty() {
        let context = Arc::clone(context);
        let work = async move {
            for (request, sender) in writes {
                let answer = run(&context, &request).await;
                // Nobody waits any more when the deadline has passed; the answer is saved for the repeat.
                drop(sender.send(answer));
            }
        };
        background
            .tasks
            .spawn_on(work.in_current_span(), &background.runtime);
    }
    let answers = waiting.into_iter().map(|(request, receiver)| async move {
        let answer = match receiver {
            Some(receiver) => tokio::time::timeout_at(deadline, receiver)
                .await
                .map(|done| done.unwrap_or_else(|_| stopped(context, &request, &Error::Abandoned))),
            None => tokio::time::timeout_at(deadline, run(context, &request)).await,
        };
        answer.unwrap_or_else(|_| {
            let late = stopped(context, &request, &Error::Deadline);
            if mode(&request.name) == Mode::Reads {
                note(context, &request, &late, begun.elapsed());
            }
            late
        })
    });
    join_all(answers).await
}

/// Runs one tool and writes it down.
async fn run(context: &Context, request: &Arc<Request>) -> Answer {
    let begun = Instant::now();
    // Its fields are in the line that is always written.
    let span = tracing::debug_span!(
        "tool",
        tool.name = request.logged_name(),
        tool.call_id = request.logged_id(),
        organization.id = %context.organization.id,
    );
    let answer = match dispatch_again(context, request)
        .instrument(span.clone())
        .await
    {
        Ok(answer) => answer,
        Err(Failure::Need(need)) => {
            let language = context.language_of(request).await;
            asked(request, need, language)
        }
        Err(Failure::Stopped(error)) => span.in_scope(|| stopped(context, request, &error)),
    };
    let unreadable = request.arguments.as_ref().map(arguments::unreadable);
    let answer = answer.with_unreadable(&unreadable.unwrap_or_default());
    let took = begun.elapsed();
    tracing::info!(
        tool.name = request.logged_name(),
        tool.call_id = request.logged_id(),
        organization.id = %context.organization.id,
        tool.outcome = answer.outcome,
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered a tool call"
    );
    note(context, request, &answer, took);
    answer
}

/// The question for an argument without which nothing can be done, behind what a caller in danger must do first.
///
/// It is no failure: for one Vapi would speak the words that are for an outage. Arguments that cannot be read at all are.
fn asked(request: &Request, need: Need, language: Language) -> Answer {
    let answer = Answer::plain(Err(need.say(language)), need.label());
    if need == Need::Arguments {
        return answer;
    }
    let answer = flag_emergency::safe(request, answer);
    Answer {
        words: answer.words.or_else(Ok),
        ..answer
    }
}

/// Runs a tool, and once more when the server undid its transaction because of another one.
async fn dispatch_again(context: &Context, request: &Request) -> Result<Answer, Failure> {
    match dispatch(context, request).await {
        Err(Failure::Stopped(error)) if error.is_conflict() => {
            tracing::warn!(error = error.chain(), "a tool call is done again");
            dispatch(context, request).await
        }
        done => done,
    }
}

/// The match on the name: a tool that only reads, or one that changes something.
async fn dispatch(context: &Context, request: &Request) -> Result<Answer, Failure> {
    let Some(given) = &request.arguments else {
        return Err(Need::Arguments.into());
    };
    let asked = (context, request);
    let read = Arguments(given);
    match request.name.as_str() {
        // Its statement brings the language of the caller along.
        check_availability::NAME => {
            let args = check_availability::Args::read(read);
            told(asked, check_availability::run(context, args).await?).await
        }
        check_emergency::NAME => told(asked, check_emergency::run(context).await?).await,
        find_appointments::NAME => {
            let args = find_appointments::Args::read(read);
            told(asked, find_appointments::run(context, args).await?).await
        }
        lookup_customer::NAME => told(asked, lookup_customer::run(context).await?).await,
        quote_service::NAME => {
            let args = quote_service::Args::read(read);
            told(asked, quote_service::run(context, args).await?).await
        }
        transfer_call::NAME => transfer(asked, transfer_call::Args::read(read)).await,
        name if mode(name) == Mode::Writes => dispatch_write(asked, given).await,
        _ => Ok(unknown(asked).await),
    }
}

/// The match on the name of a tool that changes something.
async fn dispatch_write(asked: Asked<'_>, given: &Map<String, Value>) -> Result<Answer, Failure> {
    let (context, request) = asked;
    let read = Arguments(given);
    match request.name.as_str() {
        book_appointment::NAME => {
            let args = book_appointment::Args::read(read);
            let refers = args.await_offer(context).await;
            write(
                asked,
                book_appointment::NAME,
                refers,
                async |tx, language| book_appointment::run(context, tx, args, language).await,
            )
            .await
        }
        cancel_appointment::NAME => {
            let args = cancel_appointment::Args::read(read);
            write(asked, cancel_appointment::NAME, false, async |tx, _| {
                cancel_appointment::run(context, tx, args).await
            })
            .await
        }
        flag_emergency::NAME => {
            let args = flag_emergency::Args::read(given);
            write(asked, flag_emergency::NAME, false, async |tx, language| {
                flag_emergency::run(context, tx, args, language).await
            })
            .await
        }
        hold_slot::NAME => {
            let args = hold_slot::Args::read(read);
            let refers = args.await_offer(context).await;
            write(asked, hold_slot::NAME, refers, async |tx, _| {
                hold_slot::run(context, tx, args).await
            })
            .await
        }
        reschedule_appointment::NAME => {
            let args = reschedule_appointment::Args::read(read);
            let refers = args.await_offer(context).await;
            write(
                asked,
                reschedule_appointment::NAME,
                refers,
                async |tx, _| reschedule_appointment::run(context, tx, args).await,
            )
            .await
        }
        take_message::NAME => {
            let args = take_message::Args::read(read);
            write(asked, take_message::NAME, false, async |tx, language| {
                take_message::run(context, tx, args, language).await
            })
            .await
        }
        _ => Ok(unknown(asked).await),
    }
}

/// The answer to a tool that there is not.
async fn unknown((context, request): Asked<'_>) -> Answer {
    let words = outage::unknown_tool(context.language_of(request).await);
    Answer::plain(Err(words), "unknown_tool")
}

type Asked<'a> = (&'a Context, &'a Request);

/// The answer to a tool that only reads.
async fn told((context, request): Asked<'_>, outcome: impl Outcome) -> Result<Answer, Failure> {
    let language = context.language_of(request).await;
    Ok(Answer::of(context, &outcome, language))
}

/// Does the work of a tool that changes something, once. What `refers` to an offer means something else after another offer, so that only
/// the same tool call is the same.
async fn write<O: Outcome>(
    (context, request): Asked<'_>,
    name: &'static str,
    refers: bool,
    work: impl AsyncFnOnce(&OrgTx, Language) -> Result<O, Failure>,
) -> Result<Answer, Failure> {
    let key =
        Key::of(context, name, request).map(|key| if refers { key.of_call_only() } else { key });
    let done = once(context, key.as_ref(), request, None, work).await?;
    Ok(match done {
        Done::Fresh(outcome) => Answer::of(context, &outcome, request.language(context)),
        Done::Repeated(answer) => answer,
    })
}

/// Hands a caller over: what is decided in the transaction is commanded after it, and the answer tells what came of that.
async fn transfer(
    (context, request): Asked<'_>,
    args: transfer_call::Args,
) -> Result<Answer, Failure> {
    let key = Key::of(context, transfer_call::NAME, request);
    // The words that were said of a transfer that has rung too long would promise a connection that nobody made.
    let lapse: Params<'_> = &[&context.organization.id, &context.call.vapi_call_id];
    let done = once(
        context,
        key.as_ref(),
        request,
        Some((&LAPSE, lapse)),
        async |transaction, language| {
            transfer_call::run(context, transaction, &args, language).await
        },
    );
    let outcome = match done.await? {
        Done::Repeated(answer) => return Ok(answer),
        Done::Fresh(outcome) => transfer_call::carry_out(context, outcome).await,
    };
    let language = request.language(context);
    if let Some(key) = &key
        && outcome.was_commanded()
        && let Err(error) = once::amend(context, key, &outcome, language).await
    {
        tracing::error!(error = error.chain(), "a saved answer could not be amended");
    }
    Ok(Answer::of(context, &outcome, language))
}

/// The honest sentence for a tool that was stopped; its cause goes to the log.
fn stopped(context: &Context, request: &Request, error: &Error) -> Answer {
    // Where too many ask at once a line for each would be one more load; they are counted.
    if !matches!(error, Error::Busy) {
        tracing::error!(
            tool.name = request.logged_name(),
            tool.call_id = request.logged_id(),
            organization.id = %context.organization.id,
            error.kind = error.label(),
            error = error.chain(),
            "a tool call was stopped"
        );
    }
    let language = request.language(context);
    Answer::stopped(request, error, language)
}

/// Counts a tool call and leaves it for the journal.
pub(crate) fn note(context: &Context, request: &Arc<Request>, answer: &Answer, took: Duration) {
    // The caller has heard that it takes longer; what came of it is for the repeat.
    let is_late = mode(&request.name) == Mode::Writes && Instant::now() >= context.deadline;
    count(request, answer, took);
    context.journal.write(Entry {
        organization: Arc::clone(&context.organization),
        call: Arc::clone(&context.call),
        tool_call_id: request.id.clone(),
        tool: request.name.chars().take(64).collect(),
        outcome: answer.outcome,
        at: context.now,
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        offered: answer.offered.clone(),
        given: Arc::clone(request) as Arc<dyn Given>,
        reason: answer.logged.reason.clone(),
        // What was stopped may still be taken up another way, and then the caller hears other words.
        answer: (answer.stopped_by.is_none() && !is_late).then(|| answer.spoken()),
        is_late,
        effects: answer.logged.effects.clone(),
    });
}

/// Counts a tool call that was answered.
pub fn count(request: &Request, answer: &Answer, took: Duration) {
    // The model may invent names; as labels they would fill the metrics for ever.
    let label = described::ALL
        .iter()
        .find(|tool| tool.name == request.name)
        .map_or("unknown", |tool| tool.name);
    metrics::counter!("frontdesk_tool_calls_total", "tool" => label, "outcome" => answer.outcome)
        .increment(1);
    metrics::histogram!("frontdesk_tool_duration_seconds", "tool" => label)
        .record(took.as_secs_f64());
}
