//! The tools that a voice agent calls, one file a tool, and how their calls are answered.
//!
//! To add a tool: `tools/<tool>.rs` with its [`Tool`], `sql/queries/<tool>.sql`, one line in [`TOOLS`], its sheet and its tests.

pub mod appointment;
pub mod arguments;
mod beside;
pub mod book_appointment;
pub mod calendar;
pub mod cancel_appointment;
pub mod check_availability;
pub mod check_emergency;
pub mod confirmation;
pub mod context;
pub mod find_appointments;
pub mod flag_emergency;
pub mod found;
pub mod hold_slot;
pub mod idempotency;
pub mod lookup_customer;
pub mod meaning;
mod named;
mod note;
pub mod offer;
pub mod pending;
pub mod quote_service;
pub mod refusal;
pub mod reschedule_appointment;
pub mod service;
pub mod standing;
pub mod take_message;
pub mod tool;
pub mod transfer_call;
pub mod when;

#[cfg(test)]
mod golden;

use std::{cell::RefCell, collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use metrics::{Counter, Histogram};
use tokio::{runtime::Handle, sync::oneshot, time::Instant};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

pub use context::{Answer, Context, Failure, Outcome, Request};

use crate::{
    calls::journal::Entry,
    db::Priority,
    domain::language::Language,
    error::{Error, Result},
    outage::{Fallback, Origin},
};
use arguments::{Arguments, MissingArgument};
use tool::{Asked, Mode, Stopped, Tool};

/// All tools, by name.
pub static TOOLS: &[Tool] = &[
    book_appointment::TOOL,
    cancel_appointment::TOOL,
    check_availability::TOOL,
    check_emergency::TOOL,
    find_appointments::TOOL,
    flag_emergency::TOOL,
    hold_slot::TOOL,
    lookup_customer::TOOL,
    quote_service::TOOL,
    reschedule_appointment::TOOL,
    take_message::TOOL,
    transfer_call::TOOL,
];

/// The tool of a name; models invent others.
#[must_use]
pub fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// Whether a tool call may change something.
fn writes(request: &Request) -> bool {
    find(&request.name).is_some_and(|tool| tool.mode == Mode::Writes)
}

/// Whether a tool call changes something for somebody who may be in danger.
fn is_urgent(request: &Request) -> bool {
    writes(request) && find(&request.name).is_some_and(|tool| tool.priority == Priority::Emergency)
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
/// They run one after another, so that a read tells what the writes before it left, and nothing of those behind it, and that "the second one"
/// counts from what was offered last; only what is urgent goes ahead of what is read right before it. What has no answer at the deadline is
/// answered with an honest sentence; a write goes on in the background and saves its answer, so that a later repeat is told what came of it.
pub async fn run_all(
    context: &Arc<Context>,
    requests: &[Arc<Request>],
    background: &Background,
) -> Vec<Answer> {
    if !requests.iter().any(|request| writes(request)) {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            answers.push(read(context, request).await);
        }
        return answers;
    }
    let mut turn = 0;
    let (mut pending, answers): (Vec<_>, Vec<_>) = requests
        .iter()
        .map(|request| {
            // It waits for the writes before it, since an emergency marks what they booked, and so for what is read ahead of those.
            let is_urgent = is_urgent(request);
            let place = (turn, !is_urgent);
            turn += usize::from(writes(request) && !is_urgent);
            let (sender, receiver) = oneshot::channel();
            let pending = (place, Arc::clone(request), sender);
            (pending, awaited(context, request, receiver))
        })
        .unzip();
    pending.sort_by_key(|(place, ..)| *place);
    let context = Arc::clone(context);
    let work = async move {
        for (_, request, sender) in pending {
            let answer = if writes(&request) {
                run(&context, &request).await
            } else {
                read(&context, &request).await
            };
            // Nobody waits any more when the deadline has passed; the answer is saved for the repeat.
            drop(sender.send(answer));
        }
    };
    background
        .tasks
        .spawn_on(work.in_current_span(), &background.runtime);
    join_all(answers).await
}

/// The answer of a tool that reads, or that it is late.
async fn read(context: &Context, request: &Request) -> Answer {
    let begun = Instant::now();
    let answer = tokio::time::timeout_at(context.deadline, run(context, request)).await;
    answer.unwrap_or_else(|_elapsed| {
        let late = stopped(context, request, &Error::Deadline);
        note(context, request, &late, begun.elapsed());
        late
    })
}

/// The answer of a tool that runs in the background, or that it is late.
async fn awaited(
    context: &Context,
    request: &Request,
    answer: oneshot::Receiver<Answer>,
) -> Answer {
    match tokio::time::timeout_at(context.deadline, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => stopped(context, request, &Error::Abandoned),
        Err(_elapsed) if writes(request) => stopped(context, request, &Error::Deadline),
        // It is logged when its turn has come.
        Err(_elapsed) => refusal::stopped(request, &Error::Deadline, request.language(context)),
    }
}

/// Has what the database did not take recorded without it, where the tool can; its caller hears that.
pub async fn record_elsewhere(
    fallback: &Fallback,
    origin: &Origin,
    requests: &[Arc<Request>],
    answers: Vec<Answer>,
    now: DateTime<Utc>,
) -> Vec<Answer> {
    let heard = requests.iter().zip(answers).map(|(request, answer)| async {
        let tool = find(&request.name);
        match (answer.stopped_by, tool.and_then(|tool| tool.fallback)) {
            (Some(stopped_by), Some(record)) => {
                let stopped = Stopped {
                    request,
                    stopped_by,
                    origin,
                    fallback,
                    now,
                };
                record(stopped).await.unwrap_or(answer)
            }
            _ => answer,
        }
    });
    join_all(heard).await
}

/// Runs one tool, and records it.
async fn run(context: &Context, request: &Request) -> Answer {
    let begun = Instant::now();
    let answer = match dispatch_again(context, request).await {
        Ok(answer) => answer,
        Err(Failure::Missing(missing)) => {
            let language = context.language_of(request).await;
            asked(request, missing, language)
        }
        Err(Failure::Stopped(error)) => stopped(context, request, &error),
    };
    let unreadable = request.arguments.as_ref().map(arguments::unreadable);
    let answer = answer.with_unreadable(&unreadable.unwrap_or_default());
    let took = begun.elapsed();
    log(context, request, &answer, took);
    note(context, request, &answer, took);
    answer
}

/// Logs a tool call that was answered. Most only read: a line for each would cost as much as a part of the answer, and the call log has them.
fn log(context: &Context, request: &Request, answer: &Answer, took: Duration) {
    macro_rules! answered {
        ($level:ident) => {
            tracing::$level!(
                tool.name = request.logged_name(),
                tool.call_id = request.logged_id(),
                organization.id = %context.organization.id,
                tool.outcome = answer.outcome,
                duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                "answered a tool call"
            )
        };
    }
    if writes(request) {
        answered!(info);
    } else {
        answered!(debug);
    }
}

/// The question for an argument without which nothing can be done, behind what a caller in danger must do first.
///
/// It is no failure: for one Vapi would speak the words that are for an outage. Arguments that cannot be read at all are.
fn asked(request: &Request, missing: MissingArgument, language: Language) -> Answer {
    let answer = Answer::plain(Err(missing.say(language)), missing.label());
    if missing == MissingArgument::Arguments {
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
            Box::pin(dispatch(context, request)).await
        }
        done => done,
    }
}

async fn dispatch(context: &Context, request: &Request) -> Result<Answer, Failure> {
    let Some(arguments) = &request.arguments else {
        return Err(MissingArgument::Arguments.into());
    };
    let Some(tool) = find(&request.name) else {
        let words = refusal::unknown_tool(context.language_of(request).await);
        return Ok(Answer::plain(Err(words), "unknown_tool"));
    };
    let asked = Asked {
        tool,
        context,
        request,
        arguments: Arguments(arguments),
    };
    (tool.run)(asked).await
}

/// What a caller hears of a tool that was stopped; its cause goes to the log.
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
    refusal::stopped(request, error, language)
}

/// Counts a tool call and leaves it for the journal.
pub(crate) fn note(context: &Context, request: &Request, answer: &Answer, took: Duration) {
    // The caller has heard that it takes longer; what came of it is for the repeat.
    let is_late = writes(request) && Instant::now() >= context.deadline;
    count(request, answer, took);
    context.journal.write(Entry {
        organization: &context.organization,
        call: &context.call,
        tool_call_id: request.id.as_deref(),
        tool: request.logged_name(),
        outcome: answer.outcome,
        at: context.now,
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        offered: &answer.offered,
        arguments: request.arguments.as_ref(),
        unreadable: request.unreadable.as_deref(),
        reason: &answer.logged.reason,
        // What was stopped may still be taken up another way, and then the caller hears other words.
        answer: (answer.stopped_by.is_none() && !is_late).then(|| answer.spoken()),
        is_late,
        effects: &answer.logged.effects,
    });
}

/// Counts a tool call that was answered.
pub fn count(request: &Request, answer: &Answer, took: Duration) {
    // The model may invent names; as labels they would fill the metrics for ever.
    let label = find(&request.name).map_or("unknown", |tool| tool.name);
    let outcome = answer.outcome;
    SERIES.with_borrow_mut(|series| {
        let (calls, times) = series.entry((label, outcome)).or_insert_with(|| {
            (
                metrics::counter!("frontdesk_tool_calls_total", "tool" => label, "outcome" => outcome),
                metrics::histogram!("frontdesk_tool_duration_seconds", "tool" => label),
            )
        });
        calls.increment(1);
        times.record(took.as_secs_f64());
    });
}

/// Series by tool and outcome.
type Series = HashMap<(&'static str, &'static str), (Counter, Histogram)>;

thread_local! {
    /// They are looked up once: to find one by its labels takes longer than to count.
    static SERIES: RefCell<Series> = RefCell::default();
}
