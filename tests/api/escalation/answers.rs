//! How a page is taken, passed and reported done.

use super::*;

#[tokio::test]
async fn a_page_is_taken_by_whatever_says_so() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for (words, taken) in [
        ("1", "You have it"),
        (" ok ", "You have it"),
        ("OK!", "You have it"),
        ("yes", "You have it"),
        ("sí", "Es suya"),
        ("Voy", "Es suya"),
        ("ack", "You have it"),
        ("\"1\"", "You have it"),
        ("👍", "You have it"),
        ("on my way", "You have it"),
    ] {
        let app = service.organization_with(&[DANA_SPOKEN, SAM]).await;
        with_contacts(&app).await;
        flood(&app).await;

        twilio
            .contact(&app.database.own(DANA_SPOKEN))
            .expects_sms("EMERGENCY")
            .await
            .replies(words)
            .await
            .expects(taken);

        let taken = app.incident().await;
        assert_eq!(taken["status"], "acknowledged", "{words}");
        assert_eq!(taken["acknowledged_name"], "Dana Ruiz");
        assert_eq!(taken["acknowledged_via"], "sms");
    }
}

#[tokio::test]
async fn a_stranger_takes_nothing_and_a_closed_emergency_stays_closed() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let dana = twilio.contact(DANA);

    twilio
        .contact("+13035550177")
        .texts("1")
        .await
        .expects_silence();
    assert_eq!(app.incident().await["status"], "open");

    let page = dana.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("You have it");
    page.replies("3").await.expects("is closed");
    page.replies("1").await.expects("is closed");
    assert_eq!(app.incident().await["status"], "closed");
}

#[tokio::test]
async fn a_restart_while_a_page_waits_loses_nothing_and_sends_nothing_twice() {
    let twilio = Twilio::start().await;
    let mut app = organization(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;

    app.restart(&twilio).await;
    app.at("2026-11-23T15:05:00Z");

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
    assert_eq!(app.incident().await["step"], 1);
}

#[tokio::test]
async fn an_acknowledgement_and_the_timer_at_once_give_one_outcome() {
    for _ in 0..10 {
        let twilio = Twilio::start().await;
        twilio.expects_anything();
        let app = organization(&twilio).await;
        flood(&app).await;
        let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;

        app.at("2026-11-23T15:05:00Z");
        page.replies("1").await.expects("You have it");
        is(&app, "acknowledged").await;

        assert_eq!(app.incident().await["acknowledged_name"], "Dana Ruiz");
        let was_paged: bool = app
            .database
            .value("select exists (select from sms_communications where phone_number = '+13035550104' and twilio_message_sid is not null)")
            .await;
        if was_paged {
            twilio
                .contact(SAM)
                .expects_sms("Dana Ruiz has emergency")
                .await;
        }
    }
}

#[tokio::test]
async fn words_that_mean_nothing_are_helped_with_until_a_machine_must_have_sent_them() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;

    for _ in 0..30 {
        page.replies("who is this")
            .await
            .expects("Reply 1 to take it");
    }
    page.replies("who is this").await.expects_silence();
    page.replies("1").await.expects("You have it");
}

#[tokio::test]
async fn a_page_by_telephone_is_taken_by_a_key_in_the_contacts_language() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run(
            "update emergency_contacts
             set sms_enabled = false, call_enabled = true, metadata = '{\"language\": \"es\"}'
             where name = 'Dana Ruiz'",
        )
        .await;
    flood(&app).await;

    let mut call = twilio.contact(DANA).expects_call().await;
    call.picks_up_and_hears("Water through the ceiling").await;
    call.hears("Pulse 1");
    call.presses_and_hears("7", "Pulse 1").await;
    call.presses_and_hears("1", "Es suya").await;
    assert!(call.is_over());
    let taken = app.incident().await;
    assert_eq!(taken["acknowledged_via"], "voice");
    assert_eq!(taken["acknowledged_name"], "Dana Ruiz");
}

#[tokio::test]
async fn whoever_passes_sends_the_page_on_at_once() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;

    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("2")
        .await
        .expects("Passed on");
    twilio
        .contact(SAM)
        .expects_sms("EMERGENCY")
        .await
        .replies("ok")
        .await
        .expects("You have it");
    is(&app, "acknowledged").await;
}

#[tokio::test]
async fn of_two_emergencies_a_bare_answer_takes_the_last_and_names_the_other() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let dana = twilio.contact(DANA);
    flood(&app).await;
    dana.expects_sms("EMERGENCY 100").await;
    app.at("2026-11-23T15:00:10Z");
    app.caller()
        .asks("flag_emergency", json!({ "description": "No heat, baby in the house", "service_address": "9 Oak Avenue" }))
        .await;
    let page = dana.expects_sms("EMERGENCY 101").await;
    assert!(page.body.contains("Also open: 100"), "{}", page.body);

    page.replies("ack")
        .await
        .expects("Emergency 101")
        .expects("Also open: 100");
    page.replies("1 100").await.expects("Emergency 100");

    let open: i64 = app
        .database
        .value("select count(*) from emergency_incidents where status <> 'acknowledged'")
        .await;
    assert_eq!(open, 0);
}

#[tokio::test]
async fn an_emergency_whose_pages_can_no_longer_be_answered_is_not_named_as_open() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let dana = twilio.contact(DANA);
    flood(&app).await;
    dana.expects_sms("EMERGENCY 100").await;
    app.database
        .run(
            "delete from emergency_contacts where name = 'Sam Lee';
             update emergency_incidents set due_at = null;
             update emergency_notifications set created_at = created_at - interval '1 day'",
        )
        .await;

    app.at("2026-11-23T15:00:10Z");
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "No heat", "service_address": "9 Oak Avenue" }),
        )
        .await;
    let page = dana.expects_sms("EMERGENCY 101").await;

    assert!(!page.body.contains("Also open"), "{}", page.body);
    app.settles().await;
    app.at("2026-11-23T15:06:00Z");
    let reminder = dana.expects_sms("EMERGENCY 101").await;
    assert!(!reminder.body.contains("Also open"), "{}", reminder.body);
}

#[tokio::test]
async fn after_it_is_taken_nothing_more_is_sent() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update emergency_contacts set call_enabled = true")
        .await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    let call = dana.expects_call().await;
    dana.expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");

    app.at("2026-11-23T15:30:00Z");
    app.settles().await;

    let pending: i64 = app
        .database
        .value(
            "select count(*) from private.outbox where state in ('pending', 'unknown', 'sending')",
        )
        .await;
    assert_eq!(pending, 0);
    drop(call);
}

#[tokio::test]
async fn a_call_that_still_rings_elsewhere_is_ended() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update emergency_contacts set sms_enabled = false, call_enabled = true where name = 'Dana Ruiz'")
        .await;
    flood(&app).await;
    let call = twilio.contact(DANA).expects_call().await;
    app.at("2026-11-23T15:00:50Z");
    app.database
        .run("update emergency_incidents set due_at = '2026-11-23T15:00:50Z'")
        .await;

    twilio
        .contact(SAM)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");

    eventually("the call is ended", async || call.is_over().then_some(())).await;
}

#[tokio::test]
async fn what_is_not_reported_done_is_paged_again_to_whoever_took_it() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "emergency": { "acknowledgement_timeout_minutes": 45 } }))
        .await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    let page = dana.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("Reply 3 when it is done");
    app.settles().await;

    app.at("2026-11-23T15:45:00Z");

    let again = dana.expects_sms("is not reported done").await;
    again.replies("1").await.expects("You have it");
    app.settles().await;
    again.replies("3").await.expects("closed");
    app.at("2026-11-23T18:00:00Z");
    app.settles().await;
}
