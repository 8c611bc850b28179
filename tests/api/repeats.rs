//! One effect for each tool call: redelivered messages, parallel ones, and a model that asks again under a new id.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    Spoken, TestApp, eventually,
    line::{Answers, Line},
};

fn at(token: &str) -> Value {
    json!({ "customer_name": "Maria Lopez", "date": token })
}

async fn appointments(app: &TestApp) -> i64 {
    app.database
        .value("select count(*) from appointments")
        .await
}

#[tokio::test]
async fn a_redelivered_booking_gets_the_same_words_and_makes_no_second_row() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    let first = caller
        .asks_as("tool-a", "book_appointment", at("2026-12-01T09:00"))
        .await;
    let again = caller
        .asks_as("tool-a", "book_appointment", at("2026-12-01T09:00"))
        .await;

    assert!(first.says("You're booked for"), "{}", first.words);
    assert_eq!(first, again);
    assert_eq!(appointments(&app).await, 1);
}

#[tokio::test]
async fn parallel_deliveries_of_one_booking_get_the_same_words() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    let heard = join_all(
        (0..16).map(|_| caller.asks_as("tool-a", "book_appointment", at("2026-12-01T09:00"))),
    )
    .await;

    for words in &heard {
        assert_eq!(words, &heard[0]);
        assert!(words.says("You're booked for"), "{}", words.words);
    }
    assert_eq!(appointments(&app).await, 1);
}

#[tokio::test]
async fn the_same_booking_under_a_new_id_gets_the_saved_answer() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    let first = caller
        .asks_as("tool-a", "book_appointment", at("2026-12-01T09:00"))
        .await;
    let arguments =
        json!({ "date": " 2026-12-01T09:00 ", "customer_name": "maria  lopez", "time": null });
    let again = caller
        .asks_as("tool-b", "book_appointment", arguments)
        .await;

    assert_eq!(first, again);
    assert_eq!(appointments(&app).await, 1);
}

#[tokio::test]
async fn the_same_slot_with_other_words_is_already_booked_and_not_taken() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    caller
        .asks("book_appointment", at("2026-12-01T09:00"))
        .await;

    let mut arguments = at("2026-12-01T09:00");
    arguments["service_description"] = json!("It drips");
    let again = caller.asks("book_appointment", arguments).await;

    assert!(!again.is_error);
    assert!(again.says("already booked for"), "{}", again.words);
    assert_eq!(appointments(&app).await, 1);
}

#[tokio::test]
async fn an_appointment_that_was_moved_meanwhile_is_not_confirmed_with_the_old_words() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    caller
        .asks("book_appointment", at("2026-12-01T09:00"))
        .await;
    app.database
        .run("update appointments set scheduled_date = '2026-12-03'")
        .await;

    caller
        .asks("book_appointment", at("2026-12-01T09:00"))
        .await;

    assert_eq!(
        appointments(&app).await,
        2,
        "the words of the first booking were no longer true"
    );
}

#[tokio::test]
async fn the_same_ids_in_another_call_are_another_booking() {
    let app = TestApp::shared().await;
    let (one, two) = (app.caller(), app.caller());

    let first = one
        .asks_as("call_51kj", "book_appointment", at("2026-12-01T09:00"))
        .await;
    let second = two
        .asks_as("call_51kj", "book_appointment", at("2026-12-01T10:00"))
        .await;

    assert!(first.says("at nine,") && second.says("at ten,"));
    assert_eq!(appointments(&app).await, 2);
}

#[tokio::test]
async fn a_refusal_is_asked_of_the_calendar_again_under_a_new_id() {
    let app = TestApp::shared().await;
    let (one, two) = (app.caller(), app.caller());
    one.asks("book_appointment", at("2026-12-01T09:00")).await;
    let refused = two.asks("book_appointment", at("2026-12-01T09:00")).await;
    assert!(refused.says("already taken"), "{}", refused.words);

    app.database
        .run("update appointments set status = 'cancelled'")
        .await;
    let again = two.asks("book_appointment", at("2026-12-01T09:00")).await;

    assert!(again.says("You're booked for"), "{}", again.words);
}

#[tokio::test]
async fn the_id_that_hooks_share_identifies_nothing() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let id = "hook-function-call";

    let first = caller
        .asks_as(id, "book_appointment", at("2026-12-01T09:00"))
        .await;
    let second = caller
        .asks_as(id, "book_appointment", at("2026-12-03T09:00"))
        .await;

    assert!(first.says("December first"), "{}", first.words);
    assert!(second.says("December third"), "{}", second.words);
    assert_eq!(appointments(&app).await, 2);
}

#[tokio::test]
async fn several_tool_calls_of_one_message_are_all_answered_in_order() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    let reply = app
        .reply(&caller.tool_calls(&[
            ("a", "book_appointment", at("2026-12-01T09:00")),
            ("b", "send_flowers", json!({})),
            ("c", "check_availability", json!({ "date": "2026-12-03" })),
            ("d", "book_appointment", json!({ "customer_name": "Maria" })),
            ("e", "book_appointment", at("2026-12-01T10:00")),
        ]))
        .await;

    let results = reply["results"].as_array().unwrap();
    let ids: Vec<_> = results
        .iter()
        .map(|result| result["toolCallId"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
    let names: Vec<_> = results
        .iter()
        .map(|result| result["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "book_appointment",
            "send_flowers",
            "check_availability",
            "book_appointment",
            "book_appointment"
        ]
    );
    let failed: Vec<_> = results
        .iter()
        .map(|result| result.get("error").is_some())
        .collect();
    // Only a tool that does not exist is an error: a question is an answer.
    assert_eq!(failed, [false, true, false, false, false]);
    let question = Spoken::of(&results[3]);
    assert!(question.says("Which would you like?"), "{}", question.words);
    assert_eq!(appointments(&app).await, 2);
}

#[tokio::test]
async fn what_is_read_behind_a_write_of_one_message_is_what_the_write_left() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let reply = app
        .reply(&caller.tool_calls(&[
            ("a", "book_appointment", at("2026-12-01T09:00")),
            (
                "b",
                "check_availability",
                json!({ "date": "2026-12-01T09:00" }),
            ),
            ("c", "find_appointments", json!({})),
            ("d", "cancel_appointment", json!({})),
            ("e", "find_appointments", json!({})),
            (
                "f",
                "flag_emergency",
                json!({ "description": "a pipe burst" }),
            ),
            ("g", "check_emergency", json!({})),
        ]))
        .await;

    let heard: Vec<_> = reply["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(Spoken::of)
        .collect();
    for (nth, words) in [
        (0, "You're booked for"),
        (1, "I have nothing at nine"),
        (2, "You have one visit"),
        (3, "is cancelled"),
        (4, "You have no visit coming up"),
    ] {
        assert!(heard[nth].says(words), "{nth}: {}", heard[nth].words);
    }
    assert!(
        !heard[6].says("I have no emergency from you"),
        "{}",
        heard[6].words
    );
}

#[tokio::test]
async fn every_tool_call_is_appended_once_to_what_its_call_used() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let message = caller.tool_calls(&[
        ("a", "check_availability", json!({ "date": "2026-12-01" })),
        ("b", "book_appointment", at("2026-12-01T09:00")),
    ]);

    app.reply(&message).await;
    app.reply(&message).await;
    caller.asks_as("c", "send_flowers", json!({})).await;

    let used = eventually("three tool calls in the log", async || {
        let used = app
            .database
            .object("select jsonb_agg(t order by t ->> 'tool_call_id') as used from call_logs, jsonb_array_elements(tools_used) as t")
            .await;
        (used["used"].as_array()?.len() == 3).then(|| used["used"].clone())
    })
    .await;
    assert_eq!(used[0]["tool"], "check_availability");
    assert_eq!(used[1]["outcome"], "booked");
    assert_eq!(used[2]["outcome"], "unknown_tool");
}

#[tokio::test]
async fn a_repeated_transfer_is_not_commanded_twice() {
    let line = Line::shared(Answers::Ok).await;
    let app = TestApp::shared().await;
    app.database
        .run("update organizations set transfer_phone_number = '+13035550101'")
        .await;
    let caller = app.caller().with_line(&line.control_url());
    let arguments = json!({ "reason": "wants a person" });

    let first = caller
        .asks_as("a", "transfer_call", arguments.clone())
        .await;
    let redelivered = caller
        .asks_as("a", "transfer_call", arguments.clone())
        .await;
    let asked_again = caller.asks_as("b", "transfer_call", arguments).await;

    assert_eq!(first, redelivered);
    assert_eq!(first, asked_again);
    assert_eq!(line.received().len(), 1);
}

#[tokio::test]
async fn an_id_of_any_length_is_answered_and_repeated() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let id = "x".repeat(20_000);

    let first = caller
        .asks_as(&id, "book_appointment", at("2026-12-01T09:00"))
        .await;
    let again = caller
        .asks_as(&id, "book_appointment", at("2026-12-01T09:00"))
        .await;

    assert!(first.says("You're booked for"), "{}", first.words);
    assert_eq!(first, again);
    assert_eq!(appointments(&app).await, 1);
}

#[tokio::test]
async fn the_same_emergency_under_a_new_id_gets_the_same_words_and_is_written_once() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let arguments = json!({ "description": "A pipe burst" });

    let first = caller.asks("flag_emergency", arguments.clone()).await;
    let again = caller.asks("flag_emergency", arguments).await;

    assert_eq!(first, again);
    let messages: Vec<String> = app
        .database
        .column("select message from emergency_incidents")
        .await;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].matches("A pipe burst").count(), 1);
}

#[tokio::test]
async fn an_appointment_that_was_booked_for_somebody_else_is_confirmed_under_their_name() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    caller
        .asks("book_appointment", at("2026-12-01T09:00"))
        .await;

    let again = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Jose Ortega", "date": "2026-12-01T09:00" }),
        )
        .await;

    assert!(again.says("already booked"), "{}", again.words);
    assert!(again.says("Maria Lopez"), "{}", again.words);
    assert!(!again.says("Jose"), "{}", again.words);
}

#[tokio::test]
async fn a_transfer_that_is_still_being_tried_is_not_called_a_connection() {
    let line = Line::new(Answers::Never).await;
    let app = TestApp::builder()
        .await
        .setting("--control-hosts", &line.host())
        .setting("--deadline-ms", "4000")
        .start()
        .await;
    app.database
        .run("update organizations set transfer_phone_number = '+13035550101'")
        .await;
    let caller = app.caller().with_line(&line.control_url());
    let arguments = json!({ "reason": "wants a person" });

    let first = caller.asks_as("a", "transfer_call", arguments.clone());
    let second = async {
        eventually("the line to be commanded", async || {
            (line.received().len() == 1).then_some(())
        })
        .await;
        caller
            .asks_as("a", "transfer_call", arguments.clone())
            .await
    };
    let (first, second) = futures_util::future::join(first, second).await;

    assert!(
        second.says("while I try to connect you"),
        "{}",
        second.words
    );
    assert!(
        first.says("could not put the call through"),
        "{}",
        first.words
    );
}

#[tokio::test]
async fn a_call_of_another_organization_keeps_no_other_out_of_the_log() {
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into organizations (id, name, industry) values (md5('other')::uuid, 'Other', 'plumbing');
             insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             values (md5('other')::uuid, 'call-of-another', 'unknown', 'in-progress')",
        )
        .await;
    let mut foreign = app.caller();
    foreign.call_id = "call-of-another".to_owned();
    let (before, after) = (app.caller(), app.caller());

    for caller in [&before, &foreign, &after] {
        caller
            .asks("check_availability", json!({ "date": "2026-12-01" }))
            .await;
    }

    eventually("two calls in the log", async || {
        let logged: Vec<String> = app
            .database
            .column("select vapi_call_id from call_logs where tools_used <> '[]' order by created_at, id")
            .await;
        (logged.len() == 2).then(|| {
            assert!(logged.contains(&before.call_id) && logged.contains(&after.call_id));
        })
    })
    .await;
    let appended: bool = app
        .database
        .value("select tools_used <> '[]' from call_logs where vapi_call_id = 'call-of-another'")
        .await;
    assert!(!appended);
}

#[tokio::test]
async fn the_log_appends_a_redelivered_id_once_even_within_one_statement() {
    let app = TestApp::shared().await;
    let call = app.caller().call_id;
    let used = |id: &str| format!(r#"'{{"tool": "t", "tool_call_id": "{id}"}}'"#);
    let append = |ids: [&str; 3]| {
        format!(
            "select private.append_tool_calls(
                array_fill('{}'::uuid, array[3]), array_fill('{call}'::text, array[3]), array_fill(null::text, array[3]),
                array_fill('unknown'::text, array[3]), array[{}]::jsonb[])",
            app.organization_id,
            ids.map(used).join(", ")
        )
    };

    app.database.run(&append(["a", "b", "a"])).await;
    app.database.run(&append(["b", "c", "c"])).await;

    let ids: Vec<String> = app
        .database
        .column("select t ->> 'tool_call_id' from call_logs, jsonb_array_elements(tools_used) as t")
        .await;
    assert_eq!(ids, ["a", "b", "c"]);
}

#[tokio::test]
async fn of_two_organizations_that_name_one_call_at_once_the_first_has_it() {
    let app = TestApp::start().await;
    let own = app.organization_id;
    for other in [uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(u128::MAX)] {
        let call = format!("call-{other}");
        app.database
            .run(&format!(
                "insert into organizations (id, name, industry) values ('{other}', 'Other', 'plumbing');
                 select private.append_tool_calls(
                     array['{own}', '{other}']::uuid[], array['{call}', '{call}'], array[null, null]::text[],
                     array['unknown', 'unknown'], array['{{}}', '{{}}']::jsonb[])"
            ))
            .await;
        let owner: uuid::Uuid = app
            .database
            .value(&format!(
                "select organization_id from call_logs where vapi_call_id = '{call}'"
            ))
            .await;
        assert_eq!(owner, own);
    }
}
