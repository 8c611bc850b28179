//! What the tool log keeps of a tool call: masked arguments, the reason, the words, what was set off.

use frontdesk::{domain::mask, tools};
use serde_json::{Value, json};

use crate::{
    call_command::asks,
    support::{Caller, TestApp, eventually, line::Line, operator::printed},
};

/// The entries of a call, once there are so many.
pub async fn log(app: &TestApp, caller: &Caller<'_>, entries: usize) -> Vec<Value> {
    let sql = format!(
        "select coalesce(jsonb_agg(t order by n), '[]') as used
         from call_logs, jsonb_array_elements(tools_used) with ordinality as u (t, n)
         where vapi_call_id = '{}'",
        caller.call_id
    );
    eventually(&format!("{entries} entries in the tool log"), async || {
        let used = app.database.object(&sql).await["used"].clone();
        let used = used.as_array().unwrap().clone();
        (used.len() >= entries).then_some(used)
    })
    .await
}

#[tokio::test]
async fn a_booking_is_logged_with_its_reason_its_words_and_its_appointment() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    let heard = caller
        .asks(
            "book_appointment",
            json!({
                "customer_name": "Rosa Marquez", "customer_phone": 3_035_550_103_u64, "date": "tomorrow", "time": "2pm",
                "service_address": { "street": "12 Elm Street", "city": "Denver" },
                "service_description": "Rosa says call 303 555 0103", "notes": ["Rosa Marquez", { "x": "rosa@example.com" }],
            }),
        )
        .await;
    assert!(heard.says("You're booked"), "{}", heard.words);

    let entry = log(&app, &caller, 1).await.remove(0);
    assert_eq!(entry["outcome"], "booked");
    assert_eq!(
        entry["arguments"],
        json!({
            "customer_name": "R. M.", "customer_phone": "...03", "date": "tomorrow", "time": "2pm",
            "service_address": { "city": "(1 word)", "street": "(3 words)" }, "service_description": "(6 words)",
            "notes": ["(2 words)", { "unknown_1": "(1 word)" }],
        })
    );
    assert_eq!(
        entry["reason"],
        json!({ "code": "booked", "detail": "2026-11-24T14:00" })
    );
    let words = entry["answer"].as_str().unwrap();
    assert!(heard.words.starts_with(words), "{words}");
    let appointment: uuid::Uuid = app.database.value("select id from appointments").await;
    assert_eq!(
        entry["effects"],
        json!([{ "kind": "appointment", "id": appointment }])
    );
    // Personal content is only where it expires, and is removed when a customer is forgotten.
    let mut rest = entry.clone();
    for key in ["arguments", "answer", "reason", "offered"] {
        rest.as_object_mut().unwrap().remove(key);
    }
    let rest = rest.to_string();
    for secret in ["Rosa", "Marquez", "0103", "Elm", "example"] {
        assert!(!rest.contains(secret), "{rest}");
        assert!(!entry["arguments"].to_string().contains(secret), "{entry}");
        assert!(!entry["reason"].to_string().contains(secret), "{entry}");
    }
}

#[tokio::test]
async fn the_reason_tells_of_refusals_questions_and_repeats_in_both_languages() {
    let app = TestApp::shared().await;
    app.database
        .run(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
                 scheduled_time)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Ruth', '+13035550199', 'repair', '2026-12-01', '09:00')",
        )
        .await;
    let caller = app.caller();
    let book =
        |date: &str| json!({ "customer_name": "María Núñez", "date": date, "language": "es" });

    caller
        .asks(
            "check_availability",
            json!({ "date": "el domingo", "language": "es" }),
        )
        .await;
    caller
        .asks(
            "check_availability",
            json!({ "date": "2026-12-01", "time": "a las nueve", "language": "es" }),
        )
        .await;
    let refused = caller
        .asks("book_appointment", book("2026-12-01T09:00"))
        .await;
    caller.asks("book_appointment", book("mañana")).await;
    caller
        .asks("book_appointment", json!({ "date": "2026-12-01T10:00" }))
        .await;
    caller
        .asks_as("twice", "book_appointment", book("2026-12-01T11:00"))
        .await;
    caller
        .asks("book_appointment", book("2026-12-01T11:00"))
        .await;
    caller
        .asks("cancel_appointment", json!({ "appointment": "2026-12-02" }))
        .await;
    caller.asks("send_flowers", json!({ "to": "Rosa" })).await;

    let entries = log(&app, &caller, 9).await;
    let reasons: Vec<String> = entries
        .iter()
        .map(|entry| {
            let reason = &entry["reason"];
            let parts = [&entry["tool"], &reason["code"], &reason["detail"]];
            let parts: Vec<&str> = parts.iter().filter_map(|part| part.as_str()).collect();
            parts.join(" ")
        })
        .collect();
    assert_eq!(
        reasons,
        [
            "check_availability closed 2026-11-29",
            "check_availability not_free 2026-12-01T09:00",
            "book_appointment taken 2026-12-01T09:00",
            "book_appointment question:hour 2026-11-24",
            "book_appointment question:name",
            "book_appointment booked 2026-12-01T11:00",
            "book_appointment replayed",
            "cancel_appointment none_then",
            "send_flowers unknown_tool",
        ]
    );
    assert_eq!(entries[0]["arguments"]["date"], "el domingo");
    assert_eq!(entries[0]["arguments"]["language"], "es");
    assert_eq!(entries[8]["arguments"], json!({ "unknown_1": "(1 word)" }));
    let answer = entries[2]["answer"].as_str().unwrap();
    assert!(
        answer.contains("ya está ocupado") && refused.words.starts_with(answer),
        "{answer}"
    );
    assert_eq!(entries[6]["effects"], Value::Null);
}

#[tokio::test]
async fn what_a_call_sets_off_is_named_by_kind() {
    let line = Line::shared(crate::support::line::Answers::Ok).await;
    let app = TestApp::shared().await;
    app.database
        .run("update organizations set transfer_phone_number = '+13035550101'")
        .await;
    let caller = app.caller().with_line(&line.control_url());

    caller
        .asks(
            "flag_emergency",
            json!({ "description": "I smell gas, Rosa Marquez" }),
        )
        .await;
    caller
        .asks("take_message", json!({ "message": "Rosa wants a quote" }))
        .await;
    caller
        .asks(
            "transfer_call",
            json!({ "reason": "wants a person", "urgency": "high" }),
        )
        .await;

    let entries = log(&app, &caller, 3).await;
    for (entry, (kind, table)) in entries.iter().zip([
        ("incident", "emergency_incidents"),
        (
            "task",
            "staff_tasks where kind = 'callback' or kind = 'question'",
        ),
        ("transfer", "call_transfers"),
    ]) {
        let ids: Vec<uuid::Uuid> = app
            .database
            .column(&format!("select id from {table}"))
            .await;
        let effects = entry["effects"].as_array().unwrap();
        assert_eq!(effects.len(), 1, "{entry}");
        assert_eq!(effects[0]["kind"], kind);
        assert!(
            ids.iter().any(|id| effects[0]["id"] == id.to_string()),
            "{entry}"
        );
    }
    assert_eq!(entries[0]["reason"]["detail"], "gas");
    assert_eq!(
        entries[2]["arguments"],
        json!({ "reason": "(3 words)", "urgency": "high" })
    );
}

#[tokio::test]
async fn what_is_done_after_the_deadline_is_logged_without_words_that_nobody_heard() {
    let app = TestApp::builder()
        .await
        .setting("--deadline-ms", "1500")
        .start()
        .await;
    // A machine that is busy may be late with the first call of all.
    eventually("the organization is known", async || {
        let heard = app.caller().asks("lookup_customer", json!({})).await;
        (!heard.is_error).then_some(())
    })
    .await;
    let caller = app.caller();
    let blocker = app.database.connect().await;
    blocker
        .batch_execute("begin; lock table appointments in exclusive mode")
        .await
        .unwrap();
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Rosa", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(!heard.says("booked for"), "{}", heard.words);
    blocker.batch_execute("rollback").await.unwrap();

    let entry = log(&app, &caller, 1).await.remove(0);
    assert_eq!(entry["outcome"], "booked");
    assert_eq!(entry["late"], true);
    assert_eq!(entry["effects"][0]["kind"], "appointment");
    assert_eq!(entry["answer"], Value::Null, "{entry}");
    let shown = printed(&asks(&app, &["call", "show", &caller.call_id]));
    assert!(shown.contains("(done after the deadline;"), "{shown}");
}

#[tokio::test]
async fn tool_calls_of_a_call_whose_row_is_held_wait_in_the_log_and_keep_no_other() {
    let app = TestApp::shared().await;
    let (caller, other) = (app.caller(), app.caller());
    caller.asks("lookup_customer", json!({})).await;
    log(&app, &caller, 1).await;
    let blocker = app.database.connect().await;
    blocker
        .batch_execute(&format!(
            "begin; select from call_logs where vapi_call_id = '{}' for update",
            caller.call_id
        ))
        .await
        .unwrap();

    caller.asks("check_emergency", json!({})).await;
    other.asks("check_emergency", json!({})).await;

    log(&app, &other, 1).await;
    let waiting: Vec<String> = app
        .database
        .column("select entry::jsonb ->> 'tool' from private.tool_log")
        .await;
    assert_eq!(waiting, ["check_emergency"]);
    blocker.batch_execute("rollback").await.unwrap();
    log(&app, &caller, 2).await;
}

#[tokio::test]
async fn tool_calls_are_added_soon_after_a_fold_that_had_to_wait() {
    let app = TestApp::builder().await.start().await;
    let (first, second) = (app.caller(), app.caller());
    let blocker = app.database.connect().await;
    blocker
        .batch_execute("begin; lock table call_logs in share mode")
        .await
        .unwrap();
    first.asks("lookup_customer", json!({})).await;
    eventually("the fold has waited for a second", async || {
        let waits: bool = app
            .database
            .value(
                "select exists (
                     select from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'
                         and clock_timestamp() - query_start > interval '1 second'
                 )",
            )
            .await;
        waits.then_some(())
    })
    .await;
    blocker.batch_execute("rollback").await.unwrap();
    log(&app, &first, 1).await;

    second.asks("lookup_customer", json!({})).await;
    log(&app, &second, 1).await;
}

/// Tool calls as the log has them before they are added to the calls' rows.
fn written(app: &TestApp, call: &str, entry: &str) -> String {
    format!(
        "select private.write_tool_log(array['{}'::uuid], array['{call}'], array[null], array['+13035550142'], array['{entry}']);",
        app.organization_id
    )
}

async fn used(app: &TestApp, call: &str) -> Vec<String> {
    app.database
        .column(&format!(
            "select t ->> 'tool' from call_logs, jsonb_array_elements(tools_used) with ordinality as u (t, n)
             where vapi_call_id = '{call}' order by n"
        ))
        .await
}

#[tokio::test]
async fn a_call_is_added_to_its_row_a_while_after_its_first_tool_call() {
    let app = TestApp::builder()
        .await
        .setting("--tool-log-seconds", "45")
        .start()
        .await;
    let fold = async |age: &str| {
        app.database
            .run(&format!(
                "select private.fold_tool_log(null, null, '{age}', 100)"
            ))
            .await;
    };
    app.database
        .run(
            &(written(&app, "one", r#"{"tool": "a"}"#) + &written(&app, "two", r#"{"tool": "b"}"#)),
        )
        .await;
    app.database
        .run("update private.tool_log set written_at = written_at - interval '2 minutes'")
        .await;
    app.database
        .run(
            &(written(&app, "two", r#"{"tool": "c"}"#)
                + &written(&app, "three", r#"{"tool": "d"}"#)),
        )
        .await;

    fold("1 minute").await;
    assert_eq!(used(&app, "one").await, ["a"]);
    assert_eq!(used(&app, "two").await, ["b", "c"]);
    assert_eq!(used(&app, "three").await, [""; 0]);
    fold("0").await;
    assert_eq!(used(&app, "three").await, ["d"]);
    let left: i64 = app
        .database
        .value("select count(*) from private.tool_log")
        .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn an_entry_that_the_row_refuses_keeps_no_other_out() {
    let app = TestApp::builder()
        .await
        .setting("--tool-log-seconds", "45")
        .start()
        .await;
    let long = format!("call-{}", "x".repeat(400));
    app.database
        .run(
            &(written(&app, "one", r#"{"tool": "a"}"#) + &written(&app, &long, r#"{"tool": "b"}"#)),
        )
        .await;

    let problems: Vec<String> = app
        .database
        .column("select problem from private.fold_tool_log(null, null, '0', 100) where problem is not null")
        .await;

    assert_eq!(problems, ["22001"]);
    assert_eq!(used(&app, "one").await, ["a"]);
}

#[tokio::test]
async fn a_tool_call_of_an_organization_that_was_deleted_meanwhile_goes_nowhere() {
    let app = TestApp::builder()
        .await
        .setting("--tool-log-seconds", "45")
        .start()
        .await;
    app.database
        .run(&format!(
            "{}
             select private.write_tool_log(
                 array['0f0f0f0f-0000-4000-8000-00000000dead'::uuid], '{{gone}}', '{{null}}', '{{unknown}}', array['{{\"tool\": \"b\"}}']
             )",
            written(&app, "one", r#"{"tool": "a"}"#)
        ))
        .await;

    let problems: Vec<Option<String>> = app
        .database
        .column("select problem from private.fold_tool_log(null, null, '0', 100)")
        .await;

    assert_eq!(problems, [None]);
    assert_eq!(used(&app, "one").await, ["a"]);
    let left: i64 = app
        .database
        .value("select (select count(*) from private.tool_log) + (select count(*) from call_logs where vapi_call_id = 'gone')")
        .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_a_call_was_offered_is_known_before_it_is_added_to_its_row() {
    let app = TestApp::builder()
        .await
        .setting("--tool-log-seconds", "45")
        .start()
        .await;
    let caller = app.caller();
    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    let second = heard.tokens()[1].to_owned();
    let booked = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Rosa", "date": "the second one" }),
        )
        .await;
    assert!(booked.says("You're booked"), "{}", booked.words);
    let start: String = app
        .database
        .value("select to_char(scheduled_date + scheduled_time, 'YYYY-MM-DD\"T\"HH24:MI') from appointments")
        .await;
    assert_eq!(start, second);
    assert_eq!(used(&app, &caller.call_id).await, [""; 0]);
}

#[test]
fn every_argument_of_every_tool_is_known_to_the_mask() {
    for tool in tools::TOOLS {
        let schema = tool.definition.parameters();
        for name in schema["properties"].as_object().unwrap().keys() {
            let given = serde_json::Map::from_iter([(name.clone(), json!(""))]);
            let masked = mask::arguments(&given, &[]);
            assert!(masked.get(name).is_some(), "{name} of {}", tool.name);
        }
    }
}

#[tokio::test]
async fn an_entry_is_bounded_whatever_the_model_sends() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let many: serde_json::Map<String, Value> = (0..500)
        .map(|nth| (format!("field {nth}"), json!("Rosa ".repeat(100))))
        .chain([("date".to_owned(), json!("tomorrow ".repeat(2_000)))])
        .collect();

    caller.asks("check_availability", Value::Object(many)).await;
    caller
        .asks("check_availability", json!("{\"date\": \"Rosa at 303"))
        .await;

    let entries = log(&app, &caller, 2).await;
    assert!(
        entries[0]["arguments"].to_string().len() <= 1_000,
        "{}",
        entries[0]
    );
    assert!(entries[0].to_string().len() <= 2_500, "{}", entries[0]);
    let unreadable = entries[1]["arguments"].as_str().unwrap();
    assert!(unreadable.starts_with("unreadable"), "{unreadable}");
    assert_eq!(entries[1]["reason"]["code"], "question:arguments");
}
