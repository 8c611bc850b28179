//! Every shape in which a message has been seen or documented, replayed as it stands: the reply has Vapi's type, the ids
//! of the message in its order, and words that show that the arguments arrived. Monday, 23 November 2026, 08:00 in Denver.

mod notices;
mod tools;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{Spoken, TestApp};

const CHECK: &str = "check_availability";
const BOOK: &str = "book_appointment";
const TRANSFER: &str = "transfer_call";
const EMERGENCY: &str = "flag_emergency";

/// What each message with tool calls must be answered with: the id and the tool of each result, in order.
const TOOL_CALLS: [(&str, &[(&str, &str)]); 47] = [
    (
        "check_availability/object_arguments",
        &[("call_Hq3sYbT0mZr1vXkLw8JcNd2E", CHECK)],
    ),
    (
        "check_availability/string_arguments",
        &[("call_5VtLq0RkPz7yWdXn3BmAs9Ge", CHECK)],
    ),
    (
        "check_availability/arguments_encoded_twice",
        &[("call_twice_1", CHECK)],
    ),
    (
        "check_availability/only_in_tool_calls",
        &[("call_51kj", CHECK)],
    ),
    (
        "check_availability/flat_name_and_arguments",
        &[("call_flat_1", CHECK)],
    ),
    (
        "check_availability/flat_name_and_string_arguments",
        &[("call_flat_2", CHECK)],
    ),
    (
        "check_availability/flat_name_and_parameters",
        &[("call_flat_3", CHECK)],
    ),
    (
        "check_availability/function_and_parameters",
        &[("call_params_1", CHECK)],
    ),
    (
        "check_availability/declared_with_object_arguments",
        &[("call_declared_1", CHECK)],
    ),
    (
        "check_availability/declared_with_string_arguments",
        &[("call_declared_2", CHECK)],
    ),
    (
        "check_availability/declared_with_the_name_outside",
        &[("call_declared_3", CHECK)],
    ),
    (
        "check_availability/declared_with_function_parameters",
        &[("call_declared_4", CHECK)],
    ),
    (
        "check_availability/declared_with_a_schema_and_no_arguments",
        &[("call_declared_5", CHECK)],
    ),
    ("check_availability/bare_message", &[("call_bare_1", CHECK)]),
    (
        "check_availability/arguments_missing",
        &[("call_none_1", CHECK)],
    ),
    (
        "check_availability/arguments_null",
        &[("call_none_2", CHECK)],
    ),
    (
        "check_availability/arguments_empty_text",
        &[("call_none_3", CHECK)],
    ),
    (
        "check_availability/arguments_lost_in_one_list",
        &[("call_lost_1", CHECK)],
    ),
    (
        "check_availability/numbers_and_nulls_in_arguments",
        &[("call_mixed_1", CHECK)],
    ),
    (
        "check_availability/long_call_in_three_lists",
        &[("call_Yb7cRt5VnMq2wXzKj9LsPd0A", CHECK)],
    ),
    (
        "book_appointment/object_arguments",
        &[("call_Wm6tEo1HcUq9zRfKx4TyLb7P", BOOK)],
    ),
    (
        "book_appointment/asked_again_under_a_new_id",
        &[("call_Zk2dJp8NaVs5eYgMu3QiCh0R", BOOK)],
    ),
    (
        "book_appointment/string_arguments",
        &[("call_Lp4xGs8BnTa2uKdQv6ReZo1M", BOOK)],
    ),
    ("book_appointment/in_three_lists", &[("call_three_1", BOOK)]),
    (
        "book_appointment/id_of_another_model",
        &[("toolu_01AbCdEfGhJkMnPqRsTuVwXy", BOOK)],
    ),
    ("book_appointment/without_an_id", &[("", BOOK)]),
    (
        "book_appointment/static_parameters_beside_arguments",
        &[("call_static_1", BOOK)],
    ),
    ("book_appointment/spanish_arguments", &[("call_es_1", BOOK)]),
    (
        "book_appointment/web_call_without_a_number",
        &[("call_web_1", BOOK)],
    ),
    (
        "book_appointment/withheld_number",
        &[("call_withheld_1", BOOK)],
    ),
    (
        "book_appointment/malformed_arguments",
        &[("call_broken_1", BOOK)],
    ),
    (
        "book_appointment/arguments_in_words",
        &[("call_broken_2", BOOK)],
    ),
    (
        "book_appointment/arguments_as_a_list",
        &[("call_broken_3", BOOK)],
    ),
    (
        "transfer_call/object_arguments",
        &[("call_transfer_1", TRANSFER)],
    ),
    (
        "transfer_call/flat_name_and_parameters",
        &[("call_transfer_2", TRANSFER)],
    ),
    (
        "transfer_call/without_arguments",
        &[("call_transfer_3", TRANSFER)],
    ),
    (
        "transfer_call/without_a_control_url",
        &[("call_transfer_4", TRANSFER)],
    ),
    (
        "transfer_call/foreign_control_url",
        &[("call_transfer_5", TRANSFER)],
    ),
    (
        "flag_emergency/object_arguments",
        &[("call_emergency_1", EMERGENCY)],
    ),
    (
        "flag_emergency/string_arguments",
        &[("call_emergency_2", EMERGENCY)],
    ),
    (
        "flag_emergency/declared_with_function_parameters",
        &[("call_emergency_3", EMERGENCY)],
    ),
    (
        "flag_emergency/spanish_string_arguments",
        &[("call_emergency_4", EMERGENCY)],
    ),
    (
        "messages/several_tool_calls",
        &[
            ("call_s1", CHECK),
            ("call_s2", BOOK),
            ("call_s3", "order_pizza"),
            ("call_s4", TRANSFER),
        ],
    ),
    ("messages/tool_calls_empty", &[]),
    (
        "messages/tool_call_without_a_name",
        &[("call_nameless_1", "")],
    ),
    (
        "messages/tool_calls_without_a_call",
        &[("call_alone_1", CHECK)],
    ),
    ("messages/nulls_everywhere", &[("call_nulls_1", CHECK)]),
];

/// The older form of a tool call, whose reply is a bare result.
const LEGACY: &str = "check_availability/legacy_function_call";

/// Messages that tell something and want nothing back.
const NOTICES: [&str; 13] = [
    "messages/status_update_ringing",
    "messages/status_update_in_progress",
    "messages/status_update_forwarding",
    "messages/status_update_ended",
    "messages/end_of_call_report_2024",
    "messages/end_of_call_report_2026",
    "messages/end_of_call_report_in_outline",
    "messages/end_of_call_report_web_call",
    "messages/hang",
    "messages/speech_update",
    "messages/conversation_update",
    "messages/transcript_final",
    "messages/unknown_type",
];

/// Messages with a reply of their own.
const QUESTIONS: [&str; 3] = [
    "messages/assistant_request_phone",
    "messages/assistant_request_sip",
    "messages/transfer_destination_request",
];

/// The shapes that ask for the morning of 1 December.
const MORNINGS: [&str; 14] = [
    "object_arguments",
    "string_arguments",
    "arguments_encoded_twice",
    "only_in_tool_calls",
    "flat_name_and_arguments",
    "flat_name_and_string_arguments",
    "flat_name_and_parameters",
    "function_and_parameters",
    "declared_with_object_arguments",
    "declared_with_string_arguments",
    "declared_with_the_name_outside",
    "declared_with_function_parameters",
    "bare_message",
    "arguments_lost_in_one_list",
];

/// The shapes that ask without any argument.
const SILENT: [&str; 4] = [
    "declared_with_a_schema_and_no_arguments",
    "arguments_missing",
    "arguments_null",
    "arguments_empty_text",
];

/// The shapes that book Rosa Delgado's repair at nine on 1 December, each in a call of its own.
const REPAIRS: [&str; 8] = [
    "object_arguments",
    "string_arguments",
    "in_three_lists",
    "id_of_another_model",
    "without_an_id",
    "static_parameters_beside_arguments",
    "web_call_without_a_number",
    "withheld_number",
];

/// Only an hour at eleven is left of the morning.
const BUSY_MORNING: &str = "
insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
    scheduled_time, duration_minutes, status)
select '0f0f0f0f-0000-4000-8000-000000000001', 'Someone', '+13035550199', 'repair', '2026-12-01', start, minutes, 'confirmed'
from (values (time '08:00', 180), (time '12:00', 60)) as taken (start, minutes)";

/// What is offered of that day to whoever asks for its morning.
const LEFT: [&str; 1] = ["2026-12-01T11:00"];

const DANA: &str = "+13035550103";

const ON_CALL: &str = "insert into emergency_contacts (organization_id, name, phone)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')";

const OFFICE: &str = "update organizations set transfer_phone_number = '+13035550101'";

/// Vapi's `ToolCallResult`, and nothing beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ToolCallResult {
    name: String,
    tool_call_id: String,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

/// Vapi's `ServerMessageResponseToolCalls`, and nothing beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolCallsResponse {
    results: Vec<ToolCallResult>,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vapi"))
}

/// What is on disk, as `folder/name`.
fn on_disk() -> BTreeSet<String> {
    fs::read_dir(root())
        .unwrap()
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| {
            let path = file.unwrap().path().with_extension("");
            let name = path.strip_prefix(root()).unwrap();
            name.to_str().unwrap().to_owned()
        })
        .collect()
}

/// What the ids of all calls begin with.
const CALLS: &str = "019ab1c4-7e00-7000-8000-";

/// Sends a message as it stands, but for the ids of the organization and of the call, and returns its reply, which must be 200 and JSON.
async fn replay(app: &TestApp, name: &str) -> String {
    let body = fs::read_to_string(root().join(name).with_extension("json")).unwrap();
    let id = app.organization_id.to_string();
    let body = app.database.own(&body).replace(CALLS, &id[..CALLS.len()]);
    let reply = app.post_raw(body).await;
    assert_eq!(reply.status(), 200, "{name}");
    assert_eq!(
        reply.headers()["content-type"],
        "application/json",
        "{name}"
    );
    reply.text().await.unwrap()
}

/// The reply to a message without tool calls.
async fn replied(app: &TestApp, name: &str) -> Value {
    serde_json::from_str(&replay(app, name).await).unwrap()
}

/// What the caller hears for each tool call, after the reply was held to Vapi's type and to the table.
async fn heard(app: &TestApp, name: &str) -> Vec<Spoken> {
    let reply = replay(app, name).await;
    let typed: ToolCallsResponse =
        serde_json::from_str(&reply).unwrap_or_else(|error| panic!("{name}: {error}: {reply}"));
    let results = serde_json::from_str::<Value>(&reply).unwrap()["results"].clone();
    for result in results.as_array().unwrap() {
        // The third is the only one of result and error: a null beside it would be a fourth.
        assert_eq!(result.as_object().unwrap().len(), 3, "{name}: {result}");
    }
    let (_, expected) = TOOL_CALLS.iter().find(|(file, _)| *file == name).unwrap();
    let answered: Vec<(&str, &str)> = typed
        .results
        .iter()
        .map(|result| (result.tool_call_id.as_str(), result.name.as_str()))
        .collect();
    assert_eq!(answered, *expected, "{name}");
    typed
        .results
        .into_iter()
        .map(|result| spoken(name, result))
        .collect()
}

/// The words of a result, which must be one line that can be spoken.
fn spoken(name: &str, result: ToolCallResult) -> Spoken {
    let (words, is_error) = match (result.result, result.error) {
        (Some(words), None) => (words, false),
        (None, Some(words)) => (words, true),
        _ => panic!("{name}: exactly one of result and error is expected"),
    };
    assert!(!words.trim().is_empty(), "{name} is answered in silence");
    assert!(
        !words.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')),
        "{name} is answered in more than a line: {words:?}"
    );
    Spoken { words, is_error }
}

/// What the caller hears for the only tool call of a message.
async fn heard_once(app: &TestApp, name: &str) -> Spoken {
    let mut all = heard(app, name).await;
    assert_eq!(all.len(), 1, "{name}");
    all.remove(0)
}

async fn appointments(app: &TestApp) -> i64 {
    app.database
        .value("select count(*) from appointments")
        .await
}

#[test]
fn every_message_on_disk_is_replayed() {
    let mut replayed: Vec<String> = TOOL_CALLS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(NOTICES.map(str::to_owned))
        .chain(QUESTIONS.map(str::to_owned))
        .collect();
    replayed.push(LEGACY.to_owned());

    assert_eq!(replayed.len(), 64);
    assert_eq!(on_disk(), replayed.into_iter().collect());
}

#[tokio::test]
async fn every_tool_call_is_answered_in_vapis_type_with_its_own_id_and_in_its_order() {
    let app = TestApp::shared().await;

    for (name, calls) in TOOL_CALLS {
        assert_eq!(heard(&app, name).await.len(), calls.len(), "{name}");
    }
}
