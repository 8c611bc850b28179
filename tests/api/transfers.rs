//! Transfers to their end: what the providers report, whatever the order, and what a caller hears who reached nobody.

use serde_json::{Value, json};

use crate::support::{
    Caller, TestApp, Twilio, eventually,
    line::{Answers, Line},
    twilio::{ACCOUNT, NUMBER, TOKEN},
};

const OFFICE: &str = "+13035550101";
const LAST: &str = "+13035550102";
const DANA: &str = "+13035550103";
const SAM: &str = "+13035550104";

/// A firm with an office, two contacts on call, and an emergency number.
const FIRM: &str = "
    update organizations
    set transfer_phone_number = '+13035550101', emergency_contact_phone = '+13035550102', transfer_mode = 'blind';
    insert into emergency_contacts (organization_id, name, phone, priority)
    values
        ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 1),
        ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2)";

async fn firm() -> (TestApp, Line) {
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::builder()
        .await
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database.run(FIRM).await;
    (app, line)
}

/// The caller asks for a person, for this reason.
async fn asks(caller: &Caller<'_>, reason: &str) -> String {
    caller
        .asks("transfer_call", json!({ "reason": reason }))
        .await
        .words
}

/// The numbers that the line was ordered to ring, in order.
fn rung(line: &Line) -> Vec<String> {
    line.received()
        .iter()
        .filter(|command| command["type"] == "transfer")
        .map(|command| {
            command["destination"]["number"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// What the agent was told.
fn told(line: &Line) -> Vec<Value> {
    line.received()
        .into_iter()
        .filter(|command| command["type"] == "add-message")
        .collect()
}

/// The last transfer.
async fn transfer(app: &TestApp) -> Value {
    app.database
        .object("select * from call_transfers order by attempt desc limit 1")
        .await
}

async fn tasks(app: &TestApp) -> Vec<Value> {
    app.database
        .column("select to_jsonb(t) from staff_tasks as t")
        .await
}

/// A message that says what became of transfers, while the call goes on.
fn news(caller: &Caller<'_>, transfers: &[(&str, &str)]) -> Value {
    caller.message(json!({
        "type": "transfer-update",
        "artifact": { "transfers": entries(transfers) },
    }))
}

fn entries(transfers: &[(&str, &str)]) -> Vec<Value> {
    transfers
        .iter()
        .map(|(number, status)| json!({ "destination": { "type": "number", "number": number }, "status": status }))
        .collect()
}

fn report(caller: &Caller<'_>, reason: &str, transfers: &[(&str, &str)]) -> Value {
    caller.message(json!({
        "type": "end-of-call-report",
        "endedReason": reason,
        "artifact": { "transfers": entries(transfers) },
    }))
}

fn is(row: &Value, status: &str, outcome: Option<&str>) {
    assert_eq!(row["status"], status, "{row}");
    assert_eq!(row["outcome"], json!(outcome), "{row}");
    let was_connected = matches!(status, "connected" | "completed");
    let is_at_its_end = matches!(status, "completed" | "failed" | "no_answer");
    assert_eq!(row["connected_at"].is_string(), was_connected, "{row}");
    assert_eq!(row["completed_at"].is_string(), is_at_its_end, "{row}");
}

#[tokio::test]
async fn each_word_of_vapis_for_a_transfer_leads_to_its_state_and_outcome() {
    for (word, status, outcome) in [
        ("connected", "connected", "connected"),
        ("completed", "completed", "connected"),
        ("no-answer", "no_answer", "no_answer"),
        ("busy", "failed", "busy"),
        ("voicemail", "no_answer", "voicemail"),
        ("failed", "failed", "failed"),
        ("cancelled", "failed", "declined"),
    ] {
        let (app, line) = firm().await;
        let caller = app.caller().with_line(&line.control_url());
        asks(&caller, "billing").await;
        is(&transfer(&app).await, "connecting", None);

        app.reply(&news(&caller, &[(OFFICE, word)])).await;

        let row = transfer(&app).await;
        is(&row, status, Some(outcome));
        assert_eq!(row["metadata"]["reported"]["vapi_transfer"], word);
    }
}

#[tokio::test]
async fn why_a_call_ended_says_what_became_of_its_last_transfer() {
    for (reason, status, outcome) in [
        ("call.forwarding.operator-busy", "failed", Some("busy")),
        ("call.forwarding.no-answer", "no_answer", Some("no_answer")),
        (
            "call.in-progress.error-transfer-failed",
            "failed",
            Some("failed"),
        ),
        (
            "call.in-progress.error-warm-transfer-assistant-cancelled",
            "failed",
            Some("declined"),
        ),
        ("assistant-forwarded-call", "connecting", None),
        ("customer-ended-call", "connecting", None),
        ("voicemail", "connecting", None),
    ] {
        let (app, line) = firm().await;
        let caller = app.caller().with_line(&line.control_url());
        asks(&caller, "billing").await;

        app.reply(&report(&caller, reason, &[])).await;

        is(&transfer(&app).await, status, outcome);
    }
}

#[tokio::test]
async fn a_transfer_that_the_provider_asks_for_is_initiated_until_the_call_is_forwarded() {
    let (app, _line) = firm().await;
    let caller = app.caller();
    app.reply(&caller.message(json!({ "type": "transfer-destination-request" })))
        .await;
    is(&transfer(&app).await, "initiated", None);

    app.reply(&caller.message(json!({ "type": "status-update", "status": "forwarding" })))
        .await;

    is(&transfer(&app).await, "connecting", None);
}

#[tokio::test]
async fn reports_that_come_twice_or_backwards_change_nothing() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;
    app.reply(&news(&caller, &[(OFFICE, "connected")])).await;
    app.at("2026-11-23T15:10:00Z");
    app.reply(&news(&caller, &[(OFFICE, "completed")])).await;
    let row = transfer(&app).await;
    is(&row, "completed", Some("connected"));
    assert!(row["connected_at"].as_str() < row["completed_at"].as_str());

    app.at("2026-11-23T15:20:00Z");
    for word in ["completed", "connected", "no-answer", "busy", "failed"] {
        app.reply(&news(&caller, &[(OFFICE, word)])).await;
    }
    app.reply(&caller.message(json!({ "type": "status-update", "status": "forwarding" })))
        .await;
    app.reply(&report(&caller, "call.forwarding.no-answer", &[]))
        .await;

    let later = transfer(&app).await;
    for column in [
        "status",
        "outcome",
        "connected_at",
        "completed_at",
        "metadata",
    ] {
        assert_eq!(later[column], row[column], "{column}");
    }
    assert!(told(&line).is_empty() && tasks(&app).await.is_empty());
}

#[tokio::test]
async fn of_somebody_who_picked_up_it_can_only_be_learned_that_it_was_a_machine() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;
    app.reply(&news(&caller, &[(OFFICE, "connected")])).await;

    app.reply(&news(&caller, &[(OFFICE, "busy")])).await;
    is(&transfer(&app).await, "connected", Some("connected"));

    app.reply(&news(&caller, &[(OFFICE, "voicemail")])).await;
    let row = transfer(&app).await;
    assert_eq!(row["status"], "no_answer");
    assert_eq!(row["outcome"], "voicemail");
}

#[tokio::test]
async fn words_that_nobody_knows_are_kept_and_change_nothing() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;

    app.reply(&news(&caller, &[(OFFICE, "of-the-future")]))
        .await;
    app.reply(&report(&caller, "call.forwarding.of-the-future", &[]))
        .await;

    let row = transfer(&app).await;
    is(&row, "connecting", None);
    assert_eq!(
        row["metadata"]["unknown"],
        json!({ "vapi_transfer": "of-the-future", "vapi_end": "call.forwarding.of-the-future" })
    );
}

#[tokio::test]
async fn the_agent_of_a_call_that_goes_on_is_told_once_and_in_the_callers_language() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    caller
        .asks(
            "transfer_call",
            json!({ "reason": "factura", "language": "es" }),
        )
        .await;

    for _ in 0..3 {
        app.reply(&news(&caller, &[(OFFICE, "busy")])).await;
    }
    eventually("the agent is told", async || {
        let done: i64 = app
            .database
            .value("select count(*) from private.outbox where kind = 'say' and state = 'done'")
            .await;
        (done == 1).then_some(())
    })
    .await;

    let told = told(&line);
    assert_eq!(told.len(), 1, "{told:?}");
    let words = told[0]["message"]["content"].as_str().unwrap();
    assert!(words.contains("estaba ocupada"), "{words}");
    assert_eq!(
        told[0],
        json!({
            "type": "add-message",
            "message": { "role": "system", "content": words },
            "triggerResponseEnabled": true,
        })
    );
    let effects: Vec<String> = app
        .database
        .column("select dedupe_key from private.outbox")
        .await;
    let id = transfer(&app).await["id"].as_str().unwrap().to_owned();
    assert_eq!(effects, [format!("transfer:{id}:failed")]);
}

#[tokio::test]
async fn reports_at_once_tell_the_agent_once() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;

    let message = news(&caller, &[(OFFICE, "no-answer")]);
    futures_util::future::join_all((0..8).map(|_| app.reply(&message))).await;

    let effects: i64 = app
        .database
        .value("select count(*) from private.outbox")
        .await;
    assert_eq!(effects, 1);
}

#[tokio::test]
async fn a_transfer_that_came_to_nothing_and_ended_the_call_is_left_to_the_staff() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;

    for _ in 0..2 {
        app.reply(&report(
            &caller,
            "call.forwarding.no-answer",
            &[(OFFICE, "no-answer")],
        ))
        .await;
    }

    let tasks = tasks(&app).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!(tasks[0]["kind"], "callback");
    assert_eq!(tasks[0]["phone_number"], json!(caller.number));
    assert_eq!(tasks[0]["vapi_call_id"], json!(caller.call_id));
    assert!(tasks[0]["summary"].as_str().unwrap().contains("billing"));
    let effects: i64 = app
        .database
        .value("select count(*) from private.outbox")
        .await;
    assert_eq!(effects, 0, "there is no agent any more");
}

#[tokio::test]
async fn nobody_need_call_back_a_caller_whom_a_later_transfer_connected() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;
    app.at("2026-11-23T15:01:00Z");
    asks(&caller, "billing, again").await;
    assert_eq!(rung(&line), [OFFICE, DANA]);

    app.reply(&report(
        &caller,
        "assistant-forwarded-call",
        &[(OFFICE, "no-answer"), (DANA, "connected")],
    ))
    .await;

    let states: Vec<String> = app
        .database
        .column("select status || ' ' || outcome from call_transfers order by attempt")
        .await;
    assert_eq!(states, ["no_answer no_answer", "connected connected"]);
    assert!(tasks(&app).await.is_empty());
}

#[tokio::test]
async fn asked_again_the_next_is_tried_until_nobody_is_left_and_the_staff_is_told_once() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    for (nth, number) in [OFFICE, DANA, SAM, LAST].into_iter().enumerate() {
        let words = asks(&caller, &format!("billing {nth}")).await;
        assert!(words.contains("connecting you"), "{words}");
        assert_eq!(rung(&line).last().unwrap(), number);
        app.reply(&news(&caller, &[(number, "no-answer")])).await;
    }

    for _ in 0..2 {
        let words = asks(&caller, "billing").await;
        assert!(words.contains("nobody can take the call"), "{words}");
    }

    assert_eq!(rung(&line).len(), 4);
    let tasks = tasks(&app).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!(tasks[0]["kind"], "callback");
    let other = app.caller().with_line(&line.control_url());
    asks(&other, "billing").await;
    assert_eq!(
        rung(&line).last().unwrap(),
        OFFICE,
        "another call begins anew"
    );
}

#[tokio::test]
async fn the_same_words_again_go_to_the_next_once_the_first_has_rung_too_long() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    let first = asks(&caller, "billing").await;
    assert_eq!(asks(&caller, "billing").await, first);
    assert_eq!(rung(&line), [OFFICE]);

    app.at("2026-11-23T15:00:31Z");
    asks(&caller, "billing").await;

    assert_eq!(rung(&line), [OFFICE, DANA]);
    let first: String = app
        .database
        .value("select status || ' ' || outcome from call_transfers where attempt = 1")
        .await;
    assert_eq!(first, "no_answer no_answer");
}

#[tokio::test]
async fn a_command_that_the_line_refused_says_nothing_against_the_target() {
    let line = Line::new(Answers::Broken).await;
    let app = TestApp::builder()
        .await
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database.run(FIRM).await;
    let caller = app.caller().with_line(&line.control_url());

    for reason in ["billing", "billing, again"] {
        let words = asks(&caller, reason).await;
        assert!(words.contains("could not put the call through"), "{words}");
        is(&transfer(&app).await, "failed", Some("failed"));
    }

    assert_eq!(rung(&line), [OFFICE, OFFICE]);
}

#[tokio::test]
async fn the_office_is_rung_while_it_is_open_and_whoever_is_on_call_while_it_is_not() {
    for (at, urgency, expected) in [
        // Monday 08:00, 17:59 and 18:00 in Denver; Saturday noon; Thanksgiving, which is closed below.
        ("2026-11-23T15:00:00Z", "normal", OFFICE),
        ("2026-11-24T00:59:59Z", "normal", OFFICE),
        ("2026-11-24T01:00:00Z", "normal", DANA),
        ("2026-11-28T19:00:00Z", "normal", DANA),
        ("2026-11-26T19:00:00Z", "normal", DANA),
        ("2026-11-23T15:00:00Z", "high", DANA),
    ] {
        let (app, line) = firm().await;
        app.database
            .run(
                "insert into special_days (organization_id, special_date, hours)
                 values ('0f0f0f0f-0000-4000-8000-000000000001', '2026-11-26', '[]')",
            )
            .await;
        app.at(at);
        let caller = app.caller().with_line(&line.control_url());

        caller
            .asks(
                "transfer_call",
                json!({ "reason": "billing", "urgency": urgency }),
            )
            .await;

        assert_eq!(rung(&line), [expected], "{at} {urgency}");
    }
}

#[tokio::test]
async fn at_night_without_contacts_the_emergency_number_is_rung_and_never_the_office() {
    let (app, line) = firm().await;
    app.database.run("delete from emergency_contacts").await;
    app.at("2026-11-24T05:00:00Z");
    let caller = app.caller().with_line(&line.control_url());

    asks(&caller, "billing").await;
    app.reply(&news(&caller, &[(LAST, "busy")])).await;
    let words = asks(&caller, "billing, again").await;

    assert_eq!(rung(&line), [LAST]);
    assert!(words.contains("nobody can take the call"), "{words}");
}

#[tokio::test]
async fn over_the_limit_of_the_day_the_caller_hears_so_and_the_staff_is_told() {
    let (app, line) = firm().await;
    app.rules(&json!({ "limits": { "transfers_per_day": 1 } }))
        .await;
    let first = app.caller().with_line(&line.control_url());
    asks(&first, "billing").await;

    let second = app.caller().with_line(&line.control_url());
    let words = asks(&second, "billing").await;

    assert!(words.contains("cannot put anyone else through"), "{words}");
    assert_eq!(rung(&line), [OFFICE]);
    let tasks = tasks(&app).await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["phone_number"], json!(second.number));

    app.at("2026-11-24T15:00:00Z");
    asks(&app.caller().with_line(&line.control_url()), "billing").await;
    assert_eq!(rung(&line).len(), 2, "the next day there are new ones");
}

#[tokio::test]
async fn a_call_that_cannot_be_commanded_costs_no_transfer() {
    let (app, _line) = firm().await;

    let words = asks(&app.caller(), "billing").await;

    assert!(words.contains("cannot put this call through"), "{words}");
    let used: i64 = app
        .database
        .value("select count(*) from private.daily_usage")
        .await;
    assert_eq!(used, 0);
}

#[tokio::test]
async fn numbers_that_may_not_be_dialled_are_passed_over() {
    let (app, line) = firm().await;
    app.database
        .run(
            "update organizations set transfer_phone_number = '+19005550100';
             update emergency_contacts set phone = '+525512345678' where name = 'Dana Ruiz'",
        )
        .await;

    asks(&app.caller().with_line(&line.control_url()), "billing").await;
    assert_eq!(rung(&line), [SAM]);

    app.rules(&json!({ "dial_countries": ["US", "MX"] })).await;
    asks(&app.caller().with_line(&line.control_url()), "billing").await;
    assert_eq!(rung(&line)[1], "+525512345678");
}

#[tokio::test]
async fn a_warm_transfer_comes_back_to_the_agent_where_vapi_can_bring_it_back() {
    let (app, line) = firm().await;
    app.database
        .run("update organizations set transfer_mode = 'warm'")
        .await;
    let caller = app
        .caller()
        .with_line(&line.control_url())
        .carried_by("ACnobody", "CAnobody");

    asks(&caller, "billing").await;

    let plan = line.received()[0]["destination"]["transferPlan"].clone();
    assert_eq!(plan["mode"], "warm-transfer-experimental");
    assert_eq!(plan["fallbackPlan"]["endCallEnabled"], false);
    assert!(plan["fallbackPlan"]["message"].is_string(), "{plan}");
}

#[tokio::test]
async fn a_row_that_a_dashboard_writes_back_does_not_set_a_transfer_back() {
    let (app, line) = firm().await;
    let caller = app.caller().with_line(&line.control_url());
    asks(&caller, "billing").await;
    app.reply(&news(&caller, &[(OFFICE, "completed")])).await;
    let before = transfer(&app).await;

    app.database
        .run(
            "update call_transfers
             set status = 'connecting', outcome = null, connected_at = null, completed_at = null, summary = 'Read it'",
        )
        .await;

    let after = transfer(&app).await;
    for column in ["status", "outcome", "connected_at", "completed_at"] {
        assert_eq!(after[column], before[column], "{column}");
    }
    assert_eq!(after["summary"], "Read it");
}

/// A call without a control URL, which our account at Twilio carries, whose caller was put through to the office.
async fn carried(twilio: &Twilio) -> (TestApp, String) {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    app.database.run(FIRM).await;
    let mut caller = app.caller();
    let sid = twilio.carries("+13035550142");
    caller.number = Some("+13035550142".to_owned());
    let words = asks(&caller.carried_by(ACCOUNT, &sid), "billing").await;
    assert!(words.contains("connecting you"), "{words}");
    (app, sid)
}

/// The path for what comes after a transfer, and for what becomes of the call to its target.
fn paths(transfer: &Value) -> (String, String) {
    let names = format!(
        "organization={}&transfer={}",
        transfer["organization_id"].as_str().unwrap(),
        transfer["id"].as_str().unwrap()
    );
    (
        format!("/twilio/voice/transfer?{names}"),
        format!("/twilio/call-status?{names}"),
    )
}

/// Twilio says that the target is no longer on the line, and gets the document that comes next.
async fn ends(twilio: &Twilio, sid: &str, transfer: &Value, dial_status: &str) -> String {
    let (status, document) = twilio
        .posts_signed(
            Some(TOKEN),
            &paths(transfer).0,
            &[
                ("CallSid", sid),
                ("CallStatus", "in-progress"),
                ("From", "+13035550142"),
                ("To", NUMBER),
                ("DialCallStatus", dial_status),
                ("DialCallSid", "CAtarget"),
            ],
        )
        .await;
    assert_eq!(status, 200, "{document}");
    document
}

/// Twilio says how far the call to the target is.
async fn says(twilio: &Twilio, transfer: &Value, fields: &[(&str, &str)]) {
    let mut all = vec![("CallSid", "CAtarget")];
    all.extend(fields);
    let (status, body) = twilio
        .posts_signed(Some(TOKEN), &paths(transfer).1, &all)
        .await;
    assert_eq!((status, body.as_str()), (204, ""));
}

#[tokio::test]
async fn a_call_that_our_twilio_account_carries_is_given_a_document_that_dials() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    app.database
        .run("update organizations set max_transfer_wait_time = 45")
        .await;

    let (path, fields) = twilio.requests().pop().unwrap();
    assert_eq!(path, format!("Calls/{sid}"));
    let (name, document) = &fields[0];
    assert_eq!(name, "Twiml");
    let row = transfer(&app).await;
    let (action, status) = paths(&row);
    for part in [
        "connecting you now".to_owned(),
        "timeout=\"30\"".to_owned(),
        format!(
            "action=\"https://desk.example.test{}",
            action.replace('&', "&amp;")
        ),
        format!(
            "statusCallback=\"https://desk.example.test{}",
            status.replace('&', "&amp;")
        ),
        format!(">{OFFICE}</Number>"),
    ] {
        assert!(document.contains(&part), "{part} in {document}");
    }
    is(&row, "connecting", None);

    let next = ends(&twilio, &sid, &row, "busy").await;
    assert!(next.contains("timeout=\"45\""), "{next}");
}

#[tokio::test]
async fn each_word_of_twilios_leads_to_its_state_and_outcome() {
    for (fields, status, outcome) in [
        (vec![("CallStatus", "initiated")], "connecting", None),
        (vec![("CallStatus", "ringing")], "connecting", None),
        (
            vec![("CallStatus", "in-progress")],
            "connected",
            Some("connected"),
        ),
        (
            vec![("CallStatus", "completed")],
            "completed",
            Some("connected"),
        ),
        (vec![("CallStatus", "busy")], "failed", Some("busy")),
        (
            vec![("CallStatus", "no-answer")],
            "no_answer",
            Some("no_answer"),
        ),
        (
            vec![("CallStatus", "canceled")],
            "no_answer",
            Some("no_answer"),
        ),
        (vec![("CallStatus", "failed")], "failed", Some("failed")),
        (
            vec![
                ("CallStatus", "in-progress"),
                ("AnsweredBy", "machine_start"),
            ],
            "no_answer",
            Some("voicemail"),
        ),
        (vec![("CallStatus", "of-the-future")], "connecting", None),
    ] {
        let twilio = Twilio::start().await;
        let (app, _sid) = carried(&twilio).await;
        let row = transfer(&app).await;

        for _ in 0..2 {
            says(&twilio, &row, &fields).await;
        }

        let row = transfer(&app).await;
        is(&row, status, outcome);
        if status != "connecting" {
            assert_eq!(row["provider_call_sid"], "CAtarget");
        }
    }
}

#[tokio::test]
async fn somebody_who_picked_up_and_never_spoke_with_the_caller_declined() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    let row = transfer(&app).await;
    says(&twilio, &row, &[("CallStatus", "in-progress")]).await;

    twilio
        .posts_signed(
            Some(TOKEN),
            &paths(&row).0,
            &[
                ("CallSid", &sid),
                ("DialCallStatus", "completed"),
                ("DialBridged", "false"),
            ],
        )
        .await;

    let first: String = app
        .database
        .value("select status || ' ' || outcome from call_transfers where attempt = 1")
        .await;
    assert_eq!(first, "failed declined");
}

#[tokio::test]
async fn callbacks_of_twilio_in_the_wrong_order_end_the_same() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    let row = transfer(&app).await;

    let document = ends(&twilio, &sid, &row, "completed").await;
    assert_eq!(document, "<Response><Hangup /></Response>");
    for status in ["completed", "in-progress", "ringing", "initiated", "busy"] {
        says(&twilio, &row, &[("CallStatus", status)]).await;
    }

    is(&transfer(&app).await, "completed", Some("connected"));
    assert!(tasks(&app).await.is_empty());
}

#[tokio::test]
async fn the_caller_of_a_carried_call_goes_to_the_next_until_nobody_is_left() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    for (status, next) in [("busy", DANA), ("no-answer", SAM), ("failed", LAST)] {
        let row = transfer(&app).await;
        // The call to the target reports its end before the caller's call asks what comes next.
        says(&twilio, &row, &[("CallStatus", status)]).await;

        let document = ends(&twilio, &sid, &row, status).await;

        assert!(document.contains("trying somebody else"), "{document}");
        assert!(
            document.contains(&format!(">{next}</Number>")),
            "{document}"
        );
        assert_eq!(
            ends(&twilio, &sid, &row, status).await,
            document,
            "repeated"
        );
    }
    let last = transfer(&app).await;
    assert!(tasks(&app).await.is_empty());

    let document = ends(&twilio, &sid, &last, "no-answer").await;

    assert!(
        document.contains("nobody could take your call"),
        "{document}"
    );
    assert!(document.ends_with("<Hangup /></Response>"), "{document}");
    assert_eq!(ends(&twilio, &sid, &last, "no-answer").await, document);
    let tasks = tasks(&app).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!(tasks[0]["kind"], "callback");
    assert_eq!(tasks[0]["phone_number"], "+13035550142");
    let used: i32 = app
        .database
        .value("select used from private.daily_usage where kind = 'transfer'")
        .await;
    assert_eq!(used, 4);
}

#[tokio::test]
async fn requests_for_what_comes_next_at_once_ring_one_target() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    let row = transfer(&app).await;

    let documents =
        futures_util::future::join_all((0..6).map(|_| ends(&twilio, &sid, &row, "busy"))).await;

    assert!(documents.iter().all(|document| *document == documents[0]));
    let rows: i64 = app
        .database
        .value("select count(*) from call_transfers")
        .await;
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn over_the_limit_a_carried_call_ends_honestly() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    app.rules(&json!({ "limits": { "transfers_per_day": 1 } }))
        .await;

    let document = ends(&twilio, &sid, &transfer(&app).await, "busy").await;

    assert!(
        document.contains("nobody could take your call"),
        "{document}"
    );
    assert_eq!(tasks(&app).await.len(), 1);
}

#[tokio::test]
async fn an_end_in_words_that_nobody_knows_does_not_leave_the_caller_alone() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;

    let document = ends(&twilio, &sid, &transfer(&app).await, "of-the-future").await;

    assert!(
        document.contains(&format!(">{DANA}</Number>")),
        "{document}"
    );
    let first = app
        .database
        .object("select * from call_transfers where attempt = 1")
        .await;
    is(&first, "failed", Some("failed"));
    assert_eq!(first["metadata"]["unknown"]["twilio_dial"], "of-the-future");
}

#[tokio::test]
async fn a_call_of_an_account_that_is_not_ours_is_not_commanded() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    app.database.run(FIRM).await;
    let sid = twilio.carries("+13035550142");

    for (account, call) in [
        ("ACsomebodyelse00000000000000000000", sid.as_str()),
        (ACCOUNT, "CA/../../Messages"),
    ] {
        let words = asks(&app.caller().carried_by(account, call), "billing").await;
        assert!(words.contains("cannot put this call through"), "{words}");
    }

    assert!(twilio.requests().is_empty());
}

#[tokio::test]
async fn a_stranger_moves_no_transfer() {
    let twilio = Twilio::start().await;
    let (app, sid) = carried(&twilio).await;
    let (action, status) = paths(&transfer(&app).await);

    for path in [&action, &status] {
        for token in [None, Some("another-token")] {
            let fields = [
                ("CallSid", sid.as_str()),
                ("CallStatus", "busy"),
                ("DialCallStatus", "busy"),
            ];
            let (answer, _) = twilio.posts_signed(token, path, &fields).await;
            assert_eq!(answer, 403);
        }
    }

    is(&transfer(&app).await, "connecting", None);
}
