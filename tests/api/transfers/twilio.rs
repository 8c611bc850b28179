//! Calls that our Twilio account carries.

use super::*;

/// A call without a control URL, which our account at Twilio carries, whose caller was put through to the office.
async fn carried(twilio: &Twilio) -> (TestApp, String) {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    let sid = carried_to(&app, twilio).await;
    (app, sid)
}

/// The same to this organization.
async fn carried_to(app: &TestApp, twilio: &Twilio) -> String {
    app.database.run(ORGANIZATION).await;
    let mut caller = app.caller();
    let sid = twilio.carries("+13035550142");
    caller.number = Some("+13035550142".to_owned());
    let words = asks(&caller.carried_by(ACCOUNT, &sid), "billing").await;
    assert!(words.contains("connecting you"), "{words}");
    sid
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
            "action=\"https://calls.example.test{}",
            action.replace('&', "&amp;")
        ),
        format!(
            "statusCallback=\"https://calls.example.test{}",
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
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
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
        let app = service.organization().await;
        carried_to(&app, &twilio).await;
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
    app.database.run(ORGANIZATION).await;
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
