//! `take_message`: leaves the staff a message from the caller, and the number to call back.
//!
//! Writes, once a tool call: a task of the organization's staff.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    arguments,
    context::{Context, Failure, Outcome as Spoken},
    definition::Definition,
    need::Need,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{
        language::Language,
        phone::{Phone, PhoneProblem},
        speech::Speech,
    },
    sql,
};

/// The tool's name.
pub const NAME: &str = "take_message";

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Leaves the office a message from the caller, with the number to call back. Call it when \
        the caller wants something that no other tool does, or would rather be called.",
    start: ["Let me write that down.", "Lo apunto."],
    parameters: || schemars::schema_for!(Args),
    required: &["message"],
};

const QUERY: Sql = sql!("add_staff_task", [UUID, TEXT, TEXT, TEXT, TEXT, JSONB]);

/// What the model gives.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Args {
    /// What the caller wants to be told or asked, in a sentence or two.
    #[serde(
        default,
        alias = "reason",
        alias = "summary",
        deserialize_with = "arguments::text"
    )]
    message: Option<String>,
    /// Who the message is from.
    #[serde(default, alias = "name", deserialize_with = "arguments::text")]
    customer_name: Option<String>,
    /// Where to call back; the caller's own number if left out.
    #[serde(default, alias = "phone", deserialize_with = "arguments::text")]
    customer_phone: Option<String>,
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The staff has the message.
    Taken(Uuid),
}

/// Leaves the message, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Need`] without a message or a number; [`Failure::Stopped`] when the database fails.
pub async fn run(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
    language: Language,
) -> Result<Outcome, Failure> {
    let message = args.message.as_deref().ok_or(Need::Message)?;
    let phone = match args.customer_phone.as_deref().map(Phone::parse) {
        Some(Ok(phone)) => phone,
        Some(Err(PhoneProblem::Missing)) | None => {
            context.call.caller.clone().ok_or(Need::Phone)?
        }
        Some(Err(_)) => return Err(Need::WholePhone.into()),
    };
    let summary = match &args.customer_name {
        Some(name) => format!("Call back {name}: {message}"),
        None => format!("Call back: {message}"),
    };
    let metadata = json!({ "customer_name": args.customer_name, "language": language.code() });
    let params: Params<'_> = &[
        &context.organization.id,
        &"callback",
        &summary,
        &phone.as_str(),
        &context.call.vapi_call_id,
        &metadata,
    ];
    let rows = transaction.query(&QUERY, params).await?;
    let row = rows
        .first()
        .ok_or_else(|| QUERY.shape()("no row came back"))?;
    Ok(Outcome::Taken(row.try_get(0).map_err(QUERY.shape())?))
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        Speech::new(match language {
            Language::English => {
                "I have left your message for the office. Someone will call you back."
            }
            Language::Spanish => "Dejé su recado en la oficina. Le devolverán la llamada.",
        })
    }

    fn label(&self) -> &'static str {
        "taken"
    }

    fn succeeded(&self) -> bool {
        true
    }

    fn effect(&self) -> Option<Uuid> {
        let Self::Taken(task) = self;
        Some(*task)
    }
}
