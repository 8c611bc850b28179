//! `frontdesk call`: what an owner reads of a call that was driven over HTTP.

use std::process::Output;

use serde_json::{Value, json};

use crate::{
    support::{
        TestApp,
        app::NOW,
        eventually,
        line::{Answers, Line},
        operator::{complaint, frontdesk, object, printed},
    },
    tool_log::log,
};

/// The command at [`NOW`], as the owner of the database.
pub fn asks(app: &TestApp, line: &[&str]) -> Output {
    let url = app.database.url();
    let and = if url.contains('?') { '&' } else { '?' };
    frontdesk(
        &format!("{url}{and}options=-c%20frontdesk.now%3D{NOW}"),
        line,
    )
}

/// Another organization with a call of its own.
async fn neighbour(app: &TestApp) {
    app.database
        .run(
            "insert into organizations (id, name, industry, timezone)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Peak Electric', 'electrical', 'America/New_York');
             insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'call-of-peak', '+12125550199', 'ended')",
        )
        .await;
}

#[tokio::test]
async fn a_call_is_shown_with_what_was_asked_answered_and_set_off() {
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::builder()
        .await
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database
        .run("update organizations set transfer_phone_number = '+13035550101'")
        .await;
    let caller = app.caller().with_line(&line.control_url());
    caller
        .asks("check_availability", json!({ "date": "sunday" }))
        .await;
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Rosa Marquez", "date": "2026-12-01T09:00", "service_address": "12 Elm Street" }),
        )
        .await;
    caller
        .asks("take_message", json!({ "message": "Bring a ladder" }))
        .await;
    caller
        .asks("transfer_call", json!({ "reason": "wants a person" }))
        .await;
    log(&app, &caller, 4).await;
    app.reply(&caller.message(json!({
        "type": "end-of-call-report", "endedReason": "customer-ended-call", "durationSeconds": 131,
        "startedAt": "2026-11-23T14:59:30.000Z", "endedAt": "2026-11-23T15:01:41.000Z",
    })))
    .await;

    let shown = printed(&asks(&app, &["call", "show", &caller.call_id]));

    let number = caller.number.clone().unwrap();
    for part in [
        "A call to Front Range Plumbing",
        &format!("  from       {number}"),
        "  assistant  Ava",
        "  began      Mon 2026-11-23 07:59:30, America/Denver",
        "  lasted     2 min 11 s",
        "  ended      customer-ended-call",
        "08:00:00 check_availability: closed",
        "  asked      date: sunday",
        "  answered   We're closed on Sunday",
        "  why        closed (2026-11-29)",
        "  asked      customer_name: R. M., date: 2026-12-01T09:00, service_address: (3 words)",
        "  why        booked (2026-12-01T09:00)",
        "  set off    appointment Tue 2026-12-01 09:00, 60 min, confirmed, crew 1",
        "  set off    text (confirmation): ",
        "  set off    task for the staff (callback): open",
        "  set off    transfer to +13035550101: ",
        " ms\n",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    let asked: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains("asked "))
        .collect();
    for secret in ["Rosa", "Elm", "ladder"] {
        assert!(asked.iter().all(|line| !line.contains(secret)), "{asked:?}");
    }

    // What became of it since is what is shown.
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    let id = object(&asks(&app, &["call", "show", &caller.call_id, "--json"]))["id"].clone();
    let again = object(&asks(
        &app,
        &[
            "call",
            "show",
            id.as_str().unwrap(),
            "--org",
            "front range plumbing",
            "--json",
        ],
    ));
    assert_eq!(again["appointments"][0]["status"], "cancelled");
    assert_eq!(again["began"], "2026-11-23T07:59:30-07:00");
    assert_eq!(again["tool_calls"][0]["reason"]["code"], "closed");
    assert_eq!(
        again["tool_calls"][1]["effects"][0]["id"],
        again["appointments"][0]["id"]
    );
    assert_eq!(again["phone"], number);
}

#[tokio::test]
async fn what_a_later_tool_changed_is_shown_once_with_the_tool_that_changed_it_last() {
    let app = TestApp::start().await;
    let caller = app.caller();
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Rosa Marquez", "date": "2026-12-01T09:00" }),
        )
        .await;
    caller.asks("cancel_appointment", json!({})).await;
    log(&app, &caller, 2).await;

    let shown = printed(&asks(&app, &["call", "show", &caller.call_id]));

    let lines: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains("appointment") && line.contains("set off"))
        .collect();
    let [booked, cancelled] = lines[..] else {
        panic!("{shown}");
    };
    assert!(
        booked.ends_with("appointment, shown under cancel_appointment at 08:00:00"),
        "{booked}"
    );
    assert!(cancelled.contains(", cancelled, "), "{cancelled}");
}

#[tokio::test]
async fn a_call_is_listed_and_shown_before_its_tool_calls_are_added_to_its_row() {
    let app = TestApp::builder()
        .await
        .setting("--tool-log-seconds", "45")
        .start()
        .await;
    let caller = app.caller();
    caller
        .asks("check_availability", json!({ "date": "sunday" }))
        .await;
    let list = ["call", "list", "--org", "Front Range Plumbing", "--json"];

    let call = eventually("the call is listed", async || {
        let listed = object(&asks(&app, &list));
        listed["calls"].as_array()?.first().cloned()
    })
    .await;

    assert_eq!(call["id"], Value::Null);
    assert_eq!(call["phone"], json!(caller.number));
    assert_eq!(call["assistant"], "Ava");
    assert_eq!(call["tools"][0]["tool"], "check_availability");
    let rows: i64 = app.database.value("select count(*) from call_logs").await;
    assert_eq!(rows, 0, "its tool calls are in the log only");
    let page = printed(&asks(&app, &list[..4]));
    assert!(page.contains(&caller.call_id), "{page}");
    assert!(page.contains("not reported yet"), "{page}");
    let shown = printed(&asks(&app, &["call", "show", &caller.call_id]));
    for part in [
        "A call to Front Range Plumbing",
        "  ended      not reported yet",
        "08:00:00 check_availability: closed",
        "  asked      date: sunday",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    let of_another = asks(&app, &["call", "show", &caller.call_id, "--org", "Nobody"]);
    assert!(!of_another.status.success());
}

#[tokio::test]
async fn a_call_in_spanish_shows_the_words_that_its_caller_heard() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let heard = caller
        .asks(
            "check_availability",
            json!({ "date": "mañana por la tarde", "language": "es" }),
        )
        .await;
    log(&app, &caller, 1).await;

    let shown = printed(&asks(&app, &["call", "show", &caller.call_id]));

    assert!(
        shown.contains("asked      date: mañana por la tarde, language: es"),
        "{shown}"
    );
    let words = heard.words.split(" [").next().unwrap();
    assert!(shown.contains(&format!("answered   {words}")), "{shown}");
    assert!(shown.contains("offered    2026-11-24T"), "{shown}");
}

#[tokio::test]
async fn entries_of_an_earlier_release_are_shown_with_what_they_have() {
    let app = TestApp::start().await;
    app.database
        .run(
            r#"insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, tools_used) values
               ('0f0f0f0f-0000-4000-8000-000000000001', 'old', '+13035550142', 'ended',
                '[{"tool": "book_appointment", "outcome": "booked", "at": "2026-11-20T15:00:00.000Z", "duration_ms": 12,
                   "offered": ["2026-12-01T09:00"]}, {}]'),
               ('0f0f0f0f-0000-4000-8000-000000000001', 'odd', 'unknown', 'ended', '{"not": "a list"}');
               insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
                   scheduled_time, vapi_call_id)
               values ('0f0f0f0f-0000-4000-8000-000000000001', 'Ruth', '+13035550142', 'repair', '2026-12-01', '09:00', 'old')"#,
        )
        .await;

    let shown = printed(&asks(&app, &["call", "show", "old"]));

    assert!(
        shown.contains("08:00:00 book_appointment: booked, 12 ms"),
        "{shown}"
    );
    assert!(
        shown.contains("Beside that\n  appointment Tue 2026-12-01 09:00, 60 min, pending"),
        "{shown}"
    );
    assert!(printed(&asks(&app, &["call", "show", "odd"])).contains("No tool was called."));
    assert!(
        printed(&asks(
            &app,
            &["call", "list", "--org", "Front Range Plumbing"]
        ))
        .contains("book_appointment booked")
    );
}

#[tokio::test]
async fn calls_are_listed_by_time_and_number_and_never_those_of_another_organization() {
    let app = TestApp::start().await;
    neighbour(&app).await;
    app.database
        .run(
            r#"insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, call_duration, metadata)
               select '0f0f0f0f-0000-4000-8000-000000000001', v.*
               from (values
                   ('monday', '+13035550142', 'ended', 65, '{"started_at": "2026-11-23T14:00:00.000Z", "ended_reason": "customer-ended-call"}'::jsonb),
                   ('sunday', '+13035550143', 'ended', 10, '{"started_at": "2026-11-23T05:00:00.000Z"}'),
                   ('friday', '+13035550142', 'ended', null, '{"started_at": "2026-11-20T18:00:00.000Z"}')
               ) as v (call, phone, status, seconds, metadata)"#,
        )
        .await;
    let list = |arguments: &[&str]| -> Vec<Value> {
        let mut line = vec!["call", "list", "--org", "Front Range Plumbing", "--json"];
        line.extend(arguments);
        let listed = object(&asks(&app, &line));
        let calls = listed["calls"].as_array().unwrap().iter();
        calls.map(|call| call["vapi_call_id"].clone()).collect()
    };

    assert_eq!(list(&[]), ["monday", "sunday", "friday"]);
    // 05:00 UTC is still Sunday in Denver.
    assert_eq!(list(&["--since", "2026-11-23"]), ["monday"]);
    assert_eq!(list(&["--until", "2026-11-22"]), ["sunday", "friday"]);
    assert_eq!(list(&["--since", "2h"]), ["monday"]);
    assert_eq!(list(&["--since", "1d"]), ["monday", "sunday"]);
    assert_eq!(list(&["--phone", "(303) 555-0142"]), ["monday", "friday"]);
    assert_eq!(list(&["--limit", "1"]), ["monday"]);
    assert_eq!(list(&["--limit", "3"]).len(), 3);
    let all = printed(&asks(
        &app,
        &[
            "call",
            "list",
            "--org",
            "Front Range Plumbing",
            "--limit",
            "3",
        ],
    ));
    assert!(!all.contains("There are more"), "{all}");
    let page = printed(&asks(
        &app,
        &[
            "call",
            "list",
            "--org",
            "Front Range Plumbing",
            "--limit",
            "1",
        ],
    ));
    assert!(
        page.contains("Mon 2026-11-23 07:00  +13035550142  65 s    customer-ended-call"),
        "{page}"
    );
    assert!(
        page.ends_with("Shown are the last 1. There are more; --limit shows up to 1000.\n"),
        "{page}"
    );

    for (arguments, reason) in [
        (
            &["show", "call-of-peak", "--org", "Front Range Plumbing"][..],
            "there is no call call-of-peak",
        ),
        (&["show", "nothing"], "there is no call nothing"),
        (
            &["list", "--org", "Nobody"],
            "there is no organization Nobody",
        ),
        (
            &["list", "--org", "Peak Electric", "--since", "soon"],
            "write a time such as 30m",
        ),
        (
            &["list", "--org", "Peak Electric", "--phone", "12"],
            "12 is not a telephone number",
        ),
    ] {
        let mut line = vec!["call"];
        line.extend(arguments);
        let output = asks(&app, &line);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(
            complaint(&output).contains(reason),
            "{}",
            complaint(&output)
        );
    }
    assert!(
        printed(&asks(
            &app,
            &["call", "show", "call-of-peak", "--org", "Peak Electric"]
        ))
        .contains("+12125550199")
    );
}
