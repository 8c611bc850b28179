//! Every shape in which a message has been seen or documented, replayed as it stands: the reply has Vapi's type, the ids
//! of the message in its order, and words that show that the arguments arrived. Monday, 23 November 2026, 08:00 in Denver.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{Spoken, TestApp, Twilio};

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

/// A service that can reach no line, so that no test sends a command to the hosts in the messages.
async fn app() -> TestApp {
    TestApp::builder()
        .await
        .setting("--control-hosts", "127.0.0.1:1")
        .start()
        .await
}

/// A firm whose contacts can be paged.
async fn paging(twilio: &Twilio) -> TestApp {
    TestApp::builder()
        .await
        .twilio(twilio)
        .setting("--control-hosts", "127.0.0.1:1")
        .start()
        .await
}

/// Sends a message as it stands and returns its reply, which must be 200 and JSON.
async fn replay(app: &TestApp, name: &str) -> String {
    let body = fs::read(root().join(name).with_extension("json")).unwrap();
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

async fn visits(app: &TestApp) -> i64 {
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
    let app = app().await;

    for (name, calls) in TOOL_CALLS {
        assert_eq!(heard(&app, name).await.len(), calls.len(), "{name}");
    }
}

#[tokio::test]
async fn a_question_is_answered_alike_in_every_shape() {
    let app = app().await;
    app.database.run(BUSY_MORNING).await;

    let mut words = BTreeMap::<String, Vec<&str>>::new();
    for shape in MORNINGS {
        let heard = heard_once(&app, &format!("{CHECK}/{shape}")).await;
        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says("Tuesday, December first"),
            "{shape}: {}",
            heard.words
        );
        assert_eq!(heard.tokens(), LEFT, "{shape}");
        words.entry(heard.words).or_default().push(shape);
    }

    assert_eq!(words.len(), 1, "{words:?}");
}

#[tokio::test]
async fn the_older_form_of_a_tool_call_is_answered_with_a_bare_result() {
    let app = app().await;
    app.database.run(BUSY_MORNING).await;

    let reply = replied(&app, LEGACY).await;

    assert_eq!(reply.as_object().unwrap().len(), 1, "{reply}");
    let heard = Spoken::of(&reply);
    assert!(heard.says("Tuesday, December first"), "{}", heard.words);
    assert_eq!(heard.tokens(), LEFT);
    let newer = heard_once(&app, "check_availability/object_arguments").await;
    assert_eq!(heard, newer);
}

#[tokio::test]
async fn a_number_among_the_arguments_counts_and_a_null_is_left_out() {
    let app = app().await;
    app.database.run(BUSY_MORNING).await;

    let heard = heard_once(&app, "check_availability/numbers_and_nulls_in_arguments").await;

    assert!(!heard.is_error, "{}", heard.words);
    assert!(heard.says("Tuesday, December first"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-12-01T13:00", "2026-12-01T14:00", "2026-12-01T16:00"],
        "ninety minutes do not fit in before one o'clock"
    );
}

#[tokio::test]
async fn a_question_without_arguments_is_asked_back_with_two_examples() {
    let app = app().await;

    for shape in SILENT {
        let heard = heard_once(&app, &format!("{CHECK}/{shape}")).await;
        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says(
                "For example, I have today at nine or tomorrow at eight. Which would you like?"
            ),
            "{shape}: {}",
            heard.words
        );
        assert_eq!(
            heard.tokens(),
            ["2026-11-23T09:00", "2026-11-24T08:00"],
            "{shape}"
        );
    }
}

#[tokio::test]
async fn a_call_that_stands_in_three_lists_is_answered_once() {
    let app = app().await;

    let long = heard_once(&app, "check_availability/long_call_in_three_lists").await;
    assert!(!long.is_error, "{}", long.words);
    assert!(long.says("Thursday, December third"), "{}", long.words);
    assert_eq!(
        long.tokens(),
        ["2026-12-03T12:00", "2026-12-03T13:00", "2026-12-03T14:00"]
    );

    let booked = heard_once(&app, "book_appointment/in_three_lists").await;
    assert!(booked.says("You're booked for"), "{}", booked.words);
    assert_eq!(visits(&app).await, 1);

    let halved = heard_once(&app, "check_availability/arguments_lost_in_one_list").await;
    assert!(!halved.is_error, "{}", halved.words);
    assert!(halved.says("Tuesday, December first"), "{}", halved.words);
    assert_eq!(
        halved.tokens(),
        ["2026-12-01T08:00", "2026-12-01T10:00", "2026-12-01T11:00"],
        "the booking at nine is seen"
    );
}

#[tokio::test]
async fn a_booking_is_the_same_row_in_every_shape() {
    for shape in REPAIRS {
        let app = app().await;

        let heard = heard_once(&app, &format!("{BOOK}/{shape}")).await;

        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says(
                "You're booked for Tuesday, December first, at nine: repair at 1208 Larkspur Court, Aurora, \
                 under the name Rosa Delgado."
            ),
            "{shape}: {}",
            heard.words
        );
        let row = app
            .database
            .object(
                "select scheduled_date, scheduled_time, duration_minutes, appointment_type, service_address,
                        service_description, customer_name, customer_phone, status
                 from appointments",
            )
            .await;
        assert_eq!(
            row,
            json!({
                "scheduled_date": "2026-12-01",
                "scheduled_time": "09:00:00",
                "duration_minutes": 60,
                "appointment_type": "repair",
                "service_address": "1208 Larkspur Court, Aurora",
                "service_description": "The water heater leaks.",
                "customer_name": "Rosa Delgado",
                "customer_phone": "+13035550142",
                "status": "confirmed",
            }),
            "{shape}"
        );
    }
}

#[tokio::test]
async fn a_booking_asked_again_under_a_new_id_is_one_visit() {
    let app = app().await;

    let first = heard_once(&app, "book_appointment/object_arguments").await;
    let again = heard_once(&app, "book_appointment/asked_again_under_a_new_id").await;

    assert!(first.says("You're booked for"), "{}", first.words);
    assert_eq!(first, again);
    assert_eq!(visits(&app).await, 1);
}

#[tokio::test]
async fn spanish_words_with_accents_arrive_whole() {
    let app = app().await;

    let heard = heard_once(&app, "book_appointment/spanish_arguments").await;

    assert!(!heard.is_error, "{}", heard.words);
    for part in [
        "martes veinticuatro de noviembre",
        "a las nueve,",
        "Begoña Núñez",
    ] {
        assert!(heard.says(part), "{}", heard.words);
    }
    let row = app
        .database
        .object("select scheduled_date, scheduled_time, customer_name, service_description from appointments")
        .await;
    assert_eq!(
        row,
        json!({
            "scheduled_date": "2026-11-24",
            "scheduled_time": "09:00:00",
            "customer_name": "Begoña Núñez",
            "service_description": "El calentador gotea 😟",
        })
    );
}

#[tokio::test]
async fn arguments_that_cannot_be_read_book_nothing_and_are_asked_for_again() {
    let app = app().await;

    for shape in [
        "malformed_arguments",
        "arguments_in_words",
        "arguments_as_a_list",
    ] {
        let heard = heard_once(&app, &format!("{BOOK}/{shape}")).await;
        assert!(heard.is_error, "{shape}: {}", heard.words);
        assert!(heard.says("say that again"), "{shape}: {}", heard.words);
    }

    assert_eq!(visits(&app).await, 0);
}

#[tokio::test]
async fn a_call_that_cannot_be_read_takes_none_of_its_neighbours_down() {
    let app = app().await;

    let heard = heard(&app, "messages/several_tool_calls").await;

    let [offered, booked, invented, unreadable] = heard.as_slice() else {
        panic!("four results are expected: {heard:?}");
    };
    assert!(
        !offered.is_error && offered.says("Tuesday, December first"),
        "{}",
        offered.words
    );
    assert!(
        !booked.is_error && booked.says("You're booked for Tuesday, December first"),
        "{}",
        booked.words
    );
    assert!(
        invented.is_error && invented.says("can't do that"),
        "{}",
        invented.words
    );
    assert!(
        unreadable.is_error && unreadable.says("say that again"),
        "{}",
        unreadable.words
    );
    assert_eq!(visits(&app).await, 1);
    let transfers: i64 = app
        .database
        .value("select count(*) from call_transfers")
        .await;
    assert_eq!(transfers, 0);
}

#[tokio::test]
async fn a_transfer_is_written_down_with_its_reason_in_every_shape() {
    for (shape, reason) in [
        ("object_arguments", true),
        ("flat_name_and_parameters", true),
        ("without_a_control_url", true),
        ("foreign_control_url", true),
        ("without_arguments", false),
    ] {
        let app = app().await;
        app.database.run(OFFICE).await;

        let heard = heard_once(&app, &format!("{TRANSFER}/{shape}")).await;

        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says("cannot put this call through"),
            "{shape}: {}",
            heard.words
        );
        let row = app.database.object("select * from call_transfers").await;
        assert_eq!(row["status"], "failed", "{shape}");
        assert_eq!(row["transfer_to"], "+13035550101", "{shape}");
        if reason {
            assert_eq!(
                row["reason"], "The caller wants to speak with a person about an invoice.",
                "{shape}"
            );
            assert_eq!(
                row["summary"], "Rosa Delgado asks about the invoice of last week.",
                "{shape}"
            );
        }
    }
}

#[tokio::test]
async fn an_emergency_reaches_the_contact_with_its_description_in_every_shape() {
    for (shape, description, urgency) in [
        (
            "object_arguments",
            "There is a strong smell of gas in the basement.",
            "critical",
        ),
        (
            "string_arguments",
            "There is a strong smell of gas in the basement.",
            "critical",
        ),
        (
            "declared_with_function_parameters",
            "There is a strong smell of gas in the basement.",
            "critical",
        ),
        (
            "spanish_string_arguments",
            "Se reventó una tubería y el agua está entrando a la casa.",
            "high",
        ),
    ] {
        let twilio = Twilio::start().await;
        twilio.expects_anything();
        let app = paging(&twilio).await;
        app.database.run(ON_CALL).await;

        let heard = heard_once(&app, &format!("{EMERGENCY}/{shape}")).await;

        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(heard.says("Dana Ruiz"), "{shape}: {}", heard.words);
        assert_eq!(
            heard.words.starts_with("Leave the building now"),
            urgency == "critical",
            "{shape}: {}",
            heard.words
        );
        let row = app
            .database
            .object("select urgency, message from emergency_incidents")
            .await;
        assert_eq!(row["urgency"], urgency, "{shape}");
        let message = row["message"].as_str().unwrap();
        assert!(message.contains(description), "{shape}: {message}");
    }
}

#[tokio::test]
async fn a_tool_without_a_name_and_an_empty_list_are_answered_all_the_same() {
    let app = app().await;

    let nameless = heard_once(&app, "messages/tool_call_without_a_name").await;
    assert!(nameless.is_error, "{}", nameless.words);
    assert!(nameless.says("can't do that"), "{}", nameless.words);

    assert_eq!(
        replied(&app, "messages/tool_calls_empty").await,
        json!({ "results": [] })
    );
}

#[tokio::test]
async fn a_message_that_names_no_call_is_nobodys_and_says_so() {
    let app = app().await;

    for name in [
        "messages/tool_calls_without_a_call",
        "messages/nulls_everywhere",
    ] {
        let heard = heard_once(&app, name).await;
        assert!(heard.is_error, "{name}: {}", heard.words);
        assert!(heard.says("not set up"), "{name}: {}", heard.words);
    }
}

#[tokio::test]
async fn a_notice_is_acknowledged_and_its_call_is_kept() {
    let app = app().await;

    for name in NOTICES {
        assert_eq!(replied(&app, name).await, json!({}), "{name}");
    }

    let calls = app
        .database
        .object(
            "select jsonb_object_agg(right(vapi_call_id, 2), call_status) as kept from call_logs",
        )
        .await;
    assert_eq!(
        calls["kept"],
        json!({
            "45": "ringing", "46": "ended", "47": "forwarding",
            "56": "ended", "57": "ended", "58": "ended", "59": "ended",
        })
    );
}

#[tokio::test]
async fn a_report_of_every_year_is_kept_with_its_transcript_and_its_length() {
    for (name, seconds) in [
        ("messages/end_of_call_report_2024", 63),
        ("messages/end_of_call_report_2026", 79),
    ] {
        let app = app().await;

        assert_eq!(replied(&app, name).await, json!({}));

        let row = app.database.object("select * from call_logs").await;
        assert_eq!(row["call_duration"], seconds, "{name}");
        let transcript = row["transcript"].as_str().unwrap();
        assert!(transcript.starts_with("AI: Thanks for calling"), "{name}");
        assert!(
            row["summary"].as_str().unwrap().contains("water heater"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_question_of_vapis_own_gets_its_own_reply() {
    let app = app().await;
    app.database.run(OFFICE).await;

    for name in [
        "messages/assistant_request_phone",
        "messages/assistant_request_sip",
    ] {
        assert_eq!(
            replied(&app, name).await["assistantId"],
            "22222222-bbbb-4000-8000-000000000001",
            "{name}"
        );
    }
    let transfer = replied(&app, "messages/transfer_destination_request").await;
    assert_eq!(transfer.as_object().unwrap().len(), 1, "{transfer}");
    assert_eq!(transfer["destination"]["type"], "number");
    assert_eq!(transfer["destination"]["number"], "+13035550101");
}
