//! Rounds of pages, their end, and those at the office.

use super::*;

#[tokio::test]
async fn an_emergency_knows_no_quiet_hours() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.at("2026-11-24T10:00:00Z"); // three in the morning

    flood(&app).await;

    twilio.contact(DANA).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn a_chain_that_nobody_answers_goes_round_ends_at_the_last_resort_and_with_the_staff() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    with_owner(&app).await;
    app.rules(&json!({ "emergency": { "rounds": 2 } })).await;
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    for (number, at) in [
        (DANA, "2026-11-23T15:05:00Z"),
        (SAM, "2026-11-23T15:10:00Z"),
        (DANA, "2026-11-23T15:15:00Z"),
        (SAM, "2026-11-23T15:20:00Z"),
    ] {
        twilio.contact(number).expects_sms("EMERGENCY").await;
        // A round is not over while a page of it is still on its way to the provider.
        app.settles().await;
        app.at(at);
    }
    let owner = twilio.contact(OWNER);
    let _call = owner.expects_call().await;
    owner.expects_sms("EMERGENCY").await;
    app.settles().await;
    app.at("2026-11-23T15:21:00Z");
    is(&app, "exhausted").await;

    let task = app.database.object("select * from staff_tasks").await;
    assert_eq!(task["kind"], "emergency");
    assert!(task["summary"].as_str().unwrap().contains("A pipe burst"));
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(heard.says("nobody has confirmed yet"), "{}", heard.words);
    owner.texts("1").await.expects("You have it");
}

#[tokio::test]
async fn a_roster_that_is_changed_meanwhile_changes_nothing_for_an_open_emergency() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.database
        .run(
            "update emergency_contacts set priority = 9, available_days = '{}' where name = 'Sam Lee';
             insert into emergency_contacts (organization_id, name, phone, priority)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Newcomer', '+13035550106', 1)",
        )
        .await;

    app.at("2026-11-23T15:05:00Z");

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn an_emergency_of_long_ago_is_not_taken_up_again() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");
    app.settles().await;

    app.at("2026-11-25T15:00:00Z");
    app.settles().await;

    let due: bool = app
        .database
        .value("select due_at is null from emergency_incidents")
        .await;
    assert!(due, "nothing is to come");
    app.database
        .run("update emergency_incidents set status = 'closed'")
        .await;
    let refused = app
        .database
        .try_run("update emergency_incidents set status = 'open'")
        .await
        .unwrap_err();
    assert!(refused.message.contains("cannot be opened again"));
}

#[tokio::test]
async fn danger_to_life_is_answered_first_and_then_paged() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.to(DANA, &[Behaves::Silent { is_done: true }]);

    let heard = app
        .caller()
        .asks(
            "flag_emergency",
            json!({ "description": "huele a gas", "language": "es" }),
        )
        .await;

    assert!(
        heard.words.starts_with("Salga del edificio"),
        "{}",
        heard.words
    );
    assert!(heard.says("Aviso ahora a Dana Ruiz"), "{}", heard.words);
    twilio.contact(DANA).expects_sms("huele a gas").await;
}

#[tokio::test]
async fn in_a_storm_each_address_is_paged_and_repeats_are_bundled() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("delete from emergency_contacts where name = 'Sam Lee'; update emergency_contacts set call_enabled = true")
        .await;
    let dana = twilio.contact(DANA);
    for house in 0..20 {
        app.caller()
            .asks(
                "flag_emergency",
                json!({ "description": "No power", "service_address": format!("{} Elm Street", 10 + house) }),
            )
            .await;
    }
    let _call = dana.expects_call().await;
    for house in 0..20 {
        dana.expects_sms(&format!(" {} Elm Street", 10 + house))
            .await;
    }

    app.at("2026-11-23T15:05:00Z");
    let reminder = dana.expects_sms("Also open").await;
    assert!(reminder.body.contains("Also open"), "{}", reminder.body);
    app.settles().await;

    let texts: i64 = app
        .database
        .value("select count(*) from sms_communications")
        .await;
    assert_eq!(texts, 21, "twenty first pages and one reminder");
    twilio.expects_anything();
}

#[tokio::test]
async fn a_reminder_is_not_left_out_for_one_that_was_not_delivered() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let dana = twilio.contact(DANA);
    let first_reminder = Behaves::Undelivered(30003);
    twilio.to(DANA, &[Behaves::Well, Behaves::Well, first_reminder]);
    for (now, house) in [("2026-11-23T15:00:00Z", 10), ("2026-11-23T15:00:30Z", 20)] {
        app.at(now);
        let address = format!("{house} Elm Street");
        let args = json!({ "description": "No power", "service_address": address });
        app.caller().asks("flag_emergency", args).await;
        dana.expects_sms(&address).await;
        app.settles().await;
    }

    app.passes_until("2026-11-23T15:10:00Z").await;
    dana.expects_sms("10 Elm Street").await;
    app.at("2026-11-23T15:10:30Z");
    dana.expects_sms("20 Elm Street").await;
    twilio.expects_anything();
}

#[tokio::test]
async fn a_contact_who_is_only_called_is_called_for_each_address() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update emergency_contacts set call_enabled = true, sms_enabled = false")
        .await;
    let dana = twilio.contact(DANA);

    for house in [10, 11, 12] {
        app.caller()
            .asks(
                "flag_emergency",
                json!({ "description": "No power", "service_address": format!("{house} Elm Street") }),
            )
            .await;
        dana.expects_call()
            .await
            .picks_up_and_hears(&format!("{house} Elm Street"))
            .await;
    }
    twilio.expects_anything();
}

#[tokio::test]
async fn neither_the_callers_own_number_nor_ours_is_paged() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run(
            "update emergency_contacts set phone = '+13035550100' where name = 'Dana Ruiz';
             update emergency_contacts set phone = '+13035551999' where name = 'Sam Lee'",
        )
        .await;
    let mut caller = app.caller();
    caller.number = Some("+13035551999".to_owned());

    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    assert!(heard.says("could not alert anyone"), "{}", heard.words);
    let reasons: Vec<String> = app
        .database
        .column("select distinct error_code::text from emergency_notifications")
        .await;
    assert_eq!(reasons, ["own_number"]);
}

#[tokio::test]
async fn the_agent_is_told_while_the_caller_is_on_the_line() {
    let twilio = Twilio::start().await;
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)",
        )
        .await;
    let caller = app.caller().with_line(&line.control_url());
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(heard.says("Nobody has confirmed yet"), "{}", heard.words);

    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await;

    let told = eventually("the agent is told", async || {
        line.received().first().cloned()
    })
    .await;
    assert_eq!(told["type"], "add-message");
    assert_eq!(told["triggerResponseEnabled"], true);
    assert!(
        told["message"]["content"]
            .as_str()
            .unwrap()
            .contains("Dana Ruiz")
    );
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(
        heard.says("Dana Ruiz took your emergency at eight"),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn the_dashboard_takes_an_emergency_for_the_office() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    dana.expects_sms("EMERGENCY").await;

    app.database
        .run("set frontdesk.now = '2026-11-23T15:00:01Z'; update emergency_incidents set status = 'acknowledged'")
        .await;
    app.at("2026-11-23T15:00:01Z");

    dana.expects_sms("is taken").await;
    assert_eq!(app.incident().await["acknowledged_via"], "staff");
}

#[tokio::test]
async fn whoever_had_it_before_the_office_took_it_is_not_said_to_have_it() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    let dana = twilio.contact(DANA);
    let page = dana.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("You have it");
    app.settles().await;
    app.at("2026-11-23T16:00:00Z");
    dana.expects_sms("is not reported done").await;
    app.settles().await;

    app.dashboard("update emergency_incidents set status = 'acknowledged'")
        .await;

    let heard = caller.asks("check_emergency", json!({})).await;
    assert_eq!(heard.words, "Your emergency was taken at nine.");
    assert_eq!(app.incident().await["acknowledged_via"], "staff");
    dana.expects_sms("is taken").await;
}

#[tokio::test]
async fn nothing_that_is_not_twilios_is_believed() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;

    let fields = [
        ("MessageSid", "SM1"),
        ("From", DANA),
        ("To", NUMBER),
        ("Body", "1"),
    ];
    for path in [
        "/twilio/sms",
        "/twilio/message-status",
        "/twilio/call-status",
        "/twilio/voice/page",
        "/twilio/voice/page/key",
        "/twilio/voice/machine",
        "/twilio/voice/transfer",
        "/twilio/call-status?organization=nobody&asked=often",
    ] {
        for token in [None, Some("another token")] {
            let (status, _) = twilio.posts_signed(token, path, &fields).await;
            assert_eq!(status, 403, "{path}");
        }
    }
    assert_eq!(app.incident().await["status"], "open");
}
