//! Every message in `fixtures/vapi/` is understood as its name says.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use super::*;
use crate::vapi::tool_call::ArgumentsProblem;

const CHECK: &str = "check_availability";
const BOOK: &str = "book_appointment";
const TRANSFER: &str = "transfer_call";
const EMERGENCY: &str = "flag_emergency";

const NOT_JSON: Result<Value, ArgumentsProblem> = Err(ArgumentsProblem::NotJson);
const NOT_AN_OBJECT: Result<Value, ArgumentsProblem> = Err(ArgumentsProblem::NotAnObject);

fn understood(name: &str) -> Message {
    let path = root().join(name).with_extension("json");
    let body = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse(&body).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vapi"))
}

/// What is on disk, as `folder/name`.
fn on_disk() -> BTreeSet<String> {
    let folders = fs::read_dir(root()).unwrap();
    folders
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| {
            let path = file.unwrap().path().with_extension("");
            path.strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

type Call = (
    Option<&'static str>,
    &'static str,
    Result<Value, ArgumentsProblem>,
);

/// Fixtures of one tool in which it is called once with the same arguments, by file name and id.
fn alike(
    tool: &'static str,
    arguments: &Value,
    files: &[(&str, &'static str)],
) -> Vec<(String, Vec<Call>)> {
    let row = |(file, id): &(&str, &'static str)| {
        let call = (Some(*id), tool, Ok(arguments.clone()));
        (format!("{tool}/{file}"), vec![call])
    };
    files.iter().map(row).collect()
}

fn morning() -> Value {
    json!({"date": "2026-12-01", "time": "morning"})
}

fn repair() -> Value {
    json!({
        "customer_name": "Rosa Delgado", "customer_phone": "303-555-0142", "date": "2026-12-01", "time": "09:00",
        "appointment_type": "repair", "service_address": "1208 Larkspur Court, Aurora",
        "service_description": "The water heater leaks.", "duration_minutes": 60,
    })
}

fn invoice() -> Value {
    json!({
        "reason": "The caller wants to speak with a person about an invoice.", "urgency": "normal",
        "summary": "Rosa Delgado asks about the invoice of last week.",
    })
}

fn gas() -> Value {
    json!({
        "description": "There is a strong smell of gas in the basement.", "urgency": "critical",
        "service_address": "1208 Larkspur Court, Aurora", "callback_number": "303-555-0142",
    })
}

/// The calls of `check_availability`, but for the legacy message's.
fn check_calls() -> Vec<(String, Vec<Call>)> {
    let mixed = json!({"date": "2026-12-01", "time": null, "duration_minutes": 90});
    let later = json!({"date": "2026-12-03", "time": "afternoon", "duration_minutes": 60});
    let with_arguments = [
        ("object_arguments", "call_Hq3sYbT0mZr1vXkLw8JcNd2E"),
        ("string_arguments", "call_5VtLq0RkPz7yWdXn3BmAs9Ge"),
        ("arguments_encoded_twice", "call_twice_1"),
        ("only_in_tool_calls", "call_51kj"),
        ("flat_name_and_arguments", "call_flat_1"),
        ("flat_name_and_string_arguments", "call_flat_2"),
        ("flat_name_and_parameters", "call_flat_3"),
        ("function_and_parameters", "call_params_1"),
        ("declared_with_object_arguments", "call_declared_1"),
        ("declared_with_string_arguments", "call_declared_2"),
        ("declared_with_the_name_outside", "call_declared_3"),
        ("declared_with_function_parameters", "call_declared_4"),
        ("bare_message", "call_bare_1"),
        ("arguments_lost_in_one_list", "call_lost_1"),
    ];
    let without = [
        ("declared_with_a_schema_and_no_arguments", "call_declared_5"),
        ("arguments_missing", "call_none_1"),
        ("arguments_null", "call_none_2"),
        ("arguments_empty_text", "call_none_3"),
    ];
    [
        alike(CHECK, &morning(), &with_arguments),
        alike(CHECK, &json!({}), &without),
        alike(
            CHECK,
            &mixed,
            &[("numbers_and_nulls_in_arguments", "call_mixed_1")],
        ),
        alike(
            CHECK,
            &later,
            &[("long_call_in_three_lists", "call_Yb7cRt5VnMq2wXzKj9LsPd0A")],
        ),
    ]
    .concat()
}

/// The calls of `book_appointment`.
fn booking_calls() -> Vec<(String, Vec<Call>)> {
    let mut with_caller = repair();
    with_caller["caller_number"] = json!("+13035550142");
    let spanish = json!({
        "customer_name": "Begoña Núñez", "date": "martes", "time": "a las 9 de la mañana",
        "service_description": "El calentador gotea 😟", "language": "es",
    });
    let as_given = [
        ("object_arguments", "call_Wm6tEo1HcUq9zRfKx4TyLb7P"),
        (
            "asked_again_under_a_new_id",
            "call_Zk2dJp8NaVs5eYgMu3QiCh0R",
        ),
        ("string_arguments", "call_Lp4xGs8BnTa2uKdQv6ReZo1M"),
        ("in_three_lists", "call_three_1"),
        ("id_of_another_model", "toolu_01AbCdEfGhJkMnPqRsTuVwXy"),
        ("web_call_without_a_number", "call_web_1"),
        ("withheld_number", "call_withheld_1"),
    ];
    let odd = |file: &str, call: Call| (format!("{BOOK}/{file}"), vec![call]);
    [
        alike(BOOK, &repair(), &as_given),
        alike(
            BOOK,
            &with_caller,
            &[("static_parameters_beside_arguments", "call_static_1")],
        ),
        alike(BOOK, &spanish, &[("spanish_arguments", "call_es_1")]),
        vec![
            odd(
                "malformed_arguments",
                (Some("call_broken_1"), BOOK, NOT_JSON),
            ),
            odd(
                "arguments_in_words",
                (Some("call_broken_2"), BOOK, NOT_JSON),
            ),
            odd(
                "arguments_as_a_list",
                (Some("call_broken_3"), BOOK, NOT_AN_OBJECT),
            ),
            odd("without_an_id", (None, BOOK, Ok(repair()))),
        ],
    ]
    .concat()
}

/// The calls of the other tools.
fn urgent_calls() -> Vec<(String, Vec<Call>)> {
    let pipe = json!({
        "description": "Se reventó una tubería y el agua está entrando a la casa.", "urgency": "high",
    });
    let transfers = [
        ("object_arguments", "call_transfer_1"),
        ("flat_name_and_parameters", "call_transfer_2"),
        ("without_a_control_url", "call_transfer_4"),
        ("foreign_control_url", "call_transfer_5"),
    ];
    let emergencies = [
        ("object_arguments", "call_emergency_1"),
        ("string_arguments", "call_emergency_2"),
        ("declared_with_function_parameters", "call_emergency_3"),
    ];
    [
        alike(TRANSFER, &invoice(), &transfers),
        alike(
            TRANSFER,
            &json!({}),
            &[("without_arguments", "call_transfer_3")],
        ),
        alike(EMERGENCY, &gas(), &emergencies),
        alike(
            EMERGENCY,
            &pipe,
            &[("spanish_string_arguments", "call_emergency_4")],
        ),
    ]
    .concat()
}

/// The messages that are no plain call of one of our tools.
fn odd_messages() -> Vec<(String, Vec<Call>)> {
    let several = vec![
        (Some("call_s1"), CHECK, Ok(morning())),
        (Some("call_s2"), BOOK, Ok(repair())),
        (Some("call_s3"), "order_pizza", Ok(json!({"size": "large"}))),
        (Some("call_s4"), TRANSFER, NOT_JSON),
    ];
    let row = |file: &str, calls: Vec<Call>| (format!("messages/{file}"), calls);
    vec![
        row("several_tool_calls", several),
        row("tool_calls_empty", vec![]),
        row(
            "tool_call_without_a_name",
            vec![(Some("call_nameless_1"), "", Ok(morning()))],
        ),
        row(
            "tool_calls_without_a_call",
            vec![(Some("call_alone_1"), CHECK, Ok(morning()))],
        ),
        row(
            "nulls_everywhere",
            vec![(Some("call_nulls_1"), CHECK, Ok(json!({})))],
        ),
    ]
}

/// The tool calls of every message that carries some, but for the legacy message.
fn tool_calls() -> Vec<(String, Vec<Call>)> {
    [
        check_calls(),
        booking_calls(),
        urgent_calls(),
        odd_messages(),
    ]
    .concat()
}

fn status(status: &str, ended_reason: Option<&str>) -> Kind {
    Kind::StatusUpdate {
        status: status.to_owned(),
        ended_reason: ended_reason.map(str::to_owned),
    }
}

fn other(kind: &str) -> Kind {
    Kind::Other(kind.to_owned())
}

/// What every other message is, with all but the reports.
fn notices() -> Vec<(&'static str, Kind)> {
    vec![
        ("messages/status_update_ringing", status("ringing", None)),
        (
            "messages/status_update_in_progress",
            status("in-progress", None),
        ),
        (
            "messages/status_update_forwarding",
            status("forwarding", None),
        ),
        (
            "messages/status_update_ended",
            status("ended", Some("customer-ended-call")),
        ),
        ("messages/hang", other("hang")),
        ("messages/speech_update", other("speech-update")),
        ("messages/conversation_update", other("conversation-update")),
        (
            "messages/transcript_final",
            other("transcript[transcriptType=\"final\"]"),
        ),
        ("messages/unknown_type", other("weather-report")),
        (
            "messages/transfer_destination_request",
            Kind::TransferDestinationRequest,
        ),
        ("messages/assistant_request_phone", Kind::AssistantRequest),
        ("messages/assistant_request_sip", Kind::AssistantRequest),
    ]
}

const LEGACY: &str = "check_availability/legacy_function_call";

const REPORTS: [&str; 4] = [
    "messages/end_of_call_report_2024",
    "messages/end_of_call_report_2026",
    "messages/end_of_call_report_in_outline",
    "messages/end_of_call_report_web_call",
];

#[test]
fn no_fixture_is_left_out_of_these_tables() {
    let mut named: BTreeSet<String> = REPORTS.iter().map(ToString::to_string).collect();
    named.insert(LEGACY.to_owned());
    named.extend(tool_calls().into_iter().map(|(name, _)| name));
    named.extend(notices().iter().map(|(name, _)| (*name).to_owned()));
    assert_eq!(on_disk(), named);
}

#[test]
fn every_shape_of_a_tool_call_is_read() {
    for (name, expected) in tool_calls() {
        let Kind::ToolCalls(calls) = understood(&name).kind else {
            panic!("{name} is no tool-calls message");
        };
        let read: Vec<_> = calls
            .iter()
            .map(|call| {
                (
                    call.id.as_deref(),
                    call.name.as_str(),
                    call.arguments
                        .clone()
                        .map(Value::Object)
                        .map_err(|unreadable| unreadable.problem),
                )
            })
            .collect();
        assert_eq!(read, expected, "{name}");
    }
}

#[test]
fn the_legacy_message_is_a_call_without_an_id() {
    let Kind::FunctionCall(call) = understood(LEGACY).kind else {
        panic!("{LEGACY} is no function-call message");
    };
    assert_eq!((call.id, call.name.as_str()), (None, CHECK));
    assert_eq!(call.arguments.ok().map(Value::Object), Some(morning()));
}

#[test]
fn every_other_message_is_what_its_type_says() {
    for (name, expected) in notices() {
        assert_eq!(understood(name).kind, expected, "{name}");
    }
}

#[test]
fn a_call_is_known_by_what_its_message_says_of_it() {
    let facts = understood("check_availability/object_arguments").call;
    let id = "019ab1c4-7e00-7000-8000-000000000001";
    let text = |text: &str| Some(text.to_owned());
    let full = CallFacts {
        vapi_call_id: text(id),
        phone_number_id: text("11111111-aaaa-4000-8000-000000000001"),
        called_number: text("+13035550100"),
        assistant_id: text("22222222-bbbb-4000-8000-000000000001"),
        caller_number: text("+13035550142"),
        caller_name: None,
        control_url: text(&format!(
            "https://phone-call-websocket.example.vapi.ai/{id}/control"
        )),
        carrier: Some(Carrier {
            provider: "twilio".to_owned(),
            call_sid: text("CAfixture00000000000000000000001"),
            account_sid: text("ACfixture-not-an-account"),
        }),
    };
    assert_eq!(facts, full);
    assert_eq!(
        understood("messages/nulls_everywhere").call,
        CallFacts::default()
    );
    assert_eq!(
        understood("messages/tool_calls_without_a_call").call,
        CallFacts::default()
    );
    let web = understood("book_appointment/web_call_without_a_number").call;
    assert_eq!(
        (web.caller_number, web.called_number, web.phone_number_id),
        (None, None, None)
    );
    assert_eq!(web.assistant_id, full.assistant_id);
    let withheld = understood("book_appointment/withheld_number").call;
    assert_eq!(withheld.caller_number.as_deref(), Some("anonymous"));
    let sip = understood("messages/assistant_request_sip").call;
    assert_eq!(
        (sip.caller_number, sip.assistant_id),
        (full.caller_number, None)
    );
    assert_eq!(
        understood("transfer_call/without_a_control_url")
            .call
            .control_url,
        None
    );
    let repeated = understood("book_appointment/asked_again_under_a_new_id").call;
    assert_eq!(
        repeated,
        understood("book_appointment/object_arguments").call
    );
}

#[test]
fn a_call_id_belongs_to_one_story() {
    let mut ids = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for name in on_disk() {
        if let Some(id) = understood(&name).call.vapi_call_id
            && !ids.insert(id)
        {
            shared.insert(name);
        }
    }
    assert_eq!(shared.len(), 2, "{shared:?}");
}

fn report(name: &str) -> Report {
    match understood(name).kind {
        Kind::EndOfCallReport(report) => *report,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn a_report_of_2026_is_read_from_its_artifact() {
    let report = report("messages/end_of_call_report_2026");
    assert_eq!(report.ended_reason.as_deref(), Some("customer-ended-call"));
    assert_eq!(report.duration_seconds, Some(79));
    assert!(report.started_at.is_some() && report.ended_at > report.started_at);
    assert!(
        report
            .transcript
            .unwrap()
            .starts_with("AI: Thanks for calling")
    );
    assert!(report.summary.unwrap().contains("water heater"));
    assert!(report.recording_url.unwrap().ends_with("-mono.wav"));
    assert_eq!(report.success_evaluation.as_deref(), Some("true"));
    assert_eq!(report.structured_data.unwrap()["outcome"], "booked");
    assert_eq!(report.cost, Some(0.1183));
}

#[test]
fn a_report_of_2024_is_read_from_its_top_level() {
    let report = report("messages/end_of_call_report_2024");
    assert_eq!(report.duration_seconds, Some(63));
    assert!(
        report
            .transcript
            .unwrap()
            .starts_with("AI: Thanks for calling")
    );
    assert!(report.summary.unwrap().contains("water heater"));
    assert!(report.recording_url.unwrap().ends_with("-mono.wav"));
    assert_eq!(report.structured_data, None);
}

#[test]
fn a_report_of_a_web_call_has_the_length_of_its_conversation() {
    let report = report("messages/end_of_call_report_web_call");
    assert_eq!(report.duration_seconds, Some(20));
    assert_eq!((report.recording_url, report.summary), (None, None));
}

#[test]
fn a_report_in_outline_has_the_instants_of_its_call() {
    let report = report("messages/end_of_call_report_in_outline");
    assert_eq!(report.duration_seconds, Some(18));
    assert_eq!(report.recording_url, None);
    assert_eq!(report.structured_data.unwrap()["outcome"], "dropped");
}

#[test]
fn no_secret_and_nothing_personal_in_a_message_is_ever_shown() {
    let mut seen = 0;
    for name in on_disk() {
        let shown = format!("{:?}", understood(&name));
        for hidden in [
            "not-a-real",
            "5550142",
            "555-0142",
            "5550100",
            "Rosa",
            "Larkspur",
            "/control",
            ".wav",
        ] {
            assert!(!shown.contains(hidden), "{name}: {shown}");
        }
        seen += 1;
    }
    assert!(seen >= 60, "{seen} messages");
}

#[test]
fn a_long_call_makes_a_long_message() {
    let path = root().join("check_availability/long_call_in_three_lists.json");
    assert!(fs::metadata(path).unwrap().len() > 55_000);
}
