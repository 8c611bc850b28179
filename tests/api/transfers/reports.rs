//! What Vapi reports of a transfer.

use super::*;

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
        let (app, line) = organization().await;
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
        let (app, line) = organization().await;
        let caller = app.caller().with_line(&line.control_url());
        asks(&caller, "billing").await;

        app.reply(&report(&caller, reason, &[])).await;

        is(&transfer(&app).await, status, outcome);
    }
}

#[tokio::test]
async fn a_transfer_that_the_provider_asks_for_is_initiated_until_the_call_is_forwarded() {
    let (app, _line) = organization().await;
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
    let (app, line) = organization_with_clock().await;
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
    app.settles().await;
    assert!(told(&line).is_empty() && tasks(&app).await.is_empty());
}

#[tokio::test]
async fn of_somebody_who_picked_up_it_can_only_be_learned_that_it_was_a_machine() {
    let (app, line) = organization().await;
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
    let (app, line) = organization().await;
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
    let (app, line) = organization().await;
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
    let (app, line) = organization().await;
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
    let (app, line) = organization().await;
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
    let (app, line) = organization_with_clock().await;
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
