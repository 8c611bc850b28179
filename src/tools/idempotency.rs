//! Idempotency: a tool call has one effect. Its answer is saved in the transaction that did the work, and a repeat gets it back.
//!
//! Two keys find a saved answer: the tool call's own id (the provider redelivers a message), and, for a success whose
//! effect still stands, the same tool with the same arguments in the same call (the model asks again under a new id).
//! Both hold for parallel deliveries too, because the tools of one call take a lock and work one after another.

use serde_json::{Value, json};

use super::{
    arguments,
    context::{Answer, Context, Failure, Logged, Outcome, Request},
    tool::Asked,
};
use crate::{
    calls::journal::Reason,
    db::{OrgTx, Params, Sql},
    domain::{language::Language, speech::Speech},
    error::{Error, Result},
    sql,
};

/// Begins, has the tools of one call work one after another, and looks for a saved answer.
pub const BEGIN: Sql = sql!(
    "begin_tool_call",
    [UUID, TEXT, TEXT, TEXT, TEXT, BYTEA, TEXT, BOOL]
);
/// Saves an answer.
pub const SAVE: Sql = sql!(
    "save_answer",
    [UUID, TEXT, TEXT, TEXT, BYTEA, BOOL, JSONB, UUID]
);
/// Saves an answer unless there is one, which comes back.
const KEEP: Sql = sql!(
    "save_first_answer",
    [UUID, TEXT, TEXT, TEXT, BYTEA, BOOL, JSONB, UUID, TEXT]
);

/// The id that Vapi gives to every function tool run by an assistant hook, so that it identifies none of them
/// (docs.vapi.ai, assistant hooks).
const HOOK_ID: &str = "hook-function-call";

/// The longest id that is taken as one, in bytes: providers' have up to some sixty, and a key must fit an index.
const MAX_ID: usize = 200;

/// Under what an answer is saved.
pub struct Key<'a> {
    /// The call.
    pub vapi_call_id: &'a str,
    /// The tool call.
    pub tool_call_id: String,
    /// The tool.
    pub tool: &'static str,
    /// What it was asked.
    pub digest: Vec<u8>,
}

/// What a tool's work came to.
pub enum Done<O> {
    /// The work was done now.
    Fresh(O),
    /// It had been done before: these are the words that were said then.
    Replayed(Answer),
}

impl<'a> Key<'a> {
    /// The key of a tool call; `None` when its message names no call, so that nothing can be told apart.
    #[must_use]
    pub fn of(context: &'a Context, tool: &'static str, request: &Request) -> Option<Self> {
        let vapi_call_id = context.call.vapi_call_id.as_deref()?;
        let digest = arguments::digest(tool, request.arguments.as_ref()?);
        let tool_call_id = match &request.id {
            Some(id) if id != HOOK_ID && id.len() <= MAX_ID => id.clone(),
            // The legacy message and hooks have no id of their own, and a text of any length is none: the arguments
            // identify the call.
            _ => format!("arguments:{}", hex::encode(&digest)),
        };
        Some(Self {
            vapi_call_id,
            tool_call_id,
            tool,
            digest,
        })
    }

    /// The same key, under which the same arguments in another tool call are another question.
    #[must_use]
    pub fn of_call_only(mut self) -> Self {
        self.digest.extend_from_slice(self.tool_call_id.as_bytes());
        self
    }
}

impl Asked<'_> {
    /// Does the work of a tool that changes something, once. What `refers` to an offer means something else after another offer, so that
    /// only the same tool call is the same.
    ///
    /// # Errors
    ///
    /// What `work` needs or what stopped it; nothing of it is kept then.
    pub async fn once<O: Outcome>(
        self,
        refers: bool,
        work: impl AsyncFnOnce(&OrgTx, Language) -> Result<O, Failure>,
    ) -> Result<Answer, Failure> {
        let key = Key::of(self.context, self.tool.name, self.request);
        let key = key.map(|key| if refers { key.of_call_only() } else { key });
        Ok(match once(self, key.as_ref(), work).await? {
            Done::Fresh(outcome) => {
                Answer::of(self.context, &outcome, self.request.language(self.context))
            }
            Done::Replayed(answer) => answer,
        })
    }
}

/// Does `work` in a transaction bound to the organization, unless its answer is saved already. The work is told in which language the
/// caller is answered, which is looked up with the saved answer.
///
/// # Errors
///
/// What `work` needs or what stopped it; nothing of it is kept then.
pub async fn once<O: Outcome>(
    asked: Asked<'_>,
    key: Option<&Key<'_>>,
    work: impl AsyncFnOnce(&OrgTx, Language) -> Result<O, Failure>,
) -> Result<Done<O>, Failure> {
    let (context, request) = (asked.context, asked.request);
    let binding = context.organization.binding(context.now);
    let database = context.database.with_priority(asked.tool.priority);
    let Some(key) = key else {
        let language = context.language_of(request).await;
        let work = database.transaction(&binding, async |transaction| {
            work(transaction, language).await
        });
        return Ok(Done::Fresh(work.await?));
    };
    let number = context.number_of_language();
    let asks_language = context.asks_language(request);
    let params: Params<'_> = &[
        &context.organization.id,
        &binding.at(),
        &key.vapi_call_id,
        &key.tool_call_id,
        &key.tool,
        &key.digest,
        &number,
        &asks_language,
    ];
    let (transaction, rows) = database.begin(&binding, &BEGIN, params).await?;
    let row = BEGIN.first(&rows)?;
    if let Some(answer) = BEGIN.get(row, "answer")? {
        transaction.commit().await?;
        return Ok(Done::Replayed(from_json(&answer)?));
    }
    if asks_language {
        let language: Option<&str> = BEGIN.get(row, "language")?;
        context.hear(language.and_then(Language::parse));
    }
    let language = request.language(context);
    match work(&transaction, language).await {
        Ok(outcome) => {
            commit(context, transaction, key, &outcome, language).await?;
            Ok(Done::Fresh(outcome))
        }
        Err(failure) => {
            // The first error is the one to report; a connection that cannot roll back is dropped.
            drop(transaction.roll_back().await);
            Err(failure)
        }
    }
}

/// Saves the answer of a tool call that changed nothing. If another delivery of it was answered meanwhile, that
/// answer stands.
///
/// # Errors
///
/// When the database fails; nothing is saved then.
pub async fn keep<O: Outcome>(
    context: &Context,
    key: &Key<'_>,
    outcome: O,
    language: Language,
) -> Result<Done<O>> {
    let answer = to_json(&Answer::of(context, &outcome, language));
    let binding = context.organization.binding(context.now);
    let params: Params<'_> = &[
        &context.organization.id,
        &key.vapi_call_id,
        &key.tool_call_id,
        &key.tool,
        &key.digest,
        &outcome.succeeded(),
        &answer,
        &outcome.effect(),
        &binding.at(),
    ];
    let rows = context.database.write(&binding, &KEEP, params).await?;
    let row = KEEP.first(&rows)?;
    let kept: Value = KEEP.get(row, "answer")?;
    Ok(if kept == answer {
        Done::Fresh(outcome)
    } else {
        Done::Replayed(from_json(&kept)?)
    })
}

/// Saves the answer with the work that it tells of.
async fn commit(
    context: &Context,
    transaction: OrgTx,
    key: &Key<'_>,
    outcome: &impl Outcome,
    language: Language,
) -> Result<()> {
    let mut saved = to_json(&Answer::of(context, outcome, language));
    let visits = outcome.visits();
    if let Some(saved) = saved.as_object_mut().filter(|_| !visits.is_empty()) {
        saved.insert("visits".to_owned(), json!(visits));
    }
    transaction
        .commit_with(
            &SAVE,
            &[
                &context.organization.id,
                &key.vapi_call_id,
                &key.tool_call_id,
                &key.tool,
                &key.digest,
                &outcome.succeeded(),
                &saved,
                &outcome.effect(),
            ],
        )
        .await
        .map(drop)
}

/// An answer as it is saved.
#[must_use]
pub fn to_json(answer: &Answer) -> Value {
    match &answer.words {
        Ok(words) => json!({ "result": words.as_str(), "note": answer.note }),
        Err(words) => json!({ "error": words.as_str(), "note": answer.note }),
    }
}

/// A saved answer.
///
/// # Errors
///
/// [`Error::Shape`] when it has no words.
pub fn from_json(saved: &Value) -> Result<Answer, Error> {
    let words = |name: &str| {
        saved
            .get(name)
            .and_then(Value::as_str)
            .map(Speech::new::<&str>)
    };
    let words = match (words("result"), words("error")) {
        (Some(result), _) => Ok(result),
        (None, Some(error)) => Err(error),
        (None, None) => return Err(BEGIN.shape()("a saved answer without words")),
    };
    let note = saved.get("note").and_then(Value::as_str);
    Ok(Answer {
        words,
        note: note.map(str::to_owned),
        outcome: "repeated",
        stopped_by: None,
        offered: Vec::new(),
        logged: Box::new(Logged::only(Reason::new("replayed"))),
    })
}
