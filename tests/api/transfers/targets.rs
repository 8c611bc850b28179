//! Who is rung, and who next.

use super::*;

#[tokio::test]
async fn asked_again_the_next_is_tried_until_nobody_is_left_and_the_staff_is_told_once() {
    let (app, line) = organization().await;
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
    let (app, line) = organization_with_clock().await;
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
    let line = Line::shared(Answers::Broken).await;
    let app = TestApp::shared().await;
    app.database.run(ORGANIZATION).await;
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
    let line = Line::new(Answers::Ok).await;
    let service = TestApp::builder()
        .await
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    for (nth, (at, urgency, expected)) in [
        // Monday 08:00, 17:59 and 18:00 in Denver; Saturday noon; Thanksgiving, which is closed below.
        ("2026-11-23T15:00:00Z", "normal", OFFICE),
        ("2026-11-24T00:59:59Z", "normal", OFFICE),
        ("2026-11-24T01:00:00Z", "normal", DANA),
        ("2026-11-28T19:00:00Z", "normal", DANA),
        ("2026-11-26T19:00:00Z", "normal", DANA),
        ("2026-11-23T15:00:00Z", "high", DANA),
    ]
    .into_iter()
    .enumerate()
    {
        service.at(at);
        let app = service.organization().await;
        app.database.run(ORGANIZATION).await;
        app.database
            .run(
                "insert into special_days (organization_id, special_date, hours)
                 values ('0f0f0f0f-0000-4000-8000-000000000001', '2026-11-26', '[]')",
            )
            .await;
        let caller = app.caller().with_line(&line.control_url());

        caller
            .asks(
                "transfer_call",
                json!({ "reason": "billing", "urgency": urgency }),
            )
            .await;

        assert_eq!(rung(&line)[nth..], [expected], "{at} {urgency}");
    }
}

#[tokio::test]
async fn at_night_without_contacts_the_emergency_number_is_rung_and_never_the_office() {
    let (app, line) = organization_with_clock().await;
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
    let (app, line) = organization_with_clock().await;
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
    let (app, _line) = organization().await;

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
    let (app, line) = organization().await;
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
    let (app, line) = organization().await;
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
    let (app, line) = organization().await;
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
